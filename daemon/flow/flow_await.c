/*
 * A reply of a write names its last event; whoever then reads with min_event must find what was
 * written. The database that answers is asked whether it has the event, again whenever the feed
 * moves, for two seconds. Today that is the database that was written to, so the first look finds
 * it, but for the feed, which is told a moment after the commit; a replica may be behind.
 *
 * On the worker's thread, which waits for nothing: between two looks the flow is a waiter of the
 * feed, and comes back by its ticket.
 */
#include "flow_await.h"

#include "daemon/base/clock.h"
#include "daemon/feed/feed.h"
#include "daemon/process/process.h"
#include "daemon/process/worker.h"
#include "daemon/route/router.h"
#include "flow_private.h"
#include "q.h"

enum { EVENT_WAIT_MS = 2000, TICKET_SPARE_MS = 2000 };

enum step_result flow_await_feed(struct flow *f, int64_t after, int wait_ms)
{
	struct flow_ticket *ticket = flow_ticket_new(f, wait_ms + TICKET_SPARE_MS);

	if (!ticket)
		return flow_fail(f, ERR_NOMEM);
	feed_await(f->worker->process->feed, after, wait_ms, ticket);
	return STEP_WAIT;
}

bool flow_names_event(struct flow *f)
{
	return !str_is_null(flow_query(f, "min_event")) &&
	       !flow_route_takes(f->route, STR("min_event"));
}

static enum step_result look(struct flow *f)
{
	struct flow_private *p = f->p;

	if (!p->event_until_us)
		p->event_until_us = clock_mono_us() + EVENT_WAIT_MS * INT64_C(1000);
	/* Asked before the look, so that no move between the two is slept through. */
	p->event_after = f->worker->process->feed ? feed_position(f->worker->process->feed) : 0;
	q_event_seen_add(flow_batch(f), &(struct q_event_seen){.id = flow_query(f, "min_event")});
	return flow_send(f);
}

static enum step_result judge(struct flow *f)
{
	struct flow_private *p = f->p;
	int64_t left_ms = (p->event_until_us - clock_mono_us()) / 1000;
	struct q_event_seen_row row;
	int r = q_event_seen_one(f->got, 0, &row);

	if (r < 0 && r != ERR_NOT_FOUND)
		return flow_fail(f, r);
	if (r == 0 && (row.is_told || !(f->route->flags & ROUTE_FEED)))
		return flow_become(f, f->route->flow);
	if (left_ms > 0 && f->worker->process->feed && !f->worker->is_draining)
		return flow_await_feed(f, p->event_after, (int)left_ms);
	return flow_fail(f, ERR_NOT_READY);
}

/* Each round is one look, until it is there or the time is over. */
static enum step_result woken(struct flow *f)
{
	return flow_become(f, flow_await_event);
}

const struct flow_step flow_await_event[] = {
	{"look for the event", look},
	{"judge", judge},
	{"woken", woken},
	{0},
};
