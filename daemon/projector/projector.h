/*
 * The projection in memory: one thread a process that serves the API. It loads every input
 * once, follows the change feed, recalculates by the difference, and answers from memory.
 *
 * Whoever asks posts a question with a ticket; the answer comes as JSON. A question may name
 * an event or a position that the answer must include: it then waits for it.
 */
#pragma once

#include "daemon/route/auth.h"
#include "libassets/projection/projection.h"

struct blob;
struct flow_ticket;
struct process;
struct projector;

enum projector_group {
	GROUP_YEAR,
	GROUP_QUARTER,
	GROUP_AUTHORITY,
	GROUP_CPP,
	GROUP_LOCALITY,
	GROUP_DECILE,
	GROUP_CLASS,
	GROUP_STAGE, /* of what is planned: live, alone or over time, for who reads the money */
	GROUPS,
	GROUPS_KEPT = GROUP_STAGE /* those before it are kept by every run */
};

/* How a run keeps the years of each decile, which is no filter. */
#define PROJECTOR_YEAR_DECILE "YEAR,DECILE"

/* The word of a group in a query, such as "YEAR". */
const char *projector_group_word(enum projector_group g);

/* Only assets of that authority, partnership, locality, class; absent when not given. */
struct projector_filter {
	struct str authority_id, cpp_id, locality_id, class;
};

/* Who asks, for what they may be shown. */
struct projector_reader {
	bool is_everywhere; /* reads money of every authority */
	const struct str *authority_id;
	size_t authorities; /* whose money it reads beside */
	/* It chose what the sums are of: partners' totals are then not for it, as it could choose
	 * them to be one asset's. */
	bool chose_sums;
};

/* A question of one kind; members of the others do not matter. Texts are borrowed. */
struct projector_question {
	enum { ASK_RECEIPTS, ASK_ASSET, ASK_FREEZE, ASK_MOVEMENT } kind;
	/* RECEIPTS */
	enum projector_group group;
	/* Of two dimensions the other: never time beside a key, and of YEAR and QUARTER it is YEAR.
	 */
	bool is_by_two;
	enum projector_group second;
	enum projection_scenario scenario;
	struct projector_filter filter;
	/* ASSET: a row of projection_input, for an asset that is not held */
	struct str asset_id;
	int64_t model_id;
	int32_t decile;
	struct str lead, cpp, locality, class, input;
	/* FREEZE */
	struct day as_of;      /* DAY_NONE: today's */
	struct str parameters; /* JSON, laid over those of the register; absent: none */
	uint64_t seed;         /* of its percentiles */
	uint32_t paths;
	/*
	 * A glance is no run: the answer is one of receipts alone, of this filter in LIKELY by
	 * year, as if `parameters` (absent: as they are) stood in place of the register's, and
	 * `settings`
	 * ({"id", …}, absent: none are otherwise) in place of that authority's.
	 */
	bool is_glance;
	struct str settings;
	/* The data as they were true on a day and known at a moment; both absent: as they are. */
	struct str valid_on, known_at;
	/* MOVEMENT: from a run to another, or, absent, to the register; figures of authority_id of
	 * the filter, or of all. What may be shown is settled by who asks. */
	struct str from_run, to_run;
	bool has_rows, is_csv, is_by_authority; /* see struct moved_view */
	struct str code, after_asset, after_code;
	int32_t most;
	int64_t kept_position; /* what an earlier page included; 0: this is the first */
	struct str
		overlay; /* JSON: rows of projection_input to put in place of ours; absent: none */
	/* all */
	struct projector_reader reader;
	int64_t position;    /* the answer includes everything up to here; 0: whatever is there */
	struct str event_id; /* and this event, which has no position yet; absent: none */
};

enum {
	PROJECTOR_ANSWER_MS = 4000, /* how long who asks for figures waits */
	PROJECTOR_RUN_MS = 45000, /* how long a run may take to be made; [http] reply_ms is more */
	PROJECTOR_ALONE_MS = 600000, /* … one that nobody waits for */
	PROJECTOR_MOVE_MS = 25000,   /* … and a movement */
	RUN_PAGES_MAX = 48,          /* of inputs that a run keeps */
	PROJECTOR_PAIRS_MAX = 20000, /* items of an answer in two dimensions, of whichever kind */
};

/*
 * The part `projector` of the process (process.h), for the main thread: starts loading, and
 * does not wait for it. ERR_NOMEM  also when a thread cannot be started.
 */
MUST_CHECK int projector_start(struct process *p);
/* End it: who still waits is woken with ERR_DRAINING. */
void projector_stop(struct process *p);

/*
 * Ask. The question is copied; the ticket is woken with the answer, from the projector's
 * thread, or with ERR_NOT_READY (still loading, or what was asked for has not come in time),
 * ERR_NOMEM, ERR_BUSY, ERR_DRAINING. Parameters that are wrong are an answer: {"flaws": [...]}.
 */
void projector_ask(struct projector *p, const struct projector_question *q,
		   struct flow_ticket *ticket);
