/*
 * The dates of a request, of the deadlines that its item carries.
 */
#pragma once

#include "page.h"

/*
 * Put into a request's object `due`, its next date (due.h; absent: none), `binding`, the date
 * behind it on which something depends, where `due` only reminds the authority, and `next_class`,
 * the style of the place that shows it: late, over, or nothing special. request: an object that
 * stands in the page. What fails is kept in the page.
 */
void due_put(struct page *p, json_t *request);

/*
 * The same, and `dates`: the other deadlines in the order in which they began, with `has_dates`
 * where there are any. Each deadline gets `has_skipped` where days were left out.
 */
void dates_put(struct page *p, json_t *request);

/*
 * A window of a request, as the newest clock of it says: K4 of representations, K5 of the answer to
 * them. NULL: there was none. And put it into an object of the page as `window`, with `is_running`.
 */
const json_t *due_window(const json_t *request, const char *clock);
void due_put_window(struct page *p, json_t *object, const json_t *window);
