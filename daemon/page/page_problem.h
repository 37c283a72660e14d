/*
 * What a page answers in place of its flow.
 */
#pragma once

#include "daemon/flow/flow.h"

/*
 * A flow that is a page has failed: make the error's page its reply, with what was typed where it
 * was a form; the one to sign in by, with that behind it, where nobody is signed in. For
 * worker->page_problem.
 */
void page_problem(struct flow *f, const struct problem *problem);

/* What this form says was stored before: lead to what it made, or back. For worker->page_again. */
void page_again(struct flow *f, struct str location);
