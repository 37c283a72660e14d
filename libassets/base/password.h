/*
 * What may be a password: long, and none of those that are tried first. There are no rules about
 * kinds of characters, since these make people choose what others guess.
 *
 * Source: NIST SP 800-63B-4, section 3.1.1.2: 15 characters where it is all that is asked for, any
 * of Unicode, at least 64 taken, compared with a list of what is commonly used or expected.
 */
#pragma once

#include "str.h"

enum {
	PASSWORD_LEAST = 15, /* code points */
	PASSWORD_MOST = 256, /* bytes */
};

/*
 * What is wrong with it, as a sentence for who chose it; NULL: nothing. The text is a constant.
 * name, email: whose it is to be.
 */
const char *password_flaw(struct str password, struct str name, struct str email);
