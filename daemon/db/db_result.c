/*
 * Reading what came back. Values are text; each is borrowed from its PGresult, which the
 * batch owns until its call back has returned.
 *
 * Readers of rows are made by tools/sqlgen over db_cell.h; they call what is here and check
 * types against what the query's file declares, so a handler never counts columns.
 */
#include <libpq-fe.h>

#include "db_cell.h"
#include "db_error.h"
#include "db_private.h"
#include "libassets/base/err.h"

void db_reply_clear(struct db_reply *r)
{
	for (int i = 0; i < r->got; i++)
		PQclear(r->result[i]);
	PQclear(r->fault);
	*r = (struct db_reply){.hidden = r->hidden};
}

static struct str fault_field(const struct db_reply *r, int field)
{
	return r->fault ? str_of(PQresultErrorField(r->fault, field)) : (struct str){NULL, 0};
}

int db_reply_err(const struct db_reply *r)
{
	if (!r->fault)
		return 0;
	return db_error(fault_field(r, PG_DIAG_SQLSTATE), fault_field(r, PG_DIAG_CONSTRAINT_NAME));
}

static const PGresult *result_of(const struct db_reply *r, int statement)
{
	int i = statement + r->hidden;

	return i >= 0 && i < r->got ? r->result[i] : NULL;
}

int db_rows(const struct db_reply *r, int statement)
{
	return r->is_window ? r->window_rows : PQntuples(result_of(r, statement));
}

int db_columns(const struct db_reply *r, int statement)
{
	return PQnfields(result_of(r, statement));
}

struct str db_value(const struct db_reply *r, int statement, int row, int column)
{
	const PGresult *res = result_of(r, statement);

	if (row < 0 || row >= db_rows(r, statement))
		return (struct str){NULL, 0};
	row += r->is_window ? r->window_row : 0;
	if (row >= PQntuples(res) || column < 0 || column >= PQnfields(res) ||
	    PQgetisnull(res, row, column))
		return (struct str){NULL, 0};
	return (struct str){PQgetvalue(res, row, column), (size_t)PQgetlength(res, row, column)};
}

struct db_fault db_reply_fault(const struct db_reply *r)
{
	return (struct db_fault){
		.statement = r->fault ? r->fault_at - r->hidden : -1,
		.sqlstate = fault_field(r, PG_DIAG_SQLSTATE),
		.constraint = fault_field(r, PG_DIAG_CONSTRAINT_NAME),
	};
}

bool db_reply_is_unknown(const struct db_reply *r)
{
	return r->is_unknown;
}

/* The next cell; is_null and err are set when it is absent. */
static struct str next_cell(struct db_cell *c, bool *ret_has)
{
	struct str v = db_value(c->reply, c->statement, c->row, c->column++);

	if (ret_has)
		*ret_has = !str_is_null(v);
	else if (str_is_null(v))
		c->err = ERR_BUG;
	return v;
}

struct str db_read_str(struct db_cell *c, bool *ret_has)
{
	return next_cell(c, ret_has);
}

int64_t db_read_i64(struct db_cell *c, bool *ret_has)
{
	struct str v = next_cell(c, ret_has);
	int64_t n = 0;

	if (!str_is_null(v) && str_to_i64(v, &n) < 0)
		c->err = ERR_BUG;
	return n;
}

int32_t db_read_i32(struct db_cell *c, bool *ret_has)
{
	int64_t n = db_read_i64(c, ret_has);

	if (n < INT32_MIN || n > INT32_MAX) {
		c->err = ERR_BUG;
		return 0;
	}
	return (int32_t)n;
}

bool db_read_bool(struct db_cell *c, bool *ret_has)
{
	return str_eq(next_cell(c, ret_has), STR("t"));
}
