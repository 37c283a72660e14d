/*
 * Cases of deadlines, from hostile JSON. What is taken is answered: the answer is JSON, is the
 * same again, and counting back from it gives a start that leads to the same last day.
 */
#include <assert.h>

#include "libassets/request/deadline_case.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Enough for what an input of this size can mean. */
enum { ARENA_BYTES_MAX = 4 << 20, OUT_MAX = 4 << 20 };

static void expect_back(const struct deadline_case *c)
{
	const struct calendar cal = {.id = c->calendar, .loaded_until = DAY_NONE};
	struct day back, again;

	if (period_first(&c->period, &cal, c->last, &back) == 0)
		assert(period_last(&c->period, &cal, back, &again) == 0 &&
		       day_cmp(again, c->last) == 0);
}

static void answer(json_t *root, struct flaws *flaws)
{
	CLEANUP(buf_done) struct buf first = BUF(OUT_MAX);
	CLEANUP(buf_done) struct buf second = BUF(OUT_MAX);
	json_auto_t *back = NULL;
	struct deadline_case c;

	deadline_case_read(root, &WIRE_TOP, flaws, &c);
	if (flaws->count)
		return;
	deadline_case_encode(&c, &first);
	deadline_case_encode(&c, &second);
	assert(str_eq(buf_view(&first), buf_view(&second)));
	if (buf_err(&first) < 0)
		return;
	back = json_loadb(buf_view(&first).at, buf_view(&first).len, JSON_REJECT_DUPLICATES, NULL);
	assert(back);
	if (c.is_counted)
		expect_back(&c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_done) struct arena arena;
	struct str text = {(const char *)data, size};
	json_auto_t *root = NULL;
	struct flaws flaws;

	arena_init(&arena, ARENA_BYTES_MAX);
	flaws_init(&flaws, &arena);
	if (wire_load(text, &flaws, &root) == 0)
		answer(root, &flaws);
	return 0;
}
