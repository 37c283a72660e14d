/*
 * Keys of programs: one's own, those of people whom one looks after, each with a button that ends
 * it, and a form that makes one, for whoever shows anew that it is them (present.h). What was made
 * is shown by the answer to the form and never again.
 * The steps are those of /v1/keys (h_key.c).
 */
#include "daemon/flow/flow_rescue.h"
#include "daemon/route/h.h"
#include "daemon/route/h_key.h"
#include "form.h"
#include "libassets/base/err.h"
#include "libassets/register/api_key.h"
#include "p.h"
#include "present.h"
#include "q.h"

/* Statements of the page's batch behind the frame's; one's own keys, others' of a page. */
enum { OWN = PRESENT + 1, OTHERS };
enum { OWN_ROWS = 200, ROWS = 50 };

/* clang-format off */
static const struct form_row key_rows[] = {
	{"name",       FORM_TEXT, FORM_NEEDED, .label = "What it is for",
	 .hint = "So that you know later whether it is still needed, such as: Nightly load of the asset list."},
	{"expires_on", FORM_DAY,  FORM_SHORT,  .label = "Its last day",
	 .hint = "At most a year from today, which it is if you leave this empty. It ends sooner where the key by which you are signed in does."},
};
/* clang-format on */

static const struct form form_key = {key_rows, COUNT(key_rows), &api_key_shape, NULL, "k-"};
static const struct form *const forms[] = {&form_key};

static struct str wish(struct flow *f, const char *name)
{
	struct str value = str_trim(flow_query(f, name));

	return value.len ? value : (struct str){NULL, 0};
}

static enum step_result keys_load(struct flow *f)
{
	struct db_batch *b;

	present_ask(f);
	b = flow_batch(f);
	q_page_keys_add(b, &(struct q_page_keys){.is_own = true, .take = OWN_ROWS});
	q_page_keys_add(b, &(struct q_page_keys){
				   .words = wish(f, "q"),
				   .after = wish(f, "after"),
				   .take = ROWS + 1,
			   });
	return flow_send(f);
}

/* Those of other people, of whom a page has ROWS. */
static void put_others(struct page *p)
{
	struct flow *f = p->flow;
	json_t *items = page_items(f, OTHERS);
	struct q_page_keys_row last;
	struct page_filter filter[2];

	page_put(p, "others", items);
	if (q_page_keys_count(f->got, OTHERS) <= ROWS ||
	    q_page_keys_row(f->got, OTHERS, ROWS - 1, &last) < 0)
		return;
	json_array_remove(items, ROWS);
	filter[0] = (struct page_filter){"q", flow_query(f, "q")};
	filter[1] = (struct page_filter){"after", last.id};
	page_put_text(p, "next", page_address(f->arena, "/keys", filter, COUNT(filter)));
}

/* The name of a scope's box; absent without memory. */
static struct str box_of(struct flow *f, enum permission scope)
{
	return arena_fmt(f->arena, "may_%s", permission_scope(scope));
}

static bool is_ticked(struct flow *f, enum permission scope)
{
	struct str name = box_of(f, scope);

	return name.at && flow_form(f, name.at).len;
}

/* A box for each scope that is the reader's to give. */
static void put_scopes(struct page *p)
{
	struct flow *f = p->flow;
	json_t *list = json_array();

	for (int i = PERM_NONE + 1; i < PERM_COUNT; i++) {
		enum permission scope = (enum permission)i;

		if (key_may_give(f->who, scope))
			(void)json_array_append_new(
				list, json_pack("{s:s, s:b}", "key_scope", permission_scope(scope),
						"is_held", flow_rescued(f) && is_ticked(f, scope)));
	}
	page_put(p, "scope_boxes", list);
}

/* What is wrong with the choice of scopes; null when nothing is. */
static json_t *scopes_wrong(struct flow *f)
{
	for (size_t i = 0; i < flaws_kept(&f->flaws); i++) {
		const struct flaw *one = &f->flaws.at[i];

		if (str_starts(one->pointer, STR("/scopes")))
			return json_string(page_flaw(f, one).at);
	}
	return json_null();
}

static void put_form(struct page *p)
{
	struct flow *f = p->flow;
	json_auto_t *sent = flow_rescued(f) ? form_sent(p, &form_key) : NULL;

	page_put(p, "may_make", json_boolean(principal_may(f->who, PERM_KEY_WRITE)));
	page_put(p, "fields", form_fields(p, &form_key, NULL, NULL, sent));
	put_scopes(p);
	page_put(p, "scopes_wrong", scopes_wrong(f));
	present_put(p);
	if (!flow_rescued(f))
		return;
	page_put(p, "refusal", json_string(err_info(flow_rescued(f))->title));
	page_put_text(p, "refusal_detail", flow_rescued_detail(f));
	page_put(p, "flaws",
		 form_flaws(p, forms, COUNT(forms), present_is_wrong(f) ? "present" : "scopes"));
}

static enum step_result keys_answer(struct flow *f)
{
	struct str secret = flow_rescued(f) ? (struct str){NULL, 0} : key_made(f);
	struct page p = page_begin(f, "Keys for programs");

	page_crumb(&p, "/", STR("Home"));
	page_put(&p, "own", page_items(f, OWN));
	put_others(&p);
	page_put_text(&p, "q", flow_query(f, "q"));
	page_put(&p, "is_found", json_boolean(flow_query(f, "q").len > 0));
	page_put(&p, "may_others", json_boolean(principal_may(f->who, PERM_ACCOUNT_WRITE)));
	put_form(&p);
	if (secret.len)
		page_put_text(&p, "secret", secret);
	return page_end(&p, "keys", PAGE_NOWHERE, flow_rescued_status(f));
}

const struct flow_step page_keys[] = {
	{"load", keys_load},
	{"answer", keys_answer},
	{0},
};

/* --- sent ----------------------------------------------------------------------------------- */

static enum step_result go_back(struct flow *f)
{
	return page_redirect(f, STR("/keys"));
}

static const struct flow_step end_steps[] = {
	{"load", key_load},
	{"store", key_end_store},
	{"answer", go_back},
	{0},
};

/* The form as the body that a program would send; a box that nobody may tick is no less said. */
static int read_form(struct flow *f)
{
	json_auto_t *scopes = json_array();
	int r = scopes ? form_read(f, &form_key) : ERR_NOMEM;

	for (int i = PERM_NONE + 1; i < PERM_COUNT; i++) {
		if (is_ticked(f, (enum permission)i))
			(void)json_array_append_new(
				scopes, json_string(permission_scope((enum permission)i)));
	}
	if (r == 0 && json_object_set(f->body, "scopes", scopes))
		r = ERR_NOMEM;
	return r;
}

static const struct flow_step make_steps[] = {
	{"ask", present_step_ask},         {"count", present_step_count},
	{"compare", present_step_compare}, {"look", present_step_look},
	{"store", key_add_store},          {"load", keys_load},
	{"answer", keys_answer},           {0},
};

static enum step_result act_begin(struct flow *f)
{
	int r;

	flow_rescue(f, page_keys);
	if (flow_form(f, "end").len)
		return flow_become(f, end_steps);
	r = read_form(f);
	if (r == 0)
		r = key_add_check(f);
	return r < 0 ? flow_fail(f, r) : flow_become(f, make_steps);
}

const struct flow_step page_keys_act[] = {
	{"choose", act_begin},
	{0},
};
