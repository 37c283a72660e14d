/*
 * By the first bytes of UTF-8: U+0080 to U+00BF are signs (£, ², ·), and so is what begins with E2
 * (dashes, quotation marks, €). All else beyond ASCII counts as letters.
 */
#include "letters.h"

/* How long "&amp;" is that begins there; 0: none does. */
static size_t entity_at(struct str text, size_t at)
{
	for (size_t i = at + 1; i < text.len && i < at + 10; i++) {
		if (text.at[i] == ';')
			return i + 1 - at;
	}
	return 0;
}

bool letters_in(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];

		if (c == '&') {
			size_t n = entity_at(text, i);

			i += n ? n - 1 : 0;
			continue;
		}
		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0xC3 && c != 0xE2))
			return true;
	}
	return false;
}
