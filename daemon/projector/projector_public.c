/*
 * See projector_public.h. A telling is made of the whole book when somebody asks after it moved
 * (projector_atoms.h).
 */
#include "projector_public.h"

#include <stdlib.h>

#include "daemon/base/clock.h"
#include "daemon/base/metric.h"
#include "libassets/base/buf.h"
#include "libassets/base/err.h"
#include "libassets/projection/disclosure.h"
#include "projector_atoms.h"
#include "projector_bytes.h"
#include "projector_rules.h"

/* A telling that takes longer than TELL_FREE_US takes at most one part in TELL_SHARE of the time.
 */
enum { TELL_FREE_US = 50000, TELL_SHARE = 50, MUTE_US = 60000000, AGAIN_US = 1000000 };
enum { PUBLIC_ARENA_MAX = 1 << 30 };

struct public
{
	struct disclosure *of[PUBLIC_FAMILIES];
	struct arena arena;
	struct names figure; /* a name's number + 1 is the figure's */
	struct atoms atoms;
	int64_t version;       /* what is kept, or -1 */
	char *rules;           /* of the last telling; NULL: of none, or not known */
	struct told_list told; /* what is said of the rules that anything stands by */
	bool is_old;           /* what is kept is as programs before had it: to be kept anew */
	bool is_wanted;
	const struct book *book; /* followed last, or NULL */
	int64_t position;
	bool is_readable;  /* some book was followed since it was read, and all that is told is kept
			    */
	bool is_behind;    /* what was told is not all that may be told of it */
	bool is_under_way; /* told, and not kept yet */
	int64_t again_us;  /* monotonic: not wanted before */
	int64_t mute_us;   /* monotonic: nothing new before */
	int64_t due_us;    /* monotonic: not again before */
	/* Of the telling under way: */
	struct book *former; /* has other rules, those of the telling before; NULL: none has */
	bool is_blind;       /* … or they are not known */
};

struct public *public_new(void)
{
	struct public *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	arena_init(&p->arena, PUBLIC_ARENA_MAX);
	names_init(&p->figure, &p->arena);
	atoms_init(&p->atoms, &p->figure);
	p->position = p->version = -1;
	return p;
}

static void forget_atoms(struct public *p)
{
	book_free(TAKE(p->former));
	p->is_blind = false;
	atoms_forget(&p->atoms);
}

void public_free(struct public *p)
{
	if (!p)
		return;
	for (enum public_family f = 0; f < PUBLIC_FAMILIES; f++)
		disclosure_free(p->of[f]);
	forget_atoms(p);
	atoms_done(&p->atoms);
	arena_done(&p->arena);
	told_list_done(&p->told);
	free(p->rules);
	free(p);
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
	const struct atoms_past past = {
		.former = p->former,
		.is_blind = p->is_blind,
		.of = p->of,
	};

	p->book = b;
	return atoms_make(&p->atoms, b, &past);
}

/* Whoever runs it is to know long before there is no room for more. */
static void say_full(const struct public *p)
{
	int a = disclosure_full_percent(p->of[PUBLIC_ADJUSTED]);
	int d = disclosure_full_percent(p->of[PUBLIC_DIFFERENCE]);

	metric_set(METRIC_PUBLIC_FULL, a > d ? a : d);
}

/* One family of it. What was told of years that are over by now is of no use. */
static int tell_family(struct public *p, enum public_family f, bool is_mute)
{
	const struct disclosure_now now = atoms_now(&p->atoms, f);
	int r;

	if (f == PUBLIC_ADJUSTED)
		atoms_bind(&p->atoms, p->of[PUBLIC_DIFFERENCE]);
	r = is_mute ? disclosure_follow(p->of[f], &now) : disclosure_take(p->of[f], &now);
	if (r == 0 && !is_mute)
		disclosure_forget(p->of[f], quarter_fy(p->book->model->first_quarter));
	return r;
}

/* Of rules that are others it is news that they are those of the telling from now on. */
static int tell(struct public *p, struct book *b, bool *ret_is_news)
{
	static const enum public_family order[] = {PUBLIC_DIFFERENCE, PUBLIC_ADJUSTED};
	bool is_mute = clock_mono_us() < p->mute_us;
	char *rules = rules_of(b);
	int r = rules ? 0 : ERR_NOMEM;

	if (r == 0)
		r = begin_rules(p, b, rules);
	if (r == 0 && !is_mute)
		r = begin_told(p, b, rules);
	if (r == 0)
		r = add_all(p, b);
	for (size_t i = 0; i < COUNT(order) && r == 0; i++) {
		r = tell_family(p, order[i], is_mute);
		*ret_is_news |= r == 0 && disclosure_is_news(p->of[order[i]]);
	}
	say_full(p);
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
	p->is_under_way = p->is_readable = false;
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
	p->is_readable = !p->is_under_way;
	p->is_behind = p->is_wanted = false;
	return 0;
}

void public_kept(struct public *p)
{
	p->version++;
	p->is_under_way = p->is_old = false;
	p->is_readable = true;
}

void public_renamed(struct public *p)
{
	p->book = NULL;
	p->is_behind = true;
	atoms_renamed(&p->atoms);
}

bool public_is_readable(const struct public *p)
{
	return p->is_readable;
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

/* The first time, in place of what programs before kept, and where most of it is of no use. */
static bool is_to_be_whole(const struct public *p)
{
	return p->version == 0 || p->is_old || disclosure_is_scattered(p->of[PUBLIC_ADJUSTED]) ||
	       disclosure_is_scattered(p->of[PUBLIC_DIFFERENCE]);
}

void public_put(const struct public *p, struct buf *body, struct buf known[PUBLIC_FAMILIES],
		bool *ret_is_whole)
{
	*ret_is_whole = is_to_be_whole(p);
	bytes_put_number(body, p->figure.count, 8);
	for (uint32_t i = 0; i < p->figure.count; i++) {
		bytes_put_number(body, p->figure.at[i].len, 2);
		buf_str(body, p->figure.at[i]);
	}
	for (enum public_family f = 0; f < PUBLIC_FAMILIES; f++) {
		put_part(p->of[f], disclosure_put, body);
		disclosure_put_known(p->of[f], *ret_is_whole, &known[f]);
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
	atoms_renamed(&p->atoms);
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
	       const struct public_marks marks[PUBLIC_FAMILIES])
{
	struct str rest = body, told;
	int r = 0;

	forget_told(p);
	p->is_old = p->is_readable = false;
	if (version)
		r = get_names(p, &rest);
	for (enum public_family f = 0; f < PUBLIC_FAMILIES && r == 0; f++) {
		if (!version)
			r = (p->of[f] = disclosure_new()) ? 0 : ERR_NOMEM;
		else if (!bytes_cut_text(&rest, 8, &told))
			r = ERR_INVALID;
		else
			r = disclosure_get(told, marks[f].known, marks[f].old, &p->of[f]);
		p->is_old |= version && marks[f].old.len;
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

bool public_read(const struct public *p, const struct public_question *q,
		 struct public_figure *ret_figure)
{
	char name[FIGURE_NAME_MAX];
	int128 difference;
	uint32_t figure;

	if (q->scenario != SCENARIO_LIKELY || !p->is_readable || p->is_under_way)
		return false;
	*ret_figure = (struct public_figure){.rules = {.first = UINT32_MAX}};
	atoms_figure_name(q->book, q->dim, q->key, q->fy, name);
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
