/*
 * The officers' forms about land: which asset a request is about that was not listed, a part split
 * off an asset, and what else overlaps it. They go the steps of their API twins and lead to the
 * page of what they made. One that is refused comes back to the page it stood on.
 */
#include "p_land.h"

#include "daemon/flow/flow_rescue.h"
#include "daemon/register/h_asset.h"
#include "daemon/register/h_land.h"
#include "daemon/request/h_request.h"
#include "daemon/route/h.h"
#include "daemon/route/router.h"
#include "libassets/base/err.h"
#include "libassets/register/asset.h"
#include "libassets/register/land_pair.h"
#include "libassets/request/request.h"
#include "libassets/shape/shape_form.h"
#include "p.h"
#include "p_asset_form.h"

/* clang-format off */
static const struct form_row link_rows[] = {
	{"asset_id", FORM_TEXT, FORM_NEEDED, .label = "Reference of the asset, or the address of its page"},
};
static const struct form_row part_rows[] = {
	{"name",      FORM_TEXT, FORM_NEEDED, .label = "Name of the part"},
	{"reference", FORM_TEXT, FORM_SHORT,  .label = "Reference"},
};
static const struct form_row pair_rows[] = {
	{"other_id", FORM_TEXT,   FORM_NEEDED, .label = "Reference of the other asset, or the address of its page"},
	{"state",    FORM_CHOICE, FORM_NEEDED, .label = "Does its land overlap?", .choices = "states"},
	{"reason",   FORM_LINES,  FORM_NEEDED, .label = "How that is known"},
};
/* clang-format on */
static const struct form form_link = {link_rows, COUNT(link_rows), &request_form_shape, NULL, ""};
static const struct form form_part = {part_rows, COUNT(part_rows), &asset_shape, NULL, "part_"};
static const struct form form_pair = {pair_rows, COUNT(pair_rows), &land_pair_shape, NULL, "pair_"};

/* --- shown -------------------------------------------------------------------------------- */

/* Was this address's form refused? The page has others. */
static bool is_refused(const struct page *p, const struct flow_step *steps)
{
	return flow_rescued(p->flow) && p->flow->route->flow == steps;
}

static void put_form(struct page *p, const char *key, const struct form *form,
		     const json_t *choices, const struct flow_step *steps)
{
	bool is_sent = is_refused(p, steps);
	json_auto_t *sent = is_sent ? form_sent(p, form) : NULL;

	page_put(p, key,
		 json_pack("{s:o, s:b}", "fields", form_fields(p, form, NULL, choices, sent),
			   "is_open", is_sent));
	if (!is_sent)
		return;
	page_put(p, "refusal", json_string(err_info(flow_rescued(p->flow))->title));
	page_put_text(p, "refusal_detail", flow_rescued_detail(p->flow));
	page_put(p, "flaws",
		 form_flaws(p, &form, 1,
			    arena_fmt(p->flow->arena, "%s%s", form->ids, form->row[0].name).at));
}

void land_put_link(struct page *p)
{
	put_form(p, "form_link", &form_link, NULL, page_request_link);
}

void land_put_asset(struct page *p)
{
	json_auto_t *choices =
		json_pack("{s:[{s:s, s:s}, {s:s, s:s}]}", "states", "id", "CONFIRMED", "name",
			  "It overlaps", "id", "REJECTED", "name", "It does not");

	put_form(p, "form_part", &form_part, NULL, page_asset_split);
	put_form(p, "form_pair", &form_pair, choices, page_land_pair);
}

/* What is wrong with how it is known, or with anything else of the form, which has no other field.
 */
static json_t *wrong_words(struct flow *f)
{
	if (!flaws_kept(&f->flaws))
		return json_string(err_info(flow_rescued(f))->title);
	return json_string(page_flaw(f, &f->flaws.at[0]).at);
}

void land_put_pairs(struct page *p, json_t *pairs)
{
	struct flow *f = p->flow;
	struct str reason = page_lines(f, flow_form(f, "reason"));
	const char *place = "main-content";
	json_t *one;
	size_t i;

	if (!is_refused(p, page_land_pair))
		return;
	json_array_foreach (pairs, i, one) {
		struct str other = str_of(page_text(one, "other_id"));

		if (!str_eq(other, flow_form(f, "other_id")) ||
		    !str_eq(str_of(page_text(one, "asset_id")), f->param[1]))
			continue;
		page_put_in(p, one, "typed_reason", json_stringn(reason.at, reason.len));
		page_put_in(p, one, "wrong", wrong_words(f));
		place = arena_fmt(f->arena, "reason-%s", page_text(one, "id")).at;
	}
	page_put(p, "refusal", json_string(err_info(flow_rescued(f))->title));
	page_put_text(p, "refusal_detail", flow_rescued_detail(f));
	page_put(p, "flaws",
		 json_pack("[{s:o, s:o}]", "href", json_sprintf("#%s", place), "text",
			   wrong_words(f)));
}

/* --- sent --------------------------------------------------------------------------------- */

static enum step_result link_read(struct flow *f)
{
	int r;

	flow_rescue(f, page_request);
	r = form_read(f, &form_link);
	if (r == 0 && !json_is_string(json_object_get(f->body, "asset_id"))) {
		h_flaw(f, "asset_id", "REQUIRED", STR("This is not said."),
		       STR("Give its reference, or the address of its page."));
		r = flaws_err(&f->flaws);
	}
	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

static enum step_result part_read(struct flow *f)
{
	int r;

	flow_rescue(f, page_asset);
	r = form_read(f, &form_part);
	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

/* Which list the form stood in; absent: on the asset's page. */
static struct str list_of(struct flow *f)
{
	struct str list = shape_form_id(flow_form(f, "list"), f->arena);

	return str_starts(list, STR("aut_")) ? list : (struct str){NULL, 0};
}

/* The list's page is of its authority, and finds the asset behind that. */
static enum step_result list_again(struct flow *f)
{
	struct str *param = ARENA_ARRAY(f->arena, 2, struct str);

	if (!param)
		return flow_fail(f, ERR_NOMEM);
	param[0] = list_of(f);
	param[1] = f->param[0];
	f->param = param;
	return flow_become(f, page_pairs);
}

static const struct flow_step refused_in_list[] = {
	{"list", list_again},
	{0},
};

/* The address says which asset the form stood on. */
static enum step_result pair_read(struct flow *f)
{
	int r;

	flow_rescue(f, list_of(f).at ? refused_in_list : page_asset);
	r = form_read(f, &form_pair);
	if (r == 0 && json_object_set_new(f->body, "asset_id", json_string(f->param[0].at)))
		r = ERR_NOMEM;
	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

static enum step_result to_request(struct flow *f)
{
	return page_redirect(f, arena_fmt(f->arena, "/requests/%s", f->param[0].at));
}

/* To the list that the form stood in, or to the asset's page. */
static enum step_result to_pairs(struct flow *f)
{
	struct str list = list_of(f);
	return page_redirect(f, list.at ? arena_fmt(f->arena, "/authorities/%s/pairs", list.at)
					: arena_fmt(f->arena, "/assets/%s#pairs", f->param[0].at));
}

/* To the whole, which lists the new part. */
static enum step_result to_whole(struct flow *f)
{
	return page_redirect(f, arena_fmt(f->arena, "/assets/%s#parts", f->param[0].at));
}

const struct flow_step page_request_link[] = {
	{"read", link_read},
	{"seek", asset_named_load},
	{"find", asset_named_found},
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
	{"seek", asset_named_load},
	{"find", asset_named_found},
	{"load", land_pair_load},
	{"store", land_pair_store},
	{"answer", to_pairs},
	{0},
};
