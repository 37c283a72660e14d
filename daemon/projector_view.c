/*
 * Presence is counted beside the sums: an asset counts once in each quarter, each year and
 * the total in which it has a cell on either track, for each key it belongs to.
 *
 * What is sold is no longer private (its price is in the accounts), so it hides nobody: it
 * counts in the sums and not among those behind them.
 */
#include "projector_view.h"

#include <stdlib.h>
#include <string.h>

#include "libassets/err.h"

struct presence {
	int32_t first_quarter, end_quarter;
	uint32_t slots; /* quarters, then years, then the total */
	struct {
		uint32_t *count; /* keys × SCENARIOS × slots */
		uint32_t keys;
	} dim[ROLLUPS];
};

/* Which slots an asset is in, in one scenario. */
struct marks {
	bool at[PROJECTION_QUARTERS + PROJECTION_FYS + 1];
};

static uint32_t quarters(const struct presence *p)
{
	return (uint32_t)(p->end_quarter - p->first_quarter);
}

static uint32_t year_slot(const struct presence *p, int32_t fy)
{
	return quarters(p) + (uint32_t)(fy - quarter_fy(p->first_quarter));
}

int view_init(struct view *v, const struct projection_model *m)
{
	struct presence *p = calloc(1, sizeof(*p));

	if (!p)
		return ERR_NOMEM;
	p->first_quarter = m->first_quarter;
	p->end_quarter = m->end_quarter;
	p->slots = year_slot(p, quarter_fy(p->end_quarter - 1)) + 2;
	v->presence = p;
	rollup_init(&v->sums, m);
	return 0;
}

void view_done(struct view *v)
{
	if (!v->presence)
		return;
	for (size_t d = 0; d < ROLLUPS; d++)
		free(v->presence->dim[d].count);
	free(v->presence);
	v->presence = NULL;
	rollup_done(&v->sums);
}

static int reserve(struct presence *p, enum rollup_dim dim, uint32_t keys)
{
	size_t row = (size_t)SCENARIOS * p->slots;
	uint32_t had = p->dim[dim].keys, room = had;
	uint32_t *count;

	if (keys <= had)
		return 0;
	while (room < keys)
		room = room ? 2 * room : 4;
	count = reallocarray(p->dim[dim].count, room, row * sizeof(*count));
	if (!count)
		return ERR_NOMEM;
	memset(count + had * row, 0, (room - had) * row * sizeof(*count));
	p->dim[dim].count = count;
	p->dim[dim].keys = room;
	return 0;
}

/* Marked first and then counted: an asset with ten cells in a year is one asset there. */
static void mark(const struct presence *p, const struct projection_track *t, struct marks *m)
{
	for (size_t i = 0; i < t->cells; i++) {
		int32_t q = t->cell[i].quarter;

		if (q < p->first_quarter || q >= p->end_quarter)
			continue;
		m->at[q - p->first_quarter] = true;
		m->at[year_slot(p, quarter_fy(q))] = true;
		m->at[p->slots - 1] = true;
	}
}

static void count_key(struct presence *p, enum rollup_dim dim, uint32_t key,
		      enum projection_scenario s, const struct marks *m, int sign)
{
	uint32_t *count = &p->dim[dim].count[((size_t)key * SCENARIOS + s) * p->slots];

	for (uint32_t i = 0; i < p->slots; i++) {
		if (m->at[i])
			count[i] += (uint32_t)sign;
	}
}

static int keys_reserve(struct presence *p, const struct projection_asset *a)
{
	int r = reserve(p, ROLLUP_ALL, 1);

	if (r == 0)
		r = reserve(p, ROLLUP_CLASS, a->class + 1);
	if (r == 0)
		r = reserve(p, ROLLUP_CPP, a->cpp + 1);
	if (r == 0)
		r = reserve(p, ROLLUP_DECILE, a->decile + 1U);
	if (r == 0)
		r = reserve(p, ROLLUP_LOCALITY, a->locality + 1);
	for (uint32_t i = 0; i < a->owners && r == 0; i++)
		r = reserve(p, ROLLUP_PARTNER, a->owner[i].partner + 1);
	return r;
}

static void count_asset(struct presence *p, const struct projection_asset *a,
			const struct projection_result *r, int sign)
{
	for (enum projection_scenario s = 0; s < SCENARIOS; s++) {
		struct marks m = {0};

		mark(p, &r->outcome[s].baseline, &m);
		mark(p, &r->outcome[s].adjusted, &m);
		count_key(p, ROLLUP_ALL, 0, s, &m, sign);
		count_key(p, ROLLUP_CLASS, a->class, s, &m, sign);
		count_key(p, ROLLUP_CPP, a->cpp, s, &m, sign);
		count_key(p, ROLLUP_DECILE, a->decile, s, &m, sign);
		count_key(p, ROLLUP_LOCALITY, a->locality, s, &m, sign);
		for (uint32_t i = 0; i < a->owners; i++) {
			/* An owner without a part has no cell to stand behind. */
			if (a->owner[i].units > 0)
				count_key(p, ROLLUP_PARTNER, a->owner[i].partner, s, &m, sign);
		}
	}
}

int view_move(struct view *v, const struct projection_asset *a, const struct projection_result *r,
	      bool is_sold, int sign)
{
	int err = 0;

	/* Room first, sums next, presence last: what fails leaves all three as they were. */
	if (!is_sold && !projection_is_error(r->status))
		err = keys_reserve(v->presence, a);
	if (err == 0)
		err = sign > 0 ? rollup_add(&v->sums, a, r) : rollup_subtract(&v->sums, a, r);
	if (err == 0 && !is_sold && !projection_is_error(r->status))
		count_asset(v->presence, a, r, sign);
	return err;
}

uint32_t view_assets(const struct view *v, enum rollup_dim dim, uint32_t key,
		     enum projection_scenario scenario, enum view_slot slot, int32_t n)
{
	const struct presence *p = v->presence;
	uint32_t i = p->slots - 1;

	if (key >= p->dim[dim].keys)
		return 0;
	if (slot == VIEW_QUARTER && n >= p->first_quarter && n < p->end_quarter)
		i = (uint32_t)(n - p->first_quarter);
	else if (slot == VIEW_YEAR && n >= quarter_fy(p->first_quarter) &&
		 n <= quarter_fy(p->end_quarter - 1))
		i = year_slot(p, n);
	else if (slot != VIEW_TOTAL)
		return 0;
	return p->dim[dim].count[((size_t)key * SCENARIOS + scenario) * p->slots + i];
}
