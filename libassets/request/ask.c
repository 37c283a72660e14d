/*
 * The tables of what community bodies send, and which items that makes. A further item in words is
 * a row of ask_contents.def; a further act a word of MINE_EVENTS and a row of act_table.
 */
#include "ask.h"

#include <stdlib.h>

#include "libassets/base/err.h"
#include "libassets/notify/mail.h"
#include "libassets/shape/shape_form.h"

static const struct shape_field ask_contents_table[] = {
#define FIELD(...) SHAPE_ROW(ask_contents, __VA_ARGS__)
#include "ask_contents.def"
#undef FIELD
};

SHAPE(ask_contents, NULL);

static const struct shape_field ask_table[] = {
#define FIELD(...) SHAPE_ROW(ask, __VA_ARGS__)
#include "ask.def"
#undef FIELD
};

SHAPE(ask, NULL);

static const struct shape_field mine_act_table[] = {
#define FIELD(...) SHAPE_ROW(mine_act, __VA_ARGS__)
#include "mine_act.def"
#undef FIELD
};

SHAPE(mine_act, NULL);

static const struct shape_field mine_link_table[] = {
#define FIELD(...) SHAPE_ROW(mine_link, __VA_ARGS__)
#include "mine_link.def"
#undef FIELD
};

SHAPE(mine_link, NULL);

static void flaw(struct flaws *flaws, const char *field, const char *code, const char *detail,
		 const char *cure)
{
	wire_flaw(flaws, &WIRE_KEY(&WIRE_TOP, field), str_of(code), str_of(detail), str_of(cure));
}

int ask_check(const struct ask *ask, struct flaws *flaws)
{
	if (str_is_null(ask->asset_id) == !ask->land)
		flaw(flaws, "asset_id", "REQUIRED",
		     "It is about one asset, or about land that is not listed.",
		     "Send either asset_id or land.");
	return flaws_err(flaws);
}

/* --- Items ------------------------------------------------------------------------------- */

static char small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* The field that stands for an item; NULL: it is no words. */
static const struct shape_field *field_of(struct str code)
{
	for (size_t i = 0; i < COUNT(ask_contents_table); i++) {
		const char *name = ask_contents_table[i].name;
		size_t n = 0;

		while (n < code.len && name[n] && name[n] == small(code.at[n]))
			n++;
		if (n == code.len && !name[n])
			return &ask_contents_table[i];
	}
	return NULL;
}

static struct str text_of(const struct ask_contents *contents, const struct shape_field *field)
{
	if (!contents || !field)
		return (struct str){NULL, 0};
	return *(const struct str *)(const void *)((const char *)contents + field->offset);
}

bool ask_is_words(struct str code)
{
	return field_of(code);
}

static bool is_there(struct str code, const struct ask_arrived *with)
{
	if (shape_is_word(code, "WRITING PART5 NAME LAND TYPE"))
		return true;
	if (str_eq(code, STR("ADDRESS")))
		return with->has_address;
	if (str_eq(code, STR("PRICE")))
		return with->offer.is_set;
	return !str_eq(code, STR("BODY")) && !str_is_null(text_of(with->contents, field_of(code)));
}

int ask_items(const struct ask_arrived *with, struct str kind, struct day on, struct arena *a,
	      struct shape_list *ret_items)
{
	struct item *item;
	const char *code;
	size_t n = 0;

	while (request_item_at(n))
		n++;
	item = ARENA_ARRAY(a, n, struct item);
	if (!item)
		return ERR_NOMEM;
	n = 0;
	for (size_t i = 0; (code = request_item_at(i)); i++) {
		if (request_item_is_asked(str_of(code), kind) && is_there(str_of(code), with))
			item[n++] = (struct item){str_of(code), on};
	}
	*ret_items = (struct shape_list){item, n};
	return 0;
}

static bool add_said(json_t *list, const char *code, struct str text)
{
	return str_is_null(text) ||
	       json_array_append_new(list, json_pack("{s:s, s:s%}", "code", code, "text", text.at,
						     text.len)) == 0;
}

struct str ask_said(const struct ask_contents *contents, const char *code, struct str words,
		    struct arena *a)
{
	json_auto_t *list = json_array();
	bool is_whole = list && add_said(list, code, words);
	struct str said = {NULL, 0};
	const char *item;
	char *text;

	for (size_t i = 0; is_whole && (item = request_item_at(i)); i++)
		is_whole = add_said(list, item, text_of(contents, field_of(str_of(item))));
	text = is_whole ? json_dumps(list, JSON_COMPACT) : NULL;
	if (text)
		said = arena_str(a, str_of(text));
	free(text);
	return said;
}

/* --- Acts -------------------------------------------------------------------------------- */

static const struct {
	const char *event;
	const char *takes, *needs;
} act_table[] = {
	{"EXPRESS_INTEREST", "words", ""},
	{"SUBMIT", "words offer_pence contents", ""},
	{"ITEM_RECEIVED", "code words offer_pence", "code"},
	{"OFFER", "words price_pence", ""},
	{"REVIEW_APPLIED", "words", "words"},
	{"WITHDRAW", "words", ""},
	{"EXTEND", "words until_on", "until_on"},
	{"EXTEND_CONTRACT", "words until_on", "until_on"},
	{MINE_DECLINE, "words until_on", "until_on"},
};

static void check_field(const char *name, bool is_sent, const char *takes, const char *needs,
			struct flaws *flaws)
{
	if (is_sent && !shape_is_word(str_of(name), takes))
		flaw(flaws, name, "UNKNOWN_FIELD", "This act does not take this field.",
		     "Leave it out.");
	else if (!is_sent && shape_is_word(str_of(name), needs))
		flaw(flaws, name, "REQUIRED", "This act needs this field.",
		     "Write something here.");
}

/* An item that is words comes in words, the price as an amount; the rest no form carries. */
static void check_item(const struct mine_act *act, struct flaws *flaws)
{
	bool is_price = str_eq(act->code, STR("PRICE"));
	bool is_address = str_eq(act->code, STR("ADDRESS"));

	if (str_eq(act->code, STR("BODY")) ||
	    (!is_price && !is_address && !ask_is_words(act->code)))
		flaw(flaws, "code", "NOT_BY_LINK", "This does not come by this page.",
		     "Send it to the authority by post or e-mail, and name the request.");
	else if (is_price)
		check_field("offer_pence", act->offer_pence.is_set, "offer_pence", "offer_pence",
			    flaws);
	else
		check_field("words", !str_is_null(act->words), "words", "words", flaws);
}

int mine_act_check(const struct mine_act *act, struct flaws *flaws)
{
	for (size_t i = 0; i < COUNT(act_table); i++) {
		const char *takes = act_table[i].takes, *needs = act_table[i].needs;

		if (!str_eq(act->event, str_of(act_table[i].event)))
			continue;
		check_field("code", !str_is_null(act->code), takes, needs, flaws);
		check_field("words", !str_is_null(act->words), takes, needs, flaws);
		check_field("price_pence", act->price_pence.is_set, takes, needs, flaws);
		check_field("offer_pence", act->offer_pence.is_set, takes, needs, flaws);
		check_field("contents", act->contents, takes, needs, flaws);
		check_field("until_on", !day_is_none(act->until_on), takes, needs, flaws);
		if (str_eq(act->event, STR("ITEM_RECEIVED")) && !str_is_null(act->code))
			check_item(act, flaws);
	}
	return flaws_err(flaws);
}
