/*
 * The form by which an officer records a community body, and goes on to the request that it sent.
 * It goes the step of POST /v1/community-bodies (h_body.c). A body that is recorded already, by
 * its name or a number, is shown instead, until the officer says that this is another one.
 */
#include "daemon/flow/flow_rescue.h"
#include "daemon/register/h_body.h"
#include "libassets/register/body.h"
#include "p.h"
#include "p_body.h"
#include "q.h"

enum { ABOUT = PAGE_FRAME + 1 };

/* clang-format off */
static const struct form_row holder_rows[] = {
	{"authority_id", FORM_CHOICE, FORM_NEEDED, .label = "Public body that keeps its contact", .choices = "authorities"},
};
/* clang-format on */

static const struct form form_holder = {holder_rows, COUNT(holder_rows), &body_shape, NULL,
					"body-"};
static const struct form *const forms[] = {&form_holder, &body_main_form, &body_contact_form};

/* --- shown -------------------------------------------------------------------------------- */

/* What the way to the request has chosen so far. */
static struct str carried(struct flow *f, const char *name)
{
	struct str value = flow_rescued(f) ? flow_form(f, name) : flow_query(f, name);

	return value.len ? value : (struct str){NULL, 0};
}

static struct str to_request(struct flow *f, struct str asset_id, struct str land,
			     struct str body_id)
{
	const struct page_filter filter[] = {
		{"asset_id", asset_id},
		{"land", str_eq(land, STR("unlisted")) ? land : (struct str){NULL, 0}},
		{"community_body_id", body_id},
	};

	return page_address(f->arena, "/requests/new", filter, COUNT(filter));
}

static enum step_result form_load(struct flow *f)
{
	q_page_body_form_add(page_batch(f),
			     &(struct q_page_body_form){
				     .name = str_trim(flow_form(f, "name")),
				     .charity_number = str_trim(flow_form(f, "charity_number")),
				     .company_number = str_trim(flow_form(f, "company_number")),
			     });
	return flow_send(f);
}

/* Of a new one its name may be known from what was looked for. */
static void put_form(struct page *p, const char *key, const struct form *form, const json_t *stored,
		     const json_t *choices)
{
	json_auto_t *sent = flow_rescued(p->flow) ? form_sent(p, form) : NULL;

	page_put(p, key, json_pack("{s:o}", "fields", form_fields(p, form, stored, choices, sent)));
}

static void put_refusal(struct page *p, json_t *twins)
{
	struct flow *f = p->flow;
	int err = flow_rescued(f);
	json_t *twin;
	size_t i;

	if (!err)
		return;
	json_array_foreach (twins, i, twin) {
		struct str href = to_request(f, carried(f, "asset_id"), carried(f, "land"),
					     str_of(page_text(twin, "id")));

		page_put_in(p, twin, "href",
			    href.at ? json_stringn(href.at, href.len) : json_null());
	}
	page_put(p, "is_twin", json_boolean(err == ERR_DUPLICATE));
	page_put(p, "twins", json_incref(twins));
	page_put(p, "refusal",
		 json_string(err == ERR_DUPLICATE ? "A body like this one is recorded already"
						  : err_info(err)->title));
	page_put_text(p, "refusal_detail", flow_rescued_detail(f));
	page_put(p, "flaws",
		 err == ERR_DUPLICATE ? json_pack("[{s:s, s:s}]", "href", "#body-is_other", "text",
						  "If it is another one, say so.")
				      : form_flaws(p, forms, COUNT(forms), "main-content"));
}

static enum step_result form_answer(struct flow *f)
{
	json_auto_t *root = page_item(f, ABOUT), *stored = json_object();
	json_t *authorities = json_object_get(root, "authorities");
	struct str name = flow_query(f, "name");
	struct page p;

	if (!root || !stored)
		return flow_fail(f, ERR_NOMEM);
	p = page_begin(f, "Record a community body");
	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, "/requests", STR("Requests"));
	if (name.len)
		page_put_in(&p, stored, "name", json_stringn(name.at, name.len));
	/* Who acts for one authority alone is not asked which. */
	if (json_array_size(authorities) == 1)
		page_put_in(&p, stored, "authority_id",
			    json_incref(json_object_get(json_array_get(authorities, 0), "id")));
	put_form(&p, "form_holder", &form_holder, stored, root);
	put_form(&p, "form_main", &body_main_form, stored, root);
	put_form(&p, "form_contact", &body_contact_form, NULL, root);
	body_conditions_put(&p, NULL);
	put_refusal(&p, json_object_get(root, "twins"));
	page_put_text(&p, "asset_id", carried(f, "asset_id"));
	page_put_text(&p, "land", carried(f, "land"));
	return page_end(&p, "body_new", PAGE_REQUESTS, flow_rescued_status(f));
}

const struct flow_step page_body_new[] = {
	{"load", form_load},
	{"answer", form_answer},
	{0},
};

/* --- sent --------------------------------------------------------------------------------- */

static enum step_result add_read(struct flow *f)
{
	int r = form_read(f, &body_main_form);

	flow_rescue(f, page_body_new);
	if (r == 0)
		r = form_read(f, &body_contact_form);
	if (r == 0)
		r = body_conditions_read(f);
	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

/* First in the transaction that stores it, so that of two at the same moment one is told. */
static enum step_result add_store(struct flow *f)
{
	q_body_twin_refuse_add(flow_batch(f),
			       &(struct q_body_twin_refuse){
				       .name = str_trim(flow_form(f, "name")),
				       .charity_number = str_trim(flow_form(f, "charity_number")),
				       .company_number = str_trim(flow_form(f, "company_number")),
				       .is_other = str_eq(flow_form(f, "is_other"), STR("yes")),
			       });
	return body_add_store(f);
}

static enum step_result add_answer(struct flow *f)
{
	return page_redirect(f, to_request(f, flow_form(f, "asset_id"), flow_form(f, "land"),
					   flow_stored_id(f)));
}

const struct flow_step page_body_add[] = {
	{"read", add_read},
	{"store", add_store},
	{"answer", add_answer},
	{0},
};
