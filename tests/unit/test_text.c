/*
 * Texts that people are shown: what is refused in them, and which show nothing.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "libassets/base/text.h"

struct text_case {
	char text[32];
	bool has_control, is_visible;
};

ParameterizedTestParameters(text, rules)
{
	static struct text_case cases[] = {
		{"Hall", false, true},
		{"", false, false},
		{"a\tb", true, true},
		{"a\x7F", true, true},
		{"a\xC2\x85z", true, true}, /* NEL */
		{"caf\xC3\xA9 \xE2\x82\xAC", false, true},
		{"\xD7\xA9\xD7\x9C", false, true},       /* Hebrew letters need no marks */
		{"a\xE2\x80\xAEtxt", true, true},        /* right-to-left override */
		{"a\xE2\x81\xA6z", true, true},          /* isolate */
		{"a\xE2\x80\x8Ez", true, true},          /* left-to-right mark */
		{"a\xD8\x9Cz", true, true},              /* Arabic letter mark */
		{"a\xE2\x80\xA8z", true, true},          /* line separator */
		{"\xEF\xBB\xBFz", true, true},           /* byte order mark */
		{"a\xE2\x80\x8D\xC2\xA0z", false, true}, /* joiner and hard space among letters */
		{"\xC2\xA0", false, false},
		{"\xE2\x80\x8B\xE2\x81\xA0", false, false},
		{"\xE3\x85\xA4", false, false},     /* Hangul filler */
		{"\xF3\xA0\x80\xA0", false, false}, /* tag space */
		{"\xF0\x9F\x8F\xA0", false, true},
	};

	return cr_make_param_array(struct text_case, cases, sizeof(cases) / sizeof(*cases));
}

ParameterizedTest(struct text_case *c, text, rules)
{
	cr_expect_eq(text_has_control(str_of(c->text), false), c->has_control, "%s", c->text);
	cr_expect_eq(text_is_visible(str_of(c->text)), c->is_visible, "%s", c->text);
}

Test(text, a_line_feed_is_for_texts_of_lines)
{
	cr_expect(text_has_control(STR("a\nb"), false));
	cr_expect_not(text_has_control(STR("a\nb"), true));
	cr_expect(text_has_control(STR("a\rb"), true));
}
