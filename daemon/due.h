/*
 * Which of a request's dates comes next, for pages, feeds and letters alike.
 */
#pragma once

#include <jansson.h>

/*
 * The running deadline that comes first; one that only reminds the authority counts where no other
 * runs, and one that it missed where the state waits for nothing else. Borrowed from the request;
 * NULL: none.
 *
 * request: an object with `state` and `deadlines`.
 */
json_t *due_next(const json_t *request);

/* The running one that comes first of those that only remind the authority, in the same manner. */
json_t *due_alarm(const json_t *request);
