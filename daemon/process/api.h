/*
 * The role `api`: the workers. The functions are those of a row of part_table (process.h), for
 * the main thread.
 */
#pragma once

#include "libassets/base/base.h"

struct process;

/*
 * Make what workers share and start them: [http] workers of them, or one for every two
 * processors. On failure api_stop frees what there is.
 * ERR_INVALID  a template does not parse (logged)
 * ERR_NOMEM    also without descriptors, or without a pepper (logged)
 */
MUST_CHECK int api_start(struct process *p);

/* A worker takes requests from now on; once each, from its own thread. */
void api_opened(const struct process *p);
/* True once every worker takes requests. From any thread. */
bool api_is_ready(const struct process *p);

/* No new connections, and nobody waits for the feed any longer; requests under way go on. */
void api_drain(struct process *p);

/* True while a connection is open. */
bool api_is_busy(const struct process *p);

/* Give p->conf to every worker, which takes it between two requests. */
void api_reload(struct process *p);

/* End all workers and free what they share. Also after an api_start that failed. */
void api_stop(struct process *p);
