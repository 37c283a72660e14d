/*
 * What a telling gives to whoever solves it. Its rows are the sums that it tells anew, of whatever
 * years; its columns are assets of which nothing was told before, with what of each row hangs on
 * what the asset is worth. Everybody knows the model, so a column is known but for one number.
 *
 * The audit holds when every sum of multiples of rows
 *   - rests on DISCLOSURE_LEAST columns or more, or
 *   - on none at all, and has then nothing else in it either, but for what was told before.
 * Then so does every sum of multiples of all that was ever told: take the last telling whose rows
 * in it do not cancel. They rest on columns, so on enough of them, and of those nothing was told
 * before.
 *
 * All of it holds as well for each of those who know the columns of some assets, without these, and
 * with DISCLOSURE_LEFT.
 *
 * Amounts are rounded to pennies, so nothing here is exact. A column is measured by the largest of
 * its numbers. What is left of it and smaller than AUDIT_SAME of that, and some pennies, is
 * nothing, or rounding would seem to tell apart assets that are sold alike. An asset counts where
 * it has AUDIT_SHARE of the largest share in a sum, so that nobody has two but for a hundredth of
 * the others' amounts. An asset that moves by less than AUDIT_PENCE in all rows hides none. Two
 * machines that round otherwise may tell otherwise, which is no harm: what was told is one
 * (disclosure.h).
 */
#pragma once

#include "disclosure.h"

/* Rows that are solved together at most, once those are gone which enough assets have to
 * themselves; more of them do not hold. */
enum { AUDIT_ROWS = 64 };

#define AUDIT_SAME 1e-6
#define AUDIT_SHARE 1e-2
#define AUDIT_PENCE 500.0
#define AUDIT_PENNIES 4.0 /* that one of its numbers is out by */

struct audit_share {
	uint32_t place; /* of the smallest parts that rows are made of */
	float amount;   /* in pence, and once it is added by the largest of its column */
};

/* Assets whose columns are the same are one, of which as many count as make no difference. */
struct audit_column {
	size_t at; /* of its shares */
	uint32_t shares;
	uint32_t hands;
	uint32_t alike; /* DISCLOSURE_LEAST at most */
	double most;    /* pence, of the largest that are alike */
	/* Under the rows that are asked about: */
	uint32_t rows, next; /* next: that is looked at, of the same rows that hang together, + 1 */
};

/* By how much its numbers are out, of the largest. */
static inline double audit_noise(const struct audit_column *c)
{
	return AUDIT_SAME + AUDIT_PENNIES / c->most;
}

struct audit {
	struct disclosure_knowers knowers;
	struct audit_share *share;
	struct audit_column *column;
	uint32_t *slot; /* hash table of column + 1, 0 is free */
	size_t shares, share_room, columns, column_room, slots;
	size_t begun;            /* shares of the next asset, behind the others */
	struct audit_share *cut; /* shares by row, from column.at on */
	struct audit_row {
		struct hands own;     /* of the columns that it has to itself */
		uint32_t root;        /* of the rows that hang together */
		uint32_t first, last; /* of their columns, + 1 */
		uint32_t place;       /* among them */
		bool is_settled;      /* no sum of too few has it in it */
	} * row;
	double *times; /* by row, of the sum that is looked at; else 0 */
	/* A bit for each knower: who is still to be asked about, and of them those that are now. */
	uint64_t *asked, *same;
	struct audit_solve *solve;
};

/* All zero is none, but for who knows what. */
void audit_done(struct audit *a);

/* What the next asset has of a place. ERR_NOMEM */
MUST_CHECK int audit_put(struct audit *a, struct audit_share share);
/* That is all it has, which is in these hands. → 1; 0: it hides none, ERR_NOMEM */
MUST_CHECK int audit_add(struct audit *a, uint32_t hands);
/* All assets are there; at most so many rows are asked about. ERR_NOMEM */
MUST_CHECK int audit_ready(struct audit *a, size_t rows);

struct audit_rows {
	const uint32_t *of;    /* by place: its row + 1; 0: it is not told anew */
	const uint32_t *hands; /* by row: in whose hands all of it is, or HANDS_SEVERAL */
	size_t count;
	/* Of rows whose sum, each so many times, rests on no column: has it nothing else in it that
	 * the knower does not know? */
	bool (*is_nothing)(void *arg, const double *times, size_t knower);
	void *arg;
};

/*
 * Takes no memory. Where it does not hold, *ret_guilty is, by row, 0 or a number: one sum that does
 * not hold has the rows of one number in it, and one of these is to go.
 */
bool audit_holds(struct audit *a, const struct audit_rows *rows, uint32_t *ret_guilty);
