/*
 * The engine. It knows nothing of what flows are about: it runs rows of a table, sends what
 * they filled, goes on with what came back, and ends with one reply, one line in the log.
 *
 * A flow lives in its exchange's arena, which goes with http_exchange_reply; what else it
 * holds (a pass, a JSON tree, a blob) is released in flow_over, the only end there is.
 *
 * Nothing here recurses: a batch's call back and a ticket's come from the loop, never from
 * within a step. To extend: a new way of waiting ends in flow_resume.
 */
#include "flow.h"

#include <assert.h>

#include "daemon/base/clock.h"
#include "daemon/base/fault.h"
#include "daemon/base/log.h"
#include "daemon/db/db_error.h"
#include "daemon/feed/feed.h"
#include "daemon/http/exchange.h"
#include "daemon/http/http_stream.h"
#include "daemon/page/flaw_words.h"
#include "daemon/process/process.h"
#include "daemon/process/worker.h"
#include "daemon/route/problem.h"
#include "flow_apart.h"
#include "flow_kept.h"
#include "flow_lasting.h"
#include "flow_private.h"
#include "flow_rescue.h"
#include "libassets/base/arena.h"

/* Bytes of what flow_problem adds; more is left out as a whole. */
enum { PROBLEM_MEMBERS_MAX = 16 * 1024 };

bool flow_is_safe(const struct flow *f)
{
	return f->request->method == METHOD_GET || f->request->method == METHOD_HEAD;
}

/* In the exchange's arena, and gone with it: nothing of a flow is freed one by one. */
static struct flow *flow_new(struct http_exchange *x)
{
	struct flow *f = ARENA_NEW(&x->arena, struct flow);
	struct flow_private *p = ARENA_NEW(&x->arena, struct flow_private);
	size_t state_bytes = x->route->state_bytes;

	if (!f || !p)
		return NULL;
	if (state_bytes) {
		f->state = arena_alloc(&x->arena, state_bytes);
		if (!f->state)
			return NULL;
	}
	f->route = x->route;
	f->request = &x->request;
	f->reply = &x->reply;
	f->arena = &x->arena;
	f->worker = x->worker;
	f->who = &auth_unknown;
	f->param = x->param;
	f->now_us = clock_now_us();
	f->today = clock_today(f->now_us);
	flaws_init(&f->flaws, f->arena);
	f->p = p;
	p->x = x;
	p->members = BUF(PROBLEM_MEMBERS_MAX);
	p->next = flow_enter;
	return f;
}

void flow_serve(struct http_exchange *x)
{
	struct flow *f = flow_new(x);

	x->work = f;
	if (!f) {
		problem_reply(&x->reply, &(struct problem){.err = ERR_NOMEM,
							   .instance = str_of(x->request.id)});
		http_exchange_reply(x);
		return;
	}
	flow_run(f);
}

void flow_left(struct http_exchange *x)
{
	struct flow *f = x->work;

	if (!f || f->p->is_staying)
		return;
	f->p->has_left = true;
	/* A ticket can be given up now; a batch ends by itself, and the flow with it. */
	if (f->p->ticket) {
		flow_ticket_cancel(TAKE(f->p->ticket));
		flow_over(f);
	} else if (f->p->is_draining) {
		flow_over(f);
	}
}

static void flow_log(const struct flow *f)
{
	const char *trace = f->request->trace;

	log_info("request", F_Z("method", http_method_name(f->request->method)),
		 F_Z("route", f->route->path),
		 F_INT("status", f->p->has_left ? 0 : f->reply->status),
		 F_INT("us", clock_mono_us() - f->p->x->begun_us), F_Z("request", f->request->id),
		 F_Z("trace", *trace ? trace : NULL), F_TEXT("principal", f->who->id),
		 F_Z("step", f->p->step ? f->p->step->name : "-"));
}

void flow_over(struct flow *f)
{
	struct flow_private *p = f->p;

	if (p->kept_stamp)
		flow_kept_end(f);
	/* Of an answer in pieces the head is out: its client sees that the end is missing. */
	if (p->err && p->x->stream != STREAM_NONE)
		http_stream_cut(p->x);
	else if (p->err && !p->has_left)
		flow_write_problem(f);
	(void)FAULT_POINT(FLOW_OVER);
	flow_log(f);
	flow_leave_idempotency(f);
	flow_apart_drop(f);
	flow_stay_end(f);
	flow_lasting_end(f);
	auth_drop(p->pass);
	blob_unref(f->got_blob);
	json_decref(f->body);
	buf_done(&p->members);
	p->x->work = NULL;
	http_exchange_reply(p->x);
	(void)FAULT_POINT(FLOW_REPLIED);
}

/* What the failed step put into a batch is dropped. One that was not sent has not looked for the
 * key. */
static void drop_batch(struct flow_private *p)
{
	if (p->batch && p->idem == IDEM_ASKED)
		p->idem = IDEM_UNASKED;
	p->batch = NULL;
}

/*
 * A step failed before the idempotency key was looked at: a key that was used answers first, so
 * the failure waits for that. False when there is nothing to wait for.
 */
static bool hold_failure(struct flow_private *p)
{
	drop_batch(p);
	if (!p->is_admitted || p->idem != IDEM_UNASKED)
		return false;
	p->held_err = p->err;
	p->err = 0;
	p->next = flow_fail_new;
	return true;
}

/* What whoever filled a form in can put right. */
static bool is_curable(int err)
{
	int status = err_info(err)->status;

	return status == 409 || status == 412 || status == 413 || status == 422;
}

/* A form that was refused comes back as a form, and a flow that was parted from its client keeps
 * why it failed. */
static bool rescue(struct flow *f)
{
	struct flow_private *p = f->p;

	if (!p->rescue || !(p->x->is_parted || is_curable(p->err)))
		return false;
	p->rescued_err = p->err;
	flaws_for_people(&f->flaws);
	p->err = 0;
	drop_batch(p);
	flow_apart_drop(f);
	p->next = TAKE(p->rescue);
	return true;
}

void flow_rescue(struct flow *f, const struct flow_step *table)
{
	f->p->rescue = table;
}

int flow_rescued(const struct flow *f)
{
	return f->p->rescued_err;
}

int flow_rescued_status(const struct flow *f)
{
	return flow_rescued(f) ? err_info(flow_rescued(f))->status : 200;
}

struct str flow_rescued_detail(const struct flow *f)
{
	return f->p->detail;
}

static enum step_result run_step(struct flow *f)
{
	const struct flow_step *step = f->p->step;

	assert(step->run);
	return FAULT_POINT(FLOW_BEFORE_STEP) < 0 ? flow_fail(f, ERR_BUG) : step->run(f);
}

/* STEP_NEXT is a turn of this loop and not a call: however many follow, the stack stays. */
void flow_run(struct flow *f)
{
	struct flow_private *p = f->p;

	for (;;) {
		enum step_result result;

		p->step = p->next ? TAKE(p->next) : p->step + 1;
		result = run_step(f);
		switch (result) {
		case STEP_NEXT:
			continue;
		case STEP_WAIT:
			f->got = NULL;
			return;
		case STEP_FAIL:
			if (hold_failure(p) || flow_begin_again(f) || rescue(f))
				continue;
			__attribute__((fallthrough));
		case STEP_DONE:
			assert(result == STEP_DONE || p->err);
			flow_over(f);
			return;
		}
	}
}

void flow_resume(struct flow *f, int err)
{
	struct flow_private *p = f->p;

	p->send_err = err;
	if (p->has_left) {
		flow_over(f);
		return;
	}
	if (err && !p->is_trying) {
		(void)flow_fail(f, err);
		if (!flow_begin_again(f) && !rescue(f)) {
			flow_over(f);
			return;
		}
	}
	flow_run(f);
}

/* What a client should do when nobody can know whether its write was done. */
static void explain_unknown(struct flow *f)
{
	if (f->route->flags & ROUTE_PAGE)
		flow_detail(f, STR("The database was lost while this was being stored, so it was "
				   "either done or not done. Sent again as it stands it is done "
				   "once."));
	else
		flow_detail(f, STR("The database was lost while this was being stored, so it was "
				   "either done or not done. Ask again with the same "
				   "Idempotency-Key, or read first."));
}

/* Which of the values that were sent is taken. */
static void explain_duplicate(struct flow *f, const struct db_reply *reply)
{
	struct str place = db_error_place(db_reply_fault(reply).constraint);

	if (!str_is_null(place))
		flaw_add(&f->flaws, place, STR("DUPLICATE"),
			 STR("There is one with this value already."),
			 STR("Use another, or change the one there is."));
}

/* Did it give up waiting for another transaction that has taken the same key? */
static bool is_key_held(const struct flow *f, int err, const struct db_reply *reply)
{
	struct db_fault fault;

	if (err != ERR_BUSY || f->p->idem == IDEM_NONE)
		return false;
	fault = db_reply_fault(reply);
	return fault.statement < 0 && str_eq(fault.sqlstate, STR("55P03"));
}

void flow_on_answer(void *arg, int err, const struct db_reply *reply)
{
	struct flow *f = arg;
	struct flow_private *p = f->p;
	enum step_result result;

	f->got = reply;
	/* Whatever was committed may be news; the feed looks, and finds nothing if not. Also where
	 * it failed: nobody may know whether it was done. */
	if (f->route->purpose != DB_READ)
		kept_written();
	if (!err && f->route->purpose != DB_READ && f->worker->process->feed)
		feed_wake(f->worker->process->feed);
	if (FAULT_POINT(FLOW_ANSWERED) < 0)
		err = ERR_BUG;
	if (err == ERR_DB_AWAY && db_reply_is_unknown(reply) && !flow_is_safe(f))
		explain_unknown(f);
	if (err == ERR_DUPLICATE)
		explain_duplicate(f, reply);
	if (is_key_held(f, err, reply))
		err = ERR_IN_PROGRESS;
	if (err == ERR_IN_PROGRESS && p->idem != IDEM_NONE) {
		p->next = flow_replay;
		err = 0;
	} else if (!err && p->idem == IDEM_ASKED && !p->has_left &&
		   flow_was_idempotent(f, &result)) {
		flow_over(f);
		return;
	}
	flow_resume(f, err);
}

struct db_actor flow_actor(const struct flow *f)
{
	return (struct db_actor){
		.principal_id = f->who->id,
		.key_id = f->who->key_id,
		.request_id = str_of(f->request->id),
		.trace = str_of(f->request->trace),
		.now_us = f->now_us,
	};
}

/* Without memory a batch that takes everything and is never sent: steps need not look. */
struct db_batch *flow_batch(struct flow *f)
{
	struct flow_private *p = f->p;
	enum db_purpose purpose;
	struct db_actor actor;

	if (p->batch)
		return p->batch;
	actor = flow_actor(f);
	purpose = p->is_report ? DB_REPORT : p->is_admitted ? f->route->purpose : DB_READ;
	p->batch = db_batch_new(flow_lasting_arena(f), purpose, &actor);
	if (!p->batch)
		p->batch = db_batch_none();
	if (p->idem == IDEM_UNASKED)
		flow_ask_idempotency(f, p->batch);
	return p->batch;
}

static enum step_result send(struct flow *f, bool is_trying)
{
	struct flow_private *p = f->p;

	assert(p->batch && !p->ticket);
	p->is_trying = is_trying;
	if (p->batch == db_batch_none())
		return flow_fail(f, ERR_NOMEM);
	if (FAULT_POINT(FLOW_BEFORE_BATCH) < 0)
		return flow_fail(f, ERR_BUG);
	db_pool_send(f->worker->db, TAKE(p->batch), flow_on_answer, f);
	(void)FAULT_POINT(FLOW_AFTER_SEND);
	return STEP_WAIT;
}

enum step_result flow_send(struct flow *f)
{
	return send(f, false);
}

enum step_result flow_send_trying(struct flow *f)
{
	return send(f, true);
}

int flow_send_err(const struct flow *f)
{
	return f->p->send_err;
}

enum step_result flow_fail(struct flow *f, int err)
{
	assert(err < 0);
	f->p->err = err;
	return STEP_FAIL;
}

enum step_result flow_become(struct flow *f, const struct flow_step *table)
{
	f->p->next = table;
	return STEP_NEXT;
}
