/*
 * Routes with ROUTE_KEPT answer the public from memory where that is sound: see kept.h. For the
 * engine alone; steps know nothing of it.
 */
#pragma once

#include "flow.h"

/*
 * In place of the route's first step: the reply from memory, a wait for it, or that step. What
 * the steps answer is then perhaps to be kept, and flow_kept_end is owed while p->kept_stamp is
 * set.
 */
enum step_result flow_kept(struct flow *f);
/* At the flow's end, before its reply goes: keep it if it is a 200 that can be. */
void flow_kept_end(struct flow *f);
