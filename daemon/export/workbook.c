/*
 * See workbook.h. The sheet under way is deflated and its sizes stand behind it (zip.h), as they
 * are not known before; the other parts are small and stored. What names the sheets comes last.
 *
 * zlib at its second fastest: the XML of a sheet is repetitive, and a turn of the loop is short.
 */
#include "workbook.h"

#include <stdlib.h>
#include <zlib.h>

#include "libassets/base/crc.h"
#include "libassets/base/err.h"
#include "libassets/file/zip.h"

enum {
	SHEETS_MAX = 64,
	PARTS_MAX = SHEETS_MAX + 8,
	NAME_MAX_BYTES = 32,
	PART_NAME_BYTES = 64,
	XML_MAX = 16 << 20, /* of the rows between two takes */
	LEVEL = 2,
	DEFLATE_BYTES = 64 * 1024,
};
static const int64_t archive_max = INT64_C(4000) << 20, sheet_bytes_max = INT64_C(2000) << 20;

struct workbook {
	struct workbook_shape shape;
	z_stream z;
	bool has_z, is_in_row;
	struct buf xml;   /* of the sheet, not deflated yet */
	struct buf bytes; /* of the file, not taken yet */
	int row;          /* of the sheet under way, the next one's number */
	int err;
	int64_t sent; /* bytes of the whole file so far */
	struct zip_file part[PARTS_MAX];
	char part_name[PARTS_MAX][PART_NAME_BYTES];
	size_t part_count;
	struct xlsx_sheet sheet[SHEETS_MAX];
	char sheet_name[SHEETS_MAX][NAME_MAX_BYTES];
	int sheet_count, of_shape; /* sheets in all, and with this head */
};

static void keep_err(struct workbook *b, int err)
{
	if (!b->err)
		b->err = err;
}

static struct zip_file *new_part(struct workbook *b, struct str name)
{
	struct zip_file *part = &b->part[b->part_count];

	memcpy(b->part_name[b->part_count], name.at, name.len);
	part->name = (struct str){b->part_name[b->part_count], name.len};
	part->on = b->shape.on;
	b->part_count++;
	return part;
}

static void put_stored(struct workbook *b, struct str name, struct str xml)
{
	struct zip_file *part = new_part(b, name);

	part->bytes = (int64_t)xml.len;
	part->crc = crc_add(0, xml);
	zip_local(&b->bytes, part);
	buf_str(&b->bytes, xml);
}

/* Deflate the XML there is; is_last: of this sheet. */
static void deflate_xml(struct workbook *b, bool is_last)
{
	struct zip_file *part = &b->part[b->part_count - 1];
	unsigned char room[DEFLATE_BYTES];
	int r = Z_OK;

	keep_err(b, buf_err(&b->xml));
	if (b->err)
		return;
	part->bytes += (int64_t)b->xml.len;
	part->crc = crc_add(part->crc, buf_view(&b->xml));
	b->z.next_in = (unsigned char *)b->xml.at;
	b->z.avail_in = (unsigned)b->xml.len;
	do {
		b->z.next_out = room;
		b->z.avail_out = sizeof(room);
		r = deflate(&b->z, is_last ? Z_FINISH : Z_NO_FLUSH);
		part->deflated += (int64_t)(sizeof(room) - b->z.avail_out);
		buf_add(&b->bytes, room, sizeof(room) - b->z.avail_out);
	} while (r == Z_OK && b->z.avail_out == 0);
	if (r != (is_last ? Z_STREAM_END : Z_OK) && r != Z_BUF_ERROR)
		keep_err(b, ERR_BUG);
	buf_clear(&b->xml);
}

static void begin_sheet(struct workbook *b)
{
	int n = b->sheet_count;
	struct xlsx_sheet *sheet = &b->sheet[n];
	char name[PART_NAME_BYTES];

	if (n == SHEETS_MAX) {
		keep_err(b, ERR_LIMIT);
		return;
	}
	snprintf(b->sheet_name[n], NAME_MAX_BYTES, b->of_shape ? "%.20s %d" : "%.20s",
		 b->shape.name.at, b->of_shape + 1);
	b->of_shape++;
	*sheet = (struct xlsx_sheet){str_of(b->sheet_name[n]), 0, b->shape.columns};
	b->sheet_count++;
	snprintf(name, sizeof(name), XLSX_SHEET_PART, b->sheet_count);
	new_part(b, str_of(name))->is_deflated = true;
	zip_local(&b->bytes, &b->part[b->part_count - 1]);
	if (deflateReset(&b->z) != Z_OK)
		keep_err(b, ERR_BUG);
	b->row = 0;
	xlsx_sheet_begin(&b->xml, b->shape.widths, b->shape.columns, b->shape.frozen);
	xlsx_row_begin(&b->xml, b->row);
	for (int i = 0; i < b->shape.columns; i++)
		xlsx_cell(&b->xml, b->row, i, XLSX_HEAD, b->shape.head[i]);
	xlsx_row_end(&b->xml);
	b->row++;
}

static void end_row(struct workbook *b)
{
	if (!b->is_in_row)
		return;
	xlsx_row_end(&b->xml);
	b->is_in_row = false;
	b->row++;
}

static void end_sheet(struct workbook *b)
{
	struct xlsx_sheet *sheet = &b->sheet[b->sheet_count - 1];

	end_row(b);
	sheet->rows = b->row;
	xlsx_sheet_end(&b->xml, sheet);
	deflate_xml(b, true);
	zip_behind(&b->bytes, &b->part[b->part_count - 1]);
}

struct workbook *workbook_new(const struct workbook_shape *shape)
{
	struct workbook *b = calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	b->shape = *shape;
	b->xml = BUF(XML_MAX);
	b->bytes = BUF(2 * XML_MAX);
	/* Minus: without zlib's own header, as ZIP has it. */
	b->has_z =
		deflateInit2(&b->z, LEVEL, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK;
	if (!b->has_z) {
		workbook_free(b);
		return NULL;
	}
	for (size_t i = 0; i < xlsx_part_count; i++)
		put_stored(b, xlsx_part_table[i].name, xlsx_part_table[i].xml);
	begin_sheet(b);
	return b;
}

void workbook_free(struct workbook *b)
{
	if (!b)
		return;
	if (b->has_z)
		(void)deflateEnd(&b->z);
	buf_done(&b->xml);
	buf_done(&b->bytes);
	free(b);
}

void workbook_row(struct workbook *b)
{
	end_row(b);
	if (b->row >= b->shape.rows_max || b->part[b->part_count - 1].bytes > sheet_bytes_max) {
		end_sheet(b);
		begin_sheet(b);
	}
	xlsx_row_begin(&b->xml, b->row);
	b->is_in_row = true;
}

void workbook_cell(struct workbook *b, int column, enum xlsx_kind kind, struct str text)
{
	xlsx_cell(&b->xml, b->row, column, kind, text);
}

void workbook_sheet(struct workbook *b, const struct workbook_shape *shape)
{
	end_sheet(b);
	b->shape = *shape;
	b->of_shape = 0;
	begin_sheet(b);
}

void workbook_end(struct workbook *b)
{
	CLEANUP(buf_done) struct buf xml = BUF(XML_MAX);

	end_sheet(b);
	xlsx_book(&xml, b->sheet, b->sheet_count);
	put_stored(b, STR(XLSX_BOOK_PART), buf_view(&xml));
	buf_clear(&xml);
	xlsx_relations(&xml, b->sheet_count);
	put_stored(b, STR(XLSX_RELATIONS_PART), buf_view(&xml));
	keep_err(b, buf_err(&xml));
	zip_directory(&b->bytes, b->part, b->part_count);
}

int workbook_take(struct workbook *b, struct buf *out)
{
	if (b->xml.len)
		deflate_xml(b, false);
	keep_err(b, buf_err(&b->bytes));
	b->sent += (int64_t)b->bytes.len;
	if (b->sent > archive_max)
		keep_err(b, ERR_LIMIT);
	if (b->err)
		return b->err;
	buf_str(out, buf_view(&b->bytes));
	buf_clear(&b->bytes);
	return buf_err(out);
}
