/*
 * Representations, longer periods, and decisions: by the authority, on review, on appeal.
 *
 * Source: 2015 Act ss.82, 83, 85 to 88; SSI 2016/357 regs 6 to 10; statute 5.2, 7 and 8.
 */
#include "clock_setting.h"
#include "err.h"
#include "request_do.h"
#include "request_move.h"

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

int request_do_notices_issued(struct acting *a)
{
	static const char *const k4[] = {"K4"};
	struct day running = last_day(a, k4, COUNT(k4));
	struct day close = a->act->representations_close_on;

	if (!day_is_none(running) && day_cmp(close, running) < 0)
		return request_flaw(a, "representations_close_on", "OUT_OF_RANGE",
				    arena_fmt(a->flaws->arena,
					      "Others were told that it closes on %s.",
					      request_day_text(a, running).at),
				    STR("Give that day or a later one."), ERR_INVALID);
	return check_closing(a, "representations_close_on", CLOCK_K4, close);
}

int request_do_representations_sent(struct acting *a)
{
	return check_closing(a, "comments_close_on", CLOCK_K5, a->act->comments_close_on);
}

int request_check_longer(struct acting *a, const char *const clock[], size_t n)
{
	struct day running = last_day(a, clock, n);
	int err = shape_not_after(a->act->agreed_on, a->today, "agreed_on", a->flaws);

	if (err < 0)
		return err;
	if (day_is_none(a->act->agreed_on))
		a->act->agreed_on = a->act->on;
	if (day_is_none(running))
		return 0;
	if (day_cmp(a->act->agreed_on, running) > 0)
		return request_flaw(
			a, "agreed_on", "TOO_LATE",
			arena_fmt(a->flaws->arena, "The period that was to be longer ended on %s.",
				  request_day_text(a, running).at),
			STR("Only what was agreed by then makes it longer."), ERR_TOO_LATE);
	if (day_cmp(a->act->until_on, running) <= 0)
		return request_flaw(a, "until_on", "OUT_OF_RANGE",
				    arena_fmt(a->flaws->arena, "The period runs to %s already.",
					      request_day_text(a, running).at),
				    STR("Give a later day."), ERR_INVALID);
	return 0;
}

int request_do_extend(struct acting *a)
{
	static const char *const decision[] = {"K7", "K6"};

	if (!day_is_none(a->act->agreed_on) && day_cmp(a->act->agreed_on, a->r->validated_on) < 0)
		return request_flaw(a, "agreed_on", "BEFORE_CAUSE",
				    STR("That is before the request was validated."),
				    STR("Give the day on which both sides agreed."),
				    ERR_BEFORE_CAUSE);
	return request_check_longer(a, decision, COUNT(decision));
}

void request_take_price(struct acting *a)
{
	if (a->act->price_pence.is_set)
		a->r->agreed_price_pence = a->act->price_pence;
}

/* An agreement that states no last day for the offer gets the law's least. */
static int take_agreement(struct acting *a, struct day notice_on)
{
	struct day least, other;
	int err = request_clock_least(a->r, CLOCK_K18, notice_on, &least, &other);

	if (err < 0)
		return err;
	if (day_is_none(a->act->offer_by_on))
		a->act->offer_by_on = least;
	if (day_cmp(a->act->offer_by_on, least) < 0)
		return request_flaw(
			a, "offer_by_on", "OUT_OF_RANGE",
			STR("The body has at least six months for its offer (section 83)."),
			arena_fmt(a->flaws->arena, "Give %s or a later day.",
				  request_day_text(a, least).at),
			ERR_INVALID);
	request_take_price(a);
	return 0;
}

/* Land that is gone cannot be agreed to; what Ministers decided of it stands as a fact. */
int request_do_agree(struct acting *a)
{
	return a->around->is_disposed.value ? ERR_LAND_DISPOSED : take_agreement(a, a->act->on);
}

int request_do_refuse(struct acting *a)
{
	if (a->act->grounds.count)
		return 0;
	return request_flaw(a, "grounds", "REQUIRED",
			    STR("A refusal needs reasonable grounds (section 82(5))."),
			    STR("Give at least one matter with its text."), ERR_INVALID);
}

static int need_terms(const struct acting *a)
{
	if (!str_is_null(a->act->terms))
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

/* The decision stays what it was: an agreement on other terms keeps differing. */
static int confirm(struct acting *a, struct str was)
{
	if (!str_is_null(a->act->decision))
		return request_flaw(a, "decision", "NOT_TAKEN",
				    STR("What is confirmed stays what it was."),
				    STR("Leave decision out."), ERR_INVALID);
	if (str_eq(was, STR("NO_DECISION")))
		return request_flaw(a, "outcome", "NOTHING_TO_CONFIRM",
				    STR("The review is of a decision that was not made."),
				    STR("Give SUBSTITUTE with the decision."), ERR_INVALID);
	if (!str_eq(was, STR("AGREED")))
		return 0;
	a->act->terms_differ = (struct shape_flag){true, true};
	return take_agreement(a, a->act->on);
}

int request_do_review_decided(struct acting *a)
{
	int err = check_outcome(a, "CONFIRM MODIFY SUBSTITUTE");

	if (err < 0)
		return err;
	if (str_eq(a->act->outcome, STR("CONFIRM")))
		return confirm(a, request_came_from(a->r, REQUEST_UNDER_REVIEW));
	if (str_is_null(a->act->decision))
		return request_flaw(a, "decision", "REQUIRED",
				    STR("What is modified or substituted has an answer."),
				    STR("Give AGREE or REFUSE."), ERR_INVALID);
	if (str_eq(a->act->decision, STR("REFUSE")))
		return request_do_refuse(a);
	err = need_terms(a);
	return err < 0 ? err : request_do_agree(a);
}

/* The notice that follows an appeal is the authority's, and may be of a later day. */
int request_do_appeal_decided(struct acting *a)
{
	bool was_agreed = str_eq(request_came_from(a->r, REQUEST_UNDER_APPEAL), STR("AGREED"));
	bool is_allowed = str_eq(a->act->outcome, STR("ALLOW"));
	int err = check_outcome(a, "ALLOW DISMISS");

	if (err == 0 && is_allowed)
		err = need_terms(a);
	if (err == 0)
		err = shape_not_after(a->act->notice_on, a->today, "notice_on", a->flaws);
	if (err < 0 || (!is_allowed && !was_agreed))
		return err;
	if (!day_is_none(a->act->notice_on) && day_cmp(a->act->notice_on, a->act->on) < 0)
		return request_flaw(a, "notice_on", "BEFORE_CAUSE",
				    STR("The notice follows the decision on the appeal."),
				    STR("Give the day of the decision or a later one."),
				    ERR_BEFORE_CAUSE);
	if (day_is_none(a->act->notice_on))
		a->act->notice_on = a->act->on;
	return take_agreement(a, a->act->notice_on);
}
