/*
 * Whoever is signed in shows anew that it is them, before what lasts longer than their session: by
 * the password of their account or, who has none, by the key that they signed in with. A browser
 * left open is not its owner. Tries at the password are counted by the account, apart from those of
 * signing in.
 *
 * Asked for by pages/present.mustache, sent as `present`.
 */
#pragma once

#include "daemon/route/auth.h"
#include "page.h"

struct password_job;

struct present {
	struct str email, name, factor; /* of the account; absent without one */
	char who[DB_BYTEA_TEXT(32)];    /* as whom tries are counted */
	struct password_job *job;
	struct credential key;
};

/* Where present_ask's statement stands in a page's batch: first behind the frame. */
enum { PRESENT = PAGE_FRAME + 1 };

/* Add the statement that says of what account the actor is, into the page's batch, first. */
void present_ask(struct flow *f);

/*
 * What it answered is there: count the try, in a batch that is then to be sent. ERR_INVALID  what
 * was typed can be no key.    Errors of auth_sign.
 */
MUST_CHECK int present_count(struct flow *f, struct present *s);

/*
 * That batch is answered: compare, and return *ret_next from the step; whether it is the one is the
 * next step's to ask. ERR_RATE  too many tries    ERR_INVALID  it is another key    ERR_NOMEM
 */
MUST_CHECK int present_compare(struct flow *f, struct present *s, enum step_result *ret_next);

/* 0, ERR_INVALID  it is not the one; errors of password_err. */
MUST_CHECK int present_look(struct flow *f, const struct present *s);

/* Add to what is stored that tries are forgotten. */
void present_forget(struct flow *f, const struct present *s);

/*
 * All of it as steps, for a form that comes back with what is wrong of `present` (flow_rescue.h):
 * f->state is theirs from the second on, and whose follows afterwards.
 */
enum step_result present_step_ask(struct flow *f);
enum step_result present_step_count(struct flow *f);
enum step_result present_step_compare(struct flow *f);
enum step_result present_step_look(struct flow *f);

/* Put what the template asks for, and what was wrong, into a page whose batch asked. */
void present_put(struct page *p);
/* Was it that? Then the flaw leads to it. */
bool present_is_wrong(const struct flow *f);
