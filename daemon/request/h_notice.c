/*
 * Notices of a request. A draft is written from what the register holds and an officer adds, as
 * often as wanted, or discarded; issuing it writes it once more and compares, so that what leaves
 * is what was read. From then on it stays, and only says whom it reached and which notice took its
 * place.
 *
 * A notice is a part of its request: what happens to it moves the request's version and is an
 * event of the request, public only for what everybody may read. No event names a recipient.
 */
#include "h_notice.h"

#include "daemon/flow/flow_again.h"
#include "daemon/route/h.h"
#include "libassets/notice/notice_close.h"
#include "notice_sent.h"
#include "q.h"

struct notice_flow {
	enum notice_code code;
	struct notice_form form;
	struct notice_facts facts;
	struct notice_draft draft;
	struct q_notice_load_row row;
	struct str id; /* of the one that is made */
};

static void load(struct flow *f, struct str event_id, struct str notice_id, struct str events)
{
	q_notice_load_add(flow_batch(f), &(struct q_notice_load){.request_id = f->param[0],
								 .event_id = event_id,
								 .notice_id = notice_id,
								 .events = events});
}

/* Draft it anew. ERR_NOTICE_NOT_DUE  no act asks for it, or none that still stands. */
static int draft(struct flow *f, struct notice_flow *s)
{
	int r = h_stored(f, s->row.facts, &notice_facts_shape, &s->facts);

	if (r < 0)
		return r;
	if (str_is_null(s->row.act_id))
		return ERR_NOTICE_NOT_DUE;
	notice_close_ahead(s->code, &s->form, &s->facts);
	r = notice_draft(s->code, &s->facts, &s->form, f->arena, &s->draft);
	return r == ERR_NOT_FOUND ? ERR_NOTICE_NOT_DUE : r;
}

/*
 * What happened to a notice, as an event of its request: for everybody where the notice is, else
 * for its authority alone.
 */
static void tell(struct flow *f, const struct notice_flow *s, const char *type, struct str id,
		 bool is_open)
{
	const struct notice_info *info = notice_info(s->code);
	struct str act = str_is_null(s->row.act_id) ? s->row.made_of : s->row.act_id;
	struct str variant = s->draft.variant ? str_of(s->draft.variant->id)
					      : arena_str(f->arena, s->row.variant);
	struct str data = arena_fmt(
		f->arena,
		"{\"notice_id\":\"%s\",\"code\":\"%s\",\"variant\":\"%s\",\"event_id\":\"%.*s\"}",
		id.at, info->code, variant.at ? variant.at : "", (int)act.len,
		act.at ? act.at : "");

	if (info->is_public && is_open)
		h_change(f, &(struct h_change){.type = type,
					       .subject = f->param[0],
					       .authority_id =
						       arena_str(f->arena, s->row.authority_id),
					       .asset_id = arena_str(f->arena, s->row.asset_id),
					       .data = data});
	else
		q_request_change_hide_add(flow_batch(f),
					  &(struct q_request_change_hide){.id = h_id(f, "evt_"),
									  .type = str_of(type),
									  .request_id = f->param[0],
									  .data = data});
}

enum step_result notice_add_load(struct flow *f)
{
	struct notice_flow *s = f->state = ARENA_NEW(f->arena, struct notice_flow);
	int r = s ? h_decode(f, &notice_form_shape, SHAPE_CREATE, &s->form) : ERR_NOMEM;

	if (r == 0)
		r = notice_parse(s->form.code, &s->code);
	if (r < 0)
		return flow_fail(f, r);
	load(f, s->form.event_id, (struct str){NULL, 0},
	     h_words(f, notice_events(s->code, f->arena)));
	return flow_send(f);
}

enum step_result notice_add_store(struct flow *f)
{
	struct notice_flow *s = f->state;
	struct str id;
	int r = q_notice_load_one(f->got, 0, &s->row);

	if (r == 0)
		r = h_may(f, PERM_REQUEST_ACT, s->row.authority_id);
	if (r == 0)
		r = draft(f, s);
	if (r < 0)
		return flow_fail(f, r);
	id = s->id = h_id(f, "ntc_");
	s->form.event_id = arena_str(f->arena, s->row.act_id);
	q_request_move_add(flow_batch(f), &(struct q_request_move){.id = f->param[0]});
	q_notice_insert_add(flow_batch(f),
			    &(struct q_notice_insert){
				    .id = id,
				    .request_id = f->param[0],
				    .event_id = s->form.event_id,
				    .code = s->form.code,
				    .variant = str_of(s->draft.variant->id),
				    .is_public = notice_info(s->code)->is_public,
				    .form = h_json(f, &notice_form_shape, &s->form),
				    .content = s->draft.content,
				    .missing = h_json_list(f, &notice_gap_shape, s->draft.missing),
			    });
	tell(f, s, "notice.drafted", id, false);
	return flow_store_end(f, "ntc", id, 201);
}

struct str notice_made(const struct flow *f)
{
	const struct notice_flow *s = f->state;

	return s->id;
}

const struct flow_step flow_notice_add[] = {
	{"load", notice_add_load},
	{"store", notice_add_store},
	{"answer", flow_store_answer},
	{0},
};

/* A page's form says which version its reader saw. */
static int check_form_version(struct flow *f, int32_t version)
{
	struct str seen = flow_form(f, "version");
	int64_t number;

	if (!seen.len)
		return 0;
	return str_to_i64(seen, &number) == 0 && number == version ? 0 : ERR_CONFLICT;
}

/* The notice that the path names, as the caller may have it, and which one it is. */
static int have(struct flow *f, struct notice_flow *s)
{
	int r = q_notice_load_one(f->got, 0, &s->row);

	if (r == 0 && str_is_null(s->row.code))
		r = ERR_NOT_FOUND;
	if (r == 0)
		r = h_may(f, PERM_REQUEST_ACT, s->row.authority_id);
	if (r == 0)
		r = flow_if_match(f, s->row.notice_version);
	if (r == 0)
		r = check_form_version(f, s->row.notice_version);
	return r < 0 ? r : notice_parse(s->row.code, &s->code);
}

enum step_result notice_patch_load(struct flow *f)
{
	int r = flow_body(f);

	f->state = ARENA_NEW(f->arena, struct notice_flow);
	if (r < 0 || !f->state)
		return flow_fail(f, r < 0 ? r : ERR_NOMEM);
	load(f, (struct str){NULL, 0}, f->param[1], STR("{}"));
	return flow_send(f);
}

enum step_result notice_patch_store(struct flow *f)
{
	struct notice_flow *s = f->state;
	struct str was;
	int r = have(f, s);

	if (r == 0 && !str_eq(s->row.state, STR("DRAFT")))
		r = ERR_NOTICE_STATE;
	if (r == 0)
		r = h_patch(f, s->row.form, &notice_form_shape, &s->form, &was);
	if (r == 0)
		r = draft(f, s);
	if (r < 0)
		return flow_fail(f, r);
	q_request_move_add(flow_batch(f), &(struct q_request_move){.id = f->param[0]});
	q_notice_update_add(flow_batch(f),
			    &(struct q_notice_update){
				    .id = f->param[1],
				    .seen = s->row.notice_version,
				    .variant = str_of(s->draft.variant->id),
				    .form = h_json(f, &notice_form_shape, &s->form),
				    .content = s->draft.content,
				    .missing = h_json_list(f, &notice_gap_shape, s->draft.missing),
				    .stale = h_stale(f),
			    });
	tell(f, s, "notice.drafted", f->param[1], false);
	return flow_store_end(f, "ntc", f->param[1], 200);
}

const struct flow_step flow_notice_patch[] = {
	{"load", notice_patch_load},
	{"store", notice_patch_store},
	{"answer", flow_store_answer},
	{0},
};

enum step_result notice_discard_load(struct flow *f)
{
	f->state = ARENA_NEW(f->arena, struct notice_flow);
	if (!f->state)
		return flow_fail(f, ERR_NOMEM);
	load(f, (struct str){NULL, 0}, f->param[1], STR("{}"));
	return flow_send(f);
}

/* Whichever version its reader saw: what was issued meanwhile is said to stay, not to have moved.
 */
enum step_result notice_discard_store(struct flow *f)
{
	struct notice_flow *s = f->state;
	int r = have(f, s);

	if ((r == 0 || r == ERR_STALE || r == ERR_CONFLICT) && !str_eq(s->row.state, STR("DRAFT")))
		r = ERR_NOTICE_STATE;
	if (r < 0)
		return flow_fail(f, r);
	q_request_move_add(flow_batch(f), &(struct q_request_move){.id = f->param[0]});
	q_notice_discard_add(flow_batch(f),
			     &(struct q_notice_discard){.id = f->param[1],
							.seen = s->row.notice_version,
							.stale = h_stale(f)});
	tell(f, s, "notice.discarded", f->param[1], false);
	return flow_store_end(f, "atr", f->param[0], 204);
}

const struct flow_step flow_notice_discard[] = {
	{"load", notice_discard_load},
	{"store", notice_discard_store},
	{"answer", flow_store_answer},
	{0},
};

struct issue_flow {
	struct notice_flow notice;
	struct notice_issue issue;
};

enum step_result notice_issue_load(struct flow *f)
{
	struct issue_flow *s = f->state = ARENA_NEW(f->arena, struct issue_flow);
	int r;

	flow_again(f, f->param[0]);
	r = s ? h_decode(f, &notice_issue_shape, SHAPE_CREATE, &s->issue) : ERR_NOMEM;
	if (r < 0)
		return flow_fail(f, r);
	load(f, (struct str){NULL, 0}, f->param[1], STR("{}"));
	q_request_load_add(flow_batch(f),
			   &(struct q_request_load){.id = f->param[0],
						    .on_day = shape_day_text(f->today, f->arena)});
	return flow_send(f);
}

/* All that is missing is named, each with its cure. */
static int check_whole(struct flow *f, const struct notice_draft *d)
{
	const struct notice_gap *gap = d->missing.at;

	for (size_t i = 0; i < d->missing.count; i++)
		flaw_add(&f->flaws, arena_fmt(f->arena, "/%s", gap[i].field.at), STR("REQUIRED"),
			 gap[i].detail, gap[i].cure);
	return d->missing.count ? ERR_NOTICE_INCOMPLETE : 0;
}

/* The headings under which two contents differ, "Dates; Who asks"; "" where it is not in a section.
 */
static void put_moved(struct buf *out, const json_t *was, const json_t *now)
{
	const json_t *old = json_object_get(was, "sections"), *one;
	size_t i;

	json_array_foreach (json_object_get(now, "sections"), i, one) {
		const char *heading = json_string_value(json_object_get(one, "heading"));

		if (heading && *heading && !json_equal(one, json_array_get(old, i)))
			buf_fmt(out, "%s“%s”", out->len ? ", " : "", heading);
	}
}

static int say_moved(struct flow *f, const json_t *was, const json_t *now)
{
	CLEANUP(buf_done) struct buf moved = BUF(4096);

	put_moved(&moved, was, now);
	flow_detail(f, arena_fmt(f->arena,
				 "It would now say otherwise%s%.*s. Draft it again as things stand "
				 "now, read it, and issue that.",
				 moved.len ? " under " : "", (int)moved.len,
				 moved.len ? moved.at : ""));
	return ERR_NOTICE_CHANGED;
}

/* What would leave now is what stands in the draft that was read. */
static int check_same(struct flow *f, const struct notice_flow *s)
{
	json_auto_t *was = json_loadb(s->row.content.at, s->row.content.len, 0, NULL);
	json_auto_t *now = json_loadb(s->draft.content.at, s->draft.content.len, 0, NULL);

	if (!was || !now)
		return ERR_NOMEM;
	return json_equal(was, now) ? 0 : say_moved(f, was, now);
}

/* Whoever wrote a decision notice does not issue it, where the authority wants a second person. */
static int check_person(struct flow *f, const struct notice_flow *s)
{
	int r;

	if ((s->code != NOTICE_N7 && s->code != NOTICE_N13) || !s->row.second_person)
		return 0;
	r = h_may(f, PERM_REQUEST_DECIDE, s->row.authority_id);
	if (r < 0)
		return r;
	if (!str_eq(s->row.drafted_by, f->who->id))
		return 0;
	flow_detail(f, STR("Whoever last wrote this notice cannot issue it: another person with "
			   "the right to decide has to."));
	return ERR_APPROVAL;
}

/* The date of a decision notice is that of the act, from which its periods run. */
static int check_dated(struct flow *f, struct issue_flow *s)
{
	const struct notice_flow *n = &s->notice;
	struct day *dated = &s->issue.dated_on;
	struct day act = n->draft.notice_on, usual = notice_close_dated(n->code, &n->facts);
	int r;

	if (day_is_none(*dated))
		*dated = !day_is_none(act) ? act : day_is_none(usual) ? f->today : usual;
	if (!day_is_none(act) && day_cmp(*dated, act) != 0)
		h_flaw(f, "dated_on", "OUT_OF_RANGE",
		       STR("The date of this notice is that of the decision, from which the time "
			   "to challenge it runs."),
		       STR("Leave dated_on out."));
	else if (day_cmp(*dated, n->facts.on) < 0)
		h_flaw(f, "dated_on", "BEFORE_CAUSE",
		       STR("That is before the act that the notice tells of."),
		       STR("Give the day of the act or a later one."));
	if (f->flaws.count)
		return flaws_err(&f->flaws);
	r = shape_not_after(*dated, f->today, "dated_on", &f->flaws);
	return r < 0 ? r : notice_close_check(n->code, &n->facts, *dated, &f->flaws);
}

static int check_issue(struct flow *f, struct issue_flow *s)
{
	struct notice_flow *n = &s->notice;
	int r = have(f, n);

	if (r == 0 && !str_eq(n->row.state, STR("DRAFT")))
		r = ERR_NOTICE_STATE;
	if (r == 0 && n->code == NOTICE_N7 && n->row.is_newer_decided) {
		flow_detail(f, STR("A later decision has its notice already."));
		r = ERR_NOTICE_STATE;
	}
	if (r == 0)
		r = h_stored(f, n->row.form, &notice_form_shape, &n->form);
	if (r == 0)
		r = draft(f, n);
	if (r == 0)
		r = check_whole(f, &n->draft);
	if (r == 0)
		r = check_same(f, n);
	if (r == 0)
		r = check_dated(f, s);
	if (r == 0) {
		notice_recipients_check(n->code, s->issue.recipients, s->issue.dated_on, f->today,
					&f->flaws);
		r = flaws_err(&f->flaws);
	}
	return r == 0 ? check_person(f, n) : r;
}

/* What its leaving is by itself, before the notice's own statements. */
static int send_act(struct flow *f, const struct issue_flow *s)
{
	struct q_request_load_row row;
	int r = q_request_load_one(f->got, 1, &row);

	return r < 0 ? r
		     : notice_sent(f, s->notice.code, s->notice.row.act_id, s->issue.dated_on,
				   &row);
}

enum step_result notice_issue_store(struct flow *f)
{
	struct issue_flow *s = f->state;
	struct db_batch *b;
	struct str serve_by = {NULL, 0};
	struct day by;
	int r = check_issue(f, s);

	if (r == 0)
		r = send_act(f, s);
	if (r < 0)
		return flow_fail(f, r);
	by = notice_serve_by(s->notice.code, &s->notice.facts, s->issue.dated_on);
	if (!day_is_none(by))
		serve_by = shape_day_text(by, f->arena);
	b = flow_batch(f);
	q_request_move_add(b, &(struct q_request_move){.id = f->param[0]});
	q_notice_matters_put_add(b, &(struct q_notice_matters_put){.notice_id = f->param[1]});
	q_notice_supersede_add(b, &(struct q_notice_supersede){.id = f->param[1]});
	q_notice_issue_add(
		b, &(struct q_notice_issue){.id = f->param[1],
					    .seen = s->notice.row.notice_version,
					    .dated_on = shape_day_text(s->issue.dated_on, f->arena),
					    .serve_by_on = serve_by,
					    .stale = h_stale(f)});
	q_notice_recipients_put_add(b, &(struct q_notice_recipients_put){
					       .notice_id = f->param[1],
					       .recipients = h_json_list(f, &notice_recipient_shape,
									 s->issue.recipients)});
	tell(f, &s->notice, "notice.issued", f->param[1], true);
	return flow_store_end(f, "ntc", f->param[1], 200);
}

const struct flow_step flow_notice_issue[] = {
	{"load", notice_issue_load},
	{"store", notice_issue_store},
	{"answer", flow_store_answer},
	{0},
};

struct served_flow {
	struct notice_flow notice;
	struct notice_served said;
};

enum step_result notice_served_load(struct flow *f)
{
	struct served_flow *s = f->state = ARENA_NEW(f->arena, struct served_flow);
	int r = s ? h_decode(f, &notice_served_shape, SHAPE_CREATE, &s->said) : ERR_NOMEM;

	if (r == 0 && !s->said.recipients.count && !s->said.served.count) {
		h_flaw(f, "recipients", "REQUIRED", STR("There is nothing to record."),
		       STR("Send recipients, or served with the numbers of those it has."));
		r = flaws_err(&f->flaws);
	}
	if (r < 0)
		return flow_fail(f, r);
	load(f, (struct str){NULL, 0}, f->param[1], STR("{}"));
	return flow_send(f);
}

/* Neither before the date of the notice nor after today. */
static int check_served(struct flow *f, const struct served_flow *s, struct day dated_on)
{
	const struct notice_serving *one = s->said.served.at;

	notice_recipients_check(s->notice.code, s->said.recipients, dated_on, f->today, &f->flaws);
	for (size_t i = 0; i < s->said.served.count; i++) {
		if (day_cmp(one[i].served_on, f->today) <= 0 &&
		    day_cmp(one[i].served_on, dated_on) >= 0)
			continue;
		flaw_add(&f->flaws, arena_fmt(f->arena, "/served/%zu/served_on", i),
			 STR("OUT_OF_RANGE"),
			 STR("That is before the date of the notice, or has not come yet."),
			 STR("Give the day on which it was served."));
	}
	return flaws_err(&f->flaws);
}

enum step_result notice_served_store(struct flow *f)
{
	struct served_flow *s = f->state;
	struct db_batch *b;
	struct day dated_on;
	int r = have(f, &s->notice);

	if (r == 0 && !str_eq(s->notice.row.state, STR("ISSUED"))) {
		flow_detail(f, STR("The notice is still a draft: it is issued first."));
		r = ERR_NOTICE_NOT_DUE;
	}
	if (r == 0)
		r = day_parse(s->notice.row.dated_on, &dated_on);
	if (r == 0)
		r = check_served(f, s, dated_on);
	if (r < 0)
		return flow_fail(f, r);
	b = flow_batch(f);
	q_request_move_add(b, &(struct q_request_move){.id = f->param[0]});
	q_notice_touch_add(b, &(struct q_notice_touch){.id = f->param[1],
						       .seen = s->notice.row.notice_version,
						       .stale = h_stale(f)});
	q_notice_recipients_put_add(b, &(struct q_notice_recipients_put){
					       .notice_id = f->param[1],
					       .recipients = h_json_list(f, &notice_recipient_shape,
									 s->said.recipients)});
	q_notice_served_add(
		b, &(struct q_notice_served){
			   .notice_id = f->param[1],
			   .served = h_json_list(f, &notice_serving_shape, s->said.served)});
	tell(f, &s->notice, "notice.served", f->param[1], false);
	return flow_store_end(f, "ntc", f->param[1], 200);
}

const struct flow_step flow_notice_served[] = {
	{"load", notice_served_load},
	{"store", notice_served_store},
	{"answer", flow_store_answer},
	{0},
};
