/*
 * Which notices are due: asked for by what happened to a request, and not issued yet.
 */
#pragma once

#include "notice.h"

struct notice_act {
#define FIELD SHAPE_MEMBER
#include "notice_act.def"
#undef FIELD
};

extern const struct shape notice_act_shape;

/*
 * Append [{code, variant, name, title, event_id, event, on, citation}] of the notices that are due:
 * asked for by one of the acts (struct notice_act, the oldest first) and not issued yet.
 * ERR_LIMIT, ERR_NOMEM  it does not fit
 */
MUST_CHECK int notices_due(struct shape_list acts, struct arena *a, struct buf *out);
