/*
 * What an asset amounts to year by year and what each of its owners has of it, and prints that tell
 * such amounts and the facts behind them apart for everybody who is told of them, whatever the
 * book's numbers.
 */
#pragma once

#include "projector_book.h"

/* Net receipts as adjusted for communities, and what the baseline has more. The sum of both is told
 * by them, and never by itself. */
enum public_family { PUBLIC_ADJUSTED, PUBLIC_DIFFERENCE, PUBLIC_FAMILIES };

/* Of one asset under one model. All zero is none; memory is kept for the next asset. */
struct owned {
	int32_t first_fy; /* the years of the horizon */
	uint32_t years;
	struct owned_net {
		int128 baseline, adjusted;
	} * net; /* by owner and year, and behind them of the whole */
	uint32_t owners;
	size_t room;
};

void owned_done(struct owned *o);

/* Projected with the model of the book that has counted it. Nothing where that cannot be projected.
 * ERR_NOMEM */
MUST_CHECK int owned_work_out(struct owned *o, struct book *b, const struct held *h);
/* … of the whole alone, were it worth a little less: amounts that are then the same do not move
 * with what it is worth. */
MUST_CHECK int owned_work_out_less(struct owned *o, struct book *b, const struct held *h);

/* … with the model of a book that has not counted it. */
MUST_CHECK int owned_work_out_other(struct owned *o, struct book *b, const struct held *h);

/* Of one owner, o->owners for the whole; 0 outside the years, and beyond 64 bits, of which nobody
 * is told. */
int64_t owned_amount(const struct owned *o, uint32_t owner, int32_t fy, enum public_family f);

/* Of the asset itself, for ever. Never 0. */
uint64_t owned_print(const struct held *h);
/* Of an amount of that year. asset: its own print. owner: whose part it is, absent for the whole.
 */
uint64_t owned_amount_print(uint64_t asset, struct str owner, int32_t fy, int64_t amount);
/* Of what the asset is worth, which nobody sees; and of nothing that is hidden. */
uint64_t owned_worth_print(const struct held *h);
uint64_t owned_nothing_print(const struct held *h);
/* … of what it is worth, by its body and class and not by which asset it is. Never 0. */
uint64_t owned_like_print(const struct book *b, const struct held *h);
