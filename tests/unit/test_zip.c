/*
 * Archives: the length that is told beforehand is that of what is made, the same twice, within what
 * a ZIP can be. That others read it is case_file.test.mjs's.
 */
#include <criterion/criterion.h>

#include "libassets/base/err.h"
#include "libassets/file/zip.h"

static const struct zip_file file[] = {
	{STR_INIT("a/one.txt"), 3, 0x12345678, {20778}, false, 0},
	{STR_INIT("a/F\xC3\xA0s.pdf"), 0, 0, {-100000}, false, 0},
	{STR_INIT("c"), 5, 7, {80000}, false, 0},
};

static void make(struct buf *out)
{
	for (size_t i = 0; i < COUNT(file); i++) {
		zip_local(out, &file[i]);
		buf_add(out, "xxxxx", (size_t)file[i].bytes);
	}
	zip_directory(out, file, COUNT(file));
	cr_assert_eq(buf_err(out), 0);
}

Test(zip, is_as_long_as_it_said_and_always_the_same)
{
	CLEANUP(buf_done) struct buf one = BUF(4096);
	CLEANUP(buf_done) struct buf two = BUF(4096);
	int64_t length;

	make(&one);
	make(&two);
	cr_assert_eq(zip_length(file, COUNT(file), &length), 0);
	cr_assert_eq((size_t)length, one.len);
	cr_assert(str_eq(buf_view(&one), buf_view(&two)));
	/* The end names the directory's place (APPNOTE 4.3.16): there its signature stands. */
	const unsigned char *end = (const unsigned char *)one.at + one.len - 22;
	size_t at = end[16] | (size_t)end[17] << 8, len = end[12] | (size_t)end[13] << 8;
	cr_assert_eq(memcmp(one.at + at, "PK\1\2", 4), 0);
	cr_assert_eq(at + len + 22, one.len);
	cr_assert_eq(end[10], COUNT(file));
}

Test(zip, refuses_what_would_need_zip64)
{
	const struct zip_file large[] = {{STR_INIT("a"), INT64_C(3) << 30, 0, {0}, false, 0},
					 {STR_INIT("b"), INT64_C(1) << 30, 0, {0}, false, 0}};
	int64_t length;

	cr_assert_eq(zip_length(large, 1, &length), 0);
	cr_assert_eq(zip_length(large, 2, &length), ERR_LIMIT);
	cr_assert_eq(zip_length(NULL, 0, &length), 0);
	cr_assert_eq(length, 22);
}
