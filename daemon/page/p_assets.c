/*
 * The register as a list: its filters stand in the address, so that a list can be kept, sent
 * and opened again; a search by words also finds requests. It is of now, or of a day.
 *
 * Its twin for programs is /v1/assets with the same filters, its twin in space p_map.c.
 */
#include "p.h"
#include "p_narrow.h"
#include "page.h"
#include "page_feed.h"
#include "q.h"

enum { FOUND_ROWS = 10 };

struct assets_state {
	struct str words; /* absent without any */
	struct narrow narrow;
};

/* Where the statements stand in the batch: narrow_ask's three, and one of requests. */
enum { LIST = PAGE_FRAME + 1, FOUND = LIST + 3 };

static enum step_result assets_load(struct flow *f)
{
	struct assets_state *s = ARENA_NEW(f->arena, struct assets_state);
	struct db_batch *b;
	int r;

	if (!s)
		return flow_fail(f, ERR_NOMEM);
	f->state = s;
	s->words = narrow_value(f, "q");
	r = narrow_read(f, "/assets", &s->narrow);
	if (r < 0)
		return flow_fail(f, r);
	b = page_batch(f);
	narrow_ask(f, b, &s->narrow);
	/* Words are looked for among the requests of now. */
	if (s->words.len && !s->narrow.at.is_given)
		q_page_requests_found_add(b, &(struct q_page_requests_found){
						     .words = s->words,
						     .rows = FOUND_ROWS,
					     });
	return flow_send(f);
}

/* The same list for programs. format: "" is JSON. */
static struct str twin_of(struct flow *f)
{
	const struct assets_state *s = f->state;
	const struct page_filter more[] = {
		{"valid_on", s->narrow.at.valid_on},
		{"known_at", s->narrow.at.known_at},
	};

	return narrow_address(f, "/v1/assets", more, COUNT(more));
}

/* This list as files; for whoever is signed in what they may see. */
static void put_files(struct page *p)
{
	static const char *const format[] = {"xlsx", "csv", "lga", "catr", "geojson", "ndjson"};

	for (size_t i = 0; i < COUNT(format); i++) {
		const struct page_filter more[] = {{"valid_on", narrow_value(p->flow, "valid_on")},
						   {"known_on", narrow_value(p->flow, "known_on")},
						   {"format", str_of(format[i])}};
		struct str key = arena_fmt(p->flow->arena, "file_%s", format[i]);

		page_put_text(p, key.at ? key.at : "file",
			      narrow_address(p->flow, "/downloads/assets", more, COUNT(more)));
	}
}

static enum step_result assets_answer(struct flow *f)
{
	const struct assets_state *s = f->state;
	const struct page_filter days[] = {{"valid_on", narrow_value(f, "valid_on")},
					   {"known_on", narrow_value(f, "known_on")}};
	struct page p = page_begin(f, "Register of land and buildings");

	page_crumb(&p, "/", STR("Home"));
	narrow_put(&p, &s->narrow, LIST);
	if (s->words.len && !s->narrow.at.is_given)
		page_put(&p, "requests", page_items(f, FOUND));
	page_put_text(&p, "map", narrow_address(f, "/map", days, COUNT(days)));
	page_put_text(&p, "json_twin", twin_of(f));
	put_files(&p);
	page_put_text(&p, "follow", narrow_address(f, "/follow", NULL, 0));
	page_put_text(&p, "feed", narrow_address(f, PAGE_FEED, NULL, 0));
	page_put_text(&p, "change", narrow_address(f, "/assets/change", NULL, 0));
	return page_end(&p, "assets", PAGE_REGISTER, 200);
}

const struct flow_step page_assets[] = {
	{"load", assets_load},
	{"answer", assets_answer},
	{0},
};
