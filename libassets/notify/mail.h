/*
 * Parts of a letter by mail that must be right to the byte: the address it goes to, encoded words
 * in its head, its date. What is not of the form is refused or encoded, never passed on, so that no
 * text can add a line to the head.
 *
 * Source: RFC 5321 section 4.1.2, RFC 5322 sections 2.2 and 3.3, RFC 2047.
 */
#pragma once

#include "libassets/base/arena.h"
#include "libassets/base/buf.h"
#include "libassets/base/str.h"

enum {
	MAIL_ADDRESS_MAX = 254, /* bytes, RFC 5321 section 4.5.3.1.3 less the brackets */
	MAIL_LOCAL_MAX = 64,    /* before the @ */
	MAIL_DATE_TEXT = 32,    /* room for a date and its NUL */
	MAIL_TEXT_MAX = 400,    /* bytes of one encoded text: what a head is asked to hold */
};

/*
 * May a letter go there: dot-atom@domain in ASCII. Quoted local parts, addresses in brackets
 * and letters beyond ASCII are lawful and seldom, and not taken.
 */
bool mail_address_ok(struct str address);

/* The same as the form of a field (shape_form.h). */
#define FORM_MAIL "a mail address such as name@example.org, without quotes, in plain letters"
struct str shape_form_mail(struct str text, struct arena *a);

/*
 * Append a text as it may stand in a field of the head: as it is where it is plain ASCII, else as
 * encoded words (UTF-8, base64) of at most 75 characters, folded between them, cut at no
 * character. Controls become blanks.
 *
 * text: UTF-8, at most MAIL_TEXT_MAX bytes count.
 */
void mail_put_text(struct buf *out, struct str text);

/* "Sat, 21 Nov 2026 10:00:00 +0000" of microseconds since 1970. */
void mail_date(int64_t us, char ret_text[MAIL_DATE_TEXT]);
