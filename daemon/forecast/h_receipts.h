/*
 * Receipts in the type that was asked for: the answer of the projector, or of a frozen run, as
 * JSON, or as a file for a spreadsheet.
 */
#pragma once

#include "daemon/flow/flow.h"

/* Read in which type to answer. ERR_QUERY with a flaw; ERR_NOMEM */
MUST_CHECK int receipts_read(struct flow *f);
/* What a file is grouped by that says nothing else, and is not of one authority. */
#define RECEIPTS_FILE_GROUPS "YEAR,AUTHORITY"

/* Is it a file's? After receipts_read(). */
bool receipts_is_file(const struct flow *f);

/* End the step: with the answer as it is, or by asking what a file says besides. body: JSON. */
enum step_result receipts_answer(struct flow *f, struct str body);
