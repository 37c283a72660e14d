/*
 * Secrets at rest: what is sealed opens, and nothing else does.
 */
#include <criterion/criterion.h>

#include "libassets/base/err.h"
#include "libassets/base/secret_box.h"

static const uint8_t key[SECRET_BOX_KEY] = {1, 2, 3};
static const uint8_t other_key[SECRET_BOX_KEY] = {1, 2, 4};
static const uint8_t nonce[SECRET_BOX_NONCE] = {9, 8, 7};
static const struct str row = STR_INIT("whk_01");
static const struct str plain = STR_INIT("0123456789abcdef0123456789abcdef");

enum { PLAIN = 32, SEALED = PLAIN + SECRET_BOX_TAG };

static struct str sealed_by(uint8_t sealed[SEALED])
{
	cr_assert_eq(secret_box_seal(key, nonce, row, plain, sealed), 0);
	return (struct str){(const char *)sealed, SEALED};
}

/* Test case 14 of the GCM specification (McGrew and Viega), appendix B. */
Test(secret_box, published_vector)
{
	static const uint8_t zero_key[SECRET_BOX_KEY], zero_nonce[SECRET_BOX_NONCE];
	static const uint8_t expected[32] = {
		0xce, 0xa7, 0x40, 0x3d, 0x4d, 0x60, 0x6b, 0x6e, 0x07, 0x4e, 0xc5,
		0xd3, 0xba, 0xf3, 0x9d, 0x18, 0xd0, 0xd1, 0xc8, 0xa7, 0x99, 0x99,
		0x6b, 0xf0, 0x26, 0x5b, 0x98, 0xb5, 0xd4, 0x8a, 0xb9, 0x19,
	};
	static const char zeros[16];
	uint8_t got[32];

	cr_assert_eq(secret_box_seal(zero_key, zero_nonce, STR(""), (struct str){zeros, 16}, got),
		     0);
	cr_assert_arr_eq(got, expected, sizeof(expected));
}

Test(secret_box, opens_for_its_row_and_key_alone)
{
	static const uint8_t other_nonce[SECRET_BOX_NONCE];
	uint8_t sealed[SEALED], got[PLAIN];
	struct str box = sealed_by(sealed);

	cr_assert_eq(secret_box_open(key, nonce, row, box, got), 0);
	cr_assert_arr_eq(got, plain.at, plain.len);
	cr_assert_eq(secret_box_open(key, nonce, STR("whk_02"), box, got), ERR_INVALID);
	cr_assert_eq(secret_box_open(other_key, nonce, row, box, got), ERR_INVALID);
	cr_assert_eq(secret_box_open(key, other_nonce, row, box, got), ERR_INVALID);
	cr_assert_neq(memcmp(sealed, plain.at, plain.len), 0);
}

Test(secret_box, every_changed_bit_is_seen)
{
	uint8_t sealed[SEALED], got[PLAIN];
	struct str box = sealed_by(sealed);

	for (size_t bit = 0; bit < (size_t)SEALED * 8; bit++) {
		sealed[bit / 8] ^= (uint8_t)(1U << bit % 8);
		cr_assert_eq(secret_box_open(key, nonce, row, box, got), ERR_INVALID, "bit %zu",
			     bit);
		sealed[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
	cr_assert_eq(secret_box_open(key, nonce, row, box, got), 0);
}

Test(secret_box, cut_and_long_ones_are_refused)
{
	static const char long_text[SECRET_BOX_PLAIN_MAX + 1];
	static uint8_t room[SECRET_BOX_PLAIN_MAX + SECRET_BOX_TAG + 1];
	uint8_t sealed[SEALED], got[PLAIN];
	struct str box = sealed_by(sealed);

	for (box.len = 0; box.len < SEALED; box.len++)
		cr_assert_eq(secret_box_open(key, nonce, row, box, got), ERR_INVALID);
	cr_assert_eq(
		secret_box_seal(key, nonce, row, (struct str){long_text, sizeof(long_text)}, room),
		ERR_LIMIT);
	cr_assert_eq(secret_box_seal(key, nonce, row, (struct str){long_text, SECRET_BOX_PLAIN_MAX},
				     room),
		     0);
}

Test(secret_box, keys_have_names)
{
	char id[SECRET_BOX_KEY_ID], other[SECRET_BOX_KEY_ID];

	cr_assert_eq(secret_box_key_id(key, id), 0);
	cr_assert_eq(secret_box_key_id(other_key, other), 0);
	cr_assert_eq(strlen(id), SECRET_BOX_KEY_ID - 1);
	cr_assert_str_neq(id, other);
}
