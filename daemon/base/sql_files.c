/*
 * The bytes come in by the assembler's .incbin, from the list that tools/cmake/sql.cmake
 * generates: sql_files.inc with SQL_FILE(id, folder, name, path) in order.
 */
#include "sql_files.h"

#include "libassets/base/err.h"

#define SQL_FILE(id, folder, name, path)                                                           \
	extern const char sql_file_##id[], sql_file_##id##_end[];                                  \
	__asm__(".section .rodata\nsql_file_" #id ":\n.incbin \"" path "\"\nsql_file_" #id         \
		"_end:\n.byte 0\n.previous\n");
#include "sql_files.inc"
#undef SQL_FILE

struct file_row {
	const char *folder, *name, *at, *end;
};

static const struct file_row file_table[] = {
#define SQL_FILE(id, folder, name, path) {folder, name, sql_file_##id, sql_file_##id##_end},
#include "sql_files.inc"
#undef SQL_FILE
};

int sql_file_at(size_t n, struct sql_file *ret_file)
{
	const struct file_row *row;

	if (n >= COUNT(file_table))
		return ERR_NOT_FOUND;
	row = &file_table[n];
	*ret_file =
		(struct sql_file){row->folder, row->name, {row->at, (size_t)(row->end - row->at)}};
	return 0;
}
