/*
 * See content_name.h. Bytes, not code points, are escaped, so what is no UTF-8 does no harm either.
 */
#include "content_name.h"

enum { NAME_BYTES = 120, ENDING_BYTES = 12 };

static bool is_letter_or_digit(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static struct str base_name(struct str name)
{
	for (size_t i = name.len; i > 0; i--) {
		if (name.at[i - 1] == '/' || name.at[i - 1] == '\\')
			return (struct str){name.at + i, name.len - i};
	}
	return name;
}

void content_disposition(struct buf *out, struct str name)
{
	name = base_name(name);
	if (!name.len)
		name = STR("document");
	buf_str(out, STR("attachment; filename=\""));
	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = (unsigned char)name.at[i];

		/* Of a character of several bytes the first alone shows. */
		if ((c & 0xC0) == 0x80)
			continue;
		buf_char(out, is_letter_or_digit(c) || (c && strchr("-._ ()", c)) ? (char)c : '_');
	}
	buf_str(out, STR("\"; filename*=UTF-8''"));
	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = (unsigned char)name.at[i];

		if (is_letter_or_digit(c) || (c && strchr("!#$&+-.^_`|~", c)))
			buf_char(out, (char)c);
		else
			buf_fmt(out, "%%%02X", c);
	}
}

/* ".pdf" of a name that has one, else empty. */
static struct str ending(struct str name)
{
	for (size_t n = 1; n <= ENDING_BYTES && n < name.len; n++) {
		char c = name.at[name.len - n];

		if (c == '.')
			return (struct str){name.at + name.len - n, n};
		if (!is_letter_or_digit((unsigned char)c))
			break;
	}
	return (struct str){name.at + name.len, 0};
}

static void add_clean(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];

		buf_char(out, c < 0x20 || c == 0x7F || strchr("<>:\"|?*", c) ? '_' : (char)c);
	}
}

void content_file_name(struct buf *out, struct str name)
{
	struct str end;

	name = base_name(name);
	while (name.len && strchr(". ", name.at[name.len - 1]))
		name.len--;
	while (name.len && strchr(". ", name.at[0]))
		name = (struct str){name.at + 1, name.len - 1};
	if (!name.len)
		name = STR("document");
	end = ending(name);
	name.len -= end.len;
	if (name.len + end.len > NAME_BYTES) {
		name.len = NAME_BYTES - end.len;
		/* To the beginning of a character, which in UTF-8 is at most three bytes off. */
		for (int i = 0; i < 3 && ((unsigned char)name.at[name.len] & 0xC0) == 0x80; i++)
			name.len--;
	}
	add_clean(out, name);
	add_clean(out, end);
}
