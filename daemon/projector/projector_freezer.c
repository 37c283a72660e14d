/*
 * The freezer's thread. A run goes through its phases: SETTLE until the past can no longer move,
 * READ its inputs (both only for a run as at another day), COUNT them into sums, SIMULATE them,
 * write the FIGURES and the INPUTS. Each turn does a piece of one phase and asks for the next turn.
 *
 * A run takes seconds of work that must not hold up the projector, whose answers take
 * microseconds; so it has a book of its own, copied or read, and nothing is shared. One run
 * after the other: two at once would each take twice as long, and twice the memory.
 */
#include "projector_freezer.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>

#include "daemon/base/clock.h"
#include "daemon/base/fault.h"
#include "daemon/base/loop.h"
#include "libassets/base/err.h"
#include "projector_compare.h"
#include "projector_freeze.h"
#include "projector_kept.h"
#include "projector_private.h"
#include "q.h"

enum {
	WAITING_MAX = 16,  /* runs, the one at work among them; more are refused */
	PAGE = 1000,       /* assets read at a time */
	COUNT_PIECE = 500, /* assets counted before looking at the clock */
	PIECE_US = 20000,  /* of a turn */
	AGAIN_MS = 100,    /* until it is looked again whether the past has settled */
	SPARE_MS = 500,    /* what is not done so long before the asker's patience ends is left */
	ASIDE_MAX = 16,    /* times that a run stands back */
};

struct freezer {
	char *conninfo;
	struct freeze_means means;
	_Atomic size_t copied; /* bytes of inputs, of the one at work too */
	struct loop *loop;
	struct event *turn;
	TAILQ_HEAD(, freeze) waiting;
	uint32_t count;
	struct freeze *now;   /* under way */
	struct db_pool *pool; /* while it reads */
	struct arena arena;   /* of the batch under way */
	bool is_busy;         /* a batch is under way */
	bool is_leaving;
	struct log_gate gate;
	struct kept_moves kept;
};

static void freeze_free(struct freeze *z)
{
	if (!z)
		return;
	if (z->copied)
		*z->copied -= z->bytes;
	compare_free(z->compare);
	freeze_course_free(z->course);
	book_free(z->book);
	buf_done(&z->out);
	free(z);
}

static void turn_in(struct freezer *f, int ms)
{
	const struct timeval wait = {ms / 1000, ms % 1000 * 1000};

	if (!f->is_leaving)
		(void)evtimer_add(f->turn, &wait);
}

/* The run under way is over; the next one begins with the next turn. */
static void end(struct freezer *f, int err)
{
	struct freeze *z = TAKE(f->now);

	projector_reply(z->ask, err, &z->out);
	freeze_free(z);
	f->count--;
	turn_in(f, 0);
}

static bool is_late(const struct freeze *z)
{
	return clock_mono_us() >= z->ask->until_us - SPARE_MS * INT64_C(1000);
}

/* A batch did not come back well: a database that is away may be back in time. */
static void batch_failed(struct freezer *f, int err)
{
	if (!f->is_leaving && (err == ERR_DB_AWAY || err == ERR_BUSY))
		turn_in(f, AGAIN_MS);
	else
		end(f, f->is_leaving ? ERR_DRAINING : err);
}

static struct db_batch *batch(struct freezer *f)
{
	const struct db_actor nobody = {.now_us = clock_now_us()};
	struct db_batch *b;

	arena_done(&f->arena);
	b = db_batch_new(&f->arena, DB_REPORT, &nobody);
	return b ? b : db_batch_none();
}

/* --- the past ------------------------------------------------------------------------------- */

static void say_unsound(struct freezer *f, struct str asset_id)
{
	int64_t dropped;

	if (log_gate_open(&f->gate, 1, &dropped))
		log_error("an asset cannot be projected", F_TEXT("asset", asset_id),
			  F_INT("dropped", dropped));
}

static int put(struct freezer *f, const struct q_freeze_inputs_row *r)
{
	const struct book_row row = {
		.id = r->id,
		.model_id = r->model_id,
		.lead = r->lead,
		.cpp = r->cpp,
		.locality = r->locality,
		.class = r->class,
		.decile = r->decile,
		.input = r->input,
	};
	int err = r->gone || !r->has_receipt ? 0 : book_put(f->now->book, &row, NULL, NULL);

	if (err != ERR_INVALID)
		return err;
	say_unsound(f, r->id);
	return 0;
}

static void on_page(void *arg, int err, const struct db_reply *reply)
{
	struct freezer *f = arg;
	int rows = err ? 0 : db_rows(reply, 0);

	f->is_busy = false;
	for (int i = 0; i < rows && !err; i++) {
		struct q_freeze_inputs_row row;

		err = q_freeze_inputs_row(reply, 0, i, &row);
		if (!err)
			err = put(f, &row);
		if (!err)
			(void)snprintf(f->now->after, sizeof(f->now->after), "%.*s",
				       (int)row.id.len, row.id.at);
	}
	if (err) {
		batch_failed(f, err);
		return;
	}
	if (rows < PAGE) {
		f->now->counted = f->now->book->room; /* each was as it was put */
		f->now->phase = FREEZE_COUNT;
	}
	turn_in(f, 0);
}

/* For who reads; without memory the run under way has ended. */
static bool is_connected(struct freezer *f)
{
	if (!f->pool)
		f->pool = db_pool_new(f->loop, f->conninfo, 1, DB_PREPARE_SENT);
	if (!f->pool)
		end(f, ERR_NOMEM);
	return f->pool != NULL;
}

static void read_page(struct freezer *f)
{
	const struct projector_question *q = &f->now->ask->q;
	struct db_batch *b;

	if (!is_connected(f)) /* closed by what went before it */
		return;
	b = batch(f);
	q_freeze_inputs_add(b, &(struct q_freeze_inputs){
				       .valid_on = q->valid_on,
				       .known_at = q->known_at,
				       .after = str_of(f->now->after),
				       .most = PAGE,
			       });
	f->is_busy = true;
	db_pool_send(f->pool, b, on_page, f);
}

/* An empty book of that frame, with the run's parameters over it; flaws become the answer. */
static int begin_book(struct freeze *z, const struct q_freeze_begin_row *row)
{
	const struct projector_question *q = &z->ask->q;
	struct book *frame;
	struct arena arena;
	struct flaws flaws;
	int err = ERR_INVALID;

	arena_init(&arena, PROJECTOR_BATCH_MAX);
	flaws_init(&flaws, &arena);
	frame = book_new(q->as_of, row->params, row->partners, row->cpps, &flaws);
	if (frame)
		frame->parameters_version = row->params_version;
	if (frame)
		err = book_under(frame, q->as_of, q->parameters, &flaws, &z->book);
	if (err < 0 && frame && flaws.count)
		projector_put_flaws(&z->out, &flaws);
	book_free(frame);
	arena_done(&arena);
	return err;
}

static void on_begin(void *arg, int err, const struct db_reply *reply)
{
	struct freezer *f = arg;
	struct q_freeze_begin_row row;

	f->is_busy = false;
	if (!err)
		err = q_freeze_begin_one(reply, 0, &row);
	if (err) {
		batch_failed(f, err);
		return;
	}
	if (!row.is_settled) {
		if (!*f->now->above && !str_is_null(row.above))
			(void)snprintf(f->now->above, sizeof(f->now->above), "%.*s",
				       (int)row.above.len, row.above.at);
		turn_in(f, AGAIN_MS);
		return;
	}
	f->now->position = row.position;
	err = begin_book(f->now, &row);
	if (err < 0) {
		end(f, f->now->out.len ? 0 : err);
		return;
	}
	f->now->phase = FREEZE_READ;
	turn_in(f, 0);
}

static void settle(struct freezer *f)
{
	struct db_batch *b;

	if (!is_connected(f))
		return;
	b = batch(f);
	q_freeze_begin_add(
		b, &(struct q_freeze_begin){
			   .known_at = f->now->ask->q.known_at,
			   .above = *f->now->above ? str_of(f->now->above) : (struct str){NULL, 0},
		   });
	f->is_busy = true;
	db_pool_send(f->pool, b, on_begin, f);
}

/* --- the sums ------------------------------------------------------------------------------- */

static void count(struct freezer *f, int64_t until_us)
{
	struct freeze *z = f->now;
	int err = 0;

	while (err == 0 && z->counted < z->book->room && clock_mono_us() < until_us)
		err = book_count(z->book, &z->counted, COUNT_PIECE);
	if (err == 0 && z->counted >= z->book->room) {
		err = freeze_overlay(z);
		if (err == 0)
			err = book_settle(z->book);
		if (err == 0 && z->ask->q.is_glance) {
			end(f, glance_end(z));
			return;
		}
		z->phase = FREEZE_SIMULATE;
	}
	if (err < 0)
		end(f, err);
	else
		turn_in(f, 0);
}

static void simulate(struct freezer *f, int64_t until_us)
{
	bool is_done;
	int err = freeze_simulate(f->now, &f->means, until_us, &is_done);

	if (err == 0 && is_done) {
		err = freeze_head(f->now);
		f->now->phase = FREEZE_FIGURES;
	}
	if (err < 0)
		end(f, err);
	else
		turn_in(f, 0);
}

static void write_figures(struct freezer *f, int64_t until_us)
{
	while (clock_mono_us() < until_us) {
		int err;

		if (freeze_figure(f->now))
			continue;
		f->now->phase = FREEZE_INPUTS;
		err = freeze_inputs_begin(f->now);
		if (err < 0)
			end(f, err);
		else
			turn_in(f, 0);
		return;
	}
	turn_in(f, 0);
}

static void write_inputs(struct freezer *f)
{
	if (freeze_inputs(f->now))
		turn_in(f, 0);
	else
		end(f, 0);
}

/* --- movements ------------------------------------------------------------------------------- */

static void on_compared(void *arg, int err, const struct db_reply *reply)
{
	struct freezer *f = arg;

	f->is_busy = false;
	if (err) {
		batch_failed(f, err);
		return;
	}
	err = compare_take(f->now->compare, reply);
	if (err < 0)
		end(f, err);
	else
		turn_in(f, 0);
}

static void read_runs(struct freezer *f)
{
	struct db_batch *b;

	if (!is_connected(f))
		return;
	b = batch(f);
	compare_ask(f->now->compare, b);
	f->is_busy = true;
	db_pool_send(f->pool, b, on_compared, f);
}

/* One that was kept is answered at once; so is one that has just been worked out. */
static void compare(struct freezer *f, int64_t until_us)
{
	struct freeze *z = f->now;
	enum compare_state state = COMPARE_DONE;
	int err;

	if (kept_answer(&f->kept, &z->ask->q, z->position, z->as_of, &z->out)) {
		end(f, 0);
		return;
	}
	err = z->compare ? compare_turn(z->compare, until_us, &state) : ERR_NOT_READY;
	if (err == 0 && state == COMPARE_READ) {
		read_runs(f);
		return;
	}
	if (err == 0 && state == COMPARE_DONE)
		kept_put(&f->kept, compare_moved(z->compare));
	if (err < 0)
		end(f, err);
	else
		turn_in(f, 0);
}

/* --- turns ---------------------------------------------------------------------------------- */

static void begin_next(struct freezer *f)
{
	f->now = TAILQ_FIRST(&f->waiting);
	if (f->now)
		TAILQ_REMOVE(&f->waiting, f->now, link);
}

/* Whoever waits for a look or a movement has less patience than a run takes: these go first. */
static void stand_back(struct freezer *f)
{
	struct freeze *z = TAILQ_FIRST(&f->waiting);

	while (z && !freeze_is_short(z->ask))
		z = TAILQ_NEXT(z, link);
	if (!z || freeze_is_short(f->now->ask) || f->now->aside == ASIDE_MAX)
		return;
	f->now->aside++;
	TAILQ_REMOVE(&f->waiting, z, link);
	TAILQ_INSERT_HEAD(&f->waiting, f->now, link);
	f->now = z;
}

static void turn(struct freezer *f)
{
	int64_t until_us = clock_mono_us() + PIECE_US;

	if (f->is_busy || f->is_leaving)
		return;
	if (f->pool && (!f->now || f->now->phase > FREEZE_COMPARE))
		db_pool_free(TAKE(f->pool));
	if (!f->now)
		begin_next(f);
	if (!f->now)
		return;
	stand_back(f);
	if (is_late(f->now)) {
		end(f, ERR_NOT_READY);
		return;
	}
	freeze_say(f->now);
	(void)FAULT_POINT(FREEZE_TURN);
	switch (f->now->phase) {
	case FREEZE_SETTLE:
		settle(f);
		break;
	case FREEZE_READ:
		read_page(f);
		break;
	case FREEZE_COMPARE:
		compare(f, until_us);
		break;
	case FREEZE_COUNT:
		count(f, until_us);
		break;
	case FREEZE_SIMULATE:
		simulate(f, until_us);
		break;
	case FREEZE_FIGURES:
		write_figures(f, until_us);
		break;
	case FREEZE_INPUTS:
		write_inputs(f);
		break;
	}
}

static void on_turn(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	turn(arg);
}

struct taken {
	struct freezer *freezer;
	struct freeze *freeze;
};

/* On the freezer's thread. */
static void on_take(void *arg)
{
	struct taken *t = arg;
	struct freezer *f = t->freezer;
	struct freeze *z = TAKE(t->freeze);

	free(t);
	if (f->is_leaving || f->count >= WAITING_MAX) {
		projector_reply(z->ask, f->is_leaving ? ERR_DRAINING : ERR_BUSY, &z->out);
		freeze_free(z);
		return;
	}
	f->count++;
	TAILQ_INSERT_TAIL(&f->waiting, z, link);
	if (!f->now)
		turn_in(f, 0);
}

/* Of the register a copy, unless the answer is still there. */
static int compare_with(struct freezer *f, struct freeze *z, const struct book *live,
			int64_t position)
{
	const struct projector_question *q = &z->ask->q;
	struct book *copied = NULL;
	struct arena arena;
	struct flaws flaws;
	int err = 0;

	z->phase = FREEZE_COMPARE;
	z->position = live ? position : 0;
	z->as_of = live ? live->model->as_of.number : 0;
	if (live && kept_has(&f->kept, q, position, z->as_of))
		return 0;
	if (live)
		err = freeze_reserve(z, live, &f->copied, f->means.copies);
	if (err < 0)
		return err;
	arena_init(&arena, 1 << 20);
	flaws_init(&flaws, &arena);
	if (live)
		err = book_under(live, live->model->as_of, (struct str){NULL, 0}, &flaws, &copied);
	arena_done(&arena);
	if (err < 0)
		return err;
	z->compare = compare_new(q->from_run, q->to_run, copied, z->position);
	return z->compare ? 0 : ERR_NOMEM;
}

void freezer_take(struct freezer *f, struct ask *a, const struct book *from, int64_t position)
{
	struct taken *t = calloc(1, sizeof(*t));
	struct freeze *z = calloc(1, sizeof(*z));
	CLEANUP(buf_done) struct buf nothing = BUF(1);
	int err = t && z ? 0 : ERR_NOMEM;

	a->until_us = clock_mono_us() + INT64_C(1000) * freeze_patience_ms(a);
	if (z) {
		z->ask = a;
		z->out = BUF(PROJECTOR_RUN_MAX);
	}
	if (err == 0 && a->q.kind == ASK_MOVEMENT)
		err = compare_with(f, z, from, position);
	else if (err == 0 && from)
		err = freeze_reserve(z, from, &f->copied, f->means.copies);
	if (err == 0 && from && a->q.kind != ASK_MOVEMENT)
		err = freeze_copy(z, from, position);
	if (err == 0) {
		*t = (struct taken){f, z};
		err = loop_post(f->loop, on_take, t);
	}
	if (err == 0)
		return;
	projector_reply(a, z && z->out.len ? 0 : err, z ? &z->out : &nothing);
	freeze_free(z);
	free(t);
}

struct freezer *freezer_new(const char *conninfo, const struct freeze_means *means)
{
	struct freezer *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	TAILQ_INIT(&f->waiting);
	kept_init(&f->kept);
	arena_init(&f->arena, PROJECTOR_BATCH_MAX);
	f->conninfo = strdup(conninfo);
	f->means = *means;
	f->loop = loop_new("freezer");
	f->turn = f->loop ? evtimer_new(loop_base(f->loop), on_turn, f) : NULL;
	if (f->conninfo && f->turn && loop_start(f->loop) == 0)
		return f;
	freezer_free(f);
	return NULL;
}

/* On the freezer's thread, the last of it. */
static void on_close(void *arg)
{
	struct freezer *f = arg;
	struct freeze *z;

	f->is_leaving = true;
	if (f->pool)
		db_pool_free(TAKE(f->pool)); /* calls back, which ends the run that reads */
	if (f->now)
		end(f, ERR_DRAINING);
	while ((z = TAILQ_FIRST(&f->waiting))) {
		TAILQ_REMOVE(&f->waiting, z, link);
		projector_reply(z->ask, ERR_DRAINING, &z->out);
		freeze_free(z);
	}
	if (f->turn)
		event_free(f->turn);
}

void freezer_free(struct freezer *f)
{
	if (!f)
		return;
	if (f->loop)
		loop_close(f->loop, on_close, f);
	kept_done(&f->kept);
	arena_done(&f->arena);
	free(f->conninfo);
	free(f);
}
