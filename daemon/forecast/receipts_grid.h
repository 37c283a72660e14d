/*
 * An answer of receipts as places in a table: read from its text item by item, so that a long one
 * takes 170 bytes an item and no tree, and some items at a time, so that whoever reads it can do
 * something else in between.
 *
 *	receipts_grid_init → receipts_grid_read … → receipts_grid_settle, once it is known what the
 *	lines are called → receipts_grid_at …
 *
 * What is left of the dimensions stands across, time above all. Of two keys that would make a table
 * mostly of holes, or wider than anybody reads, each pair has a row: then nothing is across.
 */
#pragma once

#include <jansson.h>

#include "libassets/base/exact.h"
#include "libassets/base/walk.h"

struct arena;

/* What a block of rows is of: where an item has it, and whether it may be summed. */
struct receipts_measure {
	const char *name;
	const char *path[3];
	bool is_percentile;
	bool is_beside; /* not every key has it: where none does there is no row, and never a sum of
			   keys */
};

enum { RECEIPTS_MEASURES = 18 };
extern const struct receipts_measure receipts_measure_table[RECEIPTS_MEASURES];

enum receipts_state {
	RECEIPTS_NONE,
	RECEIPTS_KNOWN,
	RECEIPTS_HELD_BACK,
	RECEIPTS_OVER, /* beyond 64 bits */
};

enum { RECEIPTS_DOWN, RECEIPTS_ACROSS, RECEIPTS_AXES };

struct receipts_item {
	int64_t pence[RECEIPTS_MEASURES];
	uint8_t state[RECEIPTS_MEASURES];
	uint32_t line[RECEIPTS_AXES]; /* as they were first met; once settled, in their order */
};

/* One row or column: what stands for it in the items, and what it is called. */
struct receipts_line {
	struct str key, name;
	uint32_t number; /* in the order of the items */
	int decile;
};

struct receipts_grid {
	struct arena *arena; /* of the lines; borrowed */
	struct walk top, items;
	const char *read_to;               /* of the text */
	const char *member[RECEIPTS_AXES]; /* of `group`, such as "authority_id"; NULL: none */
	struct receipts_line *line[RECEIPTS_AXES];
	uint32_t lines[RECEIPTS_AXES];
	size_t room[RECEIPTS_AXES];
	json_t *seen[RECEIPTS_AXES]; /* keys met, with their lines */
	struct receipts_item *item, total;
	size_t count, room_of_items;
	json_t *head; /* what the answer says of the whole */
	size_t held_back, exceptions;
	bool has[RECEIPTS_MEASURES]; /* does any item, or the total, have a figure of it? */

	/* Once it is settled. */
	bool is_long;           /* a row for each pair */
	uint32_t rows, columns; /* columns: 1 where nothing is across */
	uint32_t *place;        /* rows × columns: the item there, from 1; NULL: it is long */
};

/* answer: as GET /v1/projections/receipts has it, borrowed until receipts_grid_done(). */
void receipts_grid_init(struct receipts_grid *g, struct str answer, struct arena *arena);
void receipts_grid_done(struct receipts_grid *g);

/*
 * Read on, at most so many items; *ret_is_whole: there is no more.
 * ERR_LIMIT  more items than a file should have    ERR_BUG  it is no such answer    ERR_NOMEM
 */
MUST_CHECK int receipts_grid_read(struct receipts_grid *g, size_t most, bool *ret_is_whole);

/* names: of authorities, partnerships and localities by their ids; NULL: none. ERR_NOMEM */
MUST_CHECK int receipts_grid_settle(struct receipts_grid *g, const json_t *names);

/* NULL: nothing happens there. */
const struct receipts_item *receipts_grid_at(const struct receipts_grid *g, uint32_t row,
					     uint32_t column);
/* Is a column in the horizon, and so in its rows' totals? */
bool receipts_grid_is_inside(const struct receipts_grid *g, uint32_t column);
