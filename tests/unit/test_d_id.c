/*
 * Ids: form, order, and that no two are the same.
 */
#include <criterion/criterion.h>

#include "daemon/base/id.h"
#include "libassets/base/str.h"
#include "libassets/shape/shape_form.h"

Test(id, has_its_form)
{
	char id[ID_TEXT];

	id_new("ast_", 1763719200000000, id);
	cr_assert_eq(strlen(id), 30);
	cr_assert(str_starts(str_of(id), STR("ast_0")));
	cr_assert_eq(strspn(id + 4, "0123456789abcdefghjkmnpqrstvwxyz"), 26);
}

Test(id, begins_with_its_time)
{
	char a[ID_TEXT], b[ID_TEXT];

	/* 48 bits of milliseconds are the first nine characters and a bit more. */
	id_new("ast_", 1000, a);
	cr_assert_eq(memcmp(a + 4, "000000000", 9), 0);
	id_new("ast_", INT64_C(281474976710655) * 1000, b);
	cr_assert_eq(memcmp(b + 4, "7zzzzzzzz", 9), 0);
}

Test(id, says_it_is_version_7)
{
	static const char digit[] = "0123456789abcdefghjkmnpqrstvwxyz";
	char id[ID_TEXT];
	unsigned bits = 0;

	/* Bits 48 to 51 of 128; the text has two zero bits before them. */
	id_new("ast_", 1763719200000000, id);
	for (int i = 0; i < 11; i++)
		bits = bits << 5 | (unsigned)(strchr(digit, id[4 + i]) - digit);
	cr_assert_eq(bits >> 1 & 15, 7);
}

Test(id, grows_also_when_the_clock_goes_back)
{
	char last[ID_TEXT] = "", id[ID_TEXT];

	for (int i = 0; i < 100000; i++) {
		id_new("ast_", 1763719200000000 - i * 100, id);
		cr_assert(strcmp(id, last) > 0, "%s after %s", id, last);
		memcpy(last, id, sizeof(last));
	}
}

Test(id, randomness_of_any_length)
{
	unsigned char a[1000] = {0}, b[1000] = {0}, none[1000] = {0};

	for (size_t n = 16; n <= sizeof(a); n *= 3) {
		id_random(a, n);
		id_random(b, n);
		cr_assert_neq(memcmp(a, b, n), 0);
		cr_assert_neq(memcmp(a, none, n), 0);
	}
}

Test(id, is_told_from_other_texts)
{
	static const char *const no[] = {
		"",
		"ast_",
		"ast_01jcq3v5n8e2rb7x4k9m0tzhw",
		"ast_01jcq3v5n8e2rb7x4k9m0tzhwdd",
		"ast-01jcq3v5n8e2rb7x4k9m0tzhwd",
		"AST_01jcq3v5n8e2rb7x4k9m0tzhwd",
		"a1t_01jcq3v5n8e2rb7x4k9m0tzhwd",
		"ast_01jcq3v5n8e2rb7x4k9m0tzhwD",
		"ast_01jcq3v5n8e2_b7x4k9m0tzhwd",
	};
	char id[ID_TEXT];

	id_new("ast_", 1, id);
	cr_expect(shape_is_id(str_of(id)));
	cr_expect_not(shape_is_id((struct str){NULL, 0}));
	for (size_t i = 0; i < COUNT(no); i++)
		cr_expect_not(shape_is_id(str_of(no[i])), "%s", no[i]);
}
