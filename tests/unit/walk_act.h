/*
 * Any act of a random walk, with whatever its event may need and some of it wrong. For tests alone.
 */
#pragma once

#include "walk.h"

/* Mostly an item that is missing, and the day on which the last of them came. */
static inline void fill_items(struct request_act *a, enum request_event e, uint64_t *seed)
{
	const struct item *item = request.items.at;
	struct day last = DAY_NONE;

	a->code = STR("PRICE");
	for (size_t i = 0; i < request.items.count; i++) {
		last = day_later(last, item[i].received_on);
		if (day_is_none(item[i].received_on) && (i == 0 || !one_in(seed, 3)))
			a->code = item[i].code;
	}
	if (e == REQUEST_EVENT_SUBMIT && one_in(seed, 2))
		a->items = any_items(request.kind.at, a->on, seed);
	if (e == REQUEST_EVENT_VALIDATE && !day_is_none(last) && !one_in(seed, 8))
		a->on = last;
}

/* Now and then with an exemption, dated on either side of the validation. */
static inline void fill_bar(struct request_act *a, uint64_t *seed)
{
	static const char *const why[] = {"ADVERTISED", "NEGOTIATIONS", "PROCEEDINGS", "DIRECTION"};
	static struct bar bar;

	if (!one_in(seed, 6))
		return;
	shape_clear(&bar_shape, &bar);
	if (one_in(seed, 2)) {
		bar.exemption = str_of(why[random_below(seed, COUNT(why))]);
		bar.dated_on = day_add(a->on, 2 - (int32_t)random_below(seed, 30));
		bar.prohibits = (struct shape_flag){false, true};
	}
	a->bar = ARENA_NEW(&arena, struct bar);
	cr_assert_not_null(a->bar);
	*(struct bar *)a->bar = bar;
}

/* Each matter that an agreement weighs; of one seed in 64 one is left out. */
static inline struct shape_list any_matters(uint64_t seed)
{
	static struct matter all[] = {
#define MATTER(code, letter, words) {STR_INIT(#code), STR_INIT("x")},
#include "libassets/request/decision_matter.def"
#undef MATTER
	};

	return (struct shape_list){all, seed % 64 ? COUNT(all) : COUNT(all) - 1};
}

/* An act with whatever its event may need; half of them of some day gone by. */
static inline struct request_act any_act(enum request_event e, uint64_t *seed)
{
	static const char *const outcome[] = {"CONFIRM", "MODIFY", "SUBSTITUTE", "ALLOW",
					      "DISMISS"};
	static struct matter ground = {STR_INIT("H"), STR_INIT("x")};
	struct request_act a;

	shape_clear(&request_act_shape, &a);
	a.event = str_of(request_event_info(e)->name);
	a.on = one_in(seed, 2) ? today : day_add(today, -(int32_t)random_below(seed, 40));
	fill_items(&a, e, seed);
	if (e == REQUEST_EVENT_VALIDATE)
		fill_bar(&a, seed);
	a.terms = STR("as asked");
	a.terms_differ = (struct shape_flag){one_in(seed, 2), true};
	a.matters = any_matters(*seed);
	a.grounds = (struct shape_list){&ground, random_below(seed, 4) ? 1 : 0};
	if (one_in(seed, 2))
		a.earlier = STR("a letter");
	else
		a.earlier_request_id = STR("atr_00000000000000000000000001");
	a.reasons = STR("so");
	a.outcome = str_of(outcome[random_below(seed, COUNT(outcome))]);
	if (!str_eq(a.outcome, STR("CONFIRM")))
		a.decision = one_in(seed, 2) ? STR("AGREE") : STR("REFUSE");
	a.representations_close_on = days_on(day_add(a.on, 20), seed, 40);
	a.comments_close_on = days_on(day_add(a.on, 20), seed, 40);
	a.until_on = any_until(seed, a.on);
	if (one_in(seed, 4))
		a.agreed_on = day_add(a.on, 3 - (int32_t)random_below(seed, 10));
	if (one_in(seed, 6))
		a.offer_by_on = days_on(day_add(a.on, 170), seed, 60);
	a.exemption = STR("DIRECTION");
	a.dated_on = a.on;
	if (one_in(seed, 4))
		a.override_reason = STR("an officer accepts it");
	return a;
}
