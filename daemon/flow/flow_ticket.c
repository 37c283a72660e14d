/*
 * Waiting for another thread. The ticket is the only thing both threads touch, and only by
 * exchanging its state: whoever sees that the other is done with it frees it.
 *
 *	WAITING ─wake──▶ WOKEN, a message to the flow's loop, which frees it and goes on
 *	   │               └─mailbox full──▶ LOST: the deadline frees it
 *	   └─deadline, or client gone──▶ GIVEN_UP: the wake that still comes frees it
 */
#include <assert.h>
#include <event2/event.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "daemon/base/loop.h"
#include "daemon/process/worker.h"
#include "flow_await.h"
#include "flow_private.h"

enum ticket_state { TICKET_WAITING, TICKET_WOKEN, TICKET_LOST, TICKET_GIVEN_UP };

struct flow_ticket {
	_Atomic int state;
	struct loop *loop;
	/* The flow's thread only: */
	struct flow *flow;
	struct event *deadline;
	/* The waker's, then by the message the flow's: */
	int err;
	struct blob *bytes;
};

static void ticket_free(struct flow_ticket *t)
{
	blob_unref(t->bytes);
	free(t);
}

void flow_ticket_cancel(struct flow_ticket *t)
{
	event_free(TAKE(t->deadline));
	t->flow = NULL;
	if (atomic_exchange(&t->state, TICKET_GIVEN_UP) == TICKET_LOST)
		ticket_free(t);
}

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct flow_ticket *t = arg;
	struct flow *f = t->flow;

	(void)fd;
	(void)what;
	f->p->ticket = NULL;
	flow_ticket_cancel(t);
	f->p->is_trying = true;
	flow_resume(f, ERR_DEADLINE);
}

/* On the flow's thread. */
static void on_wake(void *arg)
{
	struct flow_ticket *t = arg;
	struct flow *f = t->flow;
	int err = t->err;

	if (f) {
		event_free(TAKE(t->deadline));
		f->p->ticket = NULL;
		blob_unref(f->got_blob);
		f->got_blob = TAKE(t->bytes);
		f->got_mail = f->got_blob ? blob_view(f->got_blob) : (struct str){NULL, 0};
	}
	ticket_free(t);
	if (f)
		flow_resume(f, err);
}

struct flow_ticket *flow_ticket_new(struct flow *f, int deadline_ms)
{
	struct timeval wait = {deadline_ms / 1000, deadline_ms % 1000 * 1000};
	struct flow_ticket *t = calloc(1, sizeof(*t));

	assert(!f->p->ticket);
	if (!t)
		return NULL;
	t->loop = f->worker->loop;
	t->flow = f;
	t->deadline = evtimer_new(loop_base(t->loop), on_deadline, t);
	if (!t->deadline || evtimer_add(t->deadline, &wait) < 0) {
		if (t->deadline)
			event_free(t->deadline);
		free(t);
		return NULL;
	}
	f->p->ticket = t;
	f->p->is_trying = false;
	return t;
}

/* Nobody has its ticket, as if the one message for it had been lost: the deadline frees it. */
int flow_pause(struct flow *f, int ms)
{
	struct flow_ticket *t = flow_ticket_new(f, ms);

	if (!t)
		return ERR_NOMEM;
	atomic_store(&t->state, TICKET_LOST);
	return 0;
}

bool flow_is_awaited(const struct flow_ticket *t)
{
	return atomic_load(&t->state) == TICKET_WAITING;
}

void flow_wake(struct flow_ticket *t, int err, struct blob *bytes)
{
	struct loop *loop = t->loop;

	t->err = err;
	t->bytes = bytes;
	if (atomic_exchange(&t->state, TICKET_WOKEN) == TICKET_GIVEN_UP ||
	    (loop_post(loop, on_wake, t) < 0 &&
	     atomic_exchange(&t->state, TICKET_LOST) == TICKET_GIVEN_UP))
		ticket_free(t);
}
