/*
 * The engine's side of a reply in pieces (http_stream.h). Waiting for the client is a wait like
 * any other: the flow goes on by flow_resume, or ends when the client leaves (flow_left).
 */
#include "flow_stream.h"

#include "daemon/http/http_stream.h"
#include "flow_private.h"

void flow_report(struct flow *f)
{
	f->p->is_report = true;
}

bool flow_stream_begin(struct flow *f, struct str type)
{
	f->reply->status = 200;
	flow_head(f, type);
	http_stream_begin(f->p->x);
	return f->request->method != METHOD_HEAD;
}

bool flow_stream_begin_sized(struct flow *f, int status, struct str type, int64_t bytes)
{
	f->reply->status = status;
	flow_head(f, type);
	http_stream_begin_sized(f->p->x, bytes);
	return f->request->method != METHOD_HEAD;
}

void flow_stream_add(struct flow *f, struct buf *piece)
{
	http_stream_add(f->p->x, piece);
}

bool flow_stream_has_room(const struct flow *f)
{
	return http_stream_unsent(f->p->x) <= STREAM_HIGH;
}

/* With little waiting nothing will drain: the step then runs at once. */
enum step_result flow_stream_wait(struct flow *f)
{
	if (http_stream_unsent(f->p->x) <= STREAM_LOW)
		return STEP_NEXT;
	f->p->is_draining = true;
	return STEP_WAIT;
}

void flow_drained(struct http_exchange *x)
{
	struct flow *f = x->work;

	if (!f || !f->p->is_draining)
		return;
	f->p->is_draining = false;
	f->p->is_trying = false;
	flow_resume(f, 0);
}
