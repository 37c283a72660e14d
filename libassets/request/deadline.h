/*
 * The deadlines of a request: what clock.def says of what stands in its ledger. A deadline is
 * derived, never typed; what the database keeps of it is a cache.
 *
 * Which clock an act starts and ends is said by its row of request.def; request_clocks() goes along
 * a ledger and calls deadline_start() and its like, one act after another.
 *
 * Source: each clock names its own in clock.def.
 */
#pragma once

#include "libassets/clock/clock_rule.h"
#include "request.h"

enum deadline_state {
	DEADLINE_RUNNING, /* nothing has ended it */
	DEADLINE_MET,     /* done on its last day or before */
	DEADLINE_MISSED,  /* done after it, or the day passed without it */
	DEADLINE_STOPPED, /* another event ended it, such as a withdrawal */
};

/* A longer period: the day of the act, and the last day from then on. */
struct deadline_move {
	struct day on;
	struct day due_on;
};

/* Moves of one deadline that are kept; of more, the last place holds the newest. */
enum { DEADLINE_MOVES_MAX = 8 };

struct deadline {
	const struct clock_rule *clock;    /* a constant, never NULL */
	enum instrument instrument;        /* that says what a working day is */
	struct period period;              /* how long it runs: the clock's, or as it was set */
	const struct calendars *calendars; /* by which it was worked out, borrowed */
	struct day starts_on;              /* the day of the event that began it */
	struct day known_on;               /* since when it was known that it runs to due_on */
	struct day due_on;                 /* the last day that is in time */
	/*
	 * The day that has to pass before a right is late: the later of two readings of working
	 * days while the law is not confirmed, else due_on.
	 */
	struct day late_after_on;
	enum calendar_id calendar;
	bool is_stated;      /* the first last day is one that a notice states */
	bool is_held;        /* waits for the Scottish Ministers */
	bool is_provisional; /* a holiday may still be published that moves it */
	enum deadline_state state;
	struct deadline_move move[DEADLINE_MOVES_MAX];
	size_t moves;
};

/* Those of one request: further ones are left out. */
enum { DEADLINES_MAX = 64 };

/* Deadlines that are being worked out. */
struct deadlines {
	struct deadline *at; /* room for DEADLINES_MAX */
	size_t count;
	const struct calendars *calendars; /* must outlive `at` */
	struct day known_on;               /* when the act was recorded; DAY_NONE: on its day */
	bool is_appeal;                    /* what starts now starts in an appeal to Ministers */
};

/*
 * A clock starts. stated: the last day that a notice or an agreement names, DAY_NONE to work it
 * out; a clock of unit STATED needs one. Tests (whose NOBODY) and clocks without a last day
 * are no deadlines and are passed over.
 */
void deadline_start(struct deadlines *d, enum clock_id clock, struct day on, struct day stated);

/*
 * The running clock of this id ends, by an event of that name: MET by one that the clock's row
 * names, on its last day (of a right: the later reading of it) or before, and MISSED after it;
 * STOPPED by any other, but of an alarm whose day had passed: MISSED. An absent name is time
 * itself: MISSED.
 */
void deadline_end(struct deadlines *d, enum clock_id clock, struct str event, struct day on);

/* The running clock gets another last day, by an act of `on`. */
void deadline_move(struct deadlines *d, enum clock_id clock, struct day on, struct day due_on);

/* The running clock waits for Ministers, or does so no longer; its last day stays. */
void deadline_hold(struct deadlines *d, enum clock_id clock, bool is_held);

/* "RUNNING"; a constant. */
const char *deadline_state_name(enum deadline_state state);

/*
 * Append it as a JSON object: clock, name, starts_on, due_on, late_after_on, known_on, confidence,
 * state, whose, held, citation, length, unit and mode of the clock, calendar,
 * calendar_version (null: no version was ever applied, the rules alone counted), provisional,
 * `how` (the sentences that say how the day was found) and skipped. Whether it went in is the
 * buffer's to say.
 */
void deadline_encode(const struct deadline *d, struct buf *out);
