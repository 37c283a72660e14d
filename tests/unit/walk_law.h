/*
 * What must hold of a request whatever happened to it: statute 5.2 (its invariants) and 22. Each
 * gives NULL, or what is broken. The sums are made anew here, from the ledger and the calendar,
 * not by asking the engine. For tests alone.
 */
#pragma once

#include "libassets/clock/period.h"
#include "libassets/register/body.h"
#include "walk.h"

static inline struct day law_last(int32_t n, enum period_unit unit, enum period_mode mode,
				  struct day start)
{
	static const struct calendar fixed = {.id = CALENDAR_FIXED_DAYS};
	struct day last = DAY_NONE;

	cr_assert_eq(period_last(&(struct period){n, unit, mode}, &fixed, start, &last), 0);
	return last;
}

/* Validated on the day of the last item and not before all are in; until then nothing runs but K2.
 */
static inline const char *law_of_items(const struct request_clocks *clocks)
{
	const struct item *item = request.items.at;
	struct day last = DAY_NONE;
	bool is_whole = request.items.count > 0;

	for (size_t i = 0; i < request.items.count; i++) {
		is_whole = is_whole && !day_is_none(item[i].received_on);
		last = day_later(last, item[i].received_on);
	}
	if (!day_is_none(request.validated_on))
		return is_whole && day_cmp(last, request.validated_on) == 0
			       ? NULL
			       : "validated, and not on the day of the last item";
	if (!day_is_none(request.bar_from))
		return "a partial request bars";
	for (size_t i = 0; i < clocks->count; i++) {
		const struct deadline *d = &clocks->at[i];

		if (!request_clock_is(d, STR("K2")))
			return "a partial request owns a clock";
		if (d->state == DEADLINE_RUNNING && !is_state("RECEIVED"))
			return "the time for a notice of missing items runs after it";
	}
	return NULL;
}

/* What is validated may be asked for by that body and of that land, or an officer said why. */
static inline const char *law_of_eligibility(void)
{
	const bool is_ownership = str_eq(request.kind, STR("OWNERSHIP"));
	const bool is_wound_up = shape_is_word(around.legal_form, "COMPANY BENCOM") && is_ownership;
	enum body_verdict may = body_may_own(around.legal_form, around.members);

	if (day_is_none(request.validated_on) || !str_is_null(request.override_reason))
		return NULL;
	for (size_t i = 0; i < around.unmet.count; i++) {
		if (is_wound_up || !str_eq(around.unmet.at[i], STR("WINDING_UP")))
			return "validated, though its constitution fails";
	}
	if (is_ownership && str_eq(around.tenure, STR("LEASED_IN")))
		return "validated to own land that is not the authority's";
	return is_ownership && (may == BODY_WRONG_FORM || may == BODY_TOO_FEW_MEMBERS)
		       ? "validated to own, though it may not"
		       : NULL;
}

/* Six months; each longer period agreed before the day that it replaces, and longer. */
static inline const char *law_of_extensions(const struct request_clocks *clocks)
{
	const struct ledger_entry *entry = request.ledger.at;
	struct day due;

	if (day_is_none(request.validated_on))
		return NULL;
	due = law_last(6, PERIOD_MONTHS, PERIOD_AFTER, request.validated_on);
	for (size_t i = 0; i < request.ledger.count; i++) {
		if (!str_eq(entry[i].event, STR("EXTEND")))
			continue;
		if (day_cmp(day_is_none(entry[i].agreed_on) ? entry[i].on : entry[i].agreed_on,
			    due) > 0)
			return "a longer period was agreed after the last day";
		if (day_cmp(entry[i].until_on, due) <= 0)
			return "a longer period is not longer";
		due = entry[i].until_on;
	}
	for (size_t i = 0; i < clocks->count; i++) {
		const struct deadline *d = &clocks->at[i];

		if ((request_clock_is(d, STR("K6")) || request_clock_is(d, STR("K7"))) &&
		    d->state != DEADLINE_STOPPED && day_cmp(d->due_on, due) != 0)
			return "the decision is due on another day";
	}
	return NULL;
}

/* What was printed is not before the law's least. */
static inline const char *law_of_printed_days(void)
{
	const struct ledger_entry *e = request.ledger.at;

	for (size_t i = 0; i < request.ledger.count; i++, e++) {
		struct day least = law_last(20, PERIOD_WORKING_DAYS, PERIOD_AFTER, e->on);
		struct day half = law_last(6, PERIOD_MONTHS, PERIOD_AFTER,
					   day_is_none(e->notice_on) ? e->on : e->notice_on);

		if ((str_eq(e->event, STR("NOTICES_ISSUED")) &&
		     day_cmp(e->representations_close_on, least) < 0) ||
		    (str_eq(e->event, STR("REPRESENTATIONS_SENT")) &&
		     day_cmp(e->comments_close_on, least) < 0))
			return "a closing date is before the least";
		if (str_eq(e->state_to, STR("AGREED")) && !str_eq(e->state_from, STR("AGREED")) &&
		    (day_is_none(e->offer_by_on) || day_cmp(e->offer_by_on, half) < 0))
			return "an agreement leaves less than six months for the offer";
	}
	return NULL;
}

/* A challenge is followed, or kept with a flag: it is never there without a trace. */
static inline const char *law_of_challenges(void)
{
	static const char events[] = "REVIEW_APPLIED APPEAL_LODGED NO_CONTRACT_APPEAL_LODGED";
	const struct ledger_entry *e = request.ledger.at;
	bool is_flagged = has_flag("LATE_CHALLENGE") || has_flag("LATE_ON_ONE_READING") ||
			  has_flag("CHALLENGE_ON_LAST_DAY");

	for (size_t i = 0; i < request.ledger.count; i++, e++) {
		if (shape_is_word(e->event, events) && str_eq(e->state_from, e->state_to) &&
		    !is_flagged)
			return "a challenge that led nowhere has no flag";
	}
	return NULL;
}

/* Every deadline says by which rule, calendar and source it was worked out. */
static inline const char *law_of_how(const struct request_clocks *clocks)
{
	static const char *const member[] = {"\"clock\":\"K",   "\"starts_on\":\"20",
					     "\"due_on\":\"20", "\"calendar\":\"",
					     "\"citation\":\"", "\"how\":["};

	for (size_t i = 0; i < clocks->count; i++) {
		CLEANUP(buf_done) struct buf text = BUF(1 << 16);

		deadline_encode(&clocks->at[i], &text);
		for (size_t m = 0; m < COUNT(member); m++) {
			if (!strstr(buf_view(&text).at, member[m]))
				return member[m];
		}
	}
	return NULL;
}
