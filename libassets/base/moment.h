/*
 * Moments: microseconds since 1970-01-01T00:00:00Z, as RFC 3339 writes them.
 */
#pragma once

#include "arena.h"

enum { MOMENT_TEXT = 28 };

/*
 * Read "2026-11-21T10:00:00Z", with any number of decimals of a second up to nine (beyond the
 * sixth they are cut off) and Z or an offset such as +01:00. T and Z are capitals.
 *
 * ERR_INVALID  another form, a day that day_parse refuses, or an hour, minute, second (60
 *              included: no clock of ours has one) or offset that does not exist.
 *
 * Example: 2026-06-30T23:30:00.5+01:00 is 2026-06-30T22:30:00.500000Z.
 */
MUST_CHECK int moment_parse(struct str s, int64_t *ret_us);

/* "2026-11-21T10:00:00.123456Z", 27 characters and a NUL; the year must have four digits. */
void moment_format(int64_t us, char ret_text[MOMENT_TEXT]);

/* The form of a field: brought into UTC, absent if it is no moment (shape_form.h). */
#define FORM_MOMENT "a moment, such as 2026-11-21T10:00:00Z"
struct str moment_form(struct str text, struct arena *a);
