/*
 * See present.h. A key cannot be guessed, so tries at one are not counted.
 */
#include "present.h"

#include "daemon/process/worker.h"
#include "daemon/route/h.h"
#include "daemon/route/password.h"
#include "libassets/base/err.h"
#include "q.h"

#define FIELD "present"

void present_ask(struct flow *f)
{
	q_page_account_add(page_batch(f), &(struct q_page_account){.csrf = f->who->csrf});
}

static int count_key(struct flow *f, struct present *s)
{
	int r = auth_read_key(f->worker->auth, str_trim(flow_form(f, FIELD)), &s->key);

	if (r == 0)
		auth_ask(flow_batch(f), &s->key);
	return r == ERR_UNAUTHENTICATED ? ERR_INVALID : r;
}

int present_count(struct flow *f, struct present *s)
{
	json_auto_t *shown = page_item(f, PRESENT);
	const json_t *account = json_object_get(shown, "account");
	unsigned char mac[32];
	int r;

	if (!json_is_object(account))
		return count_key(f, s);
	s->email = arena_str(f->arena, str_of(page_text(account, "email")));
	s->name = arena_str(f->arena, str_of(page_text(account, "name")));
	s->factor = arena_str(f->arena, str_of(page_text(account, "factor")));
	r = auth_sign(f->worker->auth, "own password", f->who->id, mac);
	if (r < 0)
		return r;
	db_bytea(mac, sizeof(mac), s->who);
	q_sign_in_begin_add(flow_batch(f),
			    &(struct q_sign_in_begin){.who = str_of(s->who), .email = s->email});
	return 0;
}

/* It is theirs, and the one by which they are here. */
static int compare_key(struct flow *f, const struct present *s)
{
	struct auth_pass *pass;
	bool is_touch_due, is_this;
	int r = auth_learn(f->worker->auth, &s->key, f->got, 0, &pass, &is_touch_due);

	if (r < 0)
		return r == ERR_UNAUTHENTICATED ? ERR_INVALID : r;
	is_this = str_eq(auth_principal(pass)->key_id, f->who->key_id);
	auth_drop(pass);
	return is_this ? 0 : ERR_INVALID;
}

int present_compare(struct flow *f, struct present *s, enum step_result *ret_next)
{
	struct q_sign_in_begin_row row;
	int r;

	*ret_next = STEP_NEXT;
	if (!s->email.len)
		return compare_key(f, s);
	r = q_sign_in_begin_one(f->got, 0, &row);
	if (r < 0)
		return r;
	if (row.wait_s)
		return ERR_RATE;
	*ret_next =
		password_compare(f, flow_form(f, FIELD), row.password, PASSWORD_JOBS_MAX, &s->job);
	return 0;
}

int present_look(struct flow *f, const struct present *s)
{
	int r = s->email.len ? password_err(f, s->job) : 0;

	if (r < 0)
		return r;
	return !s->email.len || password_is_right(s->job) ? 0 : ERR_INVALID;
}

void present_forget(struct flow *f, const struct present *s)
{
	if (s->email.len)
		q_sign_in_end_add(flow_batch(f), &(struct q_sign_in_end){.who = str_of(s->who)});
}

/* --- as steps ------------------------------------------------------------------------------- */

static enum step_result refuse(struct flow *f, const struct present *s, int err)
{
	if (err == ERR_INVALID && s->email.len)
		h_flaw(f, FIELD, "WRONG", STR("The password is not right."),
		       STR("Type the one that you sign in with."));
	else if (err == ERR_INVALID)
		h_flaw(f, FIELD, "WRONG", STR("This is not the key that you signed in with."),
		       STR("Type that one."));
	else if (err == ERR_RATE)
		flow_detail(f, STR("There were too many tries at your password. Wait some minutes "
				   "and try again."));
	return flow_fail(f, err);
}

enum step_result present_step_ask(struct flow *f)
{
	present_ask(f);
	return flow_send(f);
}

enum step_result present_step_count(struct flow *f)
{
	struct present *s = f->state = ARENA_NEW(f->arena, struct present);
	int r = s ? present_count(f, s) : ERR_NOMEM;

	return r < 0 ? refuse(f, s, r) : flow_send(f);
}

enum step_result present_step_compare(struct flow *f)
{
	enum step_result next;
	int r = present_compare(f, f->state, &next);

	return r < 0 ? refuse(f, f->state, r) : next;
}

enum step_result present_step_look(struct flow *f)
{
	const struct present *s = f->state;
	int r = present_look(f, s);

	if (r < 0)
		return refuse(f, s, r);
	if (!s->email.len)
		return STEP_NEXT;
	present_forget(f, s); /* at once: what is wrong with the form besides is no wrong try */
	return flow_send(f);
}

/* --- shown ---------------------------------------------------------------------------------- */

bool present_is_wrong(const struct flow *f)
{
	return page_flaw_at(f, STR(FIELD));
}

void present_put(struct page *p)
{
	json_auto_t *shown = page_item(p->flow, PRESENT);

	page_put(p, "has_account", json_boolean(json_is_object(json_object_get(shown, "account"))));
	page_fault(p, FIELD);
}
