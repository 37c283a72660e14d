/*
 * The people whom somebody looks after: found by name and address, of one authority or of all, and
 * a form that invites another. Who has no mail set gets the link on the answer to the form, to hand
 * it over, and never again. The steps are those of /v1/accounts (h_account.c).
 */
#include "p_people.h"

#include "daemon/base/conf.h"
#include "daemon/flow/flow_rescue.h"
#include "daemon/mail/mail.h"
#include "daemon/process/worker.h"
#include "daemon/route/h.h"
#include "daemon/route/h_account.h"
#include "form.h"
#include "libassets/base/err.h"
#include "libassets/register/account.h"
#include "p.h"
#include "q.h"

/* Statements of the page's batch behind the frame's; people of a page. */
enum { PEOPLE = PAGE_FRAME + 1, AUTHORITIES };
enum { ROWS = 50 };

/* clang-format off */
static const struct form_row person_rows[] = {
	{"name",         FORM_TEXT,   FORM_NEEDED, .label = "Name"},
	{"email",        FORM_TEXT,   FORM_NEEDED, .label = "E-mail address", .hint = "They sign in with it."},
	{"authority_id", FORM_CHOICE, FORM_NEEDED, .label = "Public body", .choices = "authorities"},
};
/* clang-format on */

static const struct form form_person = {person_rows, COUNT(person_rows), &account_shape, NULL,
					"new-"};
static const struct form *const forms[] = {&form_person};

/* Who was just invited. */
struct people_state {
	struct str id, name, link;
};

/* --- what is shared with the page of one ---------------------------------------------------- */

static bool is_among(const json_t *codes, struct str code)
{
	const json_t *one;
	size_t i;

	json_array_foreach (codes, i, one) {
		if (str_eq(str_of(json_string_value(one)), code))
			return true;
	}
	return false;
}

static bool is_ticked(struct flow *f, struct str role)
{
	struct str name = arena_fmt(f->arena, "role_%.*s", (int)role.len, role.at);

	return name.at && flow_form(f, name.at).len;
}

void people_roles_put(struct page *p, const json_t *held, bool is_sent)
{
	json_t *list = json_array();

	for (struct str rest = STR(ACCOUNT_ROLES); rest.len;) {
		struct str role = str_cut(rest, ' ', &rest);
		bool is_held = is_sent ? is_ticked(p->flow, role) : is_among(held, role);

		(void)json_array_append_new(list, json_pack("{s:s%, s:b}", "role", role.at,
							    role.len, "is_held", is_held));
	}
	page_put(p, "role_boxes", list);
}

json_t *people_roles_held(const json_t *held)
{
	json_t *list = json_array();

	for (struct str rest = STR(ACCOUNT_ROLES); list && rest.len;) {
		struct str role = str_cut(rest, ' ', &rest);

		if (is_among(held, role))
			(void)json_array_append_new(list, json_stringn(role.at, role.len));
	}
	return list;
}

json_t *people_roles_sent(struct flow *f)
{
	json_t *list = json_array();

	for (struct str rest = STR(ACCOUNT_ROLES); list && rest.len;) {
		struct str role = str_cut(rest, ' ', &rest);

		if (is_ticked(f, role))
			(void)json_array_append_new(list, json_stringn(role.at, role.len));
	}
	return list;
}

void people_link_put(struct page *p, struct str link)
{
	struct flow *f = p->flow;

	if (link.len && link.at[0] == '/')
		link = arena_fmt(f->arena, "http://%.*s%s", (int)f->request->host.len,
				 f->request->host.at, link.at);
	if (link.len)
		page_put_text(p, "link", link);
	page_put(p, "is_sent", json_boolean(!link.len));
}

/* --- shown ---------------------------------------------------------------------------------- */

static struct str wish(struct flow *f, const char *name)
{
	struct str value = str_trim(flow_query(f, name));

	return value.len ? value : (struct str){NULL, 0};
}

static enum step_result list_load(struct flow *f)
{
	struct str name = wish(f, "after_name"), id = wish(f, "after");
	struct db_batch *b = page_batch(f);

	q_page_people_add(b, &(struct q_page_people){
				     .words = wish(f, "q"),
				     .authority_id = wish(f, "authority_id"),
				     .after_name = str_is_null(id) ? id : name,
				     .after_id = str_is_null(name) ? name : id,
				     .take = ROWS + 1,
			     });
	q_page_people_authorities_add(b);
	return flow_send(f);
}

static void put_list(struct page *p)
{
	struct flow *f = p->flow;
	json_t *items = page_items(f, PEOPLE);
	struct q_page_people_row last;
	struct page_filter filter[4];

	page_put(p, "people", items);
	if (q_page_people_count(f->got, PEOPLE) <= ROWS ||
	    q_page_people_row(f->got, PEOPLE, ROWS - 1, &last) < 0)
		return;
	json_array_remove(items, ROWS);
	filter[0] = (struct page_filter){"q", flow_query(f, "q")};
	filter[1] = (struct page_filter){"authority_id", flow_query(f, "authority_id")};
	filter[2] = (struct page_filter){"after_name", last.name};
	filter[3] = (struct page_filter){"after", last.id};
	page_put_text(p, "next", page_address(f->arena, "/people", filter, COUNT(filter)));
}

/* The address is somebody's already: who it is. */
static void put_twin(struct page *p)
{
	struct str email = str_trim(flow_form(p->flow, "email"));
	const struct page_filter filter[] = {{"q", email}};
	struct str href = page_address(p->flow->arena, "/people", filter, COUNT(filter));

	page_put(p, "refusal", json_string("Somebody has an account with that address already"));
	page_put(p, "flaws",
		 json_pack("[{s:s%, s:o}]", "href", href.at ? href.at : "/people",
			   href.at ? href.len : strlen("/people"), "text",
			   json_sprintf("%.*s has an account: look at it", (int)email.len,
					email.at)));
}

static void put_form(struct page *p, json_t *authorities)
{
	struct flow *f = p->flow;
	json_auto_t *sent = flow_rescued(f) ? form_sent(p, &form_person) : NULL;
	json_auto_t *stored = json_object();
	json_auto_t *choices = json_pack("{s:O}", "authorities", authorities);

	/* Who looks after one authority alone is not asked which. */
	if (json_array_size(authorities) == 1)
		(void)json_object_set(stored, "authority_id",
				      json_object_get(json_array_get(authorities, 0), "id"));
	page_put(p, "fields", form_fields(p, &form_person, stored, choices, sent));
	people_roles_put(p, NULL, sent != NULL);
	if (!flow_rescued(f))
		return;
	page_fault(p, "roles");
	page_put(p, "refusal", json_string(err_info(flow_rescued(f))->title));
	page_put_text(p, "refusal_detail", flow_rescued_detail(f));
	page_put(p, "flaws", form_flaws(p, forms, COUNT(forms), "roles"));
	if (flow_rescued(f) == ERR_DUPLICATE)
		put_twin(p);
}

/* The link of whoever was just invited is made when their letter goes out. */
static void put_sent(struct page *p, const struct people_state *s)
{
	json_t *one;
	size_t i;

	json_array_foreach (json_object_get(p->data, "people"), i, one) {
		if (!s->link.len && str_eq(str_of(page_text(one, "id")), s->id) &&
		    strcmp(page_text(one, "account_state"), "UNINVITED") == 0)
			page_put_in(p, one, "account_state", json_string("INVITED"));
	}
}

static enum step_result list_answer(struct flow *f)
{
	const struct people_state *s = flow_rescued(f) ? NULL : f->state;
	struct page p = page_begin(f, "People");
	json_t *authorities = page_items(f, AUTHORITIES);

	page_crumb(&p, "/", STR("Home"));
	put_list(&p);
	page_choose(&p, authorities, flow_query(f, "authority_id"));
	page_put(&p, "authorities", json_incref(authorities));
	page_put(&p, "is_one_of_many", json_boolean(json_array_size(authorities) > 1));
	page_put_text(&p, "q", flow_query(f, "q"));
	page_put(&p, "is_found",
		 json_boolean(flow_query(f, "q").len || flow_query(f, "authority_id").len));
	page_put(&p, "has_mail", json_boolean(mail_is_set(f->worker->conf)));
	put_form(&p, authorities);
	json_decref(authorities);
	if (s) {
		put_sent(&p, s);
		page_put(&p, "is_made", json_true());
		page_put_text(&p, "made_id", s->id);
		page_put_text(&p, "made_name", s->name);
		people_link_put(&p, s->link);
	}
	return page_end(&p, "people", PAGE_NOWHERE, flow_rescued_status(f));
}

const struct flow_step page_people[] = {
	{"load", list_load},
	{"answer", list_answer},
	{0},
};

/* --- sent ----------------------------------------------------------------------------------- */

static enum step_result add_read(struct flow *f)
{
	json_t *roles;
	int r;

	flow_rescue(f, page_people);
	r = form_read(f, &form_person);
	roles = r == 0 ? people_roles_sent(f) : NULL;
	if (r == 0 && json_object_set_new(f->body, "roles", roles))
		r = ERR_NOMEM;
	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

static enum step_result add_made(struct flow *f)
{
	struct people_state *s = ARENA_NEW(f->arena, struct people_state);

	if (!s)
		return flow_fail(f, ERR_NOMEM);
	*s = (struct people_state){flow_stored_id(f), flow_form(f, "name"), account_link_made(f)};
	f->state = s;
	return list_load(f);
}

const struct flow_step page_person_add[] = {
	{"read", add_read},
	{"store", account_add_store},
	{"made", add_made},
	{"answer", list_answer},
	{0},
};
