/*
 * The form by which an officer logs a request that came on paper: first which land, then which
 * community body, each looked for by words, then what the paper says. Nothing is lost on the way:
 * what was chosen stands in the address. It goes the steps of POST /v1/requests (h_request.c).
 *
 * Beside the questions stand what is known against the request: conditions that the body does not
 * meet (sections 19 and 80), the land's tenure, other requests for it. None of it hinders logging:
 * what arrived has arrived, and validation asks again. But a request like an open one is refused
 * once, until the officer says that it is another.
 */
#include "daemon/flow/flow_rescue.h"
#include "daemon/request/h_request.h"
#include "daemon/route/h.h"
#include "form.h"
#include "libassets/register/body.h"
#include "libassets/request/request.h"
#include "p.h"
#include "q.h"

enum { ABOUT = PAGE_FRAME + 1, FOUND_MAX = 20 };

/* clang-format off */
static const struct form_row main_rows[] = {
	{"kind",        FORM_CHOICE, FORM_NEEDED, .label = "What is asked for"},
	{"received_on", FORM_DAY,    FORM_NEEDED | FORM_SHORT, .label = "Received on",
	 .hint = "The day on which it arrived, not the one on which you log it."},
	{"stage",       FORM_CHOICE, 0,           .label = "What it is",
	 .hint = "Empty: a request. An enquiry or an expression of interest starts no clock."},
	{"offer_pence", FORM_POUNDS, FORM_SHORT,  .label = "Price offered in pounds",
	 .hint = "Only who reads the authority's money is shown it."},
	{"reasons",     FORM_LINES,  0,           .label = "Reasons",
	 .hint = "Everybody reads them: no names of people."},
	{"benefits",    FORM_LINES,  0,           .label = "Benefits expected"},
};
static const struct form_row lease_rows[] = {
	{"class",         FORM_CHOICE, 0,          .label = "Kind of lease", .hint = "A lease needs this and its term."},
	{"term_months",   FORM_NUMBER, FORM_SHORT, .label = "Term in months"},
	{"rent_pa_pence", FORM_POUNDS, FORM_SHORT, .label = "Rent a year in pounds"},
	{"premium_pence", FORM_POUNDS, FORM_SHORT, .label = "Premium in pounds"},
};
static const struct form_row land_rows[] = {
	{"authority_id", FORM_CHOICE, FORM_NEEDED, .label = "Public body that was asked", .choices = "authorities"},
	{"description",  FORM_LINES,  FORM_NEEDED, .label = "Which land it is",
	 .hint = "As the request says it, enough to find it. Everybody reads it."},
	{"address",      FORM_LINES,  0,           .label = "Address"},
	{"postcode",     FORM_TEXT,   FORM_SHORT,  .label = "Postcode"},
	{"uprn",         FORM_TEXT,   FORM_SHORT,  .label = "Unique property reference number (UPRN)"},
	{"easting",      FORM_NUMBER, FORM_SHORT,  .label = "Easting", .hint = "Whole metres of the National Grid."},
	{"northing",     FORM_NUMBER, FORM_SHORT,  .label = "Northing"},
};
/* clang-format on */

static const struct form form_main = {main_rows, COUNT(main_rows), &request_form_shape, NULL,
				      "request-"};
static const struct form form_lease = {lease_rows, COUNT(lease_rows), &lease_shape, "lease",
				       "request-"};
static const struct form form_land = {land_rows, COUNT(land_rows), &land_shape, "land", "request-"};
static const struct form *const forms[] = {&form_main, &form_lease, &form_land};

/* --- shown -------------------------------------------------------------------------------- */

/* What was chosen: of the address, or of the form that comes back; absent: nothing. */
static struct str chosen(struct flow *f, const char *name)
{
	struct str value = flow_rescued(f) ? flow_form(f, name) : flow_query(f, name);

	return value.len ? value : (struct str){NULL, 0};
}

static bool is_unlisted(struct flow *f)
{
	return str_eq(chosen(f, "land"), STR("unlisted"));
}

static enum step_result form_load(struct flow *f)
{
	bool is_listed = !is_unlisted(f);

	q_page_request_form_add(
		page_batch(f),
		&(struct q_page_request_form){
			.asset_id = is_listed ? chosen(f, "asset_id") : (struct str){NULL, 0},
			.body_id = chosen(f, "community_body_id"),
			.words = flow_rescued(f) ? (struct str){NULL, 0} : flow_query(f, "q"),
			.kind = flow_form(f, "kind"),
			.land = flow_form(f, "land_description"),
			.land_authority_id = flow_form(f, "land_authority_id"),
		});
	return flow_send(f);
}

static struct str address(struct flow *f, struct str asset_id, struct str body_id)
{
	const struct page_filter filter[] = {
		{"asset_id", is_unlisted(f) ? (struct str){NULL, 0} : asset_id},
		{"land", is_unlisted(f) ? STR("unlisted") : (struct str){NULL, 0}},
		{"community_body_id", body_id},
	};

	return page_address(f->arena, "/requests/new", filter, COUNT(filter));
}

/* What was found to choose from, each with where it leads. */
static void put_found(struct page *p, const char *key, json_t *found, bool is_asset)
{
	struct flow *f = p->flow;
	struct str asset_id = chosen(f, "asset_id"), body_id = chosen(f, "community_body_id");
	bool is_more = json_array_size(found) > FOUND_MAX;
	json_t *one;
	size_t i;

	if (is_more)
		(void)json_array_remove(found, FOUND_MAX);
	json_array_foreach (found, i, one) {
		struct str id = str_of(page_text(one, "id"));
		struct str href = is_asset ? address(f, id, body_id) : address(f, asset_id, id);

		page_put_in(p, one, "href",
			    href.at ? json_stringn(href.at, href.len) : json_null());
	}
	page_put(p, "is_more", json_boolean(is_more));
	page_put(p, key, json_incref(found));
}

/* May it ask for ownership, as it is recorded (section 80)? A sentence; NULL: nothing is against
 * it. */
static const char *against_owning(const json_t *body)
{
	const json_t *members = json_object_get(body, "members");
	struct shape_number n = {.is_set = json_is_integer(members),
				 .value = json_integer_value(members)};

	switch (body_may_own(str_of(page_text(body, "legal_form")), n)) {
	case BODY_WRONG_FORM:
		return "A body of its legal form may not ask for ownership, unless an order names "
		       "it (section 80).";
	case BODY_TOO_FEW_MEMBERS:
		return "It has fewer than the 20 members that a body needs to ask for ownership "
		       "(section 80).";
	case BODY_MEMBERS_UNKNOWN:
		return "Nobody has counted its members: to ask for ownership it needs 20 (section "
		       "80).";
	case BODY_ELIGIBLE:
		break;
	}
	return NULL;
}

static void say(json_t *list, const char *detail, const char *cure)
{
	(void)json_array_append_new(list, json_pack("{s:s, s:s?}", "detail", detail, "cure", cure));
}

/* What validation will ask, said while the paper is at hand. */
static void put_against(struct page *p, const json_t *body, const json_t *asset)
{
	json_t *list = json_array(), *unmet = json_object_get(body, "unmet"), *code;
	const struct body_condition *c;
	const char *owning = body ? against_owning(body) : NULL;
	size_t i;

	json_array_foreach (unmet, i, code) {
		for (size_t n = 0; (c = body_condition_at(n)); n++) {
			if (strcmp(c->code, json_string_value(code)) == 0)
				say(list, c->detail, c->cure);
		}
	}
	if (owning)
		say(list, owning, NULL);
	if (json_is_true(json_object_get(asset, "is_leased_in")))
		say(list, "The public body leases this land in: nobody can ask it for ownership.",
		    NULL);
	page_put(p, "against", list);
}

/* What the paper holds of what a request must hold: ticked at first. */
static void put_items(struct page *p)
{
	struct flow *f = p->flow;
	bool is_again = flow_rescued(f) != 0;
	json_t *items = json_array();
	const char *code;

	for (size_t i = 0; (code = request_item_at(i)); i++) {
		struct str name = arena_fmt(f->arena, "item_%s", code);
		bool is_there = !is_again || (name.at && flow_form(f, name.at).len);

		(void)json_array_append_new(
			items, json_pack("{s:s, s:s, s:b}", "code", code, "words",
					 request_item_of_body(str_of(code)), "is_there", is_there));
	}
	page_put(p, "items", items);
}

static void put_form(struct page *p, const char *key, const struct form *form,
		     const json_t *choices)
{
	json_auto_t *sent = flow_rescued(p->flow) ? form_sent(p, form) : NULL;
	json_t *fields = form_fields(p, form, NULL, choices, sent);

	page_put(p, key,
		 json_pack("{s:o, s:b}", "fields", fields, "is_open", form_is_used(fields)));
}

static void put_refusal(struct page *p)
{
	int err = flow_rescued(p->flow);

	if (!err)
		return;
	page_put(p, "is_twin", json_boolean(err == ERR_DUPLICATE));
	page_put(p, "refusal",
		 json_string(err == ERR_DUPLICATE ? "A request like this one is open already"
						  : err_info(err)->title));
	page_put_text(p, "refusal_detail", flow_rescued_detail(p->flow));
	page_put(p, "flaws",
		 err == ERR_DUPLICATE ? json_pack("[{s:s, s:s}]", "href", "#request-is_other",
						  "text", "If it is another one, say so.")
				      : form_flaws(p, forms, COUNT(forms), "main-content"));
}

static void put_questions(struct page *p, const json_t *root)
{
	put_form(p, "form_main", &form_main, root);
	put_form(p, "form_lease", &form_lease, root);
	put_form(p, "form_land", &form_land, root);
	put_items(p);
	put_refusal(p);
	page_put(p, "is_form", json_true());
}

/* Which question is next, and the way back to the ones before. */
static void put_stage(struct page *p, const json_t *root, bool has_land, bool has_body)
{
	struct flow *f = p->flow;
	const struct str none = {NULL, 0};
	struct str asset_id = chosen(f, "asset_id"), body_id = chosen(f, "community_body_id");
	struct str sought = flow_query(f, "q");

	/* An empty text is true to a template, and nothing was looked for then. */
	page_put(p, "q", sought.len ? json_stringn(sought.at, sought.len) : json_null());
	page_put_text(p, "asset_id", asset_id);
	page_put_text(p, "community_body_id", body_id);
	page_put(p, "is_unlisted", json_boolean(is_unlisted(f)));
	page_put_text(p, "other_body", address(f, asset_id, none));
	page_put_text(p, "new_body",
		      page_address(f->arena, "/community-bodies/new",
				   (const struct page_filter[]){
					   {"asset_id", asset_id},
					   {"land", chosen(f, "land")},
					   {"name", flow_query(f, "q")},
				   },
				   3));
	page_put_text(p, "other_land",
		      page_address(f->arena, "/requests/new",
				   &(struct page_filter){"community_body_id", body_id}, 1));
	/* A form that comes back is whole, also where what it was about is there no more. */
	has_land = has_land || flow_rescued(f);
	has_body = has_body || flow_rescued(f);
	if (!has_land)
		put_found(p, "assets", json_object_get(root, "assets"), true);
	else if (!has_body)
		put_found(p, "bodies", json_object_get(root, "bodies"), false);
	else
		put_questions(p, root);
	page_put(p, "asks_land", json_boolean(!has_land));
	page_put(p, "asks_body", json_boolean(has_land && !has_body));
}

static enum step_result form_answer(struct flow *f)
{
	struct q_page_request_form_row row;
	int r = q_page_request_form_one(f->got, ABOUT, &row);
	json_auto_t *root = r < 0 ? NULL : json_loadb(row.body.at, row.body.len, 0, NULL);
	json_t *asset = json_object_get(root, "asset"), *body = json_object_get(root, "body");
	struct page p;

	if (r == 0 && !str_is_null(row.authority_id))
		r = h_may(f, PERM_REQUEST_WRITE, row.authority_id);
	if (r < 0)
		return flow_fail(f, r);
	p = page_begin(f, "Log a request");
	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, "/requests", STR("Requests"));
	page_put(&p, "asset", json_is_object(asset) ? json_incref(asset) : json_null());
	page_put(&p, "body", json_is_object(body) ? json_incref(body) : json_null());
	page_put(&p, "requests", json_incref(json_object_get(root, "requests")));
	put_against(&p, json_is_object(body) ? body : NULL, asset);
	put_stage(&p, root, json_is_object(asset) || is_unlisted(f), json_is_object(body));
	return page_end(&p, "request_new", PAGE_REQUESTS, flow_rescued_status(f));
}

const struct flow_step page_request_new[] = {
	{"load", form_load},
	{"answer", form_answer},
	{0},
};

/* --- sent --------------------------------------------------------------------------------- */

static int put_id(struct flow *f, const char *name)
{
	struct str id = flow_form(f, name);

	if (!id.len)
		return 0;
	return json_object_set_new(f->body, name, json_stringn(id.at, id.len)) ? ERR_NOMEM : 0;
}

/* Of all that a request of this kind must hold, what came on that day and what did not. */
static int read_items(struct flow *f)
{
	struct str stage = flow_form(f, "stage");
	const char *on = json_string_value(json_object_get(f->body, "received_on"));
	struct str kind = flow_form(f, "kind");
	json_t *list = json_array();
	bool is_whole = true;
	const char *code;

	for (size_t i = 0; (code = request_item_at(i)); i++) {
		struct str name = arena_fmt(f->arena, "item_%s", code);
		bool is_there = name.at && flow_form(f, name.at).len;

		if (!request_item_is_asked(str_of(code), kind))
			continue;
		is_whole &= is_there;
		(void)json_array_append_new(
			list, is_there && on
				      ? json_pack("{s:s, s:s}", "code", code, "received_on", on)
				      : json_pack("{s:s}", "code", code));
	}
	/* All of it is what the API takes for granted; before a request nothing has to be there. */
	if (is_whole || (stage.len && !str_eq(stage, STR("RECEIVED"))) || !json_array_size(list)) {
		json_decref(list);
		return 0;
	}
	return json_object_set_new(f->body, "items", list) ? ERR_NOMEM : 0;
}

static enum step_result add_read(struct flow *f)
{
	bool is_land = str_eq(flow_form(f, "land"), STR("unlisted"));
	int r = form_read(f, &form_main);

	flow_rescue(f, page_request_new);
	if (r == 0)
		r = form_read(f, &form_lease);
	if (r == 0 && is_land)
		r = form_read(f, &form_land);
	if (r == 0 && !is_land)
		r = put_id(f, "asset_id");
	if (r == 0)
		r = put_id(f, "community_body_id");
	if (r == 0)
		r = read_items(f);
	/* An empty choice is the table's own. */
	if (r == 0 && json_is_null(json_object_get(f->body, "stage")))
		(void)json_object_del(f->body, "stage");
	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

/* First in the transaction that stores it, so that of two at the same moment one is told. */
static enum step_result add_store(struct flow *f)
{
	bool is_land = str_eq(flow_form(f, "land"), STR("unlisted"));
	const struct str none = {NULL, 0};

	q_request_twin_refuse_add(
		flow_batch(f),
		&(struct q_request_twin_refuse){
			.body_id = flow_form(f, "community_body_id"),
			.asset_id = is_land ? none : flow_form(f, "asset_id"),
			.authority_id = is_land ? flow_form(f, "land_authority_id") : none,
			.land = is_land ? flow_form(f, "land_description") : none,
			.kind = flow_form(f, "kind"),
			.is_other = str_eq(flow_form(f, "is_other"), STR("yes")),
		});
	return request_add_store(f);
}

static enum step_result add_answer(struct flow *f)
{
	struct str id = flow_stored_id(f);
	return page_redirect(f, arena_fmt(f->arena, "/requests/%.*s", (int)id.len, id.at));
}

const struct flow_step page_request_add[] = {
	{"read", add_read},
	{"load", request_add_load},
	{"store", add_store},
	{"answer", add_answer},
	{0},
};
