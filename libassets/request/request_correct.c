/*
 * The replay is that of any recording: rewind, pass, apply. Only the world beside the request
 * is taken for what let the act pass when it was recorded, since nobody asks anew whether a
 * body had its members then.
 */
#include "request_correct.h"

#include "libassets/base/err.h"
#include "request_clock.h"
#include "request_do.h"
#include "request_item.h"
#include "request_move.h"
#include "request_time.h"

/* Bytes of an act as JSON: the longest texts, thirty matters, items. */
enum { ACT_MAX = 8 << 20 };

static const struct ledger_entry *entry_at(const struct correction *c, size_t i)
{
	return (const struct ledger_entry *)c->now->ledger.at + i;
}

/* --- What is said anew ------------------------------------------------------------------- */

static const struct request_event_info *info_of(struct str event)
{
	enum request_event e;

	return request_event_parse(event, &e) < 0 ? NULL : request_event_info(e);
}

/* What its event takes as it is to be; of the first entry, whose event is a state, its items. */
static const char *fields_of(const struct correction *c)
{
	const struct request_event_info *info = info_of(c->said[c->target].event);

	if (c->is_struck)
		return "";
	return c->target == 0 || !info ? "items" : info->takes;
}

/* What the body calls a field of the event: its own reasons are not those of the correction. */
static const char *sent_name(const char *name)
{
	return strcmp(name, "reasons") == 0 ? "event_reasons" : name;
}

static bool is_taken(const char *sent, const char *takes)
{
	if (strcmp(sent, "event_reasons") == 0)
		return shape_is_word(STR("reasons"), takes);
	return strcmp(sent, "on") == 0 || shape_is_word(str_of(sent), takes);
}

static int check_fields(const struct correction *c, const json_t *sent, struct flaws *flaws)
{
	const char *takes = fields_of(c);
	void *i = json_object_iter((json_t *)(uintptr_t)sent);

	for (; i; i = json_object_iter_next((json_t *)(uintptr_t)sent, i)) {
		const char *key = json_object_iter_key(i);

		if (!is_taken(key, takes))
			wire_flaw(flaws, &WIRE_KEY(&WIRE_TOP, key), STR("UNKNOWN_FIELD"),
				  arena_fmt(flaws->arena, "%s does not take this field.",
					    c->said[c->target].event.at),
				  c->is_struck
					  ? STR("Of what is struck out nothing else is said.")
					  : STR("Send on, and the fields of that event that were "
						"wrong."));
	}
	return flaws_err(flaws);
}

/* What arrived with the request arrived when it did. */
static int follow_items(struct request_act *it, const struct request_act *was, struct arena *a)
{
	struct item *made = ARENA_ARRAY(a, it->items.count + 1, struct item);

	if (!made)
		return ERR_NOMEM;
	if (it->items.count)
		memcpy(made, it->items.at, it->items.count * sizeof(*made));
	for (size_t i = 0; i < it->items.count; i++) {
		if (day_cmp(made[i].received_on, was->on) == 0)
			made[i].received_on = it->on;
	}
	if (it->items.at)
		it->items.at = made;
	return 0;
}

/* A day that nobody named but the law, or that was the act's own, follows the act. */
static void follow_day(struct day *it, struct day was_on, const json_t *sent, const char *name)
{
	if (!json_object_get(sent, name) && day_cmp(*it, was_on) == 0)
		*it = DAY_NONE;
}

static void follow_days(struct correction *c, const json_t *sent)
{
	struct request_act *it = &c->said[c->target];
	struct day from = request_offer_from(c->was.outcome, c->was.notice_on, c->was.on);
	struct day least, late;

	if (day_cmp(it->on, c->was.on) == 0)
		return;
	follow_day(&it->agreed_on, c->was.on, sent, "agreed_on");
	follow_day(&it->notice_on, c->was.on, sent, "notice_on");
	if (request_clock_least(c->now, CLOCK_K18, from, &least, &late) == 0)
		follow_day(&it->offer_by_on, least, sent, "offer_by_on");
}

/* Its fields that the event `to` takes too; those of the event that it was are not said of this. */
static int become(struct request_act *it, const struct request_event_info *to, struct str reasons,
		  struct flaws *flaws)
{
	CLEANUP(buf_done) struct buf text = BUF(ACT_MAX);
	json_auto_t *kept = NULL;
	struct day on = it->on;
	const char *key;
	json_t *value;
	void *next;

	shape_encode(&request_act_shape, it, &text);
	if (buf_err(&text) < 0)
		return buf_err(&text);
	kept = json_loadb(buf_view(&text).at, buf_view(&text).len, 0, NULL);
	if (!kept)
		return ERR_NOMEM;
	json_object_foreach_safe (kept, next, key, value) {
		if (!shape_is_word(str_of(key), to->takes))
			(void)json_object_del(kept, key);
	}
	shape_clear(&request_act_shape, it);
	shape_decode(&request_act_shape, kept, SHAPE_STORED, &WIRE_TOP, flaws, it);
	it->event = str_of(to->name);
	it->on = on;
	if (shape_is_word(STR("reasons"), to->needs))
		it->reasons = reasons;
	return flaws_err(flaws);
}

/* Another event, or none: what it was is not what happened. */
static int check_kind(struct correction *c, const struct request_act *sent, struct flaws *flaws)
{
	const struct request_event_info *to = info_of(sent->becomes);
	bool is_other = !str_is_null(sent->becomes);

	c->is_struck = sent->strike_out.value;
	if (c->target == 0 && (c->is_struck || is_other))
		wire_flaw(flaws, &WIRE_KEY(&WIRE_TOP, is_other ? "becomes" : "strike_out"),
			  STR("FIXED"), STR("The request begins with it."),
			  STR("Correct its day, or record that the request was withdrawn."));
	else if (c->is_struck && is_other)
		wire_flaw(flaws, &WIRE_KEY(&WIRE_TOP, "becomes"), STR("UNKNOWN_FIELD"),
			  STR("What is struck out becomes nothing."), STR("Send one of the two."));
	else if (is_other &&
		 (!to || to->is_timed || shape_is_word(sent->becomes, "CORRECT COMPLETE")))
		wire_flaw(flaws, &WIRE_KEY(&WIRE_TOP, "becomes"), STR("NOT_IN_LIST"),
			  STR("Nothing becomes that by a correction."),
			  STR("Strike it out, and record what happened."));
	return flaws_err(flaws);
}

/* What its event needs is still there. */
static int check_needs(const struct correction *c, struct flaws *flaws)
{
	const struct request_event_info *info = info_of(c->said[c->target].event);
	CLEANUP(buf_done) struct buf text = BUF(ACT_MAX);
	json_auto_t *whole = NULL;

	if (!info || c->target == 0)
		return 0;
	shape_encode(&request_act_shape, &c->said[c->target], &text);
	if (buf_err(&text) < 0)
		return buf_err(&text);
	whole = json_loadb(buf_view(&text).at, buf_view(&text).len, 0, NULL);
	for (struct str rest = str_of(info->needs); whole && rest.len;) {
		struct str name = arena_str(flaws->arena, str_cut(rest, ' ', &rest));

		if (name.at && !json_object_get(whole, name.at))
			wire_flaw(flaws, &WIRE_KEY(&WIRE_TOP, sent_name(name.at)), STR("REQUIRED"),
				  arena_fmt(flaws->arena, "%s needs this field.", info->name),
				  STR("Send it."));
	}
	return whole ? flaws_err(flaws) : ERR_NOMEM;
}

/* The event's own reasons go by their name in what is laid over it. */
static void own_reasons(json_t *sent)
{
	json_t *reasons = json_object_get(sent, "event_reasons");

	if (!reasons)
		return;
	(void)json_object_set(sent, "reasons", reasons);
	(void)json_object_del(sent, "event_reasons");
}

int request_correct_take(struct correction *c, const json_t *body, const struct request_act *act,
			 struct flaws *flaws)
{
	static const char *const own[] = {"event", "event_id", "reasons", "becomes", "strike_out"};
	json_auto_t *sent = json_copy((json_t *)(uintptr_t)body);
	struct request_act *it = &c->said[c->target];
	int err;

	if (!sent)
		return ERR_NOMEM;
	for (size_t i = 0; i < COUNT(own); i++)
		(void)json_object_del(sent, own[i]);
	c->was = *it;
	err = check_kind(c, act, flaws);
	if (err == 0 && !str_is_null(act->becomes))
		err = become(it, info_of(act->becomes), act->reasons, flaws);
	if (err == 0)
		err = check_fields(c, sent, flaws);
	if (err < 0 || c->is_struck)
		return err;
	own_reasons(sent);
	shape_decode(&request_act_shape, sent, SHAPE_PATCH, &WIRE_TOP, flaws, it);
	err = flaws_err(flaws);
	if (err == 0 && !json_object_get(sent, "items"))
		err = follow_items(it, &c->was, flaws->arena);
	if (err == 0)
		follow_days(c, sent);
	return err == 0 ? check_needs(c, flaws) : err;
}

/* --- What becomes of it ------------------------------------------------------------------ */

/* The items as the request brought them; of a request of before they were kept, as they stand. */
static int first_items(const struct correction *c, struct arena *a, struct shape_list *ret_items)
{
	const struct request_act *first = &c->said[0];
	struct request copy = *c->now;
	int err = 0;

	if (first->items.at)
		return request_items_begin(first->items, copy.kind, first->on, a, ret_items);
	for (size_t i = 1; err == 0 && i < c->now->ledger.count; i++) {
		if (str_eq(c->said[i].event, STR("ITEM_RECEIVED")) &&
		    request_item_of(&copy, c->said[i].code))
			err = request_items_copy(&copy, a, c->said[i].code, DAY_NONE);
	}
	*ret_items = copy.items;
	return err;
}

/* The price that was agreed is the last act's word, unless somebody has said otherwise since. */
static bool is_price_of_act(const struct correction *c)
{
	struct shape_number said = {0, false};

	for (size_t i = 1; i < c->now->ledger.count; i++) {
		const struct request_act *act = i == c->target ? &c->was : &c->said[i];

		if (act->price_pence.is_set)
			said = act->price_pence;
	}
	return said.is_set && said.value == c->now->agreed_price_pence.value;
}

static int begin_anew(const struct correction *c, struct day today, struct flaws *flaws,
		      struct request *r)
{
	const struct request_act *first = &c->said[0];
	int err = 0;

	if (c->target == 0)
		err = request_arrival_check(first->on, today,
					    str_eq(entry_at(c, 0)->state_to, STR("RECEIVED")), "on",
					    flaws);
	if (err == 0 && c->target == 0)
		err = request_items_check(first->items, c->now->kind, first->on, today, flaws);
	if (err < 0)
		return err;
	*r = *c->now;
	r->state = entry_at(c, 0)->state_to;
	r->level = entry_at(c, 0)->level_to;
	r->state_on = r->model_state_on = r->effective_on = r->received_on = first->on;
	r->validated_on = r->acknowledged_on = DAY_NONE;
	r->bar_from = r->bar_to = r->bar_dated_on = DAY_NONE;
	r->override_reason = r->bar_exemption = (struct str){NULL, 0};
	r->prohibits = (struct shape_flag){true, true};
	if (is_price_of_act(c)) /* the replay says it again, or nobody does */
		r->agreed_price_pence = (struct shape_number){0, false};
	r->flags =
		(struct shape_words){ARENA_NEW(flaws->arena, struct str), 0}; /* none, not absent */
	err = r->flags.at ? first_items(c, flaws->arena, &r->items) : ERR_NOMEM;
	if (err == 0)
		err = request_ledger_begin(r, flaws->arena);
	if (err == 0) {
		request_ledger_last(r)->id = entry_at(c, 0)->id;
		request_ledger_last(r)->recorded_on = entry_at(c, 0)->recorded_on;
	}
	return err;
}

/* A world in which what was recorded could be recorded. */
static struct request_around as_it_was(const struct request *r)
{
	return (struct request_around){
		.legal_form = STR("SCIO"),
		.members = {INT64_MAX, true},
		.tenure = STR("OWNED"),
		.is_recorded = {true, true},
		.earlier_was_refused = {true, true},
		.earlier_kind = r->kind,
		.earlier_validated_on = day_add(r->received_on, -1),
		.earlier_is_same_land = {true, true},
	};
}

/*
 * How far time had come when the act was told of: a challenge on the last day itself waited for its
 * end, and does so again.
 */
static struct day told_on(const struct correction *c, size_t i, struct day today)
{
	struct day on = entry_at(c, i)->recorded_on;

	return day_is_none(on) ? today : day_later(on, c->said[i].on);
}

static int replay(const struct correction *c, size_t i, struct day today, struct flaws *flaws,
		  struct request *r)
{
	struct request_around then = as_it_was(r);
	struct request_act act = c->said[i], timed;
	struct request_until until;
	enum request_event event;
	int err;

	if (request_event_parse(act.event, &event) < 0)
		return ERR_BUG;
	if (event == REQUEST_EVENT_VALIDATE && i != c->target)
		(void)request_items_missing(r, flaws->arena, &act.on);
	until = request_until(event, &act, told_on(c, i, today));
	(void)request_rewind(r, &until, flaws->arena);
	while (request_pass(r, &until, flaws->arena, &timed))
		;
	r->around = i == c->target ? c->now->around : &then;
	err = request_apply(r, &act, event, today, flaws);
	r->around = c->now->around;
	if (err < 0)
		return err;
	c->said[i] = act; /* with what the law fills in */
	request_ledger_last(r)->id = entry_at(c, i)->id;
	if (i != c->target)
		request_ledger_last(r)->recorded_on = entry_at(c, i)->recorded_on;
	return 0;
}

/* Flags that come of the ledger are worked out anew; all others stay. */
static void keep_flags(const struct correction *c, struct request *r, struct arena *a)
{
	const struct request_move *row;

	for (size_t i = 0; i < c->now->flags.count; i++) {
		struct str flag = c->now->flags.at[i];
		bool is_derived = shape_is_word(flag, "LATE_ON_ONE_READING SHORT_ON_ONE_READING");

		for (size_t k = 0; (row = request_move_at(k)); k++)
			is_derived = is_derived || str_eq(flag, str_of(row->flag));
		if (!is_derived)
			request_flag_set(r, flag, a);
	}
}

int request_correct(struct correction *c, struct day today, struct flaws *flaws,
		    struct request *ret_request)
{
	const struct request_until now = {today, REQUEST_EVENT_COUNT, today};
	struct request_act timed;
	int err = begin_anew(c, today, flaws, ret_request);

	for (size_t i = 1; err == 0 && i < c->now->ledger.count; i++) {
		if (entry_at(c, i)->is_by_time.value || (i == c->target && c->is_struck))
			continue;
		err = replay(c, i, today, flaws, ret_request);
		if (err == 0 || i == c->target)
			continue;
		c->why = arena_fmt(flaws->arena, "%s of %s would then not be possible.",
				   c->said[i].event.at,
				   shape_day_text(c->said[i].on, flaws->arena).at);
		return err == ERR_NOMEM ? err : ERR_TRANSITION;
	}
	if (err < 0)
		return err;
	while (request_pass(ret_request, &now, flaws->arena, &timed))
		;
	keep_flags(c, ret_request, flaws->arena);
	if (!is_price_of_act(c))
		ret_request->agreed_price_pence = c->now->agreed_price_pence;
	ret_request->allowed = request_allowed(ret_request, flaws->arena);
	return 0;
}

bool request_correct_is_same(const struct ledger_entry *a, const struct ledger_entry *b)
{
	return str_eq(a->event, b->event) && day_cmp(a->on, b->on) == 0 &&
	       str_eq(a->state_from, b->state_from) && str_eq(a->state_to, b->state_to) &&
	       str_eq(a->level_to, b->level_to);
}
