/*
 * Assets: made, changed, removed. What fields say of one another is libassets/register/asset.c's;
 * here is what the register must know to decide, and what is stored.
 *
 * Each is load (everything a decision needs, in one batch), store (decide and write, one
 * transaction), answer. Between load and store somebody else may write: the version that was
 * seen stands in the write's condition, and when it is no longer so, the answer is 412.
 */
#include "h_asset.h"

#include "asset_gone.h"
#include "daemon/route/h.h"
#include "h_land.h"
#include "libassets/register/asset.h"
#include "q.h"

/* What is sent of an asset names these; each is there or is a flaw. */
struct around {
	bool has_cpp, has_locality, has_whole;
	struct str unknown_owner, duplicate_id;
};

static struct str owner_ids(struct flow *f, const struct asset *a)
{
	const struct owner *owner = a->owners.at;
	struct shape_words ids = {ARENA_ARRAY(f->arena, a->owners.count + 1, struct str), 0};

	while (ids.at && ids.count < a->owners.count) {
		ids.at[ids.count] = owner[ids.count].authority_id;
		ids.count++;
	}
	return h_words(f, ids);
}

static int check_around(struct flow *f, const struct asset *sent, const struct around *around)
{
	if (!str_is_null(sent->cpp_id) && !around->has_cpp)
		h_unknown(f, "cpp_id");
	if (!str_is_null(sent->locality_id) && !around->has_locality)
		h_unknown(f, "locality_id");
	if (!str_is_null(sent->part_of) && !around->has_whole)
		h_unknown(f, "part_of");
	if (!str_is_null(around->unknown_owner))
		h_unknown(f, "owners");
	if (f->flaws.count)
		return flaws_err(&f->flaws);
	if (str_is_null(around->duplicate_id))
		return 0;
	h_flaw(f, "reference", "DUPLICATE",
	       arena_fmt(f->arena, "Asset %.*s has this reference.", (int)around->duplicate_id.len,
			 around->duplicate_id.at),
	       STR("Use another, or change that asset."));
	return ERR_DUPLICATE;
}

static enum step_result add_ask(struct flow *f, const struct asset *a)
{
	q_asset_around_add(flow_batch(f), &(struct q_asset_around){
						  .authority_id = a->authority_id,
						  .cpp_id = a->cpp_id,
						  .locality_id = a->locality_id,
						  .data_zone = a->data_zone,
						  .owners = owner_ids(f, a),
						  .reference = a->reference,
						  .part_of = a->part_of,
					  });
	return flow_send(f);
}

enum step_result asset_add_load(struct flow *f)
{
	struct asset *a = f->state = ARENA_NEW(f->arena, struct asset);
	int r = a ? h_decode(f, &asset_shape, SHAPE_CREATE, a) : ERR_NOMEM;

	if (r < 0 && f->flaws.count)
		asset_look(a, f->today, &f->flaws);
	if (r == 0)
		r = h_may(f, PERM_ASSET_WRITE, a->authority_id);
	return r < 0 ? flow_fail(f, r) : add_ask(f, a);
}

static void put_owners(struct flow *f, struct str id, const struct asset *a)
{
	q_asset_owners_put_add(
		flow_batch(f),
		&(struct q_asset_owners_put){.asset_id = id,
					     .owners = h_json_list(f, &owner_shape, a->owners)});
}

/* The whole's history tells what was split off it, or joined to it. */
static void tell_whole(struct flow *f, const struct asset *a, struct str part_id)
{
	if (str_is_null(a->part_of))
		return;
	q_asset_move_add(flow_batch(f), &(struct q_asset_move){.id = a->part_of,
							       .effective_on = shape_day_text(
								       f->today, f->arena)});
	h_change(f, &(struct h_change){
			    .type = "asset.updated",
			    .subject = a->part_of,
			    .authority_id = a->authority_id,
			    .asset_id = a->part_of,
			    .data = arena_fmt(f->arena, "{\"part_id\":\"%s\"}", part_id.at)});
}

static enum step_result store_new(struct flow *f, const struct asset *a)
{
	struct str id = h_id(f, "ast_");
	struct str fields = h_json(f, &asset_shape, a);

	q_asset_insert_add(flow_batch(f), &(struct q_asset_insert){.id = id, .fields = fields});
	put_owners(f, id, a);
	h_change(f, &(struct h_change){.type = "asset.created",
				       .subject = id,
				       .seq = 1,
				       .authority_id = a->authority_id,
				       .asset_id = id,
				       .data = fields,
				       .is_now = fields});
	tell_whole(f, a, id);
	return flow_store_end(f, "ast", id, 201);
}

enum step_result asset_add_store(struct flow *f)
{
	struct asset *a = f->state;
	struct q_asset_around_row row;
	int r = q_asset_around_one(f->got, 0, &row);

	if (r == 0 && !row.has_authority)
		h_unknown(f, "authority_id");
	if (r == 0)
		r = check_around(f, a,
				 &(struct around){row.has_cpp, row.has_locality, row.has_whole,
						  row.unknown_owner, row.duplicate_id});
	if (r == 0)
		r = asset_settle(
			a, NULL,
			&(struct asset_around){.only_cpp_id = arena_str(f->arena, row.only_cpp_id),
					       .zone_decile = row.zone_decile,
					       .today = f->today},
			&f->flaws);
	return r < 0 ? flow_fail(f, r) : store_new(f, a);
}

const struct flow_step flow_asset_add[] = {
	{"load", asset_add_load},
	{"store", asset_add_store},
	{"answer", flow_store_answer},
	{0},
};

static void ask(struct flow *f, const struct asset *sent)
{
	q_asset_load_add(flow_batch(f),
			 &(struct q_asset_load){
				 .id = f->param[0],
				 .cpp_id = sent->cpp_id,
				 .locality_id = sent->locality_id,
				 .data_zone = sent->data_zone,
				 .owners = owner_ids(f, sent),
				 .reference = sent->reference,
				 .part_of = sent->part_of,
				 .on_day = shape_day_text(sent->effective_on, f->arena),
			 });
}

/* May this be changed by this caller at the version it says? */
static int check_change(struct flow *f, const struct q_asset_load_row *row)
{
	int r = row->gone ? ERR_GONE : h_may(f, PERM_ASSET_WRITE, row->authority_id);

	return r < 0 ? r : flow_if_match(f, row->version);
}

enum step_result asset_patch_load(struct flow *f)
{
	struct asset *sent = f->state = ARENA_NEW(f->arena, struct asset);
	int r = ERR_NOMEM;

	if (sent) {
		shape_clear(&asset_shape, sent);
		r = h_decode(f, &asset_shape, SHAPE_PATCH, sent);
	}
	if (r < 0)
		return flow_fail(f, r);
	ask(f, sent);
	return flow_send(f);
}

/* The asset as the patch makes it, decoded once more over what stands; before is what stands. */
static int patch_settle(struct flow *f, const struct q_asset_load_row *row, struct asset *before,
			struct asset *a)
{
	struct asset_around around = {
		.only_cpp_id = arena_str(f->arena, row->only_cpp_id),
		.zone_decile = row->zone_decile,
		.plan_lifecycle = asset_lifecycle_of_plan(row->method, row->stage),
		.is_disposed = row->is_disposed,
		.today = f->today,
	};
	int r = h_stored(f, row->fields, &asset_shape, before);

	if (r < 0)
		return r;
	*a = *before;
	r = h_decode(f, &asset_shape, SHAPE_PATCH, a);
	return r < 0 ? r : asset_settle(a, before, &around, &f->flaws);
}

static int64_t units_of(const struct asset *a, struct str owner_id)
{
	const struct owner *owner = a->owners.at;

	for (size_t i = 0; i < a->owners.count; i++) {
		if (str_eq(owner[i].authority_id, owner_id))
			return owner[i].units.value;
	}
	return 0;
}

/* The authority's share goes to another, wholly or in part (asset_owner_guard). */
static bool is_given(const struct asset *before, const struct asset *a)
{
	const struct owner *owner = a->owners.at;

	if (units_of(a, a->authority_id) < units_of(before, a->authority_id))
		return true;
	for (size_t i = 0; i < a->owners.count; i++) {
		if (!str_eq(owner[i].authority_id, a->authority_id) &&
		    owner[i].units.value > units_of(before, owner[i].authority_id))
			return true;
	}
	return false;
}

static bool is_let_go(const struct asset *before, const struct asset *a)
{
	return (str_eq(before->tenure, STR("OWNED")) && str_eq(a->tenure, STR("LEASED_IN"))) ||
	       is_given(before, a);
}

/* What the bar, or an overlap, is asked about: then nobody else may decide of the same land
 * meanwhile. */
static bool is_about_land(const struct asset *before, const struct asset *a)
{
	return !str_eq(a->part_of, before->part_of) || !str_eq(a->lifecycle, before->lifecycle) ||
	       !str_eq(a->boundary, before->boundary) || is_let_go(before, a);
}

/* Whoever may sell it only after the bar may not say either that it is sold. */
static int check_bar(struct flow *f, const struct q_asset_load_row *row, const struct asset *before,
		     const struct asset *a)
{
	bool is_sold = str_eq(a->lifecycle, STR("DISPOSED")) &&
		       !str_eq(before->lifecycle, STR("DISPOSED"));
	struct str by = is_sold ? row->barred_by : row->barred_then;

	if (str_is_null(by) || (!is_sold && !is_let_go(before, a)))
		return 0;
	flow_detail(f, arena_fmt(f->arena,
				 "Request %.*s bars disposal to anybody else (section 84). %s",
				 (int)by.len, by.at,
				 is_sold ? "If an exemption holds, record the disposal with it."
					 : "What was so before that request was made is corrected "
					   "with effective_on of that day."));
	return ERR_BARRED;
}

/* Requests for what it is part of compete with those for it, and no more when it is none. */
static void tell_rivals(struct flow *f, const struct asset *a, const struct asset *before,
			int64_t requests)
{
	struct str land[] = {f->param[0], a->part_of, before->part_of};
	struct shape_words assets = {land, 0};

	for (size_t i = 0; i < COUNT(land); i++) {
		if (!str_is_null(land[i]))
			land[assets.count++] = land[i];
	}
	q_land_compete_add(flow_batch(f),
			   &(struct q_land_compete){.assets = h_words(f, assets),
						    .event_ids = h_land_ids(f, requests + 4)});
}

enum step_result asset_patch_store(struct flow *f)
{
	const struct asset *sent = f->state;
	struct q_asset_load_row row;
	struct asset before, a;
	struct str fields;
	int r = q_asset_load_one(f->got, 0, &row);

	if (r == 0)
		r = check_change(f, &row);
	if (r == 0)
		r = check_around(f, sent,
				 &(struct around){row.has_cpp, row.has_locality, row.has_whole,
						  row.unknown_owner, row.duplicate_id});
	if (r == 0)
		r = patch_settle(f, &row, &before, &a);
	if (r == 0)
		r = check_bar(f, &row, &before, &a);
	if (r < 0)
		return flow_fail(f, r);
	fields = h_json(f, &asset_shape, &a);
	if (is_about_land(&before, &a))
		q_land_hold_add(flow_batch(f), &(struct q_land_hold){.asset_id = f->param[0]});
	q_asset_update_add(flow_batch(f), &(struct q_asset_update){.id = f->param[0],
								   .seen = row.version,
								   .fields = fields,
								   .stale = h_stale(f)});
	if (sent->owners.at) /* else they are as they were, and their rows need no writing */
		put_owners(f, f->param[0], &a);
	h_change(f, &(struct h_change){.type = "asset.updated",
				       .subject = f->param[0],
				       .seq = row.version + 1,
				       .authority_id = a.authority_id,
				       .asset_id = f->param[0],
				       .data = fields,
				       .was = h_json(f, &asset_shape, &before),
				       .is_now = fields});
	if (!str_eq(a.part_of, before.part_of)) {
		tell_whole(f, &a, f->param[0]);
		h_land_shown(f, a.part_of, row.reach);
		tell_rivals(f, &a, &before, row.live_requests + row.whole_requests);
	}
	return flow_store_end(f, "ast", f->param[0], 200);
}

const struct flow_step flow_asset_patch[] = {
	{"load", asset_patch_load},
	{"store", asset_patch_store},
	{"answer", flow_store_answer},
	{0},
};

/* What is said of the whole holds of the part, but for what says which and where it is. */
static int part_of_whole(struct flow *f, struct str whole, struct asset *a)
{
	int r = h_stored(f, whole, &asset_shape, a);

	if (r < 0)
		return r;
	a->part_of = f->param[0];
	a->name = a->reference = a->uprn = a->notes = a->lifecycle = (struct str){NULL, 0};
	a->boundary = (struct str){NULL, 0};
	a->easting = a->northing = a->lat = a->lon = a->area_m2 = (struct shape_number){0, false};
	a->effective_on = DAY_NONE;
	r = h_decode(f, &asset_shape, SHAPE_PATCH, a);
	if (r == 0 && str_is_null(a->name))
		h_flaw(f, "name", "REQUIRED", STR("A part has a name of its own."),
		       STR("Say what it is called."));
	if (r == 0 && !str_eq(a->part_of, f->param[0]))
		h_flaw(f, "part_of", "CONFLICT", STR("The address says what it is a part of."),
		       STR("Leave part_of out."));
	return r < 0 ? r : flaws_err(&f->flaws);
}

enum step_result asset_part_store(struct flow *f)
{
	const struct asset *sent = f->state;
	struct q_asset_load_row row;
	struct asset a;
	int r = q_asset_load_one(f->got, 0, &row);

	if (r == 0)
		r = row.gone ? ERR_GONE : h_may(f, PERM_ASSET_WRITE, row.authority_id);
	if (r == 0 && row.is_disposed)
		r = ERR_LAND_DISPOSED;
	if (r == 0)
		r = check_around(f, sent,
				 &(struct around){row.has_cpp, row.has_locality, row.has_whole,
						  row.unknown_owner, row.duplicate_id});
	if (r == 0)
		r = part_of_whole(f, row.fields, &a);
	if (r == 0)
		r = asset_settle(
			&a, NULL,
			&(struct asset_around){.only_cpp_id = arena_str(f->arena, row.only_cpp_id),
					       .zone_decile = row.zone_decile,
					       .today = f->today},
			&f->flaws);
	return r < 0 ? flow_fail(f, r) : store_new(f, &a);
}

const struct flow_step flow_asset_part[] = {
	{"load", asset_patch_load},
	{"store", asset_part_store},
	{"answer", flow_store_answer},
	{0},
};

enum step_result asset_remove_load(struct flow *f)
{
	struct asset nothing;

	shape_clear(&asset_shape, &nothing);
	ask(f, &nothing);
	return flow_send(f);
}

static int check_parts(struct flow *f, const struct q_asset_load_row *row)
{
	if (str_is_null(row->parts))
		return 0;
	flow_detail(f, arena_fmt(f->arena,
				 "Its parts are still in the register: %.*s. Remove them first, or "
				 "make them parts of something else (part_of).",
				 (int)row->parts.len, row->parts.at));
	return ERR_HAS_PARTS;
}

/* The id answers 410 from now on; what it was stands in its history. */
enum step_result asset_remove_store(struct flow *f)
{
	struct q_asset_load_row row;
	struct asset before;
	struct str reason = {NULL, 0};
	int r = q_asset_load_one(f->got, 0, &row);

	if (r == 0)
		r = check_change(f, &row);
	if (r == 0 && row.live_requests)
		r = ERR_UNDER_REQUEST;
	if (r == 0)
		r = check_parts(f, &row);
	if (r == 0)
		r = h_stored(f, row.fields, &asset_shape, &before);
	if (r == 0)
		r = asset_gone_reason(f, &reason);
	if (r < 0)
		return flow_fail(f, r);
	q_land_hold_add(flow_batch(f), &(struct q_land_hold){.asset_id = f->param[0]});
	q_asset_remove_add(flow_batch(f), &(struct q_asset_remove){.id = f->param[0],
								   .seen = row.version,
								   .stale = h_stale(f),
								   .reason = reason});
	h_change(f, &(struct h_change){.type = "asset.removed",
				       .reason = reason,
				       .subject = f->param[0],
				       .seq = row.version + 1,
				       .authority_id = before.authority_id,
				       .asset_id = f->param[0],
				       .data = h_json(f, &asset_shape, &before),
				       .was = h_json(f, &asset_shape, &before),
				       .is_now = STR("{}")});
	return flow_store_end(f, "ast", f->param[0], 204);
}

const struct flow_step flow_asset_remove[] = {
	{"load", asset_remove_load},
	{"store", asset_remove_store},
	{"answer", flow_store_answer},
	{0},
};
