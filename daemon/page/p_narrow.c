/*
 * See p_narrow.h. A list is asked for with one row too many: that one says that there is more.
 */
#include "p_narrow.h"

#include "daemon/route/list_filter.h"
#include "dress.h"
#include "filter_words.h"
#include "form.h"
#include "libassets/base/err.h"
#include "libassets/register/asset.h"
#include "map.h"
#include "q.h"

enum { ROWS = 25, HITS_MAX = 1000 };

/* What narrow_ask adds to the batch. */
enum { LIST, CHOICES, NAMES };

/* What the form offers, and what else may stand in the address. */
static const char *const form_table[] = {"q",         "authority_id", "class",
					 "lifecycle", "postcode",     "council"};
/* in_all: all that is said where the address says nothing to people, as an id or a corner of the
 * map. label: what it is called where it has a name of its own. */
static const struct {
	const char *name, *in_all, *label;
} kept_table[] = {
	{.name = "tenure"},
	{.name = "decile"},
	{.name = "cpp_id", .in_all = "one partnership", .label = "partnership"},
	{.name = "locality_id", .in_all = "one locality", .label = "locality"},
	{.name = "data_zone"},
	{.name = "intermediate_zone"},
	{.name = "near", .in_all = "near a place"},
	{.name = "bbox", .in_all = "a part of the map"},
};

/* What the form offers as lists. in_all: what is said above the results where it has no name. */
static const struct {
	const char *name, *choices, *in_all;
} choice_table[] = {
	{.name = "authority_id", .choices = "authorities", .in_all = "one public body"},
	{.name = "class", .choices = "classes"},
	{.name = "lifecycle", .choices = "lifecycles"},
	{.name = "council", .choices = "councils"},
};

static const char *const named_table[] = {"authority_id", "cpp_id", "locality_id"};

/* Bytes that are said of one filter; values that are named. */
enum { WORDS_MAX = 4000, VALUES_MAX = 20 };

struct str narrow_value(struct flow *f, const char *name)
{
	struct str value = flow_query(f, name);

	return value.len ? str_trim(value) : (struct str){NULL, 0};
}

int narrow_read(struct flow *f, const char *path, struct narrow *ret)
{
	int r;

	ret->path = path;
	ret->after_key = narrow_value(f, "after_name");
	ret->after_id = narrow_value(f, "after");
	if (str_is_null(ret->after_id))
		ret->after_key = (struct str){NULL, 0};
	r = as_at_read_page(f, &ret->at);
	if (r == 0)
		r = list_filter(f, &(struct list_filter){"ast", NULL, NARROW_FILTERS},
				&ret->filter);
	return r;
}

/* The ids whose names the page says. */
static struct str named_ids(struct flow *f)
{
	struct str id[COUNT(named_table) * VALUES_MAX];
	size_t n = 0;

	for (size_t i = 0; i < COUNT(named_table); i++) {
		struct str rest = narrow_value(f, named_table[i]);

		for (size_t k = 0; rest.len && k < VALUES_MAX; k++)
			id[n++] = str_trim(str_cut(rest, ',', &rest));
	}
	return db_text_array(f->arena, id, n);
}

void narrow_ask(struct flow *f, struct db_batch *b, const struct narrow *n)
{
	bool is_near = flow_query(f, "near").len > 0;

	q_page_assets_add(b, &(struct q_page_assets){
				     .filter = n->filter,
				     .sort = is_near ? STR("distance") : STR("name"),
				     .after_key = n->after_key,
				     .after_id = n->after_id,
				     .rows = ROWS + 1,
				     .valid_on = n->at.valid_on,
				     .known_at = n->at.known_at,
			     });
	q_page_filters_add(b);
	q_page_names_add(b, &(struct q_page_names){.ids = named_ids(f)});
}

/* "14 entries", "1 entry", "more than 1,000 entries", and with which words. */
static void put_summary(struct page *p, const struct narrow *n, int64_t hits)
{
	struct str words = narrow_value(p->flow, "q");
	CLEANUP(buf_done) struct buf out = BUF(8192);

	if (n->after_id.at) {
		buf_str(&out, STR("Further entries"));
	} else {
		if (hits > HITS_MAX)
			buf_str(&out, STR("More than "));
		dress_count(&out, hits > HITS_MAX ? HITS_MAX : hits);
		buf_str(&out, hits == 1 ? STR(" entry") : STR(" entries"));
	}
	if (words.len) {
		buf_str(&out, STR(" with “"));
		buf_str(&out, words);
		buf_str(&out, STR("”"));
	}
	page_put_text(p, "summary", buf_view(&out));
}

/* Filters in the order of the tables. */
struct str narrow_address(struct flow *f, const char *path, const struct page_filter *more,
			  size_t n)
{
	struct page_filter filter[COUNT(form_table) + COUNT(kept_table) + 4];
	size_t count = 0;

	for (size_t i = 0; i < COUNT(form_table); i++)
		filter[count++] =
			(struct page_filter){form_table[i], narrow_value(f, form_table[i])};
	for (size_t i = 0; i < COUNT(kept_table); i++)
		filter[count++] = (struct page_filter){kept_table[i].name,
						       narrow_value(f, kept_table[i].name)};
	for (size_t i = 0; i < n && count < COUNT(filter); i++)
		filter[count++] = more[i];
	return page_address(f->arena, path, filter, count);
}

/* The page itself, from a place on. */
static struct str page_of(struct flow *f, const struct narrow *n, struct str after_key,
			  struct str after)
{
	const struct page_filter more[] = {
		{"valid_on", narrow_value(f, "valid_on")},
		{"known_on", narrow_value(f, "known_on")},
		{"after_name", after_key},
		{"after", after},
	};

	return narrow_address(f, n->path, more, COUNT(more));
}

/* What the address narrows by and the form does not show. */
static void put_kept(struct page *p, json_t *filter)
{
	struct page_filter kept[COUNT(kept_table)];

	for (size_t i = 0; i < COUNT(kept); i++)
		kept[i] = (struct page_filter){kept_table[i].name,
					       narrow_value(p->flow, kept_table[i].name)};
	page_put_in(p, filter, "kept", page_kept(kept, COUNT(kept)));
}

/* --- what narrows it, in words ------------------------------------------------------------ */

/* What one value is called: by the form's choices, by the register, by the map. Absent: nothing has
 * its name. */
static struct str name_of(struct flow *f, struct str id, const json_t *choices, const json_t *names)
{
	const char *name = page_text(names, arena_str(f->arena, id).at);
	const json_t *choice;
	size_t i;

	json_array_foreach (choices, i, choice) {
		if (str_eq(str_of(page_text(choice, "id")), id))
			return str_of(page_text(choice, "name"));
	}
	return *name ? str_of(name) : map_council_name(id);
}

/* "Hall, Depot" of HALL,DEPOT; what has no name stands as it is. Absent without room. */
static struct str names_of(struct flow *f, struct str value, const json_t *choices,
			   const json_t *names)
{
	CLEANUP(buf_done) struct buf out = BUF(WORDS_MAX);

	while (value.len) {
		struct str one = str_trim(str_cut(value, ',', &value));
		struct str name = name_of(f, one, choices, names);

		buf_str(&out, name.len ? name : one);
		buf_str(&out, value.len ? STR(", ") : STR(""));
	}
	return buf_err(&out) < 0 ? (struct str){NULL, 0} : arena_str(f->arena, buf_view(&out));
}

/* shown: "" where the label says it all. */
static void add_narrowed(struct page *p, json_t *list, const char *label, struct str shown)
{
	json_t *one = json_pack("{s:s, s:b}", "label", label, "is_said", true);

	if (shown.len)
		page_put_in(p, one, "shown", json_stringn(shown.at, shown.len));
	if (json_array_append_new(list, one) && !p->err)
		p->err = ERR_NOMEM;
}

/* Choose in the form's lists, and say what is chosen. */
static void put_chosen(struct page *p, json_t *filter, const json_t *names, json_t *narrowed)
{
	for (size_t i = 0; i < COUNT(choice_table); i++) {
		json_t *choices = json_object_get(filter, choice_table[i].choices);
		struct str value = narrow_value(p->flow, choice_table[i].name);
		struct str words = names_of(p->flow, value, choices, names);
		const char *in_all = choice_table[i].in_all;
		bool is_nameless = in_all && str_eq(words, value);

		if (is_nameless)
			words = STR("");
		page_choose_named(p, choices, value, words);
		if (value.len)
			add_narrowed(p, narrowed,
				     is_nameless ? in_all
						 : filter_label(str_of(choice_table[i].name)),
				     words);
	}
}

/* What the form keeps without showing it, by its name where it has one. */
static void add_kept(struct page *p, const json_t *names, json_t *narrowed)
{
	for (size_t i = 0; i < COUNT(kept_table); i++) {
		const char *name = kept_table[i].name, *label = kept_table[i].label;
		struct str value = narrow_value(p->flow, name);
		struct str called = label ? names_of(p->flow, value, NULL, names) : value;
		CLEANUP(buf_done) struct buf words = BUF(WORDS_MAX);

		if (!value.len)
			continue;
		if (called.len && !str_eq(called, value)) {
			add_narrowed(p, narrowed, label, called);
		} else if (kept_table[i].in_all) {
			add_narrowed(p, narrowed, kept_table[i].in_all, STR(""));
		} else {
			filter_value(&words, str_of(name), value);
			add_narrowed(p, narrowed, filter_label(str_of(name)), buf_view(&words));
		}
	}
}

/* The list's own heading has the words that were searched for. */
static void put_narrowed(struct page *p, json_t *filter, const json_t *names)
{
	struct str postcode = narrow_value(p->flow, "postcode");
	json_t *narrowed = json_array();

	put_chosen(p, filter, names, narrowed);
	if (postcode.len)
		add_narrowed(p, narrowed, filter_label(STR("postcode")), postcode);
	add_kept(p, names, narrowed);
	if (json_array_size(narrowed))
		page_put_in(p, json_array_get(narrowed, json_array_size(narrowed) - 1), "is_last",
			    json_true());
	page_put(p, "narrowed", narrowed);
}

/* --- the page ----------------------------------------------------------------------------- */

/* What the form shows: everything there is to choose, and what is chosen. */
static void put_filters(struct page *p, const struct narrow *n, int at)
{
	static const char *const text[] = {"q", "postcode"};
	struct flow *f = p->flow;
	json_t *filter = page_item(f, at + CHOICES);
	json_auto_t *names = page_item(f, at + NAMES);
	bool is_set = false;

	page_put(p, "filter", filter);
	page_put_in(p, filter, "path", json_string(n->path));
	for (size_t i = 0; i < COUNT(form_table); i++)
		is_set |= narrow_value(f, form_table[i]).len > 0;
	for (size_t i = 0; i < COUNT(text); i++) {
		struct str value = narrow_value(f, text[i]);

		page_put_in(p, filter, text[i], json_stringn(value.at ? value.at : "", value.len));
	}
	put_kept(p, filter);
	is_set |= json_array_size(json_object_get(filter, "kept")) > 0;
	page_put_in(p, filter, "is_set", json_boolean(is_set));
	page_put_in(p, filter, "lifecycles", form_choices(p, &asset_shape, "lifecycle"));
	put_narrowed(p, filter, names);
}

/* "&valid_on=…" of the page, on which a link to one of its items goes on. */
static struct str as_at_query(struct flow *f)
{
	const struct page_filter filter[] = {
		{"valid_on", narrow_value(f, "valid_on")},
		{"known_on", narrow_value(f, "known_on")},
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
static void put_items(struct page *p, const struct narrow *n, int at)
{
	struct flow *f = p->flow;
	json_t *items = page_items(f, at), *row;
	struct q_page_assets_row last;
	bool is_more = q_page_assets_count(f->got, at) > ROWS;
	size_t i;

	page_put(p, "items", items);
	page_put_text(p, "as_at_query", as_at_query(f));
	if (n->after_id.at)
		page_put_text(p, "first", page_of(f, n, STR(""), STR("")));
	if (is_more && q_page_assets_row(f->got, at, ROWS - 1, &last) == 0) {
		json_array_remove(items, ROWS);
		page_put_text(p, "next", page_of(f, n, last.key, last.id));
	}
	json_array_foreach (items, i, row) {
		page_put_label(p, json_object_get(row, "item"),
			       json_object_get(row, "class_label"));
		put_distance(p, row);
	}
	page_put(p, "has_pages", json_boolean(is_more || n->after_id.at));
}

void narrow_put(struct page *p, const struct narrow *n, int at)
{
	struct q_page_assets_row first = {.hits = 0};

	if (q_page_assets_count(p->flow->got, at + LIST) > 0)
		p->err = q_page_assets_row(p->flow->got, at + LIST, 0, &first);
	put_filters(p, n, at);
	as_at_put(p, &n->at, narrow_address(p->flow, n->path, NULL, 0));
	put_items(p, n, at + LIST);
	put_summary(p, n, first.hits);
}
