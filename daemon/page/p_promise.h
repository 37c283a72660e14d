/*
 * A forecast that is being frozen, or was to be and is not: what its own page and the list say of
 * it.
 */
#pragma once

#include "page.h"

/*
 * Make of a row of page_run_promises what people read: `is_at_work` and its words, with `bar` where
 * it is known how much there is to do; else why it is no more.
 */
void promise_put(struct page *p, json_t *one);

/* The page of one of them, in place of the run's: of statement `at`. ERR_NOT_FOUND  there is none
 */
enum step_result promise_answer(struct flow *f, int at);
