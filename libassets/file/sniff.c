/*
 * Signatures: PDF (ISO 32000-1 7.5), PNG (ISO 15948), JPEG (ITU T.81 annex B), TIFF 6.0, RIFF/WebP
 * (RFC 9649). ZIP formats are sniff_zip.c's. To add a type: a row of file_type.def and of
 * type_table.
 *
 * Whatever begins as none of them may be text: UTF-8 without controls that does not begin with '<',
 * so that no markup comes in as text.
 */
#include "sniff.h"

#include "libassets/base/err.h"
#include "sniff_zip.h"

static const struct {
	const char *media, *endings;
	bool is_telling;
} type_words[] = {
#define TYPE(id, media, end, tells) [FILE_##id] = {media, end, tells},
#include "file_type.def"
#undef TYPE
};

const char *file_type_media(enum file_type type)
{
	return type_words[type].media;
}

bool file_type_tells(struct str media)
{
	for (size_t i = 0; i < COUNT(type_words); i++) {
		if (str_eq(media, str_of(type_words[i].media)))
			return type_words[i].is_telling;
	}
	return true;
}

static struct str ending_of(struct str name)
{
	for (size_t i = name.len; i > 0; i--) {
		if (name.at[i - 1] == '.')
			return (struct str){name.at + i, name.len - i};
	}
	return (struct str){NULL, 0};
}

struct str file_type_ending_owed(struct str media, struct str name)
{
	struct str ending = ending_of(name), usual, rest;

	for (size_t i = 0; i < COUNT(type_words); i++) {
		if (!str_eq(media, str_of(type_words[i].media)))
			continue;
		usual = str_cut(str_of(type_words[i].endings), ' ', &rest);
		for (struct str one = usual; !str_eq_nocase(one, ending);) {
			if (str_is_null(rest))
				return usual;
			one = str_cut(rest, ' ', &rest);
		}
		return STR("");
	}
	return STR("");
}

/* --- Text ------------------------------------------------------------------------------ */

/* The first byte of a sequence: how many follow, and what the next may be (Unicode table 3-7). */
static void utf8_begin(struct sniff *s, unsigned char c)
{
	s->least = 0x80;
	s->most = 0xBF;
	if (c < 0x80) {
		s->is_no_text |=
			(c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f') || c == 0x7F;
	} else if (c >= 0xC2 && c <= 0xDF) {
		s->owed = 1;
	} else if (c >= 0xE0 && c <= 0xEF) {
		s->owed = 2;
		s->least = c == 0xE0 ? 0xA0 : 0x80;
		s->most = c == 0xED ? 0x9F : 0xBF;
	} else if (c >= 0xF0 && c <= 0xF4) {
		s->owed = 3;
		s->least = c == 0xF0 ? 0x90 : 0x80;
		s->most = c == 0xF4 ? 0x8F : 0xBF;
	} else {
		s->is_no_text = true;
	}
}

static void utf8_add(struct sniff *s, struct str piece)
{
	for (size_t i = 0; i < piece.len && !s->is_no_text; i++) {
		unsigned char c = (unsigned char)piece.at[i];

		if (!s->owed) {
			utf8_begin(s, c);
			continue;
		}
		s->is_no_text = c < s->least || c > s->most;
		s->owed--;
		s->least = 0x80;
		s->most = 0xBF;
	}
}

static bool is_text(const struct sniff *s)
{
	size_t i = s->head_len >= 3 && memcmp(s->head, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;

	if (s->is_no_text || s->owed)
		return false;
	while (i < s->head_len && strchr(" \t\r\n\f", s->head[i]))
		i++;
	return i == s->head_len || s->head[i] != '<';
}

static bool ends_in(struct str name, struct str ending)
{
	return name.len > ending.len &&
	       str_eq_nocase((struct str){name.at + name.len - ending.len, ending.len}, ending);
}

/* --- Pictures and PDF -------------------------------------------------------------------- */

static uint32_t le32(const char *at)
{
	const unsigned char *b = (const unsigned char *)at;

	return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static uint32_t be32(const char *at)
{
	const unsigned char *b = (const unsigned char *)at;

	return b[3] | (uint32_t)b[2] << 8 | (uint32_t)b[1] << 16 | (uint32_t)b[0] << 24;
}

/* Is it somewhere in the last `most` bytes? */
static bool is_near_end(const struct sniff *s, struct str what, size_t most)
{
	size_t n = s->tail_len < most ? s->tail_len : most;
	const char *at = s->tail + s->tail_len - n;

	return str_holds((struct str){at, n}, what);
}

static bool ends_pdf(const struct sniff *s)
{
	return is_near_end(s, STR("%%EOF"), 2048);
}

static bool ends_png(const struct sniff *s)
{
	static const char end[] = "\0\0\0\0IEND\xAE\x42\x60\x82";

	return s->total > 57 && memcmp(s->head + 8, "\0\0\0\rIHDR", 8) == 0 &&
	       memcmp(s->tail + s->tail_len - 12, end, 12) == 0;
}

/* Some cameras write behind the end of the picture: that it ends near the file's end will do. */
static bool ends_jpeg(const struct sniff *s)
{
	return is_near_end(s, STR("\xFF\xD9"), SNIFF_TAIL);
}

static bool ends_tiff(const struct sniff *s)
{
	uint32_t first = s->head[0] == 'I' ? le32(s->head + 4) : be32(s->head + 4);

	return first >= 8 && first + UINT64_C(6) <= s->total;
}

static bool ends_webp(const struct sniff *s)
{
	uint64_t size = le32(s->head + 4) + UINT64_C(8);

	return memcmp(s->head + 8, "WEBP", 4) == 0 && size + (size & 1) == s->total;
}

/* whole: does it also end as one? Head and tail have at least 12 bytes then. */
static const struct {
	struct str begins;
	enum file_type type;
	bool (*whole)(const struct sniff *s);
} type_table[] = {
	{STR_INIT("%PDF-1."), FILE_PDF, ends_pdf},
	{STR_INIT("%PDF-2."), FILE_PDF, ends_pdf},
	{STR_INIT("\x89PNG\r\n\x1A\n"), FILE_PNG, ends_png},
	{STR_INIT("\xFF\xD8\xFF"), FILE_JPEG, ends_jpeg},
	{STR_INIT("II*\0"), FILE_TIFF, ends_tiff},
	{STR_INIT("MM\0*"), FILE_TIFF, ends_tiff},
	{STR_INIT("RIFF"), FILE_WEBP, ends_webp},
};

/* --- All of it --------------------------------------------------------------------------- */

static void keep_tail(struct sniff *s, struct str piece)
{
	size_t keep;

	if (piece.len >= SNIFF_TAIL) {
		memcpy(s->tail, piece.at + piece.len - SNIFF_TAIL, SNIFF_TAIL);
		s->tail_len = SNIFF_TAIL;
		return;
	}
	keep = s->tail_len + piece.len > SNIFF_TAIL ? SNIFF_TAIL - piece.len : s->tail_len;
	memmove(s->tail, s->tail + s->tail_len - keep, keep);
	memcpy(s->tail + keep, piece.at, piece.len);
	s->tail_len = keep + piece.len;
}

void sniff_add(struct sniff *s, struct str piece)
{
	size_t n = SNIFF_HEAD - s->head_len;

	if (!piece.len)
		return;
	if (n > piece.len)
		n = piece.len;
	memcpy(s->head + s->head_len, piece.at, n);
	s->head_len += n;
	utf8_add(s, piece);
	keep_tail(s, piece);
	s->total += piece.len;
}

static bool is_like(const struct sniff *s, struct str begins)
{
	return s->head_len >= 12 && str_starts((struct str){s->head, s->head_len}, begins);
}

int sniff_end(const struct sniff *s, struct str name, enum file_type *ret_type,
	      const char **ret_why)
{
	for (size_t i = 0; i < COUNT(type_table); i++) {
		if (!is_like(s, type_table[i].begins))
			continue;
		*ret_type = type_table[i].type;
		*ret_why = "It begins as one of the types that are kept, and does not end as one: "
			   "it was cut, or something was hung on behind.";
		return type_table[i].whole(s) ? 0 : ERR_DOCUMENT_TYPE;
	}
	if (is_like(s, STR("PK\3\4")))
		return sniff_zip(s, ret_type, ret_why);
	*ret_why = s->total
			   ? "It is no PDF, picture, document of Word, Excel or OpenDocument text, "
			     "and no plain text in UTF-8."
			   : "It is empty.";
	if (!s->total || !is_text(s))
		return ERR_DOCUMENT_TYPE;
	*ret_type = ends_in(name, STR(".csv")) ? FILE_CSV : FILE_TEXT;
	return 0;
}
