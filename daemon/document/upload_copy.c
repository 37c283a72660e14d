/*
 * See upload_copy.h. On the worker's thread, inside a step.
 *
 * What was left out decides at the end alone whether there is a copy: one that is as its file was
 * takes no room, so the parts that were written of it are taken away again (upload_finish).
 *
 * Two who read the same file back at one time write the same places. So whoever finishes says which
 * parts it wrote, and is refused when another's stand there (document_finish.sql).
 */
#include "upload_copy.h"

#include "daemon/base/sha256.h"
#include "libassets/base/crc.h"
#include "libassets/file/document.h"
#include "libassets/file/picture.h"
#include "q.h"

/* Two parts come in a turn, and less than one waits from the last; a little is put in anew. */
enum { ROOM = 4 * DOCUMENT_PART_BYTES };

struct upload_copy {
	bool is_begun, is_photograph, is_bad;
	struct picture picture;
	char bytes[ROOM];
	size_t len, sent; /* sent: of them, in the batch under way */
	int next;         /* part */
	int64_t total;
	struct sha256 of_all, of_parts;
	uint32_t crc;
};

struct upload_copy *upload_copy_new(struct flow *f)
{
	struct upload_copy *c = ARENA_NEW(f->arena, struct upload_copy);

	if (!c)
		return NULL;
	sha256_begin(&c->of_all);
	sha256_begin(&c->of_parts);
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
	return is_there(c) && c->picture.is_less && c->len > c->sent;
}

static void note_part(struct upload_copy *c, struct str part)
{
	unsigned char hash[SHA256_BYTES];
	struct sha256 of_part;

	sha256_begin(&of_part);
	sha256_add(&of_part, part);
	sha256_now(&of_part, hash);
	sha256_add(&c->of_parts, (struct str){(const char *)hash, sizeof(hash)});
}

void upload_copy_store(struct flow *f, struct upload_copy *c, struct str document_id, bool is_last)
{
	bool is_kept = is_there(c) && (!is_last || c->picture.is_less);

	while (is_kept && c->len > c->sent &&
	       (is_last || c->len - c->sent >= DOCUMENT_PART_BYTES)) {
		size_t n = c->len - c->sent < DOCUMENT_PART_BYTES ? c->len - c->sent
								  : DOCUMENT_PART_BYTES;
		struct str part = {c->bytes + c->sent, n};

		note_part(c, part);
		q_document_part_put_add(flow_batch(f),
					&(struct q_document_part_put){
						.document_id = document_id,
						.number = DOCUMENT_COPY_FIRST + c->next++,
						.bytes = part,
					});
		c->sent += n;
	}
}

void upload_copy_stored(struct upload_copy *c)
{
	memmove(c->bytes, c->bytes + c->sent, c->len - c->sent);
	c->len -= c->sent;
	c->sent = 0;
}

static struct str bytea_of(struct flow *f, const struct sha256 *of)
{
	unsigned char hash[SHA256_BYTES];
	char *text = arena_alloc(f->arena, DB_BYTEA_TEXT(SHA256_BYTES));

	if (!text)
		return (struct str){NULL, 0};
	sha256_now(of, hash);
	db_bytea(hash, sizeof(hash), text);
	return str_of(text);
}

struct upload_copy_sum upload_copy_sum(struct flow *f, const struct upload_copy *c)
{
	struct upload_copy_sum sum = {.end = DOCUMENT_COPY_FIRST};

	if (!c || !is_there(c))
		return sum;
	sum.bytes = c->total;
	sum.sha256 = bytea_of(f, &c->of_all);
	sum.crc = c->crc;
	if (c->picture.is_less) {
		sum.parts = bytea_of(f, &c->of_parts);
		sum.end += c->next;
	}
	return sum;
}
