/*
 * Budgets, from lines or from JSON, whichever the first character says. What is read is in the
 * order of its years, each once and with an amount that a budget may have, and comes back the same
 * from either form; what is refused has a flaw.
 */
#include <assert.h>
#include <inttypes.h>

#include "libassets/base/buf.h"
#include "libassets/base/err.h"
#include "libassets/clock/quarter.h"
#include "libassets/projection/budget.h"
#include "libassets/shape/shape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void same(const struct budget *a, const struct budget *b)
{
	assert(a->count == b->count);
	for (size_t i = 0; i < a->count; i++) {
		assert(a->year[i].fy == b->year[i].fy);
		assert(a->year[i].pence == b->year[i].pence);
	}
}

static void comes_back_from_json(const struct budget *b, struct flaws *flaws)
{
	json_auto_t *years = budget_json(b);
	static struct budget again;

	assert(years && budget_read(years, &WIRE_TOP, flaws, &again) == 0);
	same(b, &again);
}

static void comes_back_from_lines(const struct budget *b, struct flaws *flaws)
{
	CLEANUP(buf_done) struct buf lines = BUF(1 << 16);
	static struct budget again;

	buf_str(&lines, STR("year,amount_pence\n"));
	for (size_t i = 0; i < b->count; i++) {
		char year[FY_TEXT];

		fy_format(b->year[i].fy, year);
		buf_fmt(&lines, "%s,%" PRId64 "\n", year, b->year[i].pence);
	}
	assert(buf_err(&lines) == 0);
	assert(budget_read_csv(buf_view(&lines), flaws, &again) == 0);
	same(b, &again);
}

static void is_sound(const struct budget *b)
{
	for (size_t i = 0; i < b->count; i++) {
		assert(b->year[i].pence >= 0 && b->year[i].pence <= SHAPE_PENCE_MAX);
		assert(i == 0 || b->year[i].fy > b->year[i - 1].fy);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct budget read; /* some of a page's size */
	struct str text = {(const char *)data, size};
	struct arena arena;
	struct flaws flaws;
	int r;

	arena_init(&arena, 4 << 20);
	flaws_init(&flaws, &arena);
	if (size && data[0] == '[') {
		json_auto_t *sent = json_loadb(text.at, text.len, 0, NULL);

		r = budget_read(sent, &WIRE_TOP, &flaws, &read);
	} else {
		r = budget_read_csv(text, &flaws, &read);
	}
	assert((r == 0) == (flaws.count == 0));
	assert(read.count <= BUDGET_YEARS_MAX);
	if (r == 0) {
		is_sound(&read);
		comes_back_from_json(&read, &flaws);
		comes_back_from_lines(&read, &flaws);
	}
	arena_done(&arena);
	return 0;
}
