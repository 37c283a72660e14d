/*
 * Cursors come back as they went out, and nothing else is taken for one.
 */
#include <criterion/criterion.h>
#include <ctype.h>

#include "daemon/route/auth.h"
#include "daemon/route/cursor.h"
#include "libassets/base/err.h"

static const char filter[] = "0123456789abcdef0123456789abcdef";

static struct auth *some_auth(char fill)
{
	char pepper[32];
	struct auth *a;

	memset(pepper, fill, sizeof(pepper));
	a = auth_new((struct str){pepper, sizeof(pepper)});
	cr_assert_not_null(a);
	return a;
}

static void write_some(const struct auth *a, struct buf *out)
{
	struct cursor c = {.key = {STR("Halla Ùr \"A\""), {0}, STR("ast_1")},
			   .key_count = 3,
			   .until_us = 1000};

	memcpy(c.filter, filter, sizeof(filter));
	cr_assert_eq(cursor_write(a, &c, out), 0);
}

Test(cursor, comes_back)
{
	CLEANUP(buf_done) struct buf text = BUF(CURSOR_MAX);
	struct auth *a = some_auth('p');
	struct arena arena;
	struct cursor c;

	arena_init(&arena, 10000);
	write_some(a, &text);
	cr_assert_eq(cursor_read(a, buf_view(&text), filter, 999, &arena, &c), 0);
	cr_assert_eq(c.key_count, 3);
	cr_assert(str_eq(c.key[0], STR("Halla Ùr \"A\"")));
	cr_assert(str_is_null(c.key[1]));
	cr_assert(str_eq(c.key[2], STR("ast_1")));
	for (size_t i = 0; i < text.len; i++)
		cr_assert(text.at[i] == '-' || text.at[i] == '_' ||
			  isalnum((unsigned char)text.at[i]));
	arena_done(&arena);
	auth_free(a);
}

Test(cursor, another_list_time_or_secret_is_refused)
{
	CLEANUP(buf_done) struct buf text = BUF(CURSOR_MAX);
	struct auth *a = some_auth('p'), *other = some_auth('q');
	struct arena arena;
	struct cursor c;

	arena_init(&arena, 10000);
	write_some(a, &text);
	cr_assert_eq(cursor_read(a, buf_view(&text), filter, 1000, &arena, &c), ERR_CURSOR);
	cr_assert_eq(cursor_read(a, buf_view(&text), "f", 0, &arena, &c), ERR_CURSOR);
	cr_assert_eq(cursor_read(other, buf_view(&text), filter, 0, &arena, &c), ERR_CURSOR);
	arena_done(&arena);
	auth_free(a);
	auth_free(other);
}

Test(cursor, any_change_is_noticed)
{
	CLEANUP(buf_done) struct buf text = BUF(CURSOR_MAX);
	struct auth *a = some_auth('p');
	struct arena arena;
	struct cursor c;

	arena_init(&arena, 1000000);
	write_some(a, &text);
	/* The bits of the last character that no byte has do not count. */
	for (size_t i = 0; i + 1 < text.len; i++) {
		char was = text.at[i];

		text.at[i] = was == 'A' ? 'B' : 'A';
		cr_assert_eq(cursor_read(a, buf_view(&text), filter, 0, &arena, &c), ERR_CURSOR,
			     "%zu", i);
		text.at[i] = '=';
		cr_assert_eq(cursor_read(a, buf_view(&text), filter, 0, &arena, &c), ERR_CURSOR,
			     "%zu", i);
		text.at[i] = was;
	}
	for (size_t n = 0; n < text.len; n++)
		cr_assert_eq(cursor_read(a, (struct str){text.at, n}, filter, 0, &arena, &c),
			     ERR_CURSOR);
	arena_done(&arena);
	auth_free(a);
}
