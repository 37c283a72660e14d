/*
 * The register as a list: its filters stand in the address, so that a list can be kept, sent
 * and opened again; a search by words also finds requests.
 *
 * A page goes on after the name and id of its last row. Its twin for programs is /v1/assets with
 * the same filters. A further filter: struct assets_state, the statement, put_filters().
 */
#include "dress.h"
#include "libassets/err.h"
#include "p.h"
#include "page.h"
#include "q.h"

enum { ROWS = 25, FOUND_ROWS = 10, WORDS_MAX = 8, HITS_MAX = 1000 };

/* Bytes: one of the address becomes four at most, and each word has five more around it. */
enum { PATTERNS_MAX = 4 * HTTP_TARGET_MAX + 8 * WORDS_MAX };

struct assets_state {
	struct str words, authority_id, class, lifecycle;
	struct str patterns; /* of the words; absent without any */
	struct str after_name, after_id;
};

/* Where the statements stand in the batch. */
enum { LIST = PAGE_FRAME + 1, FILTERS, FOUND };

/*
 * A word as an element of the text of an array of LIKE patterns: its own wildcards and the
 * array's quotes are taken for what they are.
 */
static void put_pattern(struct buf *out, struct str word)
{
	buf_str(out, STR("\"%"));
	for (size_t i = 0; i < word.len; i++) {
		char c = word.at[i];

		if (c == '%' || c == '_')
			buf_str(out, STR("\\\\"));
		else if (c == '\\')
			buf_str(out, STR("\\\\\\"));
		else if (c == '"')
			buf_char(out, '\\');
		buf_char(out, c);
	}
	buf_str(out, STR("%\""));
}

/* {"%old%","%hall%"}, absent when there is no word. */
static struct str patterns_of(struct arena *a, struct str words)
{
	CLEANUP(buf_done) struct buf out = BUF(PATTERNS_MAX);
	int n = 0;

	while (words.at && n < WORDS_MAX) {
		struct str rest = {NULL, 0};
		struct str word = str_trim(str_cut(words, ' ', &rest));

		words = rest;
		if (word.len == 0)
			continue;
		buf_char(&out, n++ ? ',' : '{');
		put_pattern(&out, word);
	}
	buf_char(&out, '}');
	return n ? arena_str(a, buf_view(&out)) : (struct str){NULL, 0};
}

/* A parameter that was left empty in the form says nothing. */
static struct str filter_of(struct flow *f, const char *name)
{
	struct str value = flow_query(f, name);

	return value.len ? str_trim(value) : (struct str){NULL, 0};
}

static enum step_result assets_load(struct flow *f)
{
	struct assets_state *s = ARENA_NEW(f->arena, struct assets_state);
	struct db_batch *b = page_batch(f);

	if (!s)
		return flow_fail(f, ERR_NOMEM);
	f->state = s;
	s->words = filter_of(f, "q");
	s->patterns = patterns_of(f->arena, s->words);
	if (s->words.len && str_is_null(s->patterns))
		return flow_fail(f, ERR_NOMEM);
	s->authority_id = filter_of(f, "authority_id");
	s->class = filter_of(f, "class");
	s->lifecycle = filter_of(f, "lifecycle");
	s->after_name = filter_of(f, "after_name");
	s->after_id = filter_of(f, "after");
	if (str_is_null(s->after_id))
		s->after_name = (struct str){NULL, 0};
	q_page_assets_add(b, &(struct q_page_assets){
				     .patterns = s->patterns,
				     .authority_id = s->authority_id,
				     .class = s->class,
				     .lifecycle = s->lifecycle,
				     .after_name = s->after_name,
				     .after_id = s->after_id,
				     .rows = ROWS + 1,
			     });
	q_page_filters_add(b);
	if (s->patterns.at)
		q_page_requests_found_add(b, &(struct q_page_requests_found){
						     .patterns = s->patterns,
						     .rows = FOUND_ROWS,
					     });
	return flow_send(f);
}

/* "14 entries", "1 entry", "more than 1,000 entries", and with which words. */
static void put_summary(struct page *p, const struct assets_state *s, int64_t hits)
{
	CLEANUP(buf_done) struct buf out = BUF(8192);

	if (s->after_id.at) {
		buf_str(&out, STR("Further entries"));
	} else {
		if (hits > HITS_MAX)
			buf_str(&out, STR("More than "));
		dress_count(&out, hits > HITS_MAX ? HITS_MAX : hits);
		buf_str(&out, hits == 1 ? STR(" entry") : STR(" entries"));
	}
	if (s->patterns.at) {
		buf_str(&out, STR(" with “"));
		buf_str(&out, s->words);
		buf_str(&out, STR("”"));
	}
	page_put_text(p, "summary", buf_view(&out));
}

static struct str address(struct flow *f, const char *path, struct str after_name, struct str after)
{
	const struct assets_state *s = f->state;
	const struct page_filter filter[] = {
		{"q", s->words},
		{"authority_id", s->authority_id},
		{"class", s->class},
		{"lifecycle", s->lifecycle},
		{"after_name", after_name},
		{"after", after},
	};

	return page_address(f->arena, path, filter, COUNT(filter));
}

/* What the form shows: everything there is to choose, and what is chosen. */
static void put_filters(struct page *p, const struct assets_state *s)
{
	static const char *const lifecycle[] = {"IN_USE",    "SURPLUS",     "PREPARING",
						"MARKETING", "UNDER_OFFER", "DISPOSED"};
	json_t *filter = page_item(p->flow, FILTERS);
	bool is_set = s->words.at || s->authority_id.at || s->class.at || s->lifecycle.at;

	page_put(p, "filter", filter);
	page_put_in(p, filter, "lifecycles",
		    page_choices(STR("lifecycle"), lifecycle, COUNT(lifecycle)));
	page_put_in(p, filter, "q", json_stringn(s->words.at ? s->words.at : "", s->words.len));
	page_put_in(p, filter, "is_set", json_boolean(is_set));
	page_choose(p, json_object_get(filter, "authorities"), s->authority_id);
	page_choose(p, json_object_get(filter, "classes"), s->class);
	page_choose(p, json_object_get(filter, "lifecycles"), s->lifecycle);
}

/* The list, which was asked for with one row too many: that one says that there is more. */
static void put_items(struct page *p, const struct assets_state *s)
{
	struct flow *f = p->flow;
	json_t *items = page_items(f, LIST), *row;
	struct q_page_assets_row last;
	bool is_more = q_page_assets_count(f->got, LIST) > ROWS;
	size_t i;

	page_put(p, "items", items);
	if (s->after_id.at)
		page_put_text(p, "first", address(f, "/assets", STR(""), STR("")));
	if (is_more && q_page_assets_row(f->got, LIST, ROWS - 1, &last) == 0) {
		json_array_remove(items, ROWS);
		page_put_text(p, "next", address(f, "/assets", last.name, last.id));
	}
	json_array_foreach (items, i, row)
		page_put_label(p, json_object_get(row, "item"),
			       json_object_get(row, "class_label"));
	page_put(p, "has_pages", json_boolean(is_more || s->after_id.at));
}

static enum step_result assets_answer(struct flow *f)
{
	const struct assets_state *s = f->state;
	struct page p = page_begin(f, "Register of land and buildings");
	struct q_page_assets_row first = {.hits = 0};

	if (q_page_assets_count(f->got, LIST) > 0)
		p.err = q_page_assets_row(f->got, LIST, 0, &first);
	page_crumb(&p, "/", STR("Home"));
	put_filters(&p, s);
	put_items(&p, s);
	put_summary(&p, s, first.hits);
	if (s->patterns.at)
		page_put(&p, "requests", page_items(f, FOUND));
	page_put_text(&p, "twin", address(f, "/v1/assets", STR(""), STR("")));
	return page_end(&p, "assets", PAGE_REGISTER, 200);
}

const struct flow_step page_assets[] = {
	{"load", assets_load},
	{"answer", assets_answer},
	{0},
};
