/*
 * By what rules a book makes amounts of facts: the day, the parameters, the settings of partners
 * and the version of the model. As text they outlive the book, so that its assets can be projected
 * by the rules of another time.
 */
#pragma once

#include "projector_book.h"

/* A book's rules, equal for equal ones; free() them. NULL without memory. */
char *rules_of(const struct book *b);

/*
 * A book without assets, under which those of `b` are projected by these rules.
 * ERR_INVALID  this program does not know them (any more)    ERR_NOMEM
 */
MUST_CHECK int rules_book(const struct book *b, const char *rules, struct book **ret_book);
