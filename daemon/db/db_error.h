/*
 * From SQLSTATE to our errors, by db_sqlstate.def. Pure.
 */
#pragma once

#include "libassets/base/str.h"

/*
 * The error of a refused statement, negative; ERR_BUG for what no row names.
 * sqlstate: five characters.    constraint: of the error, absent without one; it comes first.
 *
 * Example: "23505" is ERR_DUPLICATE, with "idempotency_key_pkey" ERR_IN_PROGRESS; "AS056" is
 * ERR_BARRED.
 */
int db_error(struct str sqlstate, struct str constraint);

/*
 * True where a statement was prepared for a schema, or in a session, that is gone: nothing of
 * the batch was done and preparing again helps: SQLSTATE 0A000
 * after DDL, 26000 after a session was reset.
 */
bool db_error_is_stale_plan(struct str sqlstate);

/* The JSON pointer of the value that a unique constraint refused; absent when none is known. */
struct str db_error_place(struct str constraint);
