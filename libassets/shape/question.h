/*
 * A question that is kept: the query of a list or a forecast, as text, asked again later. What its
 * words mean, whoever answers it knows; here is looked at its form.
 */
#pragma once

#include "flaw.h"
#include "libassets/base/str.h"

struct arena;

enum { QUESTION_MAX = 2000 }; /* characters */

/*
 * Is it a query made of `names` (comma-separated) alone, each once? What is wrong becomes a flaw
 * at /question.
 *
 * behind: the address behind whose ? such a query stands, for the cure.
 * ERR_INVALID  it is no query at all, with a flaw     ERR_NOMEM
 */
MUST_CHECK int question_check(struct str question, const char *names, const char *behind,
			      struct arena *arena, struct flaws *flaws);
