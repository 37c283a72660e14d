/*
 * Keys: their form, their check digits and what the database keeps of them.
 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "daemon/base/key.h"

/* The check digits of this one were worked out with zlib's crc32 and Python. */
static const char known[] = "akey_test_00000000000000000000000000000000000000000000ynoOz";

Test(key, made_ones_are_sound_and_differ)
{
	char a[KEY_LENGTH + 1], b[KEY_LENGTH + 1];

	key_new(true, a);
	key_new(true, b);
	cr_assert(key_is_sound(str_of(a)));
	cr_assert(str_starts(str_of(a), STR("akey_live_")));
	cr_assert_neq(strcmp(a, b), 0);
	key_new(false, b);
	cr_assert(str_starts(str_of(b), STR("akey_test_")));
	cr_assert_eq(key_prefix(str_of(b)).len, KEY_PREFIX);
}

Test(key, check_digits_are_the_common_crc32)
{
	cr_assert(key_is_sound(str_of(known)));
}

Test(key, any_other_character_is_noticed)
{
	char key[KEY_LENGTH + 1];

	for (size_t i = 0; i < KEY_LENGTH; i++) {
		memcpy(key, known, sizeof(key));
		key[i] = key[i] == '1' ? '2' : '1';
		cr_assert_not(key_is_sound(str_of(key)), "position %zu", i);
		key[i] = '-';
		cr_assert_not(key_is_sound(str_of(key)), "position %zu", i);
	}
	cr_assert_not(key_is_sound((struct str){known, KEY_LENGTH - 1}));
	cr_assert_not(key_is_sound(STR("")));
}

Test(key, base62_is_the_number_in_43_digits)
{
	unsigned char bytes[32] = {0};
	char digits[44] = {0};

	key_base62(bytes, digits);
	cr_assert_str_eq(digits, "0000000000000000000000000000000000000000000");
	bytes[31] = 61;
	key_base62(bytes, digits);
	cr_assert_eq(digits[42], 'z');
	bytes[31] = 62;
	key_base62(bytes, digits);
	cr_assert_str_eq(digits + 41, "10");
	memset(bytes, 0xFF, sizeof(bytes));
	key_base62(bytes, digits);
	/* 2^256 - 1, by Python. */
	cr_assert_str_eq(digits, "yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp1");
}

Test(key, hash_is_hmac_sha256)
{
	/* By Python's hmac. */
	static const unsigned char want[] = {0x43, 0xb2, 0xe4, 0x5a, 0x80, 0xf9, 0x65, 0x0f,
					     0xff, 0xd2, 0xfd, 0xce, 0x4b, 0x42, 0x9f, 0xfd,
					     0x56, 0x11, 0xa6, 0x5d, 0x99, 0x76, 0xd8, 0x30,
					     0x7d, 0x4b, 0xc5, 0x99, 0x40, 0x25, 0x76, 0xfe};
	struct key_hasher *h = key_hasher_new(STR("0123456789abcdefghijklmnopqrstuvwxyz"));
	unsigned char hash[KEY_HASH];

	/* The second and third time the pepper is there already. */
	cr_assert_not_null(h);
	for (int i = 0; i < 3; i++) {
		memset(hash, 0, sizeof(hash));
		cr_assert_eq(key_hash(h, STR("what do ya want for nothing?"), hash), 0);
		cr_assert_arr_eq(hash, want, sizeof(want));
		cr_assert_eq(key_hash(h, STR(""), hash), 0);
	}
	key_hasher_free(h);
}

Test(key, a_short_pepper_is_none)
{
	cr_assert_null(key_hasher_new(STR("0123456789abcdef0123456789abcde")));
	key_hasher_free(NULL);
}
