/*
 * The table of parts: names, and that a part can be stopped whatever became of its start.
 */
#include <criterion/criterion.h>

#include "daemon/process/process.h"
#include "libassets/base/err.h"

/* When a start fails, every part from that one back is stopped, itself included. */
Test(process, a_part_that_never_started_can_be_stopped)
{
	struct process nothing = {.listen_fd = -1};

	for (size_t i = part_count; i-- > 0;)
		part_table[i].stop(&nothing);
}

Test(process, parts_are_named_once_each)
{
	unsigned parts = 0;

	cr_assert_eq(part_parse_list(STR("api, feed"), &parts), 0);
	cr_assert_eq(__builtin_popcount(parts), 2);
	cr_assert_eq(part_parse_list(STR("api,nonsense"), &parts), ERR_INVALID);
	cr_assert_eq(part_parse_list(STR(""), &parts), ERR_INVALID);
	for (size_t i = 0; i < part_count; i++) {
		cr_assert_eq(part_parse_list(str_of(part_table[i].name), &parts), 0);
		cr_assert_eq(parts, 1U << i);
	}
}
