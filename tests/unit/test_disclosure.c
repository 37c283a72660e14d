/*
 * The attacker on what everybody is told: every figure of every telling, while assets come, change,
 * change back, move and go, as an equation, and all of them solved together. No sum of multiples
 * of them may rest on fewer than DISCLOSURE_LEAST assets.
 *
 * Every amount that an asset ever has is a digit of its own, so that what is told of a figure says
 * by itself which amounts it is the sum of. What is told does not depend on how large amounts are,
 * so three tellings with a third of the digits each are one.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "libassets/buf.h"
#include "libassets/disclosure.h"
#include "libassets/err.h"

enum { ASSETS = 14, PARTS = 3, DIGITS = 31, AMOUNTS = PARTS * DIGITS, YEARS = 2 };
enum { STEPS = 12, TRIALS = 400, ROWS = 400, FIGURES = 50 };
enum { PRIME = 1000003 };

struct trial {
	uint32_t random;
	struct asset {
		bool is_there, is_open;
		uint32_t place[4];            /* partnership, authority, class, years it is in */
		int digit[YEARS], was[YEARS]; /* the amount now, and the one before */
	} asset[ASSETS];
	int digits;
	int owner[AMOUNTS]; /* the asset of a digit; -1: everybody knows the amount */
	uint8_t row[ROWS][AMOUNTS];
	int rows;
};

static uint32_t below(struct trial *t, uint32_t n)
{
	t->random = t->random * 1664525 + 1013904223;
	return (t->random >> 8) % n;
}

static int digit_new(struct trial *t, int owner)
{
	t->owner[t->digits] = owner;
	return t->digits++;
}

static void change(struct trial *t, int asset)
{
	struct asset *a = &t->asset[asset];

	for (int y = 0; y < YEARS && t->digits < AMOUNTS; y++) {
		int old = a->digit[y];

		if (a->is_there && below(t, 4) == 0)
			a->digit[y] = a->was[y]; /* back to what it was */
		else
			a->digit[y] = digit_new(t, asset);
		a->was[y] = a->is_there ? old : a->digit[y];
	}
	a->is_there = true;
}

static void begin(struct trial *t, uint32_t seed)
{
	*t = (struct trial){.random = seed};
	for (int i = 0; i < ASSETS; i++) {
		for (int p = 0; p < 3; p++)
			t->asset[i].place[p] = below(t, 3);
		t->asset[i].place[3] = 1 + below(t, 3);
	}
}

/* What it was sold for is another amount than what was expected. */
static void sell(struct trial *t, struct asset *a)
{
	for (int y = 0; y < YEARS; y++)
		a->digit[y] = digit_new(t, -1);
	a->is_open = true;
}

static void step(struct trial *t)
{
	int asset = (int)below(t, ASSETS);
	struct asset *a = &t->asset[asset];

	if (t->digits + YEARS > AMOUNTS || a->is_open)
		return;
	switch (a->is_there ? below(t, 6) : 5) {
	case 0:
		a->is_there = false;
		break;
	case 1:
		a->place[below(t, 3)] = below(t, 3);
		break;
	case 2:
		sell(t, a);
		break;
	default:
		change(t, asset);
	}
}

static int64_t amount_of(int digit, int part)
{
	return digit / DIGITS == part ? INT64_C(1) << 2 * (digit % DIGITS) : 0;
}

/* Figures: the whole, keys of three groupings, and each of those by year. */
static size_t atoms_of(const struct trial *t, int part, struct disclosure_atom *ret)
{
	size_t n = 0;

	for (uint32_t i = 0; i < ASSETS; i++) {
		const struct asset *a = &t->asset[i];

		for (uint32_t y = 0; y < YEARS && a->is_there; y++) {
			struct disclosure_atom *atom = &ret[n];

			if (!(a->place[3] >> y & 1))
				continue;
			*atom = (struct disclosure_atom){.asset = i,
							 .amount = amount_of(a->digit[y], part),
							 .print = (uint64_t)a->digit[y] + 1,
							 .is_open = a->is_open};
			atom->figure[0] = 1;
			atom->figure[4] = 20 + y;
			for (uint32_t p = 0; p < 3; p++) {
				atom->figure[1 + p] = 2 + 3 * p + a->place[p];
				atom->figure[5 + p] = 30 + 6 * p + 2 * a->place[p] + y;
			}
			n++;
		}
	}
	return n;
}

static void overhear(struct trial *t, struct disclosure *const d[PARTS])
{
	for (uint32_t f = 1; f < FIGURES && t->rows < ROWS; f++) {
		uint8_t *row = t->row[t->rows];
		bool is_known = true;

		for (int part = 0; part < PARTS; part++) {
			int128 told;

			if (!disclosure_read(d[part], f, &told))
				break;
			for (int i = 0; i < DIGITS; i++, told /= 4) {
				int digit = part * DIGITS + i;

				row[digit] = t->owner[digit] < 0 ? 0 : (uint8_t)(told % 4);
				is_known &= !row[digit];
			}
		}
		for (int i = 0; i < t->rows && !is_known; i++)
			is_known = memcmp(t->row[i], row, AMOUNTS) == 0;
		t->rows += !is_known;
	}
}

static int64_t inverse(int64_t n)
{
	int64_t result = 1;

	for (int e = PRIME - 2; e; e >>= 1, n = n * n % PRIME) {
		if (e & 1)
			result = result * n % PRIME;
	}
	return result;
}

/* How many of the rows are independent without the amounts of two assets. */
static int rank(const struct trial *t, int i, int j)
{
	static int64_t m[ROWS][AMOUNTS];
	int found = 0;

	for (int r = 0; r < t->rows; r++) {
		for (int c = 0; c < AMOUNTS; c++)
			m[r][c] = t->owner[c] == i || t->owner[c] == j ? 0 : t->row[r][c];
	}
	for (int c = 0; c < t->digits && found < t->rows; c++) {
		int pivot = found;
		int64_t by;

		while (pivot < t->rows && !m[pivot][c])
			pivot++;
		if (pivot == t->rows)
			continue;
		for (int k = c; k < t->digits; k++) {
			int64_t swap = m[pivot][k];

			m[pivot][k] = m[found][k];
			m[found][k] = swap;
		}
		by = inverse(m[found][c]);
		for (int r = found + 1; r < t->rows; r++) {
			int64_t times = m[r][c] * by % PRIME;

			for (int k = c; times && k < t->digits; k++)
				m[r][k] = (m[r][k] + (PRIME - times) * m[found][k]) % PRIME;
		}
		found++;
	}
	return found;
}

/* Take the amounts of two assets away: what was an equation about them alone is then none. */
static bool is_solved(const struct trial *t)
{
	int whole = rank(t, ASSETS, ASSETS);

	for (int i = 0; i < ASSETS; i++) {
		for (int j = i + 1; j < ASSETS; j++) {
			if (rank(t, i, j) < whole)
				return true;
		}
	}
	return false;
}

struct kept {
	struct buf told, marks;
};

/* Keep what was told, and go on in another process that has only that: it may tell more, no less.
 */
static void restart(struct kept *k, struct disclosure **d)
{
	buf_clear(&k->told);
	disclosure_put(*d, &k->told);
	disclosure_free(*d);
	cr_assert_eq(disclosure_get(buf_view(&k->told), buf_view(&k->marks), d), 0);
}

/* Ends with everything told so far; false when an attacker has an asset. */
static bool run(struct trial *t, uint32_t seed)
{
	struct disclosure_atom atom[ASSETS * YEARS];
	struct disclosure *d[PARTS];
	struct kept kept[PARTS];

	for (int part = 0; part < PARTS; part++) {
		d[part] = disclosure_new();
		kept[part] = (struct kept){BUF(1 << 20), BUF(1 << 20)};
	}
	begin(t, seed);
	for (uint32_t n = below(t, ASSETS); n; n--)
		change(t, (int)n);
	for (int i = 0; i < STEPS; i++) {
		for (int part = 0; part < PARTS; part++) {
			cr_assert_eq(disclosure_take(d[part], atom, atoms_of(t, part, atom)), 0);
			disclosure_put_marks(d[part], &kept[part].marks);
			if ((seed + (uint32_t)i) % 3 == 0) {
				restart(&kept[part], &d[part]);
				cr_assert_eq(
					disclosure_take(d[part], atom, atoms_of(t, part, atom)), 0);
				disclosure_put_marks(d[part], &kept[part].marks);
			}
		}
		overhear(t, d);
		for (uint32_t n = 1 + below(t, 4); n; n--)
			step(t);
	}
	for (int part = 0; part < PARTS; part++) {
		disclosure_free(d[part]);
		buf_done(&kept[part].told);
		buf_done(&kept[part].marks);
	}
	return !is_solved(t);
}

Test(disclosure, no_arithmetic_on_all_that_was_ever_told_gives_two_assets)
{
	static struct trial t;
	int rows = 0;

	for (uint32_t seed = 1; seed <= TRIALS; seed++) {
		cr_assert(run(&t, seed), "seed %u", seed);
		rows += t.rows;
	}
	cr_assert_gt(rows, 4 * TRIALS, "and plenty is told: %d", rows);
}

Test(disclosure, the_attacker_is_able)
{
	static struct trial t = {.digits = 6, .rows = 3};

	for (int b = 0; b < 6; b++)
		t.owner[b] = b;
	for (int b = 0; b < 6; b++) {
		t.row[0][b] = 1;
		t.row[1][b] = b < 4;
		t.row[2][b] = b < 3;
	}
	cr_assert(is_solved(&t), "four less three is one");
	t.rows = 1;
	cr_assert_not(is_solved(&t));
}

static struct disclosure_atom atom_of(uint32_t asset, uint32_t key, int64_t amount)
{
	return (struct disclosure_atom){.asset = asset,
					.figure = {1, key},
					.amount = amount,
					.print = (uint64_t)asset << 32 | (uint64_t)amount};
}

Test(disclosure, the_smallest_is_given_up_with_what_is_too_small)
{
	struct disclosure *d = disclosure_new();
	struct disclosure_atom a[9];
	int128 told;

	for (uint32_t i = 0; i < 9; i++)
		a[i] = atom_of(i, i < 4 ? 2 : i < 7 ? 3 : 4, 100);
	cr_assert_eq(disclosure_take(d, a, 2), 0);
	cr_assert_not(disclosure_read(d, 1, &told), "two are not told");
	cr_assert_eq(disclosure_take(d, a, 9), 0);
	cr_assert(disclosure_read(d, 1, &told) && told == 900);
	cr_assert(disclosure_read(d, 2, &told) && told == 400);
	cr_assert_not(disclosure_read(d, 3, &told), "three could be, and cover for two");
	cr_assert_not(disclosure_read(d, 4, &told));
	cr_assert(disclosure_read(d, 5, &told) && told == 0, "a figure of nothing");
	disclosure_free(d);
}

/* Five of 100 each, told as 500. */
static struct disclosure *five_taken(struct disclosure_atom atom[5])
{
	struct disclosure *d = disclosure_new();

	for (uint32_t i = 0; i < 5; i++)
		atom[i] = atom_of(i, 2, 100);
	cr_assert_eq(disclosure_take(d, atom, 5), 0);
	return d;
}

Test(disclosure, what_was_told_stays_until_three_are_new)
{
	struct disclosure_atom a[5];
	struct disclosure *d = five_taken(a);
	int128 told;

	for (uint32_t i = 0; i < 3; i++) {
		cr_assert(disclosure_read(d, 1, &told) && told == 500);
		a[i] = atom_of(i, 2, 200);
		cr_assert_eq(disclosure_take(d, a, 5), 0);
	}
	cr_assert(disclosure_read(d, 1, &told) && told == 800);
	for (uint32_t i = 0; i < 3; i++)
		a[i] = atom_of(i, 2, 100);
	cr_assert_eq(disclosure_take(d, a, 5), 0);
	cr_assert(disclosure_read(d, 1, &told) && told == 500, "back, as it was told before");
	cr_assert_eq(disclosure_take(d, a, 2), 0);
	cr_assert_not(disclosure_read(d, 1, &told), "two are left");
	for (uint32_t i = 0; i < 2; i++)
		a[i].is_open = true;
	cr_assert_eq(disclosure_take(d, a, 2), 0);
	cr_assert(disclosure_read(d, 1, &told) && told == 200, "and sold");
	disclosure_free(d);
}

Test(disclosure, who_only_follows_tells_nothing_new_and_hides_what_is_too_few)
{
	struct disclosure_atom a[5];
	struct disclosure *d = five_taken(a);
	int128 told;

	for (uint32_t i = 0; i < 5; i++)
		a[i] = atom_of(i, 2, 200);
	cr_assert_eq(disclosure_follow(d, a, 5), 0);
	cr_assert_not(disclosure_is_news(d));
	cr_assert(disclosure_read(d, 1, &told) && told == 500);
	cr_assert_eq(disclosure_follow(d, a, 2), 0);
	cr_assert_not(disclosure_read(d, 1, &told));
	cr_assert_eq(disclosure_take(d, a, 5), 0);
	cr_assert(disclosure_is_news(d));
	cr_assert(disclosure_read(d, 1, &told) && told == 1000);
	disclosure_free(d);
}

Test(disclosure, bytes_that_are_not_whole_are_refused)
{
	struct disclosure *d = disclosure_new(), *got = NULL;
	CLEANUP(buf_done) struct buf told = BUF(1 << 16);
	CLEANUP(buf_done) struct buf marks = BUF(1 << 16);
	struct disclosure_atom a[3];
	int128 sum;

	for (uint32_t i = 0; i < 3; i++)
		a[i] = atom_of(i, 2, -100);
	cr_assert_eq(disclosure_take(d, a, 3), 0);
	cr_assert(disclosure_is_news(d));
	disclosure_put(d, &told);
	disclosure_put_marks(d, &marks);
	for (size_t len = 0; len < told.len; len++)
		cr_assert_eq(disclosure_get((struct str){told.at, len}, buf_view(&marks), &got),
			     ERR_INVALID, "%zu", len);
	cr_assert_eq(disclosure_get(buf_view(&told), (struct str){marks.at, 7}, &got), ERR_INVALID);
	told.at[8 + 3 + 8 + 3] = 1; /* a block of a figure that there is not */
	cr_assert_eq(disclosure_get(buf_view(&told), buf_view(&marks), &got), ERR_INVALID);
	told.at[8 + 3 + 8 + 3] = 0;
	cr_assert_eq(disclosure_get(buf_view(&told), buf_view(&marks), &got), 0);
	cr_assert_eq(disclosure_take(got, a, 3), 0);
	cr_assert(disclosure_read(got, 2, &sum) && sum == -300);
	disclosure_free(got);
	disclosure_free(d);
}
