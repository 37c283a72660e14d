/*
 * Receipts as JSON, and what a reader is shown of them.
 *
 * A figure is shown to those who may read the money behind it: of an authority to itself and
 * its partners in a partnership, of a partnership to its members. Everybody else sees only
 * figures behind which at least VIEW_PUBLIC_LEAST unsold assets stand; and where one is held
 * back, the smallest of the others is held back too, so that it cannot be had by subtraction.
 */
#include <stdlib.h>

#include "libassets/err.h"
#include "libassets/projection_flags.h"
#include "libassets/projection_print.h"
#include "projector_pairs.h"
#include "projector_private.h"
#include "projector_shown.h"

enum span_kind { SPAN_ACTUAL, SPAN_TIME, SPAN_BEYOND, SPAN_TOTAL, SPAN_PAIR };

/* One figure to be: where to read it, and what it is called. */
struct item {
	enum rollup_dim dim;
	uint32_t key;
	struct rollup_span span;
	enum span_kind kind;
	int32_t n; /* financial year or quarter */
	bool is_suppressed;
	/* SPAN_PAIR: the key of the second dimension, and the sums, which no view has */
	uint32_t second;
	const struct rollup_sums *sums;
};

/* One answer being made. */
struct answer {
	struct book *book;
	const struct projector_question *q;
	struct view *view; /* the live one, or own */
	struct view own;
	enum rollup_dim dim; /* the row that a filter leaves, ALL without */
	uint32_t key;
	struct shown_to to;
	bool is_entitled; /* to everything that the filter leaves */
	struct arena arena;
	struct item *item;
	size_t items, room;
	struct item total;
	struct buf *out;
};

static const enum rollup_dim dim_of_group[GROUPS] = {
	[GROUP_YEAR] = ROLLUP_ALL,          [GROUP_QUARTER] = ROLLUP_ALL,
	[GROUP_AUTHORITY] = ROLLUP_PARTNER, [GROUP_CPP] = ROLLUP_CPP,
	[GROUP_LOCALITY] = ROLLUP_LOCALITY, [GROUP_DECILE] = ROLLUP_DECILE,
	[GROUP_CLASS] = ROLLUP_CLASS,
};

static bool is_time(enum projector_group g)
{
	return g == GROUP_YEAR || g == GROUP_QUARTER;
}

/* Does something else than time tell the items apart? */
static bool has_key(const struct projector_question *q)
{
	return !is_time(q->group) || (q->is_by_two && !is_time(q->second));
}

/* --- what is left by the filters ----------------------------------------------------------- */

static int find(const struct names *names, struct str name, bool *ret_has, uint32_t *ret_number)
{
	if (str_is_null(name))
		return 0;
	*ret_has = true;
	/* A name that nothing carries leaves nothing: a number beyond all others. */
	if (names_find(names, name, ret_number) < 0)
		*ret_number = UINT32_MAX;
	return 1;
}

static int wanted_of(const struct book *b, const struct projector_filter *f, struct wanted *w)
{
	return find(&b->partner, f->authority_id, &w->has_partner, &w->partner) +
	       find(&b->cpp, f->cpp_id, &w->has_cpp, &w->cpp) +
	       find(&b->locality, f->locality_id, &w->has_locality, &w->locality) +
	       find(&b->class, f->class, &w->has_class, &w->class);
}

/* Of a joint asset the one owner's part, as if it were the only owner. */
static int view_add_share(struct answer *a, const struct wanted *w, const struct held *h)
{
	struct projection_owner only = {w->partner, 1};
	struct projection_asset one = h->in;

	for (uint32_t i = 0; i < h->in.owners; i++) {
		if (h->in.owner[i].partner != w->partner)
			continue;
		one.owner = &only;
		one.owners = 1;
		return view_move(&a->own, &one,
				 projection_run_share(a->book->model, &h->in, i, a->book->scratch),
				 h->is_sold, 1);
	}
	return 0;
}

/* Sums of their own over the assets that several filters leave. */
static int view_filtered(struct answer *a, const struct wanted *w)
{
	int r = view_init(&a->own, a->book->model);

	a->view = &a->own;
	for (uint32_t i = 0; i < a->book->room && r == 0; i++) {
		const struct held *h = a->book->held[i];

		if (!h || !is_wanted(w, &h->in))
			continue;
		if (w->has_partner)
			r = view_add_share(a, w, h);
		else
			r = view_move(&a->own, &h->in, book_project(a->book, h), h->is_sold, 1);
	}
	return r;
}

/*
 * One filter over time is a row of the live sums, and costs nothing. Anything else is added up
 * anew over the assets that are left, some microseconds for each.
 */
static int choose_view(struct answer *a)
{
	struct wanted w = {0};
	int filters = wanted_of(a->book, &a->q->filter, &w);

	a->view = &a->book->live;
	a->dim = ROLLUP_ALL;
	if (!filters)
		return 0;
	if (filters > 1 || has_key(a->q))
		return view_filtered(a, &w);
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

static bool is_entitled(const struct answer *a)
{
	struct wanted w = {0};

	(void)wanted_of(a->book, &a->q->filter, &w);
	return a->to.is_everywhere ||
	       (w.has_partner && shown_reads(&a->to, ROLLUP_PARTNER, w.partner)) ||
	       (w.has_cpp && shown_reads(&a->to, ROLLUP_CPP, w.cpp));
}

/* Small sets by several filters, which tell more together than each by itself. */
static bool is_for_the_entitled(const struct answer *a)
{
	struct wanted w = {0};
	int filters = wanted_of(a->book, &a->q->filter, &w);

	return filters > 1 || (filters && has_key(a->q));
}

/* What was received is public; what may come after the horizon is nobody else's. */
static bool is_shown(const struct answer *a, const struct item *i)
{
	if (a->is_entitled)
		return true;
	switch (i->kind) {
	case SPAN_ACTUAL:
		return true;
	case SPAN_TOTAL:
		return shown_total(&a->to, i->dim, i->key);
	case SPAN_TIME:
		return a->q->group == GROUP_QUARTER ? shown_quarter(&a->to, i->dim, i->key, i->n)
						    : shown_year(&a->to, i->dim, i->key, i->n);
	case SPAN_PAIR:
		return shown_reads(&a->to, i->dim, i->key) ||
		       shown_reads(&a->to, dim_of_group[a->q->second], i->second);
	case SPAN_BEYOND:
		break;
	}
	return false;
}

static struct rollup_sums sums_of(const struct answer *a, const struct item *i)
{
	return i->sums ? *i->sums
		       : rollup_read(&a->view->sums, i->dim, i->key, a->q->scenario, i->span);
}

/* --- which items there are ------------------------------------------------------------------- */

/* An item without a cell is left out, as it is in the files of MODEL.md 9. */
static int add_item(struct answer *a, struct item item)
{
	if (sums_of(a, &item).cells == 0)
		return 0;
	if (a->q->is_by_two && a->items == PAIRS_MAX)
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
	item.is_suppressed = !is_shown(a, &item);
	a->item[a->items++] = item;
	return 0;
}

static int add_years(struct answer *a, enum rollup_dim dim, uint32_t key)
{
	const struct rollup *r = &a->view->sums;
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
		.span = rollup_total(&a->view->sums),
	};
	uint32_t count, *order;
	int err = keys_of(a, a->q->group, &order, &count);

	for (uint32_t i = 0; i < count && !err; i++) {
		item.key = order ? order[i] : i;
		err = add_item(a, item);
	}
	return err;
}

/* Years or quarters of each key. */
static int add_series(struct answer *a)
{
	uint32_t count, *order;
	int err = keys_of(a, a->q->second, &order, &count);

	for (uint32_t i = 0; i < count && !err; i++)
		err = add_years(a, dim_of_group[a->q->second], order ? order[i] : i);
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
	int err = keys_of(a, a->q->group, &order[0], &ask.keys[0]);

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

/* The question has time first, where it is one of two (projector.h). */
static int add_items(struct answer *a)
{
	if (is_time(a->q->group) && has_key(a->q))
		return add_series(a);
	if (is_time(a->q->group))
		return add_years(a, a->dim, a->key);
	return a->q->is_by_two ? add_pairs(a) : add_keys(a);
}

/* --- writing ---------------------------------------------------------------------------------- */

static void put_pence(struct buf *out, const char *key, int128 value, bool is_suppressed)
{
	buf_fmt(out, "\"%s\":", key);
	if (is_suppressed)
		buf_str(out, STR("null"));
	else if (value > INT64_MAX || value < INT64_MIN)
		buf_str(out, STR("\"E_OVERFLOW\""));
	else
		buf_i64(out, (int64_t)value);
}

static void put_track(struct buf *out, const char *key, const struct rollup_track *t,
		      bool is_suppressed)
{
	buf_fmt(out, "\"%s\":{", key);
	put_pence(out, "gross_pence", t->gross_pence, is_suppressed);
	buf_char(out, ',');
	put_pence(out, "cost_pence", t->cost_pence, is_suppressed);
	buf_char(out, ',');
	put_pence(out, "net_pence", t->net_pence, is_suppressed);
	buf_char(out, ',');
	put_pence(out, "pv_pence", t->pv_pence, is_suppressed);
	buf_char(out, '}');
}

/*
 * Percentiles of what is shown, to whom it is shown. While they are behind the sums, only those get
 * them who may read the money anyway: fewer assets may have stood behind what they include.
 */
static void put_percentiles(const struct answer *a, const struct item *i)
{
	const struct book *b = a->book;
	bool is_total = i->kind == SPAN_TOTAL;
	bool is_year = i->kind == SPAN_TIME && a->q->group != GROUP_QUARTER;
	uint32_t year = is_total ? SIMULATION_TOTAL : (uint32_t)(i->n - b->model->fy);
	struct simulation_node n;

	buf_str(a->out, STR(",\"percentiles\":"));
	if (!i->is_suppressed && a->view == &b->live && a->q->scenario == SCENARIO_LIKELY &&
	    (a->is_entitled || b->figures_are_current) && (is_total || is_year) &&
	    percentile_find(b, i->dim, i->key, year, &n))
		percentile_put(a->out, &n);
	else
		buf_str(a->out, STR("null"));
}

/* What is held back is null and says so; no figure stands in its place. */
static void put_figures(const struct answer *a, const struct item *i)
{
	struct rollup_sums s = sums_of(a, i);

	put_track(a->out, "baseline", &s.baseline, i->is_suppressed);
	buf_char(a->out, ',');
	put_track(a->out, "adjusted", &s.adjusted, i->is_suppressed);
	buf_char(a->out, ',');
	put_pence(a->out, "rent_pence", s.rent_pence, i->is_suppressed);
	buf_char(a->out, ',');
	put_pence(a->out, "adjustment_pence", s.baseline.net_pence - s.adjusted.net_pence,
		  i->is_suppressed);
	buf_char(a->out, ',');
	put_pence(a->out, "forgone_pence", s.forgone_pence, i->is_suppressed);
	put_percentiles(a, i);
	buf_str(a->out,
		i->is_suppressed ? STR(",\"suppressed\":true") : STR(",\"suppressed\":false"));
}

static void put_name(struct buf *out, const char *key, struct str name)
{
	buf_fmt(out, "\"%s\":", key);
	if (name.len)
		buf_json(out, name);
	else
		buf_str(out, STR("null"));
}

static void put_time(struct buf *out, enum projector_group g, const struct item *i)
{
	char fy[FY_TEXT], quarter[QUARTER_TEXT];

	buf_fmt(out, "\"%s\":\"", g == GROUP_YEAR ? "year" : "quarter");
	if (i->kind == SPAN_BEYOND) {
		buf_str(out, STR("BEYOND"));
	} else if (i->kind == SPAN_TIME && g == GROUP_QUARTER) {
		quarter_format(i->n, quarter);
		buf_str(out, str_of(quarter));
	} else {
		fy_format(i->n, fy);
		buf_fmt(out, "%s%s", i->kind == SPAN_ACTUAL ? "ACTUAL:" : "", fy);
	}
	buf_char(out, '"');
}

static void put_key(const struct answer *a, enum projector_group group, uint32_t key)
{
	switch (group) {
	case GROUP_AUTHORITY:
		put_name(a->out, "authority_id", a->book->partner.at[key]);
		break;
	case GROUP_CPP:
		put_name(a->out, "cpp_id", a->book->cpp.at[key]);
		break;
	case GROUP_LOCALITY:
		put_name(a->out, "locality_id", a->book->locality.at[key]);
		break;
	case GROUP_DECILE:
		buf_fmt(a->out, "\"decile\":%u", key);
		break;
	case GROUP_CLASS:
		put_name(a->out, "class", a->book->class.at[key]);
		break;
	case GROUP_YEAR:
	case GROUP_QUARTER:
	case GROUPS:
		break;
	}
}

/* A quarter's year, beside it. */
static void put_year_of(struct buf *out, const struct item *i)
{
	struct item year = *i;

	if (i->kind == SPAN_TIME)
		year.n = quarter_fy(i->n);
	put_time(out, GROUP_YEAR, &year);
}

static void put_group(const struct answer *a, const struct item *i)
{
	enum projector_group second = a->q->second;

	if (is_time(a->q->group))
		put_time(a->out, a->q->group, i);
	else
		put_key(a, a->q->group, i->key);
	if (!a->q->is_by_two)
		return;
	buf_char(a->out, ',');
	if (is_time(second))
		put_year_of(a->out, i);
	else
		put_key(a, second, i->kind == SPAN_PAIR ? i->second : i->key);
}

static void put_items(const struct answer *a)
{
	buf_str(a->out, STR("\"items\":["));
	for (size_t i = 0; i < a->items; i++) {
		buf_str(a->out, i ? STR(",{\"group\":{") : STR("{\"group\":{"));
		put_group(a, &a->item[i]);
		buf_str(a->out, STR("},"));
		put_figures(a, &a->item[i]);
		buf_char(a->out, '}');
	}
	buf_str(a->out, STR("],\"totals\":{"));
	put_figures(a, &a->total);
	buf_char(a->out, '}');
}

static bool reads_asset(const struct answer *a, const struct projection_asset *asset)
{
	bool reads = a->to.money[asset->lead];

	for (uint32_t i = 0; i < asset->owners && !reads; i++)
		reads = a->to.money[asset->owner[i].partner];
	return reads;
}

static bool has_share(const struct projection_asset *asset, uint32_t partner)
{
	for (uint32_t i = 0; i < asset->owners; i++) {
		if (asset->owner[i].partner == partner)
			return true;
	}
	return false;
}

static int by_id(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* Assets that are listed one by one: with one of some flags, or too large to be simulated. */
struct list {
	uint32_t flags;
	bool of_left_out;
	struct str *id; /* in their order */
	size_t count;
};

/* Those that this reader may be told of. */
static int collect(struct answer *a, struct list *l)
{
	const struct book *b = a->book;
	bool is_short = b->excepted && !l->of_left_out;
	uint32_t most = is_short ? b->excepted_count : b->room;
	struct wanted w = {0};

	l->id = ARENA_ARRAY(&a->arena, most + 1, struct str);
	if (!l->id)
		return ERR_NOMEM;
	(void)wanted_of(b, &a->q->filter, &w);
	for (uint32_t i = 0; i < most; i++) {
		uint32_t number = is_short ? b->excepted[i] : i;
		const struct held *h = b->held[number];

		if (h && (h->flags & l->flags || (l->of_left_out && h->is_left_out)) &&
		    is_wanted(&w, &h->in) && (!w.has_partner || has_share(&h->in, w.partner)) &&
		    reads_asset(a, &h->in))
			l->id[l->count++] = b->asset.at[number];
	}
	qsort(l->id, l->count, sizeof(*l->id), by_id);
	return 0;
}

/* Single assets are named only to those who may read their money. */
static void put_exceptions(struct answer *a)
{
	bool is_first = true;
	struct list l = {0};

	for (enum projection_flag f = 0; f < FLAGS; f++)
		l.flags |= (uint32_t)projection_flag_is_exception(f) << f;
	if (collect(a, &l) < 0) {
		a->out->err = ERR_NOMEM;
		return;
	}
	buf_str(a->out, STR(",\"exceptions\":["));
	for (size_t i = 0; i < l.count; i++) {
		uint32_t flags = book_find(a->book, l.id[i])->flags;

		for (enum projection_flag f = 0; f < FLAGS; f++) {
			if (!(flags >> f & 1) || !projection_flag_is_exception(f))
				continue;
			buf_str(a->out, is_first ? STR("{\"asset_id\":") : STR(",{\"asset_id\":"));
			buf_json(a->out, l.id[i]);
			buf_fmt(a->out, ",\"flag\":\"%s\"}", projection_flag_word(f));
			is_first = false;
		}
	}
	buf_char(a->out, ']');
}

/* What the percentiles include, which may be less than the sums do, and what they never do. */
static void put_simulated(struct answer *a)
{
	const struct book *b = a->book;
	struct list l = {.of_left_out = true};

	buf_str(a->out, STR(",\"simulated\":"));
	if (!b->figures) {
		buf_str(a->out, STR("null"));
		return;
	}
	if (collect(a, &l) < 0)
		a->out->err = ERR_NOMEM;
	buf_fmt(a->out, "{\"position\":%lld,\"left_out\":[", (long long)b->figures_position);
	for (size_t i = 0; i < l.count; i++) {
		if (i)
			buf_char(a->out, ',');
		buf_json(a->out, l.id[i]);
	}
	buf_str(a->out, STR("]}"));
}

static void put_head(const struct answer *a, int64_t position)
{
	char as_of[DAY_TEXT];

	day_format(a->book->model->as_of, as_of);
	buf_fmt(a->out,
		"{\"as_of\":\"%s\",\"position\":%lld,\"run\":null,\"scenario\":\"%s\",\"seed\":%"
		"llu,"
		"\"paths\":%u,\"model_version\":\"%s\",\"parameters_hash\":\"%s\",",
		as_of, (long long)position, projection_scenario_word(a->q->scenario),
		(unsigned long long)a->book->seed, a->book->paths, PROJECTION_VERSION,
		a->book->parameters_hash);
}

/* The figures that there are, held back or not. */
static int find_items(struct answer *a)
{
	int err = choose_view(a);

	if (err < 0)
		return err;
	a->total = (struct item){.dim = a->dim,
				 .key = a->key,
				 .kind = SPAN_TOTAL,
				 .span = rollup_total(&a->view->sums)};
	a->total.is_suppressed = !is_shown(a, &a->total);
	return add_items(a);
}

static int answer_make(struct answer *a, int64_t position)
{
	int err = shown_init(&a->to, a->book, a->q, &a->arena);

	if (err < 0)
		return err;
	a->view = &a->book->live;
	a->is_entitled = is_entitled(a);
	if (a->is_entitled || !is_for_the_entitled(a))
		err = find_items(a);
	else
		a->total = (struct item){.is_suppressed = true};
	if (err < 0)
		return err;
	put_head(a, position);
	put_items(a);
	put_exceptions(a);
	put_simulated(a);
	buf_char(a->out, '}');
	return buf_err(a->out);
}

int projector_receipts(struct book *b, int64_t position, const struct projector_question *q,
		       struct buf *out)
{
	struct answer a = {.book = b, .q = q, .out = out};
	int err;

	arena_init(&a.arena, PROJECTOR_ANSWER_MAX);
	err = answer_make(&a, position);
	view_done(&a.own);
	arena_done(&a.arena);
	return err;
}
