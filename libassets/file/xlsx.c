/*
 * See xlsx.h. What a sheet may not hold as it is (XML 1.0 section 2.2: controls, U+FFFE, U+FFFF) is
 * written as _xHHHH_ (ECMA-376 part 1, 22.9.2.19) or becomes U+FFFD; and a text that looks like
 * such an escape already has its own underscore escaped, or a reader would take it for one.
 *
 * The styles of xl/styles.xml are in the order of `style`: a further kind is a row in both.
 */
#include "xlsx.h"

#include "libassets/base/day.h"

/* Index into cellXfs of the styles part. */
static const int style[] = {
	[XLSX_TEXT] = 0,  [XLSX_HEAD] = 1, [XLSX_NUMBER] = 0,
	[XLSX_MONEY] = 2, [XLSX_DAY] = 3,  [XLSX_FLAG] = 0,
};

#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define OPC "http://schemas.openxmlformats.org/package/2006/"
#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define TYPE "application/vnd.openxmlformats-officedocument.spreadsheetml."

/* The first part names the types of all: what is no other part is a sheet, however many there are.
 */
const struct xlsx_part xlsx_part_table[] = {
	{STR_INIT("[Content_Types].xml"),
	 STR_INIT(XML "<Types xmlns=\"" OPC "content-types\">"
		      "<Default Extension=\"rels\" "
		      "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
		      "<Default Extension=\"xml\" ContentType=\"" TYPE "worksheet+xml\"/>"
		      "<Override PartName=\"/xl/workbook.xml\" ContentType=\"" TYPE
		      "sheet.main+xml\"/>"
		      "<Override PartName=\"/xl/styles.xml\" ContentType=\"" TYPE "styles+xml\"/>"
		      "</Types>")},
	{STR_INIT("_rels/.rels"),
	 STR_INIT(XML "<Relationships xmlns=\"" OPC
		      "relationships\"><Relationship Id=\"rId1\" Type=\"" OFFICE
		      "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>")},
	{STR_INIT("xl/styles.xml"),
	 STR_INIT(XML
		  "<styleSheet xmlns=\"" MAIN "\">"
		  "<numFmts count=\"1\"><numFmt numFmtId=\"164\" "
		  "formatCode=\"yyyy\\-mm\\-dd\"/></numFmts>"
		  "<fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font>"
		  "<font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>"
		  "<fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill>"
		  "<fill><patternFill patternType=\"gray125\"/></fill></fills>"
		  "<borders "
		  "count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
		  "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" "
		  "borderId=\"0\"/></cellStyleXfs>"
		  "<cellXfs count=\"4\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" "
		  "borderId=\"0\" xfId=\"0\"/>"
		  "<xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" "
		  "applyFont=\"1\"/>"
		  "<xf numFmtId=\"4\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" "
		  "applyNumberFormat=\"1\"/>"
		  "<xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" "
		  "applyNumberFormat=\"1\"/></cellXfs>"
		  "<cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" "
		  "builtinId=\"0\"/></cellStyles>"
		  "</styleSheet>")},
};
const size_t xlsx_part_count = COUNT(xlsx_part_table);

/* A to Z, AA to ZZ …; columns are far fewer than the 16,384 that there can be. */
static void put_place(struct buf *out, int row, int column)
{
	if (column >= 26)
		buf_char(out, (char)('A' + column / 26 - 1));
	buf_char(out, (char)('A' + column % 26));
	buf_i64(out, row + 1);
}

/* Does an escape begin here: _xHHHH_? */
static bool is_escape(struct str s, size_t at)
{
	if (s.len - at < 7 || s.at[at] != '_' || s.at[at + 1] != 'x' || s.at[at + 6] != '_')
		return false;
	for (size_t i = at + 2; i < at + 6; i++) {
		char c = s.at[i];

		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f') && !(c >= 'A' && c <= 'F'))
			return false;
	}
	return true;
}

/* What stands for the byte at `at`, absent where it stands for itself; *ret_bytes: of the source.
 */
static struct str stand_in(struct str s, size_t at, char (*room)[8], size_t *ret_bytes)
{
	static const char digit[] = "0123456789ABCDEF";
	unsigned char c = (unsigned char)s.at[at];

	*ret_bytes = 1;
	if (c == '&')
		return STR("&amp;");
	if (c == '<')
		return STR("&lt;");
	if (c == '>')
		return STR("&gt;");
	if (c == '_' && is_escape(s, at))
		return STR("_x005F_");
	if (c < ' ' && c != '\t' && c != '\n') {
		memcpy(*room, "_x0000_", 8);
		(*room)[4] = digit[c >> 4];
		(*room)[5] = digit[c & 15];
		return (struct str){*room, 7};
	}
	if (c == 0xEF && s.len - at >= 3 && (unsigned char)s.at[at + 1] == 0xBF &&
	    (unsigned char)s.at[at + 2] >= 0xBE) {
		*ret_bytes = 3;
		return STR("\xEF\xBF\xBD");
	}
	return (struct str){NULL, 0};
}

/* Most texts need nothing: they are copied in runs. */
static void put_text(struct buf *out, struct str s)
{
	size_t from = 0;

	for (size_t i = 0; i < s.len;) {
		char room[8];
		size_t bytes;
		struct str other = stand_in(s, i, &room, &bytes);

		if (!str_is_null(other)) {
			buf_add(out, s.at + from, i - from);
			buf_str(out, other);
			from = i + bytes;
		}
		i += bytes;
	}
	buf_add(out, s.at + from, s.len - from);
}

/* The text as far as a cell can hold it; *ret_is_cut: with one character to spare. */
static struct str held(struct str s, bool *ret_is_cut)
{
	size_t units = 0, last = 0;

	*ret_is_cut = false;
	if (s.len <= XLSX_TEXT_MAX)
		return s;
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];

		if ((c & 0xC0) == 0x80)
			continue;
		if (units < XLSX_TEXT_MAX)
			last = i; /* up to here and the sign of the cut there is room */
		units += c >= 0xF0 ? 2 : 1;
	}
	*ret_is_cut = units > XLSX_TEXT_MAX;
	return *ret_is_cut ? (struct str){s.at, last} : s;
}

/* Digits with a minus before them and a point among them, as PostgreSQL writes numbers. */
static bool is_number(struct str s)
{
	size_t digits = 0, points = 0;

	for (size_t i = s.len && s.at[0] == '-'; i < s.len; i++) {
		digits += s.at[i] >= '0' && s.at[i] <= '9';
		points += s.at[i] == '.';
	}
	return digits && points <= 1 && digits + points + (s.at[0] == '-') == s.len;
}

static void put_value(struct buf *out, enum xlsx_kind kind, const char *type, struct str value)
{
	if (style[kind])
		buf_fmt(out, " s=\"%d\"", style[kind]);
	buf_fmt(out, "%s><v>", type);
	buf_str(out, value);
	buf_str(out, STR("</v></c>"));
}

/* Days since the last of 1899, as spreadsheets count them from 1 March 1900 on. */
static bool put_day(struct buf *out, struct str text)
{
	enum { EPOCH = 25569, FIRST = 61 };
	struct day day;

	if (day_parse(text, &day) < 0 || day.number + EPOCH < FIRST)
		return false;
	buf_fmt(out, " s=\"%d\"><v>%d</v></c>", style[XLSX_DAY], (int)day.number + EPOCH);
	return true;
}

static bool put_typed(struct buf *out, enum xlsx_kind kind, struct str text)
{
	bool is_true = str_eq(text, STR("true"));

	switch (kind) {
	case XLSX_NUMBER:
	case XLSX_MONEY:
		if (!is_number(text))
			return false;
		put_value(out, kind, "", text);
		return true;
	case XLSX_FLAG:
		if (!is_true && !str_eq(text, STR("false")))
			return false;
		put_value(out, kind, " t=\"b\"", is_true ? STR("1") : STR("0"));
		return true;
	case XLSX_DAY:
		return put_day(out, text);
	case XLSX_TEXT:
	case XLSX_HEAD:
		break;
	}
	return false;
}

void xlsx_cell(struct buf *out, int row, int column, enum xlsx_kind kind, struct str text)
{
	bool is_cut;
	struct str s = held(text, &is_cut);

	if (!s.len)
		return;
	buf_str(out, STR("<c r=\""));
	put_place(out, row, column);
	buf_char(out, '"');
	if (put_typed(out, kind, text))
		return;
	if (kind == XLSX_HEAD)
		buf_fmt(out, " s=\"%d\"", style[kind]);
	buf_str(out, STR(" t=\"inlineStr\"><is><t xml:space=\"preserve\">"));
	put_text(out, s);
	buf_str(out, is_cut ? STR("…</t></is></c>") : STR("</t></is></c>"));
}

void xlsx_row_begin(struct buf *out, int row)
{
	buf_fmt(out, "<row r=\"%d\">", row + 1);
}

void xlsx_row_end(struct buf *out)
{
	buf_str(out, STR("</row>"));
}

/* The head stays where it is, and so do the first columns where there are some. */
static void put_pane(struct buf *out, int frozen)
{
	buf_str(out, STR("<pane "));
	if (frozen)
		buf_fmt(out, "xSplit=\"%d\" ", frozen);
	buf_str(out, STR("ySplit=\"1\" topLeftCell=\""));
	put_place(out, 1, frozen);
	buf_fmt(out, "\" activePane=\"%s\" state=\"frozen\"/>",
		frozen ? "bottomRight" : "bottomLeft");
}

void xlsx_sheet_begin(struct buf *out, const int *widths, int columns, int frozen)
{
	buf_str(out, STR(XML "<worksheet xmlns=\"" MAIN "\"><sheetPr><pageSetUpPr "
			     "fitToPage=\"1\"/></sheetPr><sheetViews><sheetView "
			     "workbookViewId=\"0\">"));
	put_pane(out, frozen);
	buf_str(out, STR("</sheetView></sheetViews><cols>"));
	for (int i = 0; i < columns; i++)
		buf_fmt(out, "<col min=\"%d\" max=\"%d\" width=\"%d\" customWidth=\"1\"/>", i + 1,
			i + 1, widths[i]);
	buf_str(out, STR("</cols><sheetData>"));
}

/* On paper: A4 lying, as wide as the columns, as many pages as it takes, each saying which. */
void xlsx_sheet_end(struct buf *out, const struct xlsx_sheet *sheet)
{
	buf_str(out, STR("</sheetData><autoFilter ref=\"A1:"));
	put_place(out, sheet->rows - 1, sheet->columns - 1);
	buf_str(out,
		STR("\"/><pageMargins left=\"0.5\" right=\"0.5\" top=\"0.6\" bottom=\"0.6\" "
		    "header=\"0.3\" footer=\"0.3\"/><pageSetup paperSize=\"9\" "
		    "orientation=\"landscape\" fitToWidth=\"1\" fitToHeight=\"0\"/>"
		    "<headerFooter><oddFooter>&amp;L&amp;A&amp;RPage &amp;P of &amp;N</oddFooter>"
		    "</headerFooter></worksheet>"));
}

/* The head again on each page of paper. */
static void put_titles(struct buf *out, const struct xlsx_sheet *sheet, int i)
{
	buf_fmt(out,
		"<definedName name=\"_xlnm.Print_Titles\" localSheetId=\"%d\">'%.*s'!$1:$1"
		"</definedName>",
		i, (int)sheet->name.len, sheet->name.at);
}

/* '$A$1:$C$9' of a sheet: the hidden name by which spreadsheets know a filter's range. */
static void put_filter(struct buf *out, const struct xlsx_sheet *sheet, int i)
{
	int column = sheet->columns - 1;

	buf_fmt(out,
		"<definedName name=\"_xlnm._FilterDatabase\" localSheetId=\"%d\" "
		"hidden=\"1\">'%.*s'!$A$1:$",
		i, (int)sheet->name.len, sheet->name.at);
	if (column >= 26)
		buf_char(out, (char)('A' + column / 26 - 1));
	buf_fmt(out, "%c$%d</definedName>", 'A' + column % 26, sheet->rows);
}

void xlsx_book(struct buf *out, const struct xlsx_sheet *sheet, int n)
{
	buf_str(out, STR(XML "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" OFFICE
			     "\"><bookViews><workbookView/></bookViews>"
			     "<sheets>"));
	for (int i = 0; i < n; i++)
		buf_fmt(out, "<sheet name=\"%.*s\" sheetId=\"%d\" r:id=\"rId%d\"/>",
			(int)sheet[i].name.len, sheet[i].name.at, i + 1, i + 1);
	buf_str(out, STR("</sheets><definedNames>"));
	for (int i = 0; i < n; i++)
		put_filter(out, &sheet[i], i);
	for (int i = 0; i < n; i++)
		put_titles(out, &sheet[i], i);
	buf_str(out, STR("</definedNames></workbook>"));
}

void xlsx_relations(struct buf *out, int n)
{
	buf_str(out, STR(XML "<Relationships xmlns=\"" OPC "relationships\">"));
	for (int i = 0; i < n; i++)
		buf_fmt(out,
			"<Relationship Id=\"rId%d\" Type=\"" OFFICE
			"/worksheet\" Target=\"worksheets/sheet%d.xml\"/>",
			i + 1, i + 1);
	buf_fmt(out,
		"<Relationship Id=\"rId%d\" Type=\"" OFFICE
		"/styles\" Target=\"styles.xml\"/></Relationships>",
		n + 1);
}
