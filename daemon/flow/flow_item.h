/*
 * One item by its key: most of what is read. Those who ask at the same time as the same actor
 * share a batch (db_gather.h) and do not notice.
 */
#pragma once

#include "flow.h"

/*
 * Ask for it; the next step reads it as q_item_show's row of statement 0, none when it is not
 * there or not for this reader. A failure ends the flow by itself. In place of flow_batch and
 * flow_send, in a GET.
 *
 * kind: as item_show takes it, a constant.    id: a parameter of the path, or in f->arena.
 */
enum step_result flow_send_item(struct flow *f, const char *kind, struct str id);
