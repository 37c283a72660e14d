/*
 * The questions of a community body's forms, that p_body_form.c asks of a new one and p_body.c of
 * one that is recorded.
 */
#pragma once

#include "form.h"

extern const struct form body_main_form, body_contact_form;

/*
 * `conditions`: those of a constitution, ticked where an officer found that it lacks them.
 * stored: codes of those that are recorded; over them stands what was typed in a refused form.
 */
void body_conditions_put(struct page *p, const json_t *stored);

/* Those that are ticked as the body's `unmet`, into f->body.    ERR_NOMEM */
MUST_CHECK int body_conditions_read(struct flow *f);
