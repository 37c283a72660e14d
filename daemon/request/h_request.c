/*
 * Requests: made and changed. How they move is h_request_event.c; what may happen to them is
 * libassets/request/request.c's to say.
 *
 * A request is one row and a ledger of events; the row is what the ledger comes to, kept so that
 * lists need not add it up. Its first event is written here with it, in the same transaction, so no
 * request is ever without one.
 */
#include "h_request.h"

#include "daemon/base/conf.h"
#include "daemon/flow/flow_again.h"
#include "daemon/process/worker.h"
#include "daemon/register/h_land.h"
#include "daemon/route/h.h"
#include "libassets/request/request_time.h"
#include "q.h"

/* Of a change, what only readers of money are shown. */
#define REQUEST_MONEY "offer_pence agreed_price_pence benefit_pence lease"

static struct str land_authority(const struct request_form *form)
{
	const struct land *land = form->land;

	return land ? land->authority_id : (struct str){NULL, 0};
}

int request_new_ask(struct flow *f, struct request_new *s)
{
	int r = request_begin(&s->form, f->today, &f->flaws, &s->request);

	if (r == 0)
		q_request_around_add(flow_batch(f),
				     &(struct q_request_around){
					     .asset_id = s->form.asset_id,
					     .authority_id = land_authority(&s->form),
					     .body_id = s->form.community_body_id,
				     });
	return r;
}

enum step_result request_add_load(struct flow *f)
{
	struct request_new *s = f->state = ARENA_NEW(f->arena, struct request_new);
	int r;

	flow_again(f, (struct str){NULL, 0}); /* more rivals came meanwhile */
	r = s ? h_decode(f, &request_form_shape, SHAPE_CREATE, &s->form) : ERR_NOMEM;

	if (r == 0)
		r = request_new_ask(f, s);
	if (r < 0)
		return flow_fail(f, r);
	s->id = h_id(f, "atr_");
	s->actor_kind = STR("AUTHORITY");
	return flow_send(f);
}

static int check_around(struct flow *f, const struct request_form *form,
			const struct q_request_around_row *row)
{
	if (!row->has_body)
		h_unknown(f, "community_body_id");
	if (!str_is_null(form->asset_id) && (!row->has_asset || row->gone))
		h_unknown(f, "asset_id");
	else if (str_is_null(row->authority_id))
		h_unknown(f, "land");
	if (f->flaws.count)
		return flaws_err(&f->flaws);
	return h_may(f, PERM_REQUEST_WRITE, row->authority_id);
}

/* Some more ids than rivals were seen, for those who came meanwhile. */
static void tell_rivals(struct flow *f, struct str id, int64_t seen)
{
	q_request_compete_add(flow_batch(f), &(struct q_request_compete){
						     .request_id = id,
						     .event_ids = h_land_ids(f, seen + 4),
					     });
}

/* The clocks that its arrival starts, by the calendars that stand. */
static int begin_clocks(struct flow *f, struct request_new *s,
			const struct q_request_around_row *row)
{
	struct calendar_version version;
	int r = h_stored(f, row->calendar, &calendar_version_shape, &version);

	if (r == 0)
		r = calendar_version_calendars(&version, f->arena, &s->calendars);
	if (r < 0)
		return r;
	s->request.calendars = &s->calendars;
	s->request.route = arena_str(f->arena, row->route);
	s->passing = (struct passing){
		.batch = flow_batch(f),
		.arena = f->arena,
		.now_us = f->now_us,
		.today = f->today,
		.days_ahead = (int)f->worker->conf->deadlines_approaching_days,
		.stale = h_stale(f),
		.id = s->id,
		.authority_id = arena_str(f->arena, row->authority_id),
		.asset_id = s->form.asset_id,
		.calendar_id = arena_str(f->arena, row->calendar_id),
		.version = 1,
		.deadlines = STR("[]"),
	};
	passing_deadlines(&s->passing, &s->request);
	return 0;
}

/* What its first entry keeps, so that the request can be made anew from its ledger. */
static struct str items_json(struct flow *f, const struct request *r)
{
	struct str items = h_json_list(f, &item_shape, r->items);

	if (str_is_null(items))
		return items;
	return r->items.at ? arena_fmt(f->arena, "{\"items\":%s}", items.at) : STR("{}");
}

/* The request with its items, its first entry of the ledger and its event. */
static void insert(struct flow *f, struct request_new *s, const struct q_request_around_row *row)
{
	struct passing *p = &s->passing;
	struct str fields = h_json_joined(f, h_json(f, &request_form_shape, &s->form),
					  passing_kept(p, &s->request));
	struct str event_id;

	if (!str_is_null(s->form.asset_id))
		q_land_hold_add(flow_batch(f), &(struct q_land_hold){.asset_id = s->form.asset_id});
	q_request_insert_add(flow_batch(f), &(struct q_request_insert){
						    .id = p->id,
						    .authority_id = p->authority_id,
						    .published = row->published,
						    .route = row->route,
						    .is_disposed = row->is_disposed,
						    .fields = fields,
						    .allowed = h_words(f, s->request.allowed),
						    .deadlines = p->deadlines,
						    .calendar_id = p->calendar_id,
						    .look_on = passing_look_on(p, &s->request),
					    });
	q_request_items_put_add(flow_batch(f),
				&(struct q_request_items_put){
					.request_id = p->id,
					.items = h_json_list(f, &item_shape, s->request.items)});
	s->event_id = event_id = h_change(f, &(struct h_change){.type = "request.received",
								.subject = p->id,
								.seq = 1,
								.authority_id = p->authority_id,
								.asset_id = s->form.asset_id,
								.data = fields,
								.is_now = fields,
								.money = REQUEST_MONEY});
	/* The entry of the ledger and the change that tells of it are one thing, with one id. */
	q_request_event_insert_add(
		flow_batch(f), &(struct q_request_event_insert){
				       .id = event_id,
				       .request_id = p->id,
				       .event = s->form.stage,
				       .happened_on = shape_day_text(s->form.received_on, f->arena),
				       .actor_kind = s->actor_kind,
				       .payload = items_json(f, &s->request)});
}

int request_new_put(struct flow *f, struct request_new *s, const struct q_request_around_row *row)
{
	const struct request_until now = {f->today, REQUEST_EVENT_COUNT, f->today};
	int r = begin_clocks(f, s, row);

	if (r < 0)
		return r;
	insert(f, s, row);
	r = passing_until(&s->passing, &s->request, &now);
	if (r == 0 && !str_is_null(s->form.asset_id))
		tell_rivals(f, s->id, row->competing);
	return r;
}

enum step_result request_add_store(struct flow *f)
{
	struct request_new *s = f->state;
	struct q_request_around_row row;
	int r = q_request_around_one(f->got, 0, &row);

	if (r == 0)
		r = check_around(f, &s->form, &row);
	if (r == 0)
		r = request_new_put(f, s, &row);
	return r < 0 ? flow_fail(f, r) : flow_store_end(f, "atr", s->id, 201);
}

const struct flow_step flow_request_add[] = {
	{"load", request_add_load},
	{"store", request_add_store},
	{"answer", flow_store_answer},
	{0},
};

/* The asset that land turned out to be, where the patch names one. */
static struct str sent_asset(const struct flow *f)
{
	const char *id = json_string_value(json_object_get(f->body, "asset_id"));

	return id ? arena_str(f->arena, str_of(id)) : (struct str){NULL, 0};
}

/* A body that is none is refused before the database is asked for anything. */
enum step_result request_patch_load(struct flow *f)
{
	int r = flow_body(f);

	if (r < 0)
		return flow_fail(f, r);
	q_request_load_add(flow_batch(f), &(struct q_request_load){.id = f->param[0]});
	q_request_around_add(flow_batch(f), &(struct q_request_around){.asset_id = sent_asset(f)});
	return flow_send(f);
}

/* A closed request is as it was. */
static int check_open(struct flow *f, struct str row)
{
	struct request request;
	enum request_state state;
	int r = h_stored(f, row, &request_shape, &request);

	if (r == 0)
		r = request_state_parse(request.state, &state);
	if (r < 0)
		return r;
	return request_state_info(state)->is_open ? 0 : ERR_TRANSITION;
}

/* Land that turns out to be leased in cannot be asked for as one's own, unless somebody said why
 * (s.79(2)). */
static int check_owned(struct flow *f, const struct q_request_load_row *row, struct str tenure)
{
	struct request request;
	int r = h_stored(f, row->row, &request_shape, &request);

	if (r == 0 && str_eq(tenure, STR("LEASED_IN")) && !day_is_none(request.validated_on) &&
	    str_eq(request.kind, STR("OWNERSHIP")) && str_is_null(request.override_reason))
		h_flaw(f, "asset_id", "NOT_OWNED",
		       STR("The authority does not own that land, it leases it in (section "
			   "79(2))."),
		       STR("Correct its tenure, or correct VALIDATE with override_reason."));
	return r;
}

/* Once: whoever asked for one asset does not ask for another by a slip of the pen. */
static int check_link(struct flow *f, const struct q_request_load_row *row,
		      const struct q_request_around_row *around, const struct request_form *form)
{
	int r = 0;

	if (str_eq(form->asset_id, row->asset_id))
		return 0;
	if (!str_is_null(row->asset_id))
		h_flaw(f, "asset_id", "FIXED", STR("The request is about another asset."),
		       STR("A different asset needs a new request."));
	else if (around->gone || !str_eq(around->authority_id, row->authority_id))
		h_unknown(f, "asset_id");
	else if (around->other_assets > LAND_OTHERS_MAX || around->competing > LAND_OTHERS_MAX)
		return ERR_LIMIT;
	else
		r = check_owned(f, row, around->tenure);
	return r < 0 ? r : flaws_err(&f->flaws);
}

/* From now on the request concerns the asset: its bar is shown there, its rivals are told. */
static int link_land(struct flow *f, const struct q_request_load_row *row,
		     const struct q_request_around_row *around, struct str asset_id)
{
	struct request request;
	int r = h_stored(f, row->row, &request_shape, &request);

	if (r < 0)
		return r;
	q_request_link_add(flow_batch(f), &(struct q_request_link){.id = f->param[0],
								   .asset_id = asset_id,
								   .stale = h_stale(f)});
	q_request_link_money_add(flow_batch(f), &(struct q_request_link_money){.id = f->param[0]});
	tell_rivals(f, f->param[0], around->competing);
	if (request_is_barring(&request))
		h_land_bar_shown(f, asset_id, arena_str(f->arena, row->authority_id),
				 around->other_assets, true);
	return 0;
}

enum step_result request_patch_store(struct flow *f)
{
	struct q_request_load_row row;
	struct q_request_around_row around;
	struct request_form form;
	struct str was, fields;
	bool is_linked;
	int r = q_request_load_one(f->got, 0, &row);

	if (r == 0)
		r = q_request_around_one(f->got, 1, &around);
	if (r == 0)
		r = h_may(f, PERM_REQUEST_WRITE, row.authority_id);
	if (r == 0)
		r = flow_if_match(f, row.version);
	if (r == 0)
		r = check_open(f, row.row);
	if (r == 0)
		r = h_patch(f, row.row, &request_form_shape, &form, &was);
	if (r == 0)
		r = check_link(f, &row, &around, &form);
	if (r < 0)
		return flow_fail(f, r);
	is_linked = !str_eq(form.asset_id, row.asset_id);
	fields = h_json(f, &request_form_shape, &form);
	if (is_linked)
		q_land_hold_add(flow_batch(f), &(struct q_land_hold){.asset_id = form.asset_id});
	q_request_patch_add(flow_batch(f), &(struct q_request_patch){.id = f->param[0],
								     .seen = row.version,
								     .fields = fields,
								     .stale = h_stale(f)});
	if (is_linked)
		r = link_land(f, &row, &around, form.asset_id);
	if (r < 0)
		return flow_fail(f, r);
	h_change(f, &(struct h_change){.type = "request.updated",
				       .subject = f->param[0],
				       .seq = row.version + 1,
				       .authority_id = arena_str(f->arena, row.authority_id),
				       .asset_id = form.asset_id,
				       .data = fields,
				       .was = was,
				       .is_now = fields,
				       .money = REQUEST_MONEY});
	return flow_store_end(f, "atr", f->param[0], 200);
}

const struct flow_step flow_request_patch[] = {
	{"load", request_patch_load},
	{"store", request_patch_store},
	{"answer", flow_store_answer},
	{0},
};
