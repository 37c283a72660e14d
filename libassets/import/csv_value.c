/*
 * Values of real lists brought into form. Input is well-formed UTF-8, which import_read of
 * the daemon sees to; so the two bytes of a no-break space are never half of something else.
 */
#include "csv_value.h"

#include "libassets/base/err.h"

/* Characters of a code, as FORM_CODE takes them; digits before the point, far within 64 bits. */
enum { CODE_MAX = 40, WHOLE_DIGITS = 15 };

/* Length of the blank at the start of s, 0 if it does not begin with one. */
static size_t blank_at(struct str s)
{
	if (!s.len)
		return 0;
	if (s.at[0] == ' ' || (s.at[0] >= '\t' && s.at[0] <= '\r'))
		return 1;
	return s.at[0] == '\xC2' && s.len >= 2 && s.at[1] == '\xA0' ? 2 : 0;
}

struct str csv_skip_blanks(struct str s)
{
	for (size_t n; (n = blank_at(s)) > 0;) {
		s.at += n;
		s.len -= n;
	}
	return s;
}

/*
 * From the front also at the end: backwards, the second byte of a no-break space could not be
 * told from the last of another character.
 */
struct str csv_trim(struct str s)
{
	size_t end = 0;

	s = csv_skip_blanks(s);
	for (size_t i = 0; i < s.len;) {
		size_t n = blank_at((struct str){s.at + i, s.len - i});

		if (!n)
			end = i + 1;
		i += n ? n : 1;
	}
	return (struct str){s.at, end};
}

struct str csv_fold(struct str s, struct arena *a)
{
	struct str t = csv_trim(s);
	char *out = arena_alloc(a, t.len + 1);
	size_t len = 0;

	if (!out)
		return (struct str){NULL, 0};
	while (t.len) {
		if (blank_at(t)) {
			out[len++] = ' ';
			t = csv_skip_blanks(t);
		} else {
			out[len++] = *t.at++;
			t.len--;
		}
	}
	out[len] = '\0';
	return (struct str){out, len};
}

struct str csv_first_line(struct str s)
{
	s = csv_skip_blanks(s);
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] == '\r' || s.at[i] == '\n')
			return (struct str){s.at, i};
	}
	return s;
}

bool csv_is_digits(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] < '0' || s.at[i] > '9')
			return false;
	}
	return s.len > 0;
}

int csv_whole(struct str s, int64_t *ret_value)
{
	struct str whole, fraction = {NULL, 0};
	bool minus = s.len && s.at[0] == '-';
	int64_t value = 0;

	if (minus)
		s = (struct str){s.at + 1, s.len - 1};
	whole = str_cut(s, '.', &fraction);
	if (!csv_is_digits(whole) || whole.len > WHOLE_DIGITS)
		return ERR_INVALID;
	if (!str_is_null(fraction) && fraction.len && !csv_is_digits(fraction))
		return ERR_INVALID;
	for (size_t i = 0; i < whole.len; i++)
		value = value * 10 + (whole.at[i] - '0');
	/* Away from zero; the further decimals cannot change which way. */
	if (fraction.len && fraction.at[0] >= '5')
		value++;
	*ret_value = minus ? -value : value;
	return 0;
}

static bool is_code_char(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

struct str csv_code(struct str s, struct arena *a)
{
	char out[CODE_MAX + 3];
	size_t len = 0;

	for (size_t i = 0; i < s.len && len < CODE_MAX; i++) {
		char c = s.at[i];

		if (c >= 'a' && c <= 'z')
			c = (char)(c - ('a' - 'A'));
		/* A code does not begin with a digit. */
		if (len == 0 && c >= '0' && c <= '9') {
			out[len++] = 'X';
			out[len++] = '_';
		}
		if (is_code_char(c))
			out[len++] = c;
		else if (len && out[len - 1] != '_')
			out[len++] = '_';
	}
	/* "X_" may have gone past; a cut that falls on an underscore takes it along. */
	if (len > CODE_MAX)
		len = CODE_MAX;
	while (len && out[len - 1] == '_')
		len--;
	return len ? arena_str(a, (struct str){out, len}) : STR("OTHER");
}
