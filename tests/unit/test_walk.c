/*
 * Going over a text gives what jansson's tree of it has, and never leaves the text.
 */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdlib.h>

#include "libassets/base/walk.h"

/* Every member by the walk is the tree's, and none is missing. */
static void same(struct str value, const json_t *tree)
{
	struct walk w = walk_into(value);
	struct str name, part;
	size_t n = 0;

	while (json_is_object(tree) ? walk_member(&w, &name, &part) : walk_element(&w, &part)) {
		json_auto_t *own = json_loadb(part.at, part.len, JSON_DECODE_ANY, NULL);
		const json_t *its = json_array_get(tree, n);

		if (json_is_object(tree))
			its = json_object_getn(tree, name.at, name.len);
		cr_assert(own && json_equal(own, its), "%.*s", (int)part.len, part.at);
		if (json_is_object(own) || json_is_array(own))
			same(part, own); // NOLINT(misc-no-recursion)
		n++;
	}
	cr_assert_not(w.is_broken);
	cr_assert_eq(n, json_is_object(tree) ? json_object_size(tree) : json_array_size(tree));
}

static const char *const text_table[] = {
	"{}",
	" [ ] ",
	"[1]",
	"[-1.5e3,null,true , false,\"\"]",
	"{\"a\":1,\"b\":{\"c\":[1,{\"d\":\"}]\"},[]],\"e\":{}}}",
	"{\"items\": [{\"group\": {\"year\": \"2026-27\"}, \"net\": -3}, {}], \"totals\": {}}",
	"{\"escaped\":\"\\\"}\\\\\",\"next\":\"\\\\\\\"]\",\"last\":[\"\\\\\"]}",
	"{\n\t\"white\" :\r\n [ 1 ,\t2 ]\n}",
};

Test(walk, gives_what_the_tree_has)
{
	for (size_t i = 0; i < COUNT(text_table); i++) {
		json_auto_t *tree = json_loads(text_table[i], 0, NULL);

		cr_assert(tree, "%s", text_table[i]);
		same(str_of(text_table[i]), tree);
	}
}

static size_t members(struct str text, bool *ret_is_broken)
{
	struct walk w = walk_into(text);
	struct str name, value;
	size_t n = 0;

	while (w.close == '}' ? walk_member(&w, &name, &value) : walk_element(&w, &value)) {
		cr_assert(value.at >= text.at && value.at + value.len <= text.at + text.len);
		n++;
	}
	*ret_is_broken = w.is_broken;
	return n;
}

/* Whatever is cut off: memory behind it is another's, which the sanitizer sees. */
Test(walk, a_text_that_is_cut_is_broken_and_not_left)
{
	for (size_t i = 0; i < COUNT(text_table); i++) {
		struct str whole = str_trim(str_of(text_table[i]));

		for (size_t len = 0; len < whole.len; len++) {
			char *cut = malloc(len + 1);
			bool is_broken;

			cr_assert(cut);
			memcpy(cut, whole.at, len);
			cut = realloc(cut, len ? len : 1);
			(void)members((struct str){cut, len}, &is_broken);
			cr_assert(is_broken, "%.*s", (int)len, cut);
			free(cut);
		}
	}
}

Test(walk, what_is_no_list_or_object_has_no_parts)
{
	bool is_broken;

	for (size_t i = 0; i < 5; i++) {
		cr_assert_eq(members(str_of((const char *[]){"", "1", "\"[1]\"", "null", NULL}[i]),
				     &is_broken),
			     0);
		cr_assert(is_broken);
	}
}

Test(walk, what_follows_the_end_is_not_looked_at)
{
	bool is_broken;

	cr_assert_eq(members(STR("[1,2]]],3"), &is_broken), 2);
	cr_assert_not(is_broken);
}
