/*
 * The tables of the notices, and which form of one an act leads to. What a notice says is
 * notice_draft.c's, what its fields are worth notice_field.c's.
 *
 * A further notice is a row of notice.def, its variants, its parts, and its code in the column
 * of what a row of request.def produces.
 */
#include "notice.h"

#include "libassets/base/err.h"
#include "libassets/request/request_move.h"
#include "notice_private.h"

#define NOTICE_CODES "N1 N2 N3 N4 N5 N6 N7 N8 N9 N10 N11 N12 N13"

enum when {
	WHEN_ALWAYS,
	WHEN_AGREES,
	WHEN_DIFFERS,
	WHEN_REFUSES,
	WHEN_BARS,
	WHEN_BARS_NOT,
	WHEN_AHEAD
};

enum { GIVER_C, GIVER_A };
enum { EACH, ONCE };
enum { KEPT, PUBLISHED };

static const struct notice_info info_table[] = {
#define NOTICE(id, name_, giver, to_, fields_, how_often, kept, citation_, mark_)                  \
	[NOTICE_##id] = {#id,       name_, to_,       fields_, GIVER_##giver,                      \
			 how_often, kept,  citation_, mark_},
#include "notice.def"
#undef NOTICE
};

static const struct notice_variant variant_table[] = {
#define VARIANT(notice, id, rows, when, title)                                                     \
	{NOTICE_##notice, #id, rows, title, WHEN_##when == WHEN_AHEAD},
#include "notice_variant.def"
#undef VARIANT
};

static const enum when when_table[] = {
#define VARIANT(notice, id, rows, when, title) WHEN_##when,
#include "notice_variant.def"
#undef VARIANT
};

static const struct {
	const char *code;
	const char *words;
} matter_table[] = {
#define MATTER(code, letter, words) {#code, "(" letter ") " words},
#include "libassets/request/decision_matter.def"
#undef MATTER
};

static const struct shape_field notice_date_table[] = {
#define FIELD(...) SHAPE_ROW(notice_date, __VA_ARGS__)
#include "notice_date.def"
#undef FIELD
};

SHAPE(notice_date, NULL);

static const struct shape_field notice_copy_table[] = {
#define FIELD(...) SHAPE_ROW(notice_copy, __VA_ARGS__)
#include "notice_copy.def"
#undef FIELD
};

SHAPE(notice_copy, NULL);

static const struct shape_field notice_facts_table[] = {
#define FIELD(...) SHAPE_ROW(notice_facts, __VA_ARGS__)
#include "notice_facts.def"
#undef FIELD
};

SHAPE(notice_facts, NULL);

static const struct shape_field notice_form_table[] = {
#define FIELD(...) SHAPE_ROW(notice_form, __VA_ARGS__)
#include "notice_form.def"
#undef FIELD
};

SHAPE(notice_form,
      SHAPE_COMMON " number variant state dated_on issued_at superseded_by content missing");

static const struct shape_field notice_recipient_table[] = {
#define FIELD(...) SHAPE_ROW(notice_recipient, __VA_ARGS__)
#include "notice_recipient.def"
#undef FIELD
};

SHAPE(notice_recipient, NULL);

static const struct shape_field notice_issue_table[] = {
#define FIELD(...) SHAPE_ROW(notice_issue, __VA_ARGS__)
#include "notice_issue.def"
#undef FIELD
};

SHAPE(notice_issue, NULL);

static const struct shape_field notice_serving_table[] = {
#define FIELD(...) SHAPE_ROW(notice_serving, __VA_ARGS__)
#include "notice_serving.def"
#undef FIELD
};

SHAPE(notice_serving, NULL);

static const struct shape_field notice_served_table[] = {
#define FIELD(...) SHAPE_ROW(notice_served, __VA_ARGS__)
#include "notice_served.def"
#undef FIELD
};

SHAPE(notice_served, NULL);

static const struct shape_field notice_gap_table[] = {
#define FIELD(...) SHAPE_ROW(notice_gap, __VA_ARGS__)
#include "notice_gap.def"
#undef FIELD
};

SHAPE(notice_gap, NULL);

const struct notice_info *notice_info(enum notice_code code)
{
	return &info_table[code];
}

const struct notice_variant *notice_variant_at(size_t n)
{
	return n < COUNT(variant_table) ? &variant_table[n] : NULL;
}

int notice_parse(struct str code, enum notice_code *ret_code)
{
	for (int i = 0; i < NOTICE_COUNT; i++) {
		if (str_eq(code, str_of(info_table[i].code))) {
			*ret_code = (enum notice_code)i;
			return 0;
		}
	}
	return ERR_NOT_FOUND;
}

const char *notice_matter_at(size_t n)
{
	return n < COUNT(matter_table) ? matter_table[n].code : NULL;
}

const char *notice_matter_words(struct str matter)
{
	for (size_t i = 0; i < COUNT(matter_table); i++) {
		if (str_eq(matter, str_of(matter_table[i].code)))
			return matter_table[i].words;
	}
	return "";
}

static bool is_when(enum when when, const struct notice_facts *facts)
{
	bool is_agreed = str_eq(facts->state_to, STR("AGREED"));
	bool bars = facts->prohibits.value && str_is_null(facts->bar_exemption);

	switch (when) {
	case WHEN_ALWAYS:
	case WHEN_AHEAD:
		return true;
	case WHEN_AGREES:
		return is_agreed;
	case WHEN_DIFFERS:
		return is_agreed && facts->terms_differ.value;
	case WHEN_REFUSES:
		return !is_agreed;
	case WHEN_BARS:
		return bars;
	case WHEN_BARS_NOT:
		return !bars;
	}
	return false;
}

/* The code stands in the row's column as a word: "N9" in "copy of the appeal; N9 is due by K17". */
static bool is_produced(const struct request_move *row, const char *code)
{
	struct str rest = str_of(row->produces);

	while (rest.len) {
		struct str word = str_cut(rest, ' ', &rest);

		while (word.len && (word.at[word.len - 1] == ',' || word.at[word.len - 1] == ';'))
			word.len--;
		if (str_eq(word, str_of(code)))
			return true;
	}
	return false;
}

/* Does the row ask for the notice, at once or ahead of what it will tell of? */
static bool is_asked(enum notice_code code, const struct request_move *row)
{
	if (is_produced(row, info_table[code].code))
		return true;
	for (size_t i = 0; i < COUNT(variant_table); i++) {
		const struct notice_variant *v = &variant_table[i];

		if (v->is_ahead && v->notice == code && shape_is_word(str_of(row->row), v->rows))
			return true;
	}
	return false;
}

struct shape_words notice_events(enum notice_code code, struct arena *a)
{
	struct shape_words words = {ARENA_ARRAY(a, REQUEST_EVENT_COUNT, struct str), 0};
	const struct request_move *row;

	for (size_t i = 0; words.at && (row = request_move_at(i)); i++) {
		struct str name;
		bool is_in = false;

		/* A beginning has no event, and asks for no notice. */
		if (strcmp(row->from, "-") == 0 || !is_asked(code, row))
			continue;
		name = str_of(request_event_info(row->event)->name);
		for (size_t n = 0; n < words.count; n++)
			is_in |= str_eq(words.at[n], name);
		if (!is_in)
			words.at[words.count++] = name;
	}
	return words;
}

const struct notice_variant *notice_variant_of(enum notice_code code,
					       const struct notice_facts *facts)
{
	const struct ledger_entry entry = {.event = facts->event,
					   .state_from = facts->state_from,
					   .state_to = facts->state_to,
					   .level_to = facts->level_to};
	const struct request_move *row = str_is_null(facts->event) ? NULL : request_move_of(&entry);

	if (!row || !is_asked(code, row))
		return NULL;
	for (size_t i = 0; i < COUNT(variant_table); i++) {
		const struct notice_variant *v = &variant_table[i];

		if (v->notice == code && shape_is_word(str_of(row->row), v->rows) &&
		    is_when(when_table[i], facts))
			return v;
	}
	return NULL;
}

static void recipient_flaw(struct flaws *flaws, size_t i, const char *field, const char *code,
			   struct str detail, struct str cure)
{
	const struct wire_at list = WIRE_KEY(&WIRE_TOP, "recipients");
	const struct wire_at here = WIRE_INDEX(&list, i);

	wire_flaw(flaws, &WIRE_KEY(&here, field), str_of(code), detail, cure);
}

void notice_recipients_check(enum notice_code code, struct shape_list recipients,
			     struct day dated_on, struct day today, struct flaws *flaws)
{
	const struct notice_recipient *to = recipients.at;
	const char *kinds = info_table[code].to;

	for (size_t i = 0; i < recipients.count; i++) {
		bool is_public = str_eq(to[i].kind, STR("PUBLIC"));

		if (!shape_is_word(to[i].kind, kinds))
			recipient_flaw(flaws, i, "kind", "NOT_IN_LIST",
				       STR("This notice is not given to them."),
				       arena_fmt(flaws->arena, "One of: %s.", kinds));
		/* Whom nobody knows by name is told at the site, as an occupier may be. */
		if (!shape_is_word(to[i].manner, is_public ? "SITE WEB" : "POST EMAIL HAND SITE"))
			recipient_flaw(
				flaws, i, "manner", "NOT_IN_LIST",
				STR("They are not told in this manner."),
				STR("The public: SITE or WEB; others: POST, EMAIL, HAND, SITE."));
		if (day_is_none(to[i].served_on))
			continue;
		if (day_cmp(to[i].served_on, today) > 0)
			recipient_flaw(flaws, i, "served_on", "DATE_IN_FUTURE",
				       STR("That day has not come yet."),
				       STR("Leave it out until it was served."));
		else if (!day_is_none(dated_on) && day_cmp(to[i].served_on, dated_on) < 0)
			recipient_flaw(flaws, i, "served_on", "BEFORE_CAUSE",
				       STR("That is before the date of the notice."),
				       STR("Give the day on which it was served; of a notice that "
					   "was given earlier, dated_on says when."));
	}
}
