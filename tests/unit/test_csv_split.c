/*
 * Files cut into parts: nothing is lost, and no record is cut.
 */
#include <criterion/criterion.h>

#include "libassets/import/csv_split.h"

Test(csv_split, parts_are_whole_records_and_together_the_file)
{
	static const struct {
		struct str file;
		size_t parts;      /* of one record each */
		struct str second; /* the second part */
	} rows[] = {
		{STR_INIT("a,b\n1,2\n3,4\n"), 2, STR_INIT("3,4\n")},
		{STR_INIT("a,b\r\n1,\"x\r\ny\"\r\n3,4"), 2, STR_INIT("3,4")},
		{STR_INIT("a\n\"say \"\"no\"\"\n,\"\nnext\n"), 2, STR_INIT("next\n")},
		{STR_INIT("a\n5\" wide\nnext\n"), 2, STR_INIT("next\n")},
		{STR_INIT("a\r1\r2\r"), 2, STR_INIT("2\r")},
		{STR_INIT("a\n1\n\"never closed\n2\n"), 2, STR_INIT("\"never closed\n2\n")},
		{STR_INIT("a\n"), 0, STR_INIT("")},
		{STR_INIT(""), 0, STR_INIT("")},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct csv_split s;
		struct str part;
		size_t parts = 0, bytes;

		csv_split_init(&s, rows[i].file, ',');
		bytes = s.head.len;
		while (csv_split_next(&s, 1, &part)) {
			bytes += part.len;
			if (++parts == 2)
				cr_assert(str_eq(part, rows[i].second), "row %zu", i);
		}
		cr_assert_eq(parts, rows[i].parts, "row %zu: %zu", i, parts);
		cr_assert_eq(bytes, rows[i].file.len, "row %zu", i);
	}
}
