/*
 * A CSV file cut into parts of whole records, each with the header of the whole: what is too
 * large to be sent at once is sent so.
 *
 * Where a record ends is what RFC 4180 says: at a line break outside quotes, where quotes
 * open only at the start of a field, as the daemon reads them.
 */
#pragma once

#include "libassets/base/str.h"

/* How far a file has been cut. */
struct csv_split {
	struct str
		head; /* the first record with its line break, borrowed; empty in an empty file */
	struct str rest;
	char separator; /* of its columns: behind one, quotes may open */
};

/* Begin with a whole file, which must outlive it; a byte order mark goes with the header. */
void csv_split_init(struct csv_split *s, struct str file, char separator);

/*
 * The next records, at most so many; borrowed. False when there is none left. A quote that is
 * never closed makes all that follows one record.
 */
bool csv_split_next(struct csv_split *s, size_t records, struct str *ret_records);
