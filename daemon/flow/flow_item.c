/*
 * See flow_item.h. What waits stands in the flow's arena, which stays until the call back, also
 * when the client has left: the flow is then an orphan like any with a batch under way.
 *
 * An id that none of ours can be may hold what the database refuses; it goes in a batch of its
 * own, so that nobody else is refused with it.
 */
#include "flow_item.h"

#include <assert.h>

#include "daemon/base/fault.h"
#include "daemon/db/db_gather.h"
#include "daemon/process/worker.h"
#include "flow_private.h"
#include "libassets/base/arena.h"
#include "q.h"

/*
 * An asset is kept rendered: what a batch costs is mostly saying who asks, so as many as can be
 * share one. Others are made as they are read: a long one holds up few, and two connections make
 * them.
 */
enum { KEPT_SHARE = DB_GATHER_MAX, KEPT_OUT = 1, MADE_SHARE = 8, MADE_OUT = 2 };

static enum step_result send_alone(struct flow *f, const char *kind, struct str id)
{
	q_item_show_add(flow_batch(f), &(struct q_item_show){.kind = str_of(kind), .id = id});
	return flow_send(f);
}

enum step_result flow_send_item(struct flow *f, const char *kind, struct str id)
{
	bool is_kept = strcmp(kind, "ast") == 0;
	struct flow_private *p = f->p;
	struct db_want *want;

	if (!db_may_gather(id))
		return send_alone(f, kind, id);
	assert(!p->batch && !p->ticket && p->idem == IDEM_NONE);
	want = ARENA_NEW(f->arena, struct db_want);
	if (!want)
		return flow_fail(f, ERR_NOMEM);
	if (FAULT_POINT(FLOW_BEFORE_BATCH) < 0)
		return flow_fail(f, ERR_BUG);
	want->kind = str_of(kind);
	want->id = id;
	want->share_max = is_kept ? KEPT_SHARE : MADE_SHARE;
	want->out_max = is_kept ? KEPT_OUT : MADE_OUT;
	want->actor = flow_actor(f);
	p->is_trying = false;
	db_pool_want(f->worker->db, want, flow_on_answer, f);
	(void)FAULT_POINT(FLOW_AFTER_SEND);
	return STEP_WAIT;
}
