/*
 * The pairs of land of one authority: what boundaries propose, what officers confirmed and
 * rejected, each with the form that decides. Who has no role there finds nothing here. The forms go
 * the steps of the API (h_land_pair.c, p_land.c) and come back here.
 */
#include "daemon/flow/flow_rescue.h"
#include "p.h"
#include "p_land.h"
#include "q.h"

/* Of one page; one more is asked for, to know whether there is a next one. */
enum { ROWS = 50 };
enum { LIST = PAGE_FRAME + 1 };

static const struct {
	const char *state, *show, *label;
} show_table[] = {
	{"PROPOSED", "proposed", "To decide"},
	{"CONFIRMED", "confirmed", "Overlaps"},
	{"REJECTED", "rejected", "Does not overlap"},
};

static size_t shown(struct flow *f)
{
	bool is_form = f->request->method == METHOD_POST; /* one of its forms, which was refused */
	struct str asked = is_form ? flow_form(f, "show") : flow_query(f, "show");

	for (size_t i = 0; i < COUNT(show_table); i++) {
		if (str_eq(asked, str_of(show_table[i].show)))
			return i;
	}
	return 0;
}

static enum step_result list_load(struct flow *f)
{
	struct str after = flow_query(f, "after");

	q_page_pairs_add(page_batch(f),
			 &(struct q_page_pairs){.authority_id = f->param[0],
						.state = str_of(show_table[shown(f)].state),
						.after = after.len ? after : (struct str){NULL, 0},
						.rows = ROWS + 1});
	return flow_send(f);
}

static struct str address(struct flow *f, size_t show, const char *after)
{
	return arena_fmt(f->arena, "/authorities/%s/pairs?show=%s%s%s", f->param[0].at,
			 show_table[show].show, after ? "&after=" : "", after ? after : "");
}

/* The three lists, each with how many there are. */
static void put_tabs(struct page *p, const json_t *counts)
{
	json_t *tabs = json_array();

	for (size_t i = 0; i < COUNT(show_table); i++) {
		struct str href = address(p->flow, i, NULL);
		json_int_t n = json_integer_value(json_object_get(counts, show_table[i].state));

		if (json_array_append_new(tabs, json_pack("{s:s%, s:s, s:I, s:b}", "href",
							  href.at ? href.at : "", href.len, "label",
							  show_table[i].label, "number", n,
							  "is_current", i == shown(p->flow))))
			p->err = ERR_NOMEM;
	}
	page_put(p, "tabs", tabs);
}

static void put_next(struct page *p, json_t *pairs)
{
	const char *last;
	struct str next;

	if (json_array_size(pairs) <= ROWS)
		return;
	(void)json_array_remove(pairs, ROWS);
	last = json_string_value(json_object_get(json_array_get(pairs, ROWS - 1), "id"));
	next = address(p->flow, shown(p->flow), last);
	page_put_text(p, "next", next);
}

static enum step_result list_answer(struct flow *f)
{
	struct q_page_pairs_row row;
	int r = q_page_pairs_one(f->got, LIST, &row);
	json_auto_t *root = NULL;
	json_t *authority, *pairs;
	struct page p;

	if (r < 0)
		return flow_fail(f, r);
	root = json_loadb(row.body.at, row.body.len, 0, NULL);
	authority = json_object_get(root, "authority");
	pairs = json_object_get(root, "pairs");
	p = page_begin(f, "Land that may overlap");
	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, "/assets", STR("Register"));
	put_tabs(&p, json_object_get(root, "counts"));
	put_next(&p, pairs);
	page_put(&p, "authority", json_incref(authority));
	page_put(&p, "pairs", json_incref(pairs));
	page_put(&p, "show", json_string(show_table[shown(f)].show));
	land_put_pairs(&p, pairs);
	page_put(&p, "is_deciding", json_boolean(shown(f) == 0));
	page_put_of(&p, p.data, "may_decide", root);
	page_put_text(&p, "file_query",
		      arena_fmt(f->arena, "either_authority_id=%s&state=%s", f->param[0].at,
				show_table[shown(f)].state));
	return page_end(&p, "pairs", PAGE_REGISTER, flow_rescued_status(f));
}

const struct flow_step page_pairs[] = {
	{"load", list_load},
	{"answer", list_answer},
	{0},
};
