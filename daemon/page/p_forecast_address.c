/*
 * Addresses of the forecast for spreadsheets and scripts: those there are, each with a button that
 * ends it, and a form that makes one. What was made is shown by the answer to the form and never
 * again. The steps are those of /v1/projections/addresses (h_forecast_address.c).
 */
#include "daemon/base/conf.h"
#include "daemon/flow/flow_rescue.h"
#include "daemon/forecast/h_forecast_address.h"
#include "daemon/process/worker.h"
#include "daemon/route/h.h"
#include "libassets/base/err.h"
#include "libassets/shape/query.h"
#include "p.h"
#include "page.h"
#include "q.h"

enum { ADDRESSES = PAGE_FRAME + 1 };

/* What a form offers; the words are the page's. */
static const struct {
	const char *id, *name;
} group_table[] = {
	{"YEAR", "Year"},
	{"YEAR,AUTHORITY", "Year, by public body"},
	{"YEAR,CPP", "Year, by partnership"},
	{"YEAR,LOCALITY", "Year, by locality"},
	{"YEAR,CLASS", "Year, by kind"},
	{"QUARTER", "Quarter"},
};

static const char *const scenario_code[] = {"LIKELY", "BEST", "WORST"};

static enum step_result addresses_load(struct flow *f)
{
	q_page_forecast_addresses_add(page_batch(f));
	return flow_send(f);
}

/* The name in a list of {id, name} that the page has, else the word itself. */
static struct str named(const json_t *list, struct str id)
{
	const json_t *one;
	size_t i;

	json_array_foreach (list, i, one) {
		if (str_eq(str_of(page_text(one, "id")), id))
			return str_of(page_text(one, "name"));
	}
	return id;
}

static json_t *groups(void)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < COUNT(group_table); i++)
		(void)json_array_append_new(list, json_pack("{s:s, s:s}", "id", group_table[i].id,
							    "name", group_table[i].name));
	return list;
}

/* What an address is for, in words: "Year, by public body · Likely". */
static void put_words(struct page *p, json_t *address, const json_t *shown)
{
	CLEANUP(buf_done) struct buf words = BUF(4000);
	struct arena *a = p->flow->arena;
	json_auto_t *by = groups();
	json_auto_t *scenarios = page_choices(STR("scenario"), scenario_code, COUNT(scenario_code));
	const json_t *const of[] = {by, scenarios, json_object_get(shown, "authorities"),
				    json_object_get(shown, "runs")};
	static const char *const name[] = {"group_by", "scenario", "authority_id", "run"};
	struct query query;

	if (query_parse(str_of(page_text(address, "question")), a, &query) < 0)
		query.count = 0;
	for (size_t i = 0; i < query.count; i++) {
		const json_t *list = NULL;

		for (size_t n = 0; n < COUNT(name); n++)
			list = str_eq(query.at[i].name, str_of(name[n])) ? of[n] : list;
		buf_fmt(&words, "%s%s%s", i ? " · " : "",
			str_eq(query.at[i].name, STR("run")) ? "frozen: " : "",
			arena_str(a, named(list, query.at[i].value)).at);
	}
	page_put_in(p, address, "words",
		    words.len ? json_stringn(words.at, words.len) : json_string("Year"));
}

/* What the field is called; NULL for none of the form. */
static const char *label_of(struct str pointer)
{
	static const char *const label[][2] = {{"/name", "What it is for"},
					       {"/group_by", "Rows and columns"},
					       {"/authority_id", "Public body"},
					       {"/scenario", "Scenario"},
					       {"/run", "Live, or a frozen forecast"},
					       {"/expires_on", "Its last day"}};

	for (size_t i = 0; i < COUNT(label); i++) {
		if (str_eq(pointer, str_of(label[i][0])))
			return label[i][1];
	}
	return NULL;
}

static void put_flaws(struct page *p)
{
	const struct flow *f = p->flow;
	json_t *wrongs = json_array();

	for (size_t i = 0; i < flaws_kept(&f->flaws); i++) {
		const struct flaw *one = &f->flaws.at[i];
		const char *label = label_of(one->pointer);

		/* What it asks as a whole is wrong where that is chosen. */
		page_wrong(p, wrongs, label ? one->pointer : STR("/group_by"), label,
			   page_flaw(f, one));
	}
	if (flow_rescued(f) && !json_array_size(wrongs))
		page_wrong(p, wrongs, STR("/name"), NULL, str_of(err_info(flow_rescued(f))->title));
	page_put(p, "has_wrongs", json_boolean(json_array_size(wrongs) > 0));
	page_put(p, "wrongs", wrongs);
}

/* What was typed into a form that was refused; after one that was stored it is empty again. */
static struct str typed(struct flow *f, const char *name)
{
	return flow_rescued(f) ? flow_form(f, name) : STR("");
}

static void put_choice(struct page *p, const char *name, json_t *choices)
{
	page_choose(p, choices, typed(p->flow, name));
	page_put(p, name, choices);
}

/* Where it is read, as the reader's browser knows us where we were not told. */
static void put_made(struct page *p)
{
	struct flow *f = p->flow;
	struct str made = flow_rescued(f) ? (struct str){NULL, 0} : forecast_address_made(f);

	page_put(p, "has_made", json_boolean(made.len > 0));
	if (!made.len)
		return;
	if (made.at[0] == '/')
		made = arena_fmt(f->arena, "http://%.*s%s", (int)f->request->host.len,
				 f->request->host.at, made.at);
	page_put_text(p, "made", made);
}

static enum step_result addresses_answer(struct flow *f)
{
	struct page p = page_begin(f, "The forecast for spreadsheets and scripts");
	json_t *shown = page_item(f, ADDRESSES), *addresses, *one;
	bool may_make = principal_may(f->who, PERM_MONEY_READ);
	size_t i;

	addresses = json_object_get(shown, "addresses");
	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, "/forecast", STR("Forecast"));
	json_array_foreach (addresses, i, one)
		put_words(&p, one, shown);
	page_put(&p, "has_addresses", json_boolean(json_array_size(addresses) > 0));
	page_put(&p, "may_make", json_boolean(may_make));
	put_choice(&p, "group_by", groups());
	put_choice(&p, "scenario",
		   page_choices(STR("scenario"), scenario_code, COUNT(scenario_code)));
	put_choice(&p, "authority_id", json_incref(json_object_get(shown, "authorities")));
	put_choice(&p, "run", json_incref(json_object_get(shown, "runs")));
	page_put(&p, "addresses", json_incref(addresses));
	page_put_text(&p, "name", typed(f, "name"));
	page_put_text(&p, "expires_on", typed(f, "expires_on"));
	put_made(&p);
	put_flaws(&p);
	json_decref(shown);
	return page_end(&p, "forecast_addresses", PAGE_FORECAST, flow_rescued_status(f));
}

const struct flow_step page_forecast_addresses[] = {
	{"load", addresses_load},
	{"answer", addresses_answer},
	{0},
};

/* The form's fields as the body that a program would send. */
static int form_body(struct flow *f)
{
	struct str name = str_trim(flow_form(f, "name"));
	struct str until = str_trim(flow_form(f, "expires_on"));
	static const char *const member[] = {"group_by", "scenario", "authority_id", "run"};
	struct page_filter filter[COUNT(member)];
	struct str question, before;

	for (size_t i = 0; i < COUNT(member); i++)
		filter[i] = (struct page_filter){member[i], flow_form(f, member[i])};
	before = str_cut(page_address(f->arena, "", filter, COUNT(filter)), '?', &question);
	f->body = json_pack("{s:s%, s:s%}", "name", name.at ? name.at : "", name.len, "question",
			    question.at ? question.at : "", question.len);
	if (!f->body || !before.at)
		return ERR_NOMEM;
	if (until.len &&
	    json_object_set_new(f->body, "expires_on", json_stringn(until.at, until.len)) < 0)
		return ERR_NOMEM;
	return 0;
}

static enum step_result go_back(struct flow *f)
{
	return page_redirect(f, STR("/forecast/addresses"));
}

static const struct flow_step addresses_end[] = {
	{"load", forecast_address_load},
	{"store", forecast_address_remove},
	{"answer", go_back},
	{0},
};

static enum step_result change_begin(struct flow *f)
{
	int r;

	flow_rescue(f, page_forecast_addresses);
	if (flow_form(f, "end").len)
		return flow_become(f, addresses_end);
	r = principal_may(f->who, PERM_MONEY_READ) ? form_body(f) : ERR_FORBIDDEN;
	return r < 0 ? flow_fail(f, r) : forecast_address_store(f);
}

const struct flow_step page_forecast_addresses_change[] = {
	{"store", change_begin},
	{"load", addresses_load},
	{"answer", addresses_answer},
	{0},
};
