/*
 * Passwords as Argon2id makes them hard to guess from what is stored (RFC 9106): 64 MiB and three
 * passes, the second of its section 4's recommended choices but for lanes, of which libsodium has
 * one. That takes a tenth of a second and more, so it is done on a thread of its own, a few at a
 * time; who comes when these are there already is told to come back.
 */
#pragma once

#include "daemon/flow/flow.h"

enum { PASSWORD_HASH_TEXT = 128 }; /* characters of what is stored, with NUL */

/* Passwords under way or waiting, at most: half a second of one processor each; and how many may be
 * there for one to be taken from somebody who has shown nothing yet. */
enum { PASSWORD_JOBS_MAX = 8, PASSWORD_JOBS_STRANGERS = 5 };

struct password_job;

/* Make libsodium ready, before any thread. ERR_NOMEM  it is not to be had. */
MUST_CHECK int password_begin(void);

/*
 * Hash a password, or with a stored hash compare it with that: the flow waits, and the next step
 * asks for what came of it. Where `stored` is empty, as long is worked, and it is not the one.
 * most: of those above.    *ret_job: for the functions below, until the flow's end.
 */
enum step_result password_hash(struct flow *f, struct str password, struct password_job **ret_job);
enum step_result password_compare(struct flow *f, struct str password, struct str stored, int most,
				  struct password_job **ret_job);

/* 0, or why there is no result: ERR_BUSY  as many are there as may be     ERR_DEADLINE  ERR_NOMEM
 */
MUST_CHECK int password_err(const struct flow *f, const struct password_job *job);
/* Of one without error: what to store; is it the one. */
struct str password_hashed(const struct password_job *job);
bool password_is_right(const struct password_job *job);
