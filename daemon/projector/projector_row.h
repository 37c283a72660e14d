/*
 * Prints of a row of projection_input: other rows, very likely other prints.
 */
#pragma once

#include "projector_book.h"

/* Of all of it. */
uint64_t row_print(const struct book_row *row);
/*
 * Of what it says of the asset itself that nobody sees, as far as net receipts follow from it; the
 * same for equal values. input: the row's. ERR_NOMEM
 */
MUST_CHECK int row_facts(const struct book_row *row, const json_t *input, struct row_facts *ret);
