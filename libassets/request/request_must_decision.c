/*
 * What must be true of representations, longer periods and decisions: by the authority, on review,
 * on appeal.
 *
 * Source: 2015 Act ss.82, 83, 85 to 88; SSI 2016/357 regs 6 to 10; statute 5.2, 7 and 8.
 */
#include "libassets/base/err.h"
#include "libassets/clock/clock_setting.h"
#include "request_clock.h"
#include "request_do.h"
#include "request_move.h"
#include "request_must.h"

/* A closing date that is printed may not be sooner than the law's least (statute 22). */
static int check_closing(struct acting *a, const char *field, enum clock_id clock, struct day close)
{
	struct day due, late;
	int err = request_clock_least(a->r, clock, a->act->on, &due, &late);

	if (err < 0)
		return err;
	if (day_cmp(close, due) < 0)
		return request_flaw(
			a, field, "OUT_OF_RANGE",
			arena_fmt(a->flaws->arena,
				  "At least %d working days must be left, which end on %s.",
				  clock_period(a->r->calendars, clock, a->act->on).length,
				  request_day_text(a, due).at),
			STR("Give that day or a later one."), ERR_INVALID);
	if (day_cmp(close, late) < 0)
		request_flag_set(a->r, STR("SHORT_ON_ONE_READING"), a->flaws->arena);
	return 0;
}

/* The last day, as it stands now, of the first of these clocks that runs; DAY_NONE: none does. */
static struct day last_day(const struct acting *a, const char *const id[], size_t n)
{
	struct request_clocks clocks;

	request_clocks(a->r, &clocks);
	for (size_t i = 0; i < n; i++) {
		const struct deadline *d = request_clock_running(&clocks, id[i]);

		if (d)
			return d->due_on;
	}
	return DAY_NONE;
}

/* Who was told of a day keeps it when others are told later; ahead: by a notice before the act. */
static int check_told(struct acting *a, const char *clock, struct day ahead)
{
	struct day running = day_later(last_day(a, &clock, 1), ahead);

	if (day_is_none(running) || day_is_none(a->act->representations_close_on) ||
	    day_cmp(a->act->representations_close_on, running) >= 0)
		return 0;
	return request_flaw(a, "representations_close_on", "OUT_OF_RANGE",
			    arena_fmt(a->flaws->arena, "Others were told that it closes on %s.",
				      request_day_text(a, running).at),
			    STR("Give that day or a later one."), ERR_INVALID);
}

int must_closing_is_no_sooner_than_told(struct acting *a)
{
	return check_told(a, "K4", a->around->told_close_on);
}

int must_time_is_left_to_represent(struct acting *a)
{
	return check_closing(a, "representations_close_on", CLOCK_K4,
			     a->act->representations_close_on);
}

int must_time_is_left_to_comment(struct acting *a)
{
	return check_closing(a, "comments_close_on", CLOCK_K5, a->act->comments_close_on);
}

/* How long those interested have in a review nobody has confirmed, but it is not over before it
 * began. */
int must_closing_follows_notice(struct acting *a)
{
	if (day_is_none(a->act->representations_close_on) ||
	    day_cmp(a->act->representations_close_on, a->act->on) >= 0)
		return check_told(a, "K16", DAY_NONE);
	return request_flaw(a, "representations_close_on", "OUT_OF_RANGE",
			    STR("The time to represent would end before anybody was told of it."),
			    STR("Give the day of the notice or a later one."), ERR_INVALID);
}

int must_agreed_since_validation(struct acting *a)
{
	if (day_is_none(a->act->agreed_on) || day_cmp(a->act->agreed_on, a->r->validated_on) >= 0)
		return 0;
	return request_flaw(a, "agreed_on", "BEFORE_CAUSE",
			    STR("That is before the request was validated."),
			    STR("Give the day on which both sides agreed."), ERR_BEFORE_CAUSE);
}

int must_agreed_by_today(struct acting *a)
{
	return shape_not_after(a->act->agreed_on, a->today, "agreed_on", a->flaws);
}

/* The last day of the period that is to be longer; DAY_NONE: none runs. */
static struct day running_period(const struct acting *a)
{
	static const char *const decision[] = {"K7", "K6"}, *const contract[] = {"K19"};

	return str_eq(a->act->event, STR("EXTEND")) ? last_day(a, decision, COUNT(decision))
						    : last_day(a, contract, COUNT(contract));
}

int must_agreed_by_last_day(struct acting *a)
{
	struct day running = running_period(a);
	struct day agreed = day_is_none(a->act->agreed_on) ? a->act->on : a->act->agreed_on;

	if (day_is_none(running) || day_cmp(agreed, running) <= 0)
		return 0;
	return request_flaw(a, "agreed_on", "TOO_LATE",
			    arena_fmt(a->flaws->arena,
				      "The period that was to be longer ended on %s.",
				      request_day_text(a, running).at),
			    STR("Only what was agreed by then makes it longer."), ERR_TOO_LATE);
}

int must_period_is_longer(struct acting *a)
{
	struct day running = running_period(a);

	if (day_is_none(running) || day_cmp(a->act->until_on, running) > 0)
		return 0;
	return request_flaw(a, "until_on", "OUT_OF_RANGE",
			    arena_fmt(a->flaws->arena, "The period runs to %s already.",
				      request_day_text(a, running).at),
			    STR("Give a later day."), ERR_INVALID);
}

/* --- Decisions --------------------------------------------------------------------------- */

static bool is_outcome(const struct acting *a, const char *word)
{
	return str_eq(a->act->outcome, str_of(word));
}

/* The act says no: a refusal, or a review that refuses. */
static bool refuses(const struct acting *a)
{
	return str_eq(a->act->event, STR("REFUSE")) ||
	       (!is_outcome(a, "CONFIRM") && str_eq(a->act->decision, STR("REFUSE")));
}

static bool was(const struct acting *a, const char *state)
{
	bool is_review = str_eq(a->act->event, STR("REVIEW_DECIDED"));

	return str_eq(
		request_came_from(a->r, is_review ? REQUEST_UNDER_REVIEW : REQUEST_UNDER_APPEAL),
		str_of(state));
}

bool request_act_agrees(const struct request *r, const struct request_act *act)
{
	const struct acting a = {.r = (struct request *)(uintptr_t)r,
				 .act = (struct request_act *)(uintptr_t)act};

	if (str_eq(act->event, STR("AGREE")))
		return true;
	if (str_eq(act->event, STR("APPEAL_DECIDED")))
		return is_outcome(&a, "ALLOW") || was(&a, "AGREED");
	if (!str_eq(act->event, STR("REVIEW_DECIDED")))
		return false;
	return is_outcome(&a, "CONFIRM") ? was(&a, "AGREED") : !refuses(&a);
}

/* Land that is gone cannot be agreed to; what Ministers decided of it stands as a fact. */
int must_land_is_there(struct acting *a)
{
	bool is_ours = !is_outcome(a, "CONFIRM") && request_act_agrees(a->r, a->act);

	if (is_ours && a->around->is_disposed.value)
		return ERR_LAND_DISPOSED;
	if (!is_ours || a->around->is_recorded.value || !str_eq(a->r->kind, STR("OWNERSHIP")) ||
	    !str_eq(a->around->tenure, STR("LEASED_IN")) || !str_is_null(a->r->override_reason))
		return 0;
	return request_flaw(
		a, "event", "NOT_OWNED",
		STR("The authority does not own the land, it leases it in (section 79(2))."),
		STR("Correct the asset's tenure, or correct VALIDATE with override_reason."),
		ERR_NOT_ELIGIBLE);
}

/* An agreement that states no last day for the offer gets the law's least. */
int must_time_is_left_to_offer(struct acting *a)
{
	struct day from = request_offer_from(a->act->outcome, a->act->notice_on, a->act->on);
	struct day least, other;
	int err;

	if (!request_act_agrees(a->r, a->act))
		return 0;
	err = request_clock_least(a->r, CLOCK_K18, from, &least, &other);
	if (err < 0 || day_is_none(a->act->offer_by_on) || day_cmp(a->act->offer_by_on, least) >= 0)
		return err;
	return request_flaw(a, "offer_by_on", "OUT_OF_RANGE",
			    STR("The body has at least six months for its offer (section 83)."),
			    arena_fmt(a->flaws->arena, "Give %s or a later day.",
				      request_day_text(a, least).at),
			    ERR_INVALID);
}

int must_grounds_are_given(struct acting *a)
{
	if (!refuses(a) || a->act->grounds.count)
		return 0;
	return request_flaw(a, "grounds", "REQUIRED",
			    STR("A refusal needs reasonable grounds (section 82(5))."),
			    STR("Give at least one matter with its text."), ERR_INVALID);
}

static bool is_weighed(const struct shape_list *matters, const char *code)
{
	const struct matter *m = matters->at;

	for (size_t i = 0; i < matters->count; i++) {
		if (str_eq(m[i].matter, str_of(code)))
			return true;
	}
	return false;
}

/*
 * Who agrees has considered each matter of section 82(3), and says so of each, one by one: also of
 * one that is not relevant, and of a decision of years ago, whose file may not tell. What is
 * confirmed was weighed before; what Ministers decide of an appeal they weighed.
 */
int must_matters_are_weighed(struct acting *a)
{
	static const char *const code[] = {
#define MATTER(code, letter, words) #code,
#include "decision_matter.def"
#undef MATTER
	};
	bool is_new = str_eq(a->act->event, STR("AGREE")) || !is_outcome(a, "CONFIRM");
	bool is_owed = is_new && !a->around->is_recorded.value && request_act_agrees(a->r, a->act);
	CLEANUP(buf_done) struct buf missing = BUF(200);

	for (size_t i = 0; is_owed && i < COUNT(code); i++) {
		if (!is_weighed(&a->act->matters, code[i]))
			buf_fmt(&missing, " %s", code[i]);
	}
	if (!missing.len)
		return 0;
	return request_flaw(
		a, "matters", "REQUIRED",
		arena_fmt(a->flaws->arena, "Not yet said of each matter of section 82(3):%.*s.",
			  (int)missing.len, buf_view(&missing).at),
		STR("Say of each how it was weighed, that it is not relevant, or that the file of "
		    "the time does not say."),
		ERR_INVALID);
}

/* Of what is confirmed, and of an appeal that is dismissed, the terms are those of before. */
int must_terms_are_stated(struct acting *a)
{
	bool is_new = !is_outcome(a, "CONFIRM") && !is_outcome(a, "DISMISS");

	if (!is_new || !request_act_agrees(a->r, a->act) || !str_is_null(a->act->terms))
		return 0;
	return request_flaw(a, "terms", "REQUIRED", STR("An agreement states its terms."),
			    STR("Say on which terms it is agreed."), ERR_INVALID);
}

static int check_outcome(const struct acting *a, const char *words)
{
	if (shape_is_word(a->act->outcome, words))
		return 0;
	return request_flaw(a, "outcome", "NOT_IN_LIST", STR("This event has no such outcome."),
			    arena_fmt(a->flaws->arena, "One of: %s.", words), ERR_INVALID);
}

int must_outcome_is_of_review(struct acting *a)
{
	return check_outcome(a, "CONFIRM MODIFY SUBSTITUTE");
}

int must_outcome_is_of_appeal(struct acting *a)
{
	return check_outcome(a, "ALLOW DISMISS");
}

/* The decision stays what it was, if there was one. */
int must_confirmed_is_as_it_was(struct acting *a)
{
	if (!is_outcome(a, "CONFIRM"))
		return 0;
	if (!str_is_null(a->act->decision))
		return request_flaw(a, "decision", "NOT_TAKEN",
				    STR("What is confirmed stays what it was."),
				    STR("Leave decision out."), ERR_INVALID);
	if (was(a, "NO_DECISION"))
		return request_flaw(a, "outcome", "NOTHING_TO_CONFIRM",
				    STR("The review is of a decision that was not made."),
				    STR("Give SUBSTITUTE with the decision."), ERR_INVALID);
	return 0;
}

int must_answer_is_given(struct acting *a)
{
	if (is_outcome(a, "CONFIRM") || !str_is_null(a->act->decision))
		return 0;
	return request_flaw(a, "decision", "REQUIRED",
			    STR("What is modified or substituted has an answer."),
			    STR("Give AGREE or REFUSE."), ERR_INVALID);
}

/* The notice that follows an appeal is the authority's, and may be of a later day. */
int must_notice_follows_decision(struct acting *a)
{
	int err = shape_not_after(a->act->notice_on, a->today, "notice_on", a->flaws);

	if (err < 0 || !request_act_agrees(a->r, a->act) || day_is_none(a->act->notice_on) ||
	    day_cmp(a->act->notice_on, a->act->on) >= 0)
		return err;
	return request_flaw(a, "notice_on", "BEFORE_CAUSE",
			    STR("The notice follows the decision on the appeal."),
			    STR("Give the day of the decision or a later one."), ERR_BEFORE_CAUSE);
}
