/*
 * Of what the row says and not of how its JSON is written.
 */
#include "projector_row.h"

#include "libassets/base/fnv.h"

/* A text and its end. */
static uint64_t print_text(uint64_t print, struct str s)
{
	return fnv_unit(fnv_text(print, s), 0x100);
}

uint64_t row_print(const struct book_row *row)
{
	uint64_t print = FNV_BEGIN ^ (uint64_t)row->decile ^ (uint64_t)row->is_valued_openly << 8;

	print = print_text(print, row->lead);
	print = print_text(print, row->cpp);
	print = print_text(print, row->locality);
	print = print_text(print, row->class);
	return print_text(print, row->input);
}
