/*
 * An act of a request as the fields of a page's form, and back: what several pages of officers
 * share (propose a decision, correct an entry).
 */
#pragma once

#include "page.h"

/*
 * f->body becomes the act that the form says, as the API takes it: texts, codes and days by their
 * names; price_pounds and cost_pounds; boxes; ground_A … and matter_A … as lists; item_CODE, a day
 * each, of the codes that the field `items` names; or missing_CODE, a box each, where `items_as`
 * says that those ticked are MISSING, or that all others ARRIVED on the day; bar_exemption,
 * bar_dated_on and the box bar_free. What was left empty is not sent, but null where a field
 * was_NAME says that it held something.
 * ERR_INVALID  see the flow's flaws: an amount that is none     ERR_NOMEM
 */
MUST_CHECK int act_form_read(struct flow *f);

/*
 * The fields of an event (`takes`, as request_event.def has them) as a list for the template
 * act_fields: what `act` says of each, or, where `typed`, what the form did. NULL without memory.
 */
json_t *act_form_inputs(struct flow *f, const char *takes, const json_t *act, bool typed);

/*
 * The items [{code, received_on}] of a request as the law lists them, those that are missing first,
 * in a list of its own. NULL without memory.
 */
json_t *act_items(const json_t *items);

/* Words with blanks between, as a list for a choice. */
json_t *act_form_choices(const char *words, const char *chosen);

/* The same of the matters of a decision: {matter, words, ground, text}. */
json_t *act_form_matters(struct flow *f, const json_t *act, bool typed);

/*
 * A form of an act that was refused (p_act_refused.c). key: what its ids have before the name, such
 * as "AGREE-"; "" where a page has one such form alone.
 *
 * What is wrong beside each field: `wrong` of an input, `ground_wrong` and `text_wrong` of a
 * matter, `on_wrong` of the form, which has `inputs` and `matters`.
 */
void act_form_faults(struct page *p, json_t *form, const char *key);

/*
 * The summary of it for the template form_refusal, each fault with the way to its field. top: where
 * those lead that are of no field of an act.
 */
void act_form_refusal(struct page *p, const char *key, const char *top);
