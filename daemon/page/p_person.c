/*
 * Somebody whom the reader looks after: their name, address and roles, what is open of their
 * account, and what was done to it. The forms go the steps of /v1/accounts/{id} (h_account.c,
 * h_account_change.c) and come back here; `act` says which. One that met a change by somebody else
 * is shown with what they did.
 */
#include "daemon/base/conf.h"
#include "daemon/flow/flow_rescue.h"
#include "daemon/mail/mail.h"
#include "daemon/process/worker.h"
#include "daemon/route/h.h"
#include "daemon/route/h_account.h"
#include "dress.h"
#include "form.h"
#include "libassets/base/err.h"
#include "libassets/register/account.h"
#include "p.h"
#include "p_asset_form.h"
#include "p_people.h"
#include "q.h"

/* Statements of the page's batch behind the frame's; roles elsewhere; bytes of a sentence. */
enum { PERSON = PAGE_FRAME + 1, AUTHORITIES };
enum { ELSEWHERE_MAX = 200, SENTENCE_MAX = 16 * 1024 };

/* clang-format off */
static const struct form_row person_rows[] = {
	{"name",  FORM_TEXT, FORM_NEEDED, .label = "Name"},
	{"email", FORM_TEXT, FORM_NEEDED, .label = "E-mail address",
	 .hint = "They sign in with it. If you change it, a link that was sent to the old address no longer works."},
};
/* clang-format on */

static const struct form form_person = {person_rows, COUNT(person_rows), &account_shape, NULL,
					"p-"};
static const struct form *const forms[] = {&form_person};

/* What the answer to a button shows besides. */
struct person_state {
	struct str link; /* absent: a letter brings it */
};

static bool is_act(struct flow *f, const char *word)
{
	return str_eq(flow_form(f, "act"), str_of(word));
}

/* --- what was done -------------------------------------------------------------------------- */

/* "Estates, Viewer" of role codes, or "Finance at Other Council" of roles elsewhere. */
static void put_roles(struct buf *out, const json_t *roles, const json_t *authorities)
{
	const json_t *one, *of;
	size_t i, n;

	if (!json_array_size(roles))
		buf_str(out, STR("none"));
	json_array_foreach (roles, i, one) {
		const char *code =
			json_is_string(one) ? json_string_value(one) : page_text(one, "role");

		buf_str(out, i ? STR(", ") : STR(""));
		dress_code(out, STR("role"), str_of(code));
		json_array_foreach (authorities, n, of) {
			if (json_is_object(one) &&
			    strcmp(page_text(one, "authority_id"), page_text(of, "id")) == 0)
				buf_fmt(out, " at %s", page_text(of, "name"));
		}
	}
}

static void put_value(struct buf *out, const json_t *value, const json_t *authorities)
{
	if (json_is_string(value))
		buf_str(out, str_of(json_string_value(value)));
	else
		put_roles(out, value, authorities);
}

/* Where there was nothing before, nothing became what there is now. */
static void put_before(struct buf *out, const json_t *was, const json_t *authorities)
{
	if (!json_is_string(was) && !json_array_size(was)) {
		buf_str(out, STR("set to "));
		return;
	}
	put_value(out, was, authorities);
	buf_str(out, STR(" became "));
}

/* "Roles: Viewer became Finance", for each member that the act moved. */
static json_t *sentences(const json_t *act, const json_t *authorities)
{
	static const char *const label[][2] = {{"name", "Name"},
					       {"email", "E-mail address"},
					       {"roles", "Roles"},
					       {"elsewhere", "Roles elsewhere"}};
	const json_t *before = json_object_get(act, "before"),
		     *after = json_object_get(act, "after");
	json_t *list = json_array();

	for (size_t i = 0; i < COUNT(label); i++) {
		CLEANUP(buf_done) struct buf out = BUF(SENTENCE_MAX);
		const json_t *was = json_object_get(before, label[i][0]);
		const json_t *now = json_object_get(after, label[i][0]);

		if (!was && !now)
			continue;
		buf_fmt(&out, "%s: ", label[i][1]);
		if (json_is_object(before))
			put_before(&out, was, authorities);
		put_value(&out, now, authorities);
		if (buf_err(&out) == 0)
			(void)json_array_append_new(list, json_stringn(out.at, out.len));
	}
	return list;
}

/* Each act gets in words what it was, and what it moved. */
static void put_acts(struct page *p, json_t *acts, const json_t *authorities)
{
	json_t *one;
	size_t i;

	json_array_foreach (acts, i, one) {
		CLEANUP(buf_done) struct buf words = BUF(SENTENCE_MAX);

		dress_code(&words, STR("account_act"), str_of(page_text(one, "account_act")));
		page_put_in(p, one, "type_words",
			    json_stringn(words.at ? words.at : "", words.len));
		page_put_in(p, one, "what", sentences(one, authorities));
	}
}

/* --- shown ---------------------------------------------------------------------------------- */

static enum step_result show_load(struct flow *f)
{
	int64_t seen = 0;

	/* Of a form shown again: what others have done since it was begun. */
	if (!flow_rescued(f) || str_to_i64(flow_form(f, "seen_version"), &seen) < 0 || seen < 0 ||
	    seen > INT32_MAX)
		seen = INT32_MAX;
	q_page_person_add(page_batch(f),
			  &(struct q_page_person){.id = f->param[0], .seen = (int32_t)seen});
	q_page_people_authorities_add(flow_batch(f));
	return flow_send(f);
}

/* A list of codes or pairs as one text, by which it is known whether a form changed it. */
static struct str list_text(struct flow *f, const json_t *list)
{
	char *text = json_dumps(list, JSON_COMPACT | JSON_SORT_KEYS);
	struct str kept = text ? arena_str(f->arena, str_of(text)) : (struct str){NULL, 0};

	free(text);
	return kept;
}

/* The roles as they are, or as they were ticked where the form had changed them. */
static void put_role_boxes(struct page *p, const json_t *roles, bool is_sent)
{
	struct flow *f = p->flow;
	json_auto_t *typed = is_sent ? people_roles_sent(f) : NULL;
	json_auto_t *held = people_roles_held(roles);
	bool is_touched = typed && !str_eq(list_text(f, typed), flow_form(f, "roles_were"));

	people_roles_put(p, held, is_touched);
	page_put_text(p, "roles_were", list_text(f, held));
}

/* Roles elsewhere, each with a box that keeps it, and one more to be chosen. */
static void put_elsewhere(struct page *p, json_t *elsewhere, json_t *authorities, const char *home)
{
	json_t *others = json_array(), *roles = json_array(), *one;
	size_t i;

	json_array_foreach (elsewhere, i, one)
		page_put_in(p, one, "number", json_integer((json_int_t)i));
	json_array_foreach (authorities, i, one) {
		if (strcmp(page_text(one, "id"), home) != 0)
			(void)json_array_append(others, one);
	}
	for (struct str rest = STR(ACCOUNT_ROLES); rest.len;) {
		struct str role = str_cut(rest, ' ', &rest);

		(void)json_array_append_new(roles, json_pack("{s:s%}", "role", role.at, role.len));
	}
	page_put(p, "elsewhere", json_incref(elsewhere));
	page_put(p, "others", others);
	page_put(p, "all_roles", roles);
}

static void put_form(struct page *p, json_t *root, json_t *authorities)
{
	struct flow *f = p->flow;
	const json_t *person = json_object_get(root, "person");
	bool is_sent = flow_rescued(f) && is_act(f, "CHANGE");
	json_auto_t *sent = is_sent ? form_sent(p, &form_person) : NULL;

	if (is_sent && flow_rescued(f) == ERR_STALE)
		asset_changes_meet(p, &form_person, sent, person, json_object_get(root, "changes"),
				   NULL);
	page_put(p, "fields", form_fields(p, &form_person, person, NULL, sent));
	put_role_boxes(p, json_object_get(root, "roles"), is_sent);
	put_elsewhere(p, json_object_get(root, "elsewhere"), authorities,
		      page_text(person, "authority_id"));
	page_put_text(p, "reason", is_sent ? flow_form(f, "reason") : STR(""));
}

static void put_refusal(struct page *p, json_t *root)
{
	struct flow *f = p->flow;

	if (!flow_rescued(f))
		return;
	page_put(p, "refusal", json_string(err_info(flow_rescued(f))->title));
	page_put_text(p, "refusal_detail", flow_rescued_detail(f));
	page_put(p, "flaws", form_flaws(p, forms, COUNT(forms), "main-content"));
	page_put(p, "is_stale", json_boolean(flow_rescued(f) == ERR_STALE));
	page_put(p, "changes", json_incref(json_object_get(root, "changes")));
}

static void put_all(struct page *p, const struct q_page_person_row *row, json_t *root,
		    json_t *authorities)
{
	const struct person_state *s = flow_rescued(p->flow) ? NULL : p->flow->state;
	json_t *person = json_object_get(root, "person");

	put_acts(p, json_object_get(root, "changes"), authorities);
	put_acts(p, json_object_get(root, "history"), authorities);
	put_form(p, root, authorities);
	put_refusal(p, root);
	page_put(p, "person", json_incref(person));
	page_put_of(p, p->data, "letter", root);
	page_put_of(p, p->data, "history", root);
	page_put(p, "version", json_integer(row->version));
	page_put(p, "is_own", json_boolean(row->is_own));
	page_put(p, "is_beyond", json_boolean(row->is_beyond));
	page_put(p, "may_enter", json_boolean(!row->is_beyond));
	page_put(p, "is_active",
		 json_boolean(strcmp(page_text(person, "account_state"), "ACTIVE") == 0));
	page_put(p, "has_mail", json_boolean(mail_is_set(p->flow->worker->conf)));
	if (s) {
		page_put(p, "is_made", json_true());
		page_put_text(p, "made_name", str_of(page_text(person, "name")));
		people_link_put(p, s->link);
	}
}

static enum step_result show_answer(struct flow *f)
{
	struct q_page_person_row row;
	int r = q_page_person_one(f->got, PERSON, &row);
	json_auto_t *root = NULL, *authorities = NULL;
	struct page p;

	if (r == 0 && row.gone)
		r = ERR_GONE;
	if (r < 0)
		return flow_fail(f, r);
	root = json_loadb(row.body.at, row.body.len, 0, NULL);
	authorities = page_items(f, AUTHORITIES);
	if (!root || !authorities)
		return flow_fail(f, ERR_NOMEM);
	p = page_begin(f, page_text(json_object_get(root, "person"), "name"));
	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, "/people", STR("People"));
	put_all(&p, &row, root, authorities);
	return page_end(&p, "person", PAGE_NOWHERE, flow_rescued_status(f));
}

const struct flow_step page_person[] = {
	{"load", show_load},
	{"answer", show_answer},
	{0},
};

/* --- sent ----------------------------------------------------------------------------------- */

/* The roles elsewhere that were kept, and the one that was chosen. */
static json_t *elsewhere_sent(struct flow *f)
{
	struct str id = flow_form(f, "more_authority_id"), role = flow_form(f, "more_role");
	json_t *list = json_array();

	for (int i = 0; list && i < ELSEWHERE_MAX; i++) {
		struct str at, kept = flow_form(f, arena_fmt(f->arena, "keep_%d", i).at);

		at = str_cut(kept, ' ', &kept);
		if (at.len && kept.len)
			(void)json_array_append_new(list,
						    json_pack("{s:s%, s:s%}", "authority_id", at.at,
							      at.len, "role", kept.at, kept.len));
	}
	if (id.len && role.len)
		(void)json_array_append_new(list, json_pack("{s:s%, s:s%}", "authority_id", id.at,
							    id.len, "role", role.at, role.len));
	return list;
}

/* Roles are sent on only where the form changed them: what others did meanwhile stays. */
static enum step_result change_read(struct flow *f)
{
	json_auto_t *roles = people_roles_sent(f), *elsewhere = elsewhere_sent(f);
	int r = form_read(f, &form_person);

	if (r == 0 && (!roles || !elsewhere))
		r = ERR_NOMEM;
	if (r == 0 && !str_is_null(flow_form(f, "roles_were")) &&
	    !str_eq(list_text(f, roles), flow_form(f, "roles_were")))
		r = json_object_set(f->body, "roles", roles) ? ERR_NOMEM : 0;
	if (r == 0 && !str_is_null(flow_form(f, "has_elsewhere")))
		r = json_object_set(f->body, "elsewhere", elsewhere) ? ERR_NOMEM : 0;
	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

static enum step_result go_back(struct flow *f)
{
	return page_redirect(f, arena_fmt(f->arena, "/people/%s", f->param[0].at));
}

static enum step_result go_to_list(struct flow *f)
{
	return page_redirect(f, STR("/people"));
}

static enum step_result link_made(struct flow *f)
{
	struct person_state *s = ARENA_NEW(f->arena, struct person_state);

	if (!s)
		return flow_fail(f, ERR_NOMEM);
	s->link = account_link_made(f);
	f->state = s;
	return show_load(f);
}

static const struct flow_step change_steps[] = {
	{"read", change_read},
	{"load", account_load},
	{"store", account_patch_store},
	{"answer", go_back},
	{0},
};
static const struct flow_step link_steps[] = {
	{"load", account_load},
	{"store", account_link_store},
	{"made", link_made},
	{"answer", show_answer},
	{0},
};
static const struct flow_step sessions_steps[] = {
	{"load", account_load},
	{"store", account_sessions_store},
	{"answer", go_back},
	{0},
};
static const struct flow_step factor_steps[] = {
	{"load", account_load},
	{"store", account_factor_store},
	{"answer", go_back},
	{0},
};
static const struct flow_step close_steps[] = {
	{"load", account_load},
	{"store", account_close_store},
	{"answer", go_to_list},
	{0},
};

static const struct {
	const char *word;
	const struct flow_step *steps;
} act_table[] = {
	{"CHANGE", change_steps}, {"LINK", link_steps},   {"SESSIONS", sessions_steps},
	{"FACTOR", factor_steps}, {"CLOSE", close_steps},
};

static enum step_result act_begin(struct flow *f)
{
	flow_rescue(f, page_person);
	for (size_t i = 0; i < COUNT(act_table); i++) {
		if (is_act(f, act_table[i].word))
			return flow_become(f, act_table[i].steps);
	}
	h_flaw(f, "act", "NOT_IN_LIST", STR("This form does not say what is to be done."),
	       STR("Load the page again."));
	return flow_fail(f, flaws_err(&f->flaws));
}

const struct flow_step page_person_act[] = {
	{"choose", act_begin},
	{0},
};
