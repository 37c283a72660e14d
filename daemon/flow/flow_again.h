/*
 * For acts on what others act on at the same moment, persons and the passing of time alike.
 */
#pragma once

#include "flow.h"

/*
 * Should what follows fail because somebody else stored first (ERR_CONFLICT), go on from the step
 * that calls this, as it was before it: what it loads is then what there is. A few times at most;
 * then, and where the client named the version it meant (ERR_STALE), the problem document says in
 * `meanwhile` what last happened to `subject`, by whom and when. Borrowed until the flow's end;
 * absent for what is only being made.
 *
 * For steps that make their own state (f->state) and load all that they decide on.
 */
void flow_again(struct flow *f, struct str subject);
