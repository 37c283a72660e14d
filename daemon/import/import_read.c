/*
 * libcsv is fed one physical line at a time, so that the line on which a record begins is
 * known, and a long line in pieces, so that what is too much is seen early. It calls back for
 * each field and each record. Any thread, one at a time.
 */
#include "import_read.h"

#include <csv.h>
#include <iconv.h>

#include "libassets/base/err.h"
#include "libassets/import/csv_text.h"

enum {
	FIRST_RECORDS = 64, /* room for so many at first */
	PIECE = 64 * 1024,  /* bytes fed to libcsv at once */
	ROOM = 1024,        /* bytes kept free, to say in them that there is no more room */
	CSV_NOT_BEGUN = 0,  /* libcsv's pstate between two records, as csv_init leaves it */
};

struct import_reader {
	struct csv_parser csv;
	struct str rest; /* not fed yet */
	struct str text; /* all of it */
	char end;        /* what ends a line: LF, or CR in a file that has no LF at all */
	bool is_in_line; /* a piece of the line was fed already */
	struct arena *arena;
	struct flaws *flaws;
	struct import_sheet sheet;
	size_t capacity;
	struct str field[IMPORT_COLUMNS_MAX];
	size_t field_count;
	size_t line;       /* the one being fed */
	size_t began_line; /* where the record under way began */
	int err;
};

static int flaw_at_line(struct flaws *flaws, size_t line, const char *code, const char *detail,
			const char *cure)
{
	flaw_add(flaws, arena_fmt(flaws->arena, "/line/%zu", line), str_of(code), str_of(detail),
		 str_of(cure));
	return ERR_CSV;
}

static void reader_limit(struct import_reader *r, const char *detail, const char *cure)
{
	(void)flaw_at_line(r->flaws, r->began_line, "TOO_LARGE", detail, cure);
	r->err = ERR_LIMIT;
}

static void on_field(void *bytes, size_t len, void *arg)
{
	struct import_reader *r = arg;

	if (r->err)
		return;
	/* A record that begins behind a bare CR begins on a line of its own. */
	if (!r->began_line)
		r->began_line = ++r->line;
	if (r->field_count == IMPORT_COLUMNS_MAX) {
		reader_limit(r, "The record has more than 200 fields.",
			     "Check that commas, tabs or semicolons separate the columns.");
		return;
	}
	if (len > IMPORT_FIELD_MAX) {
		reader_limit(r, "A field is longer than 64 KiB.",
			     "Check that the quotes around it are closed.");
		return;
	}
	if (len + ROOM > r->arena->max_bytes - r->arena->used_bytes) {
		reader_limit(r, "The file holds more than can be read at once.",
			     "Send it in parts with assetctl import.");
		return;
	}
	r->field[r->field_count] = arena_str(r->arena, (struct str){bytes ? bytes : "", len});
	if (str_is_null(r->field[r->field_count]))
		r->err = ERR_NOMEM;
	r->field_count++;
}

/* The smaller list stays in the arena; all of them together are no longer than the last. */
static bool reader_grow(struct import_reader *r)
{
	size_t capacity = r->capacity ? r->capacity * 2 : FIRST_RECORDS;
	struct import_record *record = ARENA_ARRAY(r->arena, capacity, struct import_record);

	if (!record)
		return false;
	if (r->sheet.record_count)
		memcpy(record, r->sheet.record, r->sheet.record_count * sizeof(*record));
	r->sheet.record = record;
	r->capacity = capacity;
	return true;
}

static void on_record(int terminator, void *arg)
{
	struct import_reader *r = arg;
	struct str *field;

	(void)terminator;
	if (r->err)
		return;
	if (r->sheet.record_count > IMPORT_RECORDS_MAX) {
		reader_limit(r, "The file has more than 100,000 records.",
			     "Send it in parts with assetctl import.");
		return;
	}
	field = ARENA_ARRAY(r->arena, r->field_count, struct str);
	if (!field || (r->sheet.record_count == r->capacity && !reader_grow(r))) {
		r->err = ERR_NOMEM;
		return;
	}
	memcpy(field, r->field, r->field_count * sizeof(*field));
	r->sheet.record[r->sheet.record_count++] = (struct import_record){
		/* Zero: an earlier record ended on this very line, by a CR among LFs. */
		.line = r->began_line ? r->began_line : r->line,
		.field_count = r->field_count,
		.field = field,
	};
	r->field_count = 0;
	r->began_line = 0;
}

/* The next piece: a physical line with its end, or as much of it as is fed at once. */
static struct str next_piece(struct import_reader *r)
{
	size_t most = r->rest.len < PIECE ? r->rest.len : PIECE;
	const char *at = memchr(r->rest.at, r->end, most);
	struct str piece = {r->rest.at, at ? (size_t)(at - r->rest.at) + 1 : most};

	r->rest.at += piece.len;
	r->rest.len -= piece.len;
	return piece;
}

static int feed(struct import_reader *r, struct str piece)
{
	r->line += !r->is_in_line;
	if (!r->began_line)
		r->began_line = r->line;
	r->is_in_line = piece.at[piece.len - 1] != r->end;
	if (csv_parse(&r->csv, piece.at, piece.len, on_field, on_record, r) != piece.len)
		return ERR_NOMEM;
	/* Nothing has begun: the line is blank, and the next record begins further down. */
	if (r->csv.pstate == CSV_NOT_BEGUN)
		r->began_line = 0;
	return r->err;
}

static int finish(struct import_reader *r)
{
	/* Strict for the end alone: real lists have quotes inside unquoted fields. */
	(void)csv_set_opts(&r->csv, CSV_STRICT | CSV_STRICT_FINI);
	if (csv_fini(&r->csv, on_field, on_record, r) != 0)
		return flaw_at_line(r->flaws, r->began_line, "UNCLOSED_QUOTE",
				    "A quote opens in this record and is never closed.",
				    "Close it, or double a quote that is part of the text.");
	return r->err;
}

int import_reader_step(struct import_reader *r, size_t bytes, bool *ret_is_whole,
		       struct import_sheet *ret_sheet)
{
	size_t left = r->rest.len > bytes ? r->rest.len - bytes : 0;
	int err = 0;

	while (r->rest.len > left && !err)
		err = feed(r, next_piece(r));
	if (!err && !r->rest.len)
		err = finish(r);
	if (err)
		return err;
	*ret_is_whole = !r->rest.len;
	if (!r->rest.len)
		*ret_sheet = r->sheet;
	return 0;
}

void import_reader_free(struct import_reader *r)
{
	if (r)
		csv_free(&r->csv);
}

/* Windows-1252 into UTF-8; at most three bytes become of one. */
static int from_windows_1252(struct str file, struct arena *a, struct flaws *flaws,
			     struct str *ret_text)
{
	iconv_t cd = iconv_open("UTF-8", "WINDOWS-1252");
	size_t room = file.len * 3 + 1, left = file.len;
	char *out = arena_alloc(a, room), *to = out;
	char *from = (char *)(uintptr_t)file.at; /* iconv's prototype; it does not write there */
	size_t r = (size_t)-1, line = 1;

	if (cd == (iconv_t)-1)
		return ERR_BUG;
	if (out)
		r = iconv(cd, &from, &left, &to, &room);
	(void)iconv_close(cd);
	if (!out)
		return ERR_NOMEM;
	if (r == (size_t)-1) {
		for (const char *p = file.at; p < from; p++)
			line += *p == '\n';
		return flaw_at_line(flaws, line, "ENCODING",
				    "A byte here is neither UTF-8 nor Windows-1252.",
				    "Save the file as CSV UTF-8.");
	}
	*ret_text = (struct str){out, (size_t)(to - out)};
	return 0;
}

static int check_bytes(struct str file, struct flaws *flaws)
{
	const char *nul = file.len ? memchr(file.at, '\0', file.len) : NULL;
	struct str text = str_trim(file);
	size_t line = 1;

	if (text.len == 0)
		return flaw_at_line(flaws, 1, "EMPTY", "The file is empty.",
				    "Send a CSV file whose first line names the columns.");
	if (str_starts(file, STR("PK\x03\x04")))
		return flaw_at_line(flaws, 1, "SPREADSHEET", "This is a spreadsheet, not CSV.",
				    "Save the sheet as \"CSV UTF-8 (comma delimited)\".");
	if (str_starts(text, STR("{")) || str_starts(text, STR("[")))
		return flaw_at_line(flaws, 1, "JSON", "This is JSON or GeoJSON, not CSV.",
				    "Send a CSV file whose first line names the columns.");
	if (!nul)
		return 0;
	for (const char *p = file.at; p < nul; p++)
		line += *p == '\n';
	return flaw_at_line(flaws, line, "NUL", "There is a NUL byte on this line.",
			    "Save the file as \"CSV UTF-8\" or as \"Unicode text\".");
}

/* *ret_text: the file as UTF-8, what it was in `sheet`. */
static int to_utf8(struct str file, struct arena *a, struct flaws *flaws,
		   struct import_sheet *sheet, struct str *ret_text)
{
	int err;

	sheet->encoding = "UTF-8";
	*ret_text = file;
	if (csv_is_utf16(file)) {
		sheet->encoding = "UTF-16";
		err = csv_of_utf16(file, a, ret_text);
		return err != ERR_INVALID
			       ? err
			       : flaw_at_line(flaws, 1, "ENCODING",
					      "The file begins as UTF-16 and does not go on so.",
					      "Save the file as \"CSV UTF-8\".");
	}
	if (str_starts(file, STR("\xEF\xBB\xBF")))
		*ret_text = (struct str){file.at + 3, file.len - 3};
	if (str_is_utf8(*ret_text))
		return 0;
	sheet->encoding = "WINDOWS-1252";
	/* What no text holds is said before it is taken for letters. */
	err = check_bytes(*ret_text, flaws);
	return err ? err : from_windows_1252(*ret_text, a, flaws, ret_text);
}

void import_reader_separate(struct import_reader *r, struct str mapping,
			    const struct csv_layout *saved)
{
	csv_set_delim(&r->csv, (unsigned char)csv_separator(r->text, mapping, saved));
}

int import_reader_new(struct str file, struct arena *a, struct flaws *flaws,
		      struct import_reader **ret_reader)
{
	struct import_reader *r = ARENA_NEW(a, struct import_reader);
	struct import_sheet sheet = {0};
	struct str text;
	int err;

	if (!r)
		return ERR_NOMEM;
	err = to_utf8(file, a, flaws, &sheet, &text);
	if (!err)
		err = check_bytes(text, flaws);
	if (err)
		return err;
	*r = (struct import_reader){
		.arena = a, .flaws = flaws, .sheet = sheet, .text = text, .rest = text};
	r->end = memchr(text.at, '\n', text.len) ? '\n' : '\r';
	if (csv_init(&r->csv, 0) != 0)
		return ERR_NOMEM;
	import_reader_separate(r, (struct str){NULL, 0}, NULL);
	*ret_reader = r;
	return 0;
}

int import_read(struct str file, struct arena *a, struct flaws *flaws,
		struct import_sheet *ret_sheet)
{
	struct import_reader *r = NULL;
	bool is_whole = false;
	int err = import_reader_new(file, a, flaws, &r);

	/* At once: no text is longer than three times its bytes. */
	if (!err)
		err = import_reader_step(r, file.len * 3, &is_whole, ret_sheet);
	import_reader_free(r);
	return err;
}
