/*
 * Atoms for libassets/disclosure.h, one for each asset, owner and year with an amount, made of the
 * whole book when somebody asks after it moved. Figures have names that outlive a book, since
 * another day makes another book with other numbers.
 *
 * Another figure for everybody is a row of slot_table, in the order of what matters more: what
 * comes first is told, and later ones only where they leave the earlier ones sound.
 */
#include "projector_public.h"

#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "libassets/buf.h"
#include "libassets/disclosure.h"
#include "libassets/err.h"

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
	int64_t version; /* what is kept, or -1 */
	bool is_wanted;
	const struct book *book; /* followed last, or NULL */
	int64_t position;
	bool is_behind;    /* what was told is not all that may be told of it */
	bool is_under_way; /* told, and not kept yet */
	int64_t again_us;  /* monotonic: not wanted before */
	int64_t mute_us;   /* monotonic: nothing new before */
	int64_t due_us;    /* monotonic: not again before */
	/* Of the telling under way: */
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

static uint64_t print_more(uint64_t print, uint64_t n)
{
	for (int i = 0; i < 8; i++, n >>= 8)
		print = (print ^ (n & 0xff)) * UINT64_C(0x100000001b3);
	return print;
}

/* Whose amount it is does not depend on the book's numbers. */
static uint64_t print_of(int64_t model_id, struct str owner, int32_t fy, int64_t amount)
{
	uint64_t print = print_more(UINT64_C(0xcbf29ce484222325), (uint64_t)model_id);

	for (size_t i = 0; i < owner.len; i++)
		print = (print ^ (unsigned char)owner.at[i]) * UINT64_C(0x100000001b3);
	return print_more(print_more(print, (uint64_t)(uint32_t)fy), (uint64_t)amount);
}

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

/* One owner's part of an asset in one year. */
struct part {
	uint32_t asset;
	const struct held *held;
	uint32_t partner;
	int32_t fy;
	int64_t amount[PUBLIC_FAMILIES];
};

/* What came in for something sold is known; what had been expected for it is not. */
static int add_part(struct public *p, enum public_family f, const struct part *part)
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
		.print = print_of(part->held->in.id, p->book->partner.at[part->partner], part->fy,
				  part->amount[f]),
	};
	for (int s = 0; s < DISCLOSURE_SLOTS && r == 0; s++) {
		enum rollup_dim dim = slot_table[s].dim;

		r = figure_of(p, dim, book_key(part->held, dim, part->partner),
			      slot_table[s].is_year ? part->fy : PUBLIC_ALL_YEARS, &a->figure[s]);
	}
	return r;
}

/* Net receipts of one year of the horizon; a sum beyond 64 bits is told to nobody. */
static bool net_of_year(const struct public *p, const struct projection_track *t, int32_t fy,
			int64_t *ret)
{
	int32_t end = p->book->model->end_quarter;
	int128 sum = 0;

	for (size_t i = 0; i < t->cells; i++) {
		int32_t q = t->cell[i].quarter;

		if (q >= p->book->model->first_quarter && q < end && quarter_fy(q) == fy)
			sum += t->cell[i].line[LINE_NET];
	}
	*ret = (int64_t)sum;
	return money_fits(sum);
}

static int add_years(struct public *p, struct part *part, const struct projection_outcome *o)
{
	int r = 0;

	for (uint32_t y = 0; y < p->years && r == 0; y++) {
		int64_t baseline, adjusted, difference;

		part->fy = p->first_fy + (int32_t)y;
		if (!net_of_year(p, &o->baseline, part->fy, &baseline) ||
		    !net_of_year(p, &o->adjusted, part->fy, &adjusted) ||
		    __builtin_sub_overflow(baseline, adjusted, &difference))
			continue;
		part->amount[PUBLIC_ADJUSTED] = adjusted;
		part->amount[PUBLIC_DIFFERENCE] = difference;
		for (enum public_family f = 0; f < PUBLIC_FAMILIES && r == 0; f++)
			r = add_part(p, f, part);
	}
	return r;
}

static int add_asset(struct public *p, struct book *b, uint32_t asset)
{
	struct part part = {.asset = asset, .held = b->held[asset]};
	const struct projection_asset *a = &part.held->in;
	int r = 0;

	for (uint32_t i = 0; i < a->owners && r == 0; i++) {
		const struct projection_result *result =
			a->owners == 1 ? book_project(b, part.held)
				       : projection_run_share(b->model, a, i, b->scratch);

		part.partner = a->owner[i].partner;
		if (!projection_is_error(result->status))
			r = add_years(p, &part, &result->outcome[SCENARIO_LIKELY]);
	}
	return r;
}

/* --- telling -----------------------------------------------------------------------------------
 */

static int tell(struct public *p, struct book *b)
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
	for (enum public_family f = 0; f < PUBLIC_FAMILIES && r == 0; f++)
		r = clock_mono_us() < p->mute_us
			    ? disclosure_follow(p->of[f], p->atom[f], p->atoms[f])
			    : disclosure_take(p->of[f], p->atom[f], p->atoms[f]);
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
	int r = tell(p, b);

	*ret_is_news = false;
	took_us = clock_mono_us() - now_us;
	p->due_us = took_us > TELL_FREE_US ? now_us + TELL_SHARE * took_us : 0;
	if (r < 0) {
		public_mute(p);
		return r;
	}
	for (enum public_family f = 0; f < PUBLIC_FAMILIES; f++)
		*ret_is_news |= disclosure_is_news(p->of[f]);
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

static void put_number(struct buf *out, uint64_t n, int bytes)
{
	for (int i = 0; i < bytes; i++, n >>= 8)
		buf_char(out, (char)(n & 0xff));
}

/* Cut the next number off. False when there is too little. */
static bool cut_number(struct str *rest, size_t bytes, uint64_t *ret)
{
	*ret = 0;
	if (rest->len < bytes)
		return false;
	for (size_t i = bytes; i > 0; i--)
		*ret = *ret << 8 | (unsigned char)rest->at[i - 1];
	*rest = (struct str){rest->at + bytes, rest->len - bytes};
	return true;
}

/* Cut off a text, behind its length. */
static bool cut_text(struct str *rest, size_t length_bytes, struct str *ret)
{
	uint64_t len;

	if (!cut_number(rest, length_bytes, &len) || len > rest->len)
		return false;
	*ret = (struct str){rest->at, len};
	*rest = (struct str){rest->at + len, rest->len - len};
	return true;
}

static void put_family(const struct disclosure *d, struct buf *body)
{
	CLEANUP(buf_done) struct buf told = BUF(body->max);

	disclosure_put(d, &told);
	if (buf_err(&told) < 0)
		body->err = buf_err(&told);
	put_number(body, told.len, 8);
	buf_str(body, buf_view(&told));
}

void public_put(const struct public *p, struct buf *body, struct buf marks[PUBLIC_FAMILIES])
{
	put_number(body, p->figure.count, 8);
	for (uint32_t i = 0; i < p->figure.count; i++) {
		put_number(body, p->figure.at[i].len, 2);
		buf_str(body, p->figure.at[i]);
	}
	for (enum public_family f = 0; f < PUBLIC_FAMILIES; f++) {
		put_family(p->of[f], body);
		disclosure_put_marks(p->of[f], &marks[f]);
	}
}

static void forget_told(struct public *p)
{
	for (enum public_family f = 0; f < PUBLIC_FAMILIES; f++) {
		disclosure_free(p->of[f]);
		p->of[f] = NULL;
	}
	forget_numbers(p);
	arena_done(&p->arena);
	names_init(&p->figure, &p->arena);
}

static int get_names(struct public *p, struct str *rest)
{
	uint64_t count;
	struct str name;
	uint32_t number;
	int r = cut_number(rest, 8, &count) ? 0 : ERR_INVALID;

	for (uint64_t i = 0; i < count && r == 0; i++) {
		r = cut_text(rest, 2, &name) ? names_number(&p->figure, name, &number)
					     : ERR_INVALID;
		if (r == 0 && number != i)
			r = ERR_INVALID;
	}
	return r;
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
		else if (!cut_text(&rest, 8, &told))
			r = ERR_INVALID;
		else
			r = disclosure_get(told, marks[f], &p->of[f]);
	}
	if (r == 0)
		p->version = version;
	else
		public_doubt(p);
	return r;
}

bool public_read(const struct public *p, enum projection_scenario scenario, enum rollup_dim dim,
		 uint32_t key, int32_t fy, struct public_figure *ret_figure)
{
	char name[FIGURE_NAME_MAX];
	int128 difference;
	uint32_t figure;

	if (scenario != SCENARIO_LIKELY || !p->book || p->is_under_way)
		return false;
	*ret_figure = (struct public_figure){0};
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
	return true;
}
