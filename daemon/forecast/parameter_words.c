/*
 * A path is a list, a name in it, and what of that one: "/index/PROPERTY/growth/2023". The label
 * says what it is of any name, so the name follows it, and a year after that. Pure; any thread.
 */
#include "parameter_words.h"

#include "daemon/page/dress.h"
#include "libassets/clock/quarter.h"
#include "libassets/projection/parameter_list.h"
#include "parameter_value.h"

/* Objects within one another in a change set; bytes of a path and of its words. */
enum { DEPTH_MAX = 6, WORDS_MAX = 1024 };

/* What the names of a list are codes of. */
static const struct {
	struct str list;
	const char *field;
} list_table[] = {
	{STR_INIT("/scenarios/"), "scenario"},
	{STR_INIT("/market_stage/"), "stage"},
	{STR_INIT("/request_state/"), "request_state"},
	{STR_INIT("/basis_factor/"), "basis"},
	{STR_INIT("/slip/"), "slip"},
	{STR_INIT("/index/"), "index"},
	{STR_INIT("/class_index/"), "asset_class"},
	{STR_INIT("/mc/beta/"), "asset_class"},
};

static struct str behind(struct str text, struct str begin)
{
	return (struct str){text.at + begin.len, text.len - begin.len};
}

/* The words of a code, begun with a small letter: they stand within a sentence. */
static void put_code(struct buf *out, const char *field, struct str code)
{
	size_t from = out->len;

	dress_code(out, str_of(field), code);
	if (buf_err(out) == 0 && out->len > from && out->at[from] >= 'A' && out->at[from] <= 'Z' &&
	    out->at[from + 1] >= 'a')
		out->at[from] = (char)(out->at[from] + 'a' - 'A');
}

static void put_year(struct buf *out, struct str text)
{
	char fy[FY_TEXT];
	int64_t year;

	if (str_to_i64(text, &year) < 0 || year < 0 || year > 9998) {
		buf_str(out, text);
		return;
	}
	fy_format((int32_t)year, fy);
	buf_str(out, str_of(fy));
}

/* What is behind the name, where that is a year. */
static struct str year_of(struct str path)
{
	static const struct str growth = STR_INIT("/growth/");
	struct str rest;

	for (rest = path; rest.len; rest = behind(rest, STR("/"))) {
		if (str_starts(rest, growth))
			return behind(rest, growth);
	}
	return STR("");
}

void parameter_words(struct buf *out, const char *path)
{
	const char *label = parameter_label(path), *before = ": ";
	struct str all = str_of(path), year = year_of(all);

	buf_str(out, str_of(label ? label : path));
	if (!label)
		return;
	for (size_t i = 0; i < COUNT(list_table); i++) {
		struct str rest;

		if (!str_starts(all, list_table[i].list))
			continue;
		buf_str(out, str_of(before));
		put_code(out, list_table[i].field,
			 str_cut(behind(all, list_table[i].list), '/', &rest));
		before = ", ";
	}
	if (!year.len)
		return;
	buf_str(out, str_of(before));
	put_year(out, year);
}

/* One value of a set, by its path. */
static int add_value(json_t *list, const char *path, const json_t *value)
{
	CLEANUP(buf_done) struct buf words = BUF(WORDS_MAX);
	CLEANUP(buf_done) struct buf said = BUF(WORDS_MAX);

	parameter_words(&words, path);
	parameter_value(&said, path, value);
	return json_array_append_new(list,
				     json_pack("{s:s, s:s}", "name", words.at ? words.at : path,
					       "value", said.at ? said.at : ""));
}

/* An object whose members are being walked. */
struct level {
	json_t *object;
	void *iter;
	size_t path; /* bytes of its own path */
};

/* The next member; one that is an object is gone into. -1 without memory. */
static int step(struct level *level, size_t *depth, struct buf *path, json_t *list)
{
	struct level *at = &level[*depth];
	json_t *value = json_object_iter_value(at->iter);

	path->len = at->path;
	buf_fmt(path, "/%s", json_object_iter_key(at->iter));
	at->iter = json_object_iter_next(at->object, at->iter);
	if (buf_err(path))
		return 0; /* no parameter of ours has such a name */
	if (!json_is_object(value) || *depth + 1 == DEPTH_MAX)
		return add_value(list, path->at, value);
	level[++*depth] = (struct level){value, json_object_iter(value), path->len};
	return 0;
}

json_t *parameter_list(json_t *set)
{
	CLEANUP(buf_done) struct buf path = BUF(WORDS_MAX);
	struct level level[DEPTH_MAX] = {{set, json_object_iter(set), 0}};
	json_t *list = json_array();
	size_t depth = 0;
	int r = list ? 0 : -1;

	while (r == 0 && (depth || level[0].iter)) {
		if (level[depth].iter)
			r = step(level, &depth, &path, list);
		else
			depth--;
	}
	if (r == 0)
		return list;
	json_decref(list);
	return NULL;
}
