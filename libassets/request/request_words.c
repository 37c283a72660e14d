/*
 * Look-ups in request_state.def, request_event.def and request_item.def. The tables are short
 * and walked. How a request moves is request_move.c's.
 */
#include "request_words.h"

#include "libassets/base/err.h"

static const struct request_state_info state_table[] = {
#define STATE(id, is_open, bars, model) {#id, is_open, bars, #model},
#include "request_state.def"
#undef STATE
};

static const struct request_event_info event_table[] = {
#define EVENT(id, type, permission, takes, needs)                                                  \
	{#id, type, PERM_##permission, takes, needs, false},
#define TIMED(id, type) {#id, type, PERM_OPERATE, "", "", true},
#include "request_event.def"
#undef EVENT
};

static const struct {
	const char *code;
	const char *kinds;
} item_table[] = {
#define ITEM(code, kinds) {#code, kinds},
#include "request_item.def"
#undef ITEM
};

static const struct {
	const char *code;
	const char *words;
	const char *of_body;
} words_table[] = {
#define ITEM_WORDS(code, words, of_body) {#code, words, of_body},
#include "request_item_words.def"
#undef ITEM_WORDS
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

static const char *const level_name[] = {
	[REQUEST_FIRST] = "FIRST",
	[REQUEST_REVIEW] = "REVIEW",
	[REQUEST_LAST] = "LAST",
};

const char *request_level_name(enum request_level level)
{
	return level_name[level];
}

enum request_level request_level_parse(struct str word)
{
	for (size_t i = 0; i < COUNT(level_name); i++) {
		if (str_eq(word, str_of(level_name[i])))
			return (enum request_level)i;
	}
	return REQUEST_FIRST;
}

bool request_route_is_council(struct str route)
{
	return shape_is_word(route, "LA_REVIEW LA_STYLE_REVIEW");
}

bool request_item_is_asked(struct str code, struct str kind)
{
	for (size_t i = 0; i < COUNT(item_table); i++) {
		if (str_eq(code, str_of(item_table[i].code)))
			return shape_is_word(kind, item_table[i].kinds);
	}
	return false;
}

const char *request_item_said(struct str code)
{
	for (size_t i = 0; i < COUNT(words_table); i++) {
		if (str_eq(code, str_of(words_table[i].code)))
			return words_table[i].words;
	}
	return "";
}

const char *request_item_of_body(struct str code)
{
	for (size_t i = 0; i < COUNT(words_table); i++) {
		if (str_eq(code, str_of(words_table[i].code)))
			return words_table[i].of_body;
	}
	return "";
}

const char *request_item_at(size_t n)
{
	return n < COUNT(item_table) ? item_table[n].code : NULL;
}
