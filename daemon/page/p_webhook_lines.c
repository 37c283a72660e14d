/*
 * See p_webhook_lines.h. An entry's place in its list is not its line, since empty lines and those
 * that were no entry are passed over: a flaw is led back by reading the text once more.
 */
#include "p_webhook_lines.h"

#include "daemon/route/h.h"
#include "libassets/base/err.h"
#include "libassets/notify/webhook.h"

enum { LINES_BYTES = 64 * 1024 };

/* --- One line ------------------------------------------------------------------------------- */

/* An entry of the API's list, new; a JSON null where the line is none. NULL without memory. */
static json_t *wait_of(struct str line)
{
	int64_t seconds;

	return str_to_i64(line, &seconds) < 0 ? json_null()
					      : json_pack("{s:I}", "wait_s", (json_int_t)seconds);
}

static json_t *header_of(struct str line)
{
	struct str value, name = str_trim(str_cut(line, ':', &value));

	if (str_is_null(value))
		return json_null();
	value = str_trim(value);
	return json_pack("{s:s%, s:s%}", "name", name.at, name.len, "value", value.at, value.len);
}

static json_t *condition_of(struct str line)
{
	return json_stringn(line.at, line.len);
}

static void put_wait(struct buf *out, const json_t *entry)
{
	buf_fmt(out, "%lld", (long long)json_integer_value(json_object_get(entry, "wait_s")));
}

static void put_header(struct buf *out, const json_t *entry)
{
	buf_fmt(out, "%s: %s", page_text(entry, "name"), page_text(entry, "value"));
}

static void put_condition(struct buf *out, const json_t *entry)
{
	buf_str(out, (struct str){json_string_value(entry), json_string_length(entry)});
}

/* field: of the form; part: the member of the webhook that has the list, of that shape, NULL:
 * itself.
 */
static const struct list {
	const char *field, *part, *member;
	const struct shape *shape;
	json_t *(*read)(struct str line);
	void (*put)(struct buf *out, const json_t *entry);
	const char *detail, *cure; /* of a line that is no entry; NULL: each line is one */
	bool has_names;            /* an entry is more than one thing: which is wrong is said */
} list_table[] = {
	{"retry", NULL, "retry", &webhook_shape, wait_of, put_wait,
	 "This is not a whole number of seconds.", "Write digits alone, such as 300.", false},
	{"headers", NULL, "headers", &webhook_shape, header_of, put_header, "There is no colon.",
	 "Write a name, a colon and a value, such as X-Gateway-Key: abc.", true},
	{"filter_where", "filter", "where", &webhook_filter_shape, condition_of, put_condition,
	 NULL, NULL, false},
};

/* --- Reading -------------------------------------------------------------------------------- */

static struct str pointer_of(struct flow *f, const struct list *l)
{
	return l->part ? arena_fmt(f->arena, "/%s/%s", l->part, l->member)
		       : arena_fmt(f->arena, "/%s", l->member);
}

static void add_flaw(struct flow *f, const struct list *l, size_t line)
{
	flaw_add(&f->flaws, pointer_of(f, l), STR("BAD_FORM"),
		 arena_fmt(f->arena, "Line %zu: %s", line, l->detail), str_of(l->cure));
}

/* NULL without memory. */
static json_t *read_list(struct flow *f, const struct list *l)
{
	struct str rest = flow_form(f, l->field);
	json_t *entries = json_array(), *entry;
	bool is_whole = entries;

	for (size_t line = 1; is_whole && !str_is_null(rest); line++) {
		struct str text = str_trim(str_cut(rest, '\n', &rest));

		if (!text.len)
			continue;
		entry = l->read(text);
		if (json_is_null(entry))
			add_flaw(f, l, line);
		else
			is_whole = json_array_append_new(entries, entry) == 0;
	}
	if (!is_whole)
		json_decref(TAKE(entries));
	return entries;
}

/*
 * The body itself, or the part that has the list. Where nothing else was given of that it is made,
 * and says so of each member: what a part does not name stays as it was. NULL without memory.
 */
static json_t *owner_of(struct flow *f, const struct list *l)
{
	json_t *part = l->part ? json_object_get(f->body, l->part) : f->body;

	if (json_is_object(part))
		return part;
	part = json_object();
	for (size_t i = 0; i < l->shape->count; i++)
		json_object_set_new(part, l->shape->field[i].name, json_null());
	return json_object_set_new(f->body, l->part, part) ? NULL : part;
}

int webhook_read_lines(struct flow *f)
{
	for (size_t i = 0; i < COUNT(list_table); i++) {
		const struct list *l = &list_table[i];
		json_auto_t *entries = read_list(f, l);

		if (!entries)
			return ERR_NOMEM;
		if (json_array_size(entries) && json_object_set(owner_of(f, l), l->member, entries))
			return ERR_NOMEM;
	}
	return 0;
}

/* --- Showing -------------------------------------------------------------------------------- */

void webhook_show_lines(json_t *stored)
{
	for (size_t k = 0; k < COUNT(list_table); k++) {
		CLEANUP(buf_done) struct buf text = BUF(LINES_BYTES);
		const struct list *l = &list_table[k];
		json_t *owner = l->part ? json_object_get(stored, l->part) : stored;
		const json_t *entry;
		size_t i;

		json_array_foreach (json_object_get(owner, l->member), i, entry) {
			if (i)
				buf_char(&text, '\n');
			l->put(&text, entry);
		}
		if (text.len && !buf_err(&text))
			json_object_set_new(owner, l->member, json_stringn(text.at, text.len));
	}
}

/* The line of the entry at that place; 0: there is none. */
static size_t line_of(struct flow *f, const struct list *l, size_t place)
{
	struct str rest = flow_form(f, l->field);

	for (size_t line = 1; !str_is_null(rest); line++) {
		struct str text = str_trim(str_cut(rest, '\n', &rest));
		json_auto_t *entry = text.len ? l->read(text) : NULL;

		if (entry && !json_is_null(entry) && !place--)
			return line;
	}
	return 0;
}

static void gather(struct flow *f, struct flaw *flaw, const struct list *l)
{
	struct str pointer = pointer_of(f, l), rest = flaw->pointer, member;
	int64_t place;

	if (!pointer.at || !str_starts(rest, pointer) || rest.len <= pointer.len ||
	    rest.at[pointer.len] != '/')
		return;
	rest = (struct str){rest.at + pointer.len + 1, rest.len - pointer.len - 1};
	if (str_to_i64(str_cut(rest, '/', &member), &place) < 0)
		return;
	if (!l->has_names)
		member = (struct str){NULL, 0};
	flaw->pointer = pointer;
	flaw->detail =
		arena_fmt(f->arena, "Line %zu%s%.*s: %.*s", line_of(f, l, (size_t)place),
			  member.len ? ", " : "", (int)member.len, member.len ? member.at : "",
			  (int)flaw->detail.len, flaw->detail.at);
}

void webhook_gather_lines(struct flow *f)
{
	for (size_t i = 0; i < flaws_kept(&f->flaws); i++) {
		for (size_t k = 0; k < COUNT(list_table); k++)
			gather(f, &f->flaws.at[i], &list_table[k]);
	}
}
