/*
 * What a request has, put together by the statements and items that its pages and lists use: so the
 * file says nothing that its reader could not read one by one. Of two variants `full` is what the
 * reader may read, for members of the authority; `redacted` is what everybody may, because it is
 * asked for in nobody's name: no list here says what is to be left out.
 *
 * All but the documents is text, made at once. With the length and CRC of each document known since
 * it came, the archive's own length is known before its first byte (zip.h), and documents pass
 * through part by part. The same request at the same place of the feed gives the same bytes.
 */
#include "case_file.h"

#include "daemon/base/log.h"
#include "daemon/document/upload.h"
#include "daemon/flow/flow_stream.h"
#include "daemon/page/dress.h"
#include "daemon/page/p.h"
#include "daemon/page/p_due.h"
#include "daemon/page/page.h"
#include "daemon/process/process.h"
#include "daemon/process/worker.h"
#include "libassets/base/content_name.h"
#include "libassets/base/crc.h"
#include "libassets/file/document.h"
#include "libassets/file/sniff.h"
#include "libassets/file/zip.h"
#include "q.h"

enum {
	ROWS_MAX = 1000, /* of each list */
	DOCUMENTS_MAX = 1000,
	TEXT_MAX = 16 << 20, /* bytes of one of the texts */
	NAME_MAX_BYTES = 400,
	TEXTS = 8,
};

/* The statements, in the order in which case_ask adds them. */
enum { HEAD, LEDGER, HISTORY, NOTICES, REPRESENTATIONS, ITEMS, FILES };

struct case_file {
	struct q_case_file_row head;
	const char *variant;
	struct zip_file file[TEXTS + DOCUMENTS_MAX];
	struct {
		struct str text; /* absent: a document */
		struct str document_id, sha256;
		int first; /* its first part */
	} entry[TEXTS + DOCUMENTS_MAX];
	size_t count;
	size_t at; /* what is being sent */
	int part;  /* of a document */
	struct sha256 of_document;
	bool is_begun, is_ended;
	char bytes[DOCUMENT_PART_BYTES];
};

/* --- Asking ------------------------------------------------------------------------------ */

static void ask_list(struct flow *f, const char *kind, const char *sort)
{
	CLEANUP(buf_done) struct buf filter = BUF(4 * HTTP_TARGET_MAX);

	buf_str(&filter, STR("{\"request_id\":["));
	buf_json(&filter, f->param[0]);
	buf_str(&filter, STR("]}"));
	q_item_list_add(flow_batch(f), &(struct q_item_list){.kind = str_of(kind),
							     .filter = buf_view(&filter),
							     .sort = str_of(sort),
							     .take = ROWS_MAX + 1});
}

static void case_ask(struct flow *f, bool is_public)
{
	struct str id = f->param[0];

	q_case_file_add(flow_batch(f), &(struct q_case_file){.id = id});
	q_request_ledger_add(flow_batch(f),
			     &(struct q_request_ledger){.request_id = id, .take = ROWS_MAX + 1});
	q_subject_history_add(flow_batch(f),
			      &(struct q_subject_history){.subject = id, .take = ROWS_MAX + 1});
	ask_list(f, "ntc", "number");
	ask_list(f, "rep", "number");
	ask_list(f, "doc", "id");
	q_case_documents_add(flow_batch(f), &(struct q_case_documents){.request_id = id,
								       .is_public = is_public,
								       .take = DOCUMENTS_MAX + 1});
}

/* --- As a page ----------------------------------------------------------------------------- */

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* What others said, and what the community body answered, each by its name. */
static void put_representations(struct page *p, json_t *list)
{
	json_t *one;
	size_t i;

	json_array_foreach (list, i, one)
		page_put_in(p, one, "is_answer",
			    json_boolean(strcmp(text_of(one, "kind"), "COMMENTS") == 0));
	page_put(p, "representations", list);
}

/* Put all that is shown into the page; base: where the first statement stands in the reply. */
static int case_put(struct page *p, int base)
{
	static const char *const name[] = {"authority_name", "community_body_name", "asset_name"};
	struct flow *f = p->flow;
	struct q_case_file_row row;
	int r = q_case_file_one(f->got, base + HEAD, &row);
	json_auto_t *root = NULL;
	json_t *request;

	if (r < 0)
		return r;
	root = json_loadb(row.body.at, row.body.len, 0, NULL);
	request = json_object_get(root, "request");
	for (size_t i = 0; i < COUNT(name); i++)
		page_put_of(p, request, name[i], json_object_get(root, "more"));
	page_put(p, "title", json_sprintf("File of request %s", text_of(request, "reference")));
	dates_put(p, request);
	page_put(p, "request", json_incref(request));
	page_put(p, "acts", page_items(f, base + LEDGER));
	page_put(p, "notices", page_items(f, base + NOTICES));
	put_representations(p, page_items(f, base + REPRESENTATIONS));
	page_put(p, "documents", page_items(f, base + ITEMS));
	page_put(p, "feed_position", json_integer(row.position));
	page_put(p, "is_member", json_boolean(row.is_member));
	return 0;
}

static enum step_result page_load(struct flow *f)
{
	(void)page_batch(f);
	case_ask(f, false);
	return flow_send(f);
}

static enum step_result page_answer(struct flow *f)
{
	struct page p = page_begin(f, "");
	int r;

	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, "/requests", STR("Requests"));
	r = case_put(&p, PAGE_FRAME + 1);
	if (r < 0) {
		json_decref(p.data);
		return flow_fail(f, r);
	}
	return page_end(&p, "case_page", PAGE_REQUESTS, 200);
}

const struct flow_step page_case_file[] = {
	{"load", page_load},
	{"answer", page_answer},
	{0},
};

/* --- As an archive: its texts --------------------------------------------------------------- */

static int hash_text(struct flow *f, struct str bytes, struct str *ret_hex)
{
	unsigned char hash[SHA256_BYTES];
	char text[DB_BYTEA_TEXT(SHA256_BYTES)];
	struct sha256 s;

	sha256_begin(&s);
	sha256_add(&s, bytes);
	sha256_now(&s, hash);
	db_bytea(hash, sizeof(hash), text);
	*ret_hex = arena_str(f->arena, upload_hex(str_of(text)));
	return str_is_null(*ret_hex) ? ERR_NOMEM : 0;
}

/* "ATR-2026-12/documents/01 Plan.pdf" */
static int put_name(struct flow *f, struct case_file *c, size_t i, const char *folder,
		    struct str name)
{
	CLEANUP(buf_done) struct buf out = BUF(NAME_MAX_BYTES);

	buf_str(&out, c->head.reference);
	buf_char(&out, '/');
	buf_str(&out, str_of(folder));
	buf_str(&out, name);
	if (buf_err(&out) < 0)
		return buf_err(&out);
	c->file[i].name = arena_str(f->arena, buf_view(&out));
	return str_is_null(c->file[i].name) ? ERR_NOMEM : 0;
}

/* A text at a place of its own; the manifest is first, and made last. */
static int put_text(struct flow *f, struct case_file *c, size_t i, const char *name,
		    const struct buf *text)
{
	int r = buf_err(text);

	if (r == 0)
		r = put_name(f, c, i, "", str_of(name));
	if (r == 0)
		r = hash_text(f, buf_view(text), &c->entry[i].sha256);
	if (r < 0)
		return r;
	c->entry[i].text = arena_str(f->arena, buf_view(text));
	c->file[i].bytes = (int64_t)text->len;
	c->file[i].crc = crc_add(0, buf_view(text));
	return day_parse(c->head.updated_on, &c->file[i].on);
}

/* The rows of a statement as a list; ERR_LIMIT when there are more than a file shows. */
static int put_list(struct flow *f, struct case_file *c, const char *name, int statement)
{
	CLEANUP(buf_done) struct buf out = BUF(TEXT_MAX);
	int n = db_rows(f->got, statement), r;

	if (n > ROWS_MAX) {
		flow_detail(f, STR("The request has more than 1,000 entries of one kind."));
		return ERR_LIMIT;
	}
	buf_str(&out, STR("{\"items\":["));
	for (int i = 0; i < n; i++) {
		buf_str(&out, i ? STR(",\n") : STR("\n"));
		buf_str(&out, db_value(f->got, statement, i, 0));
	}
	buf_str(&out, STR("\n]}\n"));
	r = put_text(f, c, c->count, name, &out);
	c->count++;
	return r;
}

static int put_request(struct flow *f, struct case_file *c)
{
	CLEANUP(buf_done) struct buf out = BUF(TEXT_MAX);
	int r;

	buf_str(&out, c->head.body);
	buf_char(&out, '\n');
	r = put_text(f, c, c->count, "request.json", &out);
	c->count++;
	return r;
}

/* What people open: the same as the page, without what a site has around it. */
static int put_html(struct flow *f, struct case_file *c)
{
	struct http_reply scratch = {.body = BUF(TEXT_MAX)};
	struct page p = page_begin(f, "");
	int r = case_put(&p, 0);

	page_put(&p, "variant", json_string(c->variant));
	if (r == 0)
		r = p.err;
	if (r == 0)
		r = dress(p.data, f->today);
	if (r == 0)
		r = pages_render(f->worker->process->pages, "case_file", PAGE_NOWHERE, ENGLISH,
				 p.data, &scratch);
	if (r == 0)
		r = put_text(f, c, c->count, "index.html", &scratch.body);
	c->count++;
	json_decref(p.data);
	buf_done(&scratch.body);
	return r;
}

static int put_document(struct flow *f, struct case_file *c, int i)
{
	CLEANUP(buf_done) struct buf name = BUF(NAME_MAX_BYTES);
	struct q_case_documents_row row;
	struct str owed;
	size_t at = c->count;
	int r = q_case_documents_row(f->got, FILES, i, &row);

	if (r < 0)
		return r;
	buf_fmt(&name, "%02d ", i + 1);
	content_file_name(&name, row.file_name);
	owed = file_type_ending_owed(row.media_type, buf_view(&name));
	if (owed.len)
		buf_fmt(&name, ".%.*s", (int)owed.len, owed.at);
	r = put_name(f, c, at, "documents/", buf_view(&name));
	if (r == 0)
		r = day_parse(row.received_on, &c->file[at].on);
	c->file[at].bytes = row.byte_count;
	c->file[at].crc = (uint32_t)row.crc32;
	c->entry[at].document_id = arena_str(f->arena, row.id);
	c->entry[at].first = row.first;
	c->entry[at].sha256 = arena_str(f->arena, row.sha256);
	c->count++;
	return r;
}

static int put_documents(struct flow *f, struct case_file *c)
{
	int n = q_case_documents_count(f->got, FILES), r = 0;

	if (n > DOCUMENTS_MAX) {
		flow_detail(f, STR("The request has more than 1,000 documents."));
		return ERR_LIMIT;
	}
	for (int i = 0; r == 0 && i < n; i++)
		r = put_document(f, c, i);
	return r;
}

/* Every file with its hash, which request this is, and where the feed stood: goes first. */
static int put_manifest(struct flow *f, struct case_file *c)
{
	CLEANUP(buf_done) struct buf out = BUF(TEXT_MAX);

	buf_str(&out, STR("{\"request_id\":"));
	buf_json(&out, f->param[0]);
	buf_str(&out, STR(",\"reference\":"));
	buf_json(&out, c->head.reference);
	buf_fmt(&out, ",\"version\":%d,\"variant\":\"%s\",\"position\":%lld,\"files\":[",
		c->head.version, c->variant, (long long)c->head.position);
	for (size_t i = 1; i < c->count; i++) {
		buf_str(&out, i > 1 ? STR(",\n{\"name\":") : STR("\n{\"name\":"));
		buf_json(&out, c->file[i].name);
		buf_fmt(&out, ",\"bytes\":%lld,\"sha256\":", (long long)c->file[i].bytes);
		buf_json(&out, c->entry[i].sha256);
		if (c->entry[i].document_id.len) {
			buf_str(&out, STR(",\"document_id\":"));
			buf_json(&out, c->entry[i].document_id);
		}
		buf_char(&out, '}');
	}
	buf_str(&out, STR("\n]}\n"));
	return put_text(f, c, 0, "manifest.json", &out);
}

/* --- As an archive: on its way ----------------------------------------------------------- */

static bool is_full(struct flow *f)
{
	return str_eq(flow_query(f, "variant"), STR("full"));
}

static enum step_result zip_load(struct flow *f)
{
	struct str variant = flow_query(f, "variant");

	if (variant.len && !str_eq(variant, STR("redacted")) && !is_full(f)) {
		flaw_add(&f->flaws, STR("?variant"), STR("NOT_IN_LIST"),
			 STR("There is no such variant."),
			 STR("Send variant=redacted or variant=full."));
		return flow_fail(f, ERR_QUERY);
	}
	/* Nobody's eyes: whatever everybody may read, and nothing else. */
	if (!is_full(f))
		f->who = &auth_anonymous;
	case_ask(f, !is_full(f));
	return flow_send(f);
}

static int put_all(struct flow *f, struct case_file *c)
{
	int r = q_case_file_one(f->got, HEAD, &c->head);

	if (r == 0 && is_full(f) && !c->head.is_member)
		r = f->who->id.len ? ERR_FORBIDDEN : ERR_UNAUTHENTICATED;
	if (r < 0)
		return r;
	c->head.reference = arena_str(f->arena, c->head.reference);
	c->variant = is_full(f) ? "full" : "redacted";
	c->count = 1;
	r = put_html(f, c);
	if (r == 0)
		r = put_request(f, c);
	if (r == 0)
		r = put_list(f, c, "ledger.json", LEDGER);
	if (r == 0)
		r = put_list(f, c, "history.json", HISTORY);
	if (r == 0)
		r = put_list(f, c, "notices.json", NOTICES);
	if (r == 0)
		r = put_list(f, c, "representations.json", REPRESENTATIONS);
	if (r == 0)
		r = put_list(f, c, "documents.json", ITEMS);
	if (r == 0)
		r = put_documents(f, c);
	return r < 0 ? r : put_manifest(f, c);
}

static const struct flow_step zip_sending[4];

static enum step_result zip_open(struct flow *f)
{
	struct case_file *c = f->state = ARENA_NEW(f->arena, struct case_file);
	CLEANUP(buf_done) struct buf name = BUF(NAME_MAX_BYTES);
	CLEANUP(buf_done) struct buf field = BUF(4 * NAME_MAX_BYTES);
	int64_t bytes;
	int r = c ? put_all(f, c) : ERR_NOMEM;

	if (r == 0)
		r = zip_length(c->file, c->count, &bytes);
	if (r < 0)
		return flow_fail(f, r);
	if (flow_etag_strong(f, c->entry[0].sha256))
		return STEP_DONE;
	buf_fmt(&name, "%.*s-%s.zip", (int)c->head.reference.len, c->head.reference.at, c->variant);
	content_disposition(&field, buf_view(&name));
	if (buf_err(&field) < 0)
		return flow_fail(f, buf_err(&field));
	http_reply_field(f->reply, STR("Content-Disposition"),
			 arena_str(f->arena, buf_view(&field)));
	if (!flow_stream_begin_sized(f, 200, STR("application/zip"), bytes))
		return STEP_DONE;
	return flow_become(f, zip_sending);
}

const struct flow_step flow_case_file[] = {
	{"load", zip_load},
	{"open", zip_open},
	{0},
};

static enum step_result send_piece(struct flow *f, struct buf *piece)
{
	if (buf_err(piece) < 0) {
		int r = buf_err(piece);

		buf_done(piece);
		return flow_fail(f, r);
	}
	flow_stream_add(f, piece);
	return flow_stream_wait(f);
}

static enum step_result text_send(struct flow *f)
{
	struct case_file *c = f->state;
	struct buf piece = BUF(TEXT_MAX + (TEXTS + DOCUMENTS_MAX) * 2 * NAME_MAX_BYTES);

	if (c->at == c->count) {
		zip_directory(&piece, c->file, c->count);
		c->is_ended = true;
	} else {
		zip_local(&piece, &c->file[c->at]);
		buf_str(&piece, c->entry[c->at].text);
		c->at++;
	}
	return send_piece(f, &piece);
}

static enum step_result go_on(struct flow *f)
{
	const struct case_file *c = f->state;

	return c->is_ended ? STEP_DONE : flow_become(f, zip_sending);
}

static const struct flow_step text_sending[] = {
	{"send text", text_send},
	{"go on", go_on},
	{0},
};

static enum step_result part_ask(struct flow *f)
{
	struct case_file *c = f->state;

	if (c->at == c->count || !str_is_null(c->entry[c->at].text))
		return flow_become(f, text_sending);
	q_document_part_get_add(flow_batch(f), &(struct q_document_part_get){
						       .document_id = c->entry[c->at].document_id,
						       .number = c->entry[c->at].first + c->part,
					       });
	return flow_send(f);
}

/* The part into the piece; behind the last one the document was what it was when it came. */
static int add_part(struct flow *f, struct case_file *c, struct buf *piece)
{
	int64_t before = c->part * (int64_t)DOCUMENT_PART_BYTES;
	struct str part;
	int r = upload_part(f->got, 0, c->bytes, &part);
	bool is_last = r == 0 && before + (int64_t)part.len >= c->file[c->at].bytes;

	if (r < 0)
		return r;
	if (c->part == 0) {
		sha256_begin(&c->of_document);
		zip_local(piece, &c->file[c->at]);
	}
	sha256_add(&c->of_document, part);
	buf_str(piece, part);
	c->part++;
	if (!is_last)
		return part.len == DOCUMENT_PART_BYTES ? 0 : ERR_DAMAGED;
	if (!upload_is_hash(&c->of_document, c->entry[c->at].sha256))
		return ERR_DAMAGED;
	c->part = 0;
	c->at++;
	return 0;
}

static enum step_result part_send(struct flow *f)
{
	struct case_file *c = f->state;
	struct buf piece = BUF(DOCUMENT_PART_BYTES + NAME_MAX_BYTES + 100);
	struct str id = c->entry[c->at].document_id;
	int r = add_part(f, c, &piece);

	if (r == 0)
		return send_piece(f, &piece);
	buf_done(&piece);
	log_error("file of a request cut", F_TEXT("document", id), F_ERR(r));
	return flow_fail(f, r);
}

static const struct flow_step zip_sending[] = {
	{"ask", part_ask},
	{"send part", part_send},
	{"go on", go_on},
	{0},
};
