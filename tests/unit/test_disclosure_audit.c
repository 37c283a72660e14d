/*
 * What the audit of a telling says of matrices made by hand: which sums hold, which rows stand in
 * one that does not, and what it asks of sums that rest on nothing.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "libassets/base/base.h"
#include "libassets/projection/disclosure_audit.h"

enum { ROWS = 4, COLUMNS = 9, MANY = AUDIT_ROWS + 1 };

/* Who knows hands 1 to 4 each, and of 5 both of 1 and 2 know; those of 0 nobody. */
enum { KNOWERS = 4 };
static const uint64_t known_by[] = {0, 1, 2, 4, 8, 3};

/* One asset in these hands, and what it has of the first so many places. */
static void add(struct audit *a, size_t places, const float amount[], uint32_t hands)
{
	for (uint32_t i = 0; i < places; i++) {
		if (amount[i] != 0)
			cr_assert_eq(audit_put(a, (struct audit_share){i, amount[i]}), 0);
	}
	cr_assert_eq(audit_add(a, hands), 1);
}

/* Of the sums that rest on nothing: how many were asked about, and the last of them. */
struct asked {
	bool is_nothing;
	size_t rows, sums, knower;
	double times[MANY];
};

static bool ask(void *arg, const double *times, size_t knower)
{
	struct asked *asked = arg;

	asked->sums++;
	asked->knower = knower;
	memcpy(asked->times, times, asked->rows * sizeof(*times));
	return asked->is_nothing;
}

/* Each place is a row of its own. */
static bool is_sound(struct audit *a, struct asked *asked, uint32_t guilty[])
{
	uint32_t of[MANY] = {0}, hands[MANY];
	struct audit_rows rows = {
		.of = of,
		.hands = hands,
		.count = asked->rows,
		.is_nothing = ask,
		.arg = asked,
	};

	for (uint32_t i = 0; i < rows.count; i++) {
		of[i] = i + 1;
		hands[i] = HANDS_SEVERAL;
	}
	return audit_holds(a, &rows, guilty);
}

struct matrix {
	const char *what;
	size_t rows, columns;
	float column[COLUMNS][ROWS]; /* in pence */
	const char *guilty;          /* by row; 0: it is not; NULL: the matrix holds */
	const char *hands;           /* by column; NULL: in none that anybody knows */
};

static void check(const struct matrix *m, bool is_nothing)
{
	CLEANUP(audit_done) struct audit a = {.knowers = {known_by, KNOWERS, 1}};
	struct asked asked = {.is_nothing = is_nothing, .rows = m->rows};
	uint32_t guilty[ROWS];

	for (size_t i = 0; i < m->columns; i++)
		add(&a, m->rows, m->column[i], m->hands ? (uint32_t)(m->hands[i] - '0') : 0);
	cr_assert_eq(audit_ready(&a, m->rows), 0);
	for (int again = 0; again < 2; again++) {
		cr_expect_eq(is_sound(&a, &asked, guilty), !m->guilty, "%s", m->what);
		for (size_t i = 0; i < m->rows; i++) {
			bool is = m->guilty && m->guilty[i] != '0';

			cr_expect_eq(guilty[i] != 0, is, "%s: row %zu", m->what, i);
			for (size_t j = 0; j < i && is; j++)
				cr_expect_eq(guilty[i] == guilty[j], m->guilty[i] == m->guilty[j],
					     "%s: rows %zu and %zu", m->what, i, j);
		}
	}
}

/* clang-format off */
static const struct matrix matrices[] = {
	{"one alone", 1, 1, {{100000}}, "1", NULL},
	{"two", 1, 2, {{100000}, {200000}}, "1", NULL},
	{"three", 1, 3, {{100000}, {200000}, {300000}}, NULL, NULL},
	{"two, and one that has next to nothing in the row", 2, 6,
	 {{100000}, {200000}, {999, 100000}, {0, 100000}, {0, 100000}, {0, 100000}}, "10", NULL},
	{"three, one of them with a little more than that", 2, 6,
	 {{100000}, {200000}, {1001, 100000}, {0, 100000}, {0, 100000}, {0, 100000}}, NULL, NULL},
	{"three that are alike in two rows, and one in the later", 2, 4,
	 {{100000, 50000}, {200000, 100000}, {300000, 150000}, {0, 100000}}, "11", NULL},
	{"… and two", 2, 5,
	 {{100000, 50000}, {200000, 100000}, {300000, 150000}, {0, 100000}, {0, 200000}}, "11", NULL},
	{"… and three", 2, 6,
	 {{100000, 50000}, {200000, 100000}, {300000, 150000}, {0, 100000}, {0, 200000}, {0, 300000}}, NULL, NULL},
	{"three that are all different in two rows", 2, 3,
	 {{100000, 50000}, {100000, 60000}, {100000, 70000}}, "11", NULL},
	{"five of which three are alike", 2, 5,
	 {{100000, 50000}, {200000, 100000}, {300000, 150000}, {100000, 60000}, {100000, 70000}}, "11", NULL},
	{"twice three that are alike", 2, 6,
	 {{100000, 50000}, {200000, 100000}, {300000, 150000}, {100000, 60000}, {200000, 120000}, {300000, 180000}}, NULL, NULL},
	{"three rows of which each two hold, and not the three", 3, 7,
	 {{100000, 0, 100000}, {200000, 0, 200000}, {300000, 0, 300000},
	  {0, 100000, 100000}, {0, 200000, 200000}, {0, 300000, 300000}, {100000, 100000, 100000}}, "111", NULL},
	{"a row that three have to themselves is in no sum of too few", 3, 6,
	 {{100000}, {100000}, {100000}, {100000, 100000}, {100000, 200000}, {100000, 0, 100000}}, "023", NULL},
	{"rows that have nothing to do with each other", 4, 7,
	 {{100000}, {200000}, {300000}, {0, 100000}, {0, 0, 100000, 50000}, {0, 0, 100000, 60000}, {0, 0, 100000, 70000}}, "0233", NULL},
	{"two of one body, and a third", 1, 3, {{100000}, {200000}, {300000}}, "1", "112"},
	{"three of one body, and one", 1, 4, {{100000}, {200000}, {300000}, {400000}}, "1", "1112"},
	{"… and the other way about", 1, 4, {{400000}, {300000}, {200000}, {100000}}, "1", "1222"},
	{"three of each of two", 1, 6, {{100000}, {200000}, {300000}, {100000}, {200000}, {300000}}, NULL, "111222"},
	{"one of each of three", 1, 3, {{100000}, {200000}, {300000}}, NULL, "123"},
	{"two of one, of which another has a part of one, and one", 1, 3, {{100000}, {200000}, {300000}}, "1", "153"},
	{"… and two", 1, 4, {{100000}, {200000}, {300000}, {400000}}, NULL, "1533"},
	{"three of each, and one of both", 1, 7,
	 {{100000}, {200000}, {300000}, {100000}, {200000}, {300000}, {100000}}, NULL, "1112225"},
	{"rows that hold, and their difference rests on two of one and one of another", 2, 9,
	 {{100000, 100000}, {100000, 100000}, {100000, 100000}, {100000, 100000}, {100000, 100000}, {100000, 100000},
	  {100000, 50000}, {100000, 60000}, {100000, 70000}}, "11", "222333112"},
};
/* clang-format on */

Test(disclosure_audit, refuses_sums_that_rest_on_one_or_two)
{
	for (size_t i = 0; i < COUNT(matrices); i++) {
		check(&matrices[i], true);
		check(&matrices[i], false);
	}
}

/* Rounded to pennies: on both sides of the edge between two buckets (50006 and 50007 of 100000),
 * and with the other sign. */
static const struct matrix dependent[] = {
	{"exactly", 2, 3, {{100000, 50000}, {200000, 100000}, {400000, 200000}}, "11", NULL},
	{"but for pennies",
	 2,
	 5,
	 {{100000, 50006}, {100000, 50007}, {100001, 50004}, {-200003, -100013}, {-50000, -25005}},
	 "11",
	 NULL},
};

Test(disclosure_audit, asks_what_else_is_in_sums_that_rest_on_none)
{
	for (size_t i = 0; i < COUNT(dependent); i++) {
		struct matrix holds = dependent[i];

		check(&dependent[i], false);
		holds.guilty = NULL;
		check(&holds, true);
	}
}

Test(disclosure_audit, names_the_sum_that_rests_on_none)
{
	CLEANUP(audit_done) struct audit a = {0};
	struct asked asked = {.is_nothing = true, .rows = 3};
	uint32_t guilty[ROWS];

	for (int i = 0; i < 3; i++) {
		add(&a, 3, (float[3]){100000, 50000}, 0);
		add(&a, 3, (float[3]){0, 0, 100000}, 0);
	}
	cr_assert_eq(audit_ready(&a, 3), 0);
	cr_assert(is_sound(&a, &asked, guilty));
	cr_assert_eq(asked.sums, 1);
	cr_expect_float_eq(asked.times[0] * 100000 + asked.times[1] * 50000, 0, 1e-6);
	cr_expect_float_eq(asked.times[1] * asked.times[1], 1, 1e-9);
	cr_expect_eq(asked.times[2], 0, "enough have it to themselves");
}

/* Three that are alike are in each row and the next: with plus and minus all rows are nothing. */
static void check_chain(uint32_t rows, bool holds)
{
	CLEANUP(audit_done) struct audit a = {0};
	struct asked asked = {.is_nothing = true, .rows = rows};
	uint32_t guilty[MANY];

	for (uint32_t i = 0; i < 3 * (rows - 1); i++) {
		float column[MANY] = {0};

		column[i / 3] = column[i / 3 + 1] = 100000;
		add(&a, rows, column, 0);
	}
	cr_assert_eq(audit_ready(&a, rows), 0);
	cr_expect_eq(is_sound(&a, &asked, guilty), holds);
	cr_expect_eq(asked.sums, holds);
	for (uint32_t i = 0; i < rows; i++)
		cr_expect_eq(guilty[i], holds ? 0 : i + 1);
	for (uint32_t i = 1; i < rows && holds; i++)
		cr_expect_float_eq(asked.times[i], -asked.times[i - 1], 1e-9);
}

Test(disclosure_audit, refuses_more_rows_together_than_it_solves)
{
	check_chain(AUDIT_ROWS, true);
	check_chain(AUDIT_ROWS + 1, false);
}

Test(disclosure_audit, takes_as_many_rows_as_there_are_that_three_have_to_themselves)
{
	CLEANUP(audit_done) struct audit a = {0};
	struct asked asked = {.rows = MANY};
	uint32_t guilty[MANY];

	for (uint32_t i = 0; i < 3 * MANY; i++) {
		float column[MANY] = {0};

		column[i / 3] = 100000;
		add(&a, MANY, column, 0);
	}
	cr_assert_eq(audit_ready(&a, MANY), 0);
	cr_expect(is_sound(&a, &asked, guilty));
	cr_expect_eq(asked.sums, 0);
}

/* More columns than there was room for at first, no two of them alike. */
Test(disclosure_audit, holds_of_many)
{
	CLEANUP(audit_done) struct audit a = {0};
	struct asked asked = {.rows = 3};
	uint32_t guilty[ROWS];

	for (int i = 0; i < 3000; i++)
		add(&a, 3,
		    (float[3]){100000, 20 * (float)(i * 997 % 3000), 20 * (float)(i * 1571 % 3000)},
		    0);
	cr_assert_eq(audit_ready(&a, 3), 0);
	cr_expect(is_sound(&a, &asked, guilty));
	cr_expect_eq(a.columns, 3000);
}

Test(disclosure_audit, takes_what_is_told_of_two_places_as_one)
{
	CLEANUP(audit_done) struct audit a = {0};
	struct asked asked = {.rows = 1};
	uint32_t of[] = {1, 1, 0}, hands[] = {HANDS_SEVERAL}, guilty[1];
	const struct audit_rows rows = {
		.of = of, .hands = hands, .count = 1, .is_nothing = ask, .arg = &asked};

	add(&a, 3, (float[3]){100000, 0, 500000}, 0);
	add(&a, 3, (float[3]){0, 100000, 500000}, 0);
	add(&a, 3, (float[3]){100000, -100000, 500000}, 0);
	cr_assert_eq(audit_ready(&a, 1), 0);
	cr_expect_not(audit_holds(&a, &rows, guilty), "the third has as much in it as not");
	of[1] = 0;
	cr_expect_not(audit_holds(&a, &rows, guilty), "the second has nothing in it");
	of[2] = 1;
	cr_expect(audit_holds(&a, &rows, guilty));
}

/* Who knows all that is new in a row is asked about; where all of it is in their hands, nobody is.
 */
Test(disclosure_audit, asks_what_else_is_in_sums_of_one_body_alone)
{
	CLEANUP(audit_done) struct audit a = {.knowers = {known_by, KNOWERS, 1}};
	struct asked asked = {.rows = 1};
	uint32_t of[] = {1}, hands[] = {HANDS_SEVERAL}, guilty[1];
	const struct audit_rows rows = {
		.of = of, .hands = hands, .count = 1, .is_nothing = ask, .arg = &asked};

	for (int i = 0; i < 3; i++)
		add(&a, 1, (float[1]){100000}, 2);
	cr_assert_eq(audit_ready(&a, 1), 0);
	cr_expect_not(audit_holds(&a, &rows, guilty));
	cr_expect_eq(asked.knower, 1);
	asked.is_nothing = true;
	cr_expect(audit_holds(&a, &rows, guilty));
	asked = (struct asked){.rows = 1};
	hands[0] = 2;
	cr_expect(audit_holds(&a, &rows, guilty));
	cr_expect_eq(asked.sums, 0);
	hands[0] = 1;
	cr_expect_not(audit_holds(&a, &rows, guilty),
		      "another's is in it that the owner knows not");
}

/* Who know the same of the columns need not know the same beside them. */
Test(disclosure_audit, asks_it_of_each_who_knows_the_same)
{
	CLEANUP(audit_done) struct audit a = {.knowers = {known_by, KNOWERS, 1}};
	struct asked asked = {.rows = 1};
	uint32_t of[] = {1}, hands[1], guilty[1];
	const struct audit_rows rows = {
		.of = of, .hands = hands, .count = 1, .is_nothing = ask, .arg = &asked};

	for (int i = 0; i < 3; i++)
		add(&a, 1, (float[1]){100000}, 5);
	cr_assert_eq(audit_ready(&a, 1), 0);
	for (uint32_t owner = 1; owner <= 2; owner++) {
		hands[0] = owner;
		cr_expect_not(audit_holds(&a, &rows, guilty));
		cr_expect_eq(asked.knower, owner == 1, "the other of the two");
		cr_expect_eq(guilty[0], 1);
	}
	cr_expect_eq(asked.sums, 2);
}

Test(disclosure_audit, of_nothing)
{
	CLEANUP(audit_done) struct audit none = {0}, a = {0};
	struct asked asked = {.rows = 0};
	uint32_t guilty[1] = {7};

	cr_assert_eq(audit_add(&a, 0), 0, "an asset without a place");
	cr_assert_eq(audit_put(&a, (struct audit_share){0, 499}), 0);
	cr_assert_eq(audit_add(&a, 0), 0, "one that hides none");
	cr_assert_eq(audit_ready(&a, 1), 0);
	cr_expect(is_sound(&a, &asked, guilty));
	cr_expect_eq(guilty[0], 7, "there is no row");
	asked.rows = 1;
	cr_expect_not(is_sound(&a, &asked, guilty));
	cr_expect_eq(asked.sums, 1, "a row without columns is asked about");
	cr_expect_neq(guilty[0], 0);
	asked.is_nothing = true;
	cr_expect(is_sound(&a, &asked, guilty));
	cr_expect_eq(guilty[0], 0);
}
