/*
 * Signatures of webhooks. The vector is the one of the Standard Webhooks reference
 * libraries' own tests (github.com/standard-webhooks/standard-webhooks, MIT).
 */
#include <criterion/criterion.h>
#include <openssl/evp.h>

#include "libassets/err.h"
#include "libassets/webhook_sign.h"

static const struct str vector_secret = STR_INIT("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

/* What a receiver does with the text it was shown; of 24 bytes and more, in padded base64. */
static struct webhook_secret secret_of(struct str text)
{
	struct webhook_secret s = {.len = 0};
	uint8_t block[WEBHOOK_SECRET_TEXT];
	struct str base64 = {text.at + 6, text.len - 6};

	cr_assert(str_starts(text, STR("whsec_")));
	cr_assert(EVP_DecodeBlock(block, (const unsigned char *)base64.at, (int)base64.len) > 0);
	s.len = base64.len / 4 * 3;
	for (size_t i = base64.len; base64.at[i - 1] == '='; i--)
		s.len--;
	memcpy(s.byte, block, s.len);
	return s;
}

static struct webhook_signer *signer_of(struct str text)
{
	struct webhook_secret secret = secret_of(text);
	struct webhook_signer *s = webhook_signer_new(&secret);

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

Test(webhook_sign, a_receiver_reads_back_what_is_shown)
{
	char text[WEBHOOK_SECRET_TEXT];

	for (size_t len = WEBHOOK_SECRET_MIN; len <= WEBHOOK_SECRET_MAX; len++) {
		struct webhook_secret s = {.len = len}, back;

		for (size_t i = 0; i < len; i++)
			s.byte[i] = (uint8_t)(i * 37 + len);
		webhook_secret_format(&s, text);
		back = secret_of(str_of(text));
		cr_assert_eq(back.len, len);
		cr_assert_arr_eq(back.byte, s.byte, len);
	}
}
