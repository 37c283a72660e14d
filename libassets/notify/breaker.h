/*
 * When a receiver that fails is left alone, and how it comes back: a state machine that is told
 * what came of each attempt and says how many may be under way.
 *
 * It opens after 5 attempts in a row without an answer, or when of at least 10 in 5 minutes 7 in 10
 * failed. Open it lets nothing through for 30 seconds, twice as long each time it opens again at
 * once, up to 30 minutes. Then one probe at a time; after 3 good ones it closes and lets 1, 2, 4 …
 * through.
 *
 * Moments are wall clock, in microseconds, because that is what retries are due by. A clock that is
 * set back does not make a pause longer than it was meant: whoever asks or notes cuts it to its
 * length.
 *
 * Source: notifications W-30 and W-31.
 */
#pragma once

#include "libassets/base/base.h"

enum {
	BREAKER_ROW = 5,      /* attempts in a row without an answer */
	BREAKER_LEAST = 10,   /* attempts in the span before a share of them says something */
	BREAKER_PERCENT = 70, /* of them failed */
	BREAKER_PROBES = 3,   /* good ones that close it */
	BREAKER_PAUSE_S = 30, /* the first */
	BREAKER_PAUSE_MAX_S = 1800,
	BREAKER_SPAN_S = 300, /* that failures are counted over */
	BREAKER_PARTS = 10,   /* of the span */
};

enum breaker_state { BREAKER_CLOSED, BREAKER_OPEN, BREAKER_HALF_OPEN };

enum breaker_outcome {
	BREAKER_GOOD,      /* 2xx */
	BREAKER_REFUSED,   /* another answer */
	BREAKER_NO_ANSWER, /* none: name, connection, TLS, deadline */
};

/* All zero: closed, nothing counted. */
struct breaker {
	enum breaker_state state;
	int in_a_row;     /* attempts without an answer */
	int good;         /* probes since it was half open */
	int ramp;         /* attempts that may be under way; 0 as many as there are */
	int64_t until_us; /* open until then */
	int64_t pause_us; /* how long it was opened for last */
	struct {
		int64_t number; /* of the part, since the epoch */
		int attempts, failures;
	} part[BREAKER_PARTS];
};

/*
 * How many of at most `most` attempts may be under way now: none while it is open, one when half
 * open. An open one whose time is over is half open afterwards.
 */
int breaker_room(struct breaker *b, int64_t now_us, int most);

/*
 * Note what came of an attempt. True if it opened the breaker by that, or kept it open: a probe.
 * What was under way already when it opened changes nothing but the good of it.
 */
bool breaker_note(struct breaker *b, int64_t now_us, enum breaker_outcome outcome);
