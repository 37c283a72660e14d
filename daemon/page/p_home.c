/*
 * The first page: one search box, what closes soon, what changed lately, whose register it is.
 * What it counts is the same for everybody and slow to count, so each worker keeps it for a
 * while (struct page_counts).
 */
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
enum { MAP_MAX = 64 * 1024, COUNCILS_MAX = 64, COUNTS_MAX = 64 * 1024 };

static const int64_t COUNTS_FRESH_US = 10000000;

struct home_state {
	bool is_counting; /* the batch has the counts */
	int work_at;      /* where the work list was asked; 0: for who has none */
};

/*
 * Counting walks over all assets. What everybody sees may have been counted by this worker a
 * few seconds ago for somebody else; who is signed in sees more, and is counted for.
 */
static bool is_counted(const struct flow *f)
{
	const struct page_counts *c = &f->worker->counts;

	return !f->who->id.len && c->text.len && f->now_us - c->at_us < COUNTS_FRESH_US &&
	       f->now_us >= c->at_us;
}

static void keep_counts(struct flow *f, struct str text)
{
	struct page_counts *c = &f->worker->counts;

	if (f->who->id.len)
		return;
	c->text.max = COUNTS_MAX;
	buf_clear(&c->text);
	buf_str(&c->text, text);
	if (buf_err(&c->text) < 0)
		buf_clear(&c->text);
	c->at_us = f->now_us;
}

static enum step_result home_load(struct flow *f)
{
	struct home_state *s = ARENA_NEW(f->arena, struct home_state);

	if (!s)
		return flow_fail(f, ERR_NOMEM);
	f->state = s;
	s->is_counting = !is_counted(f);
	q_page_home_add(page_batch(f));
	if (s->is_counting)
		q_page_counts_add(flow_batch(f));
	if (work_is_theirs(f)) {
		s->work_at = s->is_counting ? COUNTS + 1 : COUNTS;
		work_ask(f, flow_batch(f), WORK_ROWS);
	}
	return flow_send(f);
}

/* The map with the council areas in which entries lie, by the data zones of the assets. */
static void put_map(struct page *p, const json_t *areas)
{
	CLEANUP(buf_done) struct buf out = BUF(MAP_MAX);
	struct str code[COUNCILS_MAX];
	size_t n = 0, i;
	json_t *area;

	json_array_foreach (areas, i, area) {
		if (n < COUNCILS_MAX)
			code[n++] = str_of(json_string_value(area));
	}
	map_councils(&out, STR("Map of Scotland: council areas with entries are darker"), code, n);
	page_put_text(p, "map", buf_view(&out));
}

/* The counts that were asked for, or those of a moment ago. */
static json_t *counts_of(struct flow *f)
{
	const struct home_state *s = f->state;
	struct str text = buf_view(&f->worker->counts.text);

	if (s->is_counting) {
		text = db_value(f->got, COUNTS, 0, 0);
		keep_counts(f, text);
	}
	return json_loadb(text.at, text.len, 0, NULL);
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
	page_put(&p, "settings", json_incref(json_object_get(home, "settings")));
	/* Who runs the register has them all: they are folded away. */
	if (json_array_size(json_object_get(home, "settings")) > SETTINGS_MAX)
		page_put(&p, "many_settings",
			 json_integer(
				 (json_int_t)json_array_size(json_object_get(home, "settings"))));
	page_put(&p, "may_hook", json_boolean(principal_may(f->who, PERM_WEBHOOK_WRITE)));
	page_put(&p, "changed", json_incref(json_object_get(home, "changed")));
	page_put(&p, "counts", json_incref(json_object_get(counts, "counts")));
	page_put(&p, "bodies", json_incref(json_object_get(counts, "bodies")));
	put_map(&p, json_object_get(counts, "areas"));
	return page_end(&p, "home", PAGE_HOME, 200);
}

const struct flow_step page_home[] = {
	{"load", home_load},
	{"answer", home_answer},
	{0},
};
