/*
 * The attacker on what everybody is told: every figure of every telling, while assets come, change,
 * change back, move and go, as an equation, and all of them solved together. No sum of multiples
 * of them may rest on fewer than DISCLOSURE_LEAST assets.
 *
 * Every amount that an asset ever has is a digit of its own, so that what is told of a figure says
 * by itself which amounts it is the sum of. What is told does not depend on how large amounts are,
 * but on how they move with what nobody sees, so several tellings with a part of the digits each
 * are one. All have the lowest digit, since no amount is nothing.
 *
 * What the attacker does not know of an asset is one unknown: each of its years is that, times a
 * number that everybody knows. Rules that change amounts are known too: an amount under other rules
 * is a new digit, but the same unknown, times another number. Rules come back, and so does what an
 * asset was. What everybody sees of an asset does the same to it alone, and moves it into other
 * years. What two own stands in figures of both, twice as much in those of the second. Years are
 * over, and a clock that was wrong is set back.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "libassets/base/buf.h"
#include "libassets/base/err.h"
#include "libassets/projection/disclosure.h"

enum { ASSETS = 14, PARTS = 18, DIGITS = 13, AMOUNTS = PARTS * DIGITS, YEARS = 3 };
enum { BASE = 16 /* a block and those that it was in before, each at most three times */ };
enum { STEPS = 12, TRIALS = 400, ROWS = 400, FIGURES = 57 };
enum { COUNT_BITS = 8, SCALE = 1000000 /* of pence, so that rounding is nothing */ };
enum { FACTS = 1 << 20 /* prints of facts are not those of amounts */, PRIME = 1000003 };
/* The first are authorities; hands are one of them each, and then with the next. */
enum { BODIES = 3 };

struct trial {
	uint32_t random;
	struct asset {
		bool is_there, is_open;
		uint32_t place[4]; /* partnership, authority, class, years it is in */
		bool is_joint;     /* the next authority has twice as much of it */
		/* Its amount of each year, and the unknown that it hangs on; and the ones before.
		 */
		int amount[YEARS], was[YEARS];
		int unknown, unknown_was;
	} asset[ASSETS];
	bool is_ruled;       /* rules change */
	bool is_shown;       /* … and what everybody sees of an asset */
	bool is_owned;       /* authorities attack as well, and know what they have always owned */
	uint32_t first_year; /* earlier ones are over */
	int unknowns, amounts, digits;
	int parts;            /* as many as its digits need */
	int owner[AMOUNTS];   /* the asset of an unknown */
	int unknown[AMOUNTS]; /* of an amount; -1: everybody knows the amount */
	/* By amount: its digit under the rules of now and of the last telling; -1: none yet. */
	int digit[AMOUNTS], told_digit[AMOUNTS];
	int other_digit[AMOUNTS];               /* … of the rules before these */
	int amount_of[AMOUNTS], times[AMOUNTS]; /* by digit */
	int row[ROWS][AMOUNTS];
	int rows;
};

static uint32_t below(struct trial *t, uint32_t n)
{
	t->random = t->random * 1664525 + 1013904223;
	return (t->random >> 8) % n;
}

/* Few numbers, so that many assets go by the same. */
static int factor(struct trial *t)
{
	return 1 + (int)below(t, 4);
}

static int digit_new(struct trial *t, int amount, int times)
{
	t->amount_of[t->digits] = amount;
	t->times[t->digits] = times;
	return t->digits++;
}

static int amount_new(struct trial *t, int unknown, int times)
{
	t->unknown[t->amounts] = unknown;
	t->digit[t->amounts] = digit_new(t, t->amounts, times);
	t->told_digit[t->amounts] = t->other_digit[t->amounts] = -1;
	return t->amounts++;
}

/* It is worth something else, or again what it was. */
static void change(struct trial *t, int asset)
{
	struct asset *a = &t->asset[asset], old = *a;
	bool is_back = a->is_there && below(t, 4) == 0;

	if (t->digits + YEARS > AMOUNTS)
		return;
	a->unknown = is_back ? a->unknown_was : t->unknowns++;
	t->owner[a->unknown] = asset;
	for (int y = 0; y < YEARS; y++) {
		a->amount[y] = is_back ? a->was[y] : amount_new(t, a->unknown, factor(t));
		a->was[y] = a->is_there ? old.amount[y] : a->amount[y];
	}
	a->unknown_was = a->is_there ? old.unknown : a->unknown;
	a->is_there = true;
}

/*
 * Other rules: each amount another, by its own factor, but for some that they do not touch. Or the
 * rules before, under which what is new since is another amount too.
 */
static void rule(struct trial *t)
{
	bool is_back = below(t, 3) == 0;

	for (int n = 0; n < t->amounts; n++) {
		int is = t->digit[n];

		if (is_back && t->other_digit[n] >= 0)
			t->digit[n] = t->other_digit[n];
		else if (t->digits < AMOUNTS && t->unknown[n] >= 0 && below(t, 4))
			t->digit[n] = digit_new(t, n, 2 + (int)below(t, 40));
		t->other_digit[n] = is;
	}
}

/* Each year becomes the next, and the last the first. */
static void turn(int year[YEARS])
{
	int last = year[YEARS - 1];

	memmove(year + 1, year, (YEARS - 1) * sizeof(*year));
	year[0] = last;
}

/* What everybody sees of it is another, and so its amounts, each by a factor, or in other years: by
 * rules of before what it is now is none that was told. What nobody sees stays. */
static void show_one(struct trial *t, struct asset *a)
{
	for (int y = 0; y < YEARS && t->digits < AMOUNTS; y++) {
		int n = a->amount[y];

		t->digit[n] = t->told_digit[n] = digit_new(t, n, factor(t));
		t->other_digit[n] = -1;
	}
	if (below(t, 3))
		return;
	turn(a->amount);
	turn(a->was);
	a->place[3] = (a->place[3] << 1 | a->place[3] >> (YEARS - 1)) & ((1 << YEARS) - 1);
}

static void show(struct trial *t)
{
	for (uint32_t n = 1 + below(t, 4); n; n--) {
		struct asset *a = &t->asset[below(t, ASSETS)];

		if (a->is_there && !a->is_open)
			show_one(t, a);
	}
}

static void begin(struct trial *t, uint32_t seed, const struct trial *kind)
{
	*t = *kind;
	t->random = seed;
	for (int i = 0; i < ASSETS; i++) {
		for (int p = 0; p < 3; p++)
			t->asset[i].place[p] = below(t, 3);
		t->asset[i].place[3] = 1 + below(t, (1 << YEARS) - 1);
		t->asset[i].is_joint = below(t, 5) == 0;
	}
}

/* What it was sold for is another amount than what was expected. */
static void sell(struct trial *t, struct asset *a)
{
	for (int y = 0; y < YEARS; y++)
		a->amount[y] = amount_new(t, -1, 1);
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
	if (t->is_shown && below(t, 4) == 0) {
		show(t);
		return;
	}
	if (below(t, 20) == 0) {
		t->first_year = 1 - t->first_year;
		return;
	}
	switch (a->is_there ? below(t, 6) : 5) {
	case 0:
		a->is_there = false;
		break;
	case 1:
		if (t->is_owned)
			a->place[2] = below(t, 3);
		else
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
	return 1 + (digit / DIGITS == part ? INT64_C(1) << (COUNT_BITS + 4 * (digit % DIGITS)) : 0);
}

/* How things are, each amount in a cell of its own. */
struct scene {
	struct disclosure_cell cell[2 * ASSETS * YEARS];
	struct disclosure_unit unit[ASSETS * YEARS];
	struct disclosure_atom atom[2 * ASSETS * YEARS];
	uint32_t units, atoms;
	struct disclosure_knowers knowers;
};

/* Of an authority, and of who is nobody. */
static bool has_part(const struct asset *a, uint32_t body)
{
	return body < BODIES &&
	       (a->place[1] == body || (a->is_joint && (a->place[1] + 1) % BODIES == body));
}

/* By hands the authorities. */
static const uint64_t known_by[2 * BODIES] = {1, 2, 4, 3, 6, 5};

static struct disclosure_now now_of(const struct scene *s)
{
	return (struct disclosure_now){
		.cell = s->cell,
		.cells = s->atoms,
		.unit = s->unit,
		.units = s->units,
		.atom = s->atom,
		.atoms = s->atoms,
		.knowers = s->knowers,
	};
}

static void add_unit(struct scene *s, struct disclosure_unit unit)
{
	unit.whose = unit.asset + 1;
	s->unit[s->units++] = unit;
}

/* Of the unit added last. */
static void add_atom(struct scene *s, struct disclosure_cell cell, int64_t amount)
{
	uint32_t n = s->atoms++;

	s->cell[n] = cell;
	s->atom[n] = (struct disclosure_atom){
		.unit = s->units - 1,
		.cell = n,
		.amount = amount,
		.print = s->unit[s->units - 1].amount + ((uint64_t)cell.figure[2] << 40),
	};
}

/* Figures: the whole, keys of three groupings, and each of those by year. */
static struct disclosure_cell cell_of(const struct asset *a, uint32_t owner, uint32_t year)
{
	struct disclosure_cell cell = {
		.figure = {1, [4] = 20 + year},
		.hands = (a->place[1] + owner) % BODIES,
	};

	for (uint32_t p = 0; p < 3; p++) {
		uint32_t place = p == 1 ? (a->place[p] + owner) % 3 : a->place[p];

		cell.figure[1 + p] = 2 + 3 * p + place;
		cell.figure[5 + p] = 30 + 3 * YEARS * p + YEARS * place + year;
	}
	return cell;
}

/* What its amount was under the rules of the last telling, where that was another. */
static bool is_derived(const struct trial *t, const struct disclosure *d,
		       struct disclosure_unit unit, int amount)
{
	int was = t->told_digit[amount];

	unit.amount = (uint64_t)was + 1;
	unit.whose = unit.asset + 1;
	return was >= 0 && was != t->digit[amount] && disclosure_knows_amount(d, &unit);
}

static void add_now(const struct trial *t, const struct disclosure *d, uint32_t asset,
		    uint32_t year, int part, struct scene *s)
{
	const struct asset *a = &t->asset[asset];
	int digit = t->digit[a->amount[year]];
	int64_t amount = amount_of(digit, part);
	struct disclosure_unit unit = {
		.asset = asset,
		.hands = a->place[1] + (a->is_joint ? BODIES : 0),
		.year = (int32_t)year + 1,
		.amount = (uint64_t)digit + 1,
		.facts = (uint64_t)(FACTS + a->unknown),
		.is_open = a->is_open,
		.moves = (float)((double)SCALE * t->times[digit] / (double)amount),
	};

	unit.is_derived = is_derived(t, d, unit, a->amount[year]);
	add_unit(s, unit);
	add_atom(s, cell_of(a, 0, year), amount);
	if (a->is_joint)
		add_atom(s, cell_of(a, 1, year), 2 * amount);
}

static void scene_of(const struct trial *t, const struct disclosure *d, int part, struct scene *s)
{
	s->units = s->atoms = 0;
	s->knowers = (struct disclosure_knowers){0};
	if (t->is_owned)
		s->knowers = (struct disclosure_knowers){known_by, BODIES, 1};
	for (uint32_t i = 0; i < ASSETS; i++) {
		for (uint32_t y = t->first_year; y < YEARS && t->asset[i].is_there; y++) {
			if (t->asset[i].place[3] >> y & 1)
				add_now(t, d, i, y, part, s);
		}
	}
}

/* What a figure says of one part of the digits, added to the row. */
static bool overhear_part(struct trial *t, struct disclosure *d, uint32_t f, int part)
{
	int *row = t->row[t->rows];
	int128 told;

	if (!disclosure_read(d, f, &told))
		return false;
	told >>= COUNT_BITS;
	for (int i = 0; i < DIGITS; i++, told /= BASE) {
		int digit = part * DIGITS + i, unknown = t->unknown[t->amount_of[digit]];

		if (digit < t->digits && unknown >= 0)
			row[unknown] += (int)(told % BASE) * t->times[digit];
	}
	return true;
}

static void overhear(struct trial *t, struct disclosure *const d[PARTS])
{
	for (uint32_t f = 1; f < FIGURES && t->rows < ROWS; f++) {
		int *row = t->row[t->rows];
		bool is_known = true;

		memset(row, 0, sizeof(t->row[0]));
		for (int part = 0; part < t->parts; part++) {
			if (!overhear_part(t, d[part], f, part))
				break;
		}
		for (int u = 0; u < t->unknowns; u++)
			is_known &= !row[u];
		for (int i = 0; i < t->rows && !is_known; i++)
			is_known = memcmp(t->row[i], row, sizeof(t->row[0])) == 0;
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

/* How many of the rows are independent without the amounts of two assets, and of what the attacker
 * owns. */
static int rank(const struct trial *t, uint32_t attacker, int i, int j)
{
	static int64_t m[ROWS][AMOUNTS];
	int found = 0;

	for (int r = 0; r < t->rows; r++) {
		for (int c = 0; c < AMOUNTS; c++)
			m[r][c] = t->owner[c] == i || t->owner[c] == j ||
						  has_part(&t->asset[t->owner[c]], attacker)
					  ? 0
					  : t->row[r][c];
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

/* Take the amounts of two assets away: what was an equation about them alone is then none; of one,
 * for who owns some of the others. */
static bool is_solved_by(const struct trial *t, uint32_t attacker)
{
	int whole = rank(t, attacker, ASSETS, ASSETS);
	bool is = false;

	for (int i = 0; i < ASSETS && !is; i++) {
		is = attacker < BODIES && rank(t, attacker, i, ASSETS) < whole;
		for (int j = i + 1; j < ASSETS && attacker == BODIES && !is; j++)
			is = rank(t, attacker, i, j) < whole;
	}
	return is;
}

static bool is_solved(const struct trial *t)
{
	bool is = is_solved_by(t, BODIES);

	for (uint32_t body = 0; t->is_owned && body < BODIES && !is; body++)
		is = is_solved_by(t, body);
	return is;
}

struct kept {
	struct buf told, known;
};

/* Tell, and keep it: as a daemon does, all of it now and then. */
static void tell(const struct trial *t, struct disclosure *d, int part, struct kept *k)
{
	static struct scene s;
	struct disclosure_now now;
	bool is_whole;

	scene_of(t, d, part, &s);
	now = now_of(&s);
	cr_assert_eq(disclosure_take(d, &now), 0);
	disclosure_forget(d, (int32_t)t->first_year + 1);
	is_whole = t->random >> 8 & 1;
	if (is_whole)
		buf_clear(&k->known);
	disclosure_put_known(d, is_whole, &k->known);
	buf_clear(&k->told);
	disclosure_put(d, &k->told);
}

/* Go on in another process that has only what was kept: it may tell more, no less. */
static void restart(const struct kept *k, struct disclosure **d)
{
	disclosure_free(*d);
	cr_assert_eq(disclosure_get(buf_view(&k->told), buf_view(&k->known), STR(""), d), 0);
}

/* What happens after the telling of step i, whatever was told. */
static void go_on(struct trial *t)
{
	memcpy(t->told_digit, t->digit, sizeof(t->digit));
	for (uint32_t n = 1 + below(t, 4); n; n--)
		step(t);
}

static void begin_all(struct trial *t, uint32_t seed, const struct trial *kind)
{
	begin(t, seed, kind);
	for (uint32_t n = below(t, ASSETS); n; n--)
		change(t, (int)n);
}

/* Of a trial, which takes the same way each time: most need a fraction of the parts that there may
 * be. */
static int parts_of(struct trial *t, uint32_t seed, const struct trial *kind)
{
	begin_all(t, seed, kind);
	for (int i = 0; i < STEPS; i++)
		go_on(t);
	return (t->digits + DIGITS - 1) / DIGITS;
}

/* Ends with everything told so far; false when an attacker has an asset. */
static bool run(struct trial *t, uint32_t seed, const struct trial *kind)
{
	struct disclosure *d[PARTS];
	struct kept kept[PARTS];
	int parts = parts_of(t, seed, kind);

	for (int part = 0; part < parts; part++) {
		d[part] = disclosure_new();
		kept[part] = (struct kept){BUF(1 << 20), BUF(1 << 20)};
	}
	begin_all(t, seed, kind);
	t->parts = parts;
	for (int i = 0; i < STEPS; i++) {
		for (int part = 0; part < parts; part++) {
			tell(t, d[part], part, &kept[part]);
			if ((seed + (uint32_t)i) % 3 == 0) {
				restart(&kept[part], &d[part]);
				tell(t, d[part], part, &kept[part]);
			}
		}
		overhear(t, d);
		go_on(t);
	}
	for (int part = 0; part < parts; part++) {
		disclosure_free(d[part]);
		buf_done(&kept[part].told);
		buf_done(&kept[part].known);
	}
	return !is_solved(t);
}

static void attack(const struct trial *kind)
{
	static struct trial t;
	int rows = 0;

	for (uint32_t seed = 1; seed <= TRIALS; seed++) {
		cr_assert(run(&t, seed, kind), "seed %u", seed);
		rows += t.rows;
	}
	cr_assert_gt(rows, (kind->is_owned ? 3 : 4) * TRIALS, "and plenty is told: %d", rows);
}

Test(disclosure, no_arithmetic_on_all_that_was_ever_told_gives_two_assets)
{
	static const struct trial kind = {0};

	attack(&kind);
}

Test(disclosure, nor_do_rules_that_everybody_knows)
{
	static const struct trial kind = {.is_ruled = true};

	attack(&kind);
}

Test(disclosure, nor_does_what_everybody_sees_of_an_asset)
{
	static const struct trial kind = {.is_shown = true};

	attack(&kind);
}

Test(disclosure, nor_do_both_together)
{
	static const struct trial kind = {.is_ruled = true, .is_shown = true};

	attack(&kind);
}

Test(disclosure, nor_does_what_somebody_owns_beside_it)
{
	static const struct trial kind = {.is_owned = true};

	attack(&kind);
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
