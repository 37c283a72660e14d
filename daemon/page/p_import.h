/*
 * The pages of a list, and what they share: the form that takes it, the list itself, its lines, and
 * the file of those that cannot be loaded.
 */
#pragma once

#include "page.h"

/* Their steps, for routes.c. */
extern const struct flow_step page_import_new[];
extern const struct flow_step page_import_add[];
extern const struct flow_step page_import[];
extern const struct flow_step page_import_apply[];
extern const struct flow_step page_import_undo[];
extern const struct flow_step page_import_refused[];

/* Of a statement's batch: the lines, asked for by the page's query. */
void import_lines_ask(struct flow *f, struct db_batch *b);
/*
 * Put what is wrong by kind, what is to be said yes to, the ways to see some lines alone, and the
 * lines. at: of their statement in the batch.    import: as the page has it.
 */
void import_lines_put(struct page *p, int at, const json_t *import);

/* Does a column of the list say it? mapping: of the import. */
bool import_is_said(const json_t *mapping, const char *name);
/* Of its counts. */
int import_count(const json_t *import, const char *name);
/* Whether a list within an object has anything in it. */
void import_put_has(struct page *p, json_t *object, const char *flag, const char *list);
