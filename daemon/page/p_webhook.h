/*
 * What the pages of all webhooks and of one share.
 */
#pragma once

#include "form.h"

/* What an item of webhook_health says in words and moments. item: stands in the page. */
void webhook_put_health(struct page *p, json_t *item);

/* The moment `X_at` as `X_moment`, "21 November 2026, 10:00:05 UTC"; nothing where it has none. */
void webhook_put_moment(struct page *p, json_t *object, const char *stem);

/*
 * The questions of the forms that make one and change one: first those that everybody looks at,
 * then the rest of it (its limits, headers and certificates) and its filter.
 */
enum { WEBHOOK_FORMS = 3 };
extern const struct form webhook_form;
extern const struct form *const webhook_forms[WEBHOOK_FORMS];
/* What was typed into them, into f->body. ERR_NOMEM */
MUST_CHECK int webhook_read_forms(struct flow *f);
/* What of its types was typed, into f->body: patterns with blanks or commas between, as a list;
 * none are not sent. ERR_NOMEM */
MUST_CHECK int webhook_read_types(struct flow *f);
/* The place in a list of words has no field of its own: what is wrong with one is at the list's. */
void webhook_gather_flaws(struct flow *f);

/*
 * Behind those: what the filter names by a name or a reference is looked for, and its id put in its
 * place.
 */
enum step_result webhook_named_load(struct flow *f);
enum step_result webhook_named_found(struct flow *f);
