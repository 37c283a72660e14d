/*
 * A year's end goes round as: look which year is due, have the freezer make its run, store it, look
 * again. Nothing is remembered but that a day has been looked at, so whoever takes the lease over
 * from one that died begins where the table stands.
 */
#include "projector_year_end.h"

#include <stdio.h>

#include "daemon/base/clock.h"
#include "daemon/base/id.h"
#include "daemon/feed/feed.h"
#include "daemon/http/http.h"
#include "daemon/process/process.h"
#include "libassets/base/err.h"
#include "projector_freezer.h"
#include "projector_private.h"
#include "q.h"

enum { AGAIN_S = 60, STORE_MAX = 256 << 20 /* bytes */, FIELDS_MAX = 4096 };

/* The live projection's seed; the paths are those of a run that does not say. */
enum { SEED = 1 };

static void look_in(struct projector *p, int seconds)
{
	p->year_end.is_under_way = false;
	p->year_end.due_us = clock_mono_us() + seconds * INT64_C(1000000);
}

static void failed(struct projector *p, int err)
{
	int64_t dropped;

	look_in(p, AGAIN_S);
	if (err != ERR_DRAINING && log_gate_open(&p->gate, 1, &dropped))
		log_error("the run that closes a year", F_ERR(err), F_INT("dropped", dropped));
}

/* --- storing -------------------------------------------------------------------------------- */

static void on_stored(void *arg, int err, const struct db_reply *reply)
{
	struct projector *p = arg;
	struct year_end *y = &p->year_end;

	(void)reply;
	blob_unref(TAKE(y->made));
	arena_done(&y->arena);
	if (err < 0 && err != ERR_DUPLICATE && !p->is_leaving) {
		failed(p, err);
		return;
	}
	look_in(p, 0); /* somebody else's is as good; and another year may be due */
	if (err < 0)
		return;
	log_info("a financial year was closed", F_TEXT("ends_on", str_of(y->ends_on)));
	feed_wake(p->process->feed);
}

static void put_fields(const struct year_end *y, struct buf *out)
{
	buf_fmt(out,
		"{\"as_of_on\":\"%s\",\"name\":\"%s\",\"tag\":\"QUARTER\",\"seed\":%d,\"paths\":%d,"
		"\"valid_on\":\"%s\",\"known_at\":\"%s\"}",
		y->ends_on, y->name, SEED, SIMULATION_PATHS, y->ends_on, y->known_at);
}

static void store(struct projector *p)
{
	const struct db_actor nobody = {.now_us = clock_now_us()};
	struct year_end *y = &p->year_end;
	CLEANUP(buf_done) struct buf fields = BUF(FIELDS_MAX);
	struct str lines, frozen = str_cut(blob_view(y->made), '\n', &lines);
	char run[ID_TEXT], event[ID_TEXT];
	struct db_batch *b;

	arena_init(&y->arena, STORE_MAX);
	b = db_batch_new(&y->arena, DB_REPORT, &nobody);
	if (!b)
		b = db_batch_none();
	put_fields(y, &fields);
	id_new("run_", nobody.now_us, run);
	id_new("evt_", nobody.now_us, event);
	q_run_insert_add(b, &(struct q_run_insert){
				    .id = str_of(run),
				    .fields = buf_view(&fields),
				    .model_version = STR(PROJECTION_VERSION),
				    .frozen = frozen,
				    .overlay = STR("[]"),
				    .year_end_on = str_of(y->ends_on),
			    });
	q_run_figures_insert_add(
		b, &(struct q_run_figures_insert){.run_id = str_of(run), .frozen = frozen});
	for (int32_t number = 0; lines.len; number++) {
		struct str page = str_cut(lines, '\n', &lines);

		q_run_input_insert_add(b, &(struct q_run_input_insert){.run_id = str_of(run),
								       .number = number,
								       .body = page});
	}
	q_year_end_tell_add(b, &(struct q_year_end_tell){.id = str_of(event),
							 .run_id = str_of(run),
							 .data = buf_view(&fields)});
	db_pool_send(p->pool, b, on_stored, p);
}

/* --- making --------------------------------------------------------------------------------- */

/* On whichever thread the freezer has come to know it. */
static void on_made(void *arg, int err, struct blob *made)
{
	struct year_end *y = arg;

	y->err = err;
	y->made = made;
	atomic_store(&y->is_made, true);
}

static void take(struct projector *p)
{
	struct year_end *y = &p->year_end;
	int err = y->err;

	atomic_store(&y->is_made, false);
	/* Parameters that do not fit are an answer too, which nobody is here to be told. */
	if (err == 0 && (!y->made || str_starts(blob_view(y->made), STR("{\"flaws\""))))
		err = ERR_INVALID;
	if (err == 0) {
		store(p);
		return;
	}
	blob_unref(TAKE(y->made));
	failed(p, err);
}

static void on_due(void *arg, int err, const struct db_reply *reply)
{
	struct projector *p = arg;
	struct year_end *y = &p->year_end;
	struct projector_question q = {.kind = ASK_FREEZE, .seed = SEED, .paths = SIMULATION_PATHS};
	struct q_year_end_due_row row;

	p->is_busy = false;
	if (!err)
		err = q_year_end_due_one(reply, 0, &row);
	if (err) {
		look_in(p, err == ERR_NOT_FOUND ? 0 : AGAIN_S);
		if (err == ERR_NOT_FOUND)
			y->looked_on = p->today;
		return;
	}
	(void)snprintf(y->ends_on, sizeof(y->ends_on), "%.*s", (int)row.ends_on.len,
		       row.ends_on.at);
	(void)snprintf(y->known_at, sizeof(y->known_at), "%.*s", (int)row.known_at.len,
		       row.known_at.at);
	(void)snprintf(y->name, sizeof(y->name), "%.*s", (int)row.name.len, row.name.at);
	q.valid_on = str_of(y->ends_on);
	q.known_at = str_of(y->known_at);
	q.reader.is_everywhere = true;
	err = day_parse(q.valid_on, &q.as_of);
	if (err == 0)
		err = projector_freeze(p, &q, on_made, y);
	if (err < 0)
		failed(p, err);
}

void year_end_turn(struct projector *p)
{
	struct year_end *y = &p->year_end;
	struct db_batch *b;

	if (atomic_load(&y->is_made)) {
		take(p);
		return;
	}
	if (y->is_under_way || clock_mono_us() < y->due_us || day_cmp(y->looked_on, p->today) == 0)
		return;
	y->is_under_way = true;
	b = projector_batch(p, DB_READ);
	q_year_end_due_add(b);
	projector_send(p, b, on_due);
}

void year_end_done(struct projector *p)
{
	blob_unref(p->year_end.made);
	arena_done(&p->year_end.arena);
}
