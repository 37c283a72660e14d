/*
 * The queue worked off, block by block of the paths. Assets that stand side by side and add to the
 * same nodes are summed up first in rows that stay in the cache, and carried to their nodes
 * together. What several owners share is divided path by path: of each track by itself, for a
 * divided difference is not a difference of parts.
 */
#include <stdlib.h>

#include "libassets/base/err.h"
#include "simulation_private.h"

enum track { TRACK_BASELINE, TRACK_OTHER };

/* Who works a block off. */
struct worker {
	struct simulation *s;
	struct lane_field f;
	int32_t *factor;                        /* by beta, year of the walk, path of the block */
	bool *has_factor;                       /* by beta, year */
	int64_t units[PROJECTION_OWNERS_MAX];   /* of the asset that is being divided */
	int64_t part[2][PROJECTION_OWNERS_MAX]; /* by track, owner */
	const struct simulation_rows *rows[PROJECTION_OWNERS_MAX]; /* by owner; NULL: not kept */
	/* What is summed up and not carried away: nothing, or of assets such as `like`. */
	const struct lane_asset *like;
	uint32_t first_fy, end_fy;
	bool has_other;
};

static int worker_init(struct worker *w, struct simulation *s)
{
	size_t row = LANE_BLOCK;

	*w = (struct worker){.s = s};
	w->f.sigma_asset_ppm = s->sigma_asset_ppm;
	w->f.floor_ppm = s->floor_ppm;
	lane_field_seed(&w->f, s->plan.seed);
	w->f.baseline = calloc(s->fys * row, sizeof(*w->f.baseline));
	w->f.other = calloc(s->fys * row, sizeof(*w->f.other));
	w->factor = calloc((size_t)s->betas * s->walk_years * row, sizeof(*w->factor));
	w->has_factor = calloc((size_t)s->betas * s->walk_years, sizeof(*w->has_factor));
	return w->f.baseline && w->f.other && w->factor && w->has_factor ? 0 : ERR_NOMEM;
}

static void worker_done(struct worker *w)
{
	free(w->f.baseline);
	free(w->f.other);
	free(w->factor);
	free(w->has_factor);
}

/* The price's factor without its own luck: for each beta and year once a block. */
static void factor_of(struct worker *w, int64_t beta_ppm, uint32_t year, int32_t *ret)
{
	const int32_t *market = w->s->market + (size_t)year * w->s->room + w->f.path;

	for (uint32_t i = 0; i < w->f.paths; i++)
		ret[i] = (int32_t)(PPM + exact_rdiv_even(beta_ppm * market[i], PPM));
}

static void factors(struct worker *w, const struct lane_asset *a)
{
	size_t first = (size_t)a->beta * w->s->walk_years;
	uint32_t last = w->s->walk_years - 1;

	w->f.factor = w->factor + first * LANE_BLOCK;
	/* What lies beyond the horizon is priced with whatever stands there, and counts nowhere. */
	for (uint32_t fy = a->first_fy; a->has_shock && fy < a->end_fy; fy++) {
		uint32_t year = fy < last ? fy : last;

		if (w->has_factor[first + year])
			continue;
		factor_of(w, w->s->beta[a->beta], year, w->factor + (first + year) * LANE_BLOCK);
		w->has_factor[first + year] = true;
	}
}

/* --- to the nodes --------------------------------------------------------------------------- */

/* A row that is not there is one to which nobody of those that were summed up has added. */
static void add_row(int64_t *row, uint32_t at, const int64_t *from, uint32_t n, bool is_taken_away)
{
	uint64_t *sum = row ? (uint64_t *)row + at : NULL;
	const uint64_t *more = (const uint64_t *)from;

	if (!row)
		return;
	if (is_taken_away) {
		for (uint32_t i = 0; i < n; i++)
			sum[i] -= more[i];
	} else {
		for (uint32_t i = 0; i < n; i++)
			sum[i] += more[i];
	}
}

static void carry_to(const struct worker *w, enum simulation_dim dim, uint32_t key)
{
	const struct simulation_rows *rows = &w->s->dim[dim].at[key].rows;
	bool is_away = w->like->is_taken_away;

	for (uint32_t fy = w->first_fy; fy < w->end_fy; fy++) {
		size_t at = (size_t)fy * LANE_BLOCK;

		add_row(rows->baseline[fy], w->f.path, w->f.baseline + at, w->f.paths, is_away);
		if (w->has_other)
			add_row(rows->other[fy], w->f.path, w->f.other + at, w->f.paths, is_away);
	}
}

static void clear(struct worker *w)
{
	size_t at = (size_t)w->first_fy * LANE_BLOCK;
	size_t bytes = (size_t)(w->end_fy - w->first_fy) * LANE_BLOCK * sizeof(int64_t);

	if (w->like) {
		memset(w->f.baseline + at, 0, bytes);
		memset(w->f.other + at, 0, bytes);
	}
	w->like = NULL;
}

static bool keeps(const struct lane_asset *a, enum simulation_dim dim)
{
	return a->kept >> dim & 1;
}

/* To all nodes but the owners'. */
static void carry_whole(const struct worker *w)
{
	for (enum simulation_dim d = 0; d < SIMULATION_DIMS; d++) {
		if (d != SIMULATION_PARTNER && keeps(w->like, d))
			carry_to(w, d, w->like->key[d]);
	}
}

/* What was summed up of assets with one owner, to their nodes and that owner's. */
static void carry(struct worker *w)
{
	if (w->like) {
		carry_whole(w);
		if (keeps(w->like, SIMULATION_PARTNER))
			carry_to(w, SIMULATION_PARTNER, w->like->owner[0].partner);
	}
	clear(w);
}

static bool is_alike(const struct lane_asset *x, const struct lane_asset *y)
{
	bool is = x->kept == y->kept && x->is_taken_away == y->is_taken_away;

	for (enum simulation_dim d = 0; d < SIMULATION_DIMS && is; d++)
		is = !keeps(x, d) || x->key[d] == y->key[d];
	return is && (!keeps(x, SIMULATION_PARTNER) || x->owner[0].partner == y->owner[0].partner);
}

/* The rows of this asset belong to what is summed up from now on. */
static void reckon_in(struct worker *w, const struct lane_asset *a)
{
	if (!w->like) {
		w->like = a;
		w->first_fy = a->first_fy;
		w->end_fy = a->end_fy;
		w->has_other = false;
	}
	w->first_fy = a->first_fy < w->first_fy ? a->first_fy : w->first_fy;
	w->end_fy = a->end_fy > w->end_fy ? a->end_fy : w->end_fy;
	w->has_other |= !a->is_same;
}

/* --- assets --------------------------------------------------------------------------------- */

static void run_one(struct worker *w, const struct lane_asset *a)
{
	w->f.is_other_apart = a->owners > 1;
	factors(w, a);
	(a->is_wide ? lane_wide : w->s->kernel)(a, &w->f);
}

static void share_begin(struct worker *w, const struct lane_asset *a)
{
	for (uint32_t i = 0; i < a->owners; i++) {
		uint32_t partner = a->owner[i].partner;

		w->units[i] = a->owner[i].units;
		w->rows[i] = scope_keeps(w->s->plan.scope, SIMULATION_PARTNER, partner)
				     ? &w->s->dim[SIMULATION_PARTNER].at[partner].rows
				     : NULL;
	}
}

/* money_apportion() of two: the first has its share rounded half up, the second what is left. */
static void share_two(const int64_t units[2], int64_t net_pence, int64_t ret_part[2])
{
	uint64_t size = net_pence < 0 ? -(uint64_t)net_pence : (uint64_t)net_pence;
	uint64_t all = (uint64_t)(units[0] + units[1]);
	uint64_t first = (2 * size * (uint64_t)units[0] + all) / (2 * all);

	ret_part[0] = (int64_t)(net_pence < 0 ? -first : first);
	ret_part[1] = net_pence - ret_part[0];
}

static bool is_small(int64_t net_pence, const int64_t units[2])
{
	const int64_t most = INT64_C(1) << 45, most_units = 1 << 16;

	return net_pence > -most && net_pence < most && units[0] < most_units &&
	       units[1] < most_units && units[0] + units[1] > 0;
}

/* The parts of an amount, over all owners. */
static const int64_t *share(struct worker *w, const struct lane_asset *a, int64_t net_pence,
			    enum track track)
{
	int64_t *part = w->part[track];

	if (a->owners == 2 && is_small(net_pence, w->units))
		share_two(w->units, net_pence, part);
	else if (!net_pence || money_apportion(net_pence, w->units, a->owners, part) < 0)
		memset(part, 0,
		       a->owners * sizeof(*part)); /* no units: an error status, not here */
	return part;
}

/* An amount that is the same on every path, on one track, to one node. */
static void put_everywhere(const struct worker *w, const struct simulation_rows *r, uint32_t fy,
			   bool is_baseline, int64_t pence)
{
	for (uint32_t i = w->f.path; i < w->f.path + w->f.paths; i++) {
		uint64_t *base = (uint64_t *)r->baseline[fy] + i;
		uint64_t *other = (uint64_t *)r->other[fy] + i;

		*base += is_baseline ? (uint64_t)pence : 0;
		*other += is_baseline ? (uint64_t)pence : -(uint64_t)pence;
	}
}

/* What came in of an asset that is gone: cell by cell, as each is divided by itself. */
static void run_completed(struct worker *w, const struct lane_asset *a)
{
	share_begin(w, a);
	for (uint32_t track = 0; track < a->branches; track++) {
		const struct lane_branch *b = a->branch + track;
		bool is_baseline = track == LANE_BASELINE;

		for (uint32_t k = b->leaf; k < b->leaf + b->leaves; k++) {
			int64_t size = a->leaf[k].net_pence, net = a->is_taken_away ? -size : size;
			const int64_t *part = share(w, a, net, TRACK_BASELINE);
			uint32_t fy = a->leaf[k].fy;

			for (enum simulation_dim d = 0; d < SIMULATION_DIMS; d++) {
				if (d != SIMULATION_PARTNER && keeps(a, d))
					put_everywhere(w, &w->s->dim[d].at[a->key[d]].rows, fy,
						       is_baseline, net);
			}
			for (uint32_t i = 0; i < a->owners; i++) {
				if (w->rows[i])
					put_everywhere(w, w->rows[i], fy, is_baseline, part[i]);
			}
		}
	}
}

/* Sums of one path and year to the owners; other: minus the adjusted track, which is parted too. */
static void share_path(struct worker *w, const struct lane_asset *a, uint32_t fy, uint32_t i)
{
	size_t at = (size_t)fy * LANE_BLOCK + i;
	const int64_t *base, *other;
	uint64_t sign = a->is_taken_away ? UINT64_MAX : 1;

	if (!w->f.baseline[at] && !w->f.other[at])
		return;
	base = share(w, a, w->f.baseline[at], TRACK_BASELINE);
	other = share(w, a, a->is_same ? 0 : w->f.other[at], TRACK_OTHER);
	for (uint32_t k = 0; k < a->owners; k++) {
		const struct simulation_rows *r = w->rows[k];
		uint64_t *sum;

		if (!r)
			continue;
		sum = (uint64_t *)r->baseline[fy] + w->f.path + i;
		*sum += sign * (uint64_t)base[k];
		if (a->is_same)
			continue;
		sum = (uint64_t *)r->other[fy] + w->f.path + i;
		*sum += sign * ((uint64_t)base[k] + (uint64_t)other[k]);
	}
}

static void run_shared(struct worker *w, const struct lane_asset *a)
{
	carry(w);
	reckon_in(w, a);
	run_one(w, a);
	share_begin(w, a);
	for (uint32_t fy = a->first_fy; fy < a->end_fy && keeps(a, SIMULATION_PARTNER); fy++) {
		for (uint32_t i = 0; i < w->f.paths; i++)
			share_path(w, a, fy, i);
	}
	for (uint32_t fy = a->first_fy; fy < a->end_fy && !a->is_same; fy++)
		add_row(w->f.other + (size_t)fy * LANE_BLOCK, 0,
			w->f.baseline + (size_t)fy * LANE_BLOCK, w->f.paths, false);
	carry_whole(w);
	clear(w);
}

static void run_sole(struct worker *w, const struct lane_asset *a)
{
	if (w->like && !is_alike(w->like, a))
		carry(w);
	reckon_in(w, a);
	run_one(w, a);
}

static void run_block(struct worker *w, uint32_t block)
{
	struct simulation *s = w->s;

	w->f.path = block * LANE_BLOCK;
	w->f.paths = s->room - w->f.path < LANE_BLOCK ? s->room - w->f.path : LANE_BLOCK;
	memset(w->has_factor, 0, (size_t)s->betas * s->walk_years * sizeof(*w->has_factor));
	for (uint32_t i = 0; i < s->queued; i++) {
		const struct lane_asset *a = s->queue[i];

		if (a->is_completed)
			run_completed(w, a);
		else if (a->owners > 1)
			run_shared(w, a);
		else
			run_sole(w, a);
	}
	carry(w);
}

uint32_t simulation_blocks(const struct simulation *s)
{
	return (s->room + LANE_BLOCK - 1) / LANE_BLOCK;
}

int simulation_run(struct simulation *s, uint32_t from, uint32_t to, const _Atomic bool *is_over)
{
	struct worker w;
	int r;

	if (!s->queued)
		return 0;
	r = worker_init(&w, s);
	for (uint32_t block = from; block < to && r == 0; block++) {
		if (is_over && *is_over)
			r = ERR_DRAINING;
		else
			run_block(&w, block);
	}
	worker_done(&w);
	return r;
}
