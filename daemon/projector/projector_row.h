/*
 * Prints of a row of projection_input: other rows, very likely other prints.
 */
#pragma once

#include "projector_book.h"

/* Of all of it. */
uint64_t row_print(const struct book_row *row);
/*
 * Of what it says of the asset itself; the same for equal values. input: the row's, which loses
 * its owners, requests and sale. ERR_NOMEM
 */
MUST_CHECK int row_facts(const struct book_row *row, json_t *input, struct row_facts *ret);
