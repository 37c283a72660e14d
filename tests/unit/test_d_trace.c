/*
 * Trace context: which fields are carried on, and which begin a trace of their own.
 */
#include <criterion/criterion.h>

#include "daemon/base/trace.h"

#define TRACE "4bf92f3577b34da6a3ce929d0e0e4736"
#define SPAN "00f067aa0ba902b7"

static bool is_carried_on(const char *field, const char *flags)
{
	char context[TRACE_TEXT];

	trace_continue(str_of(field), context);
	cr_assert_eq(strlen(context), TRACE_TEXT - 1, "%s", context);
	cr_assert_eq(strncmp(context, "00-", 3), 0);
	cr_assert_eq(strspn(context + 3, "0123456789abcdef"), 32);
	cr_assert_eq(strspn(context + 36, "0123456789abcdef"), 16);
	cr_assert_neq(strncmp(context + 36, SPAN, 16), 0, "the span is our own");
	return strncmp(context + 3, TRACE, 32) == 0 && strcmp(context + 53, flags) == 0;
}

Test(trace, a_well_formed_field_is_carried_on)
{
	cr_expect(is_carried_on("00-" TRACE "-" SPAN "-01", "01"));
	cr_expect(is_carried_on("00-" TRACE "-" SPAN "-00", "00"));
	cr_expect(is_carried_on("00-" TRACE "-" SPAN "-ff", "01"), "only the sampled bit is known");
	cr_expect(is_carried_on("00-" TRACE "-" SPAN "-fe", "00"));
	cr_expect(is_carried_on("cc-" TRACE "-" SPAN "-01-what-comes", "01"), "a later version");
}

Test(trace, anything_else_begins_one)
{
	static const char *const rows[] = {
		"",
		"00",
		"00-" TRACE "-" SPAN "-0",
		"00-" TRACE "-" SPAN "-01-more",
		"00-" TRACE "-" SPAN "-011",
		"ff-" TRACE "-" SPAN "-01",
		"0x-" TRACE "-" SPAN "-01",
		"cc-" TRACE "-" SPAN "-01.more",
		"00-00000000000000000000000000000000-" SPAN "-01",
		"00-" TRACE "-0000000000000000-01",
		"00-4BF92F3577B34DA6A3CE929D0E0E4736-" SPAN "-01",
		"00-" TRACE "-00F067AA0BA902B7-01",
		"00-" TRACE "_" SPAN "-01",
		"00-" TRACE "-" SPAN "-0g",
		" 00-" TRACE "-" SPAN "-01",
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		cr_expect(!is_carried_on(rows[i], "01") && !is_carried_on(rows[i], "00"), "%s",
			  rows[i]);
}

Test(trace, no_two_are_the_same)
{
	char a[TRACE_TEXT], b[TRACE_TEXT];

	trace_continue(STR("?"), a);
	trace_continue(STR("?"), b);
	cr_assert_neq(strncmp(a + 3, b + 3, 32), 0);
	cr_assert_neq(strncmp(a + 36, b + 36, 16), 0);
}
