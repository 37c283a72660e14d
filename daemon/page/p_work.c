/*
 * What an officer has before them, of all their authorities: overdue, due this week, waiting for
 * themselves, new. One click leads to each case; the first page shows the beginning of it to who
 * has signed in.
 */
#include "p_work.h"

#include "libassets/shape/shape.h"
#include "p.h"
#include "q.h"

enum { WORK = PAGE_FRAME + 1, ROWS = 200 };

/* The parts in the order in which they are shown. */
static const struct {
	const char *part, *title, *none;
} part_table[] = {
	{"overdue", .title = "Overdue", .none = "No date has passed."},
	{"week", .title = "Due in the next seven days",
	 .none = "Nothing is due in the next seven days."},
	{"waiting", .title = "Waiting for you", .none = "Nothing waits for you."},
	{"new", .title = "New", .none = "Everything that is new has somebody who deals with it."},
};

bool work_is_theirs(const struct flow *f)
{
	return principal_may(f->who, PERM_REQUEST_ACT);
}

void work_ask(struct flow *f, struct db_batch *b, int rows)
{
	q_page_work_add(b, &(struct q_page_work){
				   .today = shape_day_text(f->today, f->arena),
				   .rows = rows,
			   });
}

void work_put(struct page *p, int statement)
{
	json_auto_t *found = page_item(p->flow, statement);
	json_t *parts = json_array();

	for (size_t i = 0; i < COUNT(part_table); i++) {
		const json_t *part = json_object_get(found, part_table[i].part);
		json_t *rows = json_object_get(part, "rows");
		json_int_t of = json_integer_value(json_object_get(part, "of_count"));

		json_array_append_new(
			parts, json_pack("{s:b, s:s, s:s, s:s, s:I, s:b, s:b, s:o}", "is_said", 1,
					 "part", part_table[i].part, "title", part_table[i].title,
					 "none", part_table[i].none, "of_count", of, "is_empty",
					 of == 0, "is_cut", of > (json_int_t)json_array_size(rows),
					 "rows", rows ? json_incref(rows) : json_array()));
	}
	page_put(p, "parts", parts);
	page_put(p, "may_begin", json_boolean(principal_may(p->flow->who, PERM_ASSET_WRITE)));
}

static enum step_result work_load(struct flow *f)
{
	work_ask(f, page_batch(f), ROWS);
	return flow_send(f);
}

static enum step_result work_answer(struct flow *f)
{
	struct page p = page_begin(f, "Your work");

	page_crumb(&p, "/", STR("Home"));
	work_put(&p, WORK);
	return page_end(&p, "work", PAGE_REQUESTS, 200);
}

const struct flow_step page_work[] = {
	{"load", work_load},
	{"answer", work_answer},
	{0},
};
