/*
 * A request at its beginning: from what was sent to what stands in the register, with its
 * items. An item is a thing that the law asks of a request (s.79(4)) and the day it arrived;
 * validation waits for the last. A further item is a row of request_item.def.
 */
#include "request_item.h"

#include "libassets/base/err.h"
#include "request_do.h"
#include "request_move.h"

struct item *request_item_of(const struct request *r, struct str code)
{
	struct item *item = r->items.at;

	for (size_t i = 0; i < r->items.count; i++) {
		if (str_eq(item[i].code, code))
			return &item[i];
	}
	return NULL;
}

int request_items_copy(struct request *r, struct arena *a, struct str code, struct day received_on)
{
	struct item *made = ARENA_ARRAY(a, r->items.count + 1, struct item);

	if (!made)
		return ERR_NOMEM;
	memcpy(made, r->items.at, r->items.count * sizeof(*made));
	r->items.at = made;
	request_item_of(r, code)->received_on = received_on;
	return 0;
}

int request_items_begin(struct shape_list sent, struct str kind, struct day on, struct arena *a,
			struct shape_list *ret_items)
{
	const struct item *from = sent.at;
	struct item *made;
	size_t n = 0;

	for (size_t i = 0; request_item_at(i); i++)
		n++;
	made = ARENA_ARRAY(a, n + 1, struct item);
	if (!made)
		return ERR_NOMEM;
	n = 0;
	for (size_t i = 0; request_item_at(i); i++) {
		struct str code = str_of(request_item_at(i));

		if (!request_item_is_asked(code, kind))
			continue;
		made[n] = (struct item){code, sent.at ? DAY_NONE : on};
		for (size_t k = 0; from && k < sent.count; k++) {
			if (str_eq(from[k].code, code))
				made[n].received_on = from[k].received_on;
		}
		n++;
	}
	*ret_items = (struct shape_list){made, n};
	return 0;
}

int request_arrival_check(struct day on, struct day today, bool is_submitted, const char *field,
			  struct flaws *flaws)
{
	static const struct day_civil part_5 = {2017, 1, 23}, first = {2000, 1, 1};
	struct day from;

	if (day_of_civil(is_submitted ? part_5 : first, &from) == 0 && day_cmp(on, from) >= 0)
		return shape_not_after(on, today, field, flaws);
	wire_flaw(flaws, &WIRE_KEY(&WIRE_TOP, field), STR("OUT_OF_RANGE"),
		  is_submitted
			  ? STR("Nobody could make a request before 23 January 2017, when Part "
				"5 of the Act began.")
			  : STR("References of requests begin with the year 2000."),
		  STR("Look at the day; what was asked for earlier is an ENQUIRY, or no entry of "
		      "this register."));
	return flaws_err(flaws);
}

int request_items_check(struct shape_list sent, struct str kind, struct day on, struct day today,
			struct flaws *flaws)
{
	const struct wire_at list = WIRE_KEY(&WIRE_TOP, "items");
	const struct item *item = sent.at;
	bool is_future = false;

	for (size_t i = 0; i < sent.count; i++) {
		const struct wire_at here = WIRE_INDEX(&list, i);
		const struct wire_at day = WIRE_KEY(&here, "received_on");

		if (!request_item_is_asked(item[i].code, kind))
			wire_flaw(flaws, &here, STR("NOT_ASKED"),
				  STR("A request of this kind does not have this item."),
				  STR("Leave it out."));
		for (size_t k = 0; k < i; k++) {
			if (str_eq(item[i].code, item[k].code))
				wire_flaw(flaws, &here, STR("DUPLICATE"),
					  STR("This item stands here twice."),
					  STR("Name each item once."));
		}
		if (day_is_none(item[i].received_on))
			continue;
		if (day_cmp(item[i].received_on, on) < 0)
			wire_flaw(flaws, &day, STR("BEFORE_START"),
				  STR("That is before the request arrived."),
				  STR("Give the day the request arrived, or a later one."));
		if (day_cmp(item[i].received_on, today) > 0) {
			is_future = true;
			wire_flaw(flaws, &day, STR("DATE_IN_FUTURE"),
				  STR("That day has not come yet."),
				  STR("Leave received_on out while the item is missing."));
		}
	}
	return is_future ? ERR_DATE_IN_FUTURE : flaws_err(flaws);
}

/* The list with one more item. Never absent, which would say that nothing is missing. */
static struct str with_item(struct str list, struct str code, struct arena *a)
{
	struct str longer = arena_fmt(a, "%.*s%s%s", (int)list.len, list.at ? list.at : "",
				      list.at ? "; " : "", request_item_of_body(code));

	return str_is_null(longer) ? STR("more than there is room to name") : longer;
}

struct str request_items_missing(const struct request *r, struct arena *a, struct day *ret_last)
{
	struct str missing = {NULL, 0};

	*ret_last = DAY_NONE;
	for (size_t i = 0; request_item_at(i); i++) {
		const struct item *item = request_item_of(r, str_of(request_item_at(i)));

		if (!item)
			continue;
		*ret_last = day_later(*ret_last, item->received_on);
		if (day_is_none(item->received_on))
			missing = with_item(missing, item->code, a);
	}
	return missing;
}

int request_begin(struct request_form *form, struct day today, struct flaws *flaws,
		  struct request *ret_request)
{
	struct request r;
	bool is_submitted;
	int err;

	if (str_is_null(form->stage))
		form->stage = STR("RECEIVED");
	is_submitted = str_eq(form->stage, STR("RECEIVED"));
	if (str_is_null(form->asset_id) == !form->land)
		wire_flaw(flaws, &WIRE_KEY(&WIRE_TOP, "asset_id"), STR("REQUIRED"),
			  STR("A request is about one asset, or about land that is not listed."),
			  STR("Send either asset_id or land."));
	err = flaws_err(flaws);
	if (err < 0)
		return err;
	err = request_arrival_check(form->received_on, today, is_submitted, "received_on", flaws);
	if (err < 0)
		return err;
	err = request_items_check(form->items, form->kind, form->received_on, today, flaws);
	if (err < 0)
		return err;
	shape_clear(&request_shape, &r);
	r.state = form->stage;
	r.state_on = r.model_state_on = r.effective_on = r.received_on = form->received_on;
	r.level = str_of(request_level_name(REQUEST_FIRST));
	r.kind = form->kind;
	r.prohibits = (struct shape_flag){true, true};
	r.offer_pence = form->offer_pence;
	r.agreed_price_pence = form->agreed_price_pence;
	r.allowed = request_allowed(&r, flaws->arena);
	r.flags.at = ARENA_NEW(flaws->arena, struct str);
	if (is_submitted || form->items.at)
		err = request_items_begin(form->items, form->kind, form->received_on, flaws->arena,
					  &r.items);
	if (err == 0)
		err = request_ledger_begin(&r, flaws->arena);
	if (err == 0)
		request_ledger_last(&r)->recorded_on = today;
	*ret_request = r;
	return err;
}
