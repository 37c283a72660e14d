/*
 * The cases of tests/data/deadlines.json and other texts of tests/data, and days from texts.
 */
#pragma once

#include <criterion/criterion.h>
#include <jansson.h>

#include "libassets/base/day.h"

static inline struct day test_day(const char *text)
{
	struct day d = DAY_NONE;

	cr_assert(text && day_parse(str_of(text), &d) == 0, "%s", text ? text : "no day");
	return d;
}

/* The text of a day; kept until the next call but three. */
static inline const char *test_day_text(struct day d)
{
	static char text[4][DAY_TEXT];
	static int next;

	day_format(d, text[next = (next + 1) % 4]);
	return text[next];
}

#define EXPECT_DAY(got, want) cr_expect_str_eq(test_day_text(got), (want))

/* The whole document; yours to json_decref(). */
static inline json_t *test_deadlines(void)
{
	json_t *root = json_load_file(TEST_DATA "/deadlines.json", 0, NULL);

	cr_assert_not_null(root);
	return root;
}

static inline const char *test_member(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}
