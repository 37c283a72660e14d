/*
 * Look-ups in request_state.def, request_event.def, request_item.def and request.def. The
 * tables are short and walked. A test asks for every pair of state and event, so a move that
 * is not a row of request.def is known to be refused.
 */
#include "request_words.h"

#include "err.h"

static const struct request_state_info state_table[] = {
#define STATE(id, is_open, bars, model) {#id, is_open, bars, #model},
#include "request_state.def"
#undef STATE
};

static const struct request_event_info event_table[] = {
#define EVENT(id, type, permission, takes, needs) {#id, type, PERM_##permission, takes, needs},
#include "request_event.def"
#undef EVENT
};

static const struct {
	enum request_state from;
	enum request_event event;
	enum request_state to;
} move_table[] = {
#define MOVE(from, event, to, row) {REQUEST_##from, REQUEST_EVENT_##event, REQUEST_##to},
#include "request.def"
#undef MOVE
};

static const struct {
	const char *code;
	const char *kinds;
} item_table[] = {
#define ITEM(code, kinds) {#code, kinds},
#include "request_item.def"
#undef ITEM
};

/* A leading blank is an empty word, which no text is. */
const char request_state_words[] =
#define STATE(id, is_open, bars, model) " " #id
#include "request_state.def"
#undef STATE
	;

const char request_event_words[] =
#define EVENT(id, type, permission, takes, needs) " " #id
#include "request_event.def"
#undef EVENT
	;

const char request_item_words[] =
#define ITEM(code, kinds) " " #code
#include "request_item.def"
#undef ITEM
	;

const struct request_state_info *request_state_info(enum request_state s)
{
	return &state_table[s];
}

const struct request_event_info *request_event_info(enum request_event e)
{
	return &event_table[e];
}

int request_state_parse(struct str name, enum request_state *ret_state)
{
	for (size_t i = 0; i < COUNT(state_table); i++) {
		if (str_eq(name, str_of(state_table[i].name))) {
			*ret_state = (enum request_state)i;
			return 0;
		}
	}
	return ERR_NOT_FOUND;
}

int request_event_parse(struct str name, enum request_event *ret_event)
{
	for (size_t i = 0; i < COUNT(event_table); i++) {
		if (str_eq(name, str_of(event_table[i].name))) {
			*ret_event = (enum request_event)i;
			return 0;
		}
	}
	return ERR_NOT_FOUND;
}

bool request_move(enum request_state from, enum request_event e, enum request_state *ret_to)
{
	for (size_t i = 0; i < COUNT(move_table); i++) {
		if (move_table[i].from == from && move_table[i].event == e) {
			*ret_to = move_table[i].to;
			return true;
		}
	}
	return false;
}

struct shape_words request_allowed(enum request_state s, struct arena *a)
{
	struct shape_words words = {ARENA_ARRAY(a, REQUEST_EVENT_COUNT, struct str), 0};
	enum request_state to;

	for (int e = 0; words.at && e < REQUEST_EVENT_COUNT; e++) {
		if (request_move(s, (enum request_event)e, &to))
			words.at[words.count++] = str_of(event_table[e].name);
	}
	return words;
}

bool request_item_is_asked(struct str code, struct str kind)
{
	for (size_t i = 0; i < COUNT(item_table); i++) {
		if (str_eq(code, str_of(item_table[i].code)))
			return shape_is_word(kind, item_table[i].kinds);
	}
	return false;
}

const char *request_item_at(size_t n)
{
	return n < COUNT(item_table) ? item_table[n].code : NULL;
}
