/*
 * Signing in by typing an API key into a form, and out again; by e-mail address and password it
 * goes on in p_sign_in.c. The cookie's token is random and kept as its hash alone; a session ends
 * after twelve hours, after half an hour without a page, and with the key behind it.
 *
 * The form itself is bound to the browser before there is a session: it carries a word made
 * from a cookie of its own, so that nobody can be signed in as somebody else by a strange
 * site's form.
 */
#include "p_session.h"

#include <openssl/crypto.h>

#include "daemon/base/id.h"
#include "daemon/base/key.h"
#include "daemon/base/log.h"
#include "daemon/flow/flow_sign_in.h"
#include "daemon/mail/mail.h"
#include "daemon/process/process.h"
#include "daemon/process/worker.h"
#include "libassets/base/err.h"
#include "p.h"
#include "p_sign_in.h"
#include "page.h"
#include "q.h"
#include "typed.h"

#define FORM_COOKIE "__Host-form"
#define COOKIE_RULES "; Path=/; Secure; HttpOnly; SameSite=Lax"

enum { TOKEN = SESSION_TOKEN, NEXT_MAX = 1000, SESSION_S = 12 * 3600 };
enum { LOOKED_UP = 0 };

struct sign_in_state {
	struct credential credential;
	char token[TOKEN + 1];
};

/* 32 random bytes as text. */
void session_token(char ret_token[SESSION_TOKEN + 1])
{
	unsigned char bytes[32];

	id_random(bytes, sizeof(bytes));
	key_base62(bytes, ret_token);
	ret_token[TOKEN] = '\0';
	OPENSSL_cleanse(bytes, sizeof(bytes));
}

void session_cookie(struct flow *f, const char *name, struct str value, int age_s)
{
	struct str text = arena_fmt(f->arena, "%s=%.*s" COOKIE_RULES "; Max-Age=%d", name,
				    (int)value.len, value.at, age_s);

	if (text.at)
		http_reply_field(f->reply, STR("Set-Cookie"), text);
}

struct str session_sign(struct flow *f, const char *purpose, struct str text)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char mac[32];
	char word[65];

	if (auth_sign(f->worker->auth, purpose, text, mac) < 0)
		return (struct str){NULL, 0};
	for (size_t i = 0; i < sizeof(mac); i++) {
		word[2 * i] = hex[mac[i] >> 4];
		word[2 * i + 1] = hex[mac[i] & 15];
	}
	word[64] = '\0';
	return arena_str(f->arena, str_of(word));
}

/* The word that a form carries for a browser's form cookie. */
static struct str form_word(struct flow *f, struct str cookie)
{
	return session_sign(f, "sign-in form", cookie);
}

struct str session_next(struct str wish)
{
	if (wish.len < 1 || wish.len > NEXT_MAX || wish.at[0] != '/')
		return STR("/");
	if (wish.len > 1 && (wish.at[1] == '/' || wish.at[1] == '\\'))
		return STR("/");
	for (size_t i = 0; i < wish.len; i++) {
		if (wish.at[i] < 0x21 || wish.at[i] > 0x7E)
			return STR("/");
	}
	return wish;
}

/* The browser's form cookie, a fresh one where it has none. */
static struct str form_cookie(struct flow *f)
{
	struct str cookie = http_cookie_get(f->request, STR(FORM_COOKIE));
	char fresh[TOKEN + 1];

	if (cookie.len == TOKEN)
		return cookie;
	session_token(fresh);
	cookie = arena_str(f->arena, str_of(fresh));
	session_cookie(f, FORM_COOKIE, cookie, SESSION_S);
	return cookie;
}

int session_ask(struct flow *f, json_t *typed)
{
	json_auto_t *data = json_pack("{s:s, s:b, s:b, s:s, s:b, s:O}", "title",
				      "Sign in to send what you typed", "title_is_said", 1,
				      "is_answer", 1, "form_csrf", form_word(f, form_cookie(f)).at,
				      "has_mail", mail_is_set(f->worker->conf), "typed", typed);
	struct str next = session_next(f->request->target);

	if (!data || json_object_set_new(data, "next", json_stringn(next.at, next.len)))
		return ERR_NOMEM;
	f->reply->status = err_info(ERR_UNAUTHENTICATED)->status;
	return pages_render(f->worker->process->pages, "sign_in", PAGE_SIGN_IN,
			    language_of(f->request), data, f->reply);
}

/* wrong: what is, of which field; NULL: nothing yet. */
static enum step_result show_form(struct flow *f, struct str next, const char *field,
				  const char *wrong, int status)
{
	struct page p = page_begin(f, "Sign in");
	json_t *typed = typed_kept(f, (struct str){NULL, 0}, next);

	page_crumb(&p, "/", STR("Home"));
	page_put_text(&p, "form_csrf", form_word(f, form_cookie(f)));
	page_put_text(&p, "next", next);
	if (typed)
		page_put(&p, "typed", typed);
	page_put(&p, "has_mail", json_boolean(mail_is_set(f->worker->conf)));
	if (wrong)
		page_put(&p, "wrong", json_string(wrong));
	page_put(&p, "is_wrong_key", json_boolean(wrong && strcmp(field, "key") == 0));
	page_put(&p, "is_wrong_email", json_boolean(wrong && strcmp(field, "email") == 0));
	page_put_text(&p, "email", flow_form(f, "email"));
	page_put(&p, "is_changed", json_boolean(flow_query(f, "changed").len));
	return page_end(&p, "sign_in", PAGE_SIGN_IN, status);
}

static enum step_result form_load(struct flow *f)
{
	(void)page_batch(f);
	return flow_send(f);
}

static enum step_result form_answer(struct flow *f)
{
	return show_form(f, session_next(flow_query(f, "next")), "", NULL, 200);
}

const struct flow_step page_sign_in[] = {
	{"load", form_load},
	{"answer", form_answer},
	{0},
};

static enum step_result wrong_answer(struct flow *f)
{
	return show_form(f, session_next(flow_form(f, "next")), "key",
			 "That key is not one of ours, or it has ended", 422);
}

enum step_result session_refuse(struct flow *f, const char *wrong, int status)
{
	return show_form(f, session_next(flow_form(f, "next")), "email", wrong, status);
}

enum step_result session_form_load(struct flow *f)
{
	return form_load(f);
}

static const struct flow_step sign_in_wrong[] = {
	{"load", form_load},
	{"answer", wrong_answer},
	{0},
};

static bool is_own_form(struct flow *f)
{
	struct str cookie = http_cookie_get(f->request, STR(FORM_COOKIE));
	struct str sent = flow_form(f, "form_csrf");
	struct str want = form_word(f, cookie);

	return cookie.len == TOKEN && want.at && sent.len == want.len &&
	       CRYPTO_memcmp(sent.at, want.at, want.len) == 0;
}

static enum step_result key_look_up(struct flow *f)
{
	struct sign_in_state *s = ARENA_NEW(f->arena, struct sign_in_state);
	int r;

	if (!s)
		return flow_fail(f, ERR_NOMEM);
	f->state = s;
	if (!is_own_form(f)) {
		flow_detail(
			f,
			STR("The form is old, or cookies are switched off. Load the page again."));
		return flow_fail(f, ERR_FORBIDDEN);
	}
	if (!flow_form(f, "key").len && (flow_form(f, "email").len || flow_form(f, "password").len))
		return flow_become(f, sign_in_by_password);
	r = flow_sign_in(f);
	if (r < 0)
		return flow_fail(f, r);
	if (auth_read_key(f->worker->auth, str_trim(flow_form(f, "key")), &s->credential) < 0)
		return flow_become(f, sign_in_wrong);
	auth_ask(flow_batch(f), &s->credential);
	return flow_send(f);
}

int session_act_as(struct flow *f, struct str id, struct str key_id)
{
	struct principal *copy = ARENA_NEW(f->arena, struct principal);

	if (!copy)
		return ERR_NOMEM;
	*copy = (struct principal){
		.id = arena_str(f->arena, id),
		.key_id = arena_str(f->arena, key_id),
	};
	if (!copy->id.at || !copy->key_id.at)
		return ERR_NOMEM;
	f->who = copy;
	return 0;
}

/* The session that this browser had, of whomever: its cookie is about to be another's. */
static int leave_add(struct flow *f)
{
	struct credential old;
	char hash[DB_BYTEA_TEXT(32)];
	int r = auth_read_token(CREDENTIAL_SESSION, http_cookie_get(f->request, STR(AUTH_COOKIE)),
				&old);

	if (r < 0)
		return r == ERR_UNAUTHENTICATED ? 0 : r;
	db_bytea(old.hash, sizeof(old.hash), hash);
	q_session_leave_add(flow_batch(f), &(struct q_session_leave){.hash = str_of(hash)});
	return 0;
}

int session_add(struct flow *f, char ret_token[SESSION_TOKEN + 1])
{
	struct principal *who = ARENA_NEW(f->arena, struct principal);
	struct credential session;
	char csrf[TOKEN + 1], hash[DB_BYTEA_TEXT(32)];
	int r;

	session_token(ret_token);
	session_token(csrf);
	if (!who)
		return ERR_NOMEM;
	*who = *f->who;
	who->csrf = arena_str(f->arena, str_of(csrf));
	f->who = who;
	r = auth_read_token(CREDENTIAL_SESSION, str_of(ret_token), &session);
	if (r < 0)
		return r;
	db_bytea(session.hash, sizeof(session.hash), hash);
	q_session_open_add(flow_batch(f), &(struct q_session_open){
						  .hash = str_of(hash),
						  .key_id = f->who->key_id,
						  .csrf = who->csrf,
					  });
	return leave_add(f);
}

int session_renew_add(struct flow *f, char ret_token[SESSION_TOKEN + 1])
{
	struct credential session;
	char hash[DB_BYTEA_TEXT(32)];
	int r;

	session_token(ret_token);
	r = auth_read_token(CREDENTIAL_SESSION, str_of(ret_token), &session);
	if (r < 0)
		return r;
	db_bytea(session.hash, sizeof(session.hash), hash);
	q_session_renew_add(flow_batch(f),
			    &(struct q_session_renew){.csrf = f->who->csrf, .hash = str_of(hash)});
	q_session_close_others_add(flow_batch(f),
				   &(struct q_session_close_others){.csrf = f->who->csrf});
	return 0;
}

void session_renewed(struct flow *f, struct str token)
{
	session_cookie(f, AUTH_COOKIE, token, SESSION_S);
}

static enum step_result session_open(struct flow *f)
{
	struct sign_in_state *s = f->state;
	struct auth_pass *pass;
	bool is_touch_due;
	int r = auth_learn(f->worker->auth, &s->credential, f->got, LOOKED_UP, &pass,
			   &is_touch_due);

	if (r == ERR_UNAUTHENTICATED)
		return flow_become(f, sign_in_wrong);
	if (r < 0)
		return flow_fail(f, r);
	r = session_act_as(f, auth_principal(pass)->id, auth_principal(pass)->key_id);
	auth_drop(pass);
	if (r == 0)
		r = session_add(f, s->token);
	return r < 0 ? flow_fail(f, r) : flow_send(f);
}

/* What was typed before somebody signed in, to be looked at and sent. */
static enum step_result kept_answer(struct flow *f)
{
	struct page p = page_begin(f, "Send what you typed");
	json_t *typed = typed_kept(f, f->who->csrf, session_next(flow_form(f, "next")));

	page_put(&p, "here", json_string("%2F"));
	page_crumb(&p, "/", STR("Home"));
	page_put(&p, "typed", typed);
	return page_end(&p, "typed_page", PAGE_SIGN_IN, 200);
}

static const struct flow_step kept_steps[] = {
	{"load", form_load},
	{"answer", kept_answer},
	{0},
};

enum step_result session_begun(struct flow *f, struct str token)
{
	log_info("signed in", F_TEXT("principal", f->who->id), F_TEXT("key", f->who->key_id),
		 F_Z("request", f->request->id));
	session_cookie(f, AUTH_COOKIE, token, SESSION_S);
	session_cookie(f, FORM_COOKIE, STR(""), 0);
	if (flow_form(f, "keeps").len)
		return flow_become(f, kept_steps);
	return page_redirect(f, session_next(flow_form(f, "next")));
}

static enum step_result session_opened(struct flow *f)
{
	struct sign_in_state *s = f->state;

	return session_begun(f, str_of(s->token));
}

const struct flow_step page_sign_in_check[] = {
	{"look up", key_look_up},
	{"open", session_open},
	{"answer", session_opened},
	{0},
};

static enum step_result session_close(struct flow *f)
{
	if (!f->who->csrf.len)
		return page_redirect(f, STR("/"));
	q_session_close_add(flow_batch(f), &(struct q_session_close){.csrf = f->who->csrf});
	return flow_send(f);
}

static enum step_result session_closed(struct flow *f)
{
	log_info("signed out", F_TEXT("principal", f->who->id), F_Z("request", f->request->id));
	session_cookie(f, AUTH_COOKIE, STR(""), 0);
	return page_redirect(f, STR("/"));
}

const struct flow_step page_sign_out[] = {
	{"close", session_close},
	{"answer", session_closed},
	{0},
};
