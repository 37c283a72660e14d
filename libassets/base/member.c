/*
 * Members of JSON objects. What stands last in the buffer says whether a comma is due, so there is
 * no state to keep.
 */
#include "member.h"

void member_begin(struct buf *out, const char *name)
{
	struct str before = buf_view(out);
	bool is_first = before.len && before.at[before.len - 1] == '{';

	buf_fmt(out, "%s\"%s\":", is_first ? "" : ",", name);
}

void member_text(struct buf *out, const char *name, struct str text)
{
	if (str_is_null(text))
		return;
	member_begin(out, name);
	buf_json(out, text);
}

void member_day(struct buf *out, const char *name, struct day d)
{
	char text[DAY_TEXT];

	if (day_is_none(d))
		return;
	day_format(d, text);
	member_text(out, name, str_of(text));
}

void member_flag(struct buf *out, const char *name, bool flag)
{
	member_begin(out, name);
	buf_str(out, flag ? STR("true") : STR("false"));
}
