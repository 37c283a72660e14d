/*
 * What the files mail*.c share. All of it belongs to the mail thread.
 *
 *	mail.c         life, lease, what is due, what came of it
 *	mail_share.c   how many letters to one domain
 *	mail_setup.c   the settings, checked
 *	mail_letter.c  the head of every letter, the words of those that ask for something
 *	mail_follow.c  the words of those that tell something
 *	mail_account.c the words of those that bring the link of an account
 *	mail_curl.c    SMTP
 *	mail_folder.c  files in its place
 */
#pragma once

#include <sys/queue.h>

#include "daemon/base/log.h"
#include "daemon/db/db.h"
#include "libassets/base/arena.h"
#include "mail.h"
#include "mail_curl.h"

struct q_mail_due_row;

enum { MAIL_CREDENTIALS_MAX = 1024 };

/* What the settings say. */
struct mail_setup {
	struct mail_server server;
	char credentials[MAIL_CREDENTIALS_MAX]; /* user, NUL, password */
	const char *from;
	const char *name; /* of the service, beside the address */
	const char *base_url;
	const char *folder; /* where letters are put in place of a server; NULL: there is one */
};

/* ERR_INVALID, having logged why. Texts are borrowed from the settings. */
MUST_CHECK int mail_setup_load(const struct conf *c, struct mail_setup *ret_setup);
void mail_setup_wipe(struct mail_setup *s);

struct mail_words {
	struct str subject;
	struct str body; /* UTF-8, lines that end in \n */
};

/*
 * A letter of these words, in the arena, with the head that the row's kind asks for.
 * ERR_INVALID  its address is none that mail goes to     ERR_NOMEM
 */
MUST_CHECK int mail_letter_wrap(const struct mail_setup *s, const struct q_mail_due_row *row,
				const struct mail_words *words, int64_t now_us, struct arena *a,
				struct mail_letter *ret_letter);

/* Does it go to a follower: is what it says read when it is sent, as the public reads it? */
bool mail_follow_is(const struct q_mail_due_row *row);
/* Add what asks for that to a batch. */
void mail_follow_ask(struct db_batch *b, const struct q_mail_due_row *row);
/* On whose behalf it is asked: an officer's for what is due in their authority, else nobody's. */
struct str mail_follow_actor(const struct q_mail_due_row *row);
/* Does it bring the link of an account, whose token is made when it goes? */
bool mail_account_is(const struct q_mail_due_row *row);
/*
 * Put that letter together, with its token. ERR_INVALID  as mail_letter_make     ERR_BUG, ERR_NOMEM
 */
MUST_CHECK int mail_account_make(const struct mail_setup *s, const struct q_mail_due_row *row,
				 struct str token, int64_t now_us, struct arena *a,
				 struct mail_letter *ret_letter);

/* A letter, and the position that it tells of: also where there is nothing to tell. */
struct mail_told {
	struct mail_letter letter;
	int64_t upto;
};

/*
 * Put the letter together of the batch's reply.
 * ERR_NOT_FOUND  there is nothing to tell      ERR_FORBIDDEN  who asked may no longer be told
 * ERR_INVALID    as mail_letter_make           ERR_BUG, ERR_NOMEM
 */
MUST_CHECK int mail_follow_make(const struct mail_setup *s, const struct q_mail_due_row *row,
				const struct db_reply *reply, int64_t now_us, struct arena *a,
				struct mail_told *ret_told);

/*
 * Put the letter of a row together, in the arena.
 * ERR_INVALID  its address is none that mail goes to     ERR_NOMEM
 */
MUST_CHECK int mail_letter_make(const struct mail_setup *s, const struct q_mail_due_row *row,
				int64_t now_us, struct arena *a, struct mail_letter *ret_letter);
