/*
 * Small readers and writers, by the first byte: a list of bank holidays, a line of CSV as it is
 * written, cells of a workbook, money, moments, addresses of mail and what stands in a letter's
 * head. What is written must read as what it was.
 */
#include <assert.h>
#include <stdlib.h>

#include "libassets/base/moment.h"
#include "libassets/base/money.h"
#include "libassets/clock/calendar_list.h"
#include "libassets/file/xlsx.h"
#include "libassets/import/csv_split.h"
#include "libassets/import/csv_write.h"
#include "libassets/notify/mail.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is read is a list of days in order, and the same list again. */
static void holidays(struct str text, struct arena *a)
{
	json_auto_t *root = json_loadb(text.at, text.len, JSON_REJECT_DUPLICATES, NULL);
	struct shape_list days, added, missing;
	const struct calendar_day *day;
	struct flaws flaws;

	flaws_init(&flaws, a);
	if (!root || calendar_list_read(root, &WIRE_TOP, &flaws, &days) < 0) {
		assert(!root || flaws.count);
		return;
	}
	day = days.at;
	for (size_t i = 1; i < days.count; i++)
		assert(day_cmp(day[i - 1].on, day[i].on) < 0);
	if (calendar_list_compare(days, a, &added, &missing) == 0)
		assert(added.count <= days.count);
}

/* A quoted cell without its quotes, in its own buffer. */
static struct str unquoted(struct str cell, struct buf *out)
{
	if (!cell.len || cell.at[0] != '"')
		return cell;
	for (size_t i = 1; i + 1 < cell.len; i++) {
		buf_char(out, cell.at[i]);
		i += cell.at[i] == '"';
	}
	return buf_view(out);
}

/* One cell, alone in its record behind a head, as the file is cut again and its guard taken off. */
static void cell(struct str text, struct arena *a)
{
	CLEANUP(buf_done) struct buf file = BUF(1 << 20);
	CLEANUP(buf_done) struct buf plain = BUF(1 << 20);
	struct csv_split split;
	struct str record;
	bool is_there;

	(void)a;
	if (memchr(text.at, '\0', text.len))
		return;
	buf_str(&file, STR("head\r\n"));
	csv_write_guarded(&file, text);
	buf_str(&file, STR(",x\r\n"));
	csv_split_init(&split, buf_view(&file), ',');
	is_there = csv_split_next(&split, 1, &record);
	assert(is_there && record.len >= 4);
	record.len -= 4;
	record = csv_unguarded(unquoted(record, &plain));
	assert(str_eq(record, text) || (!record.len && !text.len));
	assert(!csv_split_next(&split, 1, &record));
}

/* Whatever stands in it, a cell of a workbook opens and closes its own element alone. */
static void workbook_cell(struct str text, struct arena *a)
{
	CLEANUP(buf_done) struct buf out = BUF(1 << 22);
	int open = 0;

	(void)a;
	xlsx_row_begin(&out, 1);
	xlsx_cell(&out, 1, 0, XLSX_TEXT, text);
	xlsx_row_end(&out);
	for (size_t i = 0; i < out.len; i++) {
		unsigned char c = (unsigned char)buf_view(&out).at[i];

		open += c == '<';
		open -= c == '>';
		assert(open == 0 || open == 1);
		assert(c >= ' ' || c == '\n' || c == '\t' || c == '\r');
	}
	assert(open == 0);
}

static void money(struct str text, struct arena *a)
{
	CLEANUP(buf_done) struct buf out = BUF(64);
	int64_t pence, again;

	(void)a;
	if (money_parse(text, &pence) < 0)
		return;
	money_format(&out, pence);
	if (money_parse(buf_view(&out), &again) == 0)
		assert(again == pence);
	else
		assert(false);
}

/* The parts of a sum are the sum, whatever they weigh. */
static void parts(struct str text, struct arena *a)
{
	int64_t number[9] = {0}, part[8], sum = 0;
	size_t n;

	(void)a;
	memcpy(number, text.at, text.len < sizeof(number) ? text.len : sizeof(number));
	n = 1 + (size_t)(text.len % 8);
	if (money_apportion(number[0], number + 1, n, part) < 0)
		return;
	for (size_t i = 0; i < n; i++)
		sum = (int64_t)((uint64_t)sum + (uint64_t)part[i]);
	assert(sum == number[0]);
}

static void moment(struct str text, struct arena *a)
{
	char written[MOMENT_TEXT];
	int64_t us, again;

	(void)a;
	if (moment_parse(text, &us) < 0)
		return;
	moment_format(us, written);
	if (moment_parse(str_of(written), &again) == 0)
		assert(again == us);
	else
		assert(false);
}

/* An address that is taken has no blank, line or bracket; a text adds no line to a head. */
static void letter(struct str text, struct arena *a)
{
	CLEANUP(buf_done) struct buf head = BUF(1 << 16);
	struct str address = shape_form_mail(text, a);

	if (!str_is_null(address)) {
		assert(mail_address_ok(address) && address.len <= MAIL_ADDRESS_MAX);
		for (size_t i = 0; i < address.len; i++)
			assert(address.at[i] > ' ' && address.at[i] < 127 && address.at[i] != '<' &&
			       address.at[i] != '>' && address.at[i] != ',');
	}
	if (!str_is_utf8(text))
		return;
	mail_put_text(&head, text);
	for (size_t i = 0; i < head.len; i++) {
		char c = buf_view(&head).at[i];

		assert(c != '\0' &&
		       (c != '\n' || (i + 1 < head.len && buf_view(&head).at[i + 1] == ' ')));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const try[])(struct str text, struct arena * a) = {
		holidays, cell, workbook_cell, money, parts, moment, letter,
	};
	CLEANUP(arena_done) struct arena arena;

	arena_init(&arena, 16 << 20);
	if (size)
		try[data[0] % COUNT(try)]((struct str){(const char *)data + 1, size - 1}, &arena);
	return 0;
}
