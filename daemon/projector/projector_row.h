/*
 * A print of a row of projection_input: another row, very likely another print.
 */
#pragma once

#include "projector_book.h"

/* Of all of it. */
uint64_t row_print(const struct book_row *row);
