/*
 * What was typed into a form that was not taken, as pages/typed.mustache shows it: the same fields
 * in the same order, those that people write as fields to be changed, the others hidden.
 */
#pragma once

#include "page.h"

struct flow_sent;

/*
 * The form that the flow has failed with, err as it failed; null when there is none to show. Its
 * csrf is this session's.
 */
json_t *typed_form(struct flow *f, int err);

/* Does a page as it is rendered hold all of it that people write? */
bool typed_is_in(const json_t *typed, struct str page);

/*
 * The same of a form that waits behind the one to sign in by, whose fields begin with "kept_";
 * null where none does. csrf: of the session that has begun, absent: none has.
 * action: where it is sent.
 */
json_t *typed_kept(struct flow *f, struct str csrf, struct str action);
