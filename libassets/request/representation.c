/*
 * The tables of representations, and one function for each thing that an officer does with them.
 * A further one is a word of REPRESENTATION_EVENTS, a row of act_table and its function.
 */
#include "representation.h"

#include "libassets/base/err.h"
#include "libassets/notify/mail.h"
#include "request_clock.h"

static const struct shape_field representation_table[] = {
#define FIELD(...) SHAPE_ROW(representation, __VA_ARGS__)
#include "representation.def"
#undef FIELD
};

SHAPE(representation, SHAPE_COMMON
      " authority_id request_id number timing shown_at copied_at event_id mark mark_reasons "
      "duplicate_of marked_by marked_at redacted_by redacted_at shown withheld_reasons "
      "erased_at original");

static const struct shape_field representation_act_table[] = {
#define FIELD(...) SHAPE_ROW(representation_act, __VA_ARGS__)
#include "representation_act.def"
#undef FIELD
};

SHAPE(representation_act, NULL);

static const struct shape_field representation_row_table[] = {
#define FIELD(...) SHAPE_ROW(representation_row, __VA_ARGS__)
#include "representation_row.def"
#undef FIELD
};

SHAPE(representation_row, NULL);

static const struct shape_field submission_table[] = {
#define FIELD(...) SHAPE_ROW(submission, __VA_ARGS__)
#include "submission.def"
#undef FIELD
};

SHAPE(submission, NULL);

static const struct shape_field answer_table[] = {
#define FIELD(...) SHAPE_ROW(answer, __VA_ARGS__)
#include "answer.def"
#undef FIELD
};

SHAPE(answer, NULL);

static const struct shape_field answer_link_table[] = {
#define FIELD(...) SHAPE_ROW(answer_link, __VA_ARGS__)
#include "answer_link.def"
#undef FIELD
};

SHAPE(answer_link, NULL);

static const struct shape_field confirmation_table[] = {
#define FIELD(...) SHAPE_ROW(confirmation, __VA_ARGS__)
#include "confirmation.def"
#undef FIELD
};

SHAPE(confirmation, NULL);

bool representation_is_answer(const char *kind)
{
	return strcmp(kind, "COMMENTS") == 0;
}

bool representation_window(const struct request *r, const char *kind, struct deadline *ret_window)
{
	struct str clock = representation_is_answer(kind) ? STR("K5") : STR("K4");
	const struct deadline *window = NULL;
	struct request_clocks clocks;

	request_clocks(r, &clocks);
	for (size_t i = 0; i < clocks.count; i++) {
		if (request_clock_is(&clocks.at[i], clock))
			window = &clocks.at[i];
	}
	if (window)
		*ret_window = *window;
	return window;
}

const char *representation_timing(const struct deadline *window, struct day received_on)
{
	if (day_cmp(received_on, window->due_on) <= 0)
		return "IN_TIME";
	return day_cmp(received_on, window->late_after_on) <= 0 ? "LATE_ON_ONE_READING" : "LATE";
}

bool representation_is_taken_in(struct str state)
{
	return shape_is_word(state, "REPRESENTATIONS_OPEN CTB_COMMENT UNDER_ASSESSMENT "
				    "NO_DECISION");
}

bool representation_is_for_ledger(const struct request *r, const char *kind, const char *timing)
{
	const struct ledger_entry *entry = r->ledger.at;
	bool is_late = strcmp(timing, "LATE") == 0;

	if (representation_is_answer(kind))
		return representation_is_taken_in(r->state);
	for (size_t i = 0; is_late && i < r->flags.count; i++) {
		if (str_eq(r->flags.at[i], STR("LATE_REPRESENTATION")))
			return false;
	}
	for (size_t i = 0; !is_late && i < r->ledger.count; i++) {
		if (str_eq(entry[i].event, STR("REPRESENTATION_RECEIVED")))
			return false;
	}
	return true;
}

/* --- What officers do ------------------------------------------------------------------ */

/* NULL, or why not. */
typedef const char *act_fn(struct representation_row *r, const struct representation_act *act);

static bool is_counted(const struct representation_row *r)
{
	return str_eq(r->mark, STR("COUNTED"));
}

/* What no longer counts is no longer shown either. */
static const char *do_mark(struct representation_row *r, const struct representation_act *act)
{
	r->mark = act->mark;
	r->mark_reasons = act->reasons;
	r->duplicate_of = act->duplicate_of;
	if (!is_counted(r) && r->shown.value) {
		r->shown.value = false;
		r->withheld_reasons = act->reasons;
	}
	return NULL;
}

static const char *do_redact(struct representation_row *r, const struct representation_act *act)
{
	r->redacted_text = act->text;
	return NULL;
}

static const char *do_publish(struct representation_row *r, const struct representation_act *act)
{
	(void)act;
	if (!is_counted(r))
		return "Only what counts as a representation is published: mark it first.";
	if (str_is_null(r->redacted_text))
		return "It has no text without personal data yet: redact it first.";
	r->shown = (struct shape_flag){true, true};
	r->withheld_reasons = (struct str){NULL, 0};
	return NULL;
}

static const char *do_withhold(struct representation_row *r, const struct representation_act *act)
{
	if (!r->shown.value)
		return "It is not published.";
	r->shown.value = false;
	r->withheld_reasons = act->reasons;
	return NULL;
}

static const char *do_erase(struct representation_row *r, const struct representation_act *act)
{
	(void)act;
	if (r->is_erased.value)
		return "Its writer has been erased already.";
	if (str_eq(r->mark, STR("UNREAD")))
		return "Nobody has read it yet: mark it first.";
	if (is_counted(r) && str_is_null(r->redacted_text))
		return "What it says must stay: redact it first.";
	r->is_erased = (struct shape_flag){true, true};
	return NULL;
}

static const struct {
	const char *event;
	const char *type; /* of the event that is sent */
	const char *takes, *needs;
	act_fn *run;
} act_table[] = {
	{"MARK", "representation.marked", "mark duplicate_of reasons", "mark", do_mark},
	{"REDACT", "representation.redacted", "text", "text", do_redact},
	{"PUBLISH", "representation.published", "", "", do_publish},
	{"WITHHOLD", "representation.withheld", "reasons", "reasons", do_withhold},
	{"ERASE", "representation.erased", "", "", do_erase},
};

static void flaw(struct flaws *flaws, const char *field, const char *code, const char *detail,
		 const char *cure)
{
	wire_flaw(flaws, &WIRE_KEY(&WIRE_TOP, field), str_of(code), str_of(detail), str_of(cure));
}

/* The fields that an event may have, and what was sent in them. */
static void check_fields(const struct representation_act *act, const char *takes, const char *needs,
			 struct flaws *flaws)
{
	const struct {
		const char *name;
		struct str sent;
	} field[] = {
		{"mark", act->mark},
		{"duplicate_of", act->duplicate_of},
		{"text", act->text},
		{"reasons", act->reasons},
	};

	for (size_t i = 0; i < COUNT(field); i++) {
		struct str name = str_of(field[i].name);
		bool is_sent = !str_is_null(field[i].sent);

		if (is_sent && !shape_is_word(name, takes))
			flaw(flaws, field[i].name, "UNKNOWN_FIELD",
			     "This event does not take this field.", "Leave it out.");
		else if (!is_sent && shape_is_word(name, needs))
			flaw(flaws, field[i].name, "REQUIRED", "This event needs this field.",
			     "Send it.");
	}
}

/* Whoever sets one aside says why, and of a duplicate what it repeats. */
static void check_mark(const struct representation_act *act, struct flaws *flaws)
{
	bool is_duplicate = str_eq(act->mark, STR("DUPLICATE"));

	if (!str_eq(act->mark, STR("COUNTED")) && str_is_null(act->reasons))
		flaw(flaws, "reasons", "REQUIRED", "It would be set aside without a reason.",
		     "Say why.");
	if (is_duplicate && str_is_null(act->duplicate_of))
		flaw(flaws, "duplicate_of", "REQUIRED", "It repeats another representation.",
		     "Send the id of that one.");
	if (!is_duplicate && !str_is_null(act->duplicate_of))
		flaw(flaws, "duplicate_of", "UNKNOWN_FIELD", "Only a duplicate repeats another.",
		     "Leave it out.");
}

int representation_apply(struct representation_row *r, const struct representation_act *act,
			 struct flaws *flaws, const char **ret_type, const char **ret_why)
{
	for (size_t i = 0; i < COUNT(act_table); i++) {
		if (!str_eq(act->event, str_of(act_table[i].event)))
			continue;
		check_fields(act, act_table[i].takes, act_table[i].needs, flaws);
		if (!str_is_null(act->mark))
			check_mark(act, flaws);
		if (flaws->count)
			return flaws_err(flaws);
		*ret_type = act_table[i].type;
		*ret_why = act_table[i].run(r, act);
		return *ret_why ? ERR_REPRESENTATION : 0;
	}
	return ERR_BUG;
}
