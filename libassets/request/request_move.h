/*
 * How requests move: the rows of request.def, and which of them holds for a request as it
 * stands and an act. Inside the request module, and for those who show the table.
 */
#pragma once

#include "request_clock.h"

/* A row that leads to no other state, or to no other level. */
#define REQUEST_SAME REQUEST_STATE_COUNT
#define REQUEST_SAME_LEVEL ((enum request_level)(REQUEST_LAST + 1))

/* A request and what its ledger says, for one question or many. */
struct request_asking {
	const struct request *r;
	const struct request_act *act; /* NULL: is there an act of the event that would do? */
	enum request_state state;
	enum request_level level;
	struct request_clocks clocks;
};

struct request_move {
	const char *row;  /* of the rulebook: "T13" */
	const char *from; /* states, blanks between; "*" any, "*OPEN" any open; "-" none yet */
	enum request_event event; /* of no meaning where `from` is "-" */
	enum request_state to;    /* REQUEST_SAME: the state it was in */
	enum request_level level; /* REQUEST_SAME_LEVEL: the one it was at */
	bool (*guard)(const struct request_asking *a);
	const char *guard_name;
	const char *must;   /* what else must be true: names of request_must.def, or "" */
	const char *flag;   /* that it leaves, or "" */
	const char *clocks; /* see request.def */
	const char *produces;
	const char *citation;
	const char *mark;
};

/* The n-th row; NULL past the end. */
const struct request_move *request_move_at(size_t n);

/* Read the ledger. The request is borrowed; act is NULL. Its state must be one of ours. */
void request_ask(const struct request *r, struct request_asking *ret_asking);

/*
 * The row by which the event happens to the request as it was read; NULL when there is none.
 * Without an act: is there an act of that event for which there is one?
 */
const struct request_move *request_move_for(const struct request_asking *a,
					    enum request_event event);

/* The state from which it last came into state `now`; absent when it never did. */
struct str request_came_from(const struct request *r, enum request_state now);

/* The row of an entry of the ledger; NULL when there is none any more. */
const struct request_move *request_move_of(const struct ledger_entry *entry);

/*
 * Does the authority decide by it for or against the body, so that it may want a second person to
 * approve it (second_person_approves)?
 */
bool request_event_is_decision(enum request_event event);

/* The events that may happen next, in the arena, in the order of request_event.def. */
struct shape_words request_allowed(const struct request *r, struct arena *a);
