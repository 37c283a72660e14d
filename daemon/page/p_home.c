/*
 * The first page: one search box, what closes soon, what changed lately, whose register it is.
 * What it counts each worker keeps for a while (counted.h).
 */
#include "counted.h"
#include "daemon/process/worker.h"
#include "map.h"
#include "p.h"
#include "p_work.h"
#include "page.h"
#include "q.h"

/* Statements of the page's batch behind the frame's. */
enum { HOME = PAGE_FRAME + 1, COUNTS };
/* Of each part of the work list. */
enum { WORK_ROWS = 5 };
/* Settings beyond which they are folded away. */
enum { SETTINGS_MAX = 6 };
enum { MAP_MAX = 64 * 1024, COUNCILS_MAX = 64 };

struct home_state {
	bool is_counting; /* the batch has the counts */
	int work_at;      /* where the work list was asked; 0: for who has none */
};

static enum step_result home_load(struct flow *f)
{
	struct home_state *s = ARENA_NEW(f->arena, struct home_state);

	if (!s)
		return flow_fail(f, ERR_NOMEM);
	f->state = s;
	s->is_counting = !counted_is_fresh(f, &f->worker->counts);
	q_page_home_add(page_batch(f));
	if (s->is_counting)
		q_page_counts_add(flow_batch(f));
	if (work_is_theirs(f)) {
		s->work_at = s->is_counting ? COUNTS + 1 : COUNTS;
		work_ask(f, flow_batch(f), WORK_ROWS);
	}
	return flow_send(f);
}

/* How dark an area is: by how many open requests it has, or, with none, whether it has entries. */
static int level_of(const json_t *area)
{
	int64_t requests = json_integer_value(json_object_get(area, "requests_count"));

	if (!requests)
		return json_integer_value(json_object_get(area, "assets_count")) > 0;
	return requests < 3 ? 2 : requests < 10 ? 3 : 4;
}

/* The map of council areas, and the same as rows with their names. */
static void put_map(struct page *p, json_t *areas)
{
	CLEANUP(buf_done) struct buf out = BUF(MAP_MAX);
	struct map_area shade[COUNCILS_MAX];
	json_t *shown = json_array(), *area;
	size_t n = 0, i;

	json_array_foreach (areas, i, area) {
		struct str code = str_of(page_text(area, "code")), name = map_council_name(code);

		if (str_is_null(name) || n == COUNCILS_MAX)
			continue;
		shade[n++] = (struct map_area){code, level_of(area)};
		page_put_in(p, area, "name", json_stringn(name.at, name.len));
		if (json_array_append(shown, area) < 0 && !p->err)
			p->err = ERR_NOMEM;
	}
	page_put(p, "areas", shown);
	map_councils(&out, STR("Map of Scotland: council areas by open requests"), shade, n);
	page_put_text(p, "map", buf_view(&out));
}

/* The counts that were asked for, or those of a moment ago. */
static json_t *counts_of(struct flow *f)
{
	const struct home_state *s = f->state;
	struct str text = buf_view(&f->worker->counts.text);

	if (s->is_counting) {
		text = db_value(f->got, COUNTS, 0, 0);
		counted_keep(f, &f->worker->counts, text);
	}
	return json_loadb(text.at, text.len, 0, NULL);
}

/* Of which counts there is one, so that the page does not say "1 public bodies". */
static void put_ones(struct page *p, json_t *counts)
{
	json_t *ones = json_object(), *count;
	const char *name;

	json_object_foreach (counts, name, count)
		page_put_in(p, ones, name, json_boolean(json_integer_value(count) == 1));
	page_put(p, "one", ones);
}

static enum step_result home_answer(struct flow *f)
{
	const struct home_state *s = f->state;
	json_auto_t *home = page_item(f, HOME);
	json_auto_t *counts = counts_of(f);
	struct page p = page_begin(f, "Public land and buildings");

	if (s->work_at)
		work_put(&p, s->work_at);
	page_put(&p, "closing", json_incref(json_object_get(home, "closing")));
	page_put(&p, "pairs", json_incref(json_object_get(home, "pairs")));
	page_put(&p, "reads_money", json_boolean(principal_may(f->who, PERM_MONEY_READ)));
	page_put(&p, "money", json_incref(json_object_get(home, "money")));
	page_put(&p, "settings", json_incref(json_object_get(home, "settings")));
	/* Who runs the register has them all: they are folded away. */
	if (json_array_size(json_object_get(home, "settings")) > SETTINGS_MAX)
		page_put(&p, "many_settings",
			 json_integer(
				 (json_int_t)json_array_size(json_object_get(home, "settings"))));
	page_put(&p, "may_people", json_boolean(principal_may(f->who, PERM_ACCOUNT_WRITE)));
	page_put(&p, "may_hook", json_boolean(principal_may(f->who, PERM_WEBHOOK_WRITE)));
	page_put(&p, "changed", json_incref(json_object_get(home, "changed")));
	page_put(&p, "counts", json_incref(json_object_get(counts, "counts")));
	put_ones(&p, json_object_get(counts, "counts"));
	page_put(&p, "bodies", json_incref(json_object_get(counts, "bodies")));
	put_map(&p, json_object_get(counts, "areas"));
	return page_end(&p, "home", PAGE_HOME, 200);
}

const struct flow_step page_home[] = {
	{"load", home_load},
	{"answer", home_answer},
	{0},
};
