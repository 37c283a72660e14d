/*
 * See upload_copy.h. On the worker's thread, inside a step.
 *
 * What was left out decides at the end alone whether there is a copy: one that is as its file was
 * takes no room, so the parts that were written of it are taken away again.
 */
#include "upload_copy.h"

#include "libassets/crc.h"
#include "libassets/document.h"
#include "libassets/picture.h"
#include "q.h"
#include "sha256.h"

/* Two parts come in a turn, and less than one waits from the last; a little is put in anew. */
enum { ROOM = 4 * DOCUMENT_PART_BYTES };

struct upload_copy {
	bool is_begun, is_photograph, is_bad;
	struct picture picture;
	char bytes[ROOM];
	size_t len, sent; /* sent: of them, in the batch under way */
	int next;         /* part */
	int64_t total;
	struct sha256 of_all;
	uint32_t crc;
};

struct upload_copy *upload_copy_new(struct flow *f)
{
	struct upload_copy *c = ARENA_NEW(f->arena, struct upload_copy);

	if (c)
		sha256_begin(&c->of_all);
	return c;
}

void upload_copy_add(struct upload_copy *c, struct str piece)
{
	CLEANUP(buf_done) struct buf out = BUF(ROOM);

	if (!c->is_begun)
		c->is_photograph = picture_is(piece);
	c->is_begun = true;
	if (!c->is_photograph || c->is_bad)
		return;
	if (picture_add(&c->picture, piece, &out) < 0 || out.len > ROOM - c->len) {
		c->is_bad = true;
		return;
	}
	if (out.len)
		memcpy(c->bytes + c->len, out.at, out.len);
	c->len += out.len;
	c->total += (int64_t)out.len;
	sha256_add(&c->of_all, buf_view(&out));
	c->crc = crc_add(c->crc, buf_view(&out));
}

static bool is_there(const struct upload_copy *c)
{
	return c->is_photograph && !c->is_bad;
}

bool upload_copy_end(struct upload_copy *c)
{
	if (is_there(c) && picture_end(&c->picture) < 0)
		c->is_bad = true;
	return c->is_photograph;
}

void upload_copy_store(struct flow *f, struct upload_copy *c, struct str document_id, bool is_last)
{
	bool is_kept = is_there(c) && (!is_last || c->picture.is_less);

	while (is_kept && c->len > c->sent &&
	       (is_last || c->len - c->sent >= DOCUMENT_PART_BYTES)) {
		size_t n = c->len - c->sent < DOCUMENT_PART_BYTES ? c->len - c->sent
								  : DOCUMENT_PART_BYTES;

		q_document_part_put_add(flow_batch(f),
					&(struct q_document_part_put){
						.document_id = document_id,
						.number = DOCUMENT_COPY_FIRST + c->next++,
						.bytes = {c->bytes + c->sent, n},
					});
		c->sent += n;
	}
	/* Of a longer one that was sent before, or of one that need not be. */
	if (is_last)
		q_document_parts_clear_add(
			flow_batch(f),
			&(struct q_document_parts_clear){.document_id = document_id,
							 .first = DOCUMENT_COPY_FIRST +
								  (is_kept ? c->next : 0)});
}

void upload_copy_stored(struct upload_copy *c)
{
	memmove(c->bytes, c->bytes + c->sent, c->len - c->sent);
	c->len -= c->sent;
	c->sent = 0;
}

struct upload_copy_sum upload_copy_sum(struct flow *f, const struct upload_copy *c)
{
	unsigned char hash[SHA256_BYTES];
	char *text = arena_alloc(f->arena, DB_BYTEA_TEXT(SHA256_BYTES));
	struct upload_copy_sum sum = {0};

	if (!text || !c || !is_there(c))
		return sum;
	sha256_now(&c->of_all, hash);
	db_bytea(hash, sizeof(hash), text);
	sum = (struct upload_copy_sum){c->total, str_of(text), c->crc};
	return sum;
}
