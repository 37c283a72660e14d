/*
 * What the files mail*.c share. All of it belongs to the mail thread.
 *
 *	mail.c         life, lease, what is due, what came of it
 *	mail_setup.c   the settings, checked
 *	mail_letter.c  the words
 *	mail_curl.c    SMTP
 */
#pragma once

#include <sys/queue.h>

#include "db.h"
#include "lease.h"
#include "libassets/arena.h"
#include "log.h"
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
};

/* ERR_INVALID, having logged why. Texts are borrowed from the settings. */
MUST_CHECK int mail_setup_load(const struct conf *c, struct mail_setup *ret_setup);
void mail_setup_wipe(struct mail_setup *s);

/*
 * Put the letter of a row together, in the arena.
 * ERR_INVALID  its address is none that mail goes to     ERR_NOMEM
 */
MUST_CHECK int mail_letter_make(const struct mail_setup *s, const struct q_mail_due_row *row,
				int64_t now_us, struct arena *a, struct mail_letter *ret_letter);
