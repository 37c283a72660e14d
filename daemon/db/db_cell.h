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
	int column;   /* the next one to read */
	int err;      /* 0, or ERR_BUG once a cell was not what it should be */
	bool is_null; /* somewhere to point ret_has at for texts */
};

/*
 * Read one cell and step to the next. ret_has: NULL where no NULL may come, else whether there
 * was a value. What is not there, or not of that type, is an absent text, 0 or false; c->err
 * tells. Texts are borrowed from the reply.
 */
struct str db_read_str(struct db_cell *c, bool *ret_has);
int64_t db_read_i64(struct db_cell *c, bool *ret_has);
int32_t db_read_i32(struct db_cell *c, bool *ret_has);
bool db_read_bool(struct db_cell *c, bool *ret_has);
