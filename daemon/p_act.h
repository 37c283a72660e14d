/*
 * An act of a request as the fields of a page's form, and back: what several pages of officers
 * share (propose a decision, correct an entry).
 */
#pragma once

#include "flow.h"

/*
 * f->body becomes the act that the form says, as the API takes it: texts, codes and days by their
 * names; price_pounds and cost_pounds; boxes; ground_A … and matter_A … as lists; item_CODE, a day
 * each, of the codes that the field `items` names. What was left empty is not sent, but null where
 * a field was_NAME says that it held something.
 * ERR_INVALID  see the flow's flaws: an amount that is none     ERR_NOMEM
 */
MUST_CHECK int act_form_read(struct flow *f);

/*
 * The fields of an event (`takes`, as request_event.def has them) as a list for the template
 * act_fields: what `act` says of each, or, where `typed`, what the form did. NULL without memory.
 */
json_t *act_form_inputs(struct flow *f, const char *takes, const json_t *act, bool typed);

/* The same of the matters of a decision: {matter, words, ground, text}. */
json_t *act_form_matters(struct flow *f, const json_t *act, bool typed);
