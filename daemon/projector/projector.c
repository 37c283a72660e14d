/*
 * The projector's thread: it loads a book from the database page by page, then follows the
 * feed from the position read before the load. A change is not applied, it is looked up: the
 * asset it speaks of is read again as it is now, so reading one twice does no harm and a
 * rebuild gives the same bytes.
 *
 * A new day, other parameters, another authority or partnership mean a new book; the old one
 * is served until the new one is whole.
 */
#include "projector.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>

#include "daemon/base/clock.h"
#include "daemon/base/conf.h"
#include "daemon/base/fault.h"
#include "daemon/base/loop.h"
#include "daemon/db/db.h"
#include "daemon/feed/feed.h"
#include "daemon/process/process.h"
#include "libassets/base/err.h"
#include "projector_freeze.h"
#include "projector_freezer.h"
#include "projector_private.h"
#include "projector_public.h"
#include "q.h"

/* A turn at least so often: a new day and a late question make no noise. */
enum { TURN_MS = 100 };

/* A run takes a quarter of what the live sums of paths may. */
enum { RUN_SHARE = 4 };

static void turn_later(struct projector *p)
{
	struct timeval wait = {.tv_usec = TURN_MS * 1000};
	int64_t left_us = p->tell_due_us - clock_mono_us();

	if (left_us > 0 && left_us < wait.tv_usec)
		wait.tv_usec = left_us;
	(void)event_add(p->timer, &wait);
}

struct db_batch *projector_batch(struct projector *p, enum db_purpose purpose)
{
	const struct db_actor nobody = {.now_us = clock_now_us()};
	struct db_batch *b;

	arena_done(&p->arena);
	b = db_batch_new(&p->arena, purpose, &nobody);
	return b ? b : db_batch_none();
}

void projector_send(struct projector *p, struct db_batch *b, db_done_fn *done)
{
	p->is_busy = true;
	db_pool_send(p->pool, b, done, p);
}

/* Of a database that is away, or not there yet, its pool tells. */
void projector_complain(struct projector *p, const char *what, int err)
{
	int64_t dropped;

	if (err != ERR_DB_AWAY && log_gate_open(&p->gate, 1, &dropped))
		log_error("projection", F_TEXT("doing", str_of(what)), F_ERR(err),
			  F_INT("dropped", dropped));
}

/* One row that is not sound costs its own figures, and not everybody's. */
static int put(struct projector *p, struct book *book, const struct book_row *row,
	       void (*touched)(void *arg, uint32_t partner), void *arg)
{
	int err = book_put(book, row, touched, arg);
	int64_t dropped;

	if (err != ERR_INVALID)
		return err;
	if (log_gate_open(&p->unsound_gate, 1, &dropped))
		log_error("an asset cannot be projected", F_TEXT("asset", row->id),
			  F_INT("dropped", dropped));
	return 0;
}

static void load_failed(struct projector *p, int err)
{
	projector_complain(p, "load", err);
	book_free(TAKE(p->fresh));
	p->is_stale = true;
	turn_later(p);
}

static struct book_row row_of(const struct q_projector_inputs_row *r)
{
	return (struct book_row){
		.id = r->id,
		.model_id = r->model_id,
		.is_out = r->gone || !r->has_receipt,
		.lead = r->lead,
		.cpp = r->cpp,
		.locality = r->locality,
		.class = r->class,
		.decile = r->decile,
		.input = r->input,
		.is_valued_openly = r->is_valued_openly,
	};
}

/* The new book is whole: serve it from now on. */
static void load_done(struct projector *p)
{
	struct book *old = p->book;
	int64_t position = projector_includes(p);

	p->book = TAKE(p->fresh);
	p->position = p->fresh_position;
	p->framed = p->fresh_position;
	p->unframed = 0;
	p->today = p->book->model->as_of;
	projector_renamed(p, old, position);
	public_renamed(p->public);
	book_free(old);
	percentile_begin(p);
	log_info("projection loaded", F_INT("assets", p->book->asset.count),
		 F_INT("position", p->position));
}

static void load_page(struct projector *p);

static void on_page(void *arg, int err, const struct db_reply *reply)
{
	struct projector *p = arg;
	int rows = err ? 0 : db_rows(reply, 0);

	p->is_busy = false;
	for (int i = 0; i < rows && !err; i++) {
		struct q_projector_inputs_row row;
		struct book_row input;

		err = q_projector_inputs_row(reply, 0, i, &row);
		if (err)
			break;
		input = row_of(&row);
		err = put(p, p->fresh, &input, NULL, NULL);
		(void)snprintf(p->after, sizeof(p->after), "%.*s", (int)row.id.len, row.id.at);
	}
	if (!err && rows < PROJECTOR_PAGE)
		err = FAULT_POINT(PROJECT_LOADED);
	if (err) {
		load_failed(p, err);
	} else if (rows == PROJECTOR_PAGE) {
		load_page(p);
	} else {
		load_done(p);
		projector_turn(p);
	}
}

/* On the connection for reports: two thousand inputs a batch hold up nobody else. */
static void load_page(struct projector *p)
{
	struct db_batch *b = projector_batch(p, DB_REPORT);

	q_projector_inputs_add(
		b, &(struct q_projector_inputs){.after = str_of(p->after), .most = PROJECTOR_PAGE});
	projector_send(p, b, on_page);
}

static void on_begin(void *arg, int err, const struct db_reply *reply)
{
	struct projector *p = arg;
	struct q_projector_begin_row row;
	struct arena arena;
	struct flaws flaws;

	p->is_busy = false;
	if (!err)
		err = q_projector_begin_one(reply, 0, &row);
	if (err) {
		load_failed(p, err);
		return;
	}
	arena_init(&arena, PROJECTOR_BATCH_MAX);
	flaws_init(&flaws, &arena);
	p->fresh_position = row.position;
	p->fresh =
		book_new(clock_today(clock_now_us()), row.params, row.partners, row.cpps, &flaws);
	if (p->fresh)
		p->fresh->parameters_version = row.params_version;
	arena_done(&arena);
	if (!p->fresh) {
		load_failed(p, ERR_INVALID);
		return;
	}
	p->after[0] = '\0';
	load_page(p);
}

/* The position is read before the first page: what changes meanwhile is followed afterwards. */
static void load_begin(struct projector *p)
{
	struct db_batch *b = projector_batch(p, DB_READ);

	p->is_stale = false;
	q_projector_begin_add(b);
	projector_send(p, b, on_begin);
}

/*
 * What changes the frame and not one asset: authorities, partnerships, parameters. The book is
 * then made anew; until it is whole the old one says that it includes what came before.
 */
static bool changes_the_frame(struct str subject)
{
	return str_starts(subject, STR("aut_")) || str_starts(subject, STR("cpp_")) ||
	       str_starts(subject, STR("par_"));
}

static void remember(struct projector *p, struct str event_id, int64_t position)
{
	struct seen_event *e = &p->event[p->event_next++ % PROJECTOR_EVENTS];

	(void)snprintf(e->id, sizeof(e->id), "%.*s", (int)event_id.len, event_id.at);
	e->position = position;
}

/* An asset that was read with a span of the feed, and what of the span is about it. */
struct touching {
	struct projector *projector;
	const struct db_reply *reply;
	struct str asset_id;
	struct str ahead; /* changes beyond the span that were read with it, separated by blanks */
};

/* All that may have moved it: a figure is as it was read, and that may be ahead of the span. */
static void on_touched(void *arg, uint32_t partner)
{
	const struct touching *t = arg;
	struct str rest = t->ahead;

	for (int i = 0; i < db_rows(t->reply, 0); i++) {
		struct q_projector_told_row told;

		if (q_projector_told_row(t->reply, 0, i, &told) == 0 &&
		    str_eq(told.asset_id, t->asset_id))
			projector_touched(t->projector, partner, told.change_id);
	}
	while (rest.len)
		projector_touched(t->projector, partner, str_cut(rest, ' ', &rest));
}

/* Assets first, position last: what fails half way is read again, which does no harm. */
static int take_span(struct projector *p, const struct db_reply *reply)
{
	int err = 0;

	for (int i = 0; i < db_rows(reply, 1) && !err; i++) {
		struct q_projector_changed_row row;
		struct touching t = {.projector = p, .reply = reply};
		struct book_row input;

		err = q_projector_changed_row(reply, 1, i, &row);
		if (err)
			break;
		input = (struct book_row){row.id,
					  row.model_id,
					  row.gone || !row.has_receipt,
					  row.lead,
					  row.cpp,
					  row.locality,
					  row.class,
					  row.decile,
					  row.input,
					  row.is_valued_openly};
		t.asset_id = row.id;
		t.ahead = row.ahead;
		err = put(p, p->book, &input, on_touched, &t);
	}
	if (!err)
		err = FAULT_POINT(PROJECT_FOLLOWED);
	for (int i = 0; i < db_rows(reply, 0) && !err; i++) {
		struct q_projector_told_row told;

		err = q_projector_told_row(reply, 0, i, &told);
		if (err)
			break;
		p->position = told.position;
		remember(p, told.change_id, told.position);
		if (told.position <= p->framed || !changes_the_frame(told.subject))
			continue;
		p->is_stale = true;
		if (!p->unframed)
			p->unframed = told.position;
	}
	return err;
}

static void on_span(void *arg, int err, const struct db_reply *reply)
{
	struct projector *p = arg;

	p->is_busy = false;
	if (!err)
		err = take_span(p, reply);
	if (err) {
		projector_complain(p, "follow", err);
		/* An absent database has changed nothing here; any other failure may be half done.
		 */
		p->is_stale |= err != ERR_DB_AWAY && err != ERR_BUSY && err != ERR_DEADLINE;
		turn_later(p);
		return;
	}
	projector_turn(p);
}

static void follow(struct projector *p)
{
	int64_t upto = p->position + PROJECTOR_SPAN;
	struct db_batch *b = projector_batch(p, DB_READ);

	if (upto > p->newest)
		upto = p->newest;
	q_projector_told_add(b, &(struct q_projector_told){.after = p->position, .upto = upto});
	q_projector_changed_add(b,
				&(struct q_projector_changed){.after = p->position, .upto = upto});
	projector_send(p, b, on_span);
}

/* Somebody waits to be told anything at all: another book, which may take seconds, comes after. */
static bool is_owed(const struct projector *p)
{
	return p->book && public_is_wanted(p->public) && !public_is_readable(p->public);
}

/* One batch at a time, in the order of need: another book, the feed, and then the telling. */
void projector_turn(struct projector *p)
{
	if (p->is_leaving)
		return;
	if (p->book && day_cmp(clock_today(clock_now_us()), p->today) != 0)
		p->is_stale = true;
	if (!p->is_busy && p->is_stale && !is_owed(p))
		load_begin(p);
	else if (!p->is_busy && p->book && public_is_wanted(p->public) && projector_publish(p))
		; /* first, since somebody waits for it who is content with the position */
	else if (!p->is_busy && p->book && p->position < p->newest)
		follow(p);
	else if (!p->is_busy && p->book)
		projector_tell(p);
	if (!p->is_busy && p->book && p->lease.fence)
		year_end_turn(p);
	percentile_turn(p);
	projector_serve(p);
	turn_later(p);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	projector_turn(arg);
}

static void on_moved(void *arg, int64_t position)
{
	struct projector *p = arg;

	p->newest = position;
	projector_turn(p);
}

static void on_first(void *arg)
{
	struct projector *p = arg;

	p->follower = feed_follow(p->process->feed, p->loop, on_moved, p);
	p->is_stale = true;
	projector_turn(p);
}

static void on_leaving(void *arg)
{
	struct projector *p = arg;

	p->is_leaving = true;
	projector_serve(p);
}

/* On the projector's thread, the last of it. */
static void on_close(void *arg)
{
	struct projector *p = arg;

	p->is_leaving = true;
	projector_serve(p);
	feed_unfollow(p->follower);
	db_pool_free(p->pool); /* what is under way calls back, and may set the timer */
	if (p->timer)
		event_free(p->timer);
}

static void projector_free(struct projector *p)
{
	simulator_stop(p->course.simulator); /* first: what it answers still finds the loop */
	if (p->loop)
		loop_close(p->loop, on_close, p);
	percentile_done(p);
	feed_follower_free(p->follower);
	freezer_free(p->freezer);
	year_end_done(p);
	book_free(p->book);
	book_free(p->fresh);
	public_free(p->public);
	projector_forget(p);
	for (size_t i = 0; i < COUNT(p->telling); i++)
		buf_done(&p->telling[i]);
	arena_done(&p->arena);
	free(p->event);
	free(p);
}

static struct projector *projector_new(struct process *process)
{
	const struct freeze_means means = {
		.threads = (uint32_t)process->conf->projection_threads,
		.bytes = ((size_t)process->conf->projection_memory_mib << 20) / RUN_SHARE,
		.copies = ((size_t)process->conf->projection_memory_mib << 20) / RUN_SHARE,
	};
	struct projector *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->process = process;
	p->tell_due_us = INT64_MAX;
	TAILQ_INIT(&p->asks);
	arena_init(&p->arena, PROJECTOR_BATCH_MAX);
	lease_init(&p->lease, "projector");
	p->event = calloc(PROJECTOR_EVENTS, sizeof(p->event[0]));
	p->loop = loop_new("projector");
	if (p->loop)
		p->timer = evtimer_new(loop_base(p->loop), on_timer, p);
	if (p->timer && p->event)
		p->pool = db_pool_new(p->loop, process->conf->database_worker, 1, DB_PREPARE_SENT);
	p->public = public_new();
	p->freezer = freezer_new(process->conf->database_worker, &means);
	return p;
}

int projector_start(struct process *process)
{
	struct projector *p;
	int r = feed_enter(process, false);

	if (r < 0)
		return r;
	p = projector_new(process);
	if (!p || !p->pool || !p->freezer || !p->public || percentile_init(p) < 0 ||
	    loop_start(p->loop) < 0 || loop_post(p->loop, on_first, p) < 0) {
		if (p)
			projector_free(p);
		feed_leave(process);
		return ERR_NOMEM;
	}
	process->projector = p;
	return 0;
}

void projector_stop(struct process *process)
{
	struct projector *p = process->projector;

	if (!p)
		return;
	if (loop_post(p->loop, on_leaving, p) == 0)
		lease_give_back(&p->lease, p->loop, p->pool);
	projector_free(TAKE(process->projector));
	feed_leave(process);
}
