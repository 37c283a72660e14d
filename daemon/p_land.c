/*
 * The officers' forms about land: which asset a request is about that was not listed, and a part
 * split off an asset. They go the steps of their API twins and lead to the page of what they made.
 */
#include "h.h"
#include "h_asset.h"
#include "h_form.h"
#include "h_request.h"
#include "libassets/asset.h"
#include "libassets/request.h"
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

static enum step_result to_request(struct flow *f)
{
	struct str to = arena_fmt(f->arena, "/requests/%s", f->param[0].at);

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
