/*
 * A case, for the authority's officers: what has arrived and the button that validates it, what
 * else can be recorded, the notices that are due, decisions proposed and approved, who deals with
 * it, notes. Others find nothing here. The forms go the steps of the API (h_case.c,
 * h_request_event.c) and come back here.
 */
#include "daemon/flow/flow_rescue.h"
#include "daemon/mail/mail.h"
#include "daemon/process/worker.h"
#include "daemon/request/h_answer.h"
#include "daemon/request/h_case.h"
#include "daemon/request/h_extension.h"
#include "daemon/request/h_request.h"
#include "daemon/request/h_request_act.h"
#include "daemon/route/h_form.h"
#include "libassets/base/err.h"
#include "libassets/notice/notice.h"
#include "libassets/request/case.h"
#include "p.h"
#include "p_act.h"
#include "p_as_at.h"
#include "p_case_act.h"
#include "p_case_own.h"
#include "p_due.h"
#include "page.h"
#include "q.h"
#include "timeline.h"

/* Statements of the page's batch behind the frame's. */
enum { CASE = PAGE_FRAME + 1, DUE };

enum { ARRIVED_MAX = 64 }; /* items that one form can say have arrived */

static enum step_result show_load(struct flow *f)
{
	struct as_at *at = f->state = ARENA_NEW(f->arena, struct as_at);
	int r = at ? as_at_read_page(f, at) : ERR_NOMEM;
	struct str id = f->param[0];
	struct db_batch *b;

	if (r < 0)
		return flow_fail(f, r);
	b = page_batch(f);
	if (at->is_given)
		q_page_case_at_add(b, &(struct q_page_case_at){.id = id,
							       .valid_on = at->valid_on,
							       .known_at = at->known_at});
	else
		q_page_case_add(b, &(struct q_page_case){.id = id});
	q_case_due_add(b, &(struct q_case_due){
				  .id = id, .valid_on = at->valid_on, .known_at = at->known_at});
	return flow_send(f);
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* The checklist of what a request must hold, in words. */
static void put_items(struct page *p, json_t *more)
{
	json_t *item;
	size_t i;

	page_put_in(p, more, "items", act_items(json_object_get(more, "items")));
	json_array_foreach (json_object_get(more, "items"), i, item)
		page_put_in(p, item, "words",
			    json_string(request_item_of_body(str_of(text_of(item, "code")))));
}

/* The name of the box beside an item that is missing. */
static const char *arrived_name(struct flow *f, const char *code)
{
	struct str name = arena_fmt(f->arena, "arrived_%s", code);

	return name.at ? name.at : "";
}

/* The form by which what arrived is ticked, all that came on a day at once; as it was sent, where
 * that was refused. */
static void put_receive(struct page *p, json_t *more)
{
	static const char event[] = "ITEM_RECEIVED";
	bool may = json_is_true(json_object_get(more, "may_receive")) &&
		   !json_is_true(json_object_get(more, "is_whole"));
	bool is_refused =
		flow_rescued(p->flow) && str_eq(flow_form(p->flow, "event"), str_of(event));
	json_t *form = json_pack("{s:[{s:s}]}", "inputs", "name", "code"), *item;
	struct str on = flow_form(p->flow, "on");
	size_t i;

	page_put_in(p, more, "may_receive", json_boolean(may));
	page_put_in(p, more, "receive", form);
	if (!may || !is_refused)
		return;
	act_form_faults(p, form, "ITEM_RECEIVED-");
	item = json_array_get(json_object_get(form, "inputs"), 0);
	page_put_of(p, form, "wrong", item);
	page_put_in(p, form, "typed_day", json_stringn(on.len ? on.at : "", on.len));
	json_array_foreach (json_object_get(more, "items"), i, item)
		page_put_in(p, item, "is_ticked",
			    json_boolean(
				    flow_form(p->flow, arrived_name(p->flow, text_of(item, "code")))
					    .len > 0));
}

static const char *what_of(const json_t *proposal)
{
	static const char *const words[][2] = {
		{"AGREE", "To agree to the request"},
		{"REFUSE", "To refuse the request"},
		{"REVIEW_DECIDED", "To decide the review"},
		{"INELIGIBLE", "To find the body ineligible"},
		{"DECLINE_REPEAT", "To decline the request as a repeat"},
		{"CLOSE", "To close the request without a decision"},
		{"CORRECT", "To correct a decision"},
	};
	const char *event = text_of(json_object_get(proposal, "act"), "event");

	for (size_t i = 0; i < COUNT(words); i++) {
		if (strcmp(event, words[i][0]) == 0)
			return words[i][1];
	}
	return "To decide";
}

/* Who may approve a proposal: anybody but whoever made it; of then nobody, as `me` is absent. */
static void put_proposals(struct page *p, json_t *of, const json_t *more)
{
	json_t *proposal;
	size_t i;

	json_array_foreach (json_object_get(of, "proposals"), i, proposal) {
		json_t *ground;
		size_t n;
		bool is_open = strcmp(text_of(proposal, "state"), "OPEN") == 0;
		bool is_mine = json_object_get(more, "me") &&
			       strcmp(text_of(proposal, "proposed_by"), text_of(more, "me")) == 0;

		page_put_in(p, proposal, "what", json_string(what_of(proposal)));
		page_put_in(p, proposal, "proposal",
			    json_incref(json_object_get(proposal, "state")));
		page_put_in(p, proposal, "may_approve",
			    json_boolean(is_open && !is_mine && json_object_get(more, "me")));
		page_put_in(p, proposal, "is_mine", json_boolean(is_open && is_mine));
		json_array_foreach (json_object_get(json_object_get(proposal, "act"), "grounds"), n,
				    ground)
			page_put_in(p, ground, "words",
				    json_string(notice_matter_words(
					    str_of(text_of(ground, "matter")))));
	}
}

/*
 * Copies and answers, once there is anything of them; the body's link is sent where a letter may
 * go.
 */
static void put_turn(struct page *p, json_t *more)
{
	bool may_copy = json_is_true(json_object_get(more, "may_copy"));
	bool is_asked = json_is_string(json_object_get(more, "answer_due_on"));
	json_t *unready = json_object_get(more, "unready"), *one;
	size_t i;

	json_array_foreach (unready, i, one)
		page_put_in(p, one, "is_unread",
			    json_boolean(strcmp(text_of(one, "mark"), "UNREAD") == 0));
	page_put_in(p, more, "has_unready", json_boolean(json_array_size(unready)));
	page_put_in(p, more, "has_answers",
		    json_boolean(json_array_size(json_object_get(more, "answers"))));
	page_put(p, "is_turn", json_boolean(may_copy || is_asked));
	page_put(p, "may_link",
		 json_boolean(json_is_true(json_object_get(more, "has_address")) &&
			      mail_is_set(p->flow->worker->conf)));
}

/* What the community body said by the form or by its link, under what it said it of. */
static void put_sent(struct page *p, const json_t *of)
{
	json_t *one;
	size_t i;

	json_array_foreach (json_object_get(of, "sent"), i, one) {
		const char *words = request_item_of_body(str_of(text_of(one, "code")));

		page_put_in(p, one, "about",
			    *words ? json_string(words)
				   : json_incref(json_object_get(one, "code")));
		page_put_in(p, one, "is_item", json_boolean(*words));
	}
}

/* Is the draft one of what is due: of that act, or begun ahead of it? */
static bool is_draft_of(const json_t *draft, const json_t *due)
{
	bool is_ahead = strcmp(text_of(draft, "variant"), "AHEAD") == 0;

	return strcmp(text_of(draft, "code"), text_of(due, "code")) == 0 &&
	       (is_ahead || strcmp(text_of(draft, "event_id"), text_of(due, "event_id")) == 0);
}

/* Of a notice that was begun the draft is gone on with. */
static void put_due(struct page *p, json_t *due, const json_t *more)
{
	json_t *one, *draft;
	size_t i, n;

	json_array_foreach (due, i, one) {
		json_array_foreach (json_object_get(more, "drafts"), n, draft) {
			if (is_draft_of(draft, one))
				page_put_in(p, one, "draft_id",
					    json_incref(json_object_get(draft, "id")));
		}
	}
	page_put(p, "due_notices", due);
}

/* Who has it stays chosen; where nobody has, whoever looks takes it. What was typed stands. */
static void put_colleagues(struct page *p, const json_t *of, const json_t *more)
{
	struct str typed = flow_form(p->flow, "principal_id");
	const json_t *officer = json_object_get(of, "officer");
	struct str chosen = !str_is_null(typed)       ? typed
			    : json_is_object(officer) ? str_of(text_of(officer, "principal_id"))
						      : str_of(text_of(more, "me"));
	json_t *one;
	size_t i;

	json_array_foreach (json_object_get(of, "colleagues"), i, one)
		page_put_in(p, one, "is_selected",
			    json_boolean(str_eq(str_of(text_of(one, "principal_id")), chosen)));
}

/* A template cannot ask whether a list is empty. */
static void put_flags(struct page *p, json_t *of)
{
	static const char *const list[][2] = {{"proposals", "has_proposals"},
					      {"officers", "has_officers"},
					      {"notes", "has_notes"},
					      {"sent", "has_sent"}};

	for (size_t i = 0; i < COUNT(list); i++)
		page_put_in(p, of, list[i][1],
			    json_boolean(json_array_size(json_object_get(of, list[i][0]))));
}

/*
 * What was typed into a form of the case that was refused and is no act: a note, a reason. Where
 * the faults lead; the key of an act's form.
 */
static void put_refusal(struct page *p)
{
	struct flow *f = p->flow;
	struct str event = flow_form(f, "event");
	struct str key = event.len ? arena_fmt(f->arena, "%.*s-", (int)event.len, event.at)
				   : (struct str){NULL, 0};
	const char *top = "main-content";
	bool is_note;

	if (!flow_rescued(f))
		return;
	is_note = !event.len && !str_is_null(flow_form(f, "text"));
	if (is_note) {
		page_put_text(p, "typed_note", flow_form(f, "text"));
		top = "note";
	}
	if (f->param[1].len && !str_is_null(flow_form(f, "reasons")))
		page_put_text(p, "typed_reject", flow_form(f, "reasons"));
	act_form_refusal(p, key.at, top);
	case_own_refusal(p);
}

static enum step_result show_answer(struct flow *f)
{
	struct q_page_case_row row;
	struct q_case_due_row acts;
	struct str due = {NULL, 0};
	int r = q_page_case_one(f->got, CASE, &row);
	json_auto_t *root = NULL;
	json_t *of, *more;
	struct page p;

	if (r == 0)
		r = q_case_due_one(f->got, DUE, &acts);
	if (r == 0)
		due = case_due_json(f, &acts);
	if (r < 0 || str_is_null(due))
		return flow_fail(f, r < 0 ? r : ERR_NOMEM);
	root = json_loadb(row.body.at, row.body.len, 0, NULL);
	of = json_object_get(root, "case");
	more = json_object_get(root, "more");
	p = page_begin(f, "");
	page_title(&p, p.data, "Case {{name}}", str_of(text_of(of, "reference")),
		   (struct str){NULL, 0});
	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, "/requests", STR("Requests"));
	page_crumb(&p, arena_fmt(f->arena, "/requests/%s", f->param[0].at).at,
		   str_of(text_of(of, "reference")));
	as_at_put(&p, f->state, arena_fmt(f->arena, "/requests/%s/case", f->param[0].at));
	page_put_text(&p, "case_id", f->param[0]);
	put_items(&p, more);
	put_receive(&p, more);
	timeline_fold(&p, json_object_get(more, "entries"));
	page_put_in(&p, more, "has_notices",
		    json_boolean(json_array_size(json_object_get(more, "notices"))));
	put_turn(&p, more);
	put_sent(&p, of);
	case_acts_put(&p, more, json_is_true(json_object_get(of, "second_person")));
	case_own_put(&p, of, more);
	put_proposals(&p, of, more);
	put_colleagues(&p, of, more);
	put_flags(&p, of);
	put_due(&p, json_loadb(due.at, due.len, 0, NULL), more);
	page_put_of(&p, of, "deadlines", more);
	due_put(&p, of);
	page_put(&p, "case", json_incref(of));
	page_put(&p, "more", json_incref(more));
	put_refusal(&p);
	return page_end(&p, "case", PAGE_REQUESTS, flow_rescued_status(f));
}

const struct flow_step page_case[] = {
	{"load", show_load},
	{"answer", show_answer},
	{0},
};

/* --- The officers' forms --------------------------------------------------------------- */

static enum step_result go_back(struct flow *f)
{
	return page_redirect(f, arena_fmt(f->arena, "/requests/%s/case", f->param[0].at));
}

static enum step_result officer_read(struct flow *f)
{
	int r = h_form(f, &case_officer_shape);

	flow_rescue(f, page_case);
	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

static enum step_result note_read(struct flow *f)
{
	int r = h_form(f, &case_note_shape);

	flow_rescue(f, page_case);
	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

static enum step_result reject_read(struct flow *f)
{
	int r = h_form(f, &case_reject_shape);

	flow_rescue(f, page_case);
	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

/* The link by which the community body answers and acts: no act of the request. */
static enum step_result link_read_form(struct flow *f)
{
	struct str event = flow_form(f, "link");

	json_decref(f->body);
	f->body = json_pack("{s:s%}", "event", event.at, event.len);
	return f->body ? STEP_NEXT : flow_fail(f, ERR_NOMEM);
}

static const struct flow_step link_steps[] = {
	{"read", link_read_form},
	{"load", answer_link_load},
	{"store", answer_link_store},
	{"answer", go_back},
	{0},
};

static const struct flow_step extension_steps[] = {
	{"read", case_extension_read},
	{"load", extension_load},
	{"store", extension_store},
	{"answer", go_back},
	{0},
};

static const struct flow_step words_steps[] = {
	{"read", case_words_read},
	{"load", request_patch_load},
	{"store", request_patch_store},
	{"answer", go_back},
	{0},
};

/* What was ticked as arrived: the first is the act's, the rest happen with it. */
static int arrived_read(struct flow *f)
{
	struct str first = {NULL, 0};

	for (size_t n = 0; request_item_at(n) && !first.len; n++) {
		if (flow_form(f, arrived_name(f, request_item_at(n))).len)
			first = str_of(request_item_at(n));
	}
	if (!first.len)
		return 0;
	return json_object_set_new(f->body, "code", json_stringn(first.at, first.len)) ? ERR_NOMEM
										       : 0;
}

static enum step_result arrived_also(struct flow *f)
{
	struct act_flow *s = f->state;
	struct str *code = ARENA_ARRAY(f->arena, ARRIVED_MAX, struct str);

	if (!code)
		return flow_fail(f, ERR_NOMEM);
	if (s->event != REQUEST_EVENT_ITEM_RECEIVED)
		return STEP_NEXT;
	for (size_t n = 0; request_item_at(n) && s->also.count < ARRIVED_MAX; n++) {
		const char *one = request_item_at(n);

		if (!str_eq(s->act.code, str_of(one)) && flow_form(f, arrived_name(f, one)).len)
			code[s->also.count++] = str_of(one);
	}
	s->also.at = code;
	return STEP_NEXT;
}

/* Any act that the case offers: with whatever of the form was filled in. */
static enum step_result act_read(struct flow *f)
{
	int r;

	flow_rescue(f, page_case);
	if (flow_form(f, "link").len)
		return flow_become(f, link_steps);
	if (case_is_extension(f))
		return flow_become(f, extension_steps);
	if (case_is_words(f))
		return flow_become(f, words_steps);
	r = act_form_read(f);
	if (r == 0 && str_eq(flow_form(f, "event"), STR("ITEM_RECEIVED")) &&
	    !flow_form(f, "code").len)
		r = arrived_read(f);
	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

const struct flow_step page_case_act[] = {
	{"read", act_read},           {"load", request_act_load}, {"also", arrived_also},
	{"store", request_act_store}, {"answer", go_back},        {0},
};

const struct flow_step page_case_officer[] = {
	{"read", officer_read},
	{"load", case_officer_load},
	{"store", case_officer_store},
	{"answer", go_back},
	{0},
};

const struct flow_step page_case_note[] = {
	{"read", note_read},
	{"load", case_note_load},
	{"store", case_note_store},
	{"answer", go_back},
	{0},
};

const struct flow_step page_case_propose[] = {
	{"read", act_read},
	{"load", proposal_add_load},
	{"store", proposal_add_store},
	{"answer", go_back},
	{0},
};

static enum step_result approve_begin(struct flow *f)
{
	flow_rescue(f, page_case);
	return proposal_load(f);
}

const struct flow_step page_case_approve[] = {
	{"proposal", approve_begin}, {"enter", proposal_approve_begin},
	{"load", request_act_load},  {"store", proposal_approve_store},
	{"answer", go_back},         {0},
};

const struct flow_step page_case_reject[] = {
	{"read", reject_read},
	{"load", proposal_reject_load},
	{"store", proposal_reject_store},
	{"answer", go_back},
	{0},
};
