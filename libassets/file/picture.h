/*
 * A JPEG, PNG or WebP without what it says of where, when, by whom and with what it was taken: Exif
 * with the place, XMP, IPTC, comments, texts, thumbnails, and whatever stands behind its end. A
 * list says what is kept, so what nobody thought of goes. What is seen stays: profile of colours,
 * and which way up it is, in a small Exif of our own. Nothing is decoded; the picture's own bytes
 * pass as they are.
 *
 * Piece by piece, in memory that does not grow with the file. Sources: ITU T.81 annex B, JFIF 1.02,
 * Exif 2.32 section 4, PNG third edition sections 5 and 11, RFC 9649 section 2.7.
 * Which way up a WebP is stands in its Exif alone, and goes with it.
 */
#pragma once

#include "libassets/base/buf.h"

enum { PICTURE_HOLD = 64 << 10 }; /* the longest segment of a JPEG */

struct picture {
	int state;             /* of picture.c; 0: not begun */
	int then;              /* the state behind what is copied, skipped or held */
	uint64_t left;         /* bytes of that still to come */
	unsigned char head[8]; /* of a segment or a chunk */
	size_t head_len;
	unsigned char hold[PICTURE_HOLD];
	size_t hold_len;
	bool is_less; /* something was left out */
};

/* Does a file that begins so need it? At least 4 bytes, or all there are. */
bool picture_is(struct str begin);

/*
 * Append what is kept of the next piece. `p` was zeroed before the first.
 * ERR_DOCUMENT_TYPE  none of them, or not made as such a file is: what of it says what cannot be
 * told
 */
MUST_CHECK int picture_add(struct picture *p, struct str piece, struct buf *out);

/* Nothing more comes. ERR_DOCUMENT_TYPE  its end is missing */
MUST_CHECK int picture_end(const struct picture *p);
