/*
 * By which days working days are counted: the versions of the calendars, and for operators the form
 * that loads a list of bank holidays or switches what a law is read to mean. The form takes the
 * steps of the API; what was typed is shown again when something is wrong with it.
 */
#include "daemon/flow/flow_rescue.h"
#include "daemon/request/h_calendar_version.h"
#include "daemon/route/h.h"
#include "libassets/clock/calendar_list.h"
#include "p.h"
#include "page.h"
#include "q.h"

/* Statements of the page's batch behind the frame's; versions of a page. */
enum { LIST = PAGE_FRAME + 1, ROWS = 50, LAW_MAX = 16 };

/* ssi_2016_357 is SSI 2016/357. */
static void put_law(struct page *p, json_t *choice, const char *field)
{
	page_put_in(p, choice, "law", json_sprintf("SSI %.4s/%s", field + 4, field + 9));
}

/* A choice of calendars for each law whose words were not seen. */
static void put_laws(struct page *p)
{
	static const char *const calendar[] = {"FIXED_DAYS", "BANK_HOLIDAYS_SCOTLAND"};
	json_t *laws = json_array();
	const json_t *faults = json_object_get(p->data, "fault");

	for (size_t i = 0; i < calendar_setting_shape.count; i++) {
		const char *name = calendar_setting_shape.field[i].name;
		struct str field = arena_fmt(p->flow->arena, "law-%s", name);
		json_t *law = json_pack("{s:s, s:O?}", "id", name, "wrong",
					json_object_get(faults, field.at ? field.at : name));
		json_t *choices = page_choices(STR("calendar"), calendar, COUNT(calendar));

		put_law(p, law, name);
		page_choose(p, choices, flow_form(p->flow, name));
		page_put_in(p, law, "choices", choices);
		if (json_array_append_new(laws, law) && !p->err)
			p->err = ERR_NOMEM;
	}
	page_put(p, "laws", laws);
}

/* The clocks whose length is a setting, each with its name. */
static void put_clocks(struct page *p)
{
	json_t *clocks = json_array();

	for (struct str rest = STR(CLOCK_SETTABLE); rest.len;) {
		struct str word = str_cut(rest, ' ', &rest);
		const struct clock_rule *rule;
		enum clock_id id;

		if (clock_parse(word, &id) < 0)
			continue;
		rule = clock_rule(id);
		json_array_append_new(
			clocks,
			json_pack("{s:s, s:s, s:i, s:s, s:b}", "clock_id", rule->id, "name",
				  rule->name, "length", (int)rule->period.length, "unit",
				  period_unit_words(rule->period.unit, rule->period.length),
				  "is_chosen", (int)str_eq(flow_form(p->flow, "clock"), word)));
	}
	page_put(p, "clocks", clocks);
	page_put_text(p, "length_typed", flow_form(p->flow, "length"));
	page_put_text(p, "from_typed", flow_form(p->flow, "from_on"));
}

static enum step_result list_load(struct flow *f)
{
	q_page_calendars_add(page_batch(f), &(struct q_page_calendars){.rows = ROWS});
	return flow_send(f);
}

/* Where the API's pointers are in the form; of a longer one the first that it begins with. */
static const struct {
	struct str pointer;
	const char *field, *label;
} field_table[] = {
	{STR_INIT("/source"), "source", "Where the list is from"},
	{STR_INIT("/length"), "length", "Its length"},
	{STR_INIT("/clocks/0/length"), "length", "Its length"},
	{STR_INIT("/clocks/0/from_on"), "from_on", "For what begins on this day or later"},
	{STR_INIT("/clocks"), "clock", "Clock"},
	{STR_INIT("/instruments/"), "law-", NULL},
	{STR_INIT("/bank_holidays/"), "bank_holidays", "Bank holidays"},
	{STR_INIT(""), "bank_holidays", "Bank holidays"},
};

/* One fault at its field; of the pasted list it says where within it. */
static void put_wrong(struct page *p, json_t *wrongs, const struct flaw *flaw)
{
	struct str rest, field, place = STR("");
	struct arena *a = p->flow->arena;
	size_t i = 0;

	while (!str_starts(flaw->pointer, field_table[i].pointer))
		i++;
	rest = (struct str){flaw->pointer.at + field_table[i].pointer.len,
			    flaw->pointer.len - field_table[i].pointer.len};
	field = str_of(field_table[i].field);
	if (!field_table[i].label)
		field = arena_fmt(a, "%s%.*s", field.at, (int)rest.len, rest.at);
	else if (rest.len && str_eq(field_table[i].pointer, STR("/bank_holidays/")))
		place = arena_fmt(a, "At %.*s: ", (int)rest.len, rest.at);
	page_wrong(p, wrongs, field, field_table[i].label,
		   arena_fmt(a, "%.*s%.*s %.*s", (int)place.len, place.at, (int)flaw->detail.len,
			     flaw->detail.at, (int)flaw->cure.len, flaw->cure.at));
}

static void put_wrongs(struct page *p)
{
	const struct flow *f = p->flow;
	json_t *wrongs = json_array();

	for (size_t i = 0; i < flaws_kept(&f->flaws); i++)
		put_wrong(p, wrongs, &f->flaws.at[i]);
	if (flow_rescued(f) && !json_array_size(wrongs))
		page_wrong(p, wrongs, STR("bank_holidays"), NULL,
			   str_of(err_info(flow_rescued(f))->title));
	page_put(p, "wrongs", wrongs);
}

static enum step_result list_answer(struct flow *f)
{
	struct page p = page_begin(f, "How working days are counted");

	page_crumb(&p, "/", STR("Home"));
	page_put(&p, "items", page_items(f, LIST));
	page_put(&p, "is_operator", json_boolean(f->who->is_operator));
	page_put_text(&p, "typed", flow_form(f, "bank_holidays"));
	page_put_text(&p, "source", flow_form(f, "source"));
	put_wrongs(&p);
	put_laws(&p);
	put_clocks(&p);
	return page_end(&p, "calendars", PAGE_NOWHERE, flow_rescued_status(f));
}

const struct flow_step page_calendars[] = {
	{"load", list_load},
	{"answer", list_answer},
	{0},
};

/* The one clock that the form may set. */
static int form_clock(struct flow *f)
{
	struct str clock = flow_form(f, "clock"), from_on = flow_form(f, "from_on");
	int64_t length = 0;

	if (!clock.len)
		return 0;
	if (str_to_i64(str_trim(flow_form(f, "length")), &length) < 0)
		h_flaw(f, "length", "WRONG_TYPE", STR("This is not a number."),
		       STR("Give how long the clock is to run."));
	return json_object_set_new(f->body, "clocks",
				   json_pack("[{s:s%, s:I, s:s%}]", "clock", clock.at, clock.len,
					     "length", (json_int_t)length, "from_on",
					     from_on.at ? from_on.at : "", from_on.len))
		       ? ERR_NOMEM
		       : 0;
}

/* The form's fields as the body that a program would send; what was left empty is not sent. */
static int form_body(struct flow *f)
{
	struct str list = str_trim(flow_form(f, "bank_holidays"));
	struct str source = str_trim(flow_form(f, "source"));
	json_t *document = NULL, *laws = json_object();

	f->body = json_object();
	if (list.len)
		document = json_loadb(list.at, list.len, JSON_REJECT_DUPLICATES, NULL);
	if (list.len && !document)
		h_flaw(f, "bank_holidays", "BAD_FORM", STR("This is not JSON."),
		       STR("Paste the whole of bank-holidays.json as GOV.UK publishes it."));
	if (document)
		json_object_set_new(f->body, "bank_holidays", document);
	if (source.len)
		json_object_set_new(f->body, "source", json_stringn(source.at, source.len));
	for (size_t i = 0; i < calendar_setting_shape.count; i++) {
		const char *name = calendar_setting_shape.field[i].name;
		struct str chosen = flow_form(f, name);

		if (chosen.len)
			json_object_set_new(laws, name, json_stringn(chosen.at, chosen.len));
	}
	if (json_object_size(laws))
		json_object_set(f->body, "instruments", laws);
	json_decref(laws);
	return f->body ? form_clock(f) : ERR_NOMEM;
}

static enum step_result add_load(struct flow *f)
{
	int r = form_body(f);

	flow_rescue(f, page_calendars);
	if (r == 0)
		r = f->flaws.count ? flaws_err(&f->flaws) : calendar_add_decode(f);
	return r < 0 ? flow_fail(f, r) : calendar_add_ask(f);
}

static enum step_result add_answer(struct flow *f)
{
	return page_redirect(f, arena_fmt(f->arena, "/calendars/%s", calendar_added(f).at));
}

const struct flow_step page_calendar_add[] = {
	{"load", add_load},
	{"store", calendar_add_store},
	{"answer", add_answer},
	{0},
};
