/*
 * Forms with files: what browsers send is read, whatever is cut, doubled or nameless is refused,
 * and bytes of a file are what they were, also when they look like the boundary's beginning.
 */
#include <criterion/criterion.h>

#include "daemon/http/http_form.h"
#include "libassets/base/buf.h"
#include "libassets/base/err.h"

static const struct str type = STR_INIT("multipart/form-data; boundary=x-y");

static int reads(struct str content_type, struct str body, struct arena *a, struct http_form *ret)
{
	arena_init(a, 1 << 20);
	return http_form_read(content_type, body, a, ret);
}

#define FIELD(name, value)                                                                         \
	"--x-y\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"

Test(http_form, fields_and_a_file)
{
	static const struct str body = STR_INIT(FIELD(
		"a", "one") "--x-y\r\ncontent-disposition: form-data; name=\"f\"; "
			    "filename=\"F\xC3\xA0s %22q%22.pdf\"\r\n"
			    "Content-Type: application/pdf\r\n\r\n%PDF\r\n--x-\r\n\0--x\r\n" FIELD(
				    "b", "") "--x-y--\r\n");
	struct http_form form;
	struct arena a;

	cr_assert_eq(reads(type, body, &a, &form), 0);
	cr_assert(str_eq(query_get(&form.fields, STR("a")), STR("one")));
	cr_assert_eq(query_get(&form.fields, STR("b")).len, 0);
	cr_assert_eq(form.fields.count, 2);
	cr_assert(str_eq(form.file_name, STR("F\xC3\xA0s \"q\".pdf")));
	cr_assert(str_eq(form.file, STR("%PDF\r\n--x-\r\n\0--x")));
	arena_done(&a);
}

Test(http_form, quoted_boundary_and_other_parameters)
{
	struct http_form form;
	struct arena a;

	cr_assert_eq(reads(STR("Multipart/Form-Data; charset=utf-8; boundary=\"x-y\""),
			   STR(FIELD("a", "1") "--x-y--"), &a, &form),
		     0);
	arena_done(&a);
}

Test(http_form, what_is_none)
{
	static const struct {
		struct str type, body;
		int err;
	} table[] = {
		{STR_INIT("application/x-www-form-urlencoded"), STR_INIT("a=b"), ERR_MEDIA_TYPE},
		{STR_INIT("multipart/form-data"), STR_INIT(""), ERR_MEDIA_TYPE},
		{STR_INIT("multipart/form-data; boundary="), STR_INIT(""), ERR_MEDIA_TYPE},
		{STR_INIT("multipart/form-data; boundary=\"x"), STR_INIT(""), ERR_MEDIA_TYPE},
		{STR_INIT("multipart/form-data; boundary=x-y"), STR_INIT(""), ERR_FORM},
		{STR_INIT("multipart/form-data; boundary=x-y"), STR_INIT("--x-y"), ERR_FORM},
		{STR_INIT("multipart/form-data; boundary=x-y"), STR_INIT(FIELD("a", "1")),
		 ERR_FORM},
		{STR_INIT("multipart/form-data; boundary=x-y"), STR_INIT(FIELD("", "1") "--x-y--"),
		 ERR_FORM},
		{STR_INIT("multipart/form-data; boundary=x-y"),
		 STR_INIT(FIELD("a", "\xFF") "--x-y--"), ERR_FORM},
		{STR_INIT("multipart/form-data; boundary=x-y"),
		 STR_INIT("before\r\n" FIELD("a", "1") "--x-y--"), ERR_FORM},
		{STR_INIT("multipart/form-data; boundary=x-y"),
		 STR_INIT("--x-y\r\nX: y\r\n\r\n1\r\n--x-y--"), ERR_FORM},
		{STR_INIT("multipart/form-data; boundary=x-y"),
		 STR_INIT("--x-y\r\nContent-Disposition: form-data; name=\"f\"; "
			  "filename=\"a\"\r\n\r\n\r\n"
			  "--x-y\r\nContent-Disposition: form-data; name=\"g\"; "
			  "filename=\"b\"\r\n\r\n\r\n--x-y--"),
		 ERR_FORM},
	};

	for (size_t i = 0; i < COUNT(table); i++) {
		struct http_form form;
		struct arena a;

		cr_assert_eq(reads(table[i].type, table[i].body, &a, &form), table[i].err, "%zu",
			     i);
		arena_done(&a);
	}
}

Test(http_form, a_field_that_is_no_text_is_there_to_be_shown)
{
	static const struct str body = STR_INIT(FIELD("a", "x\0y") FIELD("b", "2") "--x-y--");
	struct http_form form;
	struct arena a;

	cr_assert_eq(reads(type, body, &a, &form), ERR_FORM);
	cr_assert(str_eq(query_get(&form.fields, STR("a")), STR("x\0y")));
	cr_assert(str_eq(query_get(&form.fields, STR("b")), STR("2")));
	arena_done(&a);
}

Test(http_form, more_parts_than_anybody_needs)
{
	CLEANUP(buf_done) struct buf body = BUF(1 << 20);
	struct http_form form;
	struct arena a;

	for (int i = 0; i <= HTTP_FORM_PARTS_MAX; i++)
		buf_str(&body, STR(FIELD("a", "1")));
	buf_str(&body, STR("--x-y--"));
	cr_assert_eq(reads(type, buf_view(&body), &a, &form), ERR_FORM);
	arena_done(&a);
}
