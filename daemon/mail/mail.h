/*
 * The sender of letters: a part of the process (role `mail`). What is to be sent stands in the
 * table mail, written in the transaction of what it is about, without text or address; the holder
 * of the lease looks for what is due, puts each letter together, and sends it by SMTP
 * (mail_curl.h).
 *
 * At least once: a letter that was sent and whose row could not be moved is sent again, with the
 * same Message-ID. After MAIL_ATTEMPTS it is given up, and the metric says so.
 */
#pragma once

#include "libassets/base/base.h"

struct conf;
struct process;

enum {
	MAIL_ATTEMPTS = 12,     /* over two days, by the schedule of retry.h */
	MAIL_ATTEMPTS_HARD = 3, /* when the other side says that it will never take it */
	MAIL_DAYS = 7,          /* that the link in a letter is good for */
};

/* Is there a mail server in the settings, or a folder in its place? Without one nothing may promise
 * a letter. */
bool mail_is_set(const struct conf *c);

/*
 * Without a mail server nothing is started. 0, or having logged why:
 * ERR_INVALID  settings that cannot be: no `from`, no [http] base_url, credentials that are none
 * ERR_NOMEM
 */
MUST_CHECK int mail_start(struct process *p);
void mail_stop(struct process *p);
