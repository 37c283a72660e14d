/*
 * The answer about one asset: {"asset": {…}, "outcomes": [{…}], "model_id", "as_of", "position"}.
 */
#pragma once

#include "projector_book.h"

struct buf;

/* Add the answer of a book's own day. position: what it includes. ERR_NOMEM */
MUST_CHECK int projector_asset_put(struct buf *out, struct book *book, const struct held *held,
				   struct str id, int64_t position);

/* What an earlier day's is worked out with; JSON as book_new() takes it. */
struct projector_frame {
	struct day as_of;
	struct str params, partners;
	int64_t position;
};

/*
 * Add the answer of another day, of a book that is made for it and thrown away. On any thread;
 * takes about a millisecond. ERR_BUG  the row or the frame is not sound, or there is no memory
 */
MUST_CHECK int projector_asset_then(struct buf *out, const struct book_row *row,
				    const struct projector_frame *frame);
