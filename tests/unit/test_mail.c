/*
 * Addresses that a letter may go to, encoded words, dates. What comes out can hold no line end
 * but those of folding, whatever went in.
 */
#include <criterion/criterion.h>

#include "libassets/notify/mail.h"

Test(mail, addresses_are_plain)
{
	static const char *const good[] = {"a@example.org", "first.last+tag@sub.example.org",
					   "o'brien@example.org", "1@2.scot", "_@a-b.example"};
	static const char *const bad[] = {"",
					  "a",
					  "@example.org",
					  "a@",
					  "a@b",
					  "a@b.",
					  "a@.b.c",
					  "a..b@example.org",
					  ".a@b.org",
					  "a.@b.org",
					  "a@b@c.org",
					  "a b@example.org",
					  "a@-b.org",
					  "a@b.org-",
					  "\"a\"@b.org",
					  "a@[127.0.0.1]",
					  "a@b.org\n",
					  "a@b.org\r\nBcc: c@d.org",
					  "<a@b.org>",
					  "a,c@b.org",
					  "\xC3\xA4@b.org",
					  "a@b_c.org"};

	for (size_t i = 0; i < COUNT(good); i++)
		cr_assert(mail_address_ok(str_of(good[i])), "%s", good[i]);
	for (size_t i = 0; i < COUNT(bad); i++)
		cr_assert(!mail_address_ok(str_of(bad[i])), "%s", bad[i]);
	cr_assert(!mail_address_ok((struct str){NULL, 0}));
	cr_assert(!mail_address_ok((struct str){"a\0@b.org", 8}));
}

static void is_text(const char *text, const char *want)
{
	CLEANUP(buf_done) struct buf out = BUF(4096);

	mail_put_text(&out, str_of(text));
	cr_assert_eq(buf_err(&out), 0);
	cr_assert(str_eq(buf_view(&out), str_of(want)), "%s: %.*s", text, (int)out.len, out.at);
}

Test(mail, a_text_is_itself_or_encoded)
{
	is_text("Plain words 12", "Plain words 12");
	is_text("Cl\xC3\xA0r", "=?UTF-8?B?Q2zDoHI=?=");
	is_text("a, b", "=?UTF-8?B?YSwgYg==?=");
	is_text("a\r\nBcc: x", "=?UTF-8?B?YSAgQmNjOiB4?=");
	is_text("=?UTF-8?B?YQ==?=", "=?UTF-8?B?PT9VVEYtOD9CP1lRPT0/PQ==?=");
}

Test(mail, long_texts_are_folded_between_characters)
{
	CLEANUP(buf_done) struct buf in = BUF(4096);
	CLEANUP(buf_done) struct buf out = BUF(4096);
	struct str rest;

	for (int i = 0; i < 90; i++)
		buf_str(&in, STR("\xF0\x9F\x98\x80"));
	mail_put_text(&out, buf_view(&in));
	rest = buf_view(&out);
	while (rest.len) {
		struct str line = str_cut(rest, '\n', &rest);

		cr_assert(line.len <= 77, "%zu", line.len);
		/* 44 bytes are eleven whole characters: 60 of base64 without a stray end. */
		cr_assert(rest.len == 0 || line.len >= 70);
	}
}

Test(mail, a_date_is_that_of_rfc_5322)
{
	char text[MAIL_DATE_TEXT];

	mail_date(INT64_C(1795255200) * 1000000, text);
	cr_assert_str_eq(text, "Sat, 21 Nov 2026 10:00:00 +0000");
	mail_date(0, text);
	cr_assert_str_eq(text, "Thu, 01 Jan 1970 00:00:00 +0000");
}
