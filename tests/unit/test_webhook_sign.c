/*
 * Signatures of webhooks. The vector is the one of the Standard Webhooks reference
 * libraries' own tests (github.com/standard-webhooks/standard-webhooks, MIT).
 */
#include <criterion/criterion.h>
#include <openssl/evp.h>

#include "libassets/base/err.h"
#include "libassets/notify/webhook_sign.h"

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

/* W-40 W-41: as the reference libraries sign. */
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

Test(webhook_sign, a_secret_is_read_or_refused)
{
	static const struct str bad[] = {
		STR_INIT(""),
		STR_INIT("whsec_"),
		STR_INIT("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
		STR_INIT("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS"),  /* not in fours */
		STR_INIT("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2La"),     /* too short */
		STR_INIT("whsec_MfKQ9r8GKYq=TwjUPD8ILPZIo2LaLaSw"), /* padded in the middle */
		STR_INIT("whsec_MfKQ9r8GKYq!TwjUPD8ILPZIo2LaLaSw"),
		STR_INIT("whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
	};
	struct webhook_secret s, back;
	char text[WEBHOOK_SECRET_TEXT];

	for (size_t i = 0; i < COUNT(bad); i++)
		cr_assert_eq(webhook_secret_parse(bad[i], &s), ERR_INVALID, "row %zu", i);
	for (size_t len = WEBHOOK_SECRET_MIN; len <= WEBHOOK_SECRET_MAX; len++) {
		s.len = len;
		memset(s.byte, (int)len, len);
		webhook_secret_format(&s, text);
		cr_assert_eq(webhook_secret_parse(str_of(text), &back), 0, "%zu", len);
		cr_assert_eq(back.len, len);
		cr_assert_arr_eq(back.byte, s.byte, len);
	}
}

Test(webhook_sign, one_of_several_signatures_is_enough)
{
	struct webhook_signer *s = signer_of(vector_secret);
	const struct str id = STR("msg_p5jXN8AQM9LWM0D4loKWxJek"),
			 body = STR("{\"test\": 2432232314}");
	const struct str good =
		STR("v1,AAAA v1a,BBBB v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

	cr_assert_eq(webhook_verify(s, id, 1614265330, body, good), 0);
	cr_assert_eq(webhook_verify(s, id, 1614265331, body, good), ERR_INVALID);
	cr_assert_eq(webhook_verify(s, id, 1614265330, STR("{}"), good), ERR_INVALID);
	cr_assert_eq(webhook_verify(s, id, 1614265330, body, STR("v1,AAAA")), ERR_INVALID);
	cr_assert_eq(webhook_verify(s, id, 1614265330, body, STR("")), ERR_INVALID);
	webhook_signer_free(s);
}

/* RFC 8032, 7.1, the key of test 1; its signature of our content is checked with the public key. */
Test(webhook_sign, ed25519)
{
	static const uint8_t key[WEBHOOK_KEY_BYTES] = {
		0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a,
		0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32,
		0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60};
	struct webhook_signer *s = webhook_signer_new_key(key), *public_signer;
	char public[WEBHOOK_SECRET_TEXT], got[WEBHOOK_SIGNATURE_TEXT];
	uint8_t point[48], signature[96];
	const char *signed_text = "evt_1.1763719200.{}";
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY *verifier;

	cr_assert_eq(webhook_key_public(key, public), 0);
	cr_assert_str_eq(public, "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
	cr_assert_eq(webhook_sign(s, STR("evt_1"), 1763719200, STR("{}"), got), 0);
	cr_assert(str_starts(str_of(got), STR("v1a,")));
	EVP_DecodeBlock(point, (const unsigned char *)public + 5, 44);
	EVP_DecodeBlock(signature, (const unsigned char *)got + 4, 88);
	verifier = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, point, WEBHOOK_KEY_BYTES);
	cr_assert(EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, verifier) > 0);
	cr_assert_eq(EVP_DigestVerify(ctx, signature, 64, (const unsigned char *)signed_text,
				      strlen(signed_text)),
		     1);
	public_signer = webhook_signer_new_public(str_of(public));
	cr_assert(public_signer);
	cr_assert_eq(
		webhook_verify(public_signer, STR("evt_1"), 1763719200, STR("{}"), str_of(got)), 0);
	cr_assert_eq(
		webhook_verify(public_signer, STR("evt_1"), 1763719201, STR("{}"), str_of(got)),
		ERR_INVALID);
	cr_assert_eq(
		webhook_verify(public_signer, STR("evt_1"), 1763719200, STR("{}"), STR("v1a,AAAA")),
		ERR_INVALID);
	cr_assert_eq(webhook_sign(public_signer, STR("evt_1"), 1, STR("x"), got), ERR_INVALID);
	cr_assert_null(webhook_signer_new_public(STR("whpk_AAAA")));
	webhook_signer_free(public_signer);
	cr_assert_eq(webhook_sign(s, STR("evt.1"), 1, STR("x"), got), ERR_INVALID);
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(verifier);
	webhook_signer_free(s);
}
