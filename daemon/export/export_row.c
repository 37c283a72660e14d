/*
 * Values to cells. What is absent, or hidden from this reader, is empty: which of the two the
 * API's own items say in restricted_fields.
 *
 * Each value becomes the text that CSV has, once; a workbook is told besides what kind it is.
 */
#include "export_row.h"

#include <inttypes.h>
#include <jansson.h>

#include "daemon/db/db.h"
#include "libassets/base/arena.h"
#include "libassets/base/err.h"
#include "libassets/import/csv_write.h"
#include "workbook.h"

/* Bytes of a list's words with blanks between. */
enum { WORDS_MAX = 16 * 1024 };

/* What a column is in a workbook, and how wide. */
static const struct {
	enum xlsx_kind kind;
	int width;
} sheet_table[] = {
	[EXPORT_TEXT] = {XLSX_TEXT, 24},    [EXPORT_NUMBER] = {XLSX_NUMBER, 12},
	[EXPORT_DAY] = {XLSX_DAY, 12},      [EXPORT_FLAG] = {XLSX_FLAG, 12},
	[EXPORT_POUNDS] = {XLSX_MONEY, 16}, [EXPORT_TENURE] = {XLSX_TEXT, 12},
	[EXPORT_WORDS] = {XLSX_TEXT, 24},   [EXPORT_NONE] = {XLSX_TEXT, 12},
};

/* A cell of which the text is settled. */
static void put_cell(const struct export_sink *to, size_t column, enum export_how how, struct str s)
{
	bool is_text = sheet_table[how].kind == XLSX_TEXT;

	if (to->book)
		workbook_cell(to->book, (int)column, sheet_table[how].kind, s);
	else if (is_text && to->is_guarded)
		csv_write_guarded(to->csv, s);
	else
		csv_write_cell(to->csv, s);
}

static void begin_row(const struct export_sink *to)
{
	if (to->book)
		workbook_row(to->book);
}

static void begin_cell(const struct export_sink *to, size_t column)
{
	if (!to->book && column)
		buf_char(to->csv, ',');
}

static void end_row(const struct export_sink *to)
{
	if (!to->book)
		buf_str(to->csv, STR("\r\n"));
}

struct workbook *export_book(const struct export_table *table, struct str name, struct day on,
			     struct arena *a)
{
	struct str *head = ARENA_ARRAY(a, table->count, struct str);
	int *widths = ARENA_ARRAY(a, table->count, int);

	if (!head || !widths)
		return NULL;
	for (size_t i = 0; i < table->count; i++) {
		head[i] = str_of(table->column[i].header);
		widths[i] = sheet_table[table->column[i].how].width;
	}
	return workbook_new(&(struct workbook_shape){.name = name,
						     .head = head,
						     .widths = widths,
						     .columns = (int)table->count,
						     .rows_max = XLSX_ROWS_MAX,
						     .on = on});
}

void export_head(const struct export_table *table, const struct export_sink *to)
{
	for (size_t i = 0; i < table->count && !to->book; i++) {
		begin_cell(to, i);
		csv_write_cell(to->csv, str_of(table->column[i].header));
	}
	end_row(to);
}

void export_cells(const struct db_reply *got, int row, const struct export_table *table,
		  const struct export_sink *to)
{
	begin_row(to);
	for (size_t i = 0; i < table->count; i++) {
		const struct export_column *c = &table->column[i];
		struct str s = {NULL, 0};

		begin_cell(to, i);
		if (c->how != EXPORT_NONE)
			s = db_value(got, 0, row, c->cell);
		if (c->how == EXPORT_TENURE)
			s = str_eq(s, STR("LEASED_IN")) ? STR("Leasehold") : STR("Freehold");
		put_cell(to, i, c->how, s);
	}
	end_row(to);
}

/* Pence as pounds: -5 is -0.05. */
static void add_pounds(struct buf *out, json_int_t pence)
{
	json_int_t size = pence < 0 ? -pence : pence;

	buf_fmt(out, "%s%" PRId64 ".%02" PRId64, pence < 0 ? "-" : "", (int64_t)(size / 100),
		(int64_t)(size % 100));
}

static void add_words(struct buf *out, const json_t *list)
{
	const json_t *word;
	size_t i;

	json_array_foreach (list, i, word) {
		buf_str(out, i ? STR(" ") : STR(""));
		buf_str(out, str_of(json_string_value(word)));
	}
}

/* The text of a value, in `room` where it is none by itself. */
static struct str text_of(const json_t *value, enum export_how how, struct buf *room)
{
	buf_clear(room);
	if (json_is_string(value))
		return (struct str){json_string_value(value), json_string_length(value)};
	if (how == EXPORT_POUNDS && json_is_integer(value))
		add_pounds(room, json_integer_value(value));
	else if (json_is_integer(value))
		buf_i64(room, json_integer_value(value));
	else if (json_is_boolean(value))
		buf_str(room, json_is_true(value) ? STR("true") : STR("false"));
	else if (json_is_array(value))
		add_words(room, value);
	return buf_view(room);
}

/* A member, or with points between the member of one. */
static const json_t *member_of(const json_t *item, const char *path)
{
	struct str rest = str_of(path);

	while (item && rest.len) {
		struct str name = str_cut(rest, '.', &rest);

		item = json_object_getn(item, name.at, name.len);
	}
	return item;
}

int export_item(struct str json, const struct export_table *table, const struct export_sink *to)
{
	CLEANUP(buf_done) struct buf room = BUF(WORDS_MAX);
	json_auto_t *item = json_loadb(json.at, json.len, 0, NULL);

	if (!json_is_object(item))
		return item ? ERR_BUG : ERR_NOMEM;
	begin_row(to);
	for (size_t i = 0; i < table->count; i++) {
		const struct export_column *c = &table->column[i];

		begin_cell(to, i);
		put_cell(to, i, c->how, text_of(member_of(item, c->member), c->how, &room));
	}
	end_row(to);
	return buf_err(&room);
}
