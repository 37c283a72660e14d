/*
 * Members of a JSON object, one after another: each writes the comma that parts it from the one
 * before, unless the object was opened just now. Braces are the caller's; whether all went in is
 * the buffer's to say.
 */
#pragma once

#include "buf.h"
#include "day.h"

/* "name": and nothing more; the value is the caller's. name: of letters that need no escape. */
void member_begin(struct buf *out, const char *name);

/* An absent text, and a day that is DAY_NONE, are left out. */
void member_text(struct buf *out, const char *name, struct str text);
void member_day(struct buf *out, const char *name, struct day d);
void member_flag(struct buf *out, const char *name, bool flag);
