/*
 * An entry of a request's ledger, to be corrected: its day and its fields as they stand, or those
 * of the event that it should have been; what would move, before anything does; then done, or
 * proposed to a second person. All by the steps of the API (h_request_correct.c, h_case.c).
 */
#include "daemon/flow/flow_rescue.h"
#include "daemon/request/h_case.h"
#include "daemon/request/h_request.h"
#include "daemon/request/h_request_correct.h"
#include "daemon/route/h.h"
#include "p.h"
#include "p_act.h"
#include "page.h"
#include "q.h"

/* The statement of the page's batch behind the frame's. */
enum { ENTRY = PAGE_FRAME + 1 };

static enum step_result ask(struct flow *f)
{
	q_page_correct_add(page_batch(f), &(struct q_page_correct){.request_id = f->param[0],
								   .event_id = f->param[1]});
	return flow_send(f);
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static json_t *typed_text(struct flow *f, const char *name)
{
	struct str sent = flow_form(f, name);

	return json_stringn(sent.len ? sent.at : "", sent.len);
}

/* What it should have been: as the address or the form says, else what it is. */
static struct str becomes_of(struct flow *f, bool is_typed)
{
	return is_typed ? flow_form(f, "becomes") : flow_query(f, "becomes");
}

/* Every event that a person can record, for a choice. */
static void put_events(struct page *p, struct str chosen)
{
	json_t *events = json_array();

	for (int e = 0; e < REQUEST_EVENT_COUNT; e++) {
		const struct request_event_info *info = request_event_info((enum request_event)e);

		if (!info->is_timed && !shape_is_word(str_of(info->name), "CORRECT COMPLETE"))
			json_array_append_new(
				events, json_pack("{s:s, s:b}", "event", info->name, "is_chosen",
						  (int)str_eq(chosen, str_of(info->name))));
	}
	page_put(p, "events", events);
}

/* The items that the request came with, each with its day. */
static void put_items(struct page *p, json_t *entry, bool is_typed)
{
	CLEANUP(buf_done) struct buf codes = BUF(4096);
	json_t *item;
	size_t i;

	page_put_in(p, entry, "items", act_items(json_object_get(entry, "items")));
	json_array_foreach (json_object_get(entry, "items"), i, item) {
		struct str name = arena_fmt(p->flow->arena, "item_%s", text_of(item, "code"));

		buf_fmt(&codes, "%s%s", i ? " " : "", text_of(item, "code"));
		page_put_in(p, item, "words",
			    json_string(request_item_of_body(str_of(text_of(item, "code")))));
		if (is_typed && name.at)
			page_put_in(p, item, "received_on", typed_text(p->flow, name.at));
	}
	page_put_text(p, "item_codes", buf_view(&codes));
}

/* The fields of the event by the names that a correction has for them. */
static const char *with_reasons(struct flow *f, const char *takes)
{
	struct str more = shape_is_word(STR("reasons"), takes)
				  ? arena_fmt(f->arena, "%s event_reasons", takes)
				  : (struct str){NULL, 0};

	return more.at ? more.at : takes;
}

/* A list of matters that was there, or that the form says was, can be emptied. */
static void put_was(struct page *p, const json_t *said, bool is_typed, const char *list,
		    const char *name)
{
	bool was = is_typed ? flow_form(p->flow, name).len > 0
			    : json_array_size(json_object_get(said, list)) > 0;

	page_put(p, name, json_boolean(was));
}

static void put_fields(struct page *p, json_t *entry, bool is_typed)
{
	struct str becomes = becomes_of(p->flow, is_typed);
	struct str event = becomes.len ? becomes : str_of(text_of(entry, "event"));
	json_t *said = json_object_get(entry, "said");
	const char *takes = "";
	enum request_event e;
	json_t *inputs, *one;
	size_t i;

	if (request_event_parse(event, &e) == 0)
		takes = request_event_info(e)->takes;
	if (shape_is_word(STR("reasons"), takes)) /* its own, beside those of the correction */
		json_object_set(said, "event_reasons", json_object_get(said, "reasons"));
	inputs = act_form_inputs(p->flow, with_reasons(p->flow, takes), said, is_typed);
	json_array_foreach (inputs, i, one)
		page_put_in(p, one, "has_choices",
			    json_boolean(json_array_size(json_object_get(one, "choices"))));
	page_put(p, "inputs", inputs);
	page_put(p, "matters", act_form_matters(p->flow, said, is_typed));
	put_was(p, said, is_typed, "grounds", "was_grounds");
	put_was(p, said, is_typed, "matters", "was_matters");
	page_put(p, "has_grounds", json_boolean(shape_is_word(STR("grounds"), takes)));
	page_put(p, "has_weighed", json_boolean(shape_is_word(STR("matters"), takes)));
	put_events(p, becomes);
	if (json_is_true(json_object_get(entry, "is_first")))
		put_items(p, entry, is_typed);
	page_put_text(p, "becomes", becomes);
	page_put_text(p, "reasons", flow_form(p->flow, "reasons"));
	page_put(p, "happened_on",
		 is_typed ? typed_text(p->flow, "on") : json_string(text_of(entry, "on")));
}

static int have(struct flow *f, json_t **ret_entry)
{
	struct q_page_correct_row row;
	int r = q_page_correct_one(f->got, ENTRY, &row);

	if (r == 0)
		r = h_may(f, PERM_REQUEST_ACT, row.authority_id);
	if (r < 0)
		return r;
	*ret_entry = json_loadb(row.body.at, row.body.len, 0, NULL);
	if (!*ret_entry)
		return ERR_NOMEM;
	if (!json_is_true(json_object_get(*ret_entry, "is_timed")))
		return 0;
	json_decref(*ret_entry);
	return ERR_NOT_FOUND;
}

/* One that was refused comes back as it was filled in. */
static void put_refusal(struct page *p)
{
	if (!flow_rescued(p->flow))
		return;
	page_put(p, "is_refused", json_true());
	act_form_faults(p, p->data, "");
	act_form_refusal(p, "", "main-content");
}

/* told: what the correction would change, or absent: it was not asked yet. */
static enum step_result show(struct flow *f, struct str told)
{
	json_t *entry;
	struct page p;
	int r = have(f, &entry);

	if (r < 0)
		return flow_fail(f, r);
	p = page_begin(f, "");
	page_title(&p, p.data, "Correct what was recorded, request {{name}}",
		   str_of(text_of(entry, "reference")), (struct str){NULL, 0});
	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, "/requests", STR("Requests"));
	page_crumb(&p, arena_fmt(f->arena, "/requests/%s/case", f->param[0].at).at,
		   arena_fmt(f->arena, "Case %s", text_of(entry, "reference")));
	put_fields(&p, entry, !str_is_null(told) || flow_rescued(f));
	put_refusal(&p);
	page_put(&p, "is_struck", json_boolean(flow_form(f, "strike_out").len > 0));
	page_put_text(&p, "request_id", f->param[0]);
	if (!str_is_null(told)) {
		json_t *preview = json_loadb(told.at, told.len, 0, NULL);

		page_put_in(&p, preview, "has_moves",
			    json_boolean(json_array_size(json_object_get(preview, "moves"))));
		page_put_in(&p, preview, "was",
			    json_pack("{s:s}", "state",
				      text_of(json_object_get(preview, "state"), "was")));
		page_put_in(&p, preview, "then",
			    json_pack("{s:s}", "state",
				      text_of(json_object_get(preview, "state"), "is")));
		page_put(&p, "preview", preview);
	}
	page_put(&p, "entry", entry);
	return page_end(&p, "correct", PAGE_REQUESTS, flow_rescued_status(f));
}

static enum step_result page_answer(struct flow *f)
{
	return show(f, (struct str){NULL, 0});
}

const struct flow_step page_correct[] = {
	{"load", ask},
	{"answer", page_answer},
	{0},
};

/* What the correction would change, kept while the page is asked for. */
static enum step_result look(struct flow *f)
{
	struct str *told = ARENA_NEW(f->arena, struct str);
	int r = told ? request_correct_preview(f, told) : ERR_NOMEM;

	if (r < 0)
		return flow_fail(f, r);
	f->state = told;
	return ask(f);
}

static enum step_result look_answer(struct flow *f)
{
	const struct str *told = f->state;

	return show(f, *told);
}

static const struct flow_step correct_look[] = {
	{"load", request_correct_load},
	{"look", look},
	{"answer", look_answer},
	{0},
};

static enum step_result go_case(struct flow *f)
{
	return page_redirect(f, arena_fmt(f->arena, "/requests/%s/case", f->param[0].at));
}

static const struct flow_step correct_do[] = {
	{"load", request_correct_load},
	{"store", request_correct_store},
	{"answer", go_case},
	{0},
};

static const struct flow_step correct_propose[] = {
	{"load", proposal_add_load},
	{"store", proposal_add_store},
	{"answer", go_case},
	{0},
};

/* Of what is struck out nothing else is said, whatever the form still holds. */
static void drop_fields(struct flow *f)
{
	json_t *on = json_incref(json_object_get(f->body, "on"));
	json_t *reasons = json_incref(json_object_get(f->body, "reasons"));

	json_object_clear(f->body);
	json_object_set_new(f->body, "on", on);
	if (reasons)
		json_object_set_new(f->body, "reasons", reasons);
	json_object_set_new(f->body, "strike_out", json_true());
}

static enum step_result correct_read(struct flow *f)
{
	struct str what = flow_form(f, "do");
	int r = act_form_read(f);

	flow_rescue(f, page_correct);
	if (r < 0)
		return flow_fail(f, r);
	if (flow_form(f, "strike_out").len)
		drop_fields(f);
	json_object_set_new(f->body, "event", json_string("CORRECT"));
	json_object_set_new(f->body, "event_id", json_stringn(f->param[1].at, f->param[1].len));
	if (str_eq(what, STR("correct")))
		return flow_become(f, correct_do);
	return flow_become(f, str_eq(what, STR("propose")) ? correct_propose : correct_look);
}

const struct flow_step page_correct_send[] = {
	{"read", correct_read},
	{0},
};
