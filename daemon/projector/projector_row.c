/*
 * FNV-1a, of what the row says and not of how its JSON is written.
 */
#include "projector_row.h"

/* FNV-1a, a text and its end. */
static uint64_t print_text(uint64_t print, struct str s)
{
	for (size_t i = 0; i <= s.len; i++)
		print = (print ^ (i < s.len ? (unsigned char)s.at[i] : 0x100U)) *
			UINT64_C(0x100000001b3);
	return print;
}

uint64_t row_print(const struct book_row *row)
{
	uint64_t print = UINT64_C(0xcbf29ce484222325) ^ (uint64_t)row->decile ^
			 (uint64_t)row->is_valued_openly << 8;

	print = print_text(print, row->lead);
	print = print_text(print, row->cpp);
	print = print_text(print, row->locality);
	print = print_text(print, row->class);
	return print_text(print, row->input);
}
