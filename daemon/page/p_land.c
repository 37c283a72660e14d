/*
 * The officers' forms about land: which asset a request is about that was not listed, a part split
 * off an asset, and what else overlaps it. They go the steps of their API twins and lead to the
 * page of what they made.
 */
#include "daemon/register/h_asset.h"
#include "daemon/register/h_land.h"
#include "daemon/request/h_request.h"
#include "daemon/route/h.h"
#include "daemon/route/h_form.h"
#include "libassets/register/asset.h"
#include "libassets/register/land_pair.h"
#include "libassets/request/request.h"
#include "libassets/shape/shape_form.h"
#include "p.h"
#include "page.h"

static enum step_result link_read(struct flow *f)
{
	int r = h_form(f, &request_form_shape);

	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

static enum step_result part_read(struct flow *f)
{
	int r = h_form(f, &asset_shape);

	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

/* The address says which asset the form stood on. */
static enum step_result pair_read(struct flow *f)
{
	int r = h_form(f, &land_pair_shape);

	if (r == 0 && json_object_set_new(f->body, "asset_id", json_string(f->param[0].at)))
		r = ERR_NOMEM;
	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

static enum step_result to_request(struct flow *f)
{
	struct str to = arena_fmt(f->arena, "/requests/%s", f->param[0].at);

	return to.at ? page_redirect(f, to) : flow_fail(f, ERR_NOMEM);
}

/* To the list that the form stood in, or to the asset's page. */
static enum step_result to_pairs(struct flow *f)
{
	struct str list = shape_form_id(flow_form(f, "list"), f->arena);
	struct str to = str_starts(list, STR("aut_"))
				? arena_fmt(f->arena, "/authorities/%s/pairs", list.at)
				: arena_fmt(f->arena, "/assets/%s#pairs", f->param[0].at);

	return to.at ? page_redirect(f, to) : flow_fail(f, ERR_NOMEM);
}

/* To the whole, which lists the new part. */
static enum step_result to_whole(struct flow *f)
{
	struct str to = arena_fmt(f->arena, "/assets/%s#parts", f->param[0].at);

	return to.at ? page_redirect(f, to) : flow_fail(f, ERR_NOMEM);
}

const struct flow_step page_request_link[] = {
	{"read", link_read},
	{"load", request_patch_load},
	{"store", request_patch_store},
	{"answer", to_request},
	{0},
};

const struct flow_step page_asset_split[] = {
	{"read", part_read},
	{"load", asset_patch_load},
	{"store", asset_part_store},
	{"answer", to_whole},
	{0},
};

const struct flow_step page_land_pair[] = {
	{"read", pair_read},
	{"load", land_pair_load},
	{"store", land_pair_store},
	{"answer", to_pairs},
	{0},
};
