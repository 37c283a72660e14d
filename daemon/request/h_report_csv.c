/*
 * A report as CSV (RFC 4180), a line of it a row, for a committee's spreadsheet: what its JSON
 * says, in the same order, the two texts last. A cell that a spreadsheet would take for a formula
 * begins with an apostrophe, which it does not show.
 */
#include "h_report.h"
#include "q.h"

enum { CSV_MAX = 1 << 20 };

static void put_cell(struct buf *out, struct str text, bool is_last)
{
	buf_char(out, '"');
	if (text.len && strchr("=+-@\t\r", text.at[0]))
		buf_char(out, '\'');
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '"')
			buf_char(out, '"');
		buf_char(out, text.at[i]);
	}
	buf_str(out, is_last ? STR("\"\r\n") : STR("\","));
}

static struct str text_of(const json_t *object, const char *key)
{
	return str_of(json_string_value(json_object_get(object, key)));
}

/* What begins every row: whose report it is, on which year, and which version of it. */
static void put_head(struct buf *out, const json_t *report)
{
	const json_t *number = json_object_get(report, "number");

	put_cell(out, text_of(report, "authority_name"), false);
	put_cell(out, text_of(report, "year"), false);
	if (json_is_integer(number))
		buf_fmt(out, "%d,", (int)json_integer_value(number));
	else
		put_cell(out, text_of(report, "shown"), false);
}

static void put_line(struct buf *out, const json_t *report, const json_t *line)
{
	static const char *const after[] = {"unit", "citation", "confidence", "rule"};

	put_head(out, report);
	put_cell(out, text_of(line, "line"), false);
	put_cell(out, text_of(line, "label"), false);
	buf_fmt(out, "%lld,", (long long)json_integer_value(json_object_get(line, "value")));
	for (size_t i = 0; i < COUNT(after); i++)
		put_cell(out, text_of(line, after[i]), i + 1 == COUNT(after));
}

static void put_text(struct buf *out, const json_t *report, const char *key, const char *row[3])
{
	put_head(out, report);
	put_cell(out, str_of(row[0]), false);
	put_cell(out, str_of(row[1]), false);
	put_cell(out, text_of(report, key), false);
	put_cell(out, STR("TEXT"), false);
	put_cell(out, str_of(row[2]), false);
	put_cell(out, STR("C"), false);
	put_cell(out, STR("In words, in a nil report too."), true);
}

static void put_report(struct buf *out, const json_t *report)
{
	const json_t *lines = json_object_get(report, "lines"), *line;
	size_t i;

	buf_str(out,
		STR("authority,year,version,line,label,value,unit,citation,confidence,rule\r\n"));
	json_array_foreach (lines, i, line)
		put_line(out, report, line);
	if (!json_array_size(lines))
		return;
	put_text(out, report, "promotion",
		 (const char *[]){"F_I", "What was done to promote requests", "s.95(2)(f)(i)"});
	put_text(out, report, "support",
		 (const char *[]){"F_II",
				  "What was done to support community bodies in making them",
				  "s.95(2)(f)(ii)"});
}

static enum step_result csv_answer(struct flow *f)
{
	CLEANUP(buf_done) struct buf out = BUF(CSV_MAX);
	struct q_report_show_row row;
	json_auto_t *report = NULL;
	int r = q_report_show_one(f->got, 0, &row);

	if (r < 0)
		return flow_fail(f, r);
	if (flow_etag(f, row.version,
		      arena_fmt(f->arena, "%.*sc", (int)row.view.len, row.view.at).at))
		return STEP_DONE;
	report = json_loadb(row.body.at, row.body.len, 0, NULL);
	put_report(&out, report);
	if (!report || buf_err(&out) < 0)
		return flow_fail(f, report ? buf_err(&out) : ERR_NOMEM);
	return flow_answer_as(f, 200, STR("text/csv; charset=utf-8"), buf_view(&out));
}

const struct flow_step flow_report_csv[] = {
	{"load", report_show_load},
	{"answer", csv_answer},
	{0},
};
