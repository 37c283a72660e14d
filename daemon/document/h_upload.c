/*
 * PUT /v1/documents/{id}/content: the file of a document, whole, or a part of it with a
 * Content-Range whose first byte is a multiple of 256 KiB. Parts may come in any order, twice, and
 * from several senders; with the one that was missing last the file is looked at and the document
 * is STORED.
 *
 * A file is sent once: If-None-Match: * says so, as does If-Match with the version that was made.
 */
#include "daemon/route/h.h"
#include "h_document.h"
#include "libassets/base/byte_range.h"
#include "libassets/file/document.h"
#include "q.h"
#include "upload.h"

static enum step_result put_load(struct flow *f)
{
	q_document_load_add(flow_batch(f), &(struct q_document_load){.id = f->param[0]});
	return flow_send(f);
}

static int may_put(struct flow *f, const struct q_document_load_row *row)
{
	bool is_open = str_eq(row->state, STR("UPLOADING"));
	bool is_said = !str_is_null(http_field_get(f->request, STR("if-match")));
	int r = row->is_gone ? ERR_GONE : h_may(f, PERM_DOCUMENT_WRITE, row->authority_id);

	/* Without a file there is nothing yet that If-None-Match could find. */
	if (r == 0)
		r = flow_if_match(f, is_open && !is_said ? 0 : row->version);
	if (r == 0 && !is_open)
		r = ERR_DOCUMENT_STATE;
	return r;
}

static int bad_range(struct flow *f, struct str detail)
{
	flaw_add(
		&f->flaws, STR("Content-Range"), STR("BAD_FORM"), detail,
		STR("Send parts of 262144 bytes or a multiple, such as bytes 262144-524287/900000; "
		    "only the last may be shorter."));
	return ERR_INVALID;
}

/* Which part of the file the body is. */
static int place(struct flow *f, struct upload *u)
{
	struct str field = http_field_get(f->request, STR("content-range"));
	struct byte_range r;

	u->is_all = str_is_null(field);
	if (u->is_all)
		return 0;
	if (byte_range_sent(field, &r) < 0)
		return bad_range(f, STR("This is no part of a file of known length."));
	if (r.total > DOCUMENT_BYTES_MAX)
		return ERR_LIMIT;
	if (r.last - r.first + 1 != (int64_t)u->body.len)
		return bad_range(f, STR("The body is not as long as the part."));
	if (r.first % DOCUMENT_PART_BYTES ||
	    ((r.last + 1) % DOCUMENT_PART_BYTES && r.last + 1 != r.total))
		return bad_range(f, STR("The part does not begin and end where parts do."));
	u->first = (int)(r.first / DOCUMENT_PART_BYTES);
	if (u->announced && u->announced != r.total)
		return ERR_DIGEST;
	u->announced = r.total;
	return 0;
}

static const struct flow_step upload_ended[3];

static enum step_result put_begin(struct flow *f)
{
	struct upload *u = ARENA_NEW(f->arena, struct upload);
	struct q_document_load_row row;
	int r = u ? q_document_load_one(f->got, 0, &row) : ERR_NOMEM;

	if (r == 0)
		r = may_put(f, &row);
	if (r < 0)
		return flow_fail(f, r);
	u->id = f->param[0];
	u->name = arena_str(f->arena, row.file_name);
	u->sha256 = arena_str(f->arena, row.sha256);
	u->announced = row.has_byte_count ? row.byte_count : 0;
	u->body = f->request->body;
	u->then = upload_ended;
	r = place(f, u);
	if (r == 0 && u->is_all && u->announced && u->announced != (int64_t)u->body.len)
		r = ERR_DIGEST;
	return r < 0 ? flow_fail(f, r) : upload_begin(f, u);
}

static enum step_result put_end(struct flow *f)
{
	struct upload *u = f->state;

	return flow_store_end(f, "doc", u->id, upload_finish(f, u) ? 201 : 200);
}

static const struct flow_step upload_ended[] = {
	{"finish", put_end},
	{"answer", flow_store_answer},
	{0},
};

const struct flow_step flow_document_put[] = {
	{"load", put_load},
	{"take", put_begin},
	{0},
};
