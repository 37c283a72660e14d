/*
 * One's own sign-in: where one is signed in, an end to all of that at once, and another password
 * for whoever has an account. The present password is asked for first, since a browser left open is
 * not its owner; tries are counted by the account, apart from those of signing in, and a new
 * password ends the other sessions.
 *
 * A session that was ended is believed for AUTH_FRESH_MS more by a worker that has just seen it.
 */
#include "daemon/base/log.h"
#include "daemon/process/worker.h"
#include "daemon/route/password.h"
#include "libassets/base/err.h"
#include "libassets/base/password.h"
#include "p.h"
#include "p_session.h"
#include "page.h"
#include "q.h"

enum { OWN = PAGE_FRAME + 1 };

struct own_flow {
	struct str email, name;
	char who[DB_BYTEA_TEXT(32)];
	struct password_job *job;
	const char *wrong, *field; /* what is shown again, NULL: nothing */
	int status;
};

static enum step_result own_load(struct flow *f)
{
	q_page_account_add(page_batch(f), &(struct q_page_account){.csrf = f->who->csrf});
	return flow_send(f);
}

static enum step_result own_answer(struct flow *f)
{
	const struct own_flow *s = f->state;
	const char *wrong = s ? s->wrong : NULL;
	struct page p = page_begin(f, "Your sign-in");
	json_t *shown = page_item(f, OWN);

	page_crumb(&p, "/", STR("Home"));
	page_put(&p, "sessions", json_incref(json_object_get(shown, "sessions")));
	page_put(&p, "account", json_incref(json_object_get(shown, "account")));
	page_put(&p, "is_changed", json_boolean(flow_query(f, "changed").len));
	if (wrong) {
		page_put(&p, "wrong", json_string(wrong));
		page_put(&p, s->field, json_string(wrong));
	}
	json_decref(shown);
	return page_end(&p, "account", PAGE_SIGN_IN, wrong ? s->status : 200);
}

const struct flow_step page_account[] = {
	{"load", own_load},
	{"answer", own_answer},
	{0},
};

static enum step_result refuse(struct flow *f, const char *field, const char *wrong, int status)
{
	struct own_flow *s = f->state;

	s->field = field;
	s->wrong = wrong;
	s->status = status;
	return flow_become(f, page_account);
}

/* --- Signing out everywhere ---------------------------------------------------------------- */

static enum step_result close_all(struct flow *f)
{
	q_session_close_others_add(flow_batch(f), &(struct q_session_close_others){.csrf = {0}});
	return flow_send(f);
}

static enum step_result closed_all(struct flow *f)
{
	log_info("signed out everywhere", F_TEXT("principal", f->who->id),
		 F_Z("request", f->request->id));
	session_cookie(f, AUTH_COOKIE, STR(""), 0);
	return page_redirect(f, STR("/"));
}

static const struct flow_step everywhere_steps[] = {
	{"close", close_all},
	{"answer", closed_all},
	{0},
};

/* --- Another password ---------------------------------------------------------------------- */

static enum step_result password_count(struct flow *f)
{
	struct own_flow *s = f->state;
	json_auto_t *shown = page_item(f, OWN);
	json_t *account = json_object_get(shown, "account");
	unsigned char mac[32];
	int r;

	if (!json_is_object(account))
		return flow_fail(f, ERR_NOT_FOUND);
	s->email = arena_str(f->arena, str_of(page_text(account, "email")));
	s->name = arena_str(f->arena, str_of(page_text(account, "name")));
	r = auth_sign(f->worker->auth, "own password", f->who->id, mac);
	if (r < 0)
		return flow_fail(f, r);
	db_bytea(mac, sizeof(mac), s->who);
	q_sign_in_begin_add(flow_batch(f),
			    &(struct q_sign_in_begin){.who = str_of(s->who), .email = s->email});
	return flow_send(f);
}

static enum step_result password_present(struct flow *f)
{
	struct own_flow *s = f->state;
	struct q_sign_in_begin_row row;
	int r = q_sign_in_begin_one(f->got, 0, &row);

	if (r < 0)
		return flow_fail(f, r);
	if (row.wait_s)
		return refuse(f, "wrong_present",
			      "There were too many tries. Wait some minutes and try again", 429);
	return password_compare(f, flow_form(f, "present"), row.password, &s->job);
}

static enum step_result password_next(struct flow *f)
{
	struct own_flow *s = f->state;
	const char *flaw;
	int r = password_err(f, s->job);

	if (r < 0)
		return flow_fail(f, r);
	if (!password_is_right(s->job))
		return refuse(f, "wrong_present", "The present password is not right", 422);
	flaw = password_flaw(flow_form(f, "password"), s->name, s->email);
	if (flaw)
		return refuse(f, "wrong_password", flaw, 422);
	return password_hash(f, flow_form(f, "password"), &s->job);
}

static enum step_result password_store(struct flow *f)
{
	struct own_flow *s = f->state;
	int r = password_err(f, s->job);

	if (r < 0)
		return flow_fail(f, r);
	q_account_password_set_add(flow_batch(f), &(struct q_account_password_set){
							  .password = password_hashed(s->job)});
	q_session_close_others_add(flow_batch(f),
				   &(struct q_session_close_others){.csrf = f->who->csrf});
	q_sign_in_end_add(flow_batch(f), &(struct q_sign_in_end){.who = str_of(s->who)});
	return flow_send(f);
}

static enum step_result password_stored(struct flow *f)
{
	log_info("password changed", F_TEXT("principal", f->who->id),
		 F_Z("request", f->request->id));
	return page_redirect(f, STR("/account?changed=password"));
}

static const struct flow_step password_steps[] = {
	{"load", own_load},
	{"count", password_count},
	{"compare", password_present},
	{"hash", password_next},
	{"store", password_store},
	{"answer", password_stored},
	{0},
};

static enum step_result change_begin(struct flow *f)
{
	f->state = ARENA_NEW(f->arena, struct own_flow);
	if (!f->state)
		return flow_fail(f, ERR_NOMEM);
	return flow_become(f, str_eq(flow_form(f, "change"), STR("everywhere")) ? everywhere_steps
										: password_steps);
}

const struct flow_step page_account_change[] = {
	{"take", change_begin},
	{0},
};
