/*
 * Signatures of webhooks. The vector is the one of the Standard Webhooks reference
 * libraries' own tests (github.com/standard-webhooks/standard-webhooks, MIT).
 */
#include <criterion/criterion.h>

#include "libassets/err.h"
#include "libassets/webhook_sign.h"

static const struct str vector_secret = STR_INIT("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

static struct webhook_signer *signer_of(struct str text)
{
	struct webhook_secret secret;
	struct webhook_signer *s;

	cr_assert_eq(webhook_secret_parse(text, &secret), 0);
	s = webhook_signer_new(&secret);
	cr_assert(s);
	return s;
}

Test(webhook_sign, reference_vector)
{
	struct webhook_signer *s = signer_of(vector_secret);
	char got[WEBHOOK_SIGNATURE_TEXT];

	/* Twice: the keyed context starts again for each message. */
	for (int i = 0; i < 2; i++) {
		cr_assert_eq(webhook_sign(s, STR("msg_p5jXN8AQM9LWM0D4loKWxJek"), 1614265330,
					  STR("{\"test\": 2432232314}"), got),
			     0);
		cr_assert_str_eq(got, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
	}
	webhook_signer_free(s);
}

Test(webhook_sign, every_part_counts)
{
	static const struct {
		struct str id;
		int64_t timestamp_s;
		struct str body;
	} rows[] = {
		{STR_INIT("evt_a"), 1, STR_INIT("x")},  {STR_INIT("evt_b"), 1, STR_INIT("x")},
		{STR_INIT("evt_a"), 2, STR_INIT("x")},  {STR_INIT("evt_a"), 1, STR_INIT("y")},
		{STR_INIT("evt_a"), 1, STR_INIT("")},   {STR_INIT("evt_a"), -1, STR_INIT("x")},
		{STR_INIT("evt_a1"), 1, STR_INIT("x")},
	};
	struct webhook_signer *s = signer_of(vector_secret);
	char got[COUNT(rows)][WEBHOOK_SIGNATURE_TEXT];

	for (size_t i = 0; i < COUNT(rows); i++) {
		cr_assert_eq(webhook_sign(s, rows[i].id, rows[i].timestamp_s, rows[i].body, got[i]),
			     0);
		for (size_t j = 0; j < i; j++)
			cr_assert_str_neq(got[i], got[j], "rows %zu and %zu", i, j);
	}
	webhook_signer_free(s);
}

Test(webhook_sign, an_id_with_a_full_stop_is_refused)
{
	struct webhook_signer *s = signer_of(vector_secret);
	char got[WEBHOOK_SIGNATURE_TEXT];

	cr_assert_eq(webhook_sign(s, STR("evt.1"), 1, STR("x"), got), ERR_INVALID);
	cr_assert_eq(webhook_sign(s, STR(""), 1, STR("x"), got), ERR_INVALID);
	webhook_signer_free(s);
}

Test(webhook_sign, secrets_that_are_none)
{
	static const struct str rows[] = {
		STR_INIT(""),
		STR_INIT("whsec_"),
		STR_INIT("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
		STR_INIT("WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
		STR_INIT("whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
		STR_INIT("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS"),
		STR_INIT("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa=="), /* 22 bytes */
		STR_INIT("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS-"), /* the other alphabet */
		STR_INIT("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n"),
		STR_INIT("whsec_ MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
		STR_INIT("whsec_MfKQ9r8GKYqr=wjUPD8ILPZIo2LaLaSw"),
		STR_INIT("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
			 "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), /* 72 bytes */
	};
	struct webhook_secret s;

	for (size_t i = 0; i < COUNT(rows); i++)
		cr_assert_eq(webhook_secret_parse(rows[i], &s), ERR_INVALID, "row %zu", i);
}

Test(webhook_sign, what_is_formatted_parses_back)
{
	char text[WEBHOOK_SECRET_TEXT];

	for (size_t len = WEBHOOK_SECRET_MIN; len <= WEBHOOK_SECRET_MAX; len++) {
		struct webhook_secret s = {.len = len}, back;

		for (size_t i = 0; i < len; i++)
			s.byte[i] = (uint8_t)(i * 37 + len);
		webhook_secret_format(&s, text);
		cr_assert_eq(webhook_secret_parse(str_of(text), &back), 0, "%zu bytes", len);
		cr_assert_eq(back.len, len);
		cr_assert_arr_eq(back.byte, s.byte, len);
	}
}
