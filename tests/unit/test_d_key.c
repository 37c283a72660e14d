/*
 * Keys: their form, their check digits and what the database keeps of them.
 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "daemon/key.h"

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
	/* RFC 4231 section 4.3, test case 2. */
	static const unsigned char want[] = {0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e,
					     0x6a, 0x04, 0x24, 0x26, 0x08, 0x95, 0x75, 0xc7,
					     0x5a, 0x00, 0x3f, 0x08, 0x9d, 0x27, 0x39, 0x83,
					     0x9d, 0xec, 0x58, 0xb9, 0x64, 0xec, 0x38, 0x43};
	unsigned char hash[KEY_HASH];

	cr_assert_eq(key_hash(STR("Jefe"), STR("what do ya want for nothing?"), hash), 0);
	cr_assert_arr_eq(hash, want, sizeof(want));
}
