/*
 * A workbook as it is made: a full sheet is followed by another, each with the head, and every part
 * comes out of the archive with the length and the CRC that stand behind it.
 */
#include <criterion/criterion.h>
#include <zlib.h>

#include "daemon/export/workbook.h"
#include "libassets/base/crc.h"

static const struct str head[] = {STR_INIT("name"), STR_INIT("area_m2")};
static const int widths[] = {24, 12};

static struct workbook *open_book(int rows_max)
{
	return workbook_new(&(struct workbook_shape){
		.name = STR("assets"),
		.head = head,
		.widths = widths,
		.columns = 2,
		.rows_max = rows_max,
		.on = {20778},
	});
}

static uint32_t number(const unsigned char *at, int bytes)
{
	uint32_t n = 0;

	for (int i = 0; i < bytes; i++)
		n |= (uint32_t)at[i] << 8 * i;
	return n;
}

/* The text of the part whose entry of the directory stands at `entry`. */
static void part_of(const struct buf *file, const unsigned char *entry, struct buf *ret_name,
		    struct buf *ret_text)
{
	const unsigned char *all = (const unsigned char *)file->at,
			    *local = all + number(entry + 42, 4);
	static unsigned char room[1 << 20];
	z_stream z = {.avail_out = sizeof(room), .next_out = room};

	buf_add(ret_name, entry + 46, number(entry + 28, 2));
	cr_assert_eq(memcmp(local, "PK\3\4", 4), 0);
	z.next_in = (unsigned char *)(uintptr_t)local + 30 + number(local + 26, 2);
	z.avail_in = number(entry + 20, 4);
	if (number(entry + 10, 2) == 0) {
		buf_add(ret_text, z.next_in, z.avail_in);
	} else {
		cr_assert_eq(number(entry + 10, 2), 8);
		cr_assert_eq(memcmp(z.next_in + z.avail_in, "PK\7\10", 4), 0);
		cr_assert_eq(inflateInit2(&z, -MAX_WBITS), Z_OK);
		cr_assert_eq(inflate(&z, Z_FINISH), Z_STREAM_END);
		buf_add(ret_text, room, z.total_out);
		inflateEnd(&z);
	}
	cr_assert_eq(ret_text->len, number(entry + 24, 4));
	cr_assert_eq(crc_add(0, buf_view(ret_text)), number(entry + 16, 4));
}

static void make(int rows, int rows_max, struct buf *file)
{
	struct workbook *b = open_book(rows_max);
	int r = 0;

	for (int i = 0; i < rows; i++) {
		workbook_row(b);
		workbook_cell(b, 0, XLSX_TEXT, STR("=hall"));
		workbook_cell(b, 1, XLSX_NUMBER, STR("120"));
		if (i % 2)
			r = r < 0 ? r : workbook_take(b, file);
	}
	workbook_end(b);
	r = r < 0 ? r : workbook_take(b, file);
	cr_assert_eq(r, 0);
	workbook_free(b);
}

static void check(int rows, int rows_max, int sheets)
{
	CLEANUP(buf_done) struct buf file = BUF(8 << 20);
	const unsigned char *end, *entry;
	int met = 0, cells = 0;

	make(rows, rows_max, &file);
	end = (const unsigned char *)file.at + file.len - 22;
	entry = (const unsigned char *)file.at + number(end + 16, 4);
	for (uint32_t i = 0; i < number(end + 10, 2); i++) {
		CLEANUP(buf_done) struct buf name = BUF(1024);
		CLEANUP(buf_done) struct buf text = BUF(8 << 20);

		part_of(&file, entry, &name, &text);
		if (strstr(name.at, "worksheets")) {
			met++;
			cr_assert(strstr(text.at,
					 "<row r=\"1\"><c r=\"A1\" s=\"1\" t=\"inlineStr\">"));
			cr_assert(strstr(text.at, "<autoFilter ref=\"A1:B"));
		}
		for (const char *at = text.at; (at = strstr(at, "=hall")); at++)
			cells++;
		cr_assert(!strstr(text.at, "<f>"));
		entry += 46 + number(entry + 28, 2);
	}
	cr_assert_eq(entry, end);
	cr_assert_eq(met, sheets);
	cr_assert_eq(cells, rows);
}

Test(workbook, is_whole_with_any_number_of_sheets)
{
	check(0, 4, 1);
	check(3, 4, 1);
	check(4, 4, 2);
	check(10, 4, 4);
	check(1000, XLSX_ROWS_MAX, 1);
}

Test(workbook, says_when_it_is_beyond_what_it_can_be)
{
	CLEANUP(buf_done) struct buf file = BUF(8 << 20);
	struct workbook *b = open_book(2);

	for (int i = 0; i < 70; i++)
		workbook_row(b);
	workbook_end(b);
	cr_assert_lt(workbook_take(b, &file), 0);
	workbook_free(b);
}
