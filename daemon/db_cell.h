/*
 * Reading one row of a reply, cell by cell from the left: for the code that tools/sqlgen
 * makes and nobody else. A cell that cannot be what its file declares (NULL where none may
 * be, a number that is none) is our mistake: `err` becomes ERR_BUG and stays.
 */
#pragma once

#include "db.h"

struct db_cell {
	const struct db_reply *reply;
	int statement;
	int row;
	int column; /* the next one to read */
	int err;
	bool is_null; /* somewhere to point ret_has at for texts */
};

/* ret_has: NULL where no NULL may come, else whether there was a value. */
struct str db_read_str(struct db_cell *c, bool *ret_has);
int64_t db_read_i64(struct db_cell *c, bool *ret_has);
int32_t db_read_i32(struct db_cell *c, bool *ret_has);
bool db_read_bool(struct db_cell *c, bool *ret_has);
