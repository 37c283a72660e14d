/*
 * How far a forecast is that is being frozen. The page asks for itself again every two seconds,
 * without script; once the run is there its address shows that (p_run.c).
 */
#include "p_promise.h"

#include "q.h"

/* Steps in the order in which they come, for "step 3 of 6"; the first two may be left out. */
static const char *const step_table[] = {"SETTLE",   "READ",    "COUNT",
					 "SIMULATE", "FIGURES", "INPUTS"};

static int number_of(const char *step)
{
	for (size_t i = 0; i < COUNT(step_table); i++) {
		if (strcmp(step, step_table[i]) == 0)
			return (int)i + 1;
	}
	return 0;
}

static bool is_at_work(const json_t *one)
{
	return !json_is_string(json_object_get(one, "failed")) &&
	       !json_is_true(json_object_get(one, "is_cut"));
}

void promise_put(struct page *p, json_t *one)
{
	json_int_t done = json_integer_value(json_object_get(one, "done"));
	json_int_t of = json_integer_value(json_object_get(one, "of"));
	int number = number_of(page_text(one, "run_step"));

	page_put_in(p, one, "is_at_work", json_boolean(is_at_work(one)));
	if (number)
		page_put_in(p, one, "place",
			    json_sprintf("Step %d of %d", number, (int)COUNT(step_table)));
	if (of > 0)
		page_put_in(p, one, "bar",
			    json_pack("{s:I, s:I, s:o}", "done", done, "of", of, "percent",
				      json_sprintf("%d%%", (int)(100 * done / of))));
	else if (done)
		page_put_in(p, one, "so_far_count", json_integer(done));
}

enum step_result promise_answer(struct flow *f, int at)
{
	json_auto_t *items = page_items(f, at);
	json_t *one = json_array_get(items, 0);
	struct page p;

	if (!one)
		return flow_fail(f, items ? ERR_NOT_FOUND : ERR_NOMEM);
	p = page_begin(f, is_at_work(one) ? "A forecast that is being frozen"
					  : "A forecast that was not frozen");
	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, "/forecast", STR("Forecast"));
	page_crumb(&p, "/forecast/runs", STR("Frozen forecasts"));
	page_put(&p, "promise", json_incref(one));
	promise_put(&p, one);
	if (is_at_work(one))
		http_reply_field(f->reply, STR("Refresh"), STR("2"));
	return page_end(&p, "run_promise", PAGE_FORECAST, 200);
}
