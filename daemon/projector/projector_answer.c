/*
 * Receipts as JSON, and what a reader is shown of them.
 *
 * A figure is shown as it is to those who may read the money behind it: of an authority to itself
 * and its partners in a partnership, of a partnership to its members. Everybody else is shown the
 * net receipts that everybody is told (projector_public.h), of the likely scenario alone: gross,
 * cost, present value and rent of the same assets would be further equations about them.
 */
#include "projector_answer.h"

#include <stdlib.h>

#include "libassets/base/err.h"
#include "libassets/projection/projection_flags.h"
#include "libassets/projection/projection_print.h"
#include "projector_private.h"
#include "projector_public.h"

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

/* Which figures of a track somebody is shown. */
enum track_part { TRACK_NONE, TRACK_NET, TRACK_RECEIVED, TRACK_WHOLE };

static void put_track(struct buf *out, const char *key, const struct rollup_track *t,
		      enum track_part part)
{
	buf_fmt(out, "\"%s\":{", key);
	put_pence(out, "gross_pence", t->gross_pence, part < TRACK_RECEIVED);
	buf_char(out, ',');
	put_pence(out, "cost_pence", t->cost_pence, part < TRACK_RECEIVED);
	buf_char(out, ',');
	put_pence(out, "net_pence", t->net_pence, part < TRACK_NET);
	buf_char(out, ',');
	put_pence(out, "pv_pence", t->pv_pence, part < TRACK_WHOLE);
	buf_char(out, '}');
}

/*
 * Percentiles, to those who may read the money behind the sums and to nobody else, partners either:
 * of a few assets that slip into a year one at a time, a percentile is nearly the price of one,
 * whatever the sum hides.
 */
static bool may_have_percentiles(const struct answer *a, const struct item *i)
{
	return !i->is_public && shown_reads_money(&a->to, i->dim, i->key);
}

static bool find_percentiles(const struct answer *a, const struct item *i,
			     struct simulation_node *ret)
{
	const struct book *b = a->book;
	bool is_total = i->kind == SPAN_TOTAL;
	bool is_year = i->kind == SPAN_TIME && a->q->group != GROUP_QUARTER;
	uint32_t year = is_total ? SIMULATION_TOTAL : (uint32_t)(i->n - b->model->fy);

	return !i->sums && may_have_percentiles(a, i) && a->view == &b->live &&
	       a->q->scenario == SCENARIO_LIKELY && (is_total || is_year) &&
	       percentile_find(b, i->dim, i->key, year, ret);
}

static bool is_behind(const struct held *h, const struct item *i)
{
	bool is = i->dim != ROLLUP_PARTNER && book_key(h, i->dim, 0) == i->key;

	for (uint32_t n = 0; i->dim == ROLLUP_PARTNER && n < h->in.owners && !is; n++)
		is = h->in.owner[n].partner == i->key;
	return is;
}

static bool is_nothing(const struct simulation_spread *s)
{
	return !s->p10_pence && !s->p50_pence && !s->p90_pence;
}

/* Is something expected, and nothing on each path? */
static bool seems_nothing(const struct answer *a, const struct item *i)
{
	struct simulation_node n;
	struct rollup_sums s;

	if (!find_percentiles(a, i, &n) || n.is_overflown || !is_nothing(&n.baseline) ||
	    !is_nothing(&n.adjusted))
		return false;
	s = answer_sums(a, i);
	return s.baseline.net_pence || s.adjusted.net_pence;
}

/*
 * What seems nothing, with an asset behind it that cannot be simulated, would be said of what
 * nobody has looked at. The assets are walked once, and only where something seems so.
 */
static void find_left_out(struct answer *a)
{
	bool is_any = a->total.seems_nothing = seems_nothing(a, &a->total);

	for (size_t i = 0; i < a->items; i++) {
		a->item[i].seems_nothing = seems_nothing(a, &a->item[i]);
		is_any |= a->item[i].seems_nothing;
	}
	for (uint32_t k = 0; is_any && k < a->book->room; k++) {
		const struct held *h = a->book->held[k];

		if (!h || !h->is_left_out)
			continue;
		for (size_t i = 0; i <= a->items; i++) {
			struct item *it = i < a->items ? &a->item[i] : &a->total;

			it->is_left_out |= it->seems_nothing && is_behind(h, it);
		}
	}
}

static void put_percentiles(const struct answer *a, const struct item *i)
{
	struct simulation_node n;

	buf_str(a->out, STR(",\"percentiles\":"));
	if (!i->is_left_out && find_percentiles(a, i, &n))
		percentile_put(a->out, &n);
	else
		buf_str(a->out, STR("null"));
}

/* What everybody is told in place of the figures as they are, and which part of each track. */
static void put_told(const struct answer *a, const struct item *i, const struct rollup_sums *live)
{
	struct rollup_track baseline = {.net_pence = i->told.baseline_pence};
	struct rollup_track adjusted = {.net_pence = i->told.adjusted_pence};
	enum track_part net = i->is_suppressed ? TRACK_NONE : TRACK_NET;
	bool has_baseline = net && i->kind != SPAN_ACTUAL && i->told.has_baseline;

	put_track(a->out, "baseline", &baseline, has_baseline ? TRACK_NET : TRACK_NONE);
	buf_char(a->out, ',');
	if (i->kind == SPAN_ACTUAL)
		put_track(a->out, "adjusted", &live->adjusted, TRACK_RECEIVED);
	else
		put_track(a->out, "adjusted", &adjusted, net);
	buf_char(a->out, ',');
	put_pence(a->out, "rent_pence", 0, true);
	buf_char(a->out, ',');
	put_pence(a->out, "adjustment_pence", baseline.net_pence - adjusted.net_pence,
		  !has_baseline);
	buf_char(a->out, ',');
	put_pence(a->out, "forgone_pence", 0, true);
}

/* Has it parts that were told, maybe by the rules of another day than the answer's? */
static bool is_told_in_parts(const struct item *i)
{
	return i->is_public && !i->is_suppressed && i->kind != SPAN_ACTUAL &&
	       i->told.rules.first <= i->told.rules.last;
}

/* The day of its oldest part, where that may be another than the answer's. */
static void put_told_as_of(const struct answer *a, const struct item *i)
{
	const struct told_rules *first;

	if (!is_told_in_parts(i))
		return;
	first = public_rules(a->told, i->told.rules.first);
	if (first)
		buf_fmt(a->out, ",\"told_as_of\":\"%s\"", first->as_of);
	else
		buf_str(a->out, STR(",\"told_as_of\":null"));
}

/* What is held back is null and says so; no figure stands in its place. */
static void put_figures(const struct answer *a, const struct item *i)
{
	struct rollup_sums s = answer_sums(a, i);

	if (i->is_public) {
		put_told(a, i, &s);
	} else {
		put_track(a->out, "baseline", &s.baseline, TRACK_WHOLE);
		buf_char(a->out, ',');
		put_track(a->out, "adjusted", &s.adjusted, TRACK_WHOLE);
		buf_char(a->out, ',');
		put_pence(a->out, "rent_pence", s.rent_pence, false);
		buf_char(a->out, ',');
		put_pence(a->out, "adjustment_pence", s.baseline.net_pence - s.adjusted.net_pence,
			  false);
		buf_char(a->out, ',');
		put_pence(a->out, "forgone_pence", s.forgone_pence, false);
	}
	put_percentiles(a, i);
	put_told_as_of(a, i);
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
	case GROUP_STAGE:
		put_name(a->out, "stage",
			 key < a->book->params.stages ? a->book->params.stage[key].name : STR(""));
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

	if (group_is_time(a->q->group))
		put_time(a->out, a->q->group, i);
	else
		put_key(a, a->q->group, i->key);
	if (!a->q->is_by_two)
		return;
	buf_char(a->out, ',');
	if (group_is_time(second))
		put_year_of(a->out, i);
	else
		put_key(a, second, i->kind == SPAN_PAIR ? i->second : i->key);
}

static bool has_left_out(const struct answer *a)
{
	bool has = a->total.is_left_out;

	for (size_t i = 0; i < a->items && !has; i++)
		has = a->item[i].is_left_out;
	return has;
}

/*
 * Why the items, or some of them, have none; NULL: they have, but for those that are held back. By
 * stage nobody has any; else what this reader is not shown comes before what is not simulated.
 */
static const char *percentiles_absent(const struct answer *a)
{
	enum rollup_dim dim = a->items ? a->item[0].dim : a->dim;
	bool is_shown = a->items == 0 && a->is_entitled;
	struct simulation_node n;

	if (question_has_stages(a->q) && a->is_entitled)
		return "NOT_BY_STAGE";
	for (size_t i = 0; i < a->items && !is_shown; i++)
		is_shown = may_have_percentiles(a, &a->item[i]);
	if (!is_shown || a->to.is_nobody)
		return "WITHHELD";
	if (a->q->scenario != SCENARIO_LIKELY)
		return "LIKELY_ONLY";
	if (a->q->group == GROUP_QUARTER)
		return "NOT_BY_QUARTER";
	if (a->q->is_by_two && !group_is_time(a->q->group))
		return "NOT_BY_TWO_KEYS";
	if (a->view != &a->book->live)
		return "NOT_FILTERED";
	if (!a->book->figures)
		return "NOT_SIMULATED";
	if (!percentile_find(a->book, dim, 0, SIMULATION_TOTAL, &n))
		return "IN_A_RUN";
	return has_left_out(a) ? "LEFT_OUT" : NULL;
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
	buf_char(a->out, ',');
	put_name(a->out, "percentiles_absent", str_of(percentiles_absent(a)));
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

/* Those that this reader may be told of: none, for who reads nobody's money, without a look at all.
 */
static int collect(struct answer *a, struct list *l)
{
	const struct book *b = a->book;
	bool is_short = b->excepted && !l->of_left_out;
	uint32_t most = is_short ? b->excepted_count : b->room;
	struct wanted w = {0};

	if (a->to.is_nobody)
		return 0;
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

static void range_over(struct disclosure_rules *r, const struct item *i)
{
	if (!is_told_in_parts(i))
		return;
	*r = disclosure_rules_both(*r, i->told.rules);
}

/*
 * The rules by which what everybody is told of here was told, the first and the last: rules that
 * change, or a day that passes, do not tell it anew, so they need not be those of the answer.
 */
static void put_told_rules(const struct answer *a)
{
	struct disclosure_rules r = {.first = UINT32_MAX};

	range_over(&r, &a->total);
	for (size_t i = 0; i < a->items; i++)
		range_over(&r, &a->item[i]);
	buf_str(a->out, STR(",\"told\":"));
	if (r.first > r.last) {
		buf_str(a->out, STR("null"));
		return;
	}
	buf_str(a->out, STR("{\"first\":"));
	told_rules_put(a->out, public_rules(a->told, r.first));
	buf_str(a->out, STR(",\"last\":"));
	told_rules_put(a->out, public_rules(a->told, r.last));
	buf_char(a->out, '}');
}

static void put_head(const struct answer *a, int64_t position)
{
	char as_of[DAY_TEXT];

	day_format(a->book->model->as_of, as_of);
	buf_fmt(a->out,
		"{\"as_of\":\"%s\",\"position\":%lld,\"run\":null,\"scenario\":\"%s\",\"seed\":%"
		"llu,"
		"\"paths\":%u,\"model_version\":\"%s\",\"parameters_hash\":\"%s\",\"parameters_"
		"version\":%d,",
		as_of, (long long)position, projection_scenario_word(a->q->scenario),
		(unsigned long long)a->book->seed, a->book->paths, PROJECTION_VERSION,
		a->book->parameters_hash, a->book->parameters_version);
}

/* The figures that there are, held back or not. */
static int find_items(struct answer *a)
{
	int err = answer_view(a);

	if (err < 0)
		return err;
	a->total = (struct item){
		.dim = a->dim, .key = a->key, .kind = SPAN_TOTAL, .span = rollup_total(a->view)};
	answer_settle(a, &a->total);
	err = answer_items(a);
	if (err == 0)
		find_left_out(a);
	return err;
}

/* May there be groups that this reader is not told of? It is no matter whether there are. */
static bool leaves_out(const struct answer *a)
{
	return !a->is_entitled && (a->q->is_by_two || !group_is_time(a->q->group));
}

static int answer_make(struct answer *a, int64_t position)
{
	int err = shown_init(&a->to, a->book, a->q, &a->arena);

	if (err < 0)
		return err;
	a->view = &a->book->live;
	a->is_entitled = answer_is_entitled(a);
	if (a->is_entitled || !answer_is_for_the_entitled(a))
		err = find_items(a);
	else
		a->total = (struct item){.is_suppressed = true, .is_public = true};
	if (err < 0)
		return err;
	put_head(a, position);
	buf_fmt(a->out, "\"groups_left_out\":%s,", leaves_out(a) ? "true" : "false");
	put_items(a);
	put_exceptions(a);
	put_simulated(a);
	if (a->told)
		put_told_rules(a);
	buf_char(a->out, '}');
	return buf_err(a->out);
}

int projector_receipts(struct book *b, const struct public *told, int64_t position,
		       const struct projector_question *q, struct buf *out)
{
	struct answer a = {.book = b, .told = told, .q = q, .out = out};
	int err;

	arena_init(&a.arena, PROJECTOR_ANSWER_MAX);
	err = answer_make(&a, position);
	rollup_done(&a.own);
	arena_done(&a.arena);
	return err;
}
