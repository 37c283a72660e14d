/*
 * Which ids may be asked for together, and what one of those who share a reply sees of it.
 */
#include <criterion/criterion.h>
#include <libpq-fe.h>

#include "daemon/db/db_gather.h"
#include "daemon/db/db_private.h"

static const struct {
	struct str id;
	bool may;
} table[] = {
	{STR_INIT("ast_01m80v4b57exb922f75pa0pyt0"), true},
	{STR_INIT("A"), true},
	{STR_INIT("NULL"), true}, /* an array's element in quotes is a text */
	{STR_INIT("0123456789012345678901234567890123456789012345678901234567890123"), true},
	{STR_INIT("01234567890123456789012345678901234567890123456789012345678901234"), false},
	{STR_INIT(""), false},
	{{0}, false},
	{STR_INIT("a\"b"), false},
	{STR_INIT("a\\b"), false},
	{STR_INIT("a,b"), false},
	{STR_INIT("{a}"), false},
	{STR_INIT("a b"), false},
	{STR_INIT("a-b"), false},
	{STR_INIT("\xc3\xa9"), false},
	{STR_INIT("a\x01"), false},
	{{"a\0b", 3}, false},
};

Test(db_gather, only_plain_ids_share)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		cr_expect_eq(db_may_gather(table[i].id), table[i].may, "row %zu", i);
}

Test(db_gather, each_byte)
{
	for (int c = 0; c < 256; c++) {
		char byte = (char)c;
		bool may = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
			   (c >= 'a' && c <= 'z') || c == '_';

		cr_expect_eq(db_may_gather((struct str){&byte, 1}), may, "%d", c);
	}
}

/* A reply of one statement with the rows "0", "1", "2". */
static struct db_reply three_rows(void)
{
	PGresAttDesc column = {.name = (char[]){"n"}};
	struct db_reply r = {.got = 1};

	r.result[0] = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
	cr_assert(PQsetResultAttrs(r.result[0], 1, &column));
	for (int row = 0; row < 3; row++)
		cr_assert(PQsetvalue(r.result[0], row, 0, (char[]){(char)('0' + row), 0}, 1));
	return r;
}

Test(db_gather, a_window_shows_its_rows_alone)
{
	struct db_reply r = three_rows();

	cr_expect_eq(db_rows(&r, 0), 3);
	r.is_window = true;
	for (int row = 0; row < 3; row++) {
		char want = (char)('0' + row);

		r.window_row = row;
		r.window_rows = 1;
		cr_expect_eq(db_rows(&r, 0), 1);
		cr_expect(str_eq(db_value(&r, 0, 0, 0), (struct str){&want, 1}));
		cr_expect(str_is_null(db_value(&r, 0, 1, 0)));
		cr_expect(str_is_null(db_value(&r, 0, -1, 0)));
	}
	r.window_rows = 0;
	cr_expect_eq(db_rows(&r, 0), 0);
	cr_expect(str_is_null(db_value(&r, 0, 0, 0)));
	r.is_window = false;
	db_reply_clear(&r);
}
