/*
 * See sheet.h. What does not fit is seen by the buffer's or the workbook's own error.
 */
#include "sheet.h"

#include "libassets/import/csv_write.h"

void sheet_row(struct sheet *s)
{
	if (s->book)
		workbook_row(s->book);
	s->column = 0;
}

void sheet_cell(struct sheet *s, enum xlsx_kind kind, struct str text)
{
	if (s->book)
		workbook_cell(s->book, s->column, text.len ? kind : XLSX_TEXT, text);
	else if (s->column)
		buf_char(s->out, ',');
	if (!s->book && kind == XLSX_TEXT && s->is_guarded)
		csv_write_guarded(s->out, text);
	else if (!s->book)
		csv_write_cell(s->out, text);
	s->column++;
}

void sheet_row_end(struct sheet *s)
{
	if (!s->book)
		buf_str(s->out, STR("\r\n"));
}
