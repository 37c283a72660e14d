/*
 * How many of the letters under way may go to one domain, so that a mail server that says nothing
 * keeps those alone waiting whom it is asked for. The relay of the settings speaks for all of them,
 * and may well pass their silence on: it asks the other side before it takes an address or a
 * letter.
 *
 * A domain has a share of the places. Those that last said nothing in time have half of all places
 * together, until they answer, however many they are: what they take is gone for as long as one
 * reply may take, once. No threads, no clock, no database.
 */
#pragma once

#include "libassets/base/str.h"

enum {
	MAIL_IN_FLIGHT_MAX = 16,                    /* letters, a thread each */
	MAIL_SHARE = 4,                             /* of them, to one domain */
	MAIL_SILENT_SHARE = MAIL_IN_FLIGHT_MAX / 2, /* to all that last said nothing */
	MAIL_DOMAINS_MAX = 4 * MAIL_IN_FLIGHT_MAX,  /* that are remembered */
	MAIL_DOMAIN_TEXT = 256,                     /* bytes of a name, with NUL */
};

struct mail_domain {
	char name[MAIL_DOMAIN_TEXT]; /* lower case */
	int under_way;
	bool is_silent;
	int64_t turn; /* of the last letter to it: who has been quiet longest is forgotten first */
};

/* All zero: nothing under way, nobody known. */
struct mail_share {
	struct mail_domain domain[MAIL_DOMAINS_MAX];
	int64_t turn;
};

enum mail_heard { MAIL_ANSWERED, MAIL_SILENT, MAIL_UNHEARD /* it was not asked, or not reached */ };

/*
 * A place for a letter to this address. NULL: there is none for it now. Whoever has it gives it
 * back.
 */
struct mail_domain *mail_share_take(struct mail_share *s, struct str address);
void mail_share_give(struct mail_domain *d, enum mail_heard heard);

/* Up to `most` domains for which there is no place now, borrowed until the next call; how many. */
size_t mail_share_full(const struct mail_share *s, struct str *ret_domain, size_t most);
