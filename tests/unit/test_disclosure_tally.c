/*
 * What is counted of entries until more makes no difference is enough where all of it is, whatever
 * is joint, over how many years, and in how many hands.
 */
#include <criterion/criterion.h>

#include "libassets/projection/disclosure_work.h"
#include "tests/unit/random.h"

enum { ASSETS = 14, YEARS = 2, UNITS = ASSETS * YEARS, ENTRIES = 6, HANDS = 9, KNOWERS = 5 };
enum { PARTS = 3, FRESH = UNITS * PARTS };

struct ground {
	struct work w;
	struct disclosure_now now;
	struct disclosure_unit unit[UNITS];
	uint64_t known_by[HANDS];
	struct entry entry[ENTRIES];
	struct fresh fresh[FRESH];
	bool has[UNITS][ENTRIES]; /* which of them has a part of it */
	uint32_t kinds;           /* of hands that there are */
};

static void ground_init(struct ground *g, uint64_t *seed)
{
	size_t at = 0;

	*g = (struct ground){.kinds = 1 + (uint32_t)random_below(seed, HANDS)};
	g->w.unit = calloc(UNITS, sizeof(*g->w.unit));
	g->w.seen = calloc(ASSETS, sizeof(*g->w.seen));
	g->w.d = disclosure_new();
	cr_assert(g->w.unit && g->w.seen && g->w.d);
	g->w.now = &g->now;
	g->w.entry = g->entry;
	g->w.fresh = g->fresh;
	for (size_t i = 0; i < HANDS; i++)
		g->known_by[i] = random_below(seed, UINT64_C(1) << KNOWERS);
	g->now.unit = g->unit;
	g->now.knowers = (struct disclosure_knowers){g->known_by, KNOWERS, 1};
	for (uint32_t u = 0; u < UNITS; u++) {
		uint32_t parts = 1 + (uint32_t)random_below(seed, PARTS);

		g->unit[u].asset = u / YEARS;
		g->unit[u].hands =
			u % YEARS ? g->unit[u - 1].hands : (uint32_t)random_below(seed, g->kinds);
		for (uint32_t p = 0; p < parts; p++)
			g->has[u][random_below(seed, ENTRIES)] = true;
		for (size_t e = 0; e < ENTRIES; e++)
			g->w.unit[u].parts += g->has[u][e];
	}
	for (size_t e = 0; e < ENTRIES; e++) {
		g->entry[e].has_private = true;
		g->entry[e].fresh_at = at;
		for (uint32_t u = 0; u < UNITS; u++) {
			if (g->has[u][e])
				work_add_fresh(&g->w, &g->entry[e], u);
		}
		at += g->entry[e].fresh;
	}
}

static void ground_done(struct ground *g)
{
	free(g->w.unit);
	free(g->w.seen);
	disclosure_free(g->w.d);
}

/* Does the asset count: is all of one of its years in these entries? */
static bool is_whole(const struct ground *g, uint32_t asset, uint32_t from, uint32_t to)
{
	bool is = false;

	for (uint32_t u = asset * YEARS; u < (asset + 1) * YEARS; u++) {
		uint32_t parts = 0;

		for (uint32_t e = from; e < to; e++)
			parts += g->has[u][e];
		is |= parts == g->w.unit[u].parts;
	}
	return is;
}

/* … as it is defined, of all that there is. */
static bool is_tellable(const struct ground *g, uint32_t from, uint32_t to, uint32_t *ret_fresh)
{
	uint32_t in[HANDS] = {0}, kinds = 0, fresh = 0;
	bool is;

	for (uint32_t a = 0; a < ASSETS; a++) {
		if (!is_whole(g, a, from, to))
			continue;
		fresh++;
		kinds += !in[g->unit[a * YEARS].hands]++;
	}
	*ret_fresh = fresh;
	is = fresh >= DISCLOSURE_LEAST;
	for (size_t k = 0; k < KNOWERS && is && kinds <= HANDS_KEPT; k++) {
		uint32_t left = 0, known = 0;

		for (uint32_t h = 0; h < HANDS; h++)
			*(knower_knows(&g->now.knowers, k, h) ? &known : &left) += in[h];
		is = !known || !left || left >= DISCLOSURE_LEFT;
	}
	return is;
}

Test(disclosure_tally, counts_as_much_as_makes_a_difference)
{
	int told = 0, all = 0;

	for (uint64_t from = 1; from <= 20000; from++) {
		uint64_t seed = from;
		struct ground g;
		uint32_t first, last, fresh;
		struct tally t;

		ground_init(&g, &seed);
		first = (uint32_t)random_below(&seed, ENTRIES);
		last = first + 1 + (uint32_t)random_below(&seed, ENTRIES - first);
		t = work_tally(&g.w);
		for (uint32_t e = first; e < last; e++)
			work_tally_add(&g.w, &t, &g.entry[e]);
		cr_assert_eq(work_is_tellable(&g.w, &t), is_tellable(&g, first, last, &fresh),
			     "ground %d", (int)from);
		cr_assert(t.fresh <= fresh && (t.fresh == fresh || t.fresh >= DISCLOSURE_LEAST));
		cr_assert_eq(work_fresh(&g.w, first, last), fresh, "ground %d", (int)from);
		told += work_is_tellable(&g.w, &t);
		all += t.fresh == fresh;
		ground_done(&g);
	}
	cr_expect(told > 2000 && told < 18000, "%d are told", told);
	cr_expect(all > 2000 && all < 18000, "of %d all is counted", all);
}
