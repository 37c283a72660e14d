/*
 * What is between two runs, once it has been worked out: sums by code, partner and year, and a row
 * for each step of each asset. Whoever asks further pages is answered from it.
 *
 * Sums are 128 bits; one that is no amount is printed as "E_OVERFLOW".
 */
#pragma once

#include "libassets/base/buf.h"
#include "libassets/projection/movement.h"

enum { MOVED_ROWS_MAX = 2000000, MOVED_ID = 31 };

struct moved;

/* Of which runs, and what of the register the newer one includes. */
struct moved_key {
	char from[MOVED_ID];
	char to[MOVED_ID]; /* empty: the register as it is */
	int64_t position;  /* of that; 0 of a run */
	int32_t as_of;     /* a day's number */
	char parameters_hash[65];
};

/* Which part of it is asked for. */
struct moved_view {
	struct str authority_id; /* its share alone; absent: the whole */
	bool has_rows;           /* single assets may be shown */
	bool is_csv;             /* the rows alone, all of them */
	bool is_by_authority;    /* else by year */
	struct str code;         /* rows of that one; absent: any */
	struct str after_asset;  /* rows after this one of this code; absent: from the first */
	struct str after_code;
	int32_t most; /* rows */
};

/* NULL without memory. moved_free takes NULL. */
struct moved *moved_new(const struct moved_key *key);
void moved_free(struct moved *m);
const struct moved_key *moved_key(const struct moved *m);

/*
 * Add what one asset did, assets in ascending order of their ids: first the asset, then its rows (a
 * movement_take_fn), then its new cells. lead: its partner now, or, if it is gone, then.
 * ERR_NOMEM, ERR_LIMIT  more rows than are kept.
 */
void moved_asset(struct moved *m, struct str asset_id, uint32_t lead);
MUST_CHECK int moved_row(void *moved, const struct movement_row *row);
MUST_CHECK int moved_closing(struct moved *m, const struct movement_cell *cell, size_t cells);

/* All assets are in: what the partners are called. ERR_NOMEM. */
MUST_CHECK int moved_end(struct moved *m, const struct names *partner);

/*
 * Members of an answer (h_movement.c adds which runs), or CSV. Whether it went in is asked of the
 * buffer.
 */
void moved_print(const struct moved *m, const struct moved_view *view, struct buf *out);
