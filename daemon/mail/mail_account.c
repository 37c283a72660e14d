/*
 * Letters that bring the link by which somebody sets the password of their account. The queue says
 * no more than for whom: the link's token is made when the letter goes (mail.c), is told to the
 * database as a hash, and stands nowhere else in words than here. So of several letters the link of
 * the newest works.
 */
#include "daemon/base/clock.h"
#include "daemon/page/dress.h"
#include "libassets/base/err.h"
#include "libassets/register/account.h"
#include "mail_private.h"
#include "q.h"

enum { BODY_MAX = 16 * 1024 };

/* Why it comes, what to do, and what happens without. A body is the register where there is none.
 */
static const struct {
	const char *kind, *subject, *before, *after;
} kind_table[] = {
	{"INVITE", "Your account in the ",
	 " has made you an account. Choose a password\n"
	 "for it here; you then sign in with this address and that password:\n",
	 "If you do not know what this is about, do nothing: without a password nobody\n"
	 "can use the account.\n"},
	{"RESET", "A new password for the ",
	 " sends you a link by which you choose a new\n"
	 "password for your account:\n",
	 "If you do not want another password, do nothing: the one you have stays.\n"},
	{"FORGOTTEN", "A new password for the ",
	 ": somebody, we hope you, has said that the password\n"
	 "of this address was forgotten. You can choose a new one here:\n",
	 "If it was not you, do nothing: your password stays as it is.\n"},
};

static int kind_of(const struct q_mail_due_row *row)
{
	for (size_t i = 0; i < COUNT(kind_table); i++) {
		if (str_eq(row->kind, str_of(kind_table[i].kind)))
			return (int)i;
	}
	return -1;
}

bool mail_account_is(const struct q_mail_due_row *row)
{
	return kind_of(row) >= 0;
}

int mail_account_make(const struct mail_setup *s, const struct q_mail_due_row *row,
		      struct str token, int64_t now_us, struct arena *a,
		      struct mail_letter *ret_letter)
{
	CLEANUP(buf_done) struct buf body = BUF(BODY_MAX);
	int kind = kind_of(row);
	bool is_asked_for = kind >= 0 && str_eq(row->kind, STR("FORGOTTEN"));

	if (kind < 0)
		return ERR_BUG;
	buf_fmt(&body, "To %.*s\n\n", (int)row->body_name.len, row->body_name.at);
	if (is_asked_for || !row->authority_name.len)
		buf_fmt(&body, "The %s", s->name);
	else
		buf_str(&body, row->authority_name);
	buf_str(&body, str_of(kind_table[kind].before));
	buf_fmt(&body, "\n%s/password?token=%.*s\n\nThe link works once, until ", s->base_url,
		(int)token.len, token.at);
	dress_day(&body, day_add(clock_today(now_us), ACCOUNT_LINK_DAYS));
	buf_str(&body,
		STR(". If you have several of these letters,\nthat of the newest works.\n\n"));
	buf_str(&body, str_of(kind_table[kind].after));
	if (buf_err(&body) < 0)
		return ERR_NOMEM;
	return mail_letter_wrap(
		s, row,
		&(struct mail_words){
			.subject = arena_fmt(a, "%s%s", kind_table[kind].subject, s->name),
			.body = buf_view(&body),
		},
		now_us, a, ret_letter);
}
