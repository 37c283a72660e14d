/*
 * Movement on random pairs of runs: rows sum exactly to the new cells less the old, partner by
 * partner and quarter by quarter, in the one order of codes; what is known to be equal may be
 * passed over.
 */
#include <criterion/criterion.h>

#include "libassets/base/err.h"
#include "libassets/projection/movement.h"
#include "tests/unit/portfolio.h"

/* By number; in another order than the numbers. */
static const char *const partner_name[PORTFOLIO_PARTNERS] = {"C", "A", "E", "B", "D"};

enum { QUARTERS = PROJECTION_QUARTERS, ROWS_MAX = MOVEMENTS };

/* Two runs, and what is between them. */
struct pair_ground {
	struct portfolio_ground before, after;
	struct projection_model *rolled;
	struct names partner;
	struct movement *movement;
	struct projection_scratch *scratch;
};

/* By partner and quarter, what the rows of one asset say together, and what they should. */
struct told {
	int128 differs[PORTFOLIO_PARTNERS][QUARTERS];
	enum movement_code code[ROWS_MAX];
	int128 value[ROWS_MAX];
	size_t rows;
	const struct names *partner;
	int err;
};

static struct told told, again;

static void ground_init(struct pair_ground *g, struct portfolio_random *random, bool is_same)
{
	struct portfolio_random twin = *random;
	uint32_t number;
	struct movement_ground runs;

	cr_assert_eq(portfolio_ground_init(&g->before, random), 0);
	cr_assert_eq(portfolio_ground_init(&g->after, is_same ? &twin : random), 0);
	cr_assert_eq(projection_model_new(&g->before.arena, &g->before.params,
					  g->after.model->as_of, &g->rolled),
		     0);
	g->rolled->partner = g->before.partner;
	g->rolled->class_index = g->before.class_index;
	names_init(&g->partner, &g->before.arena);
	for (uint32_t i = 0; i < PORTFOLIO_PARTNERS; i++)
		cr_assert_eq(names_number(&g->partner, str_of(partner_name[i]), &number), 0);
	runs = (struct movement_ground){.before = g->before.model,
					.rolled = is_same ? g->before.model : g->rolled,
					.after = g->after.model,
					.is_same_params = is_same,
					.partner = &g->partner};
	g->movement = movement_new(&runs);
	g->scratch = projection_scratch_new();
	cr_assert(g->movement && g->scratch);
}

static void ground_done(struct pair_ground *g)
{
	movement_free(g->movement);
	projection_scratch_free(g->scratch);
	portfolio_ground_done(&g->before);
	portfolio_ground_done(&g->after);
}

/* Owners stand in the order of their names. */
static void sort_owners(struct portfolio_asset *p)
{
	for (uint32_t i = 1; i < p->asset.owners; i++) {
		for (uint32_t k = i; k && strcmp(partner_name[p->owner[k].partner],
						 partner_name[p->owner[k - 1].partner]) < 0;
		     k--) {
			struct projection_owner owner = p->owner[k];

			p->owner[k] = p->owner[k - 1];
			p->owner[k - 1] = owner;
		}
	}
}

/* Another asset of the same id, some of whose groups are as they were. */
static void change(struct portfolio_asset *to, const struct portfolio_asset *from,
		   const struct portfolio_ground *g, struct portfolio_random *random)
{
	portfolio_fill_asset(to, g, random, from->asset.id);
	if (portfolio_chance(random, 60)) {
		to->asset.owners = from->asset.owners;
		memcpy(to->owner, from->owner, sizeof(to->owner));
	}
	if (portfolio_chance(random, 60)) {
		to->asset.has_valuation = from->asset.has_valuation;
		to->asset.valuation = from->asset.valuation;
	}
	if (portfolio_chance(random, 60))
		to->asset.plan = from->asset.plan;
	if (portfolio_chance(random, 60)) {
		to->asset.requests = from->asset.requests;
		memcpy(to->request, from->request, sizeof(to->request));
	}
	sort_owners(to);
}

static int take(void *arg, const struct movement_row *row)
{
	struct told *t = arg;
	int128 size = 0, value = 0;

	cr_assert(row->cells > 0);
	cr_assert(t->rows == 0 || t->code[t->rows - 1] < row->code);
	for (size_t i = 0; i < row->cells; i++) {
		const struct movement_cell *c = &row->cell[i], *last = c - 1;

		cr_assert(c->pence != 0);
		if (i && last->partner == c->partner)
			cr_assert(last->quarter < c->quarter);
		else if (i)
			cr_assert(strcmp(partner_name[last->partner], partner_name[c->partner]) <
				  0);
		t->differs[c->partner][c->quarter - PROJECTION_QUARTER_MIN] += c->pence;
		value += c->pence;
		size += c->pence < 0 ? -c->pence : c->pence;
	}
	cr_assert(value == row->value);
	cr_assert((value < 0 ? -value : value) + 2 * row->moved == size);
	t->code[t->rows] = row->code;
	t->value[t->rows++] = row->value;
	return t->err;
}

/* An owner's cells by another way than the movement's: a projection of that owner's part. */
static void subtract(struct told *t, struct projection_scratch *scratch,
		     const struct projection_model *m, const struct projection_asset *a, int sign)
{
	for (uint32_t k = 0; a && k < a->owners; k++) {
		const struct projection_result *r = projection_run_share(m, a, k, scratch);
		const struct projection_track *track = &r->outcome[SCENARIO_LIKELY].adjusted;

		for (size_t i = 0; !projection_is_error(r->status) && i < track->cells; i++)
			t->differs[a->owner[k].partner]
				  [track->cell[i].quarter - PROJECTION_QUARTER_MIN] -=
				sign * (int128)track->cell[i].line[LINE_NET];
	}
}

static void expect_nothing_left(const struct told *t)
{
	static const int128 none[QUARTERS];

	for (size_t k = 0; k < PORTFOLIO_PARTNERS; k++)
		cr_assert_eq(memcmp(t->differs[k], none, sizeof(none)), 0);
}

static void check_asset(struct pair_ground *g, const struct projection_asset *before,
			const struct projection_asset *after)
{
	struct movement_pair pair = {before, before, after, false};
	int128 closing = 0;
	size_t n;
	const struct movement_cell *cell;

	memset(&told, 0, sizeof(told));
	cr_assert_eq(movement_asset(g->movement, &pair, take, &told), 0);
	cell = movement_closing(g->movement, &n);
	for (size_t i = 0; after && i < n; i++)
		closing += cell[i].pence;
	subtract(&told, g->scratch, g->before.model, before, -1);
	subtract(&told, g->scratch, g->after.model, after, 1);
	expect_nothing_left(&told);
	if (!before || !after)
		cr_assert(
			told.rows == 0 ||
			(told.rows == 1 && told.code[0] == (after ? MOVEMENT_NEW : MOVEMENT_DEL)));
	if (!before && told.rows)
		cr_assert(closing == told.value[0]);
	if (!before || !after)
		return;
	/* The same asset in both is moved by the models alone, whether or not that is known. */
	memset(&told, 0, sizeof(told));
	memset(&again, 0, sizeof(again));
	pair.after = before;
	cr_assert_eq(movement_asset(g->movement, &pair, take, &told), 0);
	pair.is_unchanged = true;
	cr_assert_eq(movement_asset(g->movement, &pair, take, &again), 0);
	cr_assert_eq(memcmp(&told, &again, sizeof(told)), 0);
	cr_assert(told.rows == 0 || told.code[told.rows - 1] <= MOVEMENT_PARM);
}

static void check_pairs(uint64_t seed, size_t grounds, bool is_wild)
{
	for (uint64_t i = 0; i < grounds; i++) {
		struct portfolio_random random = {seed + i, is_wild};
		static struct portfolio old, fresh;
		struct pair_ground g;

		ground_init(&g, &random, i % 4 == 0);
		portfolio_fill(&old, &g.before, &random);
		for (size_t k = 0; k < old.assets; k++) {
			const struct projection_asset *a = &old.asset[k].asset;

			sort_owners(&old.asset[k]);
			change(&fresh.asset[k], &old.asset[k], &g.after, &random);
			check_asset(&g, a, &fresh.asset[k].asset);
			check_asset(&g, a, NULL);
			check_asset(&g, NULL, a);
		}
		ground_done(&g);
	}
}

Test(movement, rows_sum_to_new_less_old)
{
	check_pairs(1, 150, false);
}

Test(movement, rows_sum_whatever_the_amounts)
{
	check_pairs(1000, 150, true);
}

/* C9: an owner's loss is another's gain, but for a penny of rounding. */
Test(movement, a_share_that_changes_hands_moves_and_adds_nothing)
{
	struct portfolio_random random = {7, false};
	struct pair_ground g;
	struct projection_owner half[] = {{3, 1}, {0, 1}}, other[] = {{3, 1}, {0, 3}}; /* B, C */
	struct projection_asset a = {.id = 1, .owners = 2, .owner = half, .has_valuation = true}, b;
	struct movement_pair pair = {&a, &a, &b, false};

	ground_init(&g, &random, true);
	a.valuation = (struct projection_valuation){{DAY_2026}, 20000000, BASIS_MV};
	a.plan = (struct projection_plan){.method = METHOD_SALE, .stage = 0, .date = {DAY_2027}};
	b = a;
	b.owner = other;
	memset(&told, 0, sizeof(told));
	cr_assert_eq(movement_asset(g.movement, &pair, take, &told), 0);
	cr_assert_eq(told.rows, 1);
	cr_expect_eq(told.code[0], MOVEMENT_OWN);
	cr_expect(told.value[0] == 0);
	ground_done(&g);
}

Test(movement, what_taker_refuses_ends_the_asset)
{
	struct portfolio_random random = {8, false};
	struct pair_ground g;
	struct projection_owner owner = {0, 1};
	struct projection_asset a = {.id = 1, .owners = 1, .owner = &owner, .has_valuation = true};
	struct movement_pair pair = {&a, &a, NULL, false};

	ground_init(&g, &random, true);
	a.valuation = (struct projection_valuation){{DAY_2026}, 20000000, BASIS_MV};
	a.plan = (struct projection_plan){.method = METHOD_SALE, .stage = 0, .date = {DAY_2027}};
	memset(&told, 0, sizeof(told));
	told.err = ERR_LIMIT;
	cr_expect_eq(movement_asset(g.movement, &pair, take, &told), ERR_LIMIT);
	cr_expect_eq(told.rows, 1);
	cr_expect_str_eq(movement_word(told.code[0]), "DEL");
	ground_done(&g);
}
