/*
 * The first page: one search box, what closes soon, what changed lately, whose register it is.
 */
#include "map.h"
#include "p.h"
#include "page.h"
#include "q.h"

enum { HOME = PAGE_FRAME + 1 };
enum { MAP_MAX = 64 * 1024, COUNCILS_MAX = 64 };

static enum step_result home_load(struct flow *f)
{
	q_page_home_add(page_batch(f));
	return flow_send(f);
}

/* The map with the councils that have entries. A health board's code marks nothing. */
static void put_map(struct page *p, const json_t *bodies)
{
	CLEANUP(buf_done) struct buf out = BUF(MAP_MAX);
	struct str code[COUNCILS_MAX];
	size_t n = 0, i;
	json_t *body;

	json_array_foreach (bodies, i, body) {
		if (n < COUNCILS_MAX)
			code[n++] = str_of(json_string_value(json_object_get(body, "code")));
	}
	map_councils(&out, STR("Map of Scotland: council areas with entries are darker"), code, n);
	page_put_text(p, "map", buf_view(&out));
}

static enum step_result home_answer(struct flow *f)
{
	static const char *const part[] = {"counts", "bodies", "closing", "changed"};
	json_auto_t *home = page_item(f, HOME);
	struct page p = page_begin(f, "Public land and buildings");

	for (size_t i = 0; i < COUNT(part); i++)
		page_put(&p, part[i], json_incref(json_object_get(home, part[i])));
	put_map(&p, json_object_get(home, "bodies"));
	return page_end(&p, "home", PAGE_HOME, 200);
}

const struct flow_step page_home[] = {
	{"load", home_load},
	{"answer", home_answer},
	{0},
};
