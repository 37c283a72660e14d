/*
 * Signing in by e-mail address and password: count the try, compare, open a session.
 *
 * Tries are counted for the address as typed, whether there is such an account or not, and what is
 * answered and worked is the same: nobody learns here who has one. A browser that has signed in to
 * that address before has a count of its own (by a signed cookie), so whoever guesses from
 * elsewhere can make the owner wait nowhere but on a strange machine. Tries at other browsers are
 * counted by the client's address as well, before anything is hashed, and have fewer of the places
 * where passwords wait: who tries one password with everybody keeps nobody out who was in before.
 */
#include "p_sign_in.h"

#include "daemon/base/log.h"
#include "daemon/flow/flow_sign_in.h"
#include "daemon/process/worker.h"
#include "daemon/route/password.h"
#include "factor.h"
#include "libassets/base/err.h"
#include "p_session.h"
#include "page.h"
#include "q.h"

#define KNOWN_COOKIE "__Host-known"
#define WRONG "The e-mail address, the password or the code is not right"

enum { COUNTED = 0, KNOWN_S = 180 * 86400, EMAIL_MAX = 254 };

struct password_sign_in {
	struct str email;  /* in lower case */
	struct str device; /* of a browser that has signed in to it before; else absent */
	char who[DB_BYTEA_TEXT(32)];
	struct password_job *job;
	struct str principal_id, key_id, factor;
	char token[SESSION_TOKEN + 1];
	int wait_s;
};

struct str sign_in_email(struct flow *f)
{
	struct str typed = str_trim(flow_form(f, "email"));
	char *email = typed.len > EMAIL_MAX ? NULL : arena_alloc(f->arena, typed.len + 1);

	for (size_t i = 0; email && i < typed.len; i++)
		email[i] = typed.at[i] >= 'A' && typed.at[i] <= 'Z'
				   ? (char)(typed.at[i] + 'a' - 'A')
				   : typed.at[i];
	return email ? (struct str){email, typed.len} : (struct str){NULL, 0};
}

static struct str of_device(struct flow *f, const struct password_sign_in *s)
{
	return arena_fmt(f->arena, "%.*s %.*s", (int)s->device.len, s->device.at, (int)s->email.len,
			 s->email.at);
}

/* The browser, when its cookie is one that we gave it for this address. */
static void know_device(struct flow *f, struct password_sign_in *s)
{
	struct str mac, want;

	s->device = str_cut(http_cookie_get(f->request, STR(KNOWN_COOKIE)), '.', &mac);
	if (s->device.len != SESSION_TOKEN) {
		s->device = (struct str){NULL, 0};
		return;
	}
	want = session_sign(f, "known browser", of_device(f, s));
	if (!want.at || !str_eq(mac, want))
		s->device = (struct str){NULL, 0};
}

static int count_as(struct flow *f, struct password_sign_in *s)
{
	unsigned char mac[32];
	bool is_known = s->device.len > 0;
	int r = auth_sign(f->worker->auth, is_known ? "sign-in browser" : "sign-in address",
			  is_known ? of_device(f, s) : s->email, mac);

	if (r == 0)
		db_bytea(mac, sizeof(mac), s->who);
	return r;
}

static enum step_result wrong_answer(struct flow *f)
{
	return session_refuse(f, WRONG, 422);
}

static const struct flow_step wrong_steps[] = {
	{"load", session_form_load},
	{"answer", wrong_answer},
	{0},
};

static enum step_result wait_answer(struct flow *f)
{
	const struct password_sign_in *s = f->state;
	struct str wait = arena_fmt(f->arena, "%d", s->wait_s);
	struct str words = arena_fmt(f->arena,
				     "There were too many tries with that address. Wait %d "
				     "second%s and try again",
				     s->wait_s, s->wait_s == 1 ? "" : "s");

	if (!wait.at || !words.at)
		return flow_fail(f, ERR_NOMEM);
	http_reply_field(f->reply, STR("Retry-After"), wait);
	return session_refuse(f, words.at, 429);
}

static const struct flow_step wait_steps[] = {
	{"load", session_form_load},
	{"answer", wait_answer},
	{0},
};

static enum step_result count(struct flow *f)
{
	struct password_sign_in *s = f->state = ARENA_NEW(f->arena, struct password_sign_in);
	int r;

	if (!s)
		return flow_fail(f, ERR_NOMEM);
	s->email = sign_in_email(f);
	if (!s->email.len || !flow_form(f, "password").len)
		return flow_become(f, wrong_steps);
	know_device(f, s);
	r = s->device.len ? 0 : flow_sign_in(f);
	if (r == 0)
		r = count_as(f, s);
	if (r < 0)
		return flow_fail(f, r);
	q_sign_in_begin_add(flow_batch(f),
			    &(struct q_sign_in_begin){.who = str_of(s->who), .email = s->email});
	return flow_send(f);
}

static enum step_result compare(struct flow *f)
{
	struct password_sign_in *s = f->state;
	struct q_sign_in_begin_row row;
	int r = q_sign_in_begin_one(f->got, COUNTED, &row);

	if (r < 0)
		return flow_fail(f, r);
	if (row.wait_s) {
		s->wait_s = row.wait_s;
		return flow_become(f, wait_steps);
	}
	s->principal_id = arena_str(f->arena, row.principal_id);
	s->key_id = arena_str(f->arena, row.key_id);
	s->factor = arena_str(f->arena, row.factor);
	return password_compare(
		f, flow_form(f, "password"), row.key_id.len ? row.password : STR(""),
		s->device.len ? PASSWORD_JOBS_MAX : PASSWORD_JOBS_STRANGERS, &s->job);
}

static enum step_result wrong(struct flow *f)
{
	log_info("wrong password or code", F_Z("request", f->request->id));
	return flow_become(f, wrong_steps);
}

/* A code that was used before is found out by the batch that would open the session. */
static enum step_result open(struct flow *f)
{
	struct password_sign_in *s = f->state;
	int r = password_err(f, s->job);

	if (r < 0)
		return flow_fail(f, r);
	if (!password_is_right(s->job))
		return wrong(f);
	r = session_act_as(f, s->principal_id, s->key_id);
	if (r == 0 && s->factor.len)
		r = factor_use(f, s->factor, flow_form(f, "code"));
	if (r == ERR_INVALID) {
		f->who = &auth_anonymous;
		return wrong(f);
	}
	if (r == 0)
		r = session_add(f, s->token);
	if (r < 0)
		return flow_fail(f, r);
	q_sign_in_end_add(flow_batch(f), &(struct q_sign_in_end){.who = str_of(s->who)});
	return flow_send_trying(f);
}

static enum step_result answer(struct flow *f)
{
	struct password_sign_in *s = f->state;
	char fresh[SESSION_TOKEN + 1];
	struct str mac;
	int r = flow_send_err(f);

	if (r == ERR_FORBIDDEN && s->factor.len) {
		f->who = &auth_anonymous;
		return wrong(f);
	}
	if (r < 0)
		return flow_fail(f, r);
	if (!s->device.len) {
		session_token(fresh);
		s->device = arena_str(f->arena, str_of(fresh));
	}
	mac = session_sign(f, "known browser", of_device(f, s));
	if (mac.at)
		session_cookie(f, KNOWN_COOKIE,
			       arena_fmt(f->arena, "%.*s.%.*s", (int)s->device.len, s->device.at,
					 (int)mac.len, mac.at),
			       KNOWN_S);
	return session_begun(f, str_of(s->token));
}

const struct flow_step sign_in_by_password[] = {
	{"count", count}, {"compare", compare}, {"open", open}, {"answer", answer}, {0},
};
