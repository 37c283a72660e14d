/*
 * One-time codes: those of the RFC, drift of a step, and no code twice.
 */
#include <criterion/criterion.h>

#include "libassets/base/err.h"
#include "libassets/base/totp.h"

static const uint8_t *const key = (const uint8_t *)"12345678901234567890";

/* RFC 6238, appendix B, the rows of SHA-1: eight digits. */
Test(totp, published_vectors)
{
	static const struct {
		int64_t at;
		uint32_t code;
	} row[] = {
		{59, 94287082},         {1111111109, 7081804},  {1111111111, 14050471},
		{1234567890, 89005924}, {2000000000, 69279037}, {20000000000, 65353130},
	};

	for (size_t i = 0; i < sizeof(row) / sizeof(*row); i++) {
		uint32_t code;

		cr_assert_eq(totp_code(key, row[i].at / TOTP_STEP_S, 8, &code), 0);
		cr_assert_eq(code, row[i].code, "%lld", (long long)row[i].at);
	}
}

/* RFC 4226, appendix D, the first counters: six digits. */
Test(totp, published_counters)
{
	static const uint32_t row[] = {755224, 287082, 359152, 969429, 338314,
				       254676, 287922, 162583, 399871, 520489};

	for (size_t i = 0; i < sizeof(row) / sizeof(*row); i++) {
		uint32_t code;

		cr_assert_eq(totp_code(key, (int64_t)i, 6, &code), 0);
		cr_assert_eq(code, row[i]);
	}
}

Test(totp, a_clock_may_be_a_step_off_and_no_more)
{
	int64_t step;

	/* 287082 is of step 1: seconds 30 to 59. */
	for (int64_t now = 0; now < 90; now++) {
		cr_assert_eq(totp_match(key, STR("287082"), now, 0, &step), 0);
		cr_assert_eq(step, 1);
	}
	cr_assert_eq(totp_match(key, STR("287082"), 90, 0, &step), ERR_INVALID);
}

Test(totp, a_code_counts_once_and_none_before_it)
{
	int64_t step;

	cr_assert_eq(totp_match(key, STR("287082"), 40, 1, &step), ERR_INVALID);
	cr_assert_eq(totp_match(key, STR("287082"), 40, 2, &step), ERR_INVALID);
	cr_assert_eq(totp_match(key, STR("359152"), 40, 1, &step), 0);
	cr_assert_eq(step, 2);
}

Test(totp, blanks_may_stand_between_and_nothing_else)
{
	static const char *const bad[] = {"",        "28708",   "2870822",  "287 08", "28708a",
					  "+287082", "-287082", "287082\n", "٢٨٧٠٨٢"};
	int64_t step;

	cr_assert_eq(totp_match(key, STR(" 287 082 "), 40, 0, &step), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		cr_assert_eq(totp_match(key, str_of(bad[i]), 40, 0, &step), ERR_INVALID, "%s",
			     bad[i]);
}

/* RFC 4648, section 10, and the key above. */
Test(totp, the_key_as_text)
{
	char text[TOTP_KEY_TEXT];

	totp_key_text(key, text);
	cr_assert_str_eq(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
}
