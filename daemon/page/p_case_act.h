/*
 * What can happen to a request next, each with a form of its own: just the fields that it takes, of
 * the table of events. For the page of the case.
 */
#pragma once

#include "page.h"

/*
 * Put into `more` (with `allowed`, `items`, `kind` and `authority_id` of the request): `steps`,
 * what can be recorded, `decisions`, what can be proposed, and `validate`, the fields of a
 * validation, each an object for the template act_fields; has_steps and has_decisions.
 * second_person: nobody decides alone there.
 */
void case_acts_put(struct page *p, json_t *more, bool second_person);
