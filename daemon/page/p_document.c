/*
 * The documents of an asset or a request on a page of their own, with forms for officers: send one
 * in, without script, and say whether it may be shown. The forms go the steps of the API
 * (h_document.c, upload.c) and come back here.
 */
#include "daemon/document/h_document.h"
#include "daemon/document/upload.h"
#include "daemon/flow/flow_file.h"
#include "daemon/flow/flow_rescue.h"
#include "daemon/register/asset_gone.h"
#include "daemon/route/h.h"
#include "daemon/route/h_form.h"
#include "form.h"
#include "libassets/file/document.h"
#include "libassets/shape/shape_form.h"
#include "p.h"
#include "p_as_at.h"
#include "p_documents.h"
#include "q.h"

enum { LIST = PAGE_FRAME + 1, KINDS_MAX = 40 };

/* --- The page ---------------------------------------------------------------------------- */

static enum step_result list_load(struct flow *f)
{
	struct as_at *at = f->state = ARENA_NEW(f->arena, struct as_at);
	int r = at ? as_at_read_page(f, at) : ERR_NOMEM;

	if (r < 0)
		return flow_fail(f, r);
	q_page_documents_add(page_batch(f), &(struct q_page_documents){.id = f->param[0],
								       .valid_on = at->valid_on,
								       .known_at = at->known_at});
	return flow_send(f);
}

static const struct form_row send_rows[] = {
	{"title", FORM_TEXT, FORM_NEEDED, .label = "Title"},
	{"kind", FORM_CHOICE, FORM_NEEDED, .label = "Kind", .choices = "kinds"},
	{"received_on", FORM_DAY, FORM_SHORT, .label = "Day it arrived", .hint = "Empty: today."},
	{"alt", FORM_TEXT, 0, .label = "What a picture shows, for those who cannot see it"},
	{"redacts_id", FORM_CHOICE, 0, .label = "It is the copy without personal data of",
	 .choices = "originals"},
};
static const struct form send_form = {send_rows, COUNT(send_rows), &document_shape, NULL, "send-"};

static json_t *kinds(bool is_of_request)
{
	const char *code[KINDS_MAX];
	size_t n = 0;

	while (n < COUNT(code) && (code[n] = document_kind_at(n, is_of_request)))
		n++;
	return page_choices(STR("document_kind"), code, n);
}

/* What a redacted copy can be one of. */
static json_t *originals(const json_t *documents)
{
	json_t *list = json_array();
	const json_t *one;
	size_t i;

	json_array_foreach (documents, i, one) {
		if (!str_eq(str_of(json_string_value(json_object_get(one, "redaction"))),
			    STR("REDACTED")))
			json_array_append_new(list, json_pack("{s:O, s:O}", "id",
							      json_object_get(one, "id"), "name",
							      json_object_get(one, "title")));
	}
	return list;
}

/* The form to send one in; after a refusal with what was typed, as files cannot be kept by a page.
 */
static void put_send_form(struct page *p, const json_t *documents, bool is_of_request)
{
	const struct form *forms[] = {&send_form};
	struct flow *f = p->flow;
	int err = flow_rescued(f);
	json_auto_t *sent = err ? form_sent(p, &send_form) : NULL;
	json_auto_t *choices = json_pack("{s:o, s:o}", "kinds", kinds(is_of_request), "originals",
					 originals(documents));

	page_put(p, "send_form",
		 json_pack("{s:o}", "fields", form_fields(p, &send_form, NULL, choices, sent)));
	if (!err)
		return;
	page_put(p, "refusal", json_string(err_info(err)->title));
	page_put_text(p, "refusal_detail", flow_rescued_detail(f));
	page_put(p, "flaws", form_flaws(p, forms, COUNT(forms), "send-file"));
}

/* What each document's form begins with. */
static void put_states(struct page *p, json_t *documents)
{
	static const char *const code[] = {"UNCHECKED", "NOT_NEEDED", "NEEDED"};
	json_t *one;
	size_t i;

	json_array_foreach (documents, i, one) {
		const char *redaction = json_string_value(json_object_get(one, "redaction"));
		json_t *choices = page_choices(STR("redaction"), code, COUNT(code));

		page_choose(p, choices, str_of(redaction));
		page_put_in(p, one, "redactions", choices);
		page_put_in(p, one, "is_copy",
			    json_boolean(str_eq(str_of(redaction), STR("REDACTED"))));
		page_put_in(p, one, "number", json_integer((json_int_t)i + 1));
	}
}

static enum step_result list_answer(struct flow *f)
{
	struct q_page_documents_row row;
	int r = q_page_documents_one(f->got, LIST, &row);
	json_auto_t *list = NULL;
	const char *kind;
	struct str parent;
	struct page p;

	if (r < 0)
		return flow_fail(f, r);
	if (row.gone)
		return asset_gone(f);
	kind = row.is_request ? "requests" : "assets";
	parent = arena_fmt(f->arena, "/%s/%s", kind, f->param[0].at);
	list = json_loadb(row.body.at, row.body.len, 0, NULL);
	p = page_begin(f, "");
	page_title(&p, p.data, "Documents of {{name}}", row.title, (struct str){NULL, 0});
	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, row.is_request ? "/requests" : "/assets",
		   row.is_request ? STR("Requests") : STR("Register"));
	page_crumb(&p, parent.at ? parent.at : "/", row.title);
	as_at_put(&p, f->state, arena_fmt(f->arena, "/%s/%s/documents", kind, f->param[0].at));
	page_put_text(&p, "parent", parent);
	page_put(&p, "is_officer", json_boolean(row.is_officer));
	if (row.is_officer)
		put_send_form(&p, list, row.is_request);
	put_states(&p, list);
	documents_put(&p, p.data, list);
	return page_end(&p, "documents_page", row.is_request ? PAGE_REQUESTS : PAGE_REGISTER,
			flow_rescued_status(f));
}

const struct flow_step page_documents[] = {
	{"load", list_load},
	{"answer", list_answer},
	{0},
};

/* --- Sending one in ------------------------------------------------------------------------ */

static bool is_of_request(const struct flow *f)
{
	return str_starts(f->param[0], STR("atr_"));
}

static enum step_result back_to(struct flow *f, struct str parent_id)
{
	bool is_request = str_starts(parent_id, STR("atr_"));
	return page_redirect(f, arena_fmt(f->arena, "/%s/%.*s/documents",
					  is_request ? "requests" : "assets", (int)parent_id.len,
					  parent_id.at));
}

static int read_new(struct flow *f)
{
	struct str name, file;
	int r = h_form(f, &document_shape);

	if (r < 0)
		return r;
	if (!flow_form_file(f, &name, &file) || !name.len) {
		h_flaw(f, "file", "REQUIRED", STR("No file was chosen."), STR("Choose one."));
		return flaws_err(&f->flaws);
	}
	if (file.len > DOCUMENT_BYTES_MAX) {
		flow_detail(f, STR("It has more than 25 MB."));
		return ERR_LIMIT;
	}
	if (json_object_set_new(f->body, "file_name", json_stringn(name.at, name.len)) ||
	    json_object_set_new(f->body, is_of_request(f) ? "request_id" : "asset_id",
				json_stringn(f->param[0].at, f->param[0].len)))
		return ERR_NOMEM;
	return 0;
}

static enum step_result add_read(struct flow *f)
{
	int r;

	flow_rescue(f, page_documents);
	r = read_new(f);
	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

static const struct flow_step add_ended[3];

static enum step_result add_store(struct flow *f)
{
	const struct document *d = f->state;
	struct upload *u = ARENA_NEW(f->arena, struct upload);
	int r = u ? document_check_parent(f, d) : ERR_NOMEM;

	if (r < 0)
		return flow_fail(f, r);
	u->id = document_store(f, d);
	u->name = d->file_name;
	u->is_all = true;
	u->then = add_ended;
	f->state = u;
	return flow_send(f);
}

static enum step_result add_upload(struct flow *f)
{
	struct upload *u = f->state;
	struct str name;

	(void)flow_form_file(f, &name, &u->body);
	return upload_begin(f, u);
}

static enum step_result add_finish(struct flow *f)
{
	return upload_finish(f, f->state) ? flow_send(f) : flow_fail(f, ERR_CONFLICT);
}

static enum step_result add_answer(struct flow *f)
{
	return back_to(f, f->param[0]);
}

static const struct flow_step add_ended[] = {
	{"finish", add_finish},
	{"answer", add_answer},
	{0},
};

const struct flow_step page_document_add[] = {
	{"read", add_read},
	{"load", document_add_load},
	{"store", add_store},
	{"send", add_upload},
	{0},
};

/* --- Whether it may be shown, and removing it ------------------------------------------------- */

static const struct flow_step act_remove[4];

static enum step_result act_read(struct flow *f)
{
	bool is_shown = str_eq(flow_form(f, "published"), STR("true"));
	int r;

	if (str_eq(flow_form(f, "remove"), STR("true")))
		return flow_become(f, act_remove);
	r = h_form(f, &document_shape);
	if (r == 0 && json_object_set_new(f->body, "published", json_boolean(is_shown)))
		r = ERR_NOMEM;
	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

static enum step_result act_answer(struct flow *f)
{
	const struct document *d = f->state;

	return back_to(f, str_is_null(d->asset_id) ? d->request_id : d->asset_id);
}

static const struct flow_step act_remove[] = {
	{"load", document_patch_load},
	{"remove", document_remove_store},
	{"answer", act_answer},
	{0},
};

const struct flow_step page_document_act[] = {
	{"read", act_read},
	{"load", document_patch_load},
	{"store", document_patch_store},
	{"answer", act_answer},
	{0},
};
