/*
 * The officers' forms of an asset: log a new one, change it, value it, plan what becomes of it,
 * take it out of the register. They go the steps of the API (h_asset.c, h_valuation.c, h_plan.c,
 * asset_gone.c) and lead to the asset's page; one that is refused comes back as it was filled in,
 * with what is wrong beside each field.
 *
 * One address takes them all and `act` says which: each act asks for its own permission where the
 * API does, in its steps. A further field is a row below; a further act is a form and a row of
 * act_table.
 */
#include "p_asset_form.h"

#include "daemon/flow/flow_rescue.h"
#include "daemon/register/asset_gone.h"
#include "daemon/register/h_asset.h"
#include "daemon/route/h.h"
#include "dress.h"
#include "libassets/register/asset.h"
#include "libassets/register/lease.h"
#include "libassets/register/plan.h"
#include "libassets/register/valuation.h"
#include "p.h"
#include "p_session.h"
#include "q.h"

enum { ABOUT = PAGE_FRAME + 1 };

enum { LABEL_MAX = 400 };

/* clang-format off */
static const struct form_row begin_rows[] = {
	{"authority_id", FORM_CHOICE, FORM_NEEDED, .label = "Public body", .choices = "authorities"},
};
static const struct form_row main_rows[] = {
	{"name",   FORM_TEXT,   FORM_NEEDED, .label = "Name",
	 .hint = "As people know it, such as Memorial Hall, Glenfarg."},
	{"class",  FORM_CHOICE, FORM_NEEDED, .label = "Kind", .choices = "classes"},
	{"tenure", FORM_CHOICE, FORM_NEEDED, .label = "Tenure"},
};
static const struct form_row place_rows[] = {
	{"address",     FORM_LINES,  0,          .label = "Address"},
	{"postcode",    FORM_TEXT,   FORM_SHORT, .label = "Postcode"},
	{"uprn",        FORM_TEXT,   FORM_SHORT, .label = "Unique property reference number (UPRN)",
	 .hint = "1 to 12 digits."},
	{"easting",     FORM_NUMBER, FORM_SHORT, .label = "Easting",
	 .hint = "Whole metres of the National Grid. Latitude and longitude follow from it."},
	{"northing",    FORM_NUMBER, FORM_SHORT, .label = "Northing"},
	{"lat",         FORM_TEXT,   FORM_SHORT, .label = "Latitude",
	 .hint = "Degrees, such as 56.2786. Give either these or the grid's."},
	{"lon",         FORM_TEXT,   FORM_SHORT, .label = "Longitude", .hint = "Degrees, such as -3.3977."},
	{"boundary",    FORM_LINES,  FORM_FILE,  .label = "Boundary",
	 .hint = "GeoJSON as a map program writes it, or well-known text, in degrees of WGS 84: pasted here, or as a file."},
	{"area_m2",     FORM_NUMBER, FORM_SHORT, .label = "Area in square metres"},
	{"cpp_id",      FORM_CHOICE, 0,          .label = "Community planning partnership",
	 .hint = "Empty: the one that the public body is in, if there is one.", .choices = "cpps"},
	{"locality_id", FORM_CHOICE, 0,          .label = "Locality", .choices = "localities"},
	{"data_zone",   FORM_TEXT,   FORM_SHORT, .label = "Data zone",
	 .hint = "Of 2011, such as S01011827. The decile of deprivation follows from it."},
	{"decile",      FORM_NUMBER, FORM_SHORT, .label = "Decile of deprivation",
	 .hint = "1 is the most deprived, 0 not known."},
};
static const struct form_row held_rows[] = {
	{"title_number",    FORM_TEXT,  FORM_SHORT, .label = "Title number"},
	{"common_good",     FORM_FLAG,  FORM_SHORT, .label = "Held for the common good"},
	{"in_trust",        FORM_FLAG,  FORM_SHORT, .label = "Held on trust for a purpose"},
	{"restrictions",    FORM_LINES, 0,          .label = "Restrictions on use or sale"},
	{"lease_starts_on", FORM_DAY,   FORM_SHORT, .label = "First day of the lease", .hint = "Of what is leased in."},
	{"lease_ends_on",   FORM_DAY,   FORM_SHORT, .label = "Last day of the lease"},
	{"part_of",         FORM_TEXT,  0,          .label = "Part of",
	 .hint = "The reference of the whole, or the address of its page."},
};
static const struct form_row state_rows[] = {
	{"reference",     FORM_TEXT,   0,           .label = "Reference", .hint = "Your own, once in your register."},
	{"lifecycle",     FORM_CHOICE, 0,           .label = "State",
	 .hint = "While there is a plan, the plan's stage says it."},
	{"exempt_reason", FORM_TEXT,   0,           .label = "Why it need not be listed"},
	{"checked_on",    FORM_DAY,    FORM_SHORT,  .label = "Last checked on"},
	{"notes",         FORM_LINES,  0,           .label = "Notes",
	 .hint = "Everybody reads them: no names of people, no prices."},
	{"published",     FORM_TICK,   FORM_TICKED, .label = "Show it to everybody"},
	{"effective_on",  FORM_DAY,    FORM_SHORT,  .label = "So since", .hint = "Empty: since today."},
};
static const struct form_row value_rows[] = {
	{"amount_pence", FORM_POUNDS, FORM_NEEDED | FORM_SHORT, .label = "Amount in pounds",
	 .hint = "Such as 125,000 or 125,000.00."},
	{"basis",        FORM_CHOICE, FORM_NEEDED, .label = "Basis"},
	{"valued_on",    FORM_DAY,    FORM_NEEDED | FORM_SHORT, .label = "Valued on"},
	{"valuer",       FORM_TEXT,   0,           .label = "Valued by"},
	{"restricted",   FORM_TICK,   FORM_TICKED, .label = "Keep the amount from the public"},
	{"effective_on", FORM_DAY,    FORM_SHORT,  .label = "Counts from",
	 .hint = "Empty: from the day of the valuation."},
};
static const struct form_row plan_rows[] = {
	{"method",          FORM_CHOICE, FORM_NEEDED, .label = "What is planned"},
	{"stage",           FORM_CHOICE, 0,           .label = "Stage",
	 .hint = "A plan to sell or let needs one. The asset's state follows it."},
	{"planned_on",      FORM_DAY,    FORM_SHORT,  .label = "Expected on",
	 .hint = "A plan to sell or let needs a day."},
	{"probability_ppm", FORM_PERCENT, FORM_SHORT, .label = "How likely it is, in per cent",
	 .hint = "Such as 85. Empty: that of the stage."},
	{"exemption",       FORM_CHOICE, 0,           .label = "Why no community's request bars it",
	 .hint = "While one is being dealt with, missives wait, unless one of these was so before it, or Ministers direct it."},
	{"exemption_dated_on", FORM_DAY, FORM_SHORT,  .label = "So since, or directed on"},
	{"effective_on",    FORM_DAY,    FORM_SHORT,  .label = "So since", .hint = "Empty: since today."},
};
/* Only for who is shown money: what is not in the form stays as it was. */
static const struct form_row price_rows[] = {
	{"agreed_price_pence", FORM_POUNDS, FORM_SHORT, .label = "Agreed price in pounds",
	 .hint = "Empty: the model takes the market value."},
	{"cost_fixed_pence",   FORM_POUNDS, FORM_SHORT, .label = "Cost of selling in pounds",
	 .hint = "Empty: the public body's own rule."},
};
static const struct form_row lease_rows[] = {
	{"class",                FORM_CHOICE, 0,          .label = "Kind of lease",
	 .hint = "A lease needs this and its term."},
	{"term_months",          FORM_NUMBER, FORM_SHORT, .label = "Term in months"},
	{"rent_pa_pence",        FORM_POUNDS, FORM_SHORT, .label = "Rent a year in pounds"},
	{"premium_pence",        FORM_POUNDS, FORM_SHORT, .label = "Premium in pounds"},
	{"rent_free_months",     FORM_NUMBER, FORM_SHORT, .label = "Months without rent"},
	{"market_rent_pa_pence", FORM_POUNDS, FORM_SHORT, .label = "Market rent a year in pounds"},
};
static const struct form_row merge_rows[] = {
	{"into",   FORM_TEXT,  FORM_NEEDED, .label = "The entry that stays",
	 .hint = "Its reference, or the address of its page."},
	{"reason", FORM_LINES, 0,           .label = "How it is known that they are the same"},
};
/* clang-format on */

#define FORM(rows, of, part, ids)                                                                  \
	{                                                                                          \
		rows, COUNT(rows), &of##_shape, part, ids                                          \
	}
static const struct form form_begin = FORM(begin_rows, asset, NULL, "asset-");
static const struct form form_main = FORM(main_rows, asset, NULL, "asset-");
static const struct form form_place = FORM(place_rows, asset, NULL, "asset-");
static const struct form form_held = FORM(held_rows, asset, NULL, "asset-");
static const struct form form_state = FORM(state_rows, asset, NULL, "asset-");
static const struct form form_valuation = FORM(value_rows, valuation, NULL, "value-");
static const struct form form_plan = FORM(plan_rows, plan, NULL, "plan-");
static const struct form form_price = FORM(price_rows, plan, NULL, "plan-");
static const struct form form_lease = FORM(lease_rows, lease, "lease", "plan-");
static const struct form form_merge = FORM(merge_rows, asset_merge, NULL, "merge-");
#undef FORM

static const struct form *const asset_forms[] = {&form_begin, &form_main, &form_place, &form_held,
						 &form_state};
static const struct form *const plan_forms[] = {&form_plan, &form_price, &form_lease};
static const struct form *const value_forms[] = {&form_valuation};
static const struct form *const merge_forms[] = {&form_merge};

const struct form_row *asset_row(const char *field)
{
	for (size_t i = 0; i < COUNT(asset_forms); i++) {
		for (size_t n = 0; n < asset_forms[i]->count; n++) {
			if (strcmp(asset_forms[i]->row[n].name, field) == 0)
				return &asset_forms[i]->row[n];
		}
	}
	return NULL;
}

json_t *asset_label(const char *field)
{
	CLEANUP(buf_done) struct buf words = BUF(LABEL_MAX);
	const struct form_row *row = asset_row(field);

	if (row)
		return json_string(row->label);
	dress_code(&words, STR("csv_target"), str_of(field));
	return buf_err(&words) ? NULL : json_stringn(words.at ? words.at : "", words.len);
}

const struct form *const *asset_forms_of(const char *type, size_t *ret_count)
{
	bool is_plan = strcmp(type, "plan.changed") == 0;

	*ret_count = is_plan ? COUNT(plan_forms) : COUNT(asset_forms);
	return is_plan ? plan_forms : asset_forms;
}

/* What is done with it: the word that the form sends, its steps, and the questions that it has. */
struct act {
	const char *word;
	const struct flow_step *steps;
	const struct form *const *form;
	size_t forms;
};

/* --- Showing them ----------------------------------------------------------------------- */

/* All the acts have in common: what is there, and what was typed where it is shown again. */
struct view {
	struct page page;
	const struct act *act; /* that was refused; NULL: none was */
	const json_t *choices, *changes;
	bool is_stale;
};

/* The questions of one of our forms under a key, as stored or as typed. */
static json_t *put_form(struct view *v, const char *key, const struct form *form,
			const struct form *const *of, const json_t *stored)
{
	bool is_sent = v->act && v->act->form == of;
	json_auto_t *sent = is_sent ? form_sent(&v->page, form) : NULL;
	json_t *fields;

	if (is_sent && v->is_stale)
		asset_changes_meet(&v->page, form, sent, stored, v->changes, v->choices);
	fields = form_fields(&v->page, form, stored, v->choices, sent);
	page_put(&v->page, key,
		 json_pack("{s:o, s:b}", "fields", fields, "is_open", form_is_used(fields)));
	return fields;
}

static void put_asset_forms(struct view *v, const json_t *asset)
{
	if (!asset)
		put_form(v, "form_begin", &form_begin, asset_forms, NULL);
	put_form(v, "form_main", &form_main, asset_forms, asset);
	put_form(v, "form_place", &form_place, asset_forms, asset);
	put_form(v, "form_held", &form_held, asset_forms, asset);
	put_form(v, "form_state", &form_state, asset_forms, asset);
	asset_owners_put(&v->page, json_object_get(asset, "owners"), v->choices,
			 v->act && v->act->form == asset_forms);
}

/* Of a plan whose reader is shown no money the form has none either. */
static void put_plan_forms(struct view *v, const json_t *plan, bool sees_money)
{
	const json_t *lease = json_object_get(plan, "lease");

	put_form(v, "form_plan", &form_plan, plan_forms, plan);
	page_put(&v->page, "sees_money", json_boolean(sees_money));
	if (!sees_money)
		return;
	put_form(v, "form_price", &form_price, plan_forms, plan);
	put_form(v, "form_lease", &form_lease, plan_forms, json_is_object(lease) ? lease : NULL);
}

/* To be recorded while there is none, to be corrected where it was recorded by hand. */
static void put_disposal(struct view *v, const json_t *disposal,
			 const struct q_page_asset_form_row *row)
{
	struct page *p = &v->page;
	bool may = h_may(p->flow, PERM_DISPOSAL_WRITE, row->authority_id) == 0;
	bool is_there = json_is_object(disposal);

	page_put(p, "may_dispose", json_boolean(may && !is_there));
	page_put(p, "may_correct_disposal",
		 json_boolean(may && is_there &&
			      json_is_null(json_object_get(disposal, "request_id"))));
	put_form(v, "form_disposal", &form_disposal, disposal_forms, is_there ? disposal : NULL);
	if (is_there) {
		page_put(p, "disposal_version", json_incref(json_object_get(disposal, "version")));
		page_put_text(p, "disposal_id", str_of(page_text(disposal, "id")));
	}
	page_put_text(p, "disposal_reason", flow_form(p->flow, "reason"));
}

/* What is wrong as a whole: its title, and for a change by others what they changed. */
static void put_refusal(struct view *v)
{
	struct flow *f = v->page.flow;
	int err = flow_rescued(f);
	struct str detail = flow_rescued_detail(f);
	const char *top = "main-content";

	if (!v->act)
		return;
	page_put_text(&v->page, "remove_reason", flow_form(f, "reason"));
	page_put(&v->page, "refusal", json_string(err_info(err)->title));
	page_put_text(&v->page, "refusal_detail", detail);
	page_put(&v->page, "is_stale", json_boolean(v->is_stale));
	page_put(&v->page, "flaws", form_flaws(&v->page, v->act->form, v->act->forms, top));
	if (v->is_stale)
		page_put(&v->page, "changes",
			 asset_changes_told(v->changes, v->act->form, v->act->forms));
}

static void put_rights(struct page *p, const struct q_page_asset_form_row *row)
{
	const struct flow *f = p->flow;
	bool may_write = h_may(f, PERM_ASSET_WRITE, row->authority_id) == 0;

	page_put(p, "may_write", json_boolean(may_write));
	page_put(p, "may_value",
		 json_boolean(h_may(f, PERM_VALUATION_WRITE, row->authority_id) == 0));
	page_put(p, "may_plan",
		 json_boolean(!row->is_disposed &&
			      h_may(f, PERM_PLAN_WRITE, row->authority_id) == 0));
	page_put(p, "version", json_integer(row->version));
	page_put(p, "plan_version", json_integer(row->plan_version));
	page_put(p, "has_plan", json_boolean(row->plan_version > 0));
}

/* Nobody who may write nothing of it has forms to see. */
static int may_any(struct flow *f, struct str authority_id)
{
	if (h_may(f, PERM_ASSET_WRITE, authority_id) == 0 ||
	    h_may(f, PERM_VALUATION_WRITE, authority_id) == 0 ||
	    h_may(f, PERM_DISPOSAL_WRITE, authority_id) == 0)
		return 0;
	return h_may(f, PERM_PLAN_WRITE, authority_id);
}

static struct view view_begin(struct flow *f, const char *title, const struct act *act,
			      const json_t *root)
{
	int err = flow_rescued(f);
	struct view v = {
		.page = page_begin(f, title),
		.act = err ? act : NULL,
		.choices = json_object_get(root, "choices"),
		.changes = json_object_get(root, "changes"),
		.is_stale = err == ERR_STALE,
	};

	page_crumb(&v.page, "/", STR("Home"));
	page_crumb(&v.page, "/assets", STR("Register"));
	return v;
}

static enum step_result show_new(struct flow *f, const struct act *act)
{
	struct q_page_asset_form_row row;
	int r = q_page_asset_form_one(f->got, ABOUT, &row);
	json_auto_t *root = r < 0 ? NULL : json_loadb(row.body.at, row.body.len, 0, NULL);
	struct view v;

	if (r < 0)
		return flow_fail(f, r);
	v = view_begin(f, "Log an asset", act, root);
	put_asset_forms(&v, NULL);
	put_refusal(&v);
	return page_end(&v.page, "asset_new", PAGE_REGISTER, flow_rescued_status(f));
}

static enum step_result show_edit(struct flow *f, const struct act *act)
{
	struct q_page_asset_form_row row;
	int r = q_page_asset_form_one(f->got, ABOUT, &row);
	json_auto_t *root = NULL;
	json_t *asset, *plan;
	struct view v;

	if (r == 0 && row.gone)
		return asset_gone(f);
	if (r == 0)
		r = may_any(f, row.authority_id);
	if (r < 0)
		return flow_fail(f, r);
	root = json_loadb(row.body.at, row.body.len, 0, NULL);
	asset = json_object_get(root, "asset");
	plan = json_object_get(root, "plan");
	v = view_begin(f, "", act, root);
	page_title(&v.page, v.page.data, "Change {{name}}", str_of(page_text(asset, "name")),
		   (struct str){NULL, 0});
	page_crumb(&v.page, arena_fmt(f->arena, "/assets/%s", f->param[0].at).at,
		   str_of(json_string_value(json_object_get(asset, "name"))));
	page_put_text(&v.page, "asset_id", f->param[0]);
	put_rights(&v.page, &row);
	put_asset_forms(&v, asset);
	put_form(&v, "form_value", &form_valuation, value_forms, NULL);
	put_plan_forms(&v, json_is_object(plan) ? plan : NULL,
		       h_may(f, PERM_MONEY_READ, row.authority_id) == 0);
	put_disposal(&v, json_object_get(root, "disposal"), &row);
	put_form(&v, "form_merge", &form_merge, merge_forms, NULL);
	put_refusal(&v);
	return page_end(&v.page, "asset_edit", PAGE_REGISTER, flow_rescued_status(f));
}

/* --- What is sent ------------------------------------------------------------------------- */

static int read_forms(struct flow *f, const struct form *const *form, size_t n)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < n; i++)
		r = form_read(f, form[i]);
	return r;
}

static enum step_result next_or_fail(struct flow *f, int r)
{
	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

static enum step_result asset_read(struct flow *f)
{
	int r = read_forms(f, asset_forms, COUNT(asset_forms));

	return next_or_fail(f, r < 0 ? r : asset_owners_read(f));
}

static enum step_result value_read(struct flow *f)
{
	return next_or_fail(f, form_read(f, &form_valuation));
}

static enum step_result plan_read(struct flow *f)
{
	return next_or_fail(f, read_forms(f, plan_forms, COUNT(plan_forms)));
}

static enum step_result merge_read(struct flow *f)
{
	return next_or_fail(f, form_read(f, &form_merge));
}

/* The asset's page says once that it was stored. */
static enum step_result go_to_asset(struct flow *f, struct str id)
{
	session_cookie(f, SAVED_COOKIE, id, SAVED_S);
	return page_redirect(f, arena_fmt(f->arena, "/assets/%.*s", (int)id.len, id.at));
}

static enum step_result go_to_made(struct flow *f)
{
	return go_to_asset(f, flow_stored_id(f));
}

static enum step_result go_back(struct flow *f)
{
	return go_to_asset(f, f->param[0]);
}

static enum step_result go_to_register(struct flow *f)
{
	return page_redirect(f, STR("/assets"));
}

static const struct flow_step save_steps[] = {
	{"read", asset_read},
	{"seek", asset_named_load},
	{"find", asset_named_found},
	{"load", asset_patch_load},
	{"store", asset_patch_store},
	{"answer", go_back},
	{0},
};
static const struct flow_step value_steps[] = {
	{"read", value_read},
	{"load", valuation_add_load},
	{"store", valuation_add_store},
	{"answer", go_back},
	{0},
};
static const struct flow_step plan_steps[] = {
	{"read", plan_read},
	{"load", plan_form_load},
	{"store", plan_form_store},
	{"answer", go_back},
	{0},
};
static const struct flow_step plan_remove_steps[] = {
	{"load", plan_remove_load},
	{"store", plan_remove_store},
	{"answer", go_back},
	{0},
};
static const struct flow_step remove_steps[] = {
	{"load", asset_remove_load},
	{"store", asset_remove_store},
	{"answer", go_to_register},
	{0},
};
static const struct flow_step merge_steps[] = {
	{"read", merge_read},
	{"seek", asset_named_load},
	{"find", asset_named_found},
	{"load", asset_merge_load},
	{"store", asset_merge_store},
	{"answer", go_to_made},
	{0},
};

static const struct act act_table[] = {
	{"SAVE", save_steps, asset_forms, COUNT(asset_forms)},
	{"VALUE", value_steps, value_forms, COUNT(value_forms)},
	{"PLAN", plan_steps, plan_forms, COUNT(plan_forms)},
	{"GIVE_UP_PLAN", plan_remove_steps, NULL, 0},
	{"DISPOSE", dispose_steps, disposal_forms, COUNT(disposal_forms)},
	{"CORRECT_DISPOSAL", dispose_correct_steps, disposal_forms, COUNT(disposal_forms)},
	{"UNDO_DISPOSAL", dispose_undo_steps, NULL, 0},
	{"REMOVE", remove_steps, NULL, 0},
	{"MERGE", merge_steps, merge_forms, COUNT(merge_forms)},
};

static const struct act *act_of(struct flow *f)
{
	struct str word = flow_form(f, "act");

	for (size_t i = 0; i < COUNT(act_table); i++) {
		if (str_eq(word, str_of(act_table[i].word)))
			return &act_table[i];
	}
	return NULL;
}

/* --- The pages ---------------------------------------------------------------------------- */

static enum step_result load(struct flow *f, struct str id)
{
	int64_t seen = 0;

	/* Of a form shown again: what others have changed since it was begun. */
	if (!flow_rescued(f) || str_to_i64(flow_form(f, "seen_asset"), &seen) < 0 || seen < 0 ||
	    seen > INT32_MAX)
		seen = INT32_MAX;
	q_page_asset_form_add(page_batch(f),
			      &(struct q_page_asset_form){.id = id, .seen = (int32_t)seen});
	return flow_send(f);
}

static enum step_result new_load(struct flow *f)
{
	return load(f, (struct str){NULL, 0});
}

static enum step_result new_answer(struct flow *f)
{
	return show_new(f, &act_table[0]);
}

const struct flow_step page_asset_new[] = {
	{"load", new_load},
	{"answer", new_answer},
	{0},
};

static enum step_result add_read(struct flow *f)
{
	flow_rescue(f, page_asset_new);
	return asset_read(f);
}

const struct flow_step page_asset_add[] = {
	{"read", add_read},
	{"seek", asset_named_load},
	{"find", asset_named_found},
	{"load", asset_add_load},
	{"store", asset_add_store},
	{"answer", go_to_made},
	{0},
};

static enum step_result edit_load(struct flow *f)
{
	return load(f, f->param[0]);
}

static enum step_result edit_answer(struct flow *f)
{
	return show_edit(f, act_of(f));
}

const struct flow_step page_asset_edit[] = {
	{"load", edit_load},
	{"answer", edit_answer},
	{0},
};

static enum step_result act_begin(struct flow *f)
{
	const struct act *act = act_of(f);

	if (act) {
		flow_rescue(f, page_asset_edit);
		return flow_become(f, act->steps);
	}
	h_flaw(f, "act", "NOT_IN_LIST", STR("This form does not say what is to be done."),
	       STR("Load the page again."));
	return flow_fail(f, flaws_err(&f->flaws));
}

const struct flow_step page_asset_act[] = {
	{"choose", act_begin},
	{0},
};
