/*
 * Values to cells. What is absent, or hidden from this reader, is empty: which of the two the
 * API's own items say in restricted_fields.
 */
#include "export_row.h"

#include <inttypes.h>
#include <jansson.h>

#include "db.h"
#include "libassets/csv_write.h"
#include "libassets/err.h"

/* Bytes of a list's words with blanks between. */
enum { WORDS_MAX = 16 * 1024 };

static void put_text(struct buf *out, struct str s, bool is_guarded)
{
	if (is_guarded)
		csv_write_guarded(out, s);
	else
		csv_write_cell(out, s);
}

static void put_cell(struct buf *out, struct str s, enum export_how how, bool is_guarded)
{
	switch (how) {
	case EXPORT_NUMBER:
		buf_str(out, s);
		return;
	case EXPORT_TENURE:
		buf_str(out, str_eq(s, STR("LEASED_IN")) ? STR("Leasehold") : STR("Freehold"));
		return;
	case EXPORT_TEXT:
	case EXPORT_POUNDS:
	case EXPORT_WORDS:
		put_text(out, s, is_guarded);
		return;
	case EXPORT_NONE:
		return;
	}
}

void export_cells(const struct db_reply *got, int row, const struct export_table *table,
		  bool is_guarded, struct buf *out)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct export_column *c = &table->column[i];

		if (i)
			buf_char(out, ',');
		if (c->how != EXPORT_NONE)
			put_cell(out, db_value(got, 0, row, c->cell), c->how, is_guarded);
	}
	buf_str(out, STR("\r\n"));
}

/* Pence as pounds: -5 is -0.05. */
static void put_pounds(struct buf *out, json_int_t pence)
{
	json_int_t size = pence < 0 ? -pence : pence;

	buf_fmt(out, "%s%" PRId64 ".%02" PRId64, pence < 0 ? "-" : "", (int64_t)(size / 100),
		(int64_t)(size % 100));
}

static void put_words(struct buf *out, const json_t *list, bool is_guarded)
{
	CLEANUP(buf_done) struct buf words = BUF(WORDS_MAX);
	const json_t *word;
	size_t i;

	json_array_foreach (list, i, word) {
		buf_str(&words, i ? STR(" ") : STR(""));
		buf_str(&words, str_of(json_string_value(word)));
	}
	put_text(out, buf_view(&words), is_guarded);
}

static void put_value(struct buf *out, const json_t *value, enum export_how how, bool is_guarded)
{
	if (how == EXPORT_POUNDS && json_is_integer(value))
		put_pounds(out, json_integer_value(value));
	else if (json_is_integer(value))
		buf_i64(out, json_integer_value(value));
	else if (json_is_string(value))
		put_text(out, (struct str){json_string_value(value), json_string_length(value)},
			 is_guarded);
	else if (json_is_boolean(value))
		buf_str(out, json_is_true(value) ? STR("true") : STR("false"));
	else if (json_is_array(value))
		put_words(out, value, is_guarded);
}

int export_item(struct str json, const struct export_table *table, bool is_guarded, struct buf *out)
{
	json_auto_t *item = json_loadb(json.at, json.len, 0, NULL);

	if (!json_is_object(item))
		return item ? ERR_BUG : ERR_NOMEM;
	for (size_t i = 0; i < table->count; i++) {
		const struct export_column *c = &table->column[i];

		if (i)
			buf_char(out, ',');
		put_value(out, json_object_get(item, c->member), c->how, is_guarded);
	}
	buf_str(out, STR("\r\n"));
	return 0;
}
