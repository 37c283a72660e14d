/*
 * JSON from outside into structs, strictly: every fault is named with its JSON pointer and
 * its cure, and all of them are found, not the first. The fields of an object are a table;
 * a member that is not in the table is a fault too.
 *
 * An optional field that is absent or null leaves the struct as it was, so that defaults are
 * set before reading. Whole numbers are exact: one that does not fit 64 bits is said to be
 * out of range, and 1.0 is not a whole number.
 */
#pragma once

#include <jansson.h>

#include "flaw.h"
#include "libassets/base/day.h"

/* Where something stands, as a chain on the stack; made into a pointer only for a fault. */
struct wire_at {
	const struct wire_at *up; /* NULL: this is the document itself */
	const char *key;          /* NULL: the element `index` of an array */
	size_t index;
};

#define WIRE_TOP ((struct wire_at){0})
#define WIRE_KEY(up, key) ((struct wire_at){(up), (key), 0})
#define WIRE_INDEX(up, index) ((struct wire_at){(up), NULL, (index)})

enum wire_kind {
	WIRE_I64,   /* int64_t, in min to max */
	WIRE_I32,   /* int32_t, in min to max */
	WIRE_U64,   /* uint64_t, any; min and max are not looked at */
	WIRE_BOOL,  /* bool */
	WIRE_DAY,   /* struct day */
	WIRE_TEXT,  /* struct str, borrowed from the document; min to max code points */
	WIRE_WORD,  /* uint8_t, the place in `words`, a list that ends with NULL */
	WIRE_OTHER, /* known, and read by the caller */
};

struct wire_field {
	const char *key;
	enum wire_kind kind;
	bool required;   /* a flaw REQUIRED when absent or null */
	uint16_t offset; /* of the value in the struct */
	uint16_t given;  /* of a bool to set when it is there; the value's own offset: none */
	int64_t min;     /* of numbers and of the length of texts */
	int64_t max;
	const char *const *words; /* of WIRE_WORD */
};

/*
 * Parse a text: one value of any kind. *ret_root is yours, NULL on failure. Numbers beyond
 * 64 bits are kept, as something only this module reads.
 * ERR_JSON  not JSON (RFC 8259) in UTF-8, or an object with a member twice; a flaw says line
 *           and column.    ERR_NOMEM
 *
 * What comes from outside goes through prescan_json() first, which bounds depth and size.
 */
MUST_CHECK int wire_load(struct str text, struct flaws *flaws, json_t **ret_root);

/*
 * Read `object` into the struct at `out` by a table of n fields. Every fault becomes a flaw
 * at its place under `at`: UNKNOWN_FIELD, REQUIRED, WRONG_TYPE, OUT_OF_RANGE, WRONG_LENGTH,
 * NOT_IN_LIST, NOT_A_DATE; the field it concerns is then left as it was.
 */
void wire_read(const struct wire_field *field, size_t n, json_t *object, const struct wire_at *at,
	       struct flaws *flaws, void *out);

/*
 * One value, not null, by one row of a table, for members whose names are not known
 * beforehand. out: of the value itself, not of a struct.
 */
void wire_value(const struct wire_field *field, const json_t *value, const struct wire_at *at,
		struct flaws *flaws, void *out);

/* True for a number beyond 64 bits, as wire_load keeps it. */
bool wire_is_big(const json_t *value);

/* The member, borrowed, or NULL when it is absent or null, and of what is no object. */
json_t *wire_member(const json_t *object, const char *key);

/* True if it is an object (an array); else a flaw. NULL is false without a flaw. */
bool wire_is_object(const json_t *value, const struct wire_at *at, struct flaws *flaws);
bool wire_is_array(const json_t *value, const struct wire_at *at, struct flaws *flaws);

/*
 * Add a flaw at this place; its pointer (RFC 6901) is made here, of at most 64 parts. The
 * texts are copied.
 */
void wire_flaw(struct flaws *flaws, const struct wire_at *at, struct str code, struct str detail,
	       struct str cure);
