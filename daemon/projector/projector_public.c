/*
 * Atoms for libassets/projection/disclosure.h, one for each asset, owner and year with an amount,
 * made of the whole book when somebody asks after it moved. Figures have names that outlive a book,
 * since another day makes another book with other numbers.
 *
 * Another figure for everybody is a row of slot_table, in the order of what matters more: what
 * comes first is told, and later ones only where they leave the earlier ones sound.
 */
#include "projector_public.h"

#include <stdio.h>
#include <stdlib.h>

#include "daemon/base/clock.h"
#include "daemon/base/metric.h"
#include "libassets/base/buf.h"
#include "libassets/base/err.h"
#include "libassets/projection/disclosure.h"
#include "projector_bytes.h"
#include "projector_rules.h"

/* A telling that takes longer than TELL_FREE_US takes at most one part in TELL_SHARE of the time.
 */
enum { TELL_FREE_US = 50000, TELL_SHARE = 50, MUTE_US = 60000000, AGAIN_US = 1000000 };
enum { FIGURE_NAME_MAX = 200, PUBLIC_ARENA_MAX = 1 << 30 };

static const struct slot {
	enum rollup_dim dim;
	bool is_year;
} slot_table[DISCLOSURE_SLOTS] = {
	{ROLLUP_ALL, false},      {ROLLUP_CPP, false},   {ROLLUP_PARTNER, false},
	{ROLLUP_ALL, true},       {ROLLUP_CPP, true},    {ROLLUP_PARTNER, true},
	{ROLLUP_LOCALITY, false}, {ROLLUP_CLASS, false}, {ROLLUP_DECILE, false},
	{ROLLUP_LOCALITY, true},  {ROLLUP_CLASS, true},
};

/* The number of a figure by key and year of the book; 0: not asked for yet. */
struct numbers {
	uint32_t *at;
	uint32_t keys;
};

struct public
{
	struct disclosure *of[PUBLIC_FAMILIES];
	struct arena arena;
	struct names figure; /* a name's number + 1 is the figure's */
	struct numbers numbers[ROLLUPS];
	int64_t version;       /* what is kept, or -1 */
	char *rules;           /* of the last telling; NULL: of none, or not known */
	struct told_list told; /* what is said of the rules that anything stands by */
	bool is_wanted;
	const struct book *book; /* followed last, or NULL */
	int64_t position;
	bool is_behind;    /* what was told is not all that may be told of it */
	bool is_under_way; /* told, and not kept yet */
	int64_t again_us;  /* monotonic: not wanted before */
	int64_t mute_us;   /* monotonic: nothing new before */
	int64_t due_us;    /* monotonic: not again before */
	/* Of the telling under way: */
	struct book *former; /* has other rules, those of the telling before; NULL: none has */
	bool is_blind;       /* … or they are not known */
	struct disclosure_atom *atom[PUBLIC_FAMILIES];
	size_t atoms[PUBLIC_FAMILIES], room[PUBLIC_FAMILIES];
	int32_t first_fy;
	uint32_t years;
};

struct public *public_new(void)
{
	struct public *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	arena_init(&p->arena, PUBLIC_ARENA_MAX);
	names_init(&p->figure, &p->arena);
	p->position = p->version = -1;
	return p;
}

static void forget_numbers(struct public *p)
{
	for (enum rollup_dim d = 0; d < ROLLUPS; d++) {
		free(p->numbers[d].at);
		p->numbers[d] = (struct numbers){0};
	}
}

static void forget_atoms(struct public *p)
{
	book_free(TAKE(p->former));
	p->is_blind = false;
	for (enum public_family f = 0; f < PUBLIC_FAMILIES; f++) {
		free(TAKE(p->atom[f]));
		p->atoms[f] = p->room[f] = 0;
	}
}

void public_free(struct public *p)
{
	if (!p)
		return;
	for (enum public_family f = 0; f < PUBLIC_FAMILIES; f++)
		disclosure_free(p->of[f]);
	forget_numbers(p);
	forget_atoms(p);
	arena_done(&p->arena);
	told_list_done(&p->told);
	free(p->rules);
	free(p);
}

/* --- figures -----------------------------------------------------------------------------------
 */

static void figure_name(const struct book *b, enum rollup_dim dim, uint32_t key, int32_t fy,
			char ret[FIGURE_NAME_MAX])
{
	const struct names *names = dim == ROLLUP_CPP        ? &b->cpp
				    : dim == ROLLUP_PARTNER  ? &b->partner
				    : dim == ROLLUP_LOCALITY ? &b->locality
				    : dim == ROLLUP_CLASS    ? &b->class
							     : NULL;
	struct str name = names && key < names->count ? names->at[key] : STR("");

	(void)snprintf(ret, FIGURE_NAME_MAX, "%d/%d/%u/%.*s", (int)dim, fy, names ? 0 : key,
		       (int)name.len, name.at);
}

static int reserve_numbers(struct public *p, enum rollup_dim dim, uint32_t key)
{
	struct numbers *n = &p->numbers[dim];
	uint32_t keys = n->keys ? n->keys : 8;
	uint32_t *at;

	if (key < n->keys)
		return 0;
	while (keys <= key)
		keys *= 2;
	at = reallocarray(n->at, (size_t)keys * (p->years + 1), sizeof(*at));
	if (!at)
		return ERR_NOMEM;
	memset(at + (size_t)n->keys * (p->years + 1), 0,
	       (size_t)(keys - n->keys) * (p->years + 1) * sizeof(*at));
	n->at = at;
	n->keys = keys;
	return 0;
}

static int figure_of(struct public *p, enum rollup_dim dim, uint32_t key, int32_t fy,
		     uint32_t *ret_figure)
{
	uint32_t year = fy ? (uint32_t)(fy - p->first_fy) + 1 : 0;
	char name[FIGURE_NAME_MAX];
	uint32_t *at;
	int r = reserve_numbers(p, dim, key);

	if (r < 0)
		return r;
	at = &p->numbers[dim].at[(size_t)key * (p->years + 1) + year];
	if (!*at) {
		figure_name(p->book, dim, key, fy, name);
		r = names_number(&p->figure, str_of(name), at);
		*at += r == 0;
	}
	*ret_figure = *at;
	return r;
}

/* --- atoms -------------------------------------------------------------------------------------
 */

static struct disclosure_atom *atom_new(struct public *p, enum public_family f)
{
	size_t room = p->room[f] ? 2 * p->room[f] : 1024;
	struct disclosure_atom *more;

	if (p->atoms[f] == p->room[f]) {
		more = reallocarray(p->atom[f], room, sizeof(*more));
		if (!more)
			return NULL;
		p->atom[f] = more;
		p->room[f] = room;
	}
	return &p->atom[f][p->atoms[f]++];
}

/* What a year was by the former rules; 0: nothing that was told. */
static int64_t former_amount(const struct public *p, enum public_family f, const struct owned *part,
			     int32_t fy)
{
	int64_t amount[PUBLIC_FAMILIES];

	return owned_amounts(p->former->model, part->was, fy, amount) ? amount[f] : 0;
}

/*
 * Was an amount told before the rules changed, or, where it came into its year by them, of another
 * year of it? Who owns a part has no say: parts are not counted.
 */
static bool is_derived(struct public *p, enum public_family f, struct owned *part)
{
	const struct disclosure *d = p->of[f];
	int64_t was;

	if (!p->former || part->held->in.owners > 1)
		return p->is_blind;
	if (disclosure_knows(d, owned_print(p->book, part, part->fy, part->amount[f])) ||
	    disclosure_knows(d, owned_facts_print(part, part->fy)))
		return false; /* and known without it */
	if (!part->was)
		part->was = &book_project(p->former, part->held)->outcome[SCENARIO_LIKELY];
	was = former_amount(p, f, part, part->fy);
	if (was)
		return disclosure_knows(d, owned_print(p->book, part, part->fy, was));
	for (int32_t fy = quarter_fy(p->former->model->first_quarter);
	     fy < p->first_fy + (int32_t)p->years; fy++) {
		was = former_amount(p, f, part, fy);
		if (disclosure_knows(d, owned_facts_print(part, fy)) ||
		    (was && disclosure_knows(d, owned_print(p->book, part, fy, was))))
			return true;
	}
	return false;
}

/* What came in for something sold is known; what had been expected for it is not. */
static int add_part(struct public *p, enum public_family f, struct owned *part)
{
	struct disclosure_atom *a = part->amount[f] ? atom_new(p, f) : NULL;
	int r = 0;

	if (!part->amount[f])
		return 0;
	if (!a)
		return ERR_NOMEM;
	*a = (struct disclosure_atom){
		.asset = part->asset,
		.amount = part->amount[f],
		.is_open = f == PUBLIC_ADJUSTED && part->held->is_sold,
		.is_shared = part->held->in.owners > 1,
		.is_derived = is_derived(p, f, part),
		.print = owned_print(p->book, part, part->fy, part->amount[f]),
		.facts = owned_facts_print(part, part->fy),
	};
	for (int s = 0; s < DISCLOSURE_SLOTS && r == 0; s++) {
		enum rollup_dim dim = slot_table[s].dim;

		r = figure_of(p, dim, book_key(part->held, dim, part->partner),
			      slot_table[s].is_year ? part->fy : PUBLIC_ALL_YEARS, &a->figure[s]);
	}
	return r;
}

static int add_years(struct public *p, struct owned *part, const struct projection_outcome *o)
{
	int r = 0;

	for (uint32_t y = 0; y < p->years && r == 0; y++) {
		part->fy = p->first_fy + (int32_t)y;
		if (!owned_amounts(p->book->model, o, part->fy, part->amount))
			continue;
		for (enum public_family f = 0; f < PUBLIC_FAMILIES && r == 0; f++)
			r = add_part(p, f, part);
	}
	return r;
}

static int add_asset(struct public *p, struct book *b, uint32_t asset)
{
	struct owned part = {.asset = asset, .held = b->held[asset]};
	const struct projection_asset *a = &part.held->in;
	int r = 0;

	for (uint32_t i = 0; i < a->owners && r == 0; i++) {
		const struct projection_result *result =
			a->owners == 1 ? book_project(b, part.held)
				       : projection_run_share(b->model, a, i, b->scratch);

		part.partner = a->owner[i].partner;
		part.was = NULL;
		if (!projection_is_error(result->status))
			r = add_years(p, &part, &result->outcome[SCENARIO_LIKELY]);
	}
	return r;
}

/* --- telling -----------------------------------------------------------------------------------
 */

/* What follows by other rules from what was told is to be known as told. */
static int begin_rules(struct public *p, const struct book *b, const char *rules)
{
	bool is_same = p->rules && strcmp(p->rules, rules) == 0;
	int r = p->rules && !is_same ? rules_book(b, p->rules, &p->former) : 0;

	p->is_blind = r == ERR_INVALID || (!p->rules && p->version > 0);
	return r == ERR_INVALID ? 0 : r;
}

/* … and what is told from now on says that it is by these. */
static int begin_told(struct public *p, const struct book *b, const char *rules)
{
	bool is_same = p->told.count && p->rules && strcmp(p->rules, rules) == 0;
	int r = is_same ? 0 : told_list_add(&p->told, b);

	for (enum public_family f = 0; f < PUBLIC_FAMILIES && r == 0; f++)
		disclosure_begin_rules(p->of[f], p->told.at[p->told.count - 1].number);
	return r;
}

static bool stands_by(const void *arg, uint32_t number)
{
	const struct public *p = arg;

	return disclosure_stands_by(p->of[PUBLIC_ADJUSTED], number) ||
	       disclosure_stands_by(p->of[PUBLIC_DIFFERENCE], number);
}

static int add_all(struct public *p, struct book *b)
{
	int r = 0;

	if (p->book != b)
		forget_numbers(p);
	p->book = b;
	p->first_fy = quarter_fy(b->model->first_quarter);
	p->years = (uint32_t)(quarter_fy(b->model->end_quarter - 1) - p->first_fy) + 1;
	for (uint32_t i = 0; i < b->room && r == 0; i++) {
		if (b->held[i])
			r = add_asset(p, b, i);
	}
	return r;
}

/* Whoever runs it is to know long before there is no room for more. */
static void say_full(const struct public *p)
{
	int a = disclosure_full_percent(p->of[PUBLIC_ADJUSTED], p->atoms[PUBLIC_ADJUSTED]);
	int d = disclosure_full_percent(p->of[PUBLIC_DIFFERENCE], p->atoms[PUBLIC_DIFFERENCE]);

	metric_set(METRIC_PUBLIC_FULL, a > d ? a : d);
}

/* Of rules that are others it is news that they are those of the telling from now on. */
static int tell(struct public *p, struct book *b, bool *ret_is_news)
{
	bool is_mute = clock_mono_us() < p->mute_us;
	char *rules = rules_of(b);
	int r = rules ? 0 : ERR_NOMEM;

	if (r == 0)
		r = begin_rules(p, b, rules);
	if (r == 0 && !is_mute)
		r = begin_told(p, b, rules);
	if (r == 0)
		r = add_all(p, b);
	say_full(p);
	for (enum public_family f = 0; f < PUBLIC_FAMILIES && r == 0; f++) {
		r = is_mute ? disclosure_follow(p->of[f], p->atom[f], p->atoms[f])
			    : disclosure_take(p->of[f], p->atom[f], p->atoms[f]);
		*ret_is_news |= r == 0 && disclosure_is_news(p->of[f]);
	}
	if (r == 0 && !is_mute) {
		told_list_keep(&p->told, stands_by, p);
		*ret_is_news |= p->version > 0 && (p->former || p->is_blind);
		free(p->rules);
		p->rules = TAKE(rules);
	}
	free(rules);
	forget_atoms(p);
	return r;
}

/* Some of it may have been told and not the rest, which is not known to be kept: read it again. */
void public_doubt(struct public *p)
{
	p->version = -1;
	p->is_under_way = false;
	p->is_wanted = true;
	p->book = NULL;
}

/* There is no room for more: what is kept is read again, and told as it is for a while. */
void public_mute(struct public *p)
{
	public_doubt(p);
	p->mute_us = clock_mono_us() + MUTE_US;
}

int public_tell(struct public *p, struct book *b, int64_t position, bool *ret_is_news)
{
	int64_t now_us = clock_mono_us(), took_us;
	int r;

	*ret_is_news = false;
	r = tell(p, b, ret_is_news);
	took_us = clock_mono_us() - now_us;
	p->due_us = took_us > TELL_FREE_US ? now_us + TELL_SHARE * took_us : 0;
	if (r < 0) {
		public_mute(p);
		return r;
	}
	p->position = position;
	p->is_under_way = *ret_is_news;
	p->is_behind = p->is_wanted = false;
	return 0;
}

void public_kept(struct public *p)
{
	p->version++;
	p->is_under_way = false;
}

void public_renamed(struct public *p)
{
	p->book = NULL;
}

bool public_is_settled(struct public *p, const struct book *b, int64_t position)
{
	if (p->is_under_way)
		return false;
	p->is_behind |= p->book != b || p->position != position;
	p->is_wanted = p->is_behind && !(p->book == b && clock_mono_us() < p->due_us);
	return !p->is_wanted;
}

bool public_is_wanted(const struct public *p)
{
	return p->is_wanted && !p->is_under_way && clock_mono_us() >= p->again_us;
}

void public_later(struct public *p)
{
	p->again_us = clock_mono_us() + AGAIN_US;
}

int64_t public_version(const struct public *p)
{
	return p->version;
}

/* --- what is kept ------------------------------------------------------------------------------
 */

static void put_part(const struct disclosure *d,
		     void (*put)(const struct disclosure *d, struct buf *out), struct buf *body)
{
	CLEANUP(buf_done) struct buf part = BUF(body->max);

	put(d, &part);
	if (buf_err(&part) < 0)
		body->err = buf_err(&part);
	bytes_put_text(body, buf_view(&part));
}

static void put_told(const struct public *p, struct buf *body)
{
	char *told = told_list_text(&p->told);

	if (told)
		bytes_put_text(body, str_of(told));
	else
		body->err = ERR_NOMEM;
	free(told);
	for (enum public_family f = 0; f < PUBLIC_FAMILIES; f++)
		put_part(p->of[f], disclosure_put_rules, body);
}

void public_put(const struct public *p, struct buf *body, struct buf marks[PUBLIC_FAMILIES])
{
	bytes_put_number(body, p->figure.count, 8);
	for (uint32_t i = 0; i < p->figure.count; i++) {
		bytes_put_number(body, p->figure.at[i].len, 2);
		buf_str(body, p->figure.at[i]);
	}
	for (enum public_family f = 0; f < PUBLIC_FAMILIES; f++) {
		put_part(p->of[f], disclosure_put, body);
		disclosure_put_marks(p->of[f], &marks[f]);
	}
	bytes_put_text(body, str_of(p->rules));
	put_told(p, body);
}

static void forget_told(struct public *p)
{
	for (enum public_family f = 0; f < PUBLIC_FAMILIES; f++) {
		disclosure_free(p->of[f]);
		p->of[f] = NULL;
	}
	free(TAKE(p->rules));
	told_list_done(&p->told);
	forget_numbers(p);
	arena_done(&p->arena);
	names_init(&p->figure, &p->arena);
}

static int get_names(struct public *p, struct str *rest)
{
	uint64_t count;
	struct str name;
	uint32_t number;
	int r = bytes_cut_number(rest, 8, &count) ? 0 : ERR_INVALID;

	for (uint64_t i = 0; i < count && r == 0; i++) {
		r = bytes_cut_text(rest, 2, &name) ? names_number(&p->figure, name, &number)
						   : ERR_INVALID;
		if (r == 0 && number != i)
			r = ERR_INVALID;
	}
	return r;
}

static int get_told(struct public *p, struct str rest)
{
	struct str part;
	int r = bytes_cut_text(&rest, 8, &part) ? told_list_read(&p->told, part) : ERR_INVALID;

	for (enum public_family f = 0; f < PUBLIC_FAMILIES && r == 0; f++)
		r = bytes_cut_text(&rest, 8, &part) ? disclosure_get_rules(p->of[f], part)
						    : ERR_INVALID;
	return r;
}

/* Absent, the rules and what is said of them, in what earlier versions kept. */
static int get_rules(struct public *p, struct str rest)
{
	struct str rules;

	if (!rest.len)
		return 0;
	if (!bytes_cut_text(&rest, 8, &rules))
		return ERR_INVALID;
	p->rules = strndup(rules.at, rules.len);
	if (!p->rules)
		return ERR_NOMEM;
	return rest.len ? get_told(p, rest) : 0;
}

int public_get(struct public *p, int64_t version, struct str body,
	       const struct str marks[PUBLIC_FAMILIES])
{
	struct str rest = body, told;
	int r = 0;

	forget_told(p);
	if (version)
		r = get_names(p, &rest);
	for (enum public_family f = 0; f < PUBLIC_FAMILIES && r == 0; f++) {
		if (!version)
			r = (p->of[f] = disclosure_new()) ? 0 : ERR_NOMEM;
		else if (!bytes_cut_text(&rest, 8, &told))
			r = ERR_INVALID;
		else
			r = disclosure_get(told, marks[f], &p->of[f]);
	}
	if (r == 0)
		r = get_rules(p, rest);
	if (r == 0)
		p->version = version;
	else
		public_doubt(p);
	return r;
}

const struct told_rules *public_rules(const struct public *p, uint32_t number)
{
	return told_list_find(&p->told, number);
}

bool public_read(const struct public *p, enum projection_scenario scenario, enum rollup_dim dim,
		 uint32_t key, int32_t fy, struct public_figure *ret_figure)
{
	char name[FIGURE_NAME_MAX];
	int128 difference;
	uint32_t figure;

	if (scenario != SCENARIO_LIKELY || !p->book || p->is_under_way)
		return false;
	*ret_figure = (struct public_figure){.rules = {.first = UINT32_MAX}};
	figure_name(p->book, dim, key, fy, name);
	/* What no asset was ever in is told, and is nothing. */
	if (names_find(&p->figure, str_of(name), &figure) < 0) {
		ret_figure->has_baseline = !p->is_behind;
		return !p->is_behind;
	}
	ret_figure->has_baseline =
		disclosure_read(p->of[PUBLIC_DIFFERENCE], figure + 1, &difference);
	ret_figure->baseline_pence = difference;
	if (!disclosure_read(p->of[PUBLIC_ADJUSTED], figure + 1, &ret_figure->adjusted_pence))
		return false;
	ret_figure->baseline_pence += ret_figure->adjusted_pence;
	ret_figure->rules = disclosure_rules_of(p->of[PUBLIC_ADJUSTED], figure + 1);
	if (ret_figure->has_baseline)
		ret_figure->rules = disclosure_rules_both(
			ret_figure->rules,
			disclosure_rules_of(p->of[PUBLIC_DIFFERENCE], figure + 1));
	return true;
}
