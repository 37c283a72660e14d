/*
 * Who has published its asset transfer report on a year and who has not, with the days that are
 * left or have passed; and the requests behind one figure of a report.
 */
#include "daemon/request/h_report.h"
#include "p.h"
#include "p_report.h"
#include "page.h"
#include "q.h"

/* Of one page; one more is asked for, to know whether there is a next one. */
enum { ROWS = 100 };

/* Statements of the pages' batches behind the frame's. */
enum { LIST = PAGE_FRAME + 1, COUNTS, ALARMS };
enum { CASES = PAGE_FRAME + 1, REPORT, LINE };

static struct str wish(struct flow *f, const char *name)
{
	struct str value = flow_query(f, name);

	return value.len ? value : (struct str){NULL, 0};
}

void report_alarms_put(struct page *p, int statement)
{
	page_put(p, "alarms", page_items(p->flow, statement));
}

static enum step_result reports_load(struct flow *f)
{
	struct str name = wish(f, "after_name"), id = wish(f, "after");
	struct db_batch *b = page_batch(f);
	int32_t year;

	/* What is no year is the newest. */
	if (report_year_of(f, &year) < 0)
		return flow_fail(f, ERR_QUERY);
	q_report_list_add(b, &(struct q_report_list){
				     .year = year,
				     .has_year = year != 0,
				     .after_name = str_is_null(id) ? id : name,
				     .after_id = str_is_null(name) ? name : id,
				     .take = ROWS + 1,
			     });
	q_report_counts_add(b, &(struct q_report_counts){.year = year, .has_year = year != 0});
	q_page_report_alarms_add(b);
	return flow_send(f);
}

static void put_next(struct page *p, json_t *items, struct str year)
{
	struct flow *f = p->flow;
	struct q_report_list_row last;
	struct page_filter filter[3];

	if (q_report_list_count(f->got, LIST) <= ROWS ||
	    q_report_list_row(f->got, LIST, ROWS - 1, &last) < 0)
		return;
	json_array_remove(items, ROWS);
	filter[0] = (struct page_filter){"year", year};
	filter[1] = (struct page_filter){"after_name", last.key};
	filter[2] = (struct page_filter){"after", last.id};
	page_put_text(p, "next", page_address(f->arena, "/reports", filter, COUNT(filter)));
}

/* The years as choices, the one that is shown marked. */
static void put_years(struct page *p, const json_t *counts, struct str year)
{
	json_t *choices = json_array(), *words;
	size_t i;

	json_array_foreach (json_object_get(counts, "years"), i, words)
		(void)json_array_append_new(choices,
					    json_pack("{s:O, s:O}", "id", words, "name", words));
	page_put(p, "years", choices);
	page_choose(p, choices, year);
}

/* Of a body that keeps its register elsewhere it is not said that it has not published. */
static void put_kept(struct page *p, const json_t *items)
{
	json_t *one;
	size_t i;

	json_array_foreach (items, i, one)
		page_put_in(p, one, "is_kept",
			    json_boolean(strcmp(page_text(one, "state"), "NOT_KEPT") != 0));
}

static enum step_result reports_answer(struct flow *f)
{
	json_t *items = page_items(f, LIST), *counts = page_item(f, COUNTS);
	struct page p = page_begin(f, "Asset transfer reports");
	struct str year = str_of(json_string_value(json_object_get(counts, "year")));

	page_crumb(&p, "/", STR("Home"));
	put_kept(&p, items);
	page_put(&p, "items", items);
	page_put(&p, "counts", counts);
	put_next(&p, items, year);
	put_years(&p, counts, year);
	page_put(&p, "is_running",
		 json_boolean(str_eq(str_of(json_string_value(json_object_get(counts, "state"))),
				     STR("RUNNING"))));
	report_alarms_put(&p, ALARMS);
	return page_end(&p, "reports", PAGE_REPORTS, 200);
}

const struct flow_step page_reports[] = {
	{"load", reports_load},
	{"answer", reports_answer},
	{0},
};

static enum step_result cases_load(struct flow *f)
{
	struct str key = wish(f, "after_key"), id = wish(f, "after"), line = wish(f, "line");
	struct report_at at;
	struct db_batch *b;
	int r = report_at(f, &at);

	if (r < 0)
		return flow_fail(f, r);
	b = page_batch(f);
	q_report_requests_add(b, &(struct q_report_requests){
					 .authority_id = at.authority_id,
					 .year = at.year,
					 .wanted = at.wanted,
					 .has_wanted = at.has_wanted,
					 .line = line,
					 .after_key = str_is_null(id) ? id : key,
					 .after_id = str_is_null(key) ? key : id,
					 .take = ROWS + 1,
				 });
	q_report_show_add(b, &(struct q_report_show){.authority_id = at.authority_id,
						     .year = at.year,
						     .wanted = at.wanted,
						     .has_wanted = at.has_wanted});
	q_report_line_find_add(b, &(struct q_report_line_find){.code = line});
	return flow_send(f);
}

static void put_more(struct page *p, json_t *items)
{
	struct flow *f = p->flow;
	struct q_report_requests_row last;
	struct str path =
		arena_fmt(f->arena, "/reports/%s/%s/requests", f->param[0].at, f->param[1].at);
	struct page_filter filter[] = {
		{"line", wish(f, "line")},
		{"version", wish(f, "version")},
		{"after_key", {NULL, 0}},
		{"after", {NULL, 0}},
	};

	if (q_report_requests_count(f->got, CASES) <= ROWS ||
	    q_report_requests_row(f->got, CASES, ROWS - 1, &last) < 0 || !path.at)
		return;
	json_array_remove(items, ROWS);
	filter[2].value = last.key;
	filter[3].value = last.id;
	page_put_text(p, "next", page_address(f->arena, path.at, filter, COUNT(filter)));
}

/* How many the figure counts: fewer may be shown to whoever may not know of them all. */
static void put_figure(struct page *p, const json_t *report, struct str line)
{
	const json_t *value = json_object_get(json_object_get(report, "figures"),
					      arena_str(p->flow->arena, line).at);

	if (json_is_integer(value) && !str_eq(line, STR("AREA")))
		page_put(p, "counted_count", json_integer(json_integer_value(value)));
}

static enum step_result cases_answer(struct flow *f)
{
	struct str line = wish(f, "line");
	struct q_report_line_find_row found;
	struct q_report_show_row row;
	struct page p;
	json_t *items, *report;
	int r = q_report_show_one(f->got, REPORT, &row);

	if (r == 0)
		r = q_report_line_find_one(f->got, LINE, &found);
	if (r == 0 && !found.is_there && !str_is_null(line))
		r = ERR_NOT_FOUND;
	if (r < 0)
		return flow_fail(f, r);
	p = page_begin(f, found.is_there ? arena_str(f->arena, found.label).at
					 : "Requests behind a report");
	items = page_items(f, CASES);
	report = json_loadb(row.body.at, row.body.len, 0, NULL);
	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, "/reports", STR("Reports"));
	page_crumb(&p,
		   arena_fmt(f->arena, "/reports/%s/%s%s%s", f->param[0].at, f->param[1].at,
			     wish(f, "version").at ? "?version=" : "",
			     wish(f, "version").at ? wish(f, "version").at : "")
			   .at,
		   f->param[1]);
	page_put(&p, "items", items);
	if (found.is_there)
		put_figure(&p, report, line);
	page_put(&p, "report", report);
	put_more(&p, items);
	return page_end(&p, "report_requests", PAGE_REPORTS, 200);
}

const struct flow_step page_report_requests[] = {
	{"load", cases_load},
	{"answer", cases_answer},
	{0},
};
