/*
 * What a budget expects of capital receipts, by financial year: as JSON, or as a list that finance
 * has in a spreadsheet.
 */
#pragma once

#include <jansson.h>

#include "libassets/shape/flaw.h"
#include "libassets/shape/wire.h"

enum { BUDGET_YEARS_MAX = 100, BUDGET_CSV_MAX = 64 << 10 /* bytes of a list */ };

struct budget {
	struct budget_year {
		int32_t fy;
		int64_t pence;    /* not negative, at most SHAPE_PENCE_MAX */
	} year[BUDGET_YEARS_MAX]; /* in order, each once */
	size_t count;
};

/*
 * Read [{"year": "2027-28", "amount_pence": 1}]. value: the list; NULL reads as no years.
 * ERR_INVALID  with flaws: those of wire_read, NOT_A_YEAR, DUPLICATE, TOO_MANY
 */
MUST_CHECK int budget_read(json_t *value, const struct wire_at *at, struct flaws *flaws,
			   struct budget *ret_budget);

/*
 * Read lines with a header, or cells pasted from a spreadsheet: columns are separated by tabs, or
 * else by commas. Known are year (financial_year), and amount_pence, or in pounds amount_gbp
 * (amount, budget, receipts), blanks and underscores being the same; without a header the year and
 * pounds. "2027-28", "2027/28" and "2027/2028" are one year. By commas, a line has no more fields
 * than there are columns, since an amount's own commas would cut it.
 * ERR_INVALID  with flaws at "/lines/N": BAD_CSV, NO_HEADER, NOT_A_YEAR, NOT_A_NUMBER, DUPLICATE,
 * TOO_MANY; NOTHING_HERE of the whole
 */
MUST_CHECK int budget_read_csv(struct str list, struct flaws *flaws, struct budget *ret_budget);

/* As budget_read has it: yours. NULL without memory. */
json_t *budget_json(const struct budget *b);
