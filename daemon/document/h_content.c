/*
 * A document's file on its way out, by API and from pages: one part after another, each asked of
 * the database when the client has taken the one before. A part is held against its SHA-256 before
 * a byte of it leaves, and the last one of a whole file waits for the sum of all: so what has been
 * damaged at rest ends in a 500 or in a cut connection, never in a file that looks whole.
 *
 * The answer is an attachment of the right type that a browser may neither run nor sniff
 * (ROUTE_FILE, http_write.c). Its ETag is the file's hash.
 */
#include <openssl/evp.h>

#include "daemon/base/log.h"
#include "daemon/flow/flow_stream.h"
#include "daemon/route/h.h"
#include "h_document.h"
#include "libassets/base/byte_range.h"
#include "libassets/base/content_name.h"
#include "libassets/file/document.h"
#include "libassets/file/sniff.h"
#include "q.h"
#include "upload.h"

struct content {
	struct str type, sha256; /* sha256: 64 digits */
	struct byte_range range; /* of what is sent */
	bool is_part;            /* a range was asked for */
	bool is_begun;           /* the head is out */
	int next;                /* part */
	int first;               /* which part stands first */
	struct sha256 of_all;
	char part[DOCUMENT_PART_BYTES];
};

static enum step_result content_load(struct flow *f)
{
	q_document_file_add(flow_batch(f), &(struct q_document_file){.id = f->param[0]});
	return flow_send(f);
}

/* The range that is asked for, where the client's copy is of these very bytes (RFC 9110 14.2). */
static int read_range(struct flow *f, struct content *c)
{
	struct str field = http_field_get(f->request, STR("range"));
	struct str only_if = str_trim(http_field_get(f->request, STR("if-range")));
	int r;

	if (str_is_null(field) || f->request->method != METHOD_GET)
		return 0;
	if (only_if.len &&
	    !str_eq(only_if, arena_fmt(f->arena, "\"%.*s\"", (int)c->sha256.len, c->sha256.at)))
		return 0;
	r = byte_range_read(field, c->range.total, &c->range);
	c->is_part = r == 0;
	if (r == ERR_UNSATISFIABLE)
		http_reply_field(f->reply, STR("Content-Range"),
				 arena_fmt(f->arena, "bytes */%lld", (long long)c->range.total));
	return r == ERR_INVALID ? 0 : r;
}

/* RFC 9530: of the whole file, also where a range of it is sent. */
static void put_digest(struct flow *f, const struct content *c)
{
	unsigned char hash[32], base64[48];
	struct str bytea = arena_fmt(f->arena, "\\x%.*s", (int)c->sha256.len, c->sha256.at);
	struct str field;

	if (str_is_null(bytea) || upload_unhex(bytea, (char *)hash, sizeof(hash)) != sizeof(hash))
		return;
	(void)EVP_EncodeBlock(base64, hash, sizeof(hash));
	field = arena_fmt(f->arena, "sha-256=:%s:", (const char *)base64);
	if (field.at)
		http_reply_field(f->reply, STR("Repr-Digest"), field);
}

static int put_fields(struct flow *f, const struct content *c, struct str name)
{
	CLEANUP(buf_done) struct buf out = BUF(4096);
	struct str disposition, range, owed = file_type_ending_owed(c->type, name);

	if (owed.len)
		name = arena_fmt(f->arena, "%.*s.%.*s", (int)name.len, name.at, (int)owed.len,
				 owed.at);
	content_disposition(&out, name);
	disposition = arena_str(f->arena, buf_view(&out));
	range = arena_fmt(f->arena, "bytes %lld-%lld/%lld", (long long)c->range.first,
			  (long long)c->range.last, (long long)c->range.total);
	if (buf_err(&out) || !disposition.at || !range.at)
		return ERR_NOMEM;
	http_reply_field(f->reply, STR("Content-Disposition"), disposition);
	http_reply_field(f->reply, STR("Accept-Ranges"), STR("bytes"));
	if (c->is_part)
		http_reply_field(f->reply, STR("Content-Range"), range);
	put_digest(f, c);
	return 0;
}

static int content_read(struct flow *f, struct content *c, struct q_document_file_row *row)
{
	int r = q_document_file_one(f->got, 0, row);

	if (r == 0 && row->gone)
		r = ERR_GONE;
	if (r == 0 && !str_eq(row->state, STR("STORED")))
		r = ERR_NOT_FOUND;
	if (r == 0 && !str_eq(row->scan, STR("CLEAN")) && !str_eq(row->scan, STR("NOT_SCANNED")))
		r = ERR_DOCUMENT_HELD;
	if (r < 0)
		return r;
	c->type = arena_str(f->arena, row->media_type);
	c->sha256 = arena_str(f->arena, row->sha256);
	c->range = (struct byte_range){0, row->byte_count - 1, row->byte_count};
	c->first = row->first;
	sha256_begin(&c->of_all);
	return c->type.at && c->sha256.at ? 0 : ERR_NOMEM;
}

static const struct flow_step content_pouring[4];

/* Only when the first part is known to be sound, so that a 500 can still be said. */
static enum step_result content_begin(struct flow *f)
{
	struct content *c = f->state;

	c->is_begun = flow_stream_begin_sized(f, c->is_part ? 206 : 200, c->type,
					      c->range.last - c->range.first + 1);
	return STEP_DONE;
}

static enum step_result content_open(struct flow *f)
{
	struct content *c = f->state = ARENA_NEW(f->arena, struct content);
	struct q_document_file_row row;
	int r = c ? content_read(f, c, &row) : ERR_NOMEM;

	if (r < 0)
		return flow_fail(f, r);
	if (flow_etag_strong(f, c->sha256))
		return STEP_DONE;
	r = read_range(f, c);
	if (r == 0)
		r = put_fields(f, c, row.file_name);
	if (r < 0)
		return flow_fail(f, r);
	c->next = (int)(c->range.first / DOCUMENT_PART_BYTES);
	return f->request->method == METHOD_HEAD ? content_begin(f)
						 : flow_become(f, content_pouring);
}

const struct flow_step flow_document_content[] = {
	{"load", content_load},
	{"open", content_open},
	{0},
};

static enum step_result part_load(struct flow *f)
{
	struct content *c = f->state;

	q_document_part_get_add(flow_batch(f),
				&(struct q_document_part_get){.document_id = f->param[0],
							      .number = c->first + c->next});
	return flow_send(f);
}

/* The part; of a whole file the last one only if all of it is what was stored. */
static int part_read(struct flow *f, struct content *c, struct str *ret_part)
{
	int r = upload_part(f->got, 0, c->part, ret_part);
	bool is_last = r == 0 && c->next * (int64_t)DOCUMENT_PART_BYTES + (int64_t)ret_part->len >=
					 c->range.total;

	if (r < 0)
		return r;
	if (!is_last && ret_part->len < DOCUMENT_PART_BYTES)
		return ERR_DAMAGED;
	sha256_add(&c->of_all, *ret_part);
	return c->is_part || !is_last || upload_is_hash(&c->of_all, c->sha256) ? 0 : ERR_DAMAGED;
}

static enum step_result part_pour(struct flow *f)
{
	struct content *c = f->state;
	int64_t at = c->next * (int64_t)DOCUMENT_PART_BYTES;
	struct buf piece = BUF(DOCUMENT_PART_BYTES);
	struct str part;
	int r = part_read(f, c, &part);

	if (r < 0) {
		log_error("document not sent", F_TEXT("document", f->param[0]),
			  F_INT("part", c->next), F_ERR(r));
		return flow_fail(f, r);
	}
	if (at + (int64_t)part.len > c->range.last + 1)
		part.len = (size_t)(c->range.last + 1 - at);
	if (at < c->range.first) {
		size_t skip = (size_t)(c->range.first - at);

		part = (struct str){part.at + skip, part.len - skip};
	}
	c->next++;
	if (!c->is_begun)
		(void)content_begin(f);
	buf_str(&piece, part);
	if (buf_err(&piece) < 0)
		return flow_fail(f, buf_err(&piece));
	flow_stream_add(f, &piece);
	return flow_stream_wait(f);
}

static enum step_result part_next(struct flow *f)
{
	struct content *c = f->state;

	if (c->next * (int64_t)DOCUMENT_PART_BYTES <= c->range.last)
		return flow_become(f, content_pouring);
	return STEP_DONE;
}

static const struct flow_step content_pouring[] = {
	{"part", part_load},
	{"pour", part_pour},
	{"next", part_next},
	{0},
};
