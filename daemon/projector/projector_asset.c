/*
 * One asset's projection as JSON: of the book in memory, or of a book that is made for the one
 * answer, as of an earlier day. The first on the projector's thread, the other on whoever asks.
 */
#include "projector_asset.h"

#include <stdlib.h>

#include "libassets/base/err.h"
#include "libassets/projection/projection_outcome.h"
#include "libassets/projection/projection_print.h"

/* Bytes of what is wrong with parameters that were sound when they were stored. */
enum { FLAWS_MAX = 64 << 10 };

int projector_asset_put(struct buf *out, struct book *book, const struct held *held, struct str id,
			int64_t position)
{
	const struct projection_result *result = book_project(book, held);
	CLEANUP(buf_done) struct buf name = BUF(64);
	char as_of[DAY_TEXT];

	buf_json(&name, id);
	day_format(book->model->as_of, as_of);
	buf_str(out, STR("{\"asset\":"));
	projection_print_asset(out, buf_view(&name), &held->in, result, book->partner.at);
	buf_str(out, STR(",\"outcomes\":"));
	projection_print_outcomes(out, book->model, &held->in, projection_is_error(result->status));
	buf_fmt(out, ",\"model_id\":%lld,\"as_of\":\"%s\",\"position\":%lld}",
		(long long)held->in.id, as_of, (long long)position);
	return buf_err(out);
}

int projector_asset_then(struct buf *out, const struct book_row *row,
			 const struct projector_frame *frame)
{
	struct arena arena;
	struct flaws flaws;
	struct book *book;
	struct held *held = NULL;
	int r = ERR_BUG;

	arena_init(&arena, FLAWS_MAX);
	flaws_init(&flaws, &arena);
	book = book_new(frame->as_of, frame->params, frame->partners, STR("[]"), &flaws);
	if (book)
		r = book_read(book, row, &held);
	if (r == 0)
		r = projector_asset_put(out, book, held, row->id, frame->position);
	if (r == ERR_INVALID)
		r = ERR_BUG;
	free(held);
	book_free(book);
	arena_done(&arena);
	return r;
}
