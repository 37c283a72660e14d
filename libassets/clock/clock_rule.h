/*
 * The clocks of the law as a table: clock.def, looked up by id. Each is one rule; the deadlines
 * of a request are its use.
 *
 * Source: each row names its own.
 */
#pragma once

#include "period.h"

enum clock_id {
#define CLOCK(id, ...) CLOCK_##id,
#include "clock.def"
#undef CLOCK
	CLOCK_COUNT
};

/* Who has to act by the last day, or may. Of NOBODY: a test that is asked, never a deadline. */
enum clock_whose {
	CLOCK_OF_AUTHORITY,
	CLOCK_OF_COMMUNITY_BODY,
	CLOCK_OF_MINISTERS,
	CLOCK_OF_BOTH,
	CLOCK_OF_ANYBODY,
	CLOCK_OF_NOBODY,
};

enum clock_expiry {
#define EXPIRY(id, words) CLOCK_EXPIRY_##id,
#include "clock_expiry.def"
#undef EXPIRY
};

struct clock_rule {
	const char *id;    /* K6 */
	const char *name;  /* "Decision notice" */
	const char *start; /* what the start is: "the date of the decision notice" */
	struct period period;
	enum instrument instrument; /* says what a working day is */
	enum clock_expiry expiry;
	enum clock_whose whose;
	const char *confidence; /* C, G, P or U, of the weakest part */
	const char *met_by;     /* events, separated by blanks */
	const char *citation;
};

/* The rule of a clock: a constant, never NULL. */
const struct clock_rule *clock_rule(enum clock_id id);

/* The clock of an id such as "K6". ERR_NOT_FOUND  there is none of that id. */
MUST_CHECK int clock_parse(struct str id, enum clock_id *ret_id);

/* "COMMUNITY_BODY"; "Afterwards the right is lost.", or "" where nothing follows. Constants. */
const char *clock_whose_name(enum clock_whose whose);
const char *clock_expiry_words(enum clock_expiry expiry);

/* True if it only alarms: a duty of the authority that can still be done after its last day, which
 * moves nothing (statute 5.2: K1 to K3, K15, K17, K22). */
bool clock_is_alarm(const struct clock_rule *rule);

/* True if a day too late costs somebody outside the authority a right, so that the later of two
 * readings has to pass first. */
bool clock_is_right(const struct clock_rule *rule);
