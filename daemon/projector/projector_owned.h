/*
 * One owner's part of an asset, year by year: what it amounts to, and prints that tell such amounts
 * and the facts behind them apart for everybody who is told of them, whatever the book's numbers.
 */
#pragma once

#include "projector_book.h"

/* Net receipts as adjusted for communities, and what the baseline has more. */
enum public_family { PUBLIC_ADJUSTED, PUBLIC_DIFFERENCE, PUBLIC_FAMILIES };

struct owned {
	uint32_t asset;
	const struct held *held;
	uint32_t partner;
	const struct projection_outcome *was; /* by the former rules; NULL: not worked out */
	int32_t fy;                           /* one year of it */
	int64_t amount[PUBLIC_FAMILIES];
};

/* Net receipts of one year of the horizon. False beyond 64 bits, which nobody is told. */
bool owned_amounts(const struct projection_model *m, const struct projection_outcome *o, int32_t fy,
		   int64_t ret[PUBLIC_FAMILIES]);

/* Of an amount of that year. Where there is one owner it does not depend on who that is. */
uint64_t owned_print(const struct book *b, const struct owned *part, int32_t fy, int64_t amount);
/* Of what is said of the asset itself, for that year. */
uint64_t owned_facts_print(const struct owned *part, int32_t fy);
