/*
 * A scenario made by a form: one asset that stands otherwise, or one parameter, or both; or an
 * older scenario again on the data of today. It goes the steps of POST /v1/projections/runs and
 * leads to the page that shows it beside the live forecast. One that is refused comes back to the
 * page it stood on, with what was typed and what is wrong beside its field.
 *
 * A further question is a row below, what it becomes in read_form(), and where the API's pointer
 * to it leads in field_table.
 */
#include "p_scenario.h"

#include "daemon/flow/flow_rescue.h"
#include "daemon/forecast/h_run.h"
#include "daemon/route/h.h"
#include "form.h"
#include "libassets/base/money.h"
#include "libassets/projection/run.h"
#include "libassets/register/plan.h"
#include "p.h"
#include "q.h"

/* clang-format off */
static const struct form_row name_rows[] = {
	{"name", FORM_TEXT, FORM_NEEDED, .label = "Name"},
};
static const struct form_row sale_rows[] = {
	{"method", FORM_CHOICE, 0, .label = "It would be", .choices = "methods"},
	{"stage",  FORM_CHOICE, 0, .label = "Stage", .choices = "stages"},
};
static const struct form_row plan_rows[] = {
	{"planned_on", FORM_DAY,  FORM_SHORT, .label = "The sale or lease comes on"},
	{"price",      FORM_TEXT, FORM_SHORT, .label = "At an agreed price of, in pounds"},
};
static const struct form_row request_rows[] = {
	{"request_id",    FORM_CHOICE, 0,          .label = "The request of", .choices = "requests"},
	{"request_price", FORM_TEXT,   FORM_SHORT, .label = "is completed at an agreed price of, in pounds"},
	{"state",         FORM_CHOICE, 0,          .label = "or comes to this", .choices = "states"},
};
static const struct form_row parameter_rows[] = {
	{"parameter", FORM_CHOICE, 0,          .label = "Which", .choices = "parameters"},
	{"value",     FORM_TEXT,   FORM_SHORT, .label = "Its value, a whole number"},
};

#define FORM(rows) {rows, COUNT(rows), &run_shape, NULL, "s-"}
static const struct form form_name = FORM(name_rows);
static const struct form form_sale = FORM(sale_rows);
static const struct form form_plan = FORM(plan_rows);
static const struct form form_request = FORM(request_rows);
static const struct form form_parameter = FORM(parameter_rows);
#undef FORM
static const struct form *const forms[] = {&form_name, &form_sale, &form_plan, &form_request,
					   &form_parameter};

static const struct {
	const char *list, *id, *name;
} choice_table[] = {
	{"methods", "SALE", "sold"},
	{"states", "AGREED", "it is agreed"},
	{"states", "REFUSED", "it is refused"},
	{"states", "WITHDRAWN", "it is withdrawn"},
	{"states", "CONTRACT_CONCLUDED", "a contract is concluded"},
	{"parameters", "price_ppm", "prices, in per cent of the valuations"},
	{"parameters", "p_market_mult", "chance of sales, in per cent of the usual"},
	{"parameters", "p_request_mult", "chance of transfers, in per cent of the usual"},
	{"parameters", "cost_mult", "costs of selling, in per cent of the usual"},
	{"parameters", "slip_add", "quarters by which everything comes later"},
};

/* Which field a pointer of the API is about: the first that it begins with, behind the asset's. */
static const struct {
	const char *pointer, *field;
} field_table[] = {
	{"/set/plan/agreed_price_pence",    "/price"},
	{"/set/plan/method",                "/method"},
	{"/set/plan/stage",                 "/stage"},
	{"/set/plan",                       "/planned_on"},
	{"/set/request/agreed_price_pence", "/request_price"},
	{"/set/request/state",              "/state"},
	{"/set/request",                    "/request_id"},
};
/* clang-format on */

/* What a form may change of the expected scenario; percent: the model's millionths, else whole. */
static const struct {
	const char *name;
	bool is_percent;
} parameter_table[] = {
	{"price_ppm", true}, {"p_market_mult", true}, {"p_request_mult", true},
	{"cost_mult", true}, {"slip_add", false},
};

static struct str field(struct flow *f, const char *name)
{
	struct str value = flow_form(f, name);

	return value.len ? str_trim(value) : (struct str){NULL, 0};
}

static int put_text(json_t *object, const char *key, struct str value)
{
	if (str_is_null(value))
		return 0;
	return json_object_set_new(object, key, json_stringn(value.at, value.len)) ? ERR_NOMEM : 0;
}

/* An amount in pounds as pence. */
static int put_pounds(struct flow *f, json_t *object, const char *key, const char *name)
{
	struct str typed = field(f, name);
	int64_t pence;

	if (str_is_null(typed))
		return 0;
	if (money_parse(typed, &pence) < 0) {
		h_flaw(f, name, "BAD_FORM", STR("This is no amount."),
		       STR("Write pounds, such as 1,250.00."));
		return 0;
	}
	return json_object_set_new(object, key, json_integer(pence)) ? ERR_NOMEM : 0;
}

/* A part that says nothing is not there; `least`: members that say nothing by themselves. */
static int put_part(json_t *set, const char *name, json_t *part, size_t least)
{
	if (json_object_size(part) <= least) {
		json_decref(part);
		return 0;
	}
	return json_object_set_new(set, name, part) ? ERR_NOMEM : 0;
}

static int put_plan(struct flow *f, json_t *set)
{
	json_t *plan = json_object();
	int r = plan ? put_text(plan, "planned_on", field(f, "planned_on")) : ERR_NOMEM;

	if (r == 0)
		r = put_text(plan, "method", field(f, "method"));
	if (r == 0)
		r = put_text(plan, "stage", field(f, "stage"));
	if (r == 0)
		r = put_pounds(f, plan, "agreed_price_pence", "price");
	return put_part(set, "plan", plan, 0) < 0 ? ERR_NOMEM : r;
}

static int put_request(struct flow *f, json_t *set)
{
	struct str id = field(f, "request_id");
	json_t *request = json_object();
	int r = request ? 0 : ERR_NOMEM;

	if (r == 0)
		r = put_text(request, "id", id);
	if (r == 0)
		r = put_text(request, "state", field(f, "state"));
	if (r == 0)
		r = put_pounds(f, request, "agreed_price_pence", "request_price");
	return put_part(set, "request", request, id.at ? 1 : 0) < 0 ? ERR_NOMEM : r;
}

static int put_overlay(struct flow *f, json_t *body)
{
	struct str id = field(f, "asset_id");
	json_t *set = json_object();
	int r = set ? 0 : ERR_NOMEM;

	if (r == 0)
		r = put_plan(f, set);
	if (r == 0)
		r = put_request(f, set);
	if (r < 0 || str_is_null(id) || !json_object_size(set)) {
		json_decref(set);
		return r;
	}
	return json_object_set_new(
		       body, "overlay",
		       json_pack("[{s:s%, s:o}]", "asset_id", id.at, id.len, "set", set))
		       ? ERR_NOMEM
		       : 0;
}

/* "85%" and "85 per cent" are 85, where a per cent is asked for. */
static struct str unit_cut(struct str typed, bool is_percent)
{
	static const char *const units[] = {"%", "per cent", "percent"};

	for (size_t i = 0; is_percent && i < COUNT(units); i++) {
		struct str unit = str_of(units[i]);

		if (typed.len > unit.len &&
		    str_eq((struct str){typed.at + typed.len - unit.len, unit.len}, unit))
			return str_trim((struct str){typed.at, typed.len - unit.len});
	}
	return typed;
}

static int put_parameter(struct flow *f, json_t *body)
{
	struct str name = field(f, "parameter"), typed = field(f, "value");
	int64_t value;

	if (str_is_null(name) && str_is_null(typed))
		return 0;
	for (size_t i = 0; i < COUNT(parameter_table); i++) {
		const char *known = parameter_table[i].name;

		if (!str_eq(name, str_of(known)))
			continue;
		typed = unit_cut(typed, parameter_table[i].is_percent);
		/* Beyond any range that the model has, and far from the end of 64 bits. */
		if (str_to_i64(typed, &value) < 0 || value > 1000000 || value < -1000000) {
			h_flaw(f, "value", "BAD_FORM", STR("This is no whole number."),
			       STR("Write a whole number of per cent, or of quarters."));
			return 0;
		}
		value *= parameter_table[i].is_percent ? 10000 : 1;
		return json_object_set_new(
			       body, "parameters",
			       json_pack("{s:{s:{s:I}}}", "scenarios", "LIKELY", known, value))
			       ? ERR_NOMEM
			       : 0;
	}
	h_flaw(f, "parameter", "NOT_ONE_OF", STR("There is no such assumption here."),
	       STR("Choose one of the list, and write its value."));
	return 0;
}

static int read_form(struct flow *f)
{
	int r;

	f->body = json_pack("{s:s}", "tag", "WHAT_IF");
	r = f->body ? put_text(f->body, "name", field(f, "name")) : ERR_NOMEM;
	if (r == 0)
		r = put_overlay(f, f->body);
	if (r == 0)
		r = put_parameter(f, f->body);
	if (r == 0 && !f->flaws.count && json_object_size(f->body) < 3)
		h_flaw(f, "name", "REQUIRED", STR("Nothing is otherwise in this scenario."),
		       STR("Give it a name, and say what is otherwise: of the asset, or an "
			   "assumption."));
	return r == 0 ? flaws_err(&f->flaws) : r;
}

/* Is it an older scenario that is wanted again? Then that one is looked up. */
static enum step_result scenario_read(struct flow *f)
{
	struct str again = field(f, "again");
	int r;

	flow_rescue(f, page_compare);
	if (again.at) {
		q_item_show_add(flow_batch(f),
				&(struct q_item_show){.kind = STR("run"), .id = again});
		return flow_send(f);
	}
	r = read_form(f);
	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

/* The same overlay and parameters, today. Who may not see the overlay cannot make it again. */
static int read_again(struct flow *f)
{
	static const char *const kept[] = {"name", "tag", "seed", "paths", "overlay"};
	struct q_item_show_row row;
	json_auto_t *run = NULL;
	int r = q_item_show_one(f->got, 0, &row);

	if (r == 0)
		run = json_loadb(row.body.at, row.body.len, 0, NULL);
	f->body = json_object();
	if (r < 0 || !run || !f->body)
		return r < 0 ? r : ERR_NOMEM;
	if (!json_object_get(run, "overlay"))
		return ERR_FORBIDDEN;
	for (size_t i = 0; i < COUNT(kept); i++) {
		json_t *value = json_object_get(run, kept[i]);

		if (value && !json_is_null(value))
			(void)json_object_set(f->body, kept[i], value);
	}
	return json_object_set(f->body, "parameters", json_object_get(run, "parameters_set"))
		       ? ERR_NOMEM
		       : 0;
}

static enum step_result scenario_again(struct flow *f)
{
	int r = f->body ? 0 : read_again(f);

	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

static enum step_result to_compare(struct flow *f)
{
	return page_redirect(
		f, arena_fmt(f->arena, "/forecast/compare?run=live&second=%s", run_made(f).at));
}

static const struct flow_step made_steps[] = {
	{"answer", to_compare},
	{0},
};

static enum step_result scenario_begin(struct flow *f)
{
	return run_begin(f, made_steps);
}

/* --- shown -------------------------------------------------------------------------------- */

struct str scenario_asset(struct flow *f)
{
	struct str id = flow_rescued(f) ? flow_form(f, "asset_id") : flow_query(f, "asset_id");

	return id.len ? id : (struct str){NULL, 0};
}

/* What the steps of the API found wrong, at the field of the form that it came from. */
static void point_to_fields(struct flaws *flaws)
{
	static const struct str overlay = STR_INIT("/overlay/0");

	for (size_t i = 0; i < flaws_kept(flaws); i++) {
		struct str *at = &flaws->at[i].pointer;
		struct str rest;

		if (str_starts(*at, STR("/parameters")) || str_starts(*at, STR("/scenarios")))
			*at = STR("/value");
		if (!str_starts(*at, overlay))
			continue;
		rest = (struct str){at->at + overlay.len, at->len - overlay.len};
		for (size_t k = 0; k < COUNT(field_table); k++) {
			if (!str_starts(rest, str_of(field_table[k].pointer)))
				continue;
			*at = str_of(field_table[k].field);
			break;
		}
	}
}

static json_t *choices_of(struct page *p, const json_t *asset)
{
	json_t *choices = json_object();

	for (size_t i = 0; i < COUNT(choice_table); i++) {
		json_t *list = json_object_get(choices, choice_table[i].list);

		if (!list)
			(void)json_object_set_new(choices, choice_table[i].list,
						  list = json_array());
		(void)json_array_append_new(list, json_pack("{s:s, s:s}", "id", choice_table[i].id,
							    "name", choice_table[i].name));
	}
	(void)json_object_set_new(choices, "stages", form_choices(p, &plan_shape, "stage"));
	(void)json_object_set_new(choices, "requests",
				  asset ? json_incref(json_object_get(asset, "requests"))
					: json_array());
	return choices;
}

static void put_form(struct page *p, const char *key, const struct form *form,
		     const json_t *choices)
{
	json_auto_t *sent = flow_rescued(p->flow) ? form_sent(p, form) : NULL;

	page_put(p, key, json_pack("{s:o}", "fields", form_fields(p, form, NULL, choices, sent)));
}

void scenario_put(struct page *p, const json_t *asset)
{
	struct flow *f = p->flow;
	int err = flow_rescued(f);
	json_auto_t *choices = choices_of(p, asset);

	if (err)
		point_to_fields(&f->flaws);
	put_form(p, "form_name", &form_name, choices);
	put_form(p, "form_sale", &form_sale, choices);
	put_form(p, "form_plan", &form_plan, choices);
	put_form(p, "form_request", &form_request, choices);
	put_form(p, "form_parameter", &form_parameter, choices);
	if (!err)
		return;
	page_put(p, "refusal", json_string(err_info(err)->title));
	page_put_text(p, "refusal_detail", flow_rescued_detail(f));
	page_put(p, "flaws", form_flaws(p, forms, COUNT(forms), "suppose"));
}

const struct flow_step page_scenario_add[] = {
	{"form", scenario_read},
	{"again", scenario_again},
	{"read", run_read},
	{"make", scenario_begin},
	{0},
};
