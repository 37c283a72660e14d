/*
 * What people said of a request: for everybody what was published, as it was redacted; for officers
 * all of it, with a form for each thing that they may do. The forms go the steps of the API
 * (h_representation.c) and come back here.
 */
#include "daemon/request/h_representation.h"
#include "daemon/route/h_form.h"
#include "libassets/request/representation.h"
#include "libassets/shape/shape_form.h"
#include "p.h"
#include "p_as_at.h"
#include "page.h"
#include "q.h"

/* Statements of the page's batch behind the frame's; representations of one page. */
enum { LIST = PAGE_FRAME + 1, PAGE_OF = 10 };

static int after_of(struct flow *f, int32_t *ret_after)
{
	struct str text = flow_query(f, "after");
	int64_t after = 0;

	if (text.len && (str_to_i64(text, &after) < 0 || after < 0 || after > INT32_MAX))
		return ERR_QUERY;
	*ret_after = (int32_t)after;
	return 0;
}

static enum step_result list_load(struct flow *f)
{
	struct as_at *at = f->state = ARENA_NEW(f->arena, struct as_at);
	int32_t after;
	int r = at ? after_of(f, &after) : ERR_NOMEM;

	if (r == 0)
		r = as_at_read_page(f, at);
	if (r < 0)
		return flow_fail(f, r);
	q_page_representations_add(page_batch(f), &(struct q_page_representations){
							  .id = f->param[0],
							  .after = after,
							  .take = PAGE_OF + 1,
							  .valid_on = at->valid_on,
							  .known_at = at->known_at,
						  });
	return flow_send(f);
}

/* The window, as the newest clock of it says: K4 of representations, K5 of answers to them. */
static const json_t *window_of(const json_t *request, const char *clock)
{
	const json_t *deadline, *window = NULL;
	size_t i;

	json_array_foreach (json_object_get(request, "deadlines"), i, deadline) {
		if (strcmp(page_text(deadline, "clock"), clock) == 0)
			window = deadline;
	}
	return window;
}

/* "Representation 3", "Answer of the community body", and whether its lateness need be told. */
static void put_title(struct page *p, json_t *one)
{
	long long number = json_integer_value(json_object_get(one, "number"));
	bool is_answer = strcmp(page_text(one, "kind"), "COMMENTS") == 0;

	page_put_in(p, one, "rep_title",
		    is_answer ? json_string("Answer of the community body")
			      : json_sprintf("Representation %lld", number));
	page_put_in(p, one, "is_in_time",
		    json_boolean(strcmp(page_text(one, "timing"), "IN_TIME") == 0));
}

/* What the forms of one need beside what the API says of it. */
static void put_forms(struct page *p, json_t *all, json_t *one, const json_t *more)
{
	bool is_read = strcmp(page_text(one, "mark"), "UNREAD") != 0;
	bool is_redacted = *page_text(one, "text");

	if (!json_is_true(json_object_get(more, "is_officer")))
		return;
	page_put_in(p, one, "is_officers", json_true());
	page_put_in(p, one, "has_draft", json_true());
	page_put_in(p, one, "draft",
		    json_incref(json_object_get(one, is_redacted ? "text" : "original")));
	page_put_in(p, one, "may_publish",
		    json_boolean(strcmp(page_text(one, "mark"), "COUNTED") == 0 && is_redacted &&
				 !json_is_true(json_object_get(one, "shown"))));
	page_put_in(p, one, "may_erase",
		    json_boolean(is_read &&
				 (is_redacted || strcmp(page_text(one, "mark"), "COUNTED") != 0) &&
				 !*page_text(one, "erased_at")));
	page_put_in(p, one, "others", json_incref(all));
}

/* Numbers and ids of the page, for the choice of what a duplicate repeats. */
static json_t *numbers_of(const json_t *list)
{
	json_t *numbers = json_array(), *one;
	size_t i;

	json_array_foreach (list, i, one)
		json_array_append_new(numbers,
				      json_pack("{s:O, s:O}", "id", json_object_get(one, "id"),
						"number", json_object_get(one, "number")));
	return numbers;
}

static void put_list(struct page *p, json_t *root, const json_t *more)
{
	json_t *list = json_object_get(root, "representations"), *numbers, *one;
	size_t i;

	if (json_array_size(list) > PAGE_OF) {
		json_array_remove(list, PAGE_OF);
		page_put(p, "next_after",
			 json_incref(json_object_get(json_array_get(list, PAGE_OF - 1), "number")));
	}
	numbers = numbers_of(list);
	json_array_foreach (list, i, one) {
		put_title(p, one);
		put_forms(p, numbers, one, more);
	}
	json_decref(numbers);
	page_put(p, "representations", json_incref(list));
}

static void put_window(struct page *p, const json_t *window)
{
	json_t *copy = json_deep_copy(window);

	page_put(p, "window", copy);
	page_put_in(p, copy, "is_running",
		    json_boolean(strcmp(page_text(window, "state"), "RUNNING") == 0));
}

static enum step_result list_answer(struct flow *f)
{
	const struct as_at *at = f->state;
	struct q_page_representations_row row;
	int r = q_page_representations_one(f->got, LIST, &row);
	json_auto_t *root = NULL;
	const json_t *request, *more, *window;
	int32_t after;
	struct page p;

	if (r == 0)
		r = after_of(f, &after);
	if (r < 0)
		return flow_fail(f, r);
	root = json_loadb(row.body.at, row.body.len, 0, NULL);
	request = json_object_get(root, "request");
	more = json_object_get(root, "more");
	p = page_begin(f, "");
	page_put(&p, "title",
		 json_sprintf("Representations on request %s", page_text(request, "reference")));
	page_crumb_request(&p, f->param[0], page_text(request, "reference"));
	as_at_put(&p, at, arena_fmt(f->arena, "/requests/%s/representations", f->param[0].at));
	page_put(&p, "after", json_integer(after));
	page_put(&p, "request", json_incref((json_t *)(uintptr_t)request));
	page_put(&p, "more", json_incref((json_t *)(uintptr_t)more));
	window = window_of(request, "K4");
	if (window)
		put_window(&p, window);
	page_put(&p, "is_taken",
		 json_boolean(window && !at->is_given &&
			      representation_is_taken_in(str_of(page_text(request, "state")))));
	page_put(&p, "may_record",
		 json_boolean(window && json_is_true(json_object_get(more, "is_officer"))));
	page_put(&p, "may_record_answer", json_boolean(window_of(request, "K5") != NULL));
	put_list(&p, root, more);
	return page_end(&p, "representations", PAGE_REQUESTS, 200);
}

const struct flow_step page_representations[] = {
	{"load", list_load},
	{"answer", list_answer},
	{0},
};

/* --- The officers' forms --------------------------------------------------------------- */

static enum step_result add_read(struct flow *f)
{
	int r = h_form(f, &representation_shape);

	if (r == 0)
		r = h_form_part(f, "writer", &contact_shape);
	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

static enum step_result act_read(struct flow *f)
{
	int r = h_form(f, &representation_act_shape);

	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

/* Which part of the list the form stood in. */
static int page_of_form(struct flow *f)
{
	int64_t after;

	return str_to_i64(flow_form(f, "after"), &after) == 0 && after > 0 && after < INT32_MAX
		       ? (int)after
		       : 0;
}

/* To the page of the request that the form names, at the representation. */
static enum step_result go_back(struct flow *f)
{
	struct str request = shape_form_id(flow_form(f, "request_id"), f->arena);
	struct str to = STR("/requests");

	if (!str_is_null(request))
		to = arena_fmt(f->arena, "/requests/%s/representations?after=%d#%s", request.at,
			       page_of_form(f), f->param[0].at);
	return to.at ? page_redirect(f, to) : flow_fail(f, ERR_NOMEM);
}

const struct flow_step page_representation_add[] = {
	{"read", add_read},
	{"load", representation_add_load},
	{"store", representation_add_store},
	{"answer", go_back},
	{0},
};

const struct flow_step page_representation_act[] = {
	{"read", act_read},
	{"load", representation_act_load},
	{"store", representation_act_store},
	{"answer", go_back},
	{0},
};
