/*
 * The words of requests: states, events, items and kinds, as enums, as texts, and as the lists
 * of words that tables of fields check against. All of it constant; any thread.
 */
#pragma once

#include "libassets/shape/permission.h"
#include "libassets/shape/shape_row.h"

#define REQUEST_KINDS "OWNERSHIP LEASE OTHER_RIGHTS"
#define REQUEST_LEVELS "FIRST REVIEW LAST"
/* Events of one request: more are a mistake of a program, and refused. Reminders: no more are told.
 */
enum { LEDGER_MAX = 1000, REMINDERS_MAX = 2000 };

enum request_state {
#define STATE(id, is_open, bars, model) REQUEST_##id,
#include "request_state.def"
#undef STATE
	REQUEST_STATE_COUNT
};

enum request_event {
#define EVENT(id, type, permission, takes, needs) REQUEST_EVENT_##id,
#define TIMED(id, type) REQUEST_EVENT_##id,
#include "request_event.def"
#undef EVENT
	REQUEST_EVENT_COUNT
};

/* Whose answer, or silence, the current one is: see request_level_parse(). */
enum request_level { REQUEST_FIRST, REQUEST_REVIEW, REQUEST_LAST };

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
	bool is_timed; /* the passing of a last day brings it about, and nobody may send it */
};

/* The row of a state, of an event: constants, never NULL. */
const struct request_state_info *request_state_info(enum request_state s);
const struct request_event_info *request_event_info(enum request_event e);

/* The state, the event, of a name, with case. ERR_NOT_FOUND  there is none of that name. */
MUST_CHECK int request_state_parse(struct str name, enum request_state *ret_state);
MUST_CHECK int request_event_parse(struct str name, enum request_event *ret_event);

/* The level of a word, REQUEST_FIRST for an absent one; the word of a level, a constant. */
enum request_level request_level_parse(struct str word);
const char *request_level_name(enum request_level level);

/* True for the routes on which a council, or a body that is treated as one, reviews. */
bool request_route_is_council(struct str route);

/* True if a request of this kind must hold the item (2015 Act s.79(4)). */
bool request_item_is_asked(struct str code, struct str kind);
/* The words of an item, as a letter to the body says it: "the price that you offer"; "" of none of
 * ours. */
const char *request_item_said(struct str code);
/* The same, spoken of the body instead of to it: "the price that it offers". */
const char *request_item_of_body(struct str code);

/* All words of a kind, separated by blanks: for the tables of fields. Events without timed ones. */
extern const char request_state_words[];
extern const char request_event_words[];
extern const char request_item_words[];
#define REQUEST_STATES request_state_words
#define REQUEST_EVENTS request_event_words
#define REQUEST_ITEMS request_item_words

/* The code of the n-th row of request_item.def, NULL past the end. */
const char *request_item_at(size_t n);
