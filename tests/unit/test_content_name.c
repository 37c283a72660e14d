/*
 * Names of files in a header and in an archive, and ranges of bytes.
 */
#include <criterion/criterion.h>

#include "libassets/base/byte_range.h"
#include "libassets/base/content_name.h"
#include "libassets/base/err.h"

Test(content_name, disposition)
{
	static const struct {
		struct str name;
		const char *field;
	} table[] = {
		{STR_INIT("a.pdf"), "attachment; filename=\"a.pdf\"; filename*=UTF-8''a.pdf"},
		{STR_INIT("Fh\xC3\xA0s.pdf"),
		 "attachment; filename=\"Fh_s.pdf\"; filename*=UTF-8''Fh%C3%A0s.pdf"},
		{STR_INIT("x\r\nSet-Cookie: a"), "attachment; filename=\"x__Set-Cookie_ a\"; "
						 "filename*=UTF-8''x%0D%0ASet-Cookie%3A%20a"},
		{STR_INIT("..\\..\\a\"b"), "attachment; filename=\"a_b\"; filename*=UTF-8''a%22b"},
		{STR_INIT(""), "attachment; filename=\"document\"; filename*=UTF-8''document"},
		{STR_INIT("a\0b"), "attachment; filename=\"a_b\"; filename*=UTF-8''a%00b"},
	};

	for (size_t i = 0; i < COUNT(table); i++) {
		CLEANUP(buf_done) struct buf out = BUF(1000);

		content_disposition(&out, table[i].name);
		cr_assert_str_eq(out.at, table[i].field);
	}
}

Test(content_name, file_in_an_archive)
{
	static const char *const table[][2] = {
		{"Business plan.pdf", "Business plan.pdf"},
		{"../../etc/passwd", "passwd"},
		{"a:b|c?.txt", "a_b_c_.txt"},
		{" .hidden. ", "hidden"},
		{"..", "document"},
		{"", "document"},
	};
	CLEANUP(buf_done) struct buf out = BUF(1000);
	CLEANUP(buf_done) struct buf name = BUF(1000);

	for (size_t i = 0; i < COUNT(table); i++) {
		buf_clear(&out);
		content_file_name(&out, str_of(table[i][0]));
		cr_assert_str_eq(out.at, table[i][1]);
	}
	for (int i = 0; i < 100; i++)
		buf_str(&name, STR("\xC3\xA9"));
	buf_str(&name, STR(".docx"));
	buf_clear(&out);
	content_file_name(&out, buf_view(&name));
	cr_assert(out.len <= 120 && str_is_utf8(buf_view(&out)));
	cr_assert_str_eq(out.at + out.len - 5, ".docx");
}

Test(byte_range, asked_for)
{
	static const struct {
		const char *field;
		int err;
		int64_t first, last;
	} table[] = {
		{"bytes=0-9", 0, 0, 9},
		{" Bytes= 5-", 0, 5, 99},
		{"bytes=-10", 0, 90, 99},
		{"bytes=-1000", 0, 0, 99},
		{"bytes=99-5000", 0, 99, 99},
		{"bytes=100-", ERR_UNSATISFIABLE, 0, 0},
		{"bytes=-0", ERR_UNSATISFIABLE, 0, 0},
		{"bytes=5-4", ERR_INVALID, 0, 0},
		{"bytes=0-1,3-4", ERR_INVALID, 0, 0},
		{"bytes=+1-2", ERR_INVALID, 0, 0},
		{"bytes=", ERR_INVALID, 0, 0},
		{"bytes=-", ERR_INVALID, 0, 0},
		{"items=0-1", ERR_INVALID, 0, 0},
		{"", ERR_INVALID, 0, 0},
		{"bytes=0-99999999999999999999", ERR_INVALID, 0, 0},
	};

	for (size_t i = 0; i < COUNT(table); i++) {
		struct byte_range r = {-1, -1, -1};

		cr_assert_eq(byte_range_read(str_of(table[i].field), 100, &r), table[i].err, "%s",
			     table[i].field);
		if (table[i].err == 0)
			cr_assert(r.first == table[i].first && r.last == table[i].last, "%s",
				  table[i].field);
	}
}

Test(byte_range, sent)
{
	struct byte_range r;

	cr_assert_eq(byte_range_sent(STR("bytes 0-99/200"), &r), 0);
	cr_assert(r.first == 0 && r.last == 99 && r.total == 200);
	cr_assert_eq(byte_range_sent(STR("bytes 0-99/99"), &r), ERR_INVALID);
	cr_assert_eq(byte_range_sent(STR("bytes 0-99/*"), &r), ERR_INVALID);
	cr_assert_eq(byte_range_sent(STR("bytes */200"), &r), ERR_INVALID);
	cr_assert_eq(byte_range_sent(STR("bytes 0-99"), &r), ERR_INVALID);
	cr_assert_eq(byte_range_sent(STR("bytes=0-99/200"), &r), ERR_INVALID);
}
