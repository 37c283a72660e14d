/*
 * A community body: what everybody may know of it and what it asks for, and for officers the forms
 * that change its record and the contact that their public body keeps. Whoever recorded it changes
 * the record, as does an operator; everybody who records bodies keeps a contact of their own.
 *
 * The forms go the steps of PATCH /v1/community-bodies/{id} (h_body.c) and come back here. One that
 * met a change by somebody else is shown with what they wrote; a contact stands in no history, so
 * of that what is recorded now is shown beside what was typed.
 */
#include "p_body.h"

#include "daemon/flow/flow_rescue.h"
#include "daemon/register/h_body.h"
#include "daemon/route/h.h"
#include "libassets/register/body.h"
#include "p.h"
#include "p_asset_form.h"
#include "q.h"

enum { ABOUT = PAGE_FRAME + 1 };

/* clang-format off */
static const struct form_row main_rows[] = {
	{"name",           FORM_TEXT,   FORM_NEEDED, .label = "Name", .hint = "As its constitution says it."},
	{"legal_form",     FORM_CHOICE, FORM_NEEDED, .label = "Legal form",
	 .hint = "Companies, SCIOs and community benefit societies may ask for ownership."},
	{"charity_number", FORM_TEXT,   FORM_SHORT,  .label = "Charity number", .hint = "Such as SC012345."},
	{"company_number", FORM_TEXT,   FORM_SHORT,  .label = "Company number"},
	{"members",        FORM_NUMBER, FORM_SHORT,  .label = "Members",
	 .hint = "To ask for ownership it needs 20."},
};
static const struct form_row contact_rows[] = {
	{"name",    FORM_TEXT,  0, .label = "Who to write to"},
	{"email",   FORM_TEXT,  0, .label = "E-mail address"},
	{"address", FORM_LINES, 0, .label = "Postal address"},
};
/* clang-format on */

const struct form body_main_form = {main_rows, COUNT(main_rows), &body_shape, NULL, "body-"};
const struct form body_contact_form = {contact_rows, COUNT(contact_rows), &contact_shape, "contact",
				       "body-"};
static const struct form *const forms[] = {&body_main_form, &body_contact_form};

/* --- What its constitution lacks ------------------------------------------------------------ */

static bool is_among(const json_t *codes, const char *code)
{
	const json_t *one;
	size_t i;

	json_array_foreach (codes, i, one) {
		if (json_is_string(one) && strcmp(json_string_value(one), code) == 0)
			return true;
	}
	return false;
}

void body_conditions_put(struct page *p, const json_t *stored)
{
	struct flow *f = p->flow;
	bool is_typed = flow_rescued(f) && !str_is_null(flow_form(f, "name"));
	const struct body_condition *c;
	json_t *list = json_array();

	for (size_t n = 0; (c = body_condition_at(n)); n++) {
		struct str name = arena_fmt(f->arena, "unmet_%s", c->code);
		bool is_unmet = is_typed ? name.at && flow_form(f, name.at).len > 0
					 : is_among(stored, c->code);

		(void)json_array_append_new(list,
					    json_pack("{s:s, s:s, s:b}", "code", c->code, "detail",
						      c->detail, "is_unmet", is_unmet));
	}
	page_put(p, "conditions", list);
}

int body_conditions_read(struct flow *f)
{
	const struct body_condition *c;
	json_t *list = json_array();

	for (size_t n = 0; (c = body_condition_at(n)); n++) {
		struct str name = arena_fmt(f->arena, "unmet_%s", c->code);

		if (name.at && flow_form(f, name.at).len)
			(void)json_array_append_new(list, json_string(c->code));
	}
	return json_object_set_new(f->body, "unmet", list) ? ERR_NOMEM : 0;
}

/* --- The page ------------------------------------------------------------------------------- */

static bool is_contact(struct flow *f)
{
	return str_eq(flow_form(f, "act"), STR("CONTACT"));
}

static enum step_result show_load(struct flow *f)
{
	struct str holder =
		flow_rescued(f) ? flow_form(f, "authority_id") : flow_query(f, "authority_id");
	int64_t seen = 0;

	/* Of a form shown again: what others have changed since it was begun. */
	if (!flow_rescued(f) || str_to_i64(flow_form(f, "seen_version"), &seen) < 0 || seen < 0 ||
	    seen > INT32_MAX)
		seen = INT32_MAX;
	q_page_body_add(page_batch(f),
			&(struct q_page_body){
				.id = f->param[0],
				.authority_id = holder.len ? holder : (struct str){NULL, 0},
				.seen = (int32_t)seen,
			});
	return flow_send(f);
}

static void put_form(struct page *p, const char *key, const struct form *form, bool is_sent,
		     const json_t *stored, const json_t *changes)
{
	json_auto_t *sent = is_sent ? form_sent(p, form) : NULL;

	if (sent && flow_rescued(p->flow) == ERR_STALE)
		asset_changes_meet(p, form, sent, stored, changes, NULL);
	page_put(p, key, json_pack("{s:o}", "fields", form_fields(p, form, stored, NULL, sent)));
}

static void put_refusal(struct page *p, const json_t *root)
{
	struct flow *f = p->flow;
	bool is_stale = flow_rescued(f) == ERR_STALE;

	if (!flow_rescued(f))
		return;
	page_put(p, "refusal", json_string(err_info(flow_rescued(f))->title));
	page_put_text(p, "refusal_detail", flow_rescued_detail(f));
	page_put(p, "flaws",
		 form_flaws(p, forms, COUNT(forms), is_contact(f) ? "contact" : "record"));
	page_put(p, "is_stale", json_boolean(is_stale));
	page_put(p, "changes",
		 asset_changes_told(json_object_get(root, "changes"), forms, COUNT(forms)));
}

/* Whose contact it is, and of whom else's there is one to choose. */
static void put_holder(struct page *p, const json_t *root, struct str holder)
{
	json_t *holders = json_object_get(root, "holders");

	page_choose(p, holders, holder);
	page_put(p, "is_one_of_many", json_boolean(json_array_size(holders) > 1));
	page_put(p, "holders", json_incref(holders));
	page_put_text(p, "holder_id", holder);
	page_put_of(p, p->data, "holder_name", root);
}

static void put_forms(struct page *p, const struct q_page_body_row *row, const json_t *root)
{
	struct flow *f = p->flow;
	const json_t *body = json_object_get(root, "body");
	bool is_sent = flow_rescued(f) != 0;
	bool is_ours = !str_is_null(row->recorder) &&
		       principal_may_at(f->who, PERM_BODY_WRITE, row->recorder);
	struct str holder = arena_str(f->arena, row->holder);

	if (is_ours || f->who->is_operator) {
		put_form(p, "form_record", &body_main_form, is_sent && !is_contact(f), body,
			 json_object_get(root, "changes"));
		body_conditions_put(p, json_object_get(body, "unmet"));
	} else if (holder.len) {
		page_put_of(p, p->data, "recorded_by", root);
	}
	if (!holder.len)
		return;
	put_form(p, "form_contact", &body_contact_form, is_sent && is_contact(f),
		 json_object_get(root, "contact"), NULL);
	put_holder(p, root, holder);
}

/* The words of what its constitution lacks. */
static void put_unmet(struct page *p, const json_t *body)
{
	const struct body_condition *c;
	json_t *list = json_array();

	for (size_t n = 0; (c = body_condition_at(n)); n++) {
		if (is_among(json_object_get(body, "unmet"), c->code))
			(void)json_array_append_new(list, json_string(c->detail));
	}
	page_put(p, "unmet", list);
}

static enum step_result show_answer(struct flow *f)
{
	struct q_page_body_row row;
	int r = q_page_body_one(f->got, ABOUT, &row);
	json_auto_t *root = NULL;
	struct page p;

	if (r < 0)
		return flow_fail(f, r);
	root = json_loadb(row.body.at, row.body.len, 0, NULL);
	if (!root)
		return flow_fail(f, ERR_NOMEM);
	p = page_begin(f, "");
	page_put(&p, "title", json_incref(json_object_get(json_object_get(root, "body"), "name")));
	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, "/requests", STR("Requests"));
	put_forms(&p, &row, root);
	put_refusal(&p, root);
	put_unmet(&p, json_object_get(root, "body"));
	for (const char *const *key =
		     (const char *const[]){"body", "requests", "requests_count", NULL};
	     *key; key++)
		page_put_of(&p, p.data, *key, root);
	page_put(&p, "version", json_integer(row.version));
	return page_end(&p, "body", PAGE_REQUESTS, flow_rescued_status(f));
}

const struct flow_step page_body[] = {
	{"load", show_load},
	{"answer", show_answer},
	{0},
};

/* --- What is sent --------------------------------------------------------------------------- */

static enum step_result act_read(struct flow *f)
{
	int r;

	flow_rescue(f, page_body);
	f->body = json_object(); /* the contact is a part of it */
	r = f->body ? form_read(f, is_contact(f) ? &body_contact_form : &body_main_form)
		    : ERR_NOMEM;
	if (r == 0 && !is_contact(f))
		r = body_conditions_read(f);
	if (r == 0 && is_contact(f) && !flow_form(f, "authority_id").len) {
		h_flaw(f, "authority_id", "REQUIRED", STR("It is not said whose contact it is."),
		       STR("Load the page again."));
		r = flaws_err(&f->flaws);
	}
	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

static enum step_result go_back(struct flow *f)
{
	struct str path = arena_fmt(f->arena, "/community-bodies/%s", f->param[0].at);
	const struct page_filter whose = {"authority_id", flow_form(f, "authority_id")};
	return page_redirect(f, path.at ? page_address(f->arena, path.at, &whose, 1) : path);
}

const struct flow_step page_body_act[] = {
	{"read", act_read},
	{"load", body_patch_load},
	{"store", body_patch_store},
	{"answer", go_back},
	{0},
};
