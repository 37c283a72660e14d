/*
 * What a file is, by its content and not by its name: looked at piece by piece, in memory that does
 * not grow with it. Nothing is unpacked, so a bomb is a number in a directory that is too large.
 *
 * A type is believed when the file begins as one and also ends as one: half a file is refused, and
 * so is a file with another one behind it where the type has an end (PNG, WebP, the ZIP formats).
 */
#pragma once

#include "libassets/base/str.h"

enum file_type {
#define TYPE(id, media, end, tells) FILE_##id,
#include "file_type.def"
#undef TYPE
};

enum {
	SNIFF_HEAD = 512,
	SNIFF_TAIL = 128 << 10, /* the directory of a ZIP must fit */
};

struct sniff {
	char head[SNIFF_HEAD];
	size_t head_len;
	char tail[SNIFF_TAIL];
	size_t tail_len;
	uint64_t total;            /* bytes so far */
	bool is_no_text;           /* a control, a NUL, or what is no UTF-8 */
	unsigned owed;             /* bytes that the UTF-8 sequence under way still needs */
	unsigned char least, most; /* what its next byte may be */
};

/* Look at the next piece. `s` was zeroed before the first. */
void sniff_add(struct sniff *s, struct str piece);

/*
 * Nothing more comes. name: of the file, absent if there is none; tells CSV from text, no more.
 * ERR_DOCUMENT_TYPE  none of file_type.def, or not a whole one; ret_why is a sentence, constant
 */
MUST_CHECK int sniff_end(const struct sniff *s, struct str name, enum file_type *ret_type,
			 const char **ret_why);

/* "application/pdf"; a constant. */
const char *file_type_media(enum file_type type);

/*
 * Is everybody sent, with a file of this media type, what its pages do not show: who made it, when
 * and with what? Of photographs a copy goes out without (picture.h); text has nothing else. True of
 * a type that is not known.
 */
bool file_type_tells(struct str media);

/*
 * What a name lacks to say of what type its file is: a system goes by the name, and opens what is
 * called a page as one, whatever we found. Empty where nothing is lacking; a constant.
 *
 * Example: "pdf" of "plan.html" and "plan" for application/pdf; nothing of "plan.PDF".
 */
struct str file_type_ending_owed(struct str media, struct str name);
