/*
 * Two forms of a case that concern what the community body reads and does on its own page: a longer
 * time that it is asked for, and its reasons and benefits as everybody reads them.
 */
#pragma once

#include "page.h"

/* of: the case as item_case has it; more: what page_case found besides. */
void case_own_put(struct page *p, json_t *of, json_t *more);
/* One of the two was refused: what is wrong leads to its fields. */
void case_own_refusal(struct page *p);

/* A form of the case that is no act: is it one of these? */
bool case_is_extension(struct flow *f);
bool case_is_words(struct flow *f);
/* Steps that make such a form the body that the API takes. */
enum step_result case_extension_read(struct flow *f);
enum step_result case_words_read(struct flow *f);
