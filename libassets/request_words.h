/*
 * The words of requests: states, events, items and kinds, as enums, as texts, and as the lists
 * of words that tables of fields check against. All of it constant; any thread.
 */
#pragma once

#include "permission.h"
#include "shape_row.h"

#define REQUEST_KINDS "OWNERSHIP LEASE OTHER_RIGHTS"
/* Events of one request: more are a mistake of a program, and refused. */
enum { LEDGER_MAX = 1000 };

enum request_state {
#define STATE(id, is_open, bars, model) REQUEST_##id,
#include "request_state.def"
#undef STATE
	REQUEST_STATE_COUNT
};

enum request_event {
#define EVENT(id, type, permission, takes, needs) REQUEST_EVENT_##id,
#include "request_event.def"
#undef EVENT
	REQUEST_EVENT_COUNT
};

struct request_state_info {
	const char *name;  /* "VALIDATED" */
	bool is_open;      /* something may still happen to it */
	bool bars;         /* the disposal bar runs in it */
	const char *model; /* the projection model's state, "NONE" */
};

struct request_event_info {
	const char *name;           /* "VALIDATE" */
	const char *type;           /* of the event that is sent, such as "request.validated" */
	enum permission permission; /* who may */
	const char *takes;          /* fields beside event and on, separated by blanks */
	const char *needs;          /* those of them that must be there */
};

/* The row of a state, of an event: constants, never NULL. */
const struct request_state_info *request_state_info(enum request_state s);
const struct request_event_info *request_event_info(enum request_event e);

/* The state, the event, of a name, with case. ERR_NOT_FOUND  there is none of that name. */
MUST_CHECK int request_state_parse(struct str name, enum request_state *ret_state);
MUST_CHECK int request_event_parse(struct str name, enum request_event *ret_event);

/* True if request.def has the move; *ret_to is then where it leads, else untouched. */
bool request_move(enum request_state from, enum request_event e, enum request_state *ret_to);

/* The events that request.def allows in a state, in the arena; none in a closed one. */
struct shape_words request_allowed(enum request_state s, struct arena *a);

/* True if a request of this kind must hold the item (2015 Act s.79(4)). */
bool request_item_is_asked(struct str code, struct str kind);

/* All words of a kind, separated by blanks: for the tables of fields. */
extern const char request_state_words[];
extern const char request_event_words[];
extern const char request_item_words[];
#define REQUEST_STATES request_state_words
#define REQUEST_EVENTS request_event_words
#define REQUEST_ITEMS request_item_words

/* The code of the n-th row of request_item.def, NULL past the end. */
const char *request_item_at(size_t n);
