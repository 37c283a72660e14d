/*
 * The lists of a webhook as its form has them, each a text with a line for each entry: a wait is
 * "300", a header "Name: value", a condition of its filter "/class=HALL".
 */
#pragma once

#include "page.h"

/*
 * What was typed, into f->body behind form_read; a list that was not sent, or is empty, is left as
 * it stands there. A line that is none of its list becomes a flaw of f->flaws.    ERR_NOMEM
 */
MUST_CHECK int webhook_read_lines(struct flow *f);

/* The lists of a stored webhook become such texts, in place. */
void webhook_show_lines(json_t *stored);

/* What is wrong with an entry is said at its list, with the number of the line. */
void webhook_gather_lines(struct flow *f);
