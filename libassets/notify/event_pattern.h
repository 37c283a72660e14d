/*
 * Which events somebody wants: `request.validated` names one type, `request.*` a family, `*`
 * all of them. A comma stands between patterns of one list.
 */
#pragma once

#include "libassets/base/base.h"
#include "libassets/base/str.h"

/* Patterns in one list, and bytes in one of them. */
enum { EVENT_PATTERNS_MAX = 100, EVENT_PATTERN_LONGEST = 80 };

/*
 * 0 if it is a pattern: lower-case letters and underscores in two parts, the second or the
 * whole perhaps a single `*`. Whether there is such a type is not asked: one may come later.
 * ERR_INVALID  anything else, also one longer than EVENT_PATTERN_LONGEST.
 *
 * Example: "request.*" is one; "request.v*", "*.validated" and "Request.*" are not.
 */
MUST_CHECK int event_pattern_check(struct str pattern);

/* Does the type fit a pattern that was checked? */
bool event_pattern_has(struct str pattern, struct str type);
