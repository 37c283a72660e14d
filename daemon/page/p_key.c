/*
 * One key: what it may, what was done with it, and what whoever has it or looks after them does
 * with it. The forms go the steps of /v1/keys/{id} (h_key.c) and come back here; `act` says which.
 * A key that takes its place is for whoever shows anew that it is them (present.h), on the answer
 * to its form, and never shown again.
 */
#include "beside.h"
#include "daemon/flow/flow_rescue.h"
#include "daemon/route/h.h"
#include "daemon/route/h_key.h"
#include "form.h"
#include "libassets/base/err.h"
#include "libassets/register/api_key.h"
#include "p.h"
#include "present.h"
#include "q.h"

/* The statement of the page's batch behind the frame's and that of who is present. */
enum { KEY = PRESENT + 1 };

/* clang-format off */
static const struct form_row change_rows[] = {
	{"name",       FORM_TEXT, FORM_NEEDED, .label = "What it is for"},
	{"expires_on", FORM_DAY,  FORM_SHORT | FORM_NEEDED, .label = "Its last day",
	 .hint = "It can be brought forward, and never put off."},
};
/* clang-format on */

static const struct form form_change = {change_rows, COUNT(change_rows), &api_key_shape, NULL,
					"k-"};
static const struct form *const forms[] = {&form_change};

/* What the answer to a form shows besides. */
struct key_state {
	struct str secret, id; /* of the one that takes its place */
};

static bool is_act(struct flow *f, const char *word)
{
	return str_eq(flow_form(f, "act"), str_of(word));
}

/* --- shown ---------------------------------------------------------------------------------- */

static enum step_result show_load(struct flow *f)
{
	present_ask(f);
	q_page_key_add(flow_batch(f), &(struct q_page_key){.id = f->param[0]});
	return flow_send(f);
}

static void put_forms(struct page *p, const json_t *key, bool is_own)
{
	struct flow *f = p->flow;
	bool is_sent = flow_rescued(f) && is_act(f, "CHANGE");
	bool may_make = principal_may(f->who, PERM_KEY_WRITE);
	json_auto_t *sent = is_sent ? form_sent(p, &form_change) : NULL;

	page_put(p, "may_make", json_boolean(may_make));
	page_put(p, "may_rotate",
		 json_boolean(is_own && json_is_true(json_object_get(key, "may_rotate"))));
	page_put(p, "fields", form_fields(p, &form_change, key, NULL, sent));
	present_put(p);
	if (!flow_rescued(f))
		return;
	if (flow_rescued(f) == ERR_STALE && sent)
		beside_put_form(p, &form_change, key, sent);
	page_put(p, "refusal", json_string(err_info(flow_rescued(f))->title));
	page_put_text(p, "refusal_detail", flow_rescued_detail(f));
	page_put(p, "flaws",
		 form_flaws(p, forms, COUNT(forms),
			    present_is_wrong(f) ? "present" : "main-content"));
}

static void put_made(struct page *p)
{
	const struct key_state *s = flow_rescued(p->flow) ? NULL : p->flow->state;

	if (!s || !s->secret.len)
		return;
	page_put_text(p, "secret", s->secret);
	page_put_text(p, "made_id", s->id);
}

static enum step_result show_answer(struct flow *f)
{
	struct q_page_key_row row;
	json_auto_t *root = NULL;
	json_t *key;
	struct page p;
	int r = q_page_key_one(f->got, KEY, &row);

	if (r == 0 && row.gone)
		r = ERR_GONE;
	if (r < 0)
		return flow_fail(f, r);
	root = json_loadb(row.body.at, row.body.len, 0, NULL);
	key = json_object_get(root, "key");
	if (!key)
		return flow_fail(f, ERR_NOMEM);
	p = page_begin(f,
		       *page_text(key, "name") ? page_text(key, "name") : page_text(key, "prefix"));
	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, "/keys", STR("Keys for programs"));
	page_put(&p, "is_own", json_boolean(row.is_own));
	put_forms(&p, key, row.is_own);
	put_made(&p);
	page_put_of(&p, p.data, "key", root);
	page_put_of(&p, p.data, "history", root);
	return page_end(&p, "key", PAGE_NOWHERE, flow_rescued_status(f));
}

const struct flow_step page_key[] = {
	{"load", show_load},
	{"answer", show_answer},
	{0},
};

/* --- sent ----------------------------------------------------------------------------------- */

static enum step_result go_back(struct flow *f)
{
	return page_redirect(f, arena_fmt(f->arena, "/keys/%s", f->param[0].at));
}

static enum step_result go_to_list(struct flow *f)
{
	return page_redirect(f, STR("/keys"));
}

static enum step_result change_read(struct flow *f)
{
	int r = form_read(f, &form_change);

	return r < 0 ? flow_fail(f, r) : key_load(f);
}

static enum step_result rotate_read(struct flow *f)
{
	int64_t overlap_s;

	if (str_to_i64(flow_form(f, "overlap_s"), &overlap_s) == 0 &&
	    json_object_set_new(f->body, "overlap_s", json_integer(overlap_s)))
		return flow_fail(f, ERR_NOMEM);
	return key_load(f);
}

static enum step_result rotated(struct flow *f)
{
	struct key_state *s = ARENA_NEW(f->arena, struct key_state);

	if (!s)
		return flow_fail(f, ERR_NOMEM);
	s->secret = key_made(f);
	s->id = key_made_id(f);
	f->state = s;
	return show_load(f);
}

static const struct flow_step change_steps[] = {
	{"read", change_read},
	{"store", key_change_store},
	{"answer", go_back},
	{0},
};
static const struct flow_step rotate_steps[] = {
	{"ask", present_step_ask},
	{"count", present_step_count},
	{"compare", present_step_compare},
	{"look", present_step_look},
	{"read", rotate_read},
	{"store", key_rotate_store},
	{"made", rotated},
	{"answer", show_answer},
	{0},
};
static const struct flow_step end_steps[] = {
	{"load", key_load},
	{"store", key_end_store},
	{"answer", go_to_list},
	{0},
};

static const struct {
	const char *word;
	const struct flow_step *steps;
} act_table[] = {{"CHANGE", change_steps}, {"ROTATE", rotate_steps}, {"END", end_steps}};

static enum step_result act_begin(struct flow *f)
{
	flow_rescue(f, page_key);
	f->body = json_object();
	if (!f->body)
		return flow_fail(f, ERR_NOMEM);
	for (size_t i = 0; i < COUNT(act_table); i++) {
		if (is_act(f, act_table[i].word))
			return flow_become(f, act_table[i].steps);
	}
	h_flaw(f, "act", "NOT_IN_LIST", STR("This form does not say what is to be done."),
	       STR("Load the page again."));
	return flow_fail(f, flaws_err(&f->flaws));
}

const struct flow_step page_key_act[] = {
	{"choose", act_begin},
	{0},
};
