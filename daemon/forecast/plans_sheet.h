/*
 * Plans of a partnership as a table for a spreadsheet: a line for each plan or open request, with
 * what lies beside it. A workbook has two sheets more: the adjustment by partner and year, and the
 * sites on which several bodies hold land.
 *
 * Pence become pounds with two decimals, exactly. What this reader is not shown is "withheld" in a
 * workbook; CSV has the plans alone, in which there is no money.
 */
#pragma once

#include <jansson.h>

#include "libassets/base/buf.h"
#include "libassets/base/day.h"

enum { PLANS_FILE_MAX = 64 << 20 };

/* body: as GET /v1/cpps/{id}/plans has it. ERR_LIMIT, ERR_NOMEM */
MUST_CHECK int plans_csv(struct buf *out, const json_t *body, bool is_guarded);
MUST_CHECK int plans_book(struct buf *out, const json_t *body, struct day on);
