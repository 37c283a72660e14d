/*
 * What somebody else changed of an asset while a form of it was being filled in. See
 * p_asset_form.h.
 *
 * Fields that only the other changed are as the other left them; in those that both changed what
 * was typed stands, with theirs beside it. So saving again takes nothing away that its reader did
 * not see.
 */
#include "beside.h"
#include "daemon/route/h.h"
#include "dress.h"
#include "libassets/shape/shape_form.h"
#include "p_asset_form.h"

/* Bytes of a sentence with both values; where they need more it says that they differ. */
enum { SENTENCE_MAX = 32 * 1024, GLANCE_MAX = 400 };
/* Changes that an asset's page tells. */
enum { HISTORY_ROWS = 20 };

/* Of a partnership, a place, a body: a change has not its name, which may be another by now. */
static bool is_id(const json_t *value)
{
	return shape_is_id((struct str){json_string_value(value), json_string_length(value)});
}

/* Lines that somebody wrote have stops of their own, so it is said where they begin and end. */
static void put_value(struct buf *out, const struct form_row *row, const json_t *value)
{
	bool is_quoted = row->kind == FORM_LINES && json_is_string(value);

	buf_str(out, is_quoted ? STR("“") : STR(""));
	form_value(out, row, value);
	buf_str(out, is_quoted ? STR("”") : STR(""));
}

/* From nothing to something, and the other way, is said as what was done. */
static void put_step(struct buf *out, const struct form_row *row, const json_t *was,
		     const json_t *is_now)
{
	bool is_first = json_is_null(was) || !was, is_last = json_is_null(is_now) || !is_now;

	if (!is_first || is_last)
		put_value(out, row, was);
	buf_str(out, is_last ? STR(" was taken out") : is_first ? STR("set to ") : STR(" became "));
	if (!is_last)
		put_value(out, row, is_now);
}

static void add_sentence(json_t *list, const struct form_row *row, const json_t *was,
			 const json_t *is_now, size_t most)
{
	CLEANUP(buf_done) struct buf out = BUF(most);

	buf_fmt(&out, "%s: ", row->label);
	put_step(&out, row, was, is_now);
	if (buf_err(&out) == 0 && !is_id(was) && !is_id(is_now))
		json_array_append_new(list, json_stringn(out.at, out.len));
	else
		json_array_append_new(list, json_sprintf("%s was changed", row->label));
}

/* " from 1 April 2016"; nothing without a day. */
static void put_day(struct buf *out, const char *before, const char *text)
{
	struct day day;

	if (day_parse(str_of(text), &day) < 0)
		return;
	buf_str(out, str_of(before));
	dress_day(out, day);
}

/* "3 from 1 April 2016, 2 until 31 March 2020"; "none" without any. */
static void put_duties(struct buf *out, const json_t *duties)
{
	const json_t *duty;
	size_t i;

	if (!json_array_size(duties))
		buf_str(out, STR("none"));
	json_array_foreach (duties, i, duty) {
		buf_fmt(out, "%s%lld", i ? ", " : "",
			(long long)json_integer_value(json_object_get(duty, "schedule")));
		put_day(out, " from ", page_text(duty, "from_on"));
		put_day(out, " until ", page_text(duty, "to_on"));
	}
}

static void add_duties(json_t *list, const json_t *was, const json_t *is_now)
{
	CLEANUP(buf_done) struct buf out = BUF(SENTENCE_MAX);

	buf_str(&out, STR("Schedules of the 2015 Act: "));
	if (json_array_size(was))
		put_duties(&out, was);
	buf_str(&out, json_array_size(was) ? STR(" became ") : STR("set to "));
	put_duties(&out, is_now);
	if (buf_err(&out) == 0)
		json_array_append_new(list, json_stringn(out.at, out.len));
}

/* Did the change move that member? Only what differs stands in it, on either side. */
static bool has_moved(const json_t *change, const char *name)
{
	return json_object_get(json_object_get(change, "before"), name) ||
	       json_object_get(json_object_get(change, "after"), name);
}

static json_t *sentences(const json_t *change, const struct form *const *form, size_t n,
			 size_t most)
{
	json_t *list = json_array();

	for (size_t k = 0; k < n; k++) {
		for (size_t i = 0; i < form[k]->count; i++) {
			const struct form_row *row = &form[k]->row[i];

			if (has_moved(change, row->name))
				add_sentence(list, row,
					     json_object_get(json_object_get(change, "before"),
							     row->name),
					     json_object_get(json_object_get(change, "after"),
							     row->name),
					     most);
		}
	}
	if (has_moved(change, "owners"))
		json_array_append_new(list, json_string("The owners were changed"));
	if (has_moved(change, "duties"))
		add_duties(list, json_object_get(json_object_get(change, "before"), "duties"),
			   json_object_get(json_object_get(change, "after"), "duties"));
	return list;
}

json_t *asset_changes_told(const json_t *changes, const struct form *const *form, size_t n)
{
	json_t *list = json_array();
	const json_t *change;
	size_t i;

	json_array_foreach (changes, i, change)
		json_array_append_new(list, json_pack("{s:O, s:O, s:O, s:o}", "who",
						      json_object_get(change, "who"), "changed_at",
						      json_object_get(change, "changed_at"), "type",
						      json_object_get(change, "type"), "what",
						      sentences(change, form, n, SENTENCE_MAX)));
	return list;
}

/* Of a change that this reader is shown no field of, as what a request means for an asset moves,
 * there is nothing to tell. */
static bool says_something(const json_t *change)
{
	return strcmp(page_text(change, "type"), "asset.updated") != 0 ||
	       json_object_size(json_object_get(change, "before")) ||
	       json_object_size(json_object_get(change, "after")) || *page_text(change, "reason");
}

void asset_history_put(struct page *p, const json_t *root)
{
	json_t *history = json_array(), *all = json_object_get(root, "history"), *change;
	bool is_longer = json_array_size(all) > HISTORY_ROWS;
	size_t i;

	json_array_foreach (all, i, change) {
		if (i < HISTORY_ROWS && says_something(change))
			json_array_append(history, change);
	}
	page_put(p, "history", history);
	page_put(p, "is_longer", json_boolean(is_longer));
	json_array_foreach (history, i, change) {
		size_t n;
		const struct form *const *form = asset_forms_of(page_text(change, "type"), &n);

		page_put_in(p, change, "what", sentences(change, form, n, GLANCE_MAX));
	}
}

/* What the field held when the form began: before the first of the changes that moved it. */
static const json_t *began_with(const json_t *changes, const char *name)
{
	const json_t *change;
	size_t i;

	json_array_foreach (changes, i, change) {
		if (has_moved(change, name)) {
			const json_t *was =
				json_object_get(json_object_get(change, "before"), name);

			return was ? was : json_null();
		}
	}
	return NULL;
}

static void tell_theirs(struct flow *f, const struct form_row *row, const json_t *value)
{
	CLEANUP(buf_done) struct buf theirs = BUF(SENTENCE_MAX);

	form_value(&theirs, row, value);
	if (buf_err(&theirs) == 0)
		h_flaw(f, row->name, "CONFLICT",
		       arena_fmt(f->arena, "Somebody else made this “%s” meanwhile.", theirs.at),
		       STR("What you wrote takes its place when you save."));
}

/*
 * A field that was left as the form began it takes what the other made of it; of one that was
 * changed here too it is said what the other wrote.
 */
void asset_changes_meet(struct page *p, const struct form *form, json_t *sent, const json_t *stored,
			const json_t *changes, const json_t *choices)
{
	for (size_t i = 0; i < form->count; i++) {
		const struct form_row *row = &form->row[i];
		const json_t *began = began_with(changes, row->name);
		const json_t *typed = json_object_get(sent, row->name);
		json_auto_t *first = began ? form_shown(row, began) : NULL;
		json_auto_t *now = form_shown(row, json_object_get(stored, row->name));

		beside_put_row(p, &(struct beside){form, row, json_object_get(stored, row->name),
						   typed, began, choices, changes != NULL});
		if (!first || !typed || !now)
			continue;
		if (json_equal(first, typed))
			json_object_del(sent, row->name);
		else if (!json_equal(now, typed))
			tell_theirs(p->flow, row, json_object_get(stored, row->name));
	}
}
