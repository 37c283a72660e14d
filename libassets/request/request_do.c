/*
 * What an act does to a request beside the move itself, once all that its row wants is true. None
 * of these can refuse: they are given nothing to say why.
 *
 * Source: 2015 Act ss.79 to 90; statute 5.2, 7 and 9.
 */
#include "request_do.h"

#include "request_clock.h"
#include "request_item.h"
#include "request_must.h"

int request_do_nothing(struct request *r, struct request_act *act, struct arena *a)
{
	(void)r;
	(void)act;
	(void)a;
	return 0;
}

int request_do_submit(struct request *r, struct request_act *act, struct arena *a)
{
	r->received_on = act->on;
	return request_items_begin(act->items, r->kind, act->on, a, &r->items);
}

int request_do_item_received(struct request *r, struct request_act *act, struct arena *a)
{
	return request_items_copy(r, a, act->code, act->on);
}

/*
 * From validation on the land may not be disposed of to others (s.84), unless what was under way
 * before it exempts that, or Ministers direct otherwise.
 */
int request_do_validate(struct request *r, struct request_act *act, struct arena *a)
{
	const struct bar *bar = act->bar;

	(void)a;
	r->validated_on = r->bar_from = act->on;
	r->acknowledged_on = act->acknowledged_on;
	r->override_reason = act->override_reason;
	r->prohibits = (struct shape_flag){true, true};
	if (!bar)
		return 0;
	if (bar->prohibits.is_set)
		r->prohibits = bar->prohibits;
	r->bar_exemption = bar->exemption;
	r->bar_dated_on = bar->dated_on;
	return 0;
}

int request_do_acknowledged(struct request *r, struct request_act *act, struct arena *a)
{
	(void)a;
	r->acknowledged_on = act->on;
	return 0;
}

/* What nobody says was agreed earlier was agreed on the day of the act. */
int request_do_extend(struct request *r, struct request_act *act, struct arena *a)
{
	(void)r;
	(void)a;
	if (day_is_none(act->agreed_on))
		act->agreed_on = act->on;
	return 0;
}

/* The price, where one is told. */
int request_do_price(struct request *r, struct request_act *act, struct arena *a)
{
	(void)a;
	if (act->price_pence.is_set && !str_eq(act->outcome, STR("DISMISS")))
		r->agreed_price_pence = act->price_pence;
	return 0;
}

/* More is asked for than the community body said it would pay. */
static bool asks_more(const struct request *r, const struct request_act *act)
{
	return act->price_pence.is_set && r->offer_pence.is_set &&
	       act->price_pence.value > r->offer_pence.value;
}

/*
 * An answer: what it leaves out and the law supplies, the ledger says. An agreement on other terms
 * that is confirmed keeps differing; one at a higher price differs unless somebody says that it
 * does not, so that nobody loses a challenge (sections 85 and 86) by a box that was not ticked.
 */
int request_do_decide(struct request *r, struct request_act *act, struct arena *a)
{
	struct day from, least, other;
	int err;

	(void)a;
	if (!request_act_agrees(r, act))
		return 0;
	if (str_eq(act->outcome, STR("CONFIRM")) ||
	    (!act->terms_differ.is_set && asks_more(r, act)))
		act->terms_differ = (struct shape_flag){true, true};
	if (str_eq(act->event, STR("APPEAL_DECIDED")) && day_is_none(act->notice_on))
		act->notice_on = act->on;
	from = request_offer_from(act->outcome, act->notice_on, act->on);
	err = request_clock_least(r, CLOCK_K18, from, &least, &other);
	if (err == 0 && day_is_none(act->offer_by_on))
		act->offer_by_on = least;
	if (act->price_pence.is_set)
		r->agreed_price_pence = act->price_pence;
	return err;
}

int request_do_lift_bar(struct request *r, struct request_act *act, struct arena *a)
{
	(void)a;
	r->bar_exemption = act->exemption;
	r->bar_dated_on = act->dated_on;
	r->bar_to = act->on;
	return 0;
}
