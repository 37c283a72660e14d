/*
 * Movements as JSON, in the form of MODEL.md 12. Added to a buffer; whether it went in is asked of
 * the buffer.
 */
#pragma once

#include "libassets/base/buf.h"
#include "movement.h"

/*
 * The object of one row, after a comma when `is_first` is not. id: how the asset stands in the
 * JSON, with its quotes if it has any. partner: names by number.
 */
void movement_print_row(struct buf *out, struct str id, const struct movement_row *row,
			const struct str *partner, bool *is_first);

/* A sum, or "E_OVERFLOW" where it does not fit an amount. */
void movement_print_sum(struct buf *out, int128 sum);
