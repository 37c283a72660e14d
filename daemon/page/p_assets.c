/*
 * The register as a list: its filters stand in the address, so that a list can be kept, sent
 * and opened again; a search by words also finds requests. It is of now, or of a day.
 *
 * A page goes on after the sort key and id of its last row. Its twin for programs is /v1/assets
 * with the same filters. A further filter: FILTERS here and in routes.c, the form; one that the
 * form does not have is kept by kept_table.
 */
#include "daemon/route/list_filter.h"
#include "dress.h"
#include "libassets/base/err.h"
#include "p.h"
#include "p_as_at.h"
#include "page.h"
#include "q.h"

enum { ROWS = 25, FOUND_ROWS = 10, HITS_MAX = 1000 };

/* What the form offers, and what else may stand in the address. */
static const char *const form_table[] = {"q",         "authority_id", "class",
					 "lifecycle", "postcode",     "council"};
static const struct {
	const char *name, *label;
} kept_table[] = {
	{"tenure", "tenure"},       {"decile", "decile"},
	{"cpp_id", "partnership"},  {"locality_id", "locality"},
	{"data_zone", "data zone"}, {"intermediate_zone", "intermediate zone"},
	{"near", "near"},           {"bbox", "box"},
};

/* Names of list_filter.h: those of the two tables. */
#define FILTERS                                                                                    \
	"q,authority_id,class,lifecycle,postcode,council,tenure,decile,cpp_id,locality_id,"        \
	"data_zone,intermediate_zone,near,bbox"

struct assets_state {
	struct str words; /* absent without any */
	struct str after_key, after_id;
	struct as_at at;
};

/* Where the statements stand in the batch. */
enum { LIST = PAGE_FRAME + 1, CHOICES, FOUND };

/* A parameter that was left empty in the form says nothing. */
static struct str filter_of(struct flow *f, const char *name)
{
	struct str value = flow_query(f, name);

	return value.len ? str_trim(value) : (struct str){NULL, 0};
}

static void ask(struct flow *f, const struct assets_state *s, struct str filter)
{
	struct db_batch *b = page_batch(f);
	bool is_near = flow_query(f, "near").len > 0;

	q_page_assets_add(b, &(struct q_page_assets){
				     .filter = filter,
				     .sort = is_near ? STR("distance") : STR("name"),
				     .after_key = s->after_key,
				     .after_id = s->after_id,
				     .rows = ROWS + 1,
				     .valid_on = s->at.valid_on,
				     .known_at = s->at.known_at,
			     });
	q_page_filters_add(b);
	/* Words are looked for among the requests of now. */
	if (s->words.len && !s->at.is_given)
		q_page_requests_found_add(b, &(struct q_page_requests_found){
						     .words = s->words,
						     .rows = FOUND_ROWS,
					     });
}

static enum step_result assets_load(struct flow *f)
{
	struct assets_state *s = ARENA_NEW(f->arena, struct assets_state);
	struct str filter;
	int r;

	if (!s)
		return flow_fail(f, ERR_NOMEM);
	f->state = s;
	s->words = filter_of(f, "q");
	s->after_key = filter_of(f, "after_name");
	s->after_id = filter_of(f, "after");
	if (str_is_null(s->after_id))
		s->after_key = (struct str){NULL, 0};
	r = as_at_read_page(f, &s->at);
	if (r == 0)
		r = list_filter(f, &(struct list_filter){"ast", NULL, FILTERS}, &filter);
	if (r < 0)
		return flow_fail(f, r);
	ask(f, s, filter);
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
	if (s->words.len) {
		buf_str(&out, STR(" with “"));
		buf_str(&out, s->words);
		buf_str(&out, STR("”"));
	}
	page_put_text(p, "summary", buf_view(&out));
}

/* Filters in the order of the tables, then what the caller adds; absent without room. */
static struct str address(struct flow *f, const char *path, const struct page_filter *more,
			  size_t n)
{
	struct page_filter filter[COUNT(form_table) + COUNT(kept_table) + 4];
	size_t count = 0;

	for (size_t i = 0; i < COUNT(form_table); i++)
		filter[count++] = (struct page_filter){form_table[i], filter_of(f, form_table[i])};
	for (size_t i = 0; i < COUNT(kept_table); i++)
		filter[count++] =
			(struct page_filter){kept_table[i].name, filter_of(f, kept_table[i].name)};
	for (size_t i = 0; i < n && count < COUNT(filter); i++)
		filter[count++] = more[i];
	return page_address(f->arena, path, filter, count);
}

/* The page itself, from a place on. */
static struct str page_of(struct flow *f, struct str after_key, struct str after)
{
	const struct page_filter more[] = {
		{"valid_on", filter_of(f, "valid_on")},
		{"known_on", filter_of(f, "known_on")},
		{"after_name", after_key},
		{"after", after},
	};

	return address(f, "/assets", more, COUNT(more));
}

/* The same list for programs. format: "" is JSON. */
static struct str twin_of(struct flow *f)
{
	const struct assets_state *s = f->state;
	const struct page_filter more[] = {
		{"valid_on", s->at.valid_on},
		{"known_at", s->at.known_at},
	};

	return address(f, "/v1/assets", more, COUNT(more));
}

/* What the address narrows by and the form does not show. */
static void put_kept(struct page *p, json_t *filter)
{
	json_t *kept = json_array(), *last = NULL;

	for (size_t i = 0; i < COUNT(kept_table); i++) {
		struct str value = filter_of(p->flow, kept_table[i].name);

		if (!value.len)
			continue;
		last = json_pack("{s:s, s:s, s:s%}", "name", kept_table[i].name, "label",
				 kept_table[i].label, "value", value.at, value.len);
		if (json_array_append_new(kept, last) && !p->err)
			p->err = ERR_NOMEM;
	}
	if (last)
		page_put_in(p, last, "is_last", json_true());
	page_put_in(p, filter, "has_kept", json_boolean(json_array_size(kept)));
	page_put_in(p, filter, "kept", kept);
}

/* What the form shows: everything there is to choose, and what is chosen. */
static void put_filters(struct page *p)
{
	static const char *const lifecycle[] = {"IN_USE",    "SURPLUS",     "PREPARING",
						"MARKETING", "UNDER_OFFER", "DISPOSED"};
	static const char *const text[] = {"q", "postcode"};
	struct flow *f = p->flow;
	json_t *filter = page_item(f, CHOICES);
	bool is_set = false;

	page_put(p, "filter", filter);
	for (size_t i = 0; i < COUNT(form_table); i++)
		is_set |= filter_of(f, form_table[i]).len > 0;
	for (size_t i = 0; i < COUNT(text); i++) {
		struct str value = filter_of(f, text[i]);

		page_put_in(p, filter, text[i], json_stringn(value.at ? value.at : "", value.len));
	}
	put_kept(p, filter);
	is_set |= json_is_true(json_object_get(filter, "has_kept"));
	page_put_in(p, filter, "is_set", json_boolean(is_set));
	page_put_in(p, filter, "lifecycles",
		    page_choices(STR("lifecycle"), lifecycle, COUNT(lifecycle)));
	page_choose(p, json_object_get(filter, "authorities"), filter_of(f, "authority_id"));
	page_choose(p, json_object_get(filter, "councils"), filter_of(f, "council"));
	page_choose(p, json_object_get(filter, "classes"), filter_of(f, "class"));
	page_choose(p, json_object_get(filter, "lifecycles"), filter_of(f, "lifecycle"));
}

/* "&valid_on=…" of the page, on which a link to one of its items goes on. */
static struct str as_at_query(struct flow *f)
{
	const struct page_filter filter[] = {
		{"valid_on", filter_of(f, "valid_on")},
		{"known_on", filter_of(f, "known_on")},
	};

	return page_address(f->arena, "", filter, COUNT(filter));
}

/* How far it lies from the point that was asked for, as people say it. */
static void put_distance(struct page *p, json_t *row)
{
	const json_t *metres = json_object_get(row, "distance_m");
	CLEANUP(buf_done) struct buf words = BUF(64);
	int64_t m = json_integer_value(metres);

	if (!json_is_integer(metres))
		return;
	if (m < 1000)
		buf_fmt(&words, "%d m", (int)m);
	else
		buf_fmt(&words, "%d.%d km", (int)(m / 1000), (int)(m % 1000 / 100));
	page_put_in(p, json_object_get(row, "item"), "distance_words", json_string(words.at));
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
	page_put_text(p, "as_at_query", as_at_query(f));
	if (s->after_id.at)
		page_put_text(p, "first", page_of(f, STR(""), STR("")));
	if (is_more && q_page_assets_row(f->got, LIST, ROWS - 1, &last) == 0) {
		json_array_remove(items, ROWS);
		page_put_text(p, "next", page_of(f, last.key, last.id));
	}
	json_array_foreach (items, i, row) {
		page_put_label(p, json_object_get(row, "item"),
			       json_object_get(row, "class_label"));
		put_distance(p, row);
	}
	page_put(p, "has_pages", json_boolean(is_more || s->after_id.at));
}

/* This list as files; for whoever is signed in what they may see. */
static void put_files(struct page *p)
{
	static const char *const format[] = {"xlsx", "csv", "lga", "catr", "geojson", "ndjson"};

	for (size_t i = 0; i < COUNT(format); i++) {
		const struct page_filter more[] = {{"valid_on", filter_of(p->flow, "valid_on")},
						   {"known_on", filter_of(p->flow, "known_on")},
						   {"format", str_of(format[i])}};
		struct str key = arena_fmt(p->flow->arena, "file_%s", format[i]);

		page_put_text(p, key.at ? key.at : "file",
			      address(p->flow, "/downloads/assets", more, COUNT(more)));
	}
}

static enum step_result assets_answer(struct flow *f)
{
	const struct assets_state *s = f->state;
	struct page p = page_begin(f, "Register of land and buildings");
	struct q_page_assets_row first = {.hits = 0};

	if (q_page_assets_count(f->got, LIST) > 0)
		p.err = q_page_assets_row(f->got, LIST, 0, &first);
	page_crumb(&p, "/", STR("Home"));
	put_filters(&p);
	as_at_put(&p, &s->at, address(f, "/assets", NULL, 0));
	put_items(&p, s);
	put_summary(&p, s, first.hits);
	if (s->words.len && !s->at.is_given)
		page_put(&p, "requests", page_items(f, FOUND));
	page_put_text(&p, "json_twin", twin_of(f));
	put_files(&p);
	page_put_text(&p, "follow", address(f, "/follow", NULL, 0));
	page_put_text(&p, "change", address(f, "/assets/change", NULL, 0));
	return page_end(&p, "assets", PAGE_REGISTER, 200);
}

const struct flow_step page_assets[] = {
	{"load", assets_load},
	{"answer", assets_answer},
	{0},
};
