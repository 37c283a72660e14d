/*
 * The arithmetic of the projection model against the published values: rounding, splits,
 * quarters and months, row by row.
 */
#include "libassets/base/money.h"
#include "libassets/clock/quarter.h"
#include "tests/unit/vectors.h"

/* A whole number of any length, also one that the reader marked as beyond 64 bits. */
static int128 wide(const json_t *value)
{
	const char *s = json_string_value(value);
	int128 n = 0;

	if (!s)
		return json_integer_value(value);
	for (s++; *s; s++)
		n = n * 10 + (*s - '0');
	return n;
}

static struct day day_at(const json_t *row, size_t i)
{
	struct day d = DAY_NONE;

	cr_assert_eq(day_parse(str_of(json_string_value(json_array_get(row, i))), &d), 0);
	return d;
}

Test(vectors, rdiv)
{
	json_auto_t *root = test_vectors();
	json_t *row;
	size_t i;

	json_array_foreach (test_rows(root, "rdiv"), i, row)
		cr_expect(money_rdiv(wide(json_array_get(row, 0)), wide(json_array_get(row, 1))) ==
				  wide(json_array_get(row, 2)),
			  "row %zu", i);
}

Test(vectors, hamilton)
{
	json_auto_t *root = test_vectors();
	json_t *row;
	size_t i;

	json_array_foreach (test_rows(root, "hamilton"), i, row) {
		json_t *weights = json_array_get(row, 1), *parts = json_array_get(row, 2);
		int64_t weight[8], part[8];
		size_t n = json_array_size(weights);

		cr_assert_leq(n, COUNT(weight));
		for (size_t k = 0; k < n; k++)
			weight[k] = test_int(weights, k);
		cr_assert_eq(money_apportion(test_int(row, 0), weight, n, part), 0);
		for (size_t k = 0; k < n; k++)
			cr_expect_eq(part[k], test_int(parts, k), "row %zu part %zu", i, k);
	}
}

Test(vectors, quarter)
{
	json_auto_t *root = test_vectors();
	json_t *row;
	size_t i;

	json_array_foreach (test_rows(root, "quarter"), i, row) {
		int32_t q = quarter_of_day(day_at(row, 0));
		char label[QUARTER_TEXT];

		quarter_format(q, label);
		cr_expect_eq(q, test_int(row, 1), "row %zu", i);
		cr_expect_str_eq(label, json_string_value(json_array_get(row, 2)));
	}
}

Test(vectors, add_months)
{
	json_auto_t *root = test_vectors();
	json_t *row;
	size_t i;

	json_array_foreach (test_rows(root, "add_months"), i, row)
		cr_expect_eq(day_add_months(day_at(row, 0), (int32_t)test_int(row, 1)).number,
			     day_at(row, 2).number, "row %zu", i);
}
