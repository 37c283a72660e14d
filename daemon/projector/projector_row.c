/*
 * FNV-1a, of what the row says and not of how its JSON is written.
 */
#include "projector_row.h"

#include <stdlib.h>

#include "libassets/base/err.h"

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

static int print_json(const struct book_row *row, const json_t *input, uint64_t *ret)
{
	char *text = json_dumps(input, JSON_COMPACT | JSON_SORT_KEYS);

	if (!text)
		return ERR_NOMEM;
	*ret = print_text(UINT64_C(0xcbf29ce484222325) ^ (uint64_t)row->model_id, str_of(text));
	free(text);
	return 0;
}

/* Without requests and sale as the row of an asset that never had them is, which most are. */
int row_facts(const struct book_row *row, json_t *input, struct row_facts *ret)
{
	bool is_bare = json_array_size(json_object_get(input, "requests")) == 0 &&
		       json_is_null(json_object_get(input, "completed"));
	int r;

	(void)json_object_del(input, "owners");
	r = print_json(row, input, &ret->all);
	ret->baseline = ret->all;
	if (r < 0 || is_bare)
		return r;
	if (json_object_set_new(input, "requests", json_array()) < 0 ||
	    json_object_set_new(input, "completed", json_null()) < 0)
		return ERR_NOMEM;
	return print_json(row, input, &ret->baseline);
}
