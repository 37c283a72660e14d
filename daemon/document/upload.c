/*
 * Two loops, each a table that becomes itself: parts go out, four to a batch, then come back two to
 * a batch. A batch is a transaction, so what has arrived stays, whatever dies in between: who sends
 * the file again meets its parts and overwrites them with the same bytes.
 *
 * Parts go as they are (type bytes), borrowed from the request's body; what comes back is decoded
 * into one buffer. So a file takes its own length once, which http_body.c has counted, and no more.
 */
#include "upload.h"

#include <string.h>

#include "daemon/base/log.h"
#include "daemon/process/worker.h"
#include "daemon/route/h.h"
#include "libassets/base/crc.h"
#include "libassets/file/document.h"
#include "q.h"

enum { PUT_AT_ONCE = 4, GET_AT_ONCE = 2 };

static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

struct str upload_hex(struct str bytea)
{
	if (!str_starts(bytea, STR("\\x")))
		return (struct str){NULL, 0};
	return (struct str){bytea.at + 2, bytea.len - 2};
}

int64_t upload_unhex(struct str text, char *ret_bytes, size_t most)
{
	struct str hex = upload_hex(text);

	if (str_is_null(hex) || hex.len % 2 || hex.len / 2 > most)
		return ERR_BUG;
	for (size_t i = 0; i < hex.len; i += 2) {
		int high = nibble(hex.at[i]), low = nibble(hex.at[i + 1]);

		if (high < 0 || low < 0)
			return ERR_BUG;
		ret_bytes[i / 2] = (char)(high << 4 | low);
	}
	return (int64_t)(hex.len / 2);
}

bool upload_is_hash(const struct sha256 *of, struct str hex)
{
	unsigned char hash[SHA256_BYTES];
	char text[DB_BYTEA_TEXT(SHA256_BYTES)];

	sha256_now(of, hash);
	db_bytea(hash, sizeof(hash), text);
	return str_eq(upload_hex(str_of(text)), hex);
}

int upload_part(const struct db_reply *got, int statement, char *at, struct str *ret_part)
{
	struct q_document_part_get_row row;
	struct sha256 of_part;
	int r = q_document_part_get_one(got, statement, &row);
	int64_t n = r < 0 ? r : upload_unhex(row.bytes, at, DOCUMENT_PART_BYTES);

	if (n < 0)
		return n == ERR_NOT_FOUND ? ERR_DAMAGED : (int)n;
	*ret_part = (struct str){at, (size_t)n};
	sha256_begin(&of_part);
	sha256_add(&of_part, *ret_part);
	return upload_is_hash(&of_part, upload_hex(row.sha256)) ? 0 : ERR_DAMAGED;
}

static struct str hex_of(struct flow *f, const unsigned char *bytes, size_t n)
{
	char *text = arena_alloc(f->arena, DB_BYTEA_TEXT(n));

	if (!text)
		return (struct str){NULL, 0};
	db_bytea(bytes, n, text);
	return str_of(text);
}

/* --- Refused --------------------------------------------------------------------------- */

static enum step_result refused(struct flow *f)
{
	const struct upload *u = f->state;

	return flow_fail(f, u->err);
}

static const struct flow_step refuse[] = {
	{"refuse", refused},
	{0},
};

/* It cannot become a document, so nothing of it is kept. */
static enum step_result forget(struct flow *f, int err, const char *why)
{
	struct upload *u = f->state;

	u->err = err;
	flow_detail(f, str_of(why));
	q_document_parts_clear_add(flow_batch(f),
				   &(struct q_document_parts_clear){.document_id = u->id});
	(void)flow_become(f, refuse);
	return flow_send(f);
}

/* --- Looking at what is kept --------------------------------------------------------------- */

static const struct flow_step upload_reading[3];

static enum step_result read_load(struct flow *f)
{
	struct upload *u = f->state;

	for (int i = 0; i < GET_AT_ONCE && u->next + i < u->parts; i++)
		q_document_part_get_add(flow_batch(f), &(struct q_document_part_get){
							       .document_id = u->id,
							       .number = u->next + i,
						       });
	upload_copy_store(f, u->copy, u->id, false);
	return flow_send(f);
}

/* One part: into every sum. ERR_CONFLICT  it has been taken away meanwhile. */
static int look_at(struct upload *u, const struct q_document_part_get_row *row)
{
	int64_t n = upload_unhex(row->bytes, u->part, DOCUMENT_PART_BYTES);
	unsigned char part_hash[SHA256_BYTES];
	struct str piece = {u->part, (size_t)n};

	if (n < 0 || upload_unhex(row->sha256, (char *)part_hash, sizeof(part_hash)) !=
			     (int64_t)sizeof(part_hash))
		return ERR_BUG;
	sha256_add(&u->of_all, piece);
	sha256_add(&u->of_parts, (struct str){(const char *)part_hash, sizeof(part_hash)});
	u->crc = crc_add(u->crc, piece);
	sniff_add(u->sniff, piece);
	upload_copy_add(u->copy, piece);
	u->bytes += n;
	u->next++;
	return 0;
}

static enum step_result copied(struct flow *f)
{
	struct upload *u = f->state;

	return flow_become(f, u->then);
}

static const struct flow_step upload_copied[] = {
	{"copied", copied},
	{0},
};

/* All was read: is it something that is kept, and what was announced? */
static enum step_result judge(struct flow *f)
{
	struct upload *u = f->state;
	unsigned char hash[SHA256_BYTES];
	struct str found;
	const char *why;
	int r;

	sha256_now(&u->of_all, hash);
	found = upload_hex(hex_of(f, hash, sizeof(hash)));
	/* Somebody else's parts are among them: theirs will be whole, or the next try. */
	if (u->is_all && !upload_is_hash(&u->of_sent, found))
		return flow_fail(f, ERR_CONFLICT);
	r = sniff_end(u->sniff, u->name, &u->type, &why);
	if (r < 0)
		return forget(f, r, why);
	if (u->sha256.len && !str_eq(found, u->sha256))
		return forget(f, ERR_DIGEST, "Its SHA-256 is not the one that was announced.");
	if (u->originals.len && shape_is_word(found, u->originals.at))
		return forget(f, ERR_REDACTION,
			      "It is byte for byte what it was to be a redacted copy of. Take the "
			      "personal data out, and send what is left.");
	u->is_whole = true;
	if (!upload_copy_end(u->copy))
		return flow_become(f, u->then);
	upload_copy_store(f, u->copy, u->id, true);
	(void)flow_become(f, upload_copied);
	return flow_send(f);
}

static enum step_result read_look(struct flow *f)
{
	struct upload *u = f->state;
	int n = u->parts - u->next < GET_AT_ONCE ? u->parts - u->next : GET_AT_ONCE;

	upload_copy_stored(u->copy);

	for (int i = 0; i < n; i++) {
		struct q_document_part_get_row row;
		int r = q_document_part_get_one(f->got, i, &row);

		if (r == 0)
			r = look_at(u, &row);
		if (r < 0)
			return flow_fail(f, r == ERR_NOT_FOUND ? ERR_CONFLICT : r);
	}
	return u->next < u->parts ? flow_become(f, upload_reading) : judge(f);
}

static const struct flow_step upload_reading[] = {
	{"read back", read_load},
	{"look", read_look},
	{0},
};

static enum step_result begin_reading(struct flow *f)
{
	struct upload *u = f->state;

	u->sniff = ARENA_NEW(f->arena, struct sniff);
	u->part = arena_alloc(f->arena, DOCUMENT_PART_BYTES);
	u->copy = upload_copy_new(f);
	if (!u->sniff || !u->part || !u->copy)
		return flow_fail(f, ERR_NOMEM);
	sha256_begin(&u->of_all);
	sha256_begin(&u->of_parts);
	return flow_become(f, upload_reading);
}

/* --- Storing what was sent ----------------------------------------------------------------- */

static const struct flow_step upload_storing[3];

static struct str next_part(struct upload *u)
{
	size_t n = u->body.len - u->sent;
	struct str part = {u->body.at + u->sent, n < DOCUMENT_PART_BYTES ? n : DOCUMENT_PART_BYTES};

	u->sent += part.len;
	sha256_add(&u->of_sent, part);
	return part;
}

static enum step_result store_send(struct flow *f)
{
	struct upload *u = f->state;
	int number = u->first + (int)(u->sent / DOCUMENT_PART_BYTES);

	for (int i = 0; i < PUT_AT_ONCE && u->sent < u->body.len; i++)
		q_document_part_put_add(flow_batch(f), &(struct q_document_part_put){
							       .document_id = u->id,
							       .number = number++,
							       .bytes = next_part(u),
						       });
	/* Of a longer file that was begun and given up. */
	if (u->sent == u->body.len && u->is_all)
		q_document_parts_clear_add(
			flow_batch(f),
			&(struct q_document_parts_clear){.document_id = u->id, .first = number});
	u->count_at = db_batch_count(flow_batch(f));
	q_document_parts_add(flow_batch(f),
			     &(struct q_document_parts){.document_id = u->id,
							.part_bytes = DOCUMENT_PART_BYTES});
	return flow_send(f);
}

static enum step_result store_next(struct flow *f)
{
	struct upload *u = f->state;
	struct q_document_part_put_row put;
	struct q_document_parts_row got;
	int r = q_document_part_put_one(f->got, 0, &put);

	if (r == ERR_NOT_FOUND)
		return flow_fail(f, ERR_DOCUMENT_STATE);
	if (r == 0 && u->sent < u->body.len)
		return flow_become(f, upload_storing);
	if (r == 0)
		r = q_document_parts_one(f->got, u->count_at, &got);
	if (r < 0)
		return flow_fail(f, r);
	u->parts = got.count;
	u->originals = arena_str(f->arena, got.originals);
	if (got.is_gapless && (u->is_all || got.bytes == u->announced))
		return begin_reading(f);
	return flow_become(f, u->then);
}

static const struct flow_step upload_storing[] = {
	{"store parts", store_send},
	{"stored", store_next},
	{0},
};

enum step_result upload_begin(struct flow *f, struct upload *u)
{
	f->state = u;
	sha256_begin(&u->of_sent);
	if (u->body.len)
		return flow_become(f, upload_storing);
	flow_detail(f, STR("It is empty."));
	return flow_fail(f, ERR_DOCUMENT_TYPE);
}

bool upload_finish(struct flow *f, struct upload *u)
{
	unsigned char hash[SHA256_BYTES], parts[SHA256_BYTES];
	struct upload_copy_sum copy;

	if (!u->is_whole)
		return false;
	sha256_now(&u->of_all, hash);
	sha256_now(&u->of_parts, parts);
	copy = upload_copy_sum(f, u->copy);
	q_document_lock_add(flow_batch(f), &(struct q_document_lock){.id = u->id});
	/* Of a longer copy, or of another file's that came before. */
	q_document_parts_clear_add(flow_batch(f), &(struct q_document_parts_clear){
							  .document_id = u->id, .first = copy.end});
	q_document_finish_add(flow_batch(f), &(struct q_document_finish){
						     .id = u->id,
						     .media_type = str_of(file_type_media(u->type)),
						     .byte_count = u->bytes,
						     .sha256 = hex_of(f, hash, sizeof(hash)),
						     .crc32 = u->crc,
						     .parts = hex_of(f, parts, sizeof(parts)),
						     .clean_byte_count = copy.bytes,
						     .has_clean_byte_count = copy.bytes > 0,
						     .clean_sha256 = copy.sha256,
						     .clean_crc32 = copy.crc,
						     .has_clean_crc32 = copy.bytes > 0,
						     .clean_parts = copy.parts,
						     .scan = str_of(f->worker->scan),
					     });
	q_document_change_add(flow_batch(f), &(struct q_document_change){
						     .id = h_id(f, "evt_"),
						     .type = STR("document.added"),
						     .document_id = u->id,
					     });
	return true;
}
