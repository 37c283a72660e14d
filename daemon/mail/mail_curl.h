/*
 * SMTP by libcurl: letters on their way, each once and on a thread of its own, so that none waits
 * for another. Called on the mail thread, and calls back there.
 *
 * TLS of 1.2 or later with the other side's name verified, unless the settings allow none. Every
 * wait has an end; nothing that the other side says is kept but the number of its reply, and
 * whether that means that there is no such box.
 */
#pragma once

#include "libassets/base/base.h"
#include "libassets/base/str.h"

struct event_base;
struct mail_line;

/* Borrowed by the line as long as it lives. */
struct mail_server {
	const char *url;  /* smtp://host:587 or smtps://host:465 */
	const char *user; /* NULL: without a name */
	const char *password;
	const char *ca_file; /* NULL: the system's authorities */
	bool is_plain_allowed;
	int64_t timeout_ms; /* of a whole delivery */
};

/* A letter; borrowed for the call of mail_line_send. Texts end in NUL. */
struct mail_letter {
	const char *from, *to;   /* addresses, mail_address_ok */
	const char *const *head; /* fields "Name: value", encoded; NULL ends them */
	struct str subject;      /* as people read it: the head has it encoded */
	struct str body;         /* UTF-8 */
};

/* How a delivery ended. */
struct mail_result {
	bool is_sent;
	/* A reply to whom it goes to, or to the letter, says never (5xx): trying again may be in
	 * vain. One to ourselves, before that, says nothing of the letter. */
	bool is_refused;
	bool is_nobody;   /* refused because there is no such box (RFC 3463) */
	bool is_late;     /* no reply in time */
	int reply;        /* number of the last reply, 0 without one */
	const char *what; /* in words of libcurl's own, a constant */
};

/* NULL without memory. */
struct mail_line *mail_line_new(struct event_base *base, const struct mail_server *server);
/* Takes NULL. What is under way is cut off, and nobody is called any more. */
void mail_line_free(struct mail_line *l);

/* done is called once, later, from the loop.    ERR_NOMEM  it will not be */
MUST_CHECK int mail_line_send(struct mail_line *l, const struct mail_letter *letter,
			      void (*done)(void *arg, const struct mail_result *result), void *arg);
