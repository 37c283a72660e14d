/*
 * Which figures an answer has, by the dimensions and filters of its question, and which of them its
 * reader is shown (projector_shown.h). One dimension, and time beside a key, are read from sums
 * that there are; two keys are added up (projector_pairs.h).
 */
#include "libassets/base/err.h"
#include "projector_answer.h"

static const enum rollup_dim dim_of_group[GROUPS] = {
	[GROUP_YEAR] = ROLLUP_ALL,          [GROUP_QUARTER] = ROLLUP_ALL,
	[GROUP_AUTHORITY] = ROLLUP_PARTNER, [GROUP_CPP] = ROLLUP_CPP,
	[GROUP_LOCALITY] = ROLLUP_LOCALITY, [GROUP_DECILE] = ROLLUP_DECILE,
	[GROUP_CLASS] = ROLLUP_CLASS,       [GROUP_STAGE] = ROLLUP_ALL,
};

/* Does something else than time tell the items apart? */
static bool has_key(const struct projector_question *q)
{
	return !group_is_time(q->group) || (q->is_by_two && !group_is_time(q->second));
}

/* --- what is left by the filters ----------------------------------------------------------- */

/* Of a joint asset the one owner's part, as if it were the only owner. */
static int view_add_share(struct answer *a, const struct wanted *w, const struct held *h,
			  struct rollup *to)
{
	struct projection_owner only = {w->partner, 1};
	struct projection_asset one = h->in;

	for (uint32_t i = 0; i < h->in.owners; i++) {
		if (h->in.owner[i].partner != w->partner)
			continue;
		one.owner = &only;
		one.owners = 1;
		return rollup_add(
			to, &one,
			projection_run_share(a->book->model, &h->in, i, a->book->scratch));
	}
	return 0;
}

/* Sums of their own over the assets that filters leave; `to` is for rollup_done, also then. */
static int view_filtered(struct answer *a, const struct wanted *w, struct rollup *to)
{
	int r = 0;

	rollup_init(to, a->book->model);
	a->view = to;
	for (uint32_t i = 0; i < a->book->room && r == 0; i++) {
		const struct held *h = a->book->held[i];

		if (!h || !is_wanted(w, &h->in))
			continue;
		if (w->has_partner)
			r = view_add_share(a, w, h, to);
		else
			r = rollup_add(to, &h->in, book_project(a->book, h));
	}
	return r;
}

/*
 * One filter over time is a row of the live sums, and costs nothing. Anything else is added up
 * anew over the assets that are left, some microseconds for each.
 */
int answer_view(struct answer *a)
{
	struct wanted w = {0};
	int filters = wanted_of(a->book, &a->q->filter, &w);

	a->view = &a->book->live;
	a->dim = ROLLUP_ALL;
	if (!filters)
		return 0;
	if (filters > 1 || has_key(a->q))
		return view_filtered(a, &w, &a->own);
	a->dim = w.has_partner    ? ROLLUP_PARTNER
		 : w.has_cpp      ? ROLLUP_CPP
		 : w.has_locality ? ROLLUP_LOCALITY
				  : ROLLUP_CLASS;
	a->key = w.has_partner    ? w.partner
		 : w.has_cpp      ? w.cpp
		 : w.has_locality ? w.locality
				  : w.class;
	return 0;
}

/* --- who may see it ------------------------------------------------------------------------- */

static bool is_cut(enum projector_group g)
{
	return g == GROUP_LOCALITY || g == GROUP_CLASS || g == GROUP_DECILE || g == GROUP_STAGE;
}

/* Is it about less than bodies and partnerships over time, of which alone a partner has totals? */
static bool is_fine(const struct answer *a, const struct wanted *w)
{
	return w->has_locality || w->has_class || is_cut(a->q->group) ||
	       (a->q->is_by_two && is_cut(a->q->second));
}

static bool reads(const struct answer *a, bool is_fine, enum rollup_dim dim, uint32_t key)
{
	return is_fine ? shown_reads_money(&a->to, dim, key) : shown_reads(&a->to, dim, key);
}

bool answer_is_entitled(const struct answer *a)
{
	struct wanted w = {0};
	bool fine;

	(void)wanted_of(a->book, &a->q->filter, &w);
	fine = is_fine(a, &w);
	return a->to.is_everywhere ||
	       (w.has_partner && reads(a, fine, ROLLUP_PARTNER, w.partner)) ||
	       (w.has_cpp && reads(a, fine, ROLLUP_CPP, w.cpp));
}

bool answer_is_for_the_entitled(const struct answer *a)
{
	struct wanted w = {0};
	int filters = wanted_of(a->book, &a->q->filter, &w);

	return filters > 1 || (filters && has_key(a->q));
}

/*
 * What was received is public, not what had been expected instead; what may come after the
 * horizon is nobody else's, and neither is what two keys cut out.
 */
static bool is_told(const struct answer *a, struct item *i)
{
	struct public_question q = {
		.book = a->book,
		.scenario = a->q->scenario,
		.dim = i->dim,
		.key = i->key,
		.fy = i->kind == SPAN_TIME ? i->n : PUBLIC_ALL_YEARS,
	};

	if (i->kind == SPAN_ACTUAL)
		return true;
	if (i->kind != SPAN_TOTAL && (i->kind != SPAN_TIME || a->q->group != GROUP_YEAR))
		return false;
	return a->told && public_read(a->told, &q, &i->told);
}

/* Nothing is told of what is nothing either, or whoever looks would know that it is. */
static bool is_nothing(const struct item *i)
{
	return i->kind != SPAN_ACTUAL && !i->told.adjusted_pence &&
	       !(i->told.has_baseline && i->told.baseline_pence);
}

void answer_settle(const struct answer *a, struct item *i)
{
	const struct wanted none = {0};
	bool fine = i->kind == SPAN_PAIR && is_fine(a, &none);
	bool is_read =
		a->is_entitled || reads(a, fine, i->dim, i->key) ||
		(i->kind == SPAN_PAIR && reads(a, fine, dim_of_group[a->q->second], i->second));

	i->is_public = !is_read;
	i->is_suppressed = !is_read && (!is_told(a, i) || is_nothing(i));
}

struct rollup_sums answer_sums(const struct answer *a, const struct item *i)
{
	return i->sums ? *i->sums : rollup_read(a->view, i->dim, i->key, a->q->scenario, i->span);
}

/* --- which items there are ------------------------------------------------------------------- */

/*
 * An item without a cell is left out, as it is in the files of MODEL.md 9. Who may not read it is
 * not told whether it is there: of time they have all there is, of anything else what is told.
 */
static bool is_item(const struct answer *a, const struct item *i)
{
	if (i->is_public && i->is_suppressed)
		return group_is_time(a->q->group);
	return answer_sums(a, i).cells != 0;
}

static int add_item(struct answer *a, struct item item)
{
	answer_settle(a, &item);
	if (!is_item(a, &item))
		return 0;
	if (a->q->is_by_two && a->items == PROJECTOR_PAIRS_MAX)
		return ERR_LIMIT;
	if (a->items == a->room) {
		size_t room = a->room ? 2 * a->room : 64;
		struct item *more = ARENA_ARRAY(&a->arena, room, struct item);

		if (!more)
			return ERR_NOMEM;
		if (a->items)
			memcpy(more, a->item, a->items * sizeof(*more));
		a->item = more;
		a->room = room;
	}
	a->item[a->items++] = item;
	return 0;
}

static int add_years(struct answer *a, enum rollup_dim dim, uint32_t key)
{
	const struct rollup *r = a->view;
	struct item item = {.dim = dim, .key = key};
	int err = 0;

	for (int32_t fy = r->actual_fy; fy <= quarter_fy(r->first_quarter) && !err; fy++) {
		item.kind = SPAN_ACTUAL;
		item.n = fy;
		item.span = rollup_actual(r, fy);
		err = add_item(a, item);
	}
	item.kind = SPAN_TIME;
	if (a->q->group == GROUP_QUARTER) {
		for (int32_t q = r->first_quarter; q < r->end_quarter && !err; q++) {
			item.n = q;
			item.span = rollup_quarter(r, q);
			err = add_item(a, item);
		}
	} else {
		for (int32_t fy = quarter_fy(r->first_quarter);
		     fy <= quarter_fy(r->end_quarter - 1) && !err; fy++) {
			item.n = fy;
			item.span = rollup_year(r, fy);
			err = add_item(a, item);
		}
	}
	item.kind = SPAN_BEYOND;
	item.n = 0;
	item.span = rollup_beyond(r);
	return err ? err : add_item(a, item);
}

static const struct names *names_of(const struct answer *a, enum projector_group group)
{
	switch (group) {
	case GROUP_AUTHORITY:
		return &a->book->partner;
	case GROUP_CPP:
		return &a->book->cpp;
	case GROUP_LOCALITY:
		return &a->book->locality;
	case GROUP_CLASS:
		return &a->book->class;
	case GROUP_DECILE:
	case GROUP_STAGE:
	case GROUP_YEAR:
	case GROUP_QUARTER:
	case GROUPS:
		break;
	}
	return NULL;
}

/* The keys of a group in the order of their names, so that loading does not matter. */
static int keys_of(struct answer *a, enum projector_group group, uint32_t **ret_order,
		   uint32_t *ret_count)
{
	const struct names *names = names_of(a, group);

	*ret_order = NULL;
	*ret_count = names ? names->count : 11; /* deciles, and none */
	return names ? names_sorted(names, &a->arena, ret_order) : 0;
}

static int add_keys(struct answer *a)
{
	struct item item = {
		.dim = dim_of_group[a->q->group],
		.kind = SPAN_TOTAL,
		.span = rollup_total(a->view),
	};
	uint32_t count, *order;
	int err = keys_of(a, a->q->group, &order, &count);

	for (uint32_t i = 0; i < count && !err; i++) {
		item.key = order ? order[i] : i;
		err = add_item(a, item);
	}
	return err;
}

static bool is_any_shown(const struct answer *a, size_t from)
{
	bool is = false;

	for (size_t i = from; i < a->items && !is; i++)
		is = !a->item[i].is_suppressed;
	return is;
}

/* Years or quarters of each key that any is shown of. */
static int add_series(struct answer *a)
{
	uint32_t count, *order;
	int err = keys_of(a, a->q->second, &order, &count);

	for (uint32_t i = 0; i < count && !err; i++) {
		size_t from = a->items;

		err = add_years(a, dim_of_group[a->q->second], order ? order[i] : i);
		a->items = is_any_shown(a, from) ? a->items : from;
	}
	return err;
}

static int add_pairs(struct answer *a)
{
	struct pairs_ask ask = {
		.dim = {dim_of_group[a->q->group], dim_of_group[a->q->second]},
		.scenario = a->q->scenario,
	};
	struct pair_sums *pair;
	uint32_t *order[2];
	size_t count;
	int err;

	/* Every one of them would be held back: so much work is not everybody's to ask for. */
	if (a->to.is_nobody)
		return 0;
	err = keys_of(a, a->q->group, &order[0], &ask.keys[0]);
	if (err == 0)
		err = keys_of(a, a->q->second, &order[1], &ask.keys[1]);
	if (err < 0)
		return err;
	(void)wanted_of(a->book, &a->q->filter, &ask.wanted);
	ask.order[0] = order[0];
	ask.order[1] = order[1];
	err = pairs_sum(a->book, &ask, &a->arena, &pair, &count);
	for (size_t i = 0; i < count && err == 0; i++)
		err = add_item(a, (struct item){
					  .dim = ask.dim[0],
					  .key = pair[i].key[0],
					  .kind = SPAN_PAIR,
					  .second = pair[i].key[1],
					  .sums = &pair[i].sums,
				  });
	return err;
}

/* --- stages ----------------------------------------------------------------------------------- */

/* The items of one stage: its sums go when they were read, so each item has its own. */
static int add_stage(struct answer *a, const struct wanted *w, uint32_t key)
{
	size_t from = a->items;
	struct rollup sums;
	int err = view_filtered(a, w, &sums);

	if (err == 0)
		err = group_is_time(a->q->group)
			      ? add_years(a, ROLLUP_ALL, 0)
			      : add_item(a, (struct item){.kind = SPAN_TOTAL,
							  .span = rollup_total(&sums)});
	for (size_t i = from; i < a->items && err == 0; i++) {
		struct rollup_sums *own = ARENA_NEW(&a->arena, struct rollup_sums);

		if (own)
			*own = answer_sums(a, &a->item[i]);
		else
			err = ERR_NOMEM;
		a->item[i].sums = own;
		a->item[i].key = key;
	}
	rollup_done(&sums);
	return err;
}

/*
 * The live sums do not tell stages apart, and what everybody is told was proved without them: so
 * they are added up anew, and are for who reads the money of all that is left.
 */
static int add_stages(struct answer *a)
{
	struct rollup *view = a->view;
	struct wanted w = {.has_stage = true};
	int err = 0;

	(void)wanted_of(a->book, &a->q->filter, &w);
	for (uint32_t i = 0; i <= a->book->params.stages && a->is_entitled && err == 0; i++) {
		w.stage = i;
		w.is_unplanned = i == a->book->params.stages;
		err = add_stage(a, &w, i);
	}
	a->view = view;
	return err;
}

bool question_has_stages(const struct projector_question *q)
{
	return q->group == GROUP_STAGE || (q->is_by_two && q->second == GROUP_STAGE);
}

/* The question has time first, where it is one of two (projector.h). */
int answer_items(struct answer *a)
{
	if (question_has_stages(a->q))
		return add_stages(a);
	if (group_is_time(a->q->group) && has_key(a->q))
		return add_series(a);
	if (group_is_time(a->q->group))
		return add_years(a, a->dim, a->key);
	return a->q->is_by_two ? add_pairs(a) : add_keys(a);
}
