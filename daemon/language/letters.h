/*
 * Is a text in any language at all? Numbers, amounts and punctuation are not.
 */
#pragma once

#include "libassets/base/str.h"

/* True where a letter of whatever script stands in it, what stands for a sign (&amp;) apart. */
bool letters_in(struct str text);
