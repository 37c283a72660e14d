/*
 * Versions of the calendars: load a list of bank holidays or switch an instrument, see which
 * running dates that would move, apply it. For operators; everybody reads those applied.
 */
#pragma once

#include "daemon/flow/flow.h"

/*
 * The steps of making one, for forms too: read the body (f->body where it is made already), ask for
 * what it is laid over, store. They end with flow_store_end; calendar_added is then its id.
 * ERR_INVALID with f->flaws, ERR_NOMEM
 */
MUST_CHECK int calendar_add_decode(struct flow *f);
enum step_result calendar_add_ask(struct flow *f);
enum step_result calendar_add_store(struct flow *f);
struct str calendar_added(const struct flow *f);

/* The steps of applying one. */
enum step_result calendar_apply_load(struct flow *f);
enum step_result calendar_apply_store(struct flow *f);

extern const struct flow_step flow_calendar_add[];
extern const struct flow_step flow_calendar_apply[];
