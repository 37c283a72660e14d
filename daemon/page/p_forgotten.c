/*
 * Somebody has forgotten their password: a form that takes an address, to which a letter with a
 * link goes when it is an account's. What is answered, and what it costs, is the same whether it is
 * or not; letters are counted by the client's address (flow_letter) and by the one that is typed
 * (account_forgotten). Such a link leaves a second factor as it is: whoever reads the letters is
 * not yet who has the device.
 */
#include "daemon/mail/mail.h"
#include "daemon/process/worker.h"
#include "daemon/route/h.h"
#include "libassets/base/err.h"
#include "libassets/shape/shape_form.h"
#include "p.h"
#include "p_sign_in.h"
#include "page.h"
#include "q.h"

static enum step_result form_load(struct flow *f)
{
	(void)page_batch(f);
	return flow_send(f);
}

static enum step_result show(struct flow *f, bool is_sent, const char *wrong)
{
	struct page p = page_begin(f, "A forgotten password");

	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, "/sign-in", STR("Sign in"));
	page_put(&p, "has_mail", json_boolean(mail_is_set(f->worker->conf)));
	page_put(&p, "is_sent", json_boolean(is_sent));
	page_put_text(&p, "email", flow_form(f, "email"));
	if (wrong)
		page_put(&p, "wrong", json_string(wrong));
	page_put(&p, "is_wrong", json_boolean(wrong != NULL));
	return page_end(&p, "forgotten", PAGE_SIGN_IN, wrong ? err_info(ERR_INVALID)->status : 200);
}

static enum step_result form_answer(struct flow *f)
{
	return show(f, false, NULL);
}

const struct flow_step page_forgotten[] = {
	{"load", form_load},
	{"answer", form_answer},
	{0},
};

static enum step_result wrong_answer(struct flow *f)
{
	return show(f, false, "This is not an e-mail address, such as name@example.org");
}

static const struct flow_step wrong_steps[] = {
	{"load", form_load},
	{"answer", wrong_answer},
	{0},
};

static enum step_result ask(struct flow *f)
{
	struct str email = sign_in_email(f);
	char who[DB_BYTEA_TEXT(32)];
	unsigned char mac[32];
	int r;

	if (!mail_is_set(f->worker->conf))
		return flow_fail(f, ERR_NO_MAIL);
	if (!email.len || str_is_null(shape_form_email(email, f->arena)))
		return flow_become(f, wrong_steps);
	r = flow_letter(f);
	if (r == 0)
		r = auth_sign(f->worker->auth, "forgotten password", email, mac);
	if (r < 0)
		return flow_fail(f, r);
	db_bytea(mac, sizeof(mac), who);
	q_account_forgotten_add(page_batch(f), &(struct q_account_forgotten){
						       .who = str_of(who),
						       .email = email,
						       .mail_id = h_id(f, "mal_"),
					       });
	return flow_send(f);
}

static enum step_result sent_answer(struct flow *f)
{
	return show(f, true, NULL);
}

const struct flow_step page_forgotten_send[] = {
	{"ask", ask},
	{"answer", sent_answer},
	{0},
};
