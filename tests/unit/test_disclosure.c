/*
 * The attacker on what everybody is told: every figure of every telling, while assets come, change,
 * change back, move and go, as an equation, and all of them solved together. No sum of multiples
 * of them may rest on fewer than DISCLOSURE_LEAST assets.
 *
 * Every amount that an asset ever has is a digit of its own, so that what is told of a figure says
 * by itself which amounts it is the sum of. What is told does not depend on how large amounts are,
 * so several tellings with a part of the digits each are one.
 *
 * Rules that change amounts are known to the attacker: an amount under other rules is a new digit,
 * but the same unknown, times a number that everybody knows.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "libassets/base/buf.h"
#include "libassets/base/err.h"
#include "libassets/projection/disclosure.h"

enum { ASSETS = 14, PARTS = 6, DIGITS = 31, AMOUNTS = PARTS * DIGITS, YEARS = 2 };
enum { STEPS = 12, TRIALS = 400, ROWS = 400, FIGURES = 50 };
enum { FACTS = 1 << 20 /* prints of facts are not those of amounts */ };
enum { PRIME = 1000003 };

struct trial {
	uint32_t random;
	struct asset {
		bool is_there, is_open;
		uint32_t place[4]; /* partnership, authority, class, years it is in */
		/* The unknown that its amount is now, and the one before. */
		int unknown[YEARS], was[YEARS];
		int facts, facts_were; /* which they are; others may mean the same amount */
	} asset[ASSETS];
	bool is_ruled; /* rules change */
	int unknowns, digits, facts;
	int owner[AMOUNTS]; /* the asset of an unknown; -1: everybody knows the amount */
	/* By unknown: its digit under the rules of now and of the last telling; -1: none yet. */
	int digit[AMOUNTS], told_digit[AMOUNTS];
	int unknown_of[AMOUNTS], times[AMOUNTS]; /* by digit */
	int row[ROWS][AMOUNTS];
	int rows;
};

static uint32_t below(struct trial *t, uint32_t n)
{
	t->random = t->random * 1664525 + 1013904223;
	return (t->random >> 8) % n;
}

static int digit_new(struct trial *t, int unknown, int times)
{
	t->unknown_of[t->digits] = unknown;
	t->times[t->digits] = times;
	return t->digits++;
}

static int unknown_new(struct trial *t, int owner)
{
	t->owner[t->unknowns] = owner;
	t->digit[t->unknowns] = digit_new(t, t->unknowns, 1);
	t->told_digit[t->unknowns] = -1;
	return t->unknowns++;
}

/* Facts that are others may give one of the years as it was. */
static void change(struct trial *t, int asset)
{
	struct asset *a = &t->asset[asset];
	bool is_back = a->is_there && below(t, 4) == 0;
	int facts = a->facts;

	a->facts = is_back ? a->facts_were : ++t->facts;
	a->facts_were = facts;
	for (int y = 0; y < YEARS && t->digits < AMOUNTS; y++) {
		int old = a->unknown[y];

		if (is_back)
			a->unknown[y] = a->was[y];
		else if (!a->is_there || below(t, 4))
			a->unknown[y] = unknown_new(t, asset);
		a->was[y] = a->is_there ? old : a->unknown[y];
	}
	a->is_there = true;
}

/* Other rules: each amount another, by its own factor, but for some that they do not touch. */
static void rule(struct trial *t)
{
	for (int u = 0; u < t->unknowns && t->digits < AMOUNTS; u++) {
		if (t->owner[u] >= 0 && below(t, 4))
			t->digit[u] = digit_new(t, u, 2 + (int)below(t, 1000));
	}
}

static void begin(struct trial *t, uint32_t seed, bool is_ruled)
{
	*t = (struct trial){.random = seed, .is_ruled = is_ruled};
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
		a->unknown[y] = unknown_new(t, -1);
	a->is_open = true;
}

static void step(struct trial *t)
{
	int asset = (int)below(t, ASSETS);
	struct asset *a = &t->asset[asset];

	if (t->digits + YEARS > AMOUNTS || a->is_open)
		return;
	if (t->is_ruled && below(t, 6) == 0) {
		rule(t);
		return;
	}
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

static struct disclosure_atom atom_now(const struct trial *t, const struct disclosure *d,
				       uint32_t asset, uint32_t year, int part)
{
	const struct asset *a = &t->asset[asset];
	int unknown = a->unknown[year], was = t->told_digit[unknown];
	struct disclosure_atom atom = {
		.asset = asset,
		.figure = {1, [4] = 20 + year},
		.amount = amount_of(t->digit[unknown], part),
		.print = (uint64_t)t->digit[unknown] + 1,
		.facts = (uint64_t)(FACTS + YEARS * a->facts) + year,
		.is_derived = was >= 0 && was != t->digit[unknown] &&
			      disclosure_knows(d, (uint64_t)was + 1),
		.is_open = a->is_open,
	};

	for (uint32_t p = 0; p < 3; p++) {
		atom.figure[1 + p] = 2 + 3 * p + a->place[p];
		atom.figure[5 + p] = 30 + 6 * p + 2 * a->place[p] + year;
	}
	return atom;
}

/* Figures: the whole, keys of three groupings, and each of those by year. */
static size_t atoms_of(const struct trial *t, const struct disclosure *d, int part,
		       struct disclosure_atom *ret)
{
	size_t n = 0;

	for (uint32_t i = 0; i < ASSETS; i++) {
		for (uint32_t y = 0; y < YEARS && t->asset[i].is_there; y++) {
			if (t->asset[i].place[3] >> y & 1)
				ret[n++] = atom_now(t, d, i, y, part);
		}
	}
	return n;
}

/* What a figure says of one part of the digits, added to the row. */
static bool overhear_part(struct trial *t, struct disclosure *d, uint32_t f, int part)
{
	int *row = t->row[t->rows];
	int128 told;

	if (!disclosure_read(d, f, &told))
		return false;
	for (int i = 0; i < DIGITS; i++, told /= 4) {
		int digit = part * DIGITS + i, unknown = t->unknown_of[digit];

		if (digit < t->digits && t->owner[unknown] >= 0)
			row[unknown] += (int)(told % 4) * t->times[digit];
	}
	return true;
}

static void overhear(struct trial *t, struct disclosure *const d[PARTS])
{
	for (uint32_t f = 1; f < FIGURES && t->rows < ROWS; f++) {
		int *row = t->row[t->rows];
		bool is_known = true;

		memset(row, 0, sizeof(t->row[0]));
		for (int part = 0; part < PARTS; part++) {
			if (!overhear_part(t, d[part], f, part))
				break;
		}
		for (int u = 0; u < t->unknowns; u++)
			is_known &= !row[u];
		for (int i = 0; i < t->rows && !is_known; i++)
			is_known = memcmp(t->row[i], row, sizeof(t->row[0])) == 0;
		t->rows += !is_known;
	}
	memcpy(t->told_digit, t->digit, sizeof(t->digit));
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
	for (int c = 0; c < t->unknowns && found < t->rows; c++) {
		int pivot = found;
		int64_t by;

		while (pivot < t->rows && !m[pivot][c])
			pivot++;
		if (pivot == t->rows)
			continue;
		for (int k = c; k < t->unknowns; k++) {
			int64_t swap = m[pivot][k];

			m[pivot][k] = m[found][k];
			m[found][k] = swap;
		}
		by = inverse(m[found][c]);
		for (int r = found + 1; r < t->rows; r++) {
			int64_t times = m[r][c] * by % PRIME;

			for (int k = c; times && k < t->unknowns; k++)
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
static bool run(struct trial *t, uint32_t seed, bool is_ruled)
{
	struct disclosure_atom atom[ASSETS * YEARS];
	struct disclosure *d[PARTS];
	struct kept kept[PARTS];

	for (int part = 0; part < PARTS; part++) {
		d[part] = disclosure_new();
		kept[part] = (struct kept){BUF(1 << 20), BUF(1 << 20)};
	}
	begin(t, seed, is_ruled);
	for (uint32_t n = below(t, ASSETS); n; n--)
		change(t, (int)n);
	for (int i = 0; i < STEPS; i++) {
		for (int part = 0; part < PARTS; part++) {
			cr_assert_eq(
				disclosure_take(d[part], atom, atoms_of(t, d[part], part, atom)),
				0);
			disclosure_put_marks(d[part], &kept[part].marks);
			if ((seed + (uint32_t)i) % 3 == 0) {
				restart(&kept[part], &d[part]);
				cr_assert_eq(disclosure_take(d[part], atom,
							     atoms_of(t, d[part], part, atom)),
					     0);
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

static void attack(bool is_ruled)
{
	static struct trial t;
	int rows = 0;

	for (uint32_t seed = 1; seed <= TRIALS; seed++) {
		cr_assert(run(&t, seed, is_ruled), "seed %u", seed);
		rows += t.rows;
	}
	cr_assert_gt(rows, 4 * TRIALS, "and plenty is told: %d", rows);
}

Test(disclosure, no_arithmetic_on_all_that_was_ever_told_gives_two_assets)
{
	attack(false);
}

Test(disclosure, nor_do_rules_that_everybody_knows)
{
	attack(true);
}

Test(disclosure, the_attacker_is_able)
{
	static struct trial t = {.unknowns = 6, .rows = 3};

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
					.print = (uint64_t)asset << 32 | (uint64_t)amount,
					.facts = UINT64_C(1) << 63 | (uint64_t)asset << 32 |
						 (uint64_t)amount};
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

/* As it would be if a rule made it three times as much. */
static struct disclosure_atom times_three(struct disclosure_atom a)
{
	a.is_derived = true;
	a.amount *= 3;
	a.print += UINT64_C(1) << 62;
	return a;
}

Test(disclosure, other_rules_make_nothing_new_nor_do_old_facts_under_them)
{
	struct disclosure_atom a[5], was[5];
	struct disclosure *d = five_taken(a);
	int128 told;

	memcpy(was, a, sizeof(a));
	for (uint32_t i = 0; i < 3; i++)
		a[i] = atom_of(i, 2, 200);
	cr_assert_eq(disclosure_take(d, a, 5), 0);
	for (uint32_t i = 0; i < 5; i++)
		a[i] = times_three(a[i]);
	cr_assert_eq(disclosure_take(d, a, 5), 0);
	cr_assert(disclosure_read(d, 1, &told) && told == 800, "what was told stays");
	for (uint32_t i = 0; i < 2; i++) {
		a[i] = times_three(was[i]);
		a[i].is_derived = false;
	}
	a[2] = atom_of(2, 2, 999);
	cr_assert_eq(disclosure_take(d, a, 5), 0);
	cr_assert(disclosure_read(d, 1, &told) && told == 800, "two went back, and one is new");
	for (uint32_t i = 3; i < 5; i++)
		a[i] = atom_of(i, 2, 1000);
	cr_assert_eq(disclosure_take(d, a, 5), 0);
	cr_assert(disclosure_read(d, 1, &told) && told == 300 + 300 + 999 + 1000 + 1000);
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
	cr_assert_eq(disclosure_get_rules(got, (struct str){"\7\0\0", 3}), ERR_INVALID);
	cr_assert_eq(disclosure_get_rules(got, (struct str){"\7\0\0\0", 4}), 0);
	cr_assert_eq(disclosure_rules_of(got, 2).first, 7);
	cr_assert_eq(disclosure_take(got, a, 3), 0);
	cr_assert(disclosure_read(got, 2, &sum) && sum == -300);
	disclosure_free(got);
	disclosure_free(d);
}

/* What was told stays when there is no room for more marks, and long before it is said how full it
 * is. */
Test(disclosure, no_room_for_more_tells_nothing_new)
{
	enum { PLACES = DISCLOSURE_PRINTS_MAX / 2, MARKS = 9 /* of three atoms at most */ };
	uint64_t *mark = malloc((PLACES - MARKS) * sizeof(*mark));
	struct disclosure *d = disclosure_new();
	CLEANUP(buf_done) struct buf told = BUF(1 << 16);
	struct disclosure_atom a[3];
	int128 sum;

	cr_assert_not_null(mark);
	disclosure_put(d, &told);
	disclosure_free(d);
	for (uint64_t i = 0; i < PLACES - MARKS; i++)
		mark[i] = i + 1;
	cr_assert_eq(disclosure_get(buf_view(&told),
				    (struct str){(char *)mark, (PLACES - MARKS) * sizeof(*mark)},
				    &d),
		     0);
	cr_assert_eq(disclosure_full_percent(d, 3), 100);
	for (uint32_t i = 0; i < 3; i++)
		a[i] = atom_of(i, 2, 100);
	cr_assert_eq(disclosure_take(d, a, 3), 0);
	cr_assert(disclosure_read(d, 2, &sum) && sum == 300);
	cr_assert_gt(disclosure_full_percent(d, 3), 100);
	for (uint32_t i = 0; i < 3; i++)
		a[i] = atom_of(i, 2, 200);
	cr_assert_eq(disclosure_take(d, a, 3), ERR_LIMIT);
	cr_assert(disclosure_read(d, 2, &sum) && sum == 300, "what was told is told");
	disclosure_free(d);
	free(mark);
}
