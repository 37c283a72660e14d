/*
 * What may be a password: long enough, and not what is tried first.
 */
#include <criterion/criterion.h>

#include "libassets/base/password.h"

static bool is_fine(const char *password)
{
	return !password_flaw(str_of(password), STR("Morag NicDhòmhnaill"),
			      STR("morag.nicdhomhnaill@council.example"));
}

Test(password, length_counts_characters_and_not_kinds_of_them)
{
	cr_assert_not(is_fine(""));
	cr_assert_not(is_fine("Zk4!uW8$pQ2#vN"));
	cr_assert(is_fine("kettle on by nine"));
	cr_assert(is_fine("sàbhaladh Ùr an"), "15 characters, 17 bytes");
	cr_assert_not(is_fine("sàbhaladh Ùr a"), "14 characters, 16 bytes");
	cr_assert(is_fine("🐑 on the hill, 🐑 in the glen"));
}

Test(password, long_ones_are_taken_to_a_bound)
{
	char text[PASSWORD_MOST + 2];

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('!' + (i * i * 31 + i / 7) % 90);
	cr_assert_null(password_flaw((struct str){text, PASSWORD_MOST}, STR(""), STR("")));
	cr_assert_not_null(password_flaw((struct str){text, PASSWORD_MOST + 1}, STR(""), STR("")));
}

Test(password, what_is_tried_first_is_refused)
{
	static const char *const bad[] = {
		"aaaaaaaaaaaaaaa",
		"passwordpassword",
		"PasswordPASSWORDpassword",
		"letmein1letmein1letm",
		"123456789012345",
		"987654321098765",
		"abcdefghijklmnop",
		"qwertyuiopasdfg",
		"QWERTYUIOPASDFGHJKL",
		"1q2w3e4r5t6y7u8",
		"correct horse battery staple",
		"Morag NicDhòmhnaill",
		"morag.nicdhomhnaill@council.example",
		"morag nicdhòmhnaill1",
		"nicdhomhnaill@council",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		cr_assert_not(is_fine(bad[i]), "%s", bad[i]);
}

Test(password, what_cannot_be_seen_is_refused)
{
	cr_assert_not(is_fine("kettle on\tby nine"));
	cr_assert_not(password_flaw(STR("kettle on\0by nine"), STR(""), STR("")) == NULL);
}

Test(password, a_name_within_a_long_one_does_no_harm)
{
	cr_assert(is_fine("Morag NicDhòmhnaill keeps a kettle on"));
}
