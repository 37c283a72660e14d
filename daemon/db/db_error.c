/*
 * SQLSTATE by table. The server's own words never go further than the log: they quote what
 * people wrote, and name tables that are nobody's business. A new answer is a row of
 * db_sqlstate.def; a rule of ours in SQL raises 'AS' and its number of err.def.
 */
#include "db_error.h"

#include "libassets/base/err.h"

struct error_row {
	struct str what;
	int err;
};

static const struct error_row constraint_table[] = {
#define CONSTRAINT(name, id) {STR_INIT(name), ERR_##id},
#include "db_sqlstate.def"
#undef CONSTRAINT
};

static const struct error_row sqlstate_table[] = {
#define SQLSTATE(code, id) {STR_INIT(code), ERR_##id},
#include "db_sqlstate.def"
#undef SQLSTATE
};

static int find(const struct error_row *row, size_t n, struct str what)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq(row[i].what, what))
			return row[i].err;
	}
	return 0;
}

/* AS056 is ERR_BARRED, whose number in err.def is 56. */
static int own_error(struct str sqlstate)
{
	int number = 0;

	if (sqlstate.len != 5 || !str_starts(sqlstate, STR("AS")))
		return 0;
	for (size_t i = 2; i < 5; i++) {
		if (sqlstate.at[i] < '0' || sqlstate.at[i] > '9')
			return 0;
		number = number * 10 + (sqlstate.at[i] - '0');
	}
	return err_info(-number)->err == -number ? -number : 0;
}

/* From the particular to the general: constraint, code, class, and what our own SQL raised. */
int db_error(struct str sqlstate, struct str constraint)
{
	int err = 0;

	if (constraint.len)
		err = find(constraint_table, COUNT(constraint_table), constraint);
	if (!err)
		err = find(sqlstate_table, COUNT(sqlstate_table), sqlstate);
	if (!err && sqlstate.len == 5)
		err = find(sqlstate_table, COUNT(sqlstate_table), (struct str){sqlstate.at, 2});
	if (!err)
		err = own_error(sqlstate);
	return err ? err : ERR_BUG;
}

bool db_error_is_stale_plan(struct str sqlstate)
{
	return str_eq(sqlstate, STR("26000")) || str_eq(sqlstate, STR("0A000"));
}

struct str db_error_place(struct str constraint)
{
	static const struct {
		struct str constraint;
		struct str place;
	} place_table[] = {
#define PLACE(name, place) {STR_INIT(name), STR_INIT(place)},
#include "db_sqlstate.def"
#undef PLACE
	};

	for (size_t i = 0; i < COUNT(place_table); i++) {
		if (str_eq(place_table[i].constraint, constraint))
			return place_table[i].place;
	}
	return (struct str){NULL, 0};
}
