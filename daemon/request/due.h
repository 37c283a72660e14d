/*
 * Which of a request's dates comes next, for pages, feeds and letters alike.
 */
#pragma once

#include <jansson.h>

#include "libassets/base/day.h"

/*
 * The running deadline whose day comes first, whoever has to act, as lists are sorted by; one whose
 * day has passed, where no other runs; where none does, the reminder that was missed and that the
 * state waits for. Borrowed from the request; NULL: none.
 *
 * request: an object with `state` and `deadlines`.
 */
json_t *due_next(const json_t *request, struct day today);

/* Where that one only reminds the authority: the first to come on which something depends. */
json_t *due_binding(const json_t *request, struct day today);
