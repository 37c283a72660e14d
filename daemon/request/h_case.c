/*
 * A case: who deals with it, what is noted, and the second pair of eyes.
 *
 * All of it is for the authority's officers and is no part of what the public reads: each change
 * moves the request's version and is told as an event that its authority's members alone hear. What
 * a note says stands in no event.
 *
 * A proposal is a decision's act, kept as it was sent. Who approves it acts: the act is judged and
 * stored as if they had sent it, with the proposal in the same transaction; the database refuses
 * a decision without one where the authority wants a second person, and a proposal approved by
 * whoever made it.
 */
#include "h_case.h"

#include "daemon/route/as_at.h"
#include "daemon/route/h.h"
#include "h_request.h"
#include "h_request_act.h"
#include "libassets/notice/notice_due.h"
#include "libassets/request/case.h"
#include "libassets/request/request_move.h"
#include "q.h"

/* Bytes of the notices that are due. */
enum { DUE_MAX = 256 * 1024 };

/* An event of the request that its officers alone hear of. */
static void tell(struct flow *f, const char *type, struct str data)
{
	q_request_move_add(flow_batch(f), &(struct q_request_move){.id = f->param[0]});
	q_request_change_hide_add(flow_batch(f),
				  &(struct q_request_change_hide){.id = h_id(f, "evt_"),
								  .type = str_of(type),
								  .request_id = f->param[0],
								  .data = data});
}

static enum step_result load(struct flow *f, struct str principal_id)
{
	q_case_load_add(flow_batch(f),
			&(struct q_case_load){.id = f->param[0], .principal_id = principal_id});
	return flow_send(f);
}

static int have(struct flow *f, struct q_case_load_row *ret_row)
{
	int r = q_case_load_one(f->got, 0, ret_row);

	if (r == 0)
		r = h_may(f, PERM_REQUEST_ACT, ret_row->authority_id);
	return r == 0 ? flow_if_match(f, ret_row->version) : r;
}

enum step_result case_officer_load(struct flow *f)
{
	struct case_officer *s = f->state = ARENA_NEW(f->arena, struct case_officer);
	int r = s ? h_decode(f, &case_officer_shape, SHAPE_CREATE, s) : ERR_NOMEM;

	return r < 0 ? flow_fail(f, r) : load(f, s->principal_id);
}

enum step_result case_officer_store(struct flow *f)
{
	const struct case_officer *s = f->state;
	struct q_case_load_row row;
	int r = have(f, &row);

	if (r == 0 && !str_is_null(s->principal_id) && !row.has_principal) {
		h_flaw(f, "principal_id", "NOT_FOUND",
		       STR("Nobody of that id deals with this authority's cases."),
		       STR("Name somebody with the role ESTATES or DECIDER."));
		r = flaws_err(&f->flaws);
	}
	if (r < 0)
		return flow_fail(f, r);
	tell(f, "case.officer_assigned",
	     str_is_null(s->principal_id)
		     ? STR("{\"principal_id\":null}")
		     : arena_fmt(f->arena, "{\"principal_id\":\"%s\"}", s->principal_id.at));
	q_case_officer_insert_add(flow_batch(f),
				  &(struct q_case_officer_insert){.request_id = f->param[0],
								  .principal_id = s->principal_id});
	return flow_store_end(f, "cas", f->param[0], 201);
}

const struct flow_step flow_case_officer[] = {
	{"load", case_officer_load},
	{"store", case_officer_store},
	{"answer", flow_store_answer},
	{0},
};

enum step_result case_note_load(struct flow *f)
{
	struct case_note *s = f->state = ARENA_NEW(f->arena, struct case_note);
	int r = s ? h_decode(f, &case_note_shape, SHAPE_CREATE, s) : ERR_NOMEM;

	return r < 0 ? flow_fail(f, r) : load(f, (struct str){NULL, 0});
}

enum step_result case_note_store(struct flow *f)
{
	const struct case_note *s = f->state;
	struct q_case_load_row row;
	int r = have(f, &row);

	if (r < 0)
		return flow_fail(f, r);
	tell(f, "case.noted", STR("{}"));
	q_case_note_insert_add(flow_batch(f), &(struct q_case_note_insert){
						      .request_id = f->param[0], .text = s->text});
	return flow_store_end(f, "cas", f->param[0], 201);
}

const struct flow_step flow_case_note[] = {
	{"load", case_note_load},
	{"store", case_note_store},
	{"answer", flow_store_answer},
	{0},
};

struct str case_due_json(struct flow *f, const struct q_case_due_row *row)
{
	static const struct shape_field acts_field[] = {
		{.name = "acts", .type = SHAPE_LIST, .most = 1000, .part = &notice_act_shape}};
	static const struct shape acts_shape = {
		.field = acts_field, .count = 1, .size = sizeof(struct shape_list)};
	CLEANUP(buf_done) struct buf due = BUF(DUE_MAX);
	struct shape_list acts;
	struct str json = arena_fmt(f->arena, "{\"acts\":%.*s}", (int)row->acts.len, row->acts.at);

	if (!json.at || h_stored(f, json, &acts_shape, &acts) < 0 ||
	    notices_due(acts, f->arena, &due) < 0)
		return (struct str){NULL, 0};
	return arena_str(f->arena, buf_view(&due));
}

static enum step_result due_load(struct flow *f)
{
	struct as_at at;
	int r = as_at_read(f, &at);

	if (r < 0)
		return flow_fail(f, r);
	q_case_due_add(flow_batch(f), &(struct q_case_due){.id = f->param[0],
							   .valid_on = at.valid_on,
							   .known_at = at.known_at});
	return flow_send(f);
}

static enum step_result due_answer(struct flow *f)
{
	struct q_case_due_row row;
	struct str due;
	int r = q_case_due_one(f->got, 0, &row);

	if (r == 0)
		r = h_may(f, PERM_REQUEST_ACT, row.authority_id);
	if (r < 0)
		return flow_fail(f, r);
	due = case_due_json(f, &row);
	if (str_is_null(due))
		return flow_fail(f, ERR_NOMEM);
	return flow_answer(f, 200, arena_fmt(f->arena, "{\"items\":%s,\"next\":null}", due.at));
}

const struct flow_step flow_notices_due[] = {
	{"load", due_load},
	{"answer", due_answer},
	{0},
};

/* --- A second pair of eyes -------------------------------------------------------------- */

/* What one person may propose and another approve: a decision, and the correction of one. */
static bool is_decision(enum request_event event)
{
	return request_event_is_decision(event) || event == REQUEST_EVENT_CORRECT;
}

static struct str decisions(struct flow *f)
{
	CLEANUP(buf_done) struct buf words = BUF(1024);

	buf_str(&words, STR("One of:"));
	for (int i = 0; i < REQUEST_EVENT_COUNT; i++) {
		if (is_decision((enum request_event)i))
			buf_fmt(&words, " %s", request_event_info((enum request_event)i)->name);
	}
	buf_char(&words, '.');
	return arena_str(f->arena, buf_view(&words));
}

struct proposal_flow {
	struct request_act act;
	enum request_event event;
};

enum step_result proposal_add_load(struct flow *f)
{
	struct proposal_flow *s = f->state = ARENA_NEW(f->arena, struct proposal_flow);
	int r = s ? h_decode(f, &request_act_shape, SHAPE_CREATE, &s->act) : ERR_NOMEM;

	if (r == 0)
		r = request_act_check(f->body, &s->act, &f->flaws, &s->event);
	if (r == 0 && !is_decision(s->event)) {
		h_flaw(f, "event", "NOT_IN_LIST", STR("Only a decision is proposed."),
		       decisions(f));
		r = flaws_err(&f->flaws);
	}
	return r < 0 ? flow_fail(f, r) : load(f, (struct str){NULL, 0});
}

static struct str about(struct flow *f, struct str id)
{
	return arena_fmt(f->arena, "{\"proposal_id\":\"%s\"}", id.at ? id.at : "");
}

/* As it was sent: of a correction also which fields it takes away, which the struct does not say.
 */
static struct str act_of(struct flow *f, const struct proposal_flow *s)
{
	char *text;
	struct str act;

	if (s->event != REQUEST_EVENT_CORRECT)
		return h_json(f, &request_act_shape, &s->act);
	text = json_dumps(f->body, JSON_COMPACT);
	act = arena_str(f->arena, str_of(text));
	free(text);
	return act;
}

enum step_result proposal_add_store(struct flow *f)
{
	const struct proposal_flow *s = f->state;
	struct q_case_load_row row;
	struct str id = h_id(f, "prp_");
	int r = have(f, &row);

	if (r < 0)
		return flow_fail(f, r);
	tell(f, "decision.proposed", about(f, id));
	q_proposal_insert_add(flow_batch(f), &(struct q_proposal_insert){.id = id,
									 .request_id = f->param[0],
									 .act = act_of(f, s)});
	return flow_store_end(f, "cas", f->param[0], 201);
}

const struct flow_step flow_proposal_add[] = {
	{"load", proposal_add_load},
	{"store", proposal_add_store},
	{"answer", flow_store_answer},
	{0},
};

enum step_result proposal_load(struct flow *f)
{
	q_proposal_load_add(flow_batch(f), &(struct q_proposal_load){.request_id = f->param[0],
								     .id = f->param[1]});
	return flow_send(f);
}

static int have_open(struct flow *f, enum permission what, struct q_proposal_load_row *ret_row)
{
	int r = q_proposal_load_one(f->got, 0, ret_row);

	if (r == 0)
		r = h_may(f, what, ret_row->authority_id);
	if (r == 0 && str_is_null(ret_row->state))
		r = ERR_NOT_FOUND;
	if (r == 0 && !str_eq(ret_row->state, STR("OPEN"))) {
		flow_detail(f, STR("It was approved or rejected already."));
		r = ERR_APPROVAL;
	}
	return r;
}

enum step_result proposal_approve_begin(struct flow *f)
{
	struct q_proposal_load_row row;
	int r = have_open(f, PERM_REQUEST_DECIDE, &row);

	if (r == 0 && str_eq(row.proposed_by, f->who->id)) {
		flow_detail(f, STR("Whoever proposed it cannot approve it: another person with the "
				   "right to decide has to."));
		r = ERR_APPROVAL;
	}
	if (r < 0)
		return flow_fail(f, r);
	json_decref(f->body);
	f->body = json_loadb(row.act.at, row.act.len, 0, NULL);
	return f->body ? STEP_NEXT : flow_fail(f, ERR_NOMEM);
}

enum step_result proposal_approve_store(struct flow *f)
{
	struct act_flow *s = f->state;

	s->proposal_id = f->param[1];
	return request_act_store(f);
}

const struct flow_step flow_proposal_approve[] = {
	{"proposal", proposal_load},   {"enter", proposal_approve_begin},
	{"load", request_act_load},    {"store", proposal_approve_store},
	{"answer", flow_store_answer}, {0},
};

enum step_result proposal_reject_load(struct flow *f)
{
	struct case_reject *s = f->state = ARENA_NEW(f->arena, struct case_reject);
	int r = s ? h_decode(f, &case_reject_shape, SHAPE_CREATE, s) : ERR_NOMEM;

	return r < 0 ? flow_fail(f, r) : proposal_load(f);
}

enum step_result proposal_reject_store(struct flow *f)
{
	const struct case_reject *s = f->state;
	struct q_proposal_load_row row;
	int r = have_open(f, PERM_REQUEST_DECIDE, &row);

	if (r < 0)
		return flow_fail(f, r);
	tell(f, "decision.rejected", about(f, f->param[1]));
	q_proposal_reject_add(flow_batch(f), &(struct q_proposal_reject){.id = f->param[1],
									 .request_id = f->param[0],
									 .reasons = s->reasons});
	return flow_store_end(f, "cas", f->param[0], 200);
}

const struct flow_step flow_proposal_reject[] = {
	{"load", proposal_reject_load},
	{"store", proposal_reject_store},
	{"answer", flow_store_answer},
	{0},
};

/* --- Settings ----------------------------------------------------------------------------- */

enum step_result setting_put_load(struct flow *f)
{
	struct authority_setting *s = f->state = ARENA_NEW(f->arena, struct authority_setting);
	int r = s ? h_decode(f, &authority_setting_shape, SHAPE_CREATE, s) : ERR_NOMEM;

	if (r < 0)
		return flow_fail(f, r);
	q_setting_load_add(flow_batch(f), &(struct q_setting_load){.authority_id = f->param[0]});
	return flow_send(f);
}

/* Settings are a subject of their own, named after their authority. */
static struct str subject_of(struct flow *f)
{
	return f->param[0].len > 4 ? arena_fmt(f->arena, "set_%s", f->param[0].at + 4)
				   : (struct str){NULL, 0};
}

enum step_result setting_put_store(struct flow *f)
{
	const struct authority_setting *s = f->state;
	struct q_setting_load_row row;
	struct str fields;
	int r = q_setting_load_one(f->got, 0, &row);

	if (r == 0)
		r = h_may(f, PERM_SETTING_WRITE, f->param[0]);
	if (r == 0)
		r = flow_if_match(f, row.version);
	if (r < 0)
		return flow_fail(f, r);
	fields = h_json(f, &authority_setting_shape, s);
	q_setting_put_add(flow_batch(f), &(struct q_setting_put){.authority_id = f->param[0],
								 .seen = row.version,
								 .fields = fields,
								 .stale = h_stale(f)});
	h_change(f, &(struct h_change){.type = "authority.settled",
				       .subject = subject_of(f),
				       .seq = row.version + 1,
				       .authority_id = f->param[0],
				       .data = fields,
				       .is_hidden = true});
	return flow_store_end(f, "set", f->param[0], row.version ? 200 : 201);
}

const struct flow_step flow_setting_put[] = {
	{"load", setting_put_load},
	{"store", setting_put_store},
	{"answer", flow_store_answer},
	{0},
};
