/*
 * What a text may hold that people are shown. Well-formed UTF-8 alone is not enough: a name
 * that turns the rest of its line around, or that nobody can see, is a trap for who reads it.
 */
#pragma once

#include "str.h"

/*
 * C0 and C1 controls, DEL, the line and paragraph separators of Unicode, and the marks that
 * set the direction of what follows them (UAX 9, section 2), for which names have no use:
 * Hebrew or Arabic letters bring their own direction. A line feed counts unless is_lines.
 */
bool text_has_control(struct str s, bool is_lines);

/* Is there anything to see? False for blanks of any width, fillers and joiners alone. */
bool text_is_visible(struct str s);
