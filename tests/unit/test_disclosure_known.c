/*
 * What a few assets are told of, step by step, and what is kept of it: the steps by which
 * test_disclosure.c holds out against anybody.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "libassets/base/buf.h"
#include "libassets/base/err.h"
#include "libassets/projection/disclosure.h"

enum { YEAR = 2030, MOST = 16 };

/* Assets in the whole and one key, each of one year. */
struct few {
	struct disclosure_unit unit[MOST];
	struct disclosure_cell cell[MOST];
	struct disclosure_atom atom[MOST];
};

static void set(struct few *f, uint32_t asset, uint32_t key, int64_t amount)
{
	f->unit[asset] = (struct disclosure_unit){
		.asset = asset,
		.year = YEAR,
		.whose = asset + 1,
		.moves = 1000,
		.amount = (uint64_t)asset << 32 | (uint64_t)amount,
		.facts = UINT64_C(1) << 63 | (uint64_t)asset << 32 | (uint64_t)amount,
	};
	f->cell[asset] = (struct disclosure_cell){.figure = {1, key}};
	f->atom[asset] = (struct disclosure_atom){asset, asset, amount, f->unit[asset].amount};
}

/* The same facts, as rules make so much of them. */
static void rule_one(struct few *f, uint32_t asset, int64_t amount)
{
	uint64_t facts = f->unit[asset].facts;

	set(f, asset, f->cell[asset].figure[1], amount);
	f->unit[asset].facts = facts;
}

static int take(struct disclosure *d, const struct few *f, uint32_t assets)
{
	const struct disclosure_now now = {
		.cell = f->cell,
		.cells = assets,
		.unit = f->unit,
		.units = assets,
		.atom = f->atom,
		.atoms = assets,
	};

	return disclosure_take(d, &now);
}

static bool reads(const struct disclosure *d, uint32_t figure, int64_t amount)
{
	int128 told;

	return disclosure_read(d, figure, &told) && told == amount;
}

static bool hides(const struct disclosure *d, uint32_t figure)
{
	int128 told;

	return !disclosure_read(d, figure, &told);
}

Test(disclosure_known, the_smallest_is_given_up_with_what_is_too_small)
{
	struct disclosure *d = disclosure_new();
	struct few f;

	for (uint32_t i = 0; i < 9; i++)
		set(&f, i, i < 4 ? 2 : i < 7 ? 3 : 4, 100);
	cr_assert_eq(take(d, &f, 2), 0);
	cr_assert(hides(d, 1), "two are not told");
	cr_assert_eq(take(d, &f, 9), 0);
	cr_assert(reads(d, 1, 900));
	cr_assert(reads(d, 2, 400));
	cr_assert(hides(d, 3), "three could be, and cover for two");
	cr_assert(hides(d, 4));
	cr_assert(reads(d, 5, 0), "a figure of nothing");
	disclosure_free(d);
}

/* Five of 100 each, told as 500. */
static struct disclosure *five_taken(struct few *f)
{
	struct disclosure *d = disclosure_new();

	for (uint32_t i = 0; i < 5; i++)
		set(f, i, 2, 100);
	cr_assert_eq(take(d, f, 5), 0);
	return d;
}

Test(disclosure_known, what_was_told_stays_until_three_are_new)
{
	struct few f;
	struct disclosure *d = five_taken(&f);

	for (uint32_t i = 0; i < 3; i++) {
		cr_assert(reads(d, 1, 500));
		set(&f, i, 2, 200);
		cr_assert_eq(take(d, &f, 5), 0);
	}
	cr_assert(reads(d, 1, 800));
	for (uint32_t i = 0; i < 3; i++)
		set(&f, i, 2, 100);
	cr_assert_eq(take(d, &f, 5), 0);
	cr_assert(reads(d, 1, 500), "back, as it was told before");
	cr_assert_eq(take(d, &f, 2), 0);
	cr_assert(hides(d, 1), "two are left");
	for (uint32_t i = 0; i < 2; i++)
		f.unit[i].is_open = true;
	cr_assert_eq(take(d, &f, 2), 0);
	cr_assert(reads(d, 1, 200), "and sold");
	disclosure_free(d);
}

Test(disclosure_known, other_rules_make_nothing_new_nor_do_old_facts_under_them)
{
	struct few f, was;
	struct disclosure *d = five_taken(&f);

	was = f;
	for (uint32_t i = 0; i < 3; i++)
		set(&f, i, 2, 200);
	cr_assert_eq(take(d, &f, 5), 0);
	for (uint32_t i = 0; i < 5; i++)
		rule_one(&f, i, 3 * f.atom[i].amount);
	cr_assert_eq(take(d, &f, 5), 0);
	cr_assert(reads(d, 1, 800), "what was told stays");
	for (uint32_t i = 0; i < 2; i++) {
		f.unit[i].facts = was.unit[i].facts;
		rule_one(&f, i, 301);
	}
	set(&f, 2, 2, 999);
	cr_assert_eq(take(d, &f, 5), 0);
	cr_assert(reads(d, 1, 800), "two went back, and one is new");
	for (uint32_t i = 3; i < 5; i++)
		set(&f, i, 2, 1000);
	cr_assert_eq(take(d, &f, 5), 0);
	cr_assert(reads(d, 1, 301 + 301 + 999 + 1000 + 1000));
	disclosure_free(d);
}

Test(disclosure_known, what_was_told_is_known_without_which_asset_it_was)
{
	struct disclosure *d = disclosure_new();
	struct few f;
	struct disclosure_unit other = {.like = 71};

	for (uint32_t i = 0; i < 3; i++) {
		set(&f, i, 2, 100);
		f.unit[i].like = 70 + i;
	}
	cr_assert_not(disclosure_knows_like(d, &other));
	cr_assert_eq(take(d, &f, 2), 0);
	cr_assert_not(disclosure_knows_like(d, &other), "two are not told");
	cr_assert_eq(take(d, &f, 3), 0);
	cr_assert(disclosure_knows_like(d, &other));
	other.like = 0;
	cr_assert_not(disclosure_knows_like(d, &other), "nothing is like nothing");
	disclosure_free(d);
}

Test(disclosure_known, what_follows_from_elsewhere_is_not_new)
{
	struct few f;
	struct disclosure *d = five_taken(&f);

	for (uint32_t i = 2; i < 5; i++)
		set(&f, i, 2, 200);
	f.unit[2].is_bound = true;
	cr_assert_eq(take(d, &f, 5), 0);
	cr_assert(reads(d, 1, 500), "two are new");
	cr_assert_not(disclosure_knows_amount(d, &f.unit[2]), "nor is the third told by that");
	f.unit[2].is_bound = false;
	cr_assert_eq(take(d, &f, 5), 0);
	cr_assert(reads(d, 1, 800));
	disclosure_free(d);
}

/* Rules may change every day for as long as they like. */
Test(disclosure_known, rules_that_change_take_no_room)
{
	struct few f;
	struct disclosure *d = five_taken(&f);
	CLEANUP(buf_done) struct buf known = BUF(1 << 20);
	size_t whole = 0;

	for (uint32_t rules = 1; rules <= 1000; rules++) {
		for (uint32_t i = 0; i < 5; i++)
			rule_one(&f, i, 100 + rules);
		cr_assert_eq(take(d, &f, 5), 0);
		buf_clear(&known);
		disclosure_put_known(d, true, &known);
		whole = whole ? whole : known.len;
		cr_assert_eq(known.len, whole, "after %u", rules);
	}
	disclosure_free(d);
}

/* … and what an asset was under them is known when its facts are others by then. */
Test(disclosure_known, what_rules_made_of_facts_is_known_after_the_facts_are_others)
{
	struct few f;
	struct disclosure *d = five_taken(&f);

	for (uint32_t i = 0; i < 5; i++)
		rule_one(&f, i, 300);
	cr_assert_eq(take(d, &f, 5), 0);
	for (uint32_t i = 0; i < 3; i++)
		set(&f, i, 2, 700);
	cr_assert_eq(take(d, &f, 5), 0);
	cr_assert(reads(d, 1, 3 * 700 + 2 * 300));
	for (uint32_t i = 0; i < 2; i++) {
		set(&f, i, 2, 300);
		f.unit[i].facts++;
	}
	set(&f, 2, 2, 800);
	cr_assert_eq(take(d, &f, 5), 0);
	cr_assert(reads(d, 1, 3 * 700 + 2 * 300), "two are what they were by these rules");
	disclosure_free(d);
}

/* What three own is one thing that is known, however many parts of it are told. */
Test(disclosure_known, an_asset_of_many_owners_takes_the_room_of_one)
{
	struct disclosure *one = disclosure_new(), *many = disclosure_new();
	CLEANUP(buf_done) struct buf of_one = BUF(1 << 16);
	CLEANUP(buf_done) struct buf of_many = BUF(1 << 16);
	struct few f;
	struct disclosure_atom atom[3 + 3 * 3];
	struct disclosure_now now = {
		.cell = f.cell,
		.cells = 6,
		.unit = f.unit,
		.units = 6,
		.atom = atom,
		.atoms = 0,
	};

	for (uint32_t i = 0; i < 6; i++)
		set(&f, i, 2, 300);
	cr_assert_eq(take(one, &f, 6), 0);
	disclosure_put_known(one, true, &of_one);
	for (uint32_t i = 0; i < 6; i++) {
		for (uint32_t owner = 0; owner < (i < 3 ? 1 : 3); owner++) {
			atom[now.atoms] = f.atom[i];
			atom[now.atoms].amount = i < 3 ? 300 : 100;
			atom[now.atoms++].print += (uint64_t)owner << 20;
		}
	}
	cr_assert_eq(disclosure_take(many, &now), 0);
	cr_assert(reads(many, 1, 1800));
	disclosure_put_known(many, true, &of_many);
	cr_assert_eq(of_many.len, of_one.len);
	for (uint32_t i = 3; i < 6; i++) {
		cr_assert(disclosure_knows_amount(many, &f.unit[i]), "and is known of the whole");
		cr_assert(disclosure_knows_facts(many, &f.unit[i]));
	}
	disclosure_free(one);
	disclosure_free(many);
}

/* The whole is told of three that two own each, for what is theirs together stands in it alone; not
 * what each of the two has, from which their shares would give more. */
Test(disclosure_known, what_two_own_counts_where_all_of_it_is)
{
	struct disclosure *d = disclosure_new();
	struct few f;
	struct disclosure_atom atom[2 * 3];
	struct disclosure_cell cell[2] = {{.figure = {1, 2}}, {.figure = {1, 3}}};
	struct disclosure_now now = {
		.cell = cell,
		.cells = 2,
		.unit = f.unit,
		.units = 3,
		.atom = atom,
		.atoms = 0,
	};

	for (uint32_t i = 0; i < 3; i++) {
		set(&f, i, 2, 300);
		for (uint32_t owner = 0; owner < 2; owner++)
			atom[now.atoms++] = (struct disclosure_atom){
				.unit = i,
				.cell = owner,
				.amount = 100 + 100 * owner,
				.print = f.unit[i].amount + ((uint64_t)owner << 40),
			};
	}
	now.units = 2;
	now.atoms = 4;
	cr_assert_eq(disclosure_take(d, &now), 0);
	cr_assert(hides(d, 1), "two assets, of four parts");
	now.units = 3;
	now.atoms = 6;
	cr_assert_eq(disclosure_take(d, &now), 0);
	cr_assert(reads(d, 1, 900));
	cr_assert(hides(d, 2) && hides(d, 3));
	disclosure_free(d);
}

Test(disclosure_known, what_is_known_of_years_that_are_over_is_forgotten_and_they_tell_nothing_new)
{
	struct few f;
	struct disclosure *d = five_taken(&f);
	CLEANUP(buf_done) struct buf known = BUF(1 << 16);
	size_t before;

	disclosure_put_known(d, true, &known);
	before = known.len;
	disclosure_forget(d, YEAR + 1);
	cr_assert_not(disclosure_knows_amount(d, &f.unit[0]));
	f.unit[0].year = YEAR + 2;
	cr_assert(disclosure_knows_facts(d, &f.unit[0]), "in whatever year it comes again");
	buf_clear(&known);
	disclosure_put_known(d, true, &known);
	cr_assert_lt(known.len, before - 5 * 2 * 4);
	for (uint32_t i = 0; i < 5; i++)
		set(&f, i, 2, 700);
	cr_assert_eq(take(d, &f, 5), 0);
	cr_assert(reads(d, 1, 500), "a clock that was set back");
	disclosure_forget(d, YEAR);
	for (uint32_t i = 0; i < 3; i++)
		set(&f, i, 2, 800);
	cr_assert_eq(take(d, &f, 5), 0);
	cr_assert(reads(d, 1, 3 * 800 + 2 * 700), "and since then three have changed");
	disclosure_free(d);
}

Test(disclosure_known, who_only_follows_tells_nothing_new_and_hides_what_is_too_few)
{
	struct few f;
	struct disclosure *d = five_taken(&f);
	struct disclosure_now now = {
		.cell = f.cell,
		.cells = 5,
		.unit = f.unit,
		.units = 5,
		.atom = f.atom,
		.atoms = 5,
	};

	for (uint32_t i = 0; i < 5; i++)
		set(&f, i, 2, 200);
	cr_assert_eq(disclosure_follow(d, &now), 0);
	cr_assert_not(disclosure_is_news(d));
	cr_assert(reads(d, 1, 500));
	now.units = now.atoms = 2;
	cr_assert_eq(disclosure_follow(d, &now), 0);
	cr_assert(hides(d, 1));
	cr_assert_eq(take(d, &f, 5), 0);
	cr_assert(disclosure_is_news(d));
	cr_assert(reads(d, 1, 1000));
	disclosure_free(d);
}

Test(disclosure_known, bytes_that_are_not_whole_are_refused)
{
	struct disclosure *d = disclosure_new(), *got = NULL;
	CLEANUP(buf_done) struct buf told = BUF(1 << 16);
	CLEANUP(buf_done) struct buf known = BUF(1 << 16);
	struct few f;

	for (uint32_t i = 0; i < 3; i++)
		set(&f, i, 2, 100);
	cr_assert_eq(take(d, &f, 3), 0);
	cr_assert(disclosure_is_news(d));
	disclosure_put(d, &told);
	disclosure_put_known(d, false, &known);
	for (size_t len = 0; len < told.len; len++)
		cr_assert_eq(
			disclosure_get((struct str){told.at, len}, buf_view(&known), STR(""), &got),
			ERR_INVALID, "%zu", len);
	cr_assert_eq(disclosure_get(buf_view(&told), (struct str){known.at, known.len - 1}, STR(""),
				    &got),
		     ERR_INVALID);
	cr_assert_eq(disclosure_get(buf_view(&told), (struct str){known.at, 7}, STR(""), &got),
		     ERR_INVALID);
	cr_assert_eq(disclosure_get(buf_view(&told), STR(""), (struct str){known.at, 7}, &got),
		     ERR_INVALID);
	told.at[8 + 3 + 8 + 3] = 1; /* a block of a figure that there is not */
	cr_assert_eq(disclosure_get(buf_view(&told), buf_view(&known), STR(""), &got), ERR_INVALID);
	told.at[8 + 3 + 8 + 3] = 0;
	cr_assert_eq(disclosure_get(buf_view(&told), buf_view(&known), STR(""), &got), 0);
	cr_assert_eq(disclosure_get_rules(got, (struct str){"\7\0\0", 3}), ERR_INVALID);
	cr_assert_eq(disclosure_get_rules(got, (struct str){"\7\0\0\0", 4}), 0);
	cr_assert_eq(disclosure_rules_of(got, 2).first, 7);
	cr_assert_eq(take(got, &f, 3), 0);
	cr_assert(reads(got, 2, 300));
	disclosure_free(got);
	disclosure_free(d);
}

/* The mark of a print, as it was kept when marks had 8 bytes and no year. */
static uint64_t marked(uint64_t print)
{
	print = (print ^ print >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	print = (print ^ print >> 27) * UINT64_C(0x94d049bb133111eb);
	return print ^ print >> 31;
}

Test(disclosure_known, marks_of_before_there_were_years_are_of_any)
{
	struct disclosure *d = NULL, *none = disclosure_new();
	CLEANUP(buf_done) struct buf told = BUF(1 << 16);
	struct few f;
	uint64_t mark[2];

	for (uint32_t i = 0; i < 3; i++)
		set(&f, i, 2, 100);
	mark[0] = marked(f.unit[0].amount);
	mark[1] = marked(f.unit[1].facts);
	disclosure_put(none, &told);
	cr_assert_eq(disclosure_get(buf_view(&told), STR(""),
				    (struct str){(char *)mark, sizeof(mark)}, &d),
		     0);
	cr_assert(disclosure_knows_amount(d, &f.unit[0]) && !disclosure_knows_facts(d, &f.unit[0]));
	cr_assert(disclosure_knows_facts(d, &f.unit[1]) && !disclosure_knows_amount(d, &f.unit[1]));
	cr_assert_eq(take(d, &f, 3), 0);
	cr_assert(hides(d, 1), "one is new");
	disclosure_free(none);
	disclosure_free(d);
}

/* What was told stays when there is no room for more, and long before it is said how full it is. */
Test(disclosure_known, no_room_for_more_tells_nothing_new)
{
	enum { LEFT = 2 * 3 /* marks of three that are new */ };
	const size_t marks = DISCLOSURE_MARKS_MAX - LEFT;
	uint32_t *mark = malloc(13 + marks * sizeof(*mark));
	struct disclosure *d = disclosure_new();
	CLEANUP(buf_done) struct buf told = BUF(1 << 16);
	CLEANUP(buf_done) struct buf known = BUF(DISCLOSURE_MARKS_MAX * sizeof(uint32_t) + 64);
	struct few f;

	cr_assert_not_null(mark);
	disclosure_put(d, &told);
	disclosure_free(d);
	buf_str(&known, (struct str){"\0\1\0\0\0", 5}); /* marks of the year 1 */
	for (uint64_t n = marks * sizeof(*mark), i = 0; i < 8; i++, n >>= 8)
		buf_char(&known, (char)(n & 0xff));
	for (uint32_t i = 0; i < marks; i++)
		mark[i] = i + 1;
	buf_str(&known, (struct str){(char *)mark, marks * sizeof(*mark)});
	cr_assert_eq(disclosure_get(buf_view(&told), buf_view(&known), STR(""), &d), 0);
	cr_assert_eq(disclosure_full_percent(d), 100);
	for (uint32_t i = 0; i < 3; i++)
		set(&f, i, 2, 100);
	cr_assert_eq(take(d, &f, 3), 0);
	cr_assert(reads(d, 2, 300));
	cr_assert_eq(disclosure_full_percent(d), 100);
	for (uint32_t i = 0; i < 3; i++)
		set(&f, i, 2, 200);
	cr_assert_eq(take(d, &f, 3), ERR_LIMIT);
	cr_assert_gt(disclosure_full_percent(d), 100);
	cr_assert(reads(d, 2, 300), "what was told is told");
	disclosure_free(d);
	free(mark);
}
