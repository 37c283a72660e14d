/*
 * Setting a password by the link of an account (h_account.c). The link is the only credential,
 * works once, and its address holds the secret, so nothing on the page carries that further; what
 * it leads to is the form to sign in by.
 */
#include "daemon/base/account_token.h"
#include "daemon/route/password.h"
#include "libassets/base/err.h"
#include "libassets/base/password.h"
#include "p.h"
#include "page.h"
#include "q.h"

enum { FOUND = PAGE_FRAME + 1 };

struct link_flow {
	struct str hash, token;
	struct password_job *job;
	const char *wrong;
};

/* Whose link it is: the first batch of both, with the frame. */
static enum step_result link_load(struct flow *f, struct str token)
{
	struct link_flow *s = f->state = ARENA_NEW(f->arena, struct link_flow);
	unsigned char bytes[32];
	char hash[DB_BYTEA_TEXT(32)];
	int r = s ? account_token_hash(token, bytes) : ERR_NOMEM;

	if (r < 0)
		return flow_fail(f, r);
	db_bytea(bytes, sizeof(bytes), hash);
	s->hash = arena_str(f->arena, str_of(hash));
	s->token = token;
	q_account_link_find_add(page_batch(f), &(struct q_account_link_find){.link = s->hash});
	return flow_send(f);
}

static enum step_result show(struct flow *f)
{
	const struct link_flow *s = f->state;
	struct q_account_link_find_row row;
	int r = q_account_link_find_one(f->got, FOUND, &row);
	struct page p;

	if (r == ERR_NOT_FOUND)
		flow_detail(f, STR("This link was used, has expired, or another was made after it. "
				   "Ask who looks after people at your authority for a new one."));
	if (r < 0)
		return flow_fail(f, r == ERR_NOT_FOUND ? ERR_GONE : r);
	p = page_begin(f, "Choose a password");
	page_put(&p, "here", json_string("%2F")); /* never this address, which holds the secret */
	page_crumb(&p, "/", STR("Home"));
	page_put_text(&p, "token", s->token);
	page_put_text(&p, "name", row.name);
	page_put_text(&p, "email", row.email);
	if (s->wrong)
		page_put(&p, "wrong", json_string(s->wrong));
	page_put(&p, "is_wrong", json_boolean(s->wrong != NULL));
	return page_end(&p, "password", PAGE_SIGN_IN, s->wrong ? 422 : 200);
}

static enum step_result form_load(struct flow *f)
{
	return link_load(f, flow_query(f, "token"));
}

const struct flow_step page_password[] = {
	{"load", form_load},
	{"answer", show},
	{0},
};

static enum step_result set_load(struct flow *f)
{
	return link_load(f, flow_form(f, "token"));
}

static enum step_result set_hash(struct flow *f)
{
	struct link_flow *s = f->state;
	struct q_account_link_find_row row;
	struct str password = flow_form(f, "password");

	if (q_account_link_find_one(f->got, FOUND, &row) == 0) {
		s->wrong = password_flaw(password, row.name, row.email);
		if (!s->wrong)
			return password_hash(f, password, &s->job);
	}
	return show(f);
}

static enum step_result set_store(struct flow *f)
{
	struct link_flow *s = f->state;
	int r = password_err(f, s->job);

	if (r < 0)
		return flow_fail(f, r);
	q_account_link_use_add(
		flow_batch(f),
		&(struct q_account_link_use){.link = s->hash, .password = password_hashed(s->job)});
	return flow_send(f);
}

static enum step_result set_answer(struct flow *f)
{
	return page_redirect(f, STR("/sign-in?changed=password"));
}

const struct flow_step page_password_set[] = {
	{"load", set_load}, {"hash", set_hash}, {"store", set_store}, {"answer", set_answer}, {0},
};
