/*
 * Items as tables: each kind has one .def file of fields, which gives the struct's members,
 * the check of the JSON that is sent, and the JSON that is written. Reading as such (places,
 * flaws, numbers beyond 64 bits) is wire.h's; here are patches, forms and the way back.
 *
 * A shape is the fields of one struct. Decoding looks at every member and collects all
 * faults as flaws with a JSON pointer; the struct is only to be used when there are none.
 * PATCH is JSON merge patch (RFC 7396): a member that is absent stays, null takes it away
 * (back to its default where it has one), lists are replaced whole, parts are merged.
 *
 * Texts: UTF-8, blanks at both ends are taken off, control characters and marks of direction
 * are refused (line breaks only where SHAPE_LINES says so, as "\n"; text.h); an optional text
 * that is empty or shows nothing is the same as null.
 * Amounts and numbers are JSON integers: 1.0 and "1" are of the wrong type.
 * Decoded texts are copied into the arena and outlive the JSON.
 */
#pragma once

#include <jansson.h>

#include "libassets/base/buf.h"
#include "wire.h"

/*
 * Members. A text is a struct str, absent when it is not set; a day is DAY_NONE; a part is a
 * pointer, NULL. A boundary is its text. Degrees are a number of ten-millionths.
 */
struct shape_number {
	int64_t value;
	bool is_set;
};

struct shape_flag {
	bool value;
	bool is_set;
};

/* count structs of the list's shape, one behind the other; at is NULL when it is not set. */
struct shape_list {
	void *at;
	size_t count;
};

struct shape_words {
	struct str *at;
	size_t count;
};

enum shape_type {
	SHAPE_TEXT,     /* least to most code points */
	SHAPE_FORM,     /* a text of one form, said in words by `words` */
	SHAPE_ENUM,     /* one of `words`, separated by single blanks */
	SHAPE_ID,       /* `words` is the prefix, such as "ast" */
	SHAPE_NUMBER,   /* least to most */
	SHAPE_PENCE,    /* least to most, within SHAPE_PENCE_MAX; beyond that is out-of-range */
	SHAPE_DEGREES,  /* a decimal number of degrees as whole ten-millionths, least to most */
	SHAPE_DATE,     /* a civil day */
	SHAPE_FLAG,     /* true or false */
	SHAPE_BOUNDARY, /* a shape of land, as GeoJSON (boundary.h) */
	SHAPE_PART,     /* a struct of the shape `part` in the arena */
	SHAPE_LIST,     /* up to `most` structs of the shape `part` */
	SHAPE_WORDS,    /* up to `most` texts in that form, or without `form` each one of `words` */
};

enum shape_rule {
	SHAPE_NEEDED = 1, /* must be there on creation and may not be taken away */
	SHAPE_FIXED = 2,  /* said on creation, for good */
	SHAPE_LINES = 4,  /* the text may have line breaks */
	SHAPE_BRIEF = 8,  /* an entry of the list may be its first field alone: "PRICE" */
	SHAPE_TAKEN = 16, /* a secret: sent, and written nowhere again; not of parts or lists */
};

#define SHAPE_PENCE_MAX INT64_C(1000000000000000)

struct shape_field {
	const char *name;
	enum shape_type type;
	unsigned rules;
	size_t offset; /* of the member in the struct, in bytes */
	int64_t least; /* of a needed text at least 1, whatever stands here */
	int64_t most;  /* of a text 0: any length */
	const char *words;
	/* FORM: bring the text into its normal form in the arena, absent if it has another form. */
	struct str (*form)(struct str text, struct arena *a);
	const struct shape *part; /* of scalar fields only: parts do not nest */
};

struct shape {
	const struct shape_field *field;
	size_t count;
	size_t size;           /* of the struct, in bytes */
	const char *read_only; /* names that items show and nobody sends, separated by blanks */
	const char *beside;    /* those that are sent too, and taken out before a shape is asked */
};

enum shape_mode {
	SHAPE_CREATE, /* what is needed must be there */
	SHAPE_PATCH,  /* over what the struct holds already */
	SHAPE_STORED, /* our own rendering of an item: unknown members are passed over */
};

/* Everything not set. What *ret_struct held is overwritten unread. */
void shape_clear(const struct shape *shape, void *ret_struct);

/*
 * Decode `from` over *at, which shape_clear or an earlier decoding filled. Faults go to
 * `flaws`, whose arena holds what is decoded.
 *
 * from:  an object, loaded by wire_load.    where:  its place, &WIRE_TOP for a body.
 * Codes: UNKNOWN_FIELD, WRONG_TYPE, REQUIRED, READ_ONLY, FIXED, WRONG_LENGTH, OUT_OF_RANGE,
 * CONTROL_CHARACTER, NOT_IN_LIST, NOT_A_DATE, BAD_FORM, TOO_MANY, NO_ROOM. An amount beyond
 * SHAPE_PENCE_MAX also sets flaws->is_range.
 */
void shape_decode(const struct shape *shape, const json_t *from, enum shape_mode mode,
		  const struct wire_at *where, struct flaws *flaws, void *at);

/*
 * Read our own rendering back, as SHAPE_STORED, into the arena. *ret_struct is cleared first, and
 * stays so for a text that is no object, such as null.
 * ERR_BUG, ERR_JSON  it does not fit the shape      ERR_NOMEM
 */
MUST_CHECK int shape_stored(const struct shape *shape, struct str json, struct arena *a,
			    void *ret_struct);

/*
 * Append the struct as a JSON object of the members that are set, in the table's order.
 * What shape_decode took comes back the same, but for what is SHAPE_TAKEN, which does not.
 */
void shape_encode(const struct shape *shape, const void *at, struct buf *out);

/* The same for a list of structs, as an array, and for words; [] when not set. */
void shape_encode_list(const struct shape *shape, struct shape_list list, struct buf *out);
void shape_encode_words(struct shape_words words, struct buf *out);

/*
 * Two JSON objects as one text; of a member that both have a reader takes the second. Absent
 * when either is, and without memory.
 */
struct str shape_joined(struct str a, struct str b, struct arena *arena);

/* The day as ten characters in the arena; absent for DAY_NONE, and without room. */
struct str shape_day_text(struct day d, struct arena *a);

/* 0 if `d` is today, earlier or not given, else ERR_DATE_IN_FUTURE with a flaw at /field. */
MUST_CHECK int shape_not_after(struct day d, struct day today, const char *field,
			       struct flaws *flaws);

/* True if `word` is one of the words, separated by single blanks. */
bool shape_is_word(struct str word, const char *words);
