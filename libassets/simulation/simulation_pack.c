/*
 * From the tree of an asset to what the kernels read: thresholds as whole numbers of 2^32, leaves
 * that cannot be told apart made one, and the bounds under which a kernel's products fit.
 */
#include <Random123/philox.h>
#include <stdlib.h>

#include "simulation_lane.h"

enum { NORMAL_MOST = 393216 };

/* Room behind the asset, filled from the front. */
struct packing {
	const struct projection_model *model;
	struct lane_asset *a;
	struct lane_branch *branch;
	struct lane_leaf *leaf;
	struct lane_span *span;
	uint32_t leaves, spans;
};

/* The least u that is not below the share, as simulation_hits() has it. */
static uint64_t upto_of(uint64_t share, uint64_t of)
{
	return share >= of ? LANE_ALWAYS : ((share << 32) + of - 1) / of;
}

static uint128 size_of(int128 n)
{
	return n < 0 ? -(uint128)n : (uint128)n;
}

int64_t lane_factor_most(const struct projection_params *p, int64_t beta_ppm, uint32_t year)
{
	int64_t market = p->mc_sigma_market * NORMAL_MOST / SIMULATION_SIGMA * (year + 1) + 1;
	int64_t own = p->mc_sigma_asset * NORMAL_MOST / SIMULATION_SIGMA + 1;
	int64_t most = PPM + beta_ppm * market / PPM + 1 + own;

	return most > p->mc_floor_ppm ? most : p->mc_floor_ppm;
}

/* Whether a kernel's 64 bits are enough for the leaf's price on every path; and what it nets. */
static void bound_leaf(struct packing *k, struct lane_branch *b, const struct lane_leaf *l,
		       int64_t beta_ppm)
{
	const uint128 most = INT64_MAX - PPM, most_short = (UINT64_C(1) << 50) - PPM;
	uint128 factor = size_of(lane_factor_most(k->model->params, beta_ppm, l->year));
	uint128 gross, cost, fixed = size_of(b->cost_fixed_pence), net = size_of(l->net_pence);

	if (b->is_of_market) {
		gross = size_of(l->gross_pence) * factor / PPM + 1;
		if (b->floor_pence > 0)
			gross += size_of(b->floor_pence);
		cost = gross * size_of(b->cost_rate_ppm);
		k->a->is_wide |= l->gross_pence < 0 || factor >= LANE_ALWAYS ||
				 size_of(l->gross_pence) * factor > most || cost > most ||
				 fixed > most / 2;
		b->is_word &= l->gross_pence < (int64_t)LANE_ALWAYS;
		b->is_short_gross &= size_of(l->gross_pence) * factor < most_short;
		b->is_short_cost &= gross < LANE_ALWAYS && cost < most_short;
		cost = cost / PPM + 1 + fixed;
		if (b->cost_mult_ppm != PPM) {
			cost *= size_of(b->cost_mult_ppm);
			k->a->is_wide |= b->cost_fixed_pence < 0 || cost > most;
			cost = cost / PPM + 1;
		}
		net = gross + cost;
	}
	if (net > k->a->most_pence)
		k->a->most_pence = net;
}

static bool is_like(const struct lane_branch *b, const struct lane_leaf *x,
		    const struct lane_leaf *y)
{
	return x->fy == y->fy && x->is_counted == y->is_counted && x->year == y->year &&
	       (b->is_of_market ? x->gross_pence == y->gross_pence : x->net_pence == y->net_pence);
}

static void pack_leaves(struct packing *k, struct lane_branch *b,
			const struct simulation_branch *from)
{
	b->leaf = k->leaves;
	for (uint32_t i = 0; i < from->steps; i++) {
		const struct simulation_leaf *f = &from->leaf[i];
		struct lane_leaf one = {
			/* The shares sum to all, so the last is met by every draw. */
			.upto = i + 1 < from->steps ? upto_of(from->upto_ppm[i], PPM) : LANE_ALWAYS,
			.gross_pence = f->terms.gross_pence,
			.net_pence = f->net_pence,
			.year = f->year,
			.fy = f->fy,
			.is_counted = f->is_counted,
		};

		if (b->leaves && is_like(b, &k->leaf[k->leaves - 1], &one)) {
			k->leaf[k->leaves - 1].upto = one.upto;
			continue;
		}
		k->leaf[k->leaves++] = one;
		b->leaves++;
	}
}

static bool is_in(const struct lane_span *s, const struct lane_leaf *l)
{
	return s->fy == l->fy && s->is_counted == l->is_counted;
}

static void pack_spans(struct packing *k, struct lane_branch *b)
{
	uint64_t from = 0;

	b->span = k->spans;
	for (uint32_t i = b->leaf; i < b->leaf + b->leaves; i++) {
		const struct lane_leaf *l = &k->leaf[i];

		if (b->spans && is_in(&k->span[k->spans - 1], l)) {
			k->span[k->spans - 1].upto = l->upto;
		} else if (l->upto > from) {
			k->span[k->spans++] =
				(struct lane_span){from, l->upto, l->year, l->fy, l->is_counted};
			b->spans++;
		}
		from = l->upto > from ? l->upto : from;
	}
}

static void pack_branch(struct packing *k, const struct simulation_branch *from, int64_t beta_ppm)
{
	struct lane_branch *b = &k->branch[k->a->branches++];
	const struct price_terms *t = &from->leaf[0].terms;

	if (!from->steps)
		return;
	b->is_of_market = b->is_word = b->is_short_gross = b->is_short_cost = t->is_of_market;
	b->floor_pence = t->floor_pence;
	b->cost_rate_ppm = t->cost_rate_ppm;
	b->cost_fixed_pence = t->cost_fixed_pence;
	b->cost_mult_ppm = t->cost_mult_ppm;
	pack_leaves(k, b, from);
	pack_spans(k, b);
	for (uint32_t i = b->leaf; i < b->leaf + b->leaves; i++)
		bound_leaf(k, b, &k->leaf[i], beta_ppm);
	k->a->has_shock |= b->is_of_market;
}

/* Turns are asked in order, so that each has what those before it left. */
static void pack_turns(struct packing *k, const struct simulation_asset *s,
		       const struct simulation_turn *turn, uint32_t turns, bool is_other)
{
	uint64_t from = 0;

	for (uint32_t i = 0; i < turns; i++) {
		struct lane_branch *b = &k->branch[k->a->branches];
		uint64_t upto = upto_of(turn[i].upto_ppb, PPB);

		pack_branch(k, &s->request[turn[i].request], s->beta_ppm);
		b->is_other = is_other;
		b->from = from;
		b->upto = from = upto > from ? upto : from;
	}
	if (is_other)
		k->a->has_others = turns > 0;
	else
		k->a->held_upto = from;
}

static bool is_same_branch(const struct packing *k, const struct lane_branch *x,
			   const struct lane_branch *y)
{
	if (x->leaves != y->leaves)
		return false;
	for (uint32_t i = 0; i < x->leaves; i++) {
		const struct lane_leaf *a = &k->leaf[x->leaf + i], *b = &k->leaf[y->leaf + i];

		if (a->upto != b->upto || !is_like(x, a, b))
			return false;
	}
	return true;
}

static void pack_tree(struct packing *k, const struct simulation_asset *s)
{
	struct simulation_branch none = {0};

	k->a->market_upto = s->market_ppm ? upto_of(s->market_ppm, PPM) : 0;
	pack_branch(k, s->market_ppm ? &s->baseline : &none, s->beta_ppm);
	pack_branch(k, s->market_ppm ? &s->market : &none, s->beta_ppm);
	k->a->is_same_sale = is_same_branch(k, &k->branch[LANE_BASELINE], &k->branch[LANE_MARKET]);
	pack_turns(k, s, s->hold, s->holding, false);
	pack_turns(k, s, s->other, s->others, true);
	k->a->is_same = k->a->branches == LANE_REQUEST && k->a->is_same_sale;
}

/* What came in, on every path: each cell a leaf, those of the baseline first. */
static void pack_track(struct packing *k, const struct projection_track *t)
{
	struct lane_branch *b = &k->branch[k->a->branches++];

	b->leaf = k->leaves;
	for (size_t i = 0; i < t->cells; i++) {
		int64_t net = t->cell[i].line[LINE_NET];

		if (!projection_in_horizon(k->model, t->cell[i].quarter) || !net)
			continue;
		k->leaf[k->leaves++] = (struct lane_leaf){
			.net_pence = net,
			.fy = (uint32_t)(quarter_fy(t->cell[i].quarter) - k->model->fy),
			.is_counted = true,
		};
		b->leaves++;
		k->a->most_pence += size_of(net);
	}
}

static void bound_rows(struct packing *k)
{
	struct lane_asset *a = k->a;

	a->first_fy = UINT32_MAX;
	for (uint32_t i = 0; i < k->leaves; i++) {
		const struct lane_leaf *l = &k->leaf[i];

		if (!l->is_counted)
			continue;
		a->first_fy = l->fy < a->first_fy ? l->fy : a->first_fy;
		a->end_fy = l->fy >= a->end_fy ? l->fy + 1 : a->end_fy;
	}
	if (!a->end_fy)
		a->first_fy = 0;
}

/* Leaves that there may be at most; a branch has no more spans than leaves. */
static size_t most_leaves(const struct simulation_asset *s, const struct projection_outcome *o)
{
	size_t most;

	if (!s)
		return o->baseline.cells + o->adjusted.cells;
	most = s->market_ppm ? (size_t)s->baseline.steps + s->market.steps : 0;
	for (uint32_t i = 0; i < s->holding; i++)
		most += s->request[s->hold[i].request].steps;
	for (uint32_t i = 0; i < s->others; i++)
		most += s->request[s->other[i].request].steps;
	return most;
}

static void place(struct packing *k, size_t leaves, size_t branches,
		  const struct projection_asset *a)
{
	struct projection_owner *owner;

	k->branch = (struct lane_branch *)(k->a + 1);
	k->leaf = (struct lane_leaf *)(k->branch + branches);
	k->span = (struct lane_span *)(k->leaf + leaves);
	owner = (struct projection_owner *)(k->span + leaves);
	if (a->owners)
		memcpy(owner, a->owner, a->owners * sizeof(*owner));
	k->a->branch = k->branch;
	k->a->leaf = k->leaf;
	k->a->span = k->span;
	k->a->owner = owner;
	k->a->owners = a->owners;
}

struct lane_asset *lane_pack(const struct projection_model *m, const struct projection_asset *a,
			     const struct simulation_asset *s, const struct projection_outcome *o)
{
	size_t leaves = most_leaves(s, o);
	size_t branches = LANE_REQUEST + (s ? (size_t)s->holding + s->others : 0);
	size_t bytes = sizeof(struct lane_asset) + branches * sizeof(struct lane_branch) +
		       leaves * (sizeof(struct lane_leaf) + sizeof(struct lane_span)) +
		       a->owners * sizeof(struct projection_owner);
	struct packing k = {.model = m, .a = calloc(1, bytes)};

	if (!k.a)
		return NULL;
	k.a->bytes = bytes;
	k.a->id = a->id;
	k.a->key[SIMULATION_CPP] = a->cpp;
	k.a->key[SIMULATION_LOCALITY] = a->locality;
	k.a->key[SIMULATION_DECILE] = a->decile;
	k.a->key[SIMULATION_CLASS] = a->class;
	place(&k, leaves, branches, a);
	if (s) {
		pack_tree(&k, s);
	} else {
		k.a->is_completed = true;
		pack_track(&k, &o->baseline);
		pack_track(&k, &o->adjusted);
	}
	bound_rows(&k);
	return k.a;
}

void lane_field_seed(struct lane_field *f, uint64_t seed)
{
	uint32_t low = (uint32_t)seed, high = (uint32_t)(seed >> 32);

	f->seed = seed;
	for (size_t i = 0; i < LANE_ROUNDS; i++) {
		f->key[0][i] = low;
		f->key[1][i] = high;
		low += PHILOX_W32_0;
		high += PHILOX_W32_1;
	}
}
