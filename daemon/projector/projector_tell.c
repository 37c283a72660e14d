/*
 * projection.changed: one event an authority when its LIKELY forecast has moved by a year or
 * more, with the old and the new totals of the years that moved. At once when nothing was
 * told of this authority lately, else a tenth of a second after that, and the last state always.
 * Only who holds the lease tells; what was told last stands in the database, so nothing is
 * told twice.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "daemon/base/clock.h"
#include "daemon/base/id.h"
#include "daemon/db/db.h"
#include "daemon/feed/feed.h"
#include "daemon/process/process.h"
#include "libassets/base/err.h"
#include "libassets/projection/movement_print.h"
#include "projector_private.h"
#include "q.h"

/* Of one batch, which has room for 64 statements. */
enum { TELL_MOST = 40, TELL_JSON_MAX = 64 * 1024 };

#define KEPT_PART INT64_C(1000000000000000000)

void projector_forget(struct projector *p)
{
	for (uint32_t i = 0; i < p->tolds; i++)
		free(p->told[i].year);
	free(p->told);
	p->told = NULL;
	p->tolds = 0;
}

/* The newest ones are kept. */
static void add_cause(struct told *t, struct str event_id)
{
	for (uint32_t i = 0; i < t->causes; i++) {
		if (str_eq(event_id, str_of(t->cause[i])))
			return;
	}
	if (t->causes == PROJECTOR_CAUSES_MAX)
		memmove(t->cause[0], t->cause[1], sizeof(t->cause[0]) * --t->causes);
	(void)snprintf(t->cause[t->causes++], sizeof(t->cause[0]), "%.*s", (int)event_id.len,
		       event_id.at);
}

static bool reserve(struct projector *p, uint32_t partners)
{
	struct told *told;

	if (partners <= p->tolds)
		return true;
	told = reallocarray(p->told, partners + 64, sizeof(*told));
	if (!told)
		return false;
	memset(told + p->tolds, 0, (partners + 64 - p->tolds) * sizeof(*told));
	p->told = told;
	p->tolds = partners + 64;
	return true;
}

void projector_touched(struct projector *p, uint32_t partner, struct str event_id)
{
	struct told *t;

	if (!reserve(p, partner + 1))
		return;
	t = &p->told[partner];
	t->is_dirty = true;
	if (t->is_sure && !str_is_null(event_id))
		add_cause(t, event_id);
}

/* A book has its own numbers for partners, and a new day or new parameters may move everything. */
void projector_renamed(struct projector *p, const struct book *old, int64_t position)
{
	struct told *was = TAKE(p->told);
	uint32_t count = p->tolds;

	p->tolds = 0;
	for (uint32_t i = 0; i < p->book->partner.count; i++)
		projector_touched(p, i, (struct str){NULL, 0});
	for (uint32_t i = 0; i < count; i++) {
		uint32_t number;

		if (old && i < old->partner.count &&
		    names_find(&p->book->partner, old->partner.at[i], &number) == 0 &&
		    number < p->tolds) {
			/* What the old book saw moving is among the causes; not what came after it.
			 */
			if (was[i].is_sure)
				was[i].since = position;
			p->told[number] = was[i];
			p->told[number].is_sure = false;
			p->told[number].is_dirty = true;
		} else {
			free(was[i].year);
		}
	}
	free(was);
}

static struct told_year *year_told(struct told *t, int32_t fy)
{
	for (uint32_t i = 0; i < t->years; i++) {
		if (t->year[i].fy == fy)
			return &t->year[i];
	}
	return NULL;
}

/* How an authority stands now: its years inside the horizon that have a cell. */
static uint32_t stand(const struct book *b, uint32_t partner, struct told_year *ret, uint32_t room)
{
	const struct rollup *r = &b->live;
	uint32_t n = 0;

	for (int32_t fy = quarter_fy(r->first_quarter); fy <= quarter_fy(r->end_quarter - 1);
	     fy++) {
		struct rollup_sums s = rollup_read(r, ROLLUP_PARTNER, partner, SCENARIO_LIKELY,
						   rollup_year(r, fy));

		if (s.cells && n < room)
			ret[n++] =
				(struct told_year){fy, s.baseline.net_pence, s.adjusted.net_pence};
	}
	return n;
}

static void put_pair(struct buf *out, const char *key, int128 old, int128 new)
{
	buf_fmt(out, "\"%s\":{\"old\":", key);
	movement_print_sum(out, old);
	buf_str(out, STR(",\"new\":"));
	movement_print_sum(out, new);
	buf_char(out, '}');
}

static void put_change(struct buf *out, struct told_year old, struct told_year new)
{
	put_pair(out, "baseline_net_pence", old.baseline_pence, new.baseline_pence);
	buf_char(out, ',');
	put_pair(out, "adjusted_net_pence", old.adjusted_pence, new.adjusted_pence);
	buf_char(out, ',');
	put_pair(out, "adjustment_pence", old.baseline_pence - old.adjusted_pence,
		 new.baseline_pence - new.adjusted_pence);
}

static void add_year(struct told_year *sum, struct told_year y)
{
	sum->baseline_pence += y.baseline_pence;
	sum->adjusted_pence += y.adjusted_pence;
}

/* What moved, one object a year, and the totals of both. */
static void put_years(struct buf *out, struct told *t, const struct told_year *now, uint32_t n,
		      struct told_year total[2])
{
	bool is_first = true;

	for (int32_t fy = PROJECTION_FY_MIN; fy <= PROJECTION_FY_MAX; fy++) {
		struct told_year none = {.fy = fy}, new = none, *old = year_told(t, fy);
		char label[FY_TEXT];

		for (uint32_t i = 0; i < n; i++) {
			if (now[i].fy == fy)
				new = now[i];
		}
		add_year(&total[0], old ? *old : none);
		add_year(&total[1], new);
		old = old ? old : &none;
		if (old->baseline_pence == new.baseline_pence &&
		    old->adjusted_pence == new.adjusted_pence)
			continue;
		fy_format(fy, label);
		buf_fmt(out, "%s{\"year\":\"%s\",", is_first ? "" : ",", label);
		put_change(out, *old, new);
		buf_char(out, '}');
		is_first = false;
	}
}

static void put_causes(struct buf *out, const struct told *t)
{
	buf_str(out, STR("\"cause_event_ids\":["));
	for (uint32_t i = 0; i < t->causes; i++)
		buf_fmt(out, "%s\"%s\"", i ? "," : "", t->cause[i]);
	buf_char(out, ']');
}

/* A sum as it is kept: a number, or [how many times KEPT_PART, the rest] where 64 bits are short.
 */
static void put_kept(struct buf *out, int128 sum)
{
	if (money_fits(sum))
		buf_i64(out, (int64_t)sum);
	else
		buf_fmt(out, "[%lld,%lld]", (long long)(sum / KEPT_PART),
			(long long)(sum % KEPT_PART));
}

static int128 get_kept(const json_t *sum)
{
	if (!json_is_array(sum))
		return json_integer_value(sum);
	return (int128)json_integer_value(json_array_get(sum, 0)) * KEPT_PART +
	       json_integer_value(json_array_get(sum, 1));
}

/* Totals as they are kept: {"2027": [baseline, adjusted], …}. */
static void put_totals(struct buf *out, const struct told_year *now, uint32_t n)
{
	buf_char(out, '{');
	for (uint32_t i = 0; i < n; i++) {
		buf_fmt(out, "%s\"%d\":[", i ? "," : "", now[i].fy);
		put_kept(out, now[i].baseline_pence);
		buf_char(out, ',');
		put_kept(out, now[i].adjusted_pence);
		buf_char(out, ']');
	}
	buf_char(out, '}');
}

/* False without memory: what was told before then stays. */
static bool keep_years(struct told *t, const struct told_year *now, uint32_t n)
{
	struct told_year *year = n ? reallocarray(NULL, n, sizeof(*year)) : NULL;

	if (n && !year)
		return false;
	if (n)
		memcpy(year, now, n * sizeof(*year));
	free(t->year);
	t->year = year;
	t->years = n;
	return true;
}

static bool has_moved(struct told *t, const struct told_year *now, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		const struct told_year *old = year_told(t, now[i].fy);

		if (old ? old->baseline_pence != now[i].baseline_pence ||
				    old->adjusted_pence != now[i].adjusted_pence
			: now[i].baseline_pence || now[i].adjusted_pence)
			return true;
	}
	for (uint32_t i = 0; i < t->years; i++) {
		bool is_there = false;

		for (uint32_t j = 0; j < n && !is_there; j++)
			is_there = now[j].fy == t->year[i].fy;
		if (!is_there && (t->year[i].baseline_pence || t->year[i].adjusted_pence))
			return true;
	}
	return false;
}

/* Nothing of what happened so far is to be told. */
static void settle(struct told *t)
{
	t->is_dirty = false;
	t->is_sure = true;
	t->causes = 0;
}

/* Add what is to be told of one authority, and keep it as told. ERR_NOMEM, ERR_LIMIT. */
static int tell_partner(struct projector *p, struct db_batch *b, uint32_t partner,
			const struct told_year *now, uint32_t n)
{
	CLEANUP(buf_done) struct buf data = BUF(TELL_JSON_MAX);
	CLEANUP(buf_done) struct buf totals = BUF(TELL_JSON_MAX);
	struct told_year total[2] = {{0}};
	struct told *t = &p->told[partner];
	char prj[ID_TEXT], event[ID_TEXT], as_of[DAY_TEXT];

	day_format(p->book->model->as_of, as_of);
	buf_str(&data, STR("{"));
	put_causes(&data, t);
	buf_fmt(&data, ",\"as_of\":\"%s\",\"years\":[", as_of);
	put_years(&data, t, now, n, total);
	buf_str(&data, STR("],\"totals\":{"));
	put_change(&data, total[0], total[1]);
	buf_str(&data, STR("}}"));
	put_totals(&totals, now, n);
	if (buf_err(&data) < 0 || buf_err(&totals) < 0)
		return ERR_NOMEM;
	if (!keep_years(t, now, n))
		return ERR_NOMEM;
	t->is_under_way = true;
	id_new("prj_", clock_now_us(), prj);
	id_new("evt_", clock_now_us(), event);
	q_projector_tell_add(b, &(struct q_projector_tell){
					.fence = p->lease.fence,
					.prj = str_of(prj),
					.authority_id = p->book->partner.at[partner],
					.event_id = str_of(event),
					.data = buf_view(&data),
					.totals = buf_view(&totals),
					.position = p->position,
				});
	return 0;
}

/* Not ours any more, or not known whether it was said: compare with what the database has. */
static void doubt(struct projector *p)
{
	lease_lost(&p->lease);
	p->is_known = false;
}

static void on_told(void *arg, int err, const struct db_reply *reply)
{
	struct projector *p = arg;
	bool is_said = !err && (!db_rows(reply, 0) || str_eq(db_value(reply, 0, 0, 0), STR("t")));

	p->is_busy = false;
	for (uint32_t i = 0; i < p->tolds; i++) {
		if (p->told[i].is_under_way && is_said)
			settle(&p->told[i]);
		p->told[i].is_under_way = false;
	}
	if (!is_said) {
		doubt(p);
		return;
	}
	feed_wake(p->process->feed);
	projector_turn(p);
}

static void take_known(struct projector *p, struct str authority_id, int64_t position,
		       struct str totals)
{
	json_auto_t *years = json_loadb(totals.at, totals.len, 0, NULL);
	struct told_year now[PROJECTION_FYS];
	uint32_t partner, n = 0;
	const char *fy;
	json_t *pair;

	if (names_find(&p->book->partner, authority_id, &partner) < 0 || !reserve(p, partner + 1))
		return;
	json_object_foreach (years, fy, pair) {
		if (n < COUNT(now))
			now[n++] = (struct told_year){(int32_t)strtol(fy, NULL, 10),
						      get_kept(json_array_get(pair, 0)),
						      get_kept(json_array_get(pair, 1))};
	}
	p->told[partner].since = position;
	(void)keep_years(&p->told[partner], now, n);
}

static void on_known(void *arg, int err, const struct db_reply *reply)
{
	struct projector *p = arg;

	p->is_busy = false;
	if (err) {
		lease_lost(&p->lease);
		return;
	}
	if (!lease_taken(&p->lease, reply, 0))
		return;
	for (uint32_t i = 0; i < p->tolds; i++) {
		p->told[i].is_dirty = true;
		p->told[i].is_sure = false;
		p->told[i].since = 0;
		p->told[i].causes = 0;
		(void)keep_years(&p->told[i], NULL, 0);
	}
	for (int i = 0; i < db_rows(reply, 1); i++) {
		struct q_projector_last_told_row row;

		if (q_projector_last_told_row(reply, 1, i, &row) == 0)
			take_known(p, row.authority_id, row.position, row.totals);
	}
	p->is_known = true;
	projector_turn(p);
}

static void on_kept(void *arg, int err, const struct db_reply *reply)
{
	struct projector *p = arg;

	p->is_busy = false;
	if (err)
		lease_lost(&p->lease);
	else if (!lease_taken(&p->lease, reply, 0))
		p->is_known = false;
	else
		projector_turn(p);
}

/* Take or keep the lease; with it comes what was told last, when that is not known. */
static void ask_lease(struct projector *p)
{
	struct db_batch *b = projector_batch(p, DB_WRITE);

	lease_take_add(&p->lease, b);
	if (!p->is_known)
		q_projector_last_told_add(b);
	projector_send(p, b, p->is_known ? on_kept : on_known);
}

static void on_causes(void *arg, int err, const struct db_reply *reply)
{
	struct projector *p = arg;
	int statement = 0;

	p->is_busy = false;
	for (uint32_t i = 0; i < p->tolds; i++) {
		struct told *t = &p->told[i];

		if (!t->is_under_way)
			continue;
		t->is_under_way = false;
		for (int n = 0; !err && n < db_rows(reply, statement); n++) {
			struct q_projector_causes_row row;

			if (q_projector_causes_row(reply, statement, n, &row) == 0)
				add_cause(t, row.change_id);
		}
		t->is_sure = !err;
		statement++;
	}
	if (!err)
		projector_turn(p);
}

static void ask_causes(struct projector *p, struct db_batch *b, uint32_t partner)
{
	struct told *t = &p->told[partner];

	t->is_under_way = true;
	q_projector_causes_add(b, &(struct q_projector_causes){
					  .authority_id = p->book->partner.at[partner],
					  .after = t->since,
					  .most = PROJECTOR_CAUSES_MAX,
				  });
}

/* One that is due to be told, or looked up; when the next one is goes to tell_due_us. */
static bool is_due(struct projector *p, const struct told *t, int64_t now_us)
{
	if (t->is_dirty && now_us < t->due_us && t->due_us < p->tell_due_us)
		p->tell_due_us = t->due_us;
	return t->is_dirty && now_us >= t->due_us;
}

/* What one round does: it looks up what is not sure, else it tells. */
static int tell_round(struct projector *p, struct db_batch *b, int64_t now_us, bool is_sure)
{
	int done = 0;

	for (uint32_t i = 0; i < p->tolds && i < p->book->partner.count && done < TELL_MOST; i++) {
		struct told_year now[PROJECTION_FYS];
		struct told *t = &p->told[i];
		uint32_t n;

		if (!is_due(p, t, now_us))
			continue;
		n = stand(p->book, i, now, COUNT(now));
		if (!has_moved(t, now, n)) {
			settle(t);
		} else if (!is_sure && !t->is_sure) {
			ask_causes(p, b, i);
			done++;
		} else if (is_sure && tell_partner(p, b, i, now, n) == 0) {
			t->due_us = now_us + PROJECTOR_TELL_MS * INT64_C(1000);
			done++;
		}
	}
	return done;
}

static bool is_any_dirty(const struct projector *p)
{
	for (uint32_t i = 0; i < p->tolds && i < p->book->partner.count; i++) {
		if (p->told[i].is_dirty)
			return true;
	}
	return false;
}

void projector_tell(struct projector *p)
{
	int64_t now_us = clock_mono_us();
	struct db_batch *b;

	p->tell_due_us = INT64_MAX;
	if (now_us >= p->lease.due_us) {
		ask_lease(p);
		return;
	}
	if (!p->lease.fence || !p->is_known || !is_any_dirty(p))
		return;
	b = projector_batch(p, DB_WRITE);
	if (tell_round(p, b, now_us, false))
		projector_send(p, b, on_causes);
	else if (tell_round(p, b, now_us, true))
		projector_send(p, b, on_told);
}
