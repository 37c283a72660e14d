/*
 * Texts of one form, for rows of type FORM and WORDS: each function gives the normal form in
 * the arena, or an absent text when it has another form. The sentence beside each says the
 * form to a person and stands in the row's `words`. Without room the text is absent as well:
 * the sender then hears BAD_FORM, and whoever has a store hears of the room.
 *
 * text: trimmed, not empty, without controls, as shape_decode leaves it.
 */
#pragma once

#include "libassets/base/arena.h"

/* Any id, with small letters alone; whether it exists is for the database. */
#define FORM_ID "an id: three letters, _ and 26 letters and digits"
struct str shape_form_id(struct str text, struct arena *a);
/* The same as a question: of any text, also one that no shape_decode has seen. */
bool shape_is_id(struct str text);

/* An open code: ^[A-Z][A-Z0-9_]{0,39}$ */
#define FORM_CODE "a capital letter, then up to 39 capital letters, digits and underscores"
struct str shape_form_code(struct str text, struct arena *a);

/* The code of a body or place, as others write it (GSS codes among them). */
#define FORM_HANDLE                                                                                \
	"1 to 40 letters, digits, points, dashes and underscores, a letter or digit first"
struct str shape_form_handle(struct str text, struct arena *a);

/* Unique property reference number: kept without leading zeros, "000123" is "123". */
#define FORM_UPRN "1 to 12 digits, not all of them 0"
struct str shape_form_uprn(struct str text, struct arena *a);

/*
 * A postcode's outward and inward part, in capitals with one blank between: "eh11yz" is
 * "EH1 1YZ". Which ones are in use is not ours to know.
 */
#define FORM_POSTCODE "a whole postcode, such as EH1 1YZ"
struct str shape_form_postcode(struct str text, struct arena *a);

/* A data zone of 2011 (Scottish Government statistics); the decile table has them all. */
#define FORM_DATA_ZONE "S01 and six digits"
struct str shape_form_data_zone(struct str text, struct arena *a);

/* Something, one @, something with a dot inside; the rest only a letter sent would tell. */
#define FORM_EMAIL "a mail address, such as name@example.org"
struct str shape_form_email(struct str text, struct arena *a);
