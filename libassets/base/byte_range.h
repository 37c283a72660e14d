/*
 * Ranges of bytes: what a reader asks for (RFC 9110 section 14.2), and which part of a file a
 * sender sends (section 14.4). One range at a time.
 */
#pragma once

#include "str.h"

/* From `first` to `last`, both inside; of a file of `total` bytes. */
struct byte_range {
	int64_t first, last, total;
};

/*
 * Read a Range field for a file of `total` bytes, at least one: "bytes=0-99", "bytes=100-",
 * "bytes=-500". What goes past the end is cut.
 * ERR_INVALID        not a single range of bytes, which is to be passed over
 * ERR_UNSATISFIABLE  a range, and the file has no byte of it
 */
MUST_CHECK int byte_range_read(struct str field, int64_t total, struct byte_range *ret);

/*
 * Read a Content-Range field: "bytes 0-262143/1000000".
 * ERR_INVALID  it is none, its total is not told, or it does not lie within that
 */
MUST_CHECK int byte_range_sent(struct str field, struct byte_range *ret);
