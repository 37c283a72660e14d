/*
 * A form for each event that request_event.def has, so that a further one has its form at once.
 * Some stand elsewhere: what is missing is recorded beside its item, copies are sent where they are
 * seen to be ready, representations and corrections have pages of their own.
 */
#include "p_case_act.h"

#include "daemon/flow/flow_rescue.h"
#include "daemon/route/h.h"
#include "libassets/request/request_item.h"
#include "libassets/request/request_move.h"
#include "p_act.h"

#define ELSEWHERE "ITEM_RECEIVED VALIDATE REPRESENTATIONS_SENT REPRESENTATION_RECEIVED CORRECT"

/* Whose notice is dated as they are. */
#define NOTICED "AGREE REFUSE REVIEW_DECIDED"

static bool takes(const struct request_event_info *info, const char *field)
{
	return shape_is_word(str_of(field), info->takes);
}

/* A review and an appeal end in different ways. */
static const char *outcomes_of(enum request_event e)
{
	return e == REQUEST_EVENT_REVIEW_DECIDED ? "CONFIRM MODIFY SUBSTITUTE" : "ALLOW DISMISS";
}

/* What was typed there, in a form that is shown again; else nothing. */
static struct str typed(struct page *p, bool is_typed, const char *name)
{
	struct str sent = is_typed ? flow_form(p->flow, name) : STR("");

	return sent.len ? sent : STR("");
}

/* The earlier requests that the register knows of, to choose from instead of an id to be typed. */
static void put_earlier(struct page *p, json_t *one, const json_t *more)
{
	json_t *earlier = json_deep_copy(json_object_get(more, "earlier")), *request;
	size_t i;

	json_array_foreach (earlier, i, request)
		page_put_in(p, request, "is_chosen",
			    json_boolean(strcmp(page_text(request, "id"),
						page_text(one, "value")) == 0));
	if (json_array_size(earlier)) {
		page_put_in(p, one, "input", json_string("earlier_request"));
		page_put_in(p, one, "is_short", json_false());
		page_put_in(p, one, "is_earlier", json_true());
		page_put_in(p, one, "earlier", json_incref(earlier));
	}
	json_decref(earlier);
}

static void put_input(struct page *p, json_t *one, const json_t *more, enum request_event e,
		      bool is_typed)
{
	const char *name = page_text(one, "name");

	if (strcmp(name, "earlier_request_id") == 0)
		put_earlier(p, one, more);

	if (strcmp(name, "outcome") == 0)
		page_put_in(p, one, "choices",
			    act_form_choices(outcomes_of(e), typed(p, is_typed, "outcome").at));
	page_put_in(p, one, "has_choices",
		    json_boolean(json_array_size(json_object_get(one, "choices"))));
	page_put_in(p, one, "is_needed",
		    json_boolean(shape_is_word(str_of(name), request_event_info(e)->needs)));
}

static json_t *reasons_input(struct page *p, bool is_typed)
{
	struct str value = typed(p, is_typed, "reasons");

	return json_pack("{s:s, s:s, s:s%, s:i, s:b}", "name", "reasons", "input", "reasons",
			 "value", value.at, value.len, "most", 20000, "is_text", 1);
}

/* Why the land may go to others all the same, and since when. */
static void add_bar(struct page *p, json_t *inputs, bool is_typed)
{
	struct str exemption = typed(p, is_typed, "bar_exemption");
	struct str dated_on = typed(p, is_typed, "bar_dated_on");

	json_array_append_new(inputs, json_pack("{s:s, s:s, s:b, s:b}", "name", "bar_free", "input",
						"bar_free", "is_flag", 1, "is_checked",
						(int)(typed(p, is_typed, "bar_free").len > 0)));
	json_array_append_new(inputs,
			      json_pack("{s:s, s:s, s:s, s:o}", "name", "bar_exemption", "input",
					"bar_exemption", "value", "", "choices",
					act_form_choices("ADVERTISED NEGOTIATIONS PROCEEDINGS "
							 "DIRECTION",
							 exemption.at)));
	json_array_append_new(inputs, json_pack("{s:s, s:s, s:s%, s:b}", "name", "bar_dated_on",
						"input", "bar_dated_on", "value", dated_on.at,
						dated_on.len, "is_date", 1));
}

static json_t *inputs_of(struct page *p, const json_t *more, enum request_event e, bool is_typed)
{
	const struct request_event_info *info = request_event_info(e);
	json_t *inputs = act_form_inputs(p->flow, info->takes, json_object_get(more, "told"),
					 is_typed),
	       *one;
	size_t i;

	if (takes(info, "reasons"))
		json_array_append_new(inputs, reasons_input(p, is_typed));
	if (takes(info, "bar"))
		add_bar(p, inputs, is_typed);
	json_array_foreach (inputs, i, one)
		put_input(p, one, more, e, is_typed);
	return inputs;
}

static bool is_ticked(struct page *p, const char *code)
{
	struct str name = arena_fmt(p->flow->arena, "missing_%s", code);

	return name.at && flow_form(p->flow, name.at).len > 0;
}

/* Each item as a box to tick: what is missing. Of what arrives all that a request of its kind is
 * asked for; else all that has not arrived yet. */
static void put_items(struct page *p, json_t *form, const json_t *more, bool arrives, bool is_typed)
{
	CLEANUP(buf_done) struct buf codes = BUF(4096);
	struct shape_list asked = {0};
	json_t *items = json_array(), *item;
	size_t i;

	if (arrives && request_items_begin((struct shape_list){0}, str_of(page_text(more, "kind")),
					   p->flow->today, p->flow->arena, &asked) < 0)
		p->err = ERR_NOMEM;
	for (i = 0; i < asked.count; i++) {
		struct str code = ((const struct item *)asked.at)[i].code;

		json_array_append_new(items, json_pack("{s:s%}", "code", code.at, code.len));
	}
	json_array_foreach (json_object_get(more, "items"), i, item) {
		if (!arrives && !*page_text(item, "received_on"))
			json_array_append_new(items,
					      json_pack("{s:s}", "code", page_text(item, "code")));
	}
	json_array_foreach (items, i, item) {
		const char *code = page_text(item, "code");

		buf_fmt(&codes, "%s%s", i ? " " : "", code);
		page_put_in(p, item, "words", json_string(request_item_of_body(str_of(code))));
		page_put_in(p, item, "is_missing",
			    json_boolean(is_typed ? is_ticked(p, code) : !arrives));
	}
	page_put_in(p, form, "items", items);
	page_put_in(p, form, "item_codes",
		    json_stringn(codes.len ? buf_view(&codes).at : "", codes.len));
	page_put_in(p, form, "items_as", json_string(arrives ? "ARRIVED" : "MISSING"));
}

/* This is the form that was refused: it comes back as it was filled in. */
static bool is_refused(const struct page *p, enum request_event e)
{
	return flow_rescued(p->flow) &&
	       str_eq(flow_form(p->flow, "event"), str_of(request_event_info(e)->name));
}

static json_t *form_of(struct page *p, const json_t *more, enum request_event e)
{
	const struct request_event_info *info = request_event_info(e);
	json_t *form = json_pack("{s:s, s:s+}", "event", info->name, "form_key", info->name, "-");
	bool is_typed = is_refused(p, e);

	page_put_in(p, form, "inputs", inputs_of(p, more, e, is_typed));
	page_put_in(p, form, "matters", act_form_matters(p->flow, NULL, is_typed));
	page_put_in(p, form, "is_refused", json_boolean(is_typed));
	if (typed(p, is_typed, "on").len)
		page_put_in(p, form, "typed_day", json_string(typed(p, is_typed, "on").at));
	if (is_typed)
		act_form_faults(p, form, page_text(form, "form_key"));
	page_put_in(p, form, "has_grounds", json_boolean(takes(info, "grounds")));
	page_put_in(p, form, "has_weighed", json_boolean(takes(info, "matters")));
	page_put_in(p, form, "is_noticed",
		    json_boolean(shape_is_word(str_of(info->name), NOTICED)));
	if (takes(info, "items"))
		put_items(p, form, more, e == REQUEST_EVENT_SUBMIT, is_typed);
	return form;
}

static bool is_allowed(const json_t *more, const char *event)
{
	const json_t *one;
	size_t i;

	json_array_foreach (json_object_get(more, "allowed"), i, one) {
		if (strcmp(json_string_value(one), event) == 0)
			return true;
	}
	return false;
}

/* A decision of which everybody knows stands among the decisions; a lesser one where it needs a
 * second person, else among what an officer records. */
static bool is_proposed(const struct request_event_info *info, enum request_event e,
			bool second_person)
{
	return shape_is_word(str_of(info->name), NOTICED) ||
	       (second_person && request_event_is_decision(e));
}

/*
 * It can happen, and has its form here. One that was refused because it can happen no more is here
 * all the same, wherever it stood: what was typed into it is not lost.
 */
static bool is_offered(const struct page *p, const json_t *more, enum request_event e)
{
	struct str event = str_of(request_event_info(e)->name);

	if (!is_allowed(more, event.at))
		return is_refused(p, e);
	return !shape_is_word(event, ELSEWHERE);
}

void case_acts_put(struct page *p, json_t *more, bool second_person)
{
	json_t *steps = json_array(), *decisions = json_array();
	struct str authority = str_of(page_text(more, "authority_id"));
	bool decides = h_may(p->flow, PERM_REQUEST_DECIDE, authority) == 0;

	for (int i = 0; i < REQUEST_EVENT_COUNT; i++) {
		enum request_event e = (enum request_event)i;
		const struct request_event_info *info = request_event_info(e);
		bool is_decision = is_proposed(info, e, second_person);

		if (!is_offered(p, more, e) ||
		    (info->permission == PERM_REQUEST_DECIDE && !is_decision && !decides))
			continue;
		json_array_append_new(is_decision ? decisions : steps, form_of(p, more, e));
	}
	page_put_in(p, more, "has_steps", json_boolean(json_array_size(steps)));
	page_put_in(p, more, "has_decisions", json_boolean(json_array_size(decisions)));
	page_put_in(p, more, "decides_alone", json_boolean(decides && !second_person));
	page_put_in(p, more, "steps", steps);
	page_put_in(p, more, "decisions", decisions);
	page_put_in(p, more, "validate", form_of(p, more, REQUEST_EVENT_VALIDATE));
}
