/*
 * Boundaries as text: one form for a shape, however it is sent, and what takes long is refused or
 * quick. What each fault is called is tests/integration/boundaries.test.mjs's.
 */
#include <criterion/criterion.h>

#include "libassets/base/buf.h"
#include "libassets/base/err.h"
#include "libassets/shape/boundary.h"

static struct arena arena;
static struct flaws flaws;

static void setup(void)
{
	arena_init(&arena, 1 << 20);
}

static void teardown(void)
{
	arena_done(&arena);
}

TestSuite(boundary, .init = setup, .fini = teardown);

/* The text that a text is kept as; absent when it was refused. */
static struct str kept(struct str text)
{
	json_t *value = NULL;
	struct str out = {NULL, 0};

	flaws_init(&flaws, &arena);
	if (wire_load(text, &flaws, &value) == 0)
		out = boundary_read(value, &WIRE_TOP, &flaws);
	json_decref(value);
	return out;
}

static void expect_kept(const char *sent, const char *as)
{
	struct str text = kept(str_of(sent));

	cr_assert(str_eq(text, str_of(as)), "%s is kept as %s: %s", sent,
		  text.at ? text.at : "nothing",
		  flaws_kept(&flaws) ? flaws.at[0].detail.at : "no flaw");
	cr_expect(str_eq(kept(text), text), "and comes back the same");
}

#define SQUARE "[-3,56],[-2.99,56],[-2.99,56.01],[-3,56.01],[-3,56]"
#define BACK "[-3,56],[-3,56.01],[-2.99,56.01],[-2.99,56],[-3,56]"

Test(boundary, has_one_form)
{
	expect_kept("{\"type\":\"Polygon\",\"coordinates\":[[" SQUARE "]]}",
		    "{\"type\":\"Polygon\",\"coordinates\":[[" SQUARE "]]}");
	expect_kept("{\"coordinates\":[[" BACK "]],\"type\":\"Polygon\"}",
		    "{\"type\":\"Polygon\",\"coordinates\":[[[-2.99,56],[-2.99,56.01],[-3,56.01],[-"
		    "3,56],"
		    "[-2.99,56]]]}");
	expect_kept("{\"type\":\"MultiPolygon\",\"coordinates\":[[[[-3.00000001,56.0],[-3,56],[-2."
		    "99,5.6e1],"
		    "[-2.99,56.01],[-3,56.01],[-3,56]]]]}",
		    "{\"type\":\"MultiPolygon\",\"coordinates\":[[[" SQUARE "]]]}");
	expect_kept("{\"type\":\"Polygon\",\"coordinates\":[[" SQUARE
		    "],[[-2.998,56.002],[-2.996,56.002],"
		    "[-2.996,56.004],[-2.998,56.002]]]}",
		    "{\"type\":\"Polygon\",\"coordinates\":[[" SQUARE
		    "],[[-2.996,56.004],[-2.996,56.002],"
		    "[-2.998,56.002],[-2.996,56.004]]]}");
}

Test(boundary, rings_may_meet_but_not_cross)
{
	/* A hole with a corner on the outline; a ring that comes back to one of its corners. */
	cr_expect_not_null(kept(STR("{\"type\":\"Polygon\",\"coordinates\":[[" SQUARE
				    "],[[-3,56],[-2.996,56.004],"
				    "[-2.996,56.002],[-3,56]]]}"))
				   .at);
	cr_expect_not_null(kept(STR("{\"type\":\"Polygon\",\"coordinates\":[[[-3,56],[-2.99,56],[-"
				    "2.995,56.005],"
				    "[-2.99,56.01],[-3,56.01],[-2.995,56.005],[-3,56]]]}"))
				   .at);
	cr_expect_null(
		kept(STR("{\"type\":\"Polygon\",\"coordinates\":[[[-3,56],[-2.99,56.01],[-2.99,56],"
			 "[-3,56.02],[-3,56]]]}"))
			.at);
	cr_expect(str_eq(flaws.at[0].code, STR("CROSSES")));
	cr_expect(str_eq(flaws.at[0].pointer, STR("/coordinates/0")));
}

/* Long lines side by side, of which each lies within the box of each other. */
static void put_comb(struct buf *out, int n)
{
	buf_str(out, STR("{\"type\":\"Polygon\",\"coordinates\":[["));
	for (int i = 0; i < n; i++)
		buf_fmt(out, "[%.7f,%.7f],", -4 + (i % 2) * 1.0 - i * 0.00001,
			56 + (i % 2) * 1.0 + i * 0.00001);
	buf_str(out, STR("[-4.5,57.5],[-4.5,55.9],[-4,56]]]}"));
}

Test(boundary, the_most_positions_that_there_may_be)
{
	CLEANUP(buf_done) struct buf out = BUF(1 << 20);

	put_comb(&out, BOUNDARY_POINTS_MAX - 3);
	cr_assert_not_null(kept(buf_view(&out)).at, "%s", flaws.at ? flaws.at[0].detail.at : "");
	buf_clear(&out);
	put_comb(&out, BOUNDARY_POINTS_MAX - 2);
	cr_assert_null(kept(buf_view(&out)).at);
	cr_expect(str_eq(flaws.at[0].code, STR("TOO_MANY")));
}

Test(boundary, without_room_nothing_is_kept)
{
	struct arena small;

	for (size_t room = 0; room < 4096; room += 64) {
		json_t *value = json_loads("{\"type\":\"Polygon\",\"coordinates\":[[" SQUARE "]]}",
					   0, NULL);

		arena_init(&small, room);
		flaws_init(&flaws, &small);
		if (str_is_null(boundary_read(value, &WIRE_TOP, &flaws)))
			cr_expect_eq(flaws_err(&flaws), ERR_INVALID);
		arena_done(&small);
		json_decref(value);
	}
}
