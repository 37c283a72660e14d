/*
 * What every request goes through before its first step: who asks, may they do this at all,
 * does the route know the names in the query, was this POST made before. Rows of a table
 * like any other flow. A further check for all is a call in admit(), and its place there is
 * the order in which a client hears of its faults: rate, permission, query, form, key.
 *
 * Pages take a session's cookie and no key, the API a key and no cookie, so that no browser
 * can be made to use the API in its reader's name. A page's form also proves where it came
 * from: by Sec-Fetch-Site or Origin, and inside a session by the session's csrf word.
 */
#include <openssl/crypto.h>
#include <stdlib.h>

#include "daemon/base/clock.h"
#include "daemon/base/fault.h"
#include "daemon/process/worker.h"
#include "flow_await.h"
#include "flow_kept.h"
#include "flow_private.h"
#include "flow_sent.h"
#include "q.h"

/* Bytes; a batch of one statement. */
enum { TOUCH_ARENA_MAX = 16 * 1024 };

static bool is_page(const struct flow *f)
{
	return f->route->flags & ROUTE_PAGE;
}

/* A token in the query, where the route takes one; what is none is left to the route. */
static int read_address(struct flow *f)
{
	struct query query;

	if (!(f->route->flags & ROUTE_TOKEN) ||
	    query_parse(f->request->query, f->arena, &query) < 0 ||
	    auth_read_token(CREDENTIAL_ADDRESS, query_get(&query, STR("token")),
			    &f->p->credential) < 0)
		return ERR_NOT_FOUND;
	return 0;
}

/*
 * Read what was shown into f->p->credential. ERR_NOT_FOUND  nothing that counts.
 * ERR_UNAUTHENTICATED  a key that is none.
 */
static int read_credential(struct flow *f)
{
	struct str scheme, value;

	if (is_page(f)) {
		value = http_cookie_get(f->request, STR(AUTH_COOKIE));
		if (auth_read_token(CREDENTIAL_SESSION, value, &f->p->credential) < 0)
			return ERR_NOT_FOUND;
		return 0;
	}
	value = http_field_get(f->request, STR("authorization"));
	if (str_is_null(value))
		return read_address(f);
	scheme = str_cut(value, ' ', &value);
	if (!str_eq_nocase(scheme, STR("Bearer")))
		return ERR_UNAUTHENTICATED;
	return auth_read_key(f->worker->auth, str_trim(value), &f->p->credential);
}

static void enter_as(struct flow *f, struct auth_pass *pass)
{
	f->p->pass = pass;
	f->who = auth_principal(pass);
}

/* Guesses at keys count like requests without one, so that nobody can try them all. */
static enum step_result fail_unknown(struct flow *f, int err)
{
	int r = rate_check(f->p->x, STR(""));

	rate_guessed(f->p->x);
	return flow_fail(f, r < 0 ? r : err);
}

static enum step_result ask_who(struct flow *f)
{
	struct auth_pass *pass;
	int r;

	if (FAULT_POINT(FLOW_BEGIN) < 0)
		return flow_fail(f, ERR_BUG);
	r = read_credential(f);
	if (r == ERR_NOT_FOUND)
		return flow_become(f, &flow_enter[2]);
	if (r < 0)
		return fail_unknown(f, r);

	pass = auth_recall(f->worker->auth, &f->p->credential);
	if (pass) {
		enter_as(f, pass);
		return flow_become(f, &flow_enter[2]);
	}
	r = auth_has_met(f->worker->auth, &f->p->credential) ? 0 : rate_may_guess(f->p->x);
	if (r < 0)
		return flow_fail(f, r);
	auth_ask(flow_batch(f), &f->p->credential);
	return flow_send(f);
}

static void on_touched(void *arg, int err, const struct db_reply *reply)
{
	struct arena *a = arg;

	(void)err; /* the next look-up tries again */
	(void)reply;
	arena_done(a);
	free(a);
}

void flow_touch(const struct flow *f)
{
	struct db_actor actor = {
		.principal_id = f->who->id, .key_id = f->who->key_id, .now_us = f->now_us};
	struct arena *a = calloc(1, sizeof(*a));
	struct db_batch *b;

	if (!a)
		return;
	arena_init(a, TOUCH_ARENA_MAX);
	b = db_batch_new(a, DB_WRITE, &actor);
	if (!b) {
		free(a);
		return;
	}
	if (f->who->address_id.len)
		q_forecast_address_touch_add(
			b, &(struct q_forecast_address_touch){.id = f->who->address_id});
	else
		q_key_touch_add(b);
	db_pool_send(f->worker->db, b, on_touched, a);
}

static enum step_result hear_who(struct flow *f)
{
	struct auth_pass *pass;
	bool is_touch_due;
	int r;

	if (FAULT_POINT(FLOW_HEAR_WHO) < 0)
		return flow_fail(f, ERR_BUG);
	r = auth_learn(f->worker->auth, &f->p->credential, f->got, 0, &pass, &is_touch_due);
	if (r == ERR_UNAUTHENTICATED && is_page(f)) {
		rate_guessed(f->p->x);
		return STEP_NEXT; /* an old cookie: nobody in particular */
	}
	if (r == ERR_UNAUTHENTICATED || r == ERR_NOT_FOUND)
		return fail_unknown(f, r);
	if (r == ERR_GONE)
		flow_detail(f, STR("This address of the forecast was ended, has expired, or the "
				   "key that it was made with has."));
	if (r < 0)
		return flow_fail(f, r);
	enter_as(f, pass);
	if (is_touch_due)
		flow_touch(f);
	return STEP_NEXT;
}

/* Where a browser says that the page stood which sent this. */
enum origin { ORIGIN_OURS, ORIGIN_FOREIGN, ORIGIN_UNSAID };

static enum origin origin_of(const struct http_request *r)
{
	struct str site = http_field_get(r, STR("sec-fetch-site"));
	struct str origin = http_field_get(r, STR("origin"));
	size_t scheme = str_starts(origin, STR("https://"))  ? 8
			: str_starts(origin, STR("http://")) ? 7
							     : 0;

	if (!str_is_null(site))
		return str_eq(site, STR("same-origin")) || str_eq(site, STR("none"))
			       ? ORIGIN_OURS
			       : ORIGIN_FOREIGN;
	if (str_is_null(origin))
		return ORIGIN_UNSAID;
	return scheme && str_eq((struct str){origin.at + scheme, origin.len - scheme}, r->host)
		       ? ORIGIN_OURS
		       : ORIGIN_FOREIGN;
}

/* A form that another site made a browser send. Neither field: no browser of today; inside a
 * session the csrf word is asked for as well. */
static bool is_foreign(const struct http_request *r)
{
	return origin_of(r) == ORIGIN_FOREIGN;
}

bool flow_is_ours(const struct flow *f)
{
	return origin_of(f->request) == ORIGIN_OURS;
}

/* The session's word; what stands behind its point is the page's own (flow_store.c). */
static bool has_csrf(struct flow *f)
{
	struct str once, sent = str_cut(flow_form(f, "csrf"), '.', &once);
	struct str want = f->who->csrf;

	return str_is_null(want) ||
	       (sent.len == want.len && CRYPTO_memcmp(sent.at, want.at, want.len) == 0);
}

static int check_form(struct flow *f)
{
	int r;

	if (is_page(f) && !flow_is_safe(f) && is_foreign(f->request)) {
		flow_detail(f, STR("This form was sent from another site."));
		return ERR_FORBIDDEN;
	}
	if (!(f->route->flags & ROUTE_FORM) || flow_is_safe(f))
		return 0;
	r = flow_read_form(f);
	if (r == ERR_FORM)
		flow_sent_flaws(f);
	if (r < 0)
		return r;
	if (!has_csrf(f)) {
		flow_detail(f,
			    STR("This form is not of your present session. Load the page again."));
		return ERR_FORBIDDEN;
	}
	return 0;
}

static enum step_result admit(struct flow *f)
{
	int r;

	if (FAULT_POINT(FLOW_ADMIT) < 0)
		return flow_fail(f, ERR_BUG);
	if (f->who == &auth_unknown)
		f->who = &auth_anonymous;
	/* By itself: who finds an address cannot use up what its maker may ask. */
	r = rate_check(f->p->x, f->who->address_id.len ? f->who->address_id : f->who->key_id);
	if (r < 0)
		return flow_fail(f, r);
	if (!principal_may(f->who, f->route->needs))
		return flow_fail(f, f->who->id.len ? ERR_FORBIDDEN : ERR_UNAUTHENTICATED);
	r = f->route->flags & (ROUTE_PAGE | ROUTE_FILE) ? 0 : flow_check_accept(f);
	if (r < 0)
		return flow_fail(f, r);
	r = flow_read_query(f);
	if (r < 0)
		return flow_fail(f, r);
	r = check_form(f);
	if (r < 0)
		return flow_fail(f, r);
	r = flow_read_idempotency(f);
	if (r < 0)
		return flow_fail(f, r);
	f->p->is_admitted = true;
	return flow_names_event(f) ? flow_become(f, flow_await_event) : flow_kept(f);
}

const struct flow_step flow_enter[] = {
	{"ask who", ask_who},
	{"hear who", hear_who},
	{"admit", admit},
	{0},
};
