/*
 * What the server refuses, as errors of ours: by constraint, SQLSTATE, class and own number.
 */
#include <criterion/criterion.h>

#include "daemon/db/db_error.h"
#include "libassets/base/err.h"

static const struct {
	struct str sqlstate, constraint;
	int err;
} table[] = {
	{STR_INIT("23505"), STR_INIT("asset_reference"), ERR_DUPLICATE},
	{STR_INIT("23505"), STR_INIT("idempotency_key_pkey"), ERR_IN_PROGRESS},
	{STR_INIT("23503"), {0}, ERR_INVALID},
	{STR_INIT("23514"), {0}, ERR_INVALID},
	{STR_INIT("23502"), {0}, ERR_BUG}, /* a NULL of ours: nobody sends one */
	{STR_INIT("22003"), {0}, ERR_RANGE},
	{STR_INIT("22P02"), {0}, ERR_INVALID},
	{STR_INIT("22021"), {0}, ERR_INVALID},
	{STR_INIT("40001"), {0}, ERR_CONFLICT},
	{STR_INIT("40P01"), {0}, ERR_CONFLICT},
	{STR_INIT("42501"), {0}, ERR_FORBIDDEN},
	{STR_INIT("42P01"), {0}, ERR_BUG},
	{STR_INIT("53100"), {0}, ERR_BUSY},
	{STR_INIT("53300"), {0}, ERR_BUSY},
	{STR_INIT("55P03"), {0}, ERR_BUSY},
	{STR_INIT("57014"), {0}, ERR_DEADLINE},
	{STR_INIT("57P01"), {0}, ERR_DB_AWAY},
	{STR_INIT("57P02"), {0}, ERR_DB_AWAY},
	{STR_INIT("57P03"), {0}, ERR_DB_AWAY},
	{STR_INIT("08006"), {0}, ERR_DB_AWAY},
	{STR_INIT("AS056"), {0}, ERR_BARRED},
	{STR_INIT("AS075"), {0}, ERR_IN_PROGRESS},
	{STR_INIT("AS999"), {0}, ERR_BUG}, /* no such number in err.def */
	{STR_INIT("AS05"), {0}, ERR_BUG},
	{STR_INIT("ASabc"), {0}, ERR_BUG},
	{STR_INIT(""), {0}, ERR_BUG},
	{{0}, {0}, ERR_BUG},
};

Test(db_error, by_table)
{
	for (size_t i = 0; i < COUNT(table); i++)
		cr_assert_eq(db_error(table[i].sqlstate, table[i].constraint), table[i].err, "%s",
			     table[i].sqlstate.at);
}

Test(db_error, every_own_number_has_its_sqlstate)
{
	for (size_t n = 0; err_at(n); n++) {
		char sqlstate[16];

		(void)snprintf(sqlstate, sizeof(sqlstate), "AS%03d", -err_at(n)->err);
		cr_assert_eq(db_error(str_of(sqlstate), (struct str){0}), err_at(n)->err);
	}
}

Test(db_error, stale_plans)
{
	cr_assert(db_error_is_stale_plan(STR("26000")));
	cr_assert(db_error_is_stale_plan(STR("0A000")));
	cr_assert_not(db_error_is_stale_plan(STR("23505")));
	cr_assert_not(db_error_is_stale_plan((struct str){0}));
}
