/*
 * Code points one by one, held against two short tables of ranges.
 */
#include "text.h"

struct range {
	uint32_t first, last;
};

/* Unicode 15: general categories Cc, Zl and Zp, and property Bidi_Control. */
static const struct range controls[] = {
	{0x0000, 0x001F}, {0x007F, 0x009F}, {0x061C, 0x061C}, {0x200E, 0x200F},
	{0x2028, 0x202E}, {0x2066, 0x2069}, {0xFEFF, 0xFEFF},
};

/* White_Space and Default_Ignorable_Code_Point, and the braille pattern without dots. */
static const struct range unseen[] = {
	{0x0000, 0x0020}, {0x007F, 0x00A0}, {0x00AD, 0x00AD}, {0x034F, 0x034F}, {0x061C, 0x061C},
	{0x115F, 0x1160}, {0x1680, 0x1680}, {0x17B4, 0x17B5}, {0x180B, 0x180F}, {0x2000, 0x200F},
	{0x2028, 0x202F}, {0x205F, 0x206F}, {0x2800, 0x2800}, {0x3000, 0x3000}, {0x3164, 0x3164},
	{0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFF8}, {0xE0000, 0xE0FFF},
};

/* The code point at the front of s, taken off it. Well-formed UTF-8: each first byte says how long.
 */
static uint32_t next(struct str *s)
{
	unsigned char c = (unsigned char)*s->at;
	size_t n = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
	uint32_t point = n == 1 ? c : c & (0xFFu >> (n + 1));

	if (n > s->len)
		n = s->len;
	for (size_t i = 1; i < n; i++)
		point = point << 6 | ((unsigned char)s->at[i] & 0x3F);
	*s = (struct str){s->at + n, s->len - n};
	return point;
}

static bool is_in(const struct range *range, size_t n, uint32_t point)
{
	for (size_t i = 0; i < n; i++) {
		if (point >= range[i].first && point <= range[i].last)
			return true;
	}
	return false;
}

bool text_has_control(struct str s, bool is_lines)
{
	while (s.len) {
		uint32_t point = next(&s);

		if (is_in(controls, COUNT(controls), point) && !(point == '\n' && is_lines))
			return true;
	}
	return false;
}

bool text_is_visible(struct str s)
{
	while (s.len) {
		if (!is_in(unseen, COUNT(unseen), next(&s)))
			return true;
	}
	return false;
}
