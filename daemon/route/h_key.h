/*
 * The steps of /v1/keys: keys of programs, each of which acts as whoever made it. Reading them is
 * h_read.c's and h_list.c's, their form base/key.h's, who comes by one auth.h's. The page of keys
 * takes the same steps.
 */
#pragma once

#include "auth.h"
#include "daemon/flow/flow.h"

extern const struct flow_step flow_key_add[];
extern const struct flow_step flow_key_patch[];
extern const struct flow_step flow_key_rotate[];
extern const struct flow_step flow_key_end[];
extern const struct flow_step flow_key_history[];

/* May they give a key this scope? At most what they have themselves, and never that of making keys.
 */
bool key_may_give(const struct principal *who, enum permission scope);

/* Their steps up to the answer, each of which the next one's answer then follows. Which key is
 * ended the form of the page of all says as `end`. */
MUST_CHECK int key_add_check(struct flow *f); /* f->body alone, as the store would */
enum step_result key_add_store(struct flow *f);
enum step_result key_load(struct flow *f);
enum step_result key_change_store(struct flow *f);
enum step_result key_rotate_store(struct flow *f);
enum step_result key_end_store(struct flow *f);

/* After one that was stored, once: the key itself, in the flow's arena; absent when none was made.
 */
struct str key_made(struct flow *f);
struct str key_made_id(struct flow *f);
