/*
 * One's own sign-in: where one is signed in, an end to all of that at once, and another password
 * for whoever has an account. The present password is asked for first (present.h), of whoever would
 * add a second factor as well, or they would lock the owner out. What was so changed ends the other
 * sessions, and gives this one another token.
 *
 * A session that was ended is believed for AUTH_FRESH_MS more by a worker that has just seen it.
 */
#include <openssl/crypto.h>

#include "daemon/base/log.h"
#include "daemon/process/worker.h"
#include "daemon/route/password.h"
#include "factor.h"
#include "libassets/base/err.h"
#include "libassets/base/password.h"
#include "p.h"
#include "p_session.h"
#include "page.h"
#include "present.h"
#include "q.h"

struct own_flow {
	struct present present;
	char token[SESSION_TOKEN + 1]; /* this session's next */
	struct password_job *job;      /* of the next password */
	struct str codes;              /* for a lost device, with blanks between: shown this once */
	const char *wrong, *field;     /* what is shown again, NULL: nothing */
	const char *asked;             /* where a wrong present password is told */
	int status;
};

/* A text as it may stand in an address. */
static void put_escaped(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		    c == '.' || c == '-' || c == '_')
			buf_char(out, (char)c);
		else
			buf_fmt(out, "%%%02X", c);
	}
}

/* The key of a factor that is not on yet, to be typed into an app or opened by it. */
static void put_key(struct page *p, const json_t *account)
{
	CLEANUP(buf_done) struct buf link = BUF(2000);
	struct flow *f = p->flow;
	struct str factor = str_of(page_text(account, "factor"));
	char text[TOTP_KEY_TEXT];
	uint8_t key[TOTP_KEY];

	if (!factor.len || json_is_true(json_object_get(account, "is_on")))
		return;
	if (factor_key(f, f->who->id, factor, key) < 0) {
		p->err = ERR_BUG;
		return;
	}
	totp_key_text(key, text);
	OPENSSL_cleanse(key, sizeof(key));
	buf_str(&link, STR("otpauth://totp/"));
	put_escaped(&link, f->request->host);
	buf_char(&link, ':');
	put_escaped(&link, str_of(page_text(account, "email")));
	buf_fmt(&link, "?secret=%s&issuer=", text);
	put_escaped(&link, f->request->host);
	page_put(p, "factor_key", json_string(text));
	page_put_text(p, "factor_link", buf_view(&link));
	OPENSSL_cleanse(text, sizeof(text));
}

static void put_codes(struct page *p, struct str codes)
{
	json_t *list = json_array();

	while (list && codes.len) {
		struct str code = str_cut(codes, ' ', &codes);

		(void)json_array_append_new(list, json_stringn(code.at, code.len));
	}
	page_put(p, "new_codes", list);
}

static enum step_result own_answer(struct flow *f)
{
	const struct own_flow *s = f->state;
	const char *wrong = s ? s->wrong : NULL;
	struct page p = page_begin(f, "Your sign-in");
	json_t *shown = page_item(f, PRESENT);

	page_crumb(&p, "/", STR("Home"));
	page_put(&p, "sessions", json_incref(json_object_get(shown, "sessions")));
	page_put(&p, "account", json_incref(json_object_get(shown, "account")));
	page_put(&p, "is_changed", json_boolean(flow_query(f, "changed").len));
	put_key(&p, json_object_get(shown, "account"));
	put_codes(&p, s ? s->codes : STR(""));
	if (wrong) {
		page_put(&p, "wrong", json_string(wrong));
		page_put(&p, s->field, json_string(wrong));
	}
	json_decref(shown);
	return page_end(&p, "account", PAGE_SIGN_IN, wrong ? s->status : 200);
}

const struct flow_step page_account[] = {
	{"load", present_step_ask},
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
	int r = present_count(f, &s->present);

	if (!s->present.email.len)
		return flow_fail(f, ERR_NOT_FOUND);
	return r < 0 ? flow_fail(f, r) : flow_send(f);
}

static enum step_result password_present(struct flow *f)
{
	struct own_flow *s = f->state;
	enum step_result next;
	int r = present_compare(f, &s->present, &next);

	if (r == ERR_RATE)
		return refuse(f, s->asked,
			      "There were too many tries. Wait some minutes and try again", 429);
	return r < 0 ? flow_fail(f, r) : next;
}

static enum step_result password_next(struct flow *f)
{
	struct own_flow *s = f->state;
	const char *flaw;
	int r = present_look(f, &s->present);

	if (r == ERR_INVALID)
		return refuse(f, s->asked, "The present password is not right", 422);
	if (r < 0)
		return flow_fail(f, r);
	if (strcmp(s->asked, "wrong_present") != 0)
		return STEP_NEXT;
	flaw = password_flaw(flow_form(f, "password"), s->present.name, s->present.email);
	if (flaw)
		return refuse(f, "wrong_password", flaw, 422);
	return password_hash(f, flow_form(f, "password"), &s->job);
}

/* What goes with each change: tries are forgotten, the others end, this session is another. */
static enum step_result send_anew(struct flow *f)
{
	struct own_flow *s = f->state;
	int r = session_renew_add(f, s->token);

	if (r < 0)
		return flow_fail(f, r);
	present_forget(f, &s->present);
	return flow_send(f);
}

static enum step_result password_store(struct flow *f)
{
	struct own_flow *s = f->state;
	int r = password_err(f, s->job);

	if (r < 0)
		return flow_fail(f, r);
	q_account_password_set_add(flow_batch(f), &(struct q_account_password_set){
							  .password = password_hashed(s->job)});
	return send_anew(f);
}

/* The session goes on under the token that was sent with the change. */
static void changed(struct flow *f, const char *what)
{
	const struct own_flow *s = f->state;

	log_info(what, F_TEXT("principal", f->who->id), F_Z("request", f->request->id));
	session_renewed(f, str_of(s->token));
}

static enum step_result password_stored(struct flow *f)
{
	changed(f, "password changed");
	return page_redirect(f, STR("/account?changed=password"));
}

static const struct flow_step password_steps[] = {
	{"load", present_step_ask},
	{"count", password_count},
	{"compare", password_present},
	{"hash", password_next},
	{"store", password_store},
	{"answer", password_stored},
	{0},
};

/* --- A second factor ----------------------------------------------------------------------- */

static enum step_result factor_new(struct flow *f)
{
	char factor[SESSION_TOKEN + 1];

	session_token(factor);
	q_factor_begin_add(flow_batch(f),
			   &(struct q_factor_begin){.factor = arena_str(f->arena, str_of(factor))});
	return flow_send(f);
}

static enum step_result factor_made(struct flow *f)
{
	return page_redirect(f, STR("/account"));
}

static const struct flow_step factor_steps[] = {
	{"make", factor_new},
	{"answer", factor_made},
	{0},
};

/* The codes for a lost device, and their hashes as factor_confirm.sql takes them. */
static struct str new_codes(struct flow *f, struct own_flow *s)
{
	CLEANUP(buf_done) struct buf codes = BUF(1000);
	CLEANUP(buf_done) struct buf hashes = BUF(1000);

	for (int i = 0; i < FACTOR_CODES; i++) {
		char code[FACTOR_CODE + 1];
		unsigned char hash[32];

		factor_code_new(f->who->id, code, hash);
		buf_fmt(&codes, "%s%s", i ? " " : "", code);
		buf_str(&hashes, i ? STR(" ") : STR(""));
		for (size_t n = 0; n < sizeof(hash); n++)
			buf_fmt(&hashes, "%02x", hash[n]);
	}
	if (buf_err(&codes) < 0 || buf_err(&hashes) < 0)
		return (struct str){NULL, 0};
	s->codes = arena_str(f->arena, buf_view(&codes));
	return arena_str(f->arena, buf_view(&hashes));
}

static enum step_result factor_try(struct flow *f)
{
	struct own_flow *s = f->state;
	int64_t step = 0;
	struct str factor = s->present.factor;
	int r = factor.len ? factor_step(f, f->who->id, factor, flow_form(f, "code"), &step)
			   : ERR_NOT_FOUND;

	if (r == ERR_INVALID)
		return refuse(f, "wrong_code", "The code is not the one of this moment", 422);
	if (r < 0)
		return flow_fail(f, r);
	q_factor_confirm_add(flow_batch(f), &(struct q_factor_confirm){.factor = factor,
								       .step = step,
								       .hashes = new_codes(f, s)});
	return send_anew(f);
}

static enum step_result factor_on(struct flow *f)
{
	changed(f, "second factor on");
	return flow_become(f, page_account);
}

static const struct flow_step confirm_steps[] = {
	{"load", present_step_ask},
	{"count", password_count},
	{"compare", password_present},
	{"look", password_next},
	{"try", factor_try},
	{"on", factor_on},
	{0},
};

static enum step_result factor_off(struct flow *f)
{
	q_factor_end_add(flow_batch(f));
	return send_anew(f);
}

static enum step_result factor_ended(struct flow *f)
{
	changed(f, "second factor ended");
	return page_redirect(f, STR("/account"));
}

static const struct flow_step end_steps[] = {
	{"load", present_step_ask},
	{"count", password_count},
	{"compare", password_present},
	{"look", password_next},
	{"end", factor_off},
	{"answer", factor_ended},
	{0},
};

/* asked: where it is told that the present password, where one is asked for, is not right. */
static const struct {
	const char *change;
	const struct flow_step *steps;
	const char *asked;
} change_table[] = {
	{"everywhere", everywhere_steps, ""}, {"password", password_steps, "wrong_present"},
	{"factor", factor_steps, ""},         {"confirm", confirm_steps, "wrong_confirm"},
	{"end", end_steps, "wrong_end"},
};

static enum step_result change_begin(struct flow *f)
{
	struct own_flow *s = f->state = ARENA_NEW(f->arena, struct own_flow);
	struct str change = flow_form(f, "change");

	if (!s)
		return flow_fail(f, ERR_NOMEM);
	for (size_t i = 0; i < COUNT(change_table); i++) {
		s->asked = change_table[i].asked;
		if (str_eq(change, str_of(change_table[i].change)))
			return flow_become(f, change_table[i].steps);
	}
	return flow_fail(f, ERR_FORM);
}

const struct flow_step page_account_change[] = {
	{"take", change_begin},
	{0},
};
