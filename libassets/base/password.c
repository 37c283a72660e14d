/*
 * A list of what others use holds millions of passwords, nearly all of them shorter than ours may
 * be. Of the longer ones most are a short one again and again, a row of neighbours, or a walk along
 * the keyboard; these are told by what they are.
 */
#include "password.h"

#include "base.h"

/* Rows of keyboards, and what is long and known. */
static const char *const known[] = {
	"qwertyuiopasdfghjklzxcvbnm",          "qwertyuiop[]asdfghjkl;'",
	"1qaz2wsx3edc4rfv5tgb6yhn7ujm",        "1q2w3e4r5t6y7u8i9o0p",
	"correcthorsebatterystaple",           "correct horse battery staple",
	"thequickbrownfoxjumpsoverthelazydog", "the quick brown fox jumps over the lazy dog",
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

static bool is_in(struct str whole, struct str part)
{
	for (size_t from = 0; from + part.len <= whole.len; from++) {
		size_t i = 0;

		while (i < part.len && lower(whole.at[from + i]) == lower(part.at[i]))
			i++;
		if (i == part.len)
			return true;
	}
	return false;
}

/* The same few characters again and again. */
static bool is_repetition(struct str s)
{
	for (size_t period = 1; period <= s.len / 2; period++) {
		size_t i = period;

		while (i < s.len && lower(s.at[i]) == lower(s.at[i - period]))
			i++;
		if (i == s.len)
			return true;
	}
	return false;
}

/* All but a few characters are the one before, or its neighbour: 123456789012345. */
static bool is_row(struct str s)
{
	size_t leaps = 0;

	for (size_t i = 1; i < s.len; i++) {
		int step = lower(s.at[i]) - lower(s.at[i - 1]);

		leaps += step < -1 || step > 1;
	}
	return leaps <= 3;
}

static size_t code_points(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += ((unsigned char)s.at[i] & 0xC0) != 0x80;
	return n;
}

/* Of whom we know what they are called. */
static bool is_own(struct str password, struct str theirs)
{
	return theirs.len && (is_in(theirs, password) ||
			      (is_in(password, theirs) && password.len < theirs.len + 8));
}

const char *password_flaw(struct str password, struct str name, struct str email)
{
	if (code_points(password) < PASSWORD_LEAST)
		return "Choose a password of at least 15 characters: a few words are easy to "
		       "remember";
	if (password.len > PASSWORD_MOST)
		return "Choose a shorter password";
	for (size_t i = 0; i < password.len; i++) {
		if ((unsigned char)password.at[i] < 0x20 || password.at[i] == 0x7F)
			return "Choose a password of characters that can be seen";
	}
	if (is_own(password, name) || is_own(password, email))
		return "Choose a password that is not your name or address";
	if (is_repetition(password) || is_row(password))
		return "Choose a password that is not one thing again and again, or in a row";
	for (size_t i = 0; i < COUNT(known); i++) {
		if (is_in(str_of(known[i]), password))
			return "Choose a password that is not one of those tried first";
	}
	return NULL;
}
