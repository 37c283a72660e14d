/*
 * A scenario over a run's own book: each row of the overlay takes the place of what the book holds
 * of that asset. Sums follow by the difference, as they do when the register changes, so a run
 * with an overlay is what the register would say if it stood so.
 */
#include <jansson.h>
#include <stdlib.h>

#include "libassets/base/err.h"
#include "projector_freeze.h"
#include "projector_private.h"

static struct str text_of(const json_t *row, const char *key)
{
	const json_t *value = json_object_get(row, key);

	return value ? (struct str){json_string_value(value), json_string_length(value)}
		     : (struct str){NULL, 0};
}

static int put(struct book *b, const json_t *row)
{
	char *input = json_dumps(json_object_get(row, "input"), JSON_COMPACT);
	int r = ERR_NOMEM;

	if (input)
		r = book_put(
			b,
			&(struct book_row){
				.id = text_of(row, "id"),
				.model_id = json_integer_value(json_object_get(row, "model_id")),
				.lead = text_of(row, "lead"),
				.cpp = text_of(row, "cpp"),
				.locality = text_of(row, "locality"),
				.class = text_of(row, "class"),
				.decile =
					(int32_t)json_integer_value(json_object_get(row, "decile")),
				.input = str_of(input),
			},
			NULL, NULL);
	free(input);
	return r == ERR_INVALID ? ERR_BUG : r; /* whoever asked has looked at it */
}

int freeze_overlay(struct freeze *f)
{
	struct str rows = f->ask->q.overlay;
	json_auto_t *list = rows.at ? json_loadb(rows.at, rows.len, 0, NULL) : NULL;
	const json_t *row;
	size_t i;
	int r = rows.at && !list ? ERR_NOMEM : 0;

	json_array_foreach (list, i, row) {
		if (r == 0)
			r = put(f->book, row);
	}
	f->counted = f->book->room; /* those that are new have been counted as they were put */
	return r;
}
