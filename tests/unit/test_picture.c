/*
 * What a picture keeps and what it loses: by segments and chunks made here, in one piece and byte
 * by byte.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "libassets/base/err.h"
#include "libassets/file/picture.h"

#define SOS "\xFF\xDA\0\x08\1\1\0\0\x3F\0"
#define JFIF "\xFF\xE0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"
/* Little endian, three entries: the maker, which way up, and where the GPS directory stands. */
#define EXIF                                                                                       \
	"\xFF\xE1\0\x3A"                                                                           \
	"Exif\0\0II*\0\x08\0\0\0\3\0"                                                              \
	"\x0F\1\2\0\4\0\0\0ABC\0"                                                                  \
	"\x12\1\3\0\1\0\0\0\6\0\0\0"                                                               \
	"\x25\x88\4\0\1\0\0\0\x99\0\0\0\0\0\0\0"
#define UPWARDS                                                                                    \
	"\xFF\xE1\0\x22"                                                                           \
	"Exif\0\0MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0"
#define ICC "\xFF\xE2\0\x10ICC_PROFILE\0\1\1"
#define PNG "\x89PNG\r\n\x1A\n"
#define CHUNK(n, type, body) "\0\0\0" n type body "SUMS"

static const struct row {
	const char *what;
	struct str file, kept;
	int err;
} rows[] = {
	{"a plain one",
	 STR_INIT("\xFF\xD8" JFIF SOS "ab\xFF\0c\xFF\xD0"
		  "d\xFF\xD9"),
	 STR_INIT("\xFF\xD8" JFIF SOS "ab\xFF\0c\xFF\xD0"
		  "d\xFF\xD9"),
	 0},
	{"Exif goes but for the way up", STR_INIT("\xFF\xD8" EXIF SOS "x\xFF\xD9"),
	 STR_INIT("\xFF\xD8" UPWARDS SOS "x\xFF\xD9"), 0},
	{"XMP, IPTC and a comment go",
	 STR_INIT("\xFF\xD8\xFF\xE1\0\x06http\xFF\xED\0\x06Phot\xFF\xFE\0\x04me" SOS "\xFF\xD9"),
	 STR_INIT("\xFF\xD8" SOS "\xFF\xD9"), 0},
	{"colours stay, more pictures behind go",
	 STR_INIT("\xFF\xD8" ICC "\xFF\xE2\0\x06MPF\0" SOS "\xFF\xD9\xFF\xD8" EXIF),
	 STR_INIT("\xFF\xD8" ICC SOS "\xFF\xD9"), 0},
	{"a second scan, fill before markers",
	 STR_INIT("\xFF\xD8\xFF\xFF\xFF\xFE\0\x04me" SOS "a\xFF\xFF\xFE\0\x04hi" SOS "b\xFF\xD9"),
	 STR_INIT("\xFF\xD8" SOS "a" SOS "b\xFF\xD9"), 0},
	{"empty segments", STR_INIT("\xFF\xD8\xFF\xE1\0\2\xFF\xFE\0\2" SOS "\xFF\xD9"),
	 STR_INIT("\xFF\xD8" SOS "\xFF\xD9"), 0},
	{"a segment of no length", STR_INIT("\xFF\xD8\xFF\xE1\0\1"), STR_INIT(""),
	 ERR_DOCUMENT_TYPE},
	{"no marker", STR_INIT("\xFF\xD8xx"), STR_INIT(""), ERR_DOCUMENT_TYPE},
	{"no end", STR_INIT("\xFF\xD8" SOS "abc"), STR_INIT(""), ERR_DOCUMENT_TYPE},
	{"a WebP says nothing in the same room",
	 STR_INIT("RIFF\x3C\0\0\0WEBPVP8X\x0A\0\0\0\x1C\0\0\0abcdefEXIF\3\0\0\0me!\0VP8L\2\0\0\0"
		  "px"
		  "XMP \0\0\0\0"),
	 STR_INIT("RIFF\x3C\0\0\0WEBPVP8X\x0A\0\0\0\x10\0\0\0abcdefJUNK\3\0\0\0\0\0\0\0VP8L\2\0\0\0"
		  "px"
		  "JUNK\0\0\0\0"),
	 0},
	{"also in the frames of one that moves",
	 STR_INIT("RIFF????WEBPANIM\2\0\0\0ccANMF\x24\0\0\0"
		  "0123456789abcdefEXIF\2\0\0\0meVP8 \2\0\0\0px"),
	 STR_INIT("RIFF????WEBPANIM\2\0\0\0ccANMF\x24\0\0\0"
		  "0123456789abcdefJUNK\2\0\0\0\0\0VP8 \2\0\0\0px"),
	 0},
	{"a WebP cut in a chunk", STR_INIT("RIFF????WEBPVP8L\4\0\0\0px"), STR_INIT(""),
	 ERR_DOCUMENT_TYPE},
	{"a WebP of other flags", STR_INIT("RIFF????WEBPVP8X\4\0\0\0\x1C\0\0\0"), STR_INIT(""),
	 ERR_DOCUMENT_TYPE},
	{"a PNG loses its words and its place",
	 STR_INIT(PNG CHUNK("\1", "IHDR", "h") CHUNK("\2", "tEXt", "me") CHUNK("\1", "eXIf", "e")
			  CHUNK("\0", "iTXt", "") CHUNK("\1", "zTXt", "z") CHUNK("\1", "tIME", "t")
				  CHUNK("\1", "gAMA", "g") CHUNK("\1", "prVt", "p") CHUNK(
					  "\1", "IDAT", "d") CHUNK("\0", "IEND", "") "behind"),
	 STR_INIT(PNG CHUNK("\1", "IHDR", "h") CHUNK("\1", "gAMA", "g") CHUNK("\1", "IDAT", "d")
			  CHUNK("\0", "IEND", "")),
	 0},
	{"a chunk of 2 GiB", STR_INIT(PNG "\x80\0\0\0IDAT"), STR_INIT(""), ERR_DOCUMENT_TYPE},
	{"half a PNG", STR_INIT(PNG CHUNK("\1", "IHDR", "h")), STR_INIT(""), ERR_DOCUMENT_TYPE},
	{"neither", STR_INIT("GIF89a"), STR_INIT(""), ERR_DOCUMENT_TYPE},
	{"nothing", STR_INIT(""), STR_INIT(""), ERR_DOCUMENT_TYPE},
};

static int clean(struct str file, size_t step, struct buf *out)
{
	struct picture *p = calloc(1, sizeof(*p));
	int r = 0;

	cr_assert(p);
	for (size_t i = 0; r == 0 && i < file.len; i += step)
		r = picture_add(
			p, (struct str){file.at + i, file.len - i < step ? file.len - i : step},
			out);
	if (r == 0)
		r = picture_end(p);
	free(p);
	return r;
}

Test(picture, keeps_what_is_seen_and_loses_what_is_said)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		for (size_t step = 1; step < 100; step = step == 1 ? 7 : 100) {
			CLEANUP(buf_done) struct buf out = BUF(1 << 16);
			int r = clean(rows[i].file, step, &out);

			cr_expect_eq(r, rows[i].err, "%s: %d", rows[i].what, r);
			if (r == 0)
				cr_expect(str_eq(buf_view(&out), rows[i].kept), "%s, by %zu",
					  rows[i].what, step);
		}
	}
}

Test(picture, a_directory_that_leads_astray_is_read_no_further)
{
	static const struct str bad[] = {
		STR_INIT("\xFF\xD8\xFF\xE1\0\x10"
			 "Exif\0\0II*\0\xFF\xFF\xFF\xFF" SOS "\xFF\xD9"),
		STR_INIT("\xFF\xD8\xFF\xE1\0\x12"
			 "Exif\0\0II*\0\x08\0\0\0\xFF\xFF" SOS "\xFF\xD9"),
		STR_INIT("\xFF\xD8\xFF\xE1\0\x09"
			 "Exif\0\0I" SOS "\xFF\xD9"),
	};

	for (size_t i = 0; i < COUNT(bad); i++) {
		CLEANUP(buf_done) struct buf out = BUF(1 << 16);

		cr_expect_eq(clean(bad[i], 1000, &out), 0);
		cr_expect(str_eq(buf_view(&out), STR("\xFF\xD8" SOS "\xFF\xD9")), "%zu", i);
	}
}

Test(picture, knows_which_files_it_is_for)
{
	cr_expect(picture_is(STR("\xFF\xD8\xFF\xE0")) && picture_is(STR(PNG)));
	cr_expect(!picture_is(STR("%PDF")) && !picture_is(STR("")) && !picture_is(STR("\xFF")));
}
