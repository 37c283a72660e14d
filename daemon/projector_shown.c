/*
 * The rules of projector_shown.h. Each looks at the numbers of assets anew: they are in memory,
 * and a figure asked for now and then is no reason to keep what it followed from.
 *
 * On the projector's thread, or a run's with a book of its own. A further dimension needs nothing
 * here while it is a ROLLUP of projection.def: the rules go by dimension and key.
 */
#include "projector_shown.h"

#include "libassets/arena.h"
#include "libassets/err.h"

/* One figure's place: when. */
struct slot {
	enum view_slot kind;
	int32_t n;
};

static uint32_t assets(const struct shown_to *to, enum rollup_dim dim, uint32_t key, struct slot s)
{
	return view_assets(to->view, dim, key, to->scenario, s.kind, s.n);
}

/* Rule 2 among parts of a whole: what was seen of them so far. */
struct parts {
	bool is_any_held, is_any_known;
	uint32_t least_assets; /* of those that could be shown; 0: there is none */
	uint32_t least;
};

/* Of the keys of a dimension at one time: the same for each key that is asked about. */
struct shown_parts {
	bool is_known;
	struct parts parts;
};

static void own_find(struct shown_to *to, const struct projector_reader *r)
{
	uint32_t own;

	for (uint32_t i = 0; i < to->book->partner.count; i++)
		to->money[i] = r->is_everywhere;
	for (size_t i = 0; i < r->authorities; i++) {
		if (names_find(&to->book->partner, r->authority_id[i], &own) == 0)
			to->money[own] = true;
	}
}

/* The total, the quarters, the years. */
static uint32_t slots_of(const struct rollup *r)
{
	return 1 + (uint32_t)(r->end_quarter - r->first_quarter) +
	       (uint32_t)(quarter_fy(r->end_quarter - 1) - quarter_fy(r->first_quarter)) + 1;
}

int shown_init(struct shown_to *ret_to, const struct book *b, const struct projector_question *q,
	       struct arena *arena)
{
	struct shown_to *to = ret_to;
	const struct cpp_member *m = b->member;

	*to = (struct shown_to){
		.book = b,
		.view = &b->live,
		.scenario = q->scenario,
		.money = ARENA_ARRAY(arena, b->partner.count + 1, bool),
		.totals = ARENA_ARRAY(arena, b->partner.count + 1, bool),
		.cpp = ARENA_ARRAY(arena, b->cpp.count + 1, bool),
		.is_everywhere = q->reader.is_everywhere,
		.is_nobody = !q->reader.is_everywhere && !q->reader.authorities,
	};
	to->slots = slots_of(&b->live.sums);
	to->parts = ARENA_ARRAY(arena, (size_t)ROLLUPS * to->slots, struct shown_parts);
	if (!to->money || !to->totals || !to->cpp || !to->parts)
		return ERR_NOMEM;
	own_find(to, &q->reader);
	for (uint32_t i = 0; i < b->members; i++)
		to->cpp[m[i].cpp] |= to->money[m[i].partner];
	for (uint32_t i = 0; i < b->partner.count; i++)
		to->totals[i] = to->money[i];
	for (uint32_t i = 0; i < b->members; i++)
		to->totals[m[i].partner] |= to->cpp[m[i].cpp];
	return 0;
}

bool shown_reads(const struct shown_to *to, enum rollup_dim dim, uint32_t key)
{
	if (to->is_everywhere)
		return true;
	if (dim == ROLLUP_PARTNER)
		return key < to->book->partner.count && to->totals[key];
	return dim == ROLLUP_CPP && key < to->book->cpp.count && to->cpp[key];
}

static void parts_add(struct parts *p, uint32_t part, uint32_t assets, bool is_known)
{
	if (!assets)
		return;
	if (is_known) {
		p->is_any_known = true;
	} else if (assets < VIEW_PUBLIC_LEAST) {
		p->is_any_held = true;
	} else if (!p->least_assets || assets <= p->least_assets) { /* sooner a later year */
		p->least_assets = assets;
		p->least = part;
	}
}

/* Is this part, which could be shown, held back for another's sake? */
static bool is_given_up(const struct parts *p, uint32_t part)
{
	return p->is_any_held && p->least_assets && p->least == part;
}

/* Rule 3. */
static bool is_whole_told(const struct parts *p)
{
	return p->is_any_held && !p->least_assets && p->is_any_known;
}

/* Where the parts of a dimension at a time are kept; NULL for a time that there is not. */
static struct shown_parts *kept_parts(const struct shown_to *to, enum rollup_dim dim, struct slot s)
{
	const struct rollup *r = &to->view->sums;
	int32_t quarters = r->end_quarter - r->first_quarter, n = 0;

	if (s.kind == VIEW_QUARTER)
		n = 1 + s.n - r->first_quarter;
	else if (s.kind == VIEW_YEAR)
		n = 1 + quarters + s.n - quarter_fy(r->first_quarter);
	if (s.kind != VIEW_TOTAL &&
	    (n <= 0 || (uint32_t)n >= to->slots || (s.kind == VIEW_QUARTER && n > quarters)))
		return NULL;
	return &to->parts[(size_t)dim * to->slots + (uint32_t)n];
}

static struct parts parts_of_dim(const struct shown_to *to, enum rollup_dim dim, struct slot s)
{
	struct shown_parts *kept = kept_parts(to, dim, s);
	struct parts p = {0};

	if (kept && kept->is_known)
		return kept->parts;
	for (uint32_t key = 0; key < rollup_keys(&to->view->sums, dim); key++) {
		uint32_t n = assets(to, dim, key, s);

		if (n)
			parts_add(&p, key, n, shown_reads(to, dim, key));
	}
	if (kept)
		*kept = (struct shown_parts){true, p};
	return p;
}

/* Rules 1 to 3 at one time, across the keys of a dimension; of the register across each. */
static bool is_shown_at(const struct shown_to *to, enum rollup_dim dim, uint32_t key, struct slot s)
{
	struct parts p;

	if (shown_reads(to, dim, key))
		return true;
	if (assets(to, dim, key, s) < VIEW_PUBLIC_LEAST)
		return false;
	if (dim != ROLLUP_ALL) {
		p = parts_of_dim(to, dim, s);
		return !is_given_up(&p, key);
	}
	for (enum rollup_dim d = 0; d < ROLLUPS && !to->is_nobody; d++) {
		p = parts_of_dim(to, d, s);
		if (is_whole_told(&p))
			return false;
	}
	return true;
}

bool shown_total(const struct shown_to *to, enum rollup_dim dim, uint32_t key)
{
	return is_shown_at(to, dim, key, (struct slot){VIEW_TOTAL, 0});
}

/* The parts of a series: `count` years or quarters from `first` on. */
static bool is_shown_among(const struct shown_to *to, enum rollup_dim dim, uint32_t key,
			   struct slot asked, int32_t first, int32_t count)
{
	struct parts p = {0};
	bool is_here = is_shown_at(to, dim, key, asked);

	for (int32_t n = first; is_here && n < first + count; n++) {
		struct slot s = {asked.kind, n};
		uint32_t there = assets(to, dim, key, s);

		/* Held back across the keys it stands in for whatever else is held back here. */
		if (there >= VIEW_PUBLIC_LEAST && !is_shown_at(to, dim, key, s))
			return true;
		parts_add(&p, (uint32_t)(n - first), there, false);
	}
	return is_here && !is_given_up(&p, (uint32_t)(asked.n - first));
}

bool shown_year(const struct shown_to *to, enum rollup_dim dim, uint32_t key, int32_t fy)
{
	const struct rollup *r = &to->view->sums;
	int32_t first = quarter_fy(r->first_quarter);

	if (shown_reads(to, dim, key))
		return true;
	return is_shown_among(to, dim, key, (struct slot){VIEW_YEAR, fy}, first,
			      quarter_fy(r->end_quarter - 1) - first + 1);
}

bool shown_quarter(const struct shown_to *to, enum rollup_dim dim, uint32_t key, int32_t quarter)
{
	const int32_t first = quarter - quarter % 4;

	if (shown_reads(to, dim, key))
		return true;
	return shown_year(to, dim, key, quarter_fy(quarter)) &&
	       is_shown_among(to, dim, key, (struct slot){VIEW_QUARTER, quarter}, first, 4);
}
