/*
 * Another figure for everybody is a row of slot_table, in the order of what matters more: what
 * comes first is told, and later ones only where they leave the earlier ones sound.
 */
#include "projector_atoms.h"

#include <stdio.h>
#include <stdlib.h>

#include "libassets/base/err.h"

static const enum rollup_dim cell_dim[] = {
	ROLLUP_CPP, ROLLUP_PARTNER, ROLLUP_LOCALITY, ROLLUP_CLASS, ROLLUP_DECILE,
};

static const struct slot {
	enum rollup_dim dim;
	bool is_year;
} slot_table[DISCLOSURE_SLOTS] = {
	{ROLLUP_ALL, false},      {ROLLUP_CPP, false},   {ROLLUP_PARTNER, false},
	{ROLLUP_ALL, true},       {ROLLUP_CPP, true},    {ROLLUP_PARTNER, true},
	{ROLLUP_LOCALITY, false}, {ROLLUP_CLASS, false}, {ROLLUP_DECILE, false},
	{ROLLUP_LOCALITY, true},  {ROLLUP_CLASS, true},
};

void atoms_init(struct atoms *a, struct names *figure)
{
	*a = (struct atoms){.figure = figure};
}

void atoms_renamed(struct atoms *a)
{
	free(TAKE(a->cell));
	free(TAKE(a->key));
	free(TAKE(a->slot));
	a->cells = a->cell_room = 0;
	a->book = NULL;
}

void atoms_forget(struct atoms *a)
{
	for (enum public_family f = 0; f < PUBLIC_FAMILIES; f++) {
		free(a->of[f].unit);
		free(a->of[f].atom);
		a->of[f] = (struct atoms_of){0};
	}
	owned_done(&a->now);
	owned_done(&a->was);
	owned_done(&a->less);
	readers_done(&a->readers);
	free(TAKE(a->plain));
	free(TAKE(a->there));
	a->theres = 0;
}

void atoms_done(struct atoms *a)
{
	atoms_forget(a);
	atoms_renamed(a);
}

struct disclosure_now atoms_now(const struct atoms *a, enum public_family f)
{
	return (struct disclosure_now){
		.cell = a->cell,
		.cells = a->cells,
		.unit = a->of[f].unit,
		.units = a->of[f].units,
		.atom = a->of[f].atom,
		.atoms = a->of[f].atoms,
		.knowers = readers_knowers(&a->readers),
	};
}

/* --- cells -------------------------------------------------------------------------------------
 */

void atoms_figure_name(const struct book *b, enum rollup_dim dim, uint32_t key, int32_t fy,
		       char ret[FIGURE_NAME_MAX])
{
	const struct names *names = dim == ROLLUP_CPP        ? &b->cpp
				    : dim == ROLLUP_PARTNER  ? &b->partner
				    : dim == ROLLUP_LOCALITY ? &b->locality
				    : dim == ROLLUP_CLASS    ? &b->class
							     : NULL;
	struct str name = names && key < names->count ? names->at[key] : STR("");

	(void)snprintf(ret, FIGURE_NAME_MAX, "%d/%d/%u/%.*s", (int)dim, fy, names ? 0 : key,
		       (int)name.len, name.at);
}

static int figures_of(const struct atoms *a, const struct cell_key *key,
		      struct disclosure_cell *ret)
{
	char name[FIGURE_NAME_MAX];
	int r = 0;

	for (int s = 0; s < DISCLOSURE_SLOTS && r == 0; s++) {
		uint32_t of = 0, number = 0;

		for (size_t i = 0; i < COUNT(cell_dim); i++)
			of = cell_dim[i] == slot_table[s].dim ? key->of[i] : of;
		atoms_figure_name(a->book, slot_table[s].dim, of,
				  slot_table[s].is_year ? key->fy : PUBLIC_ALL_YEARS, name);
		r = names_number(a->figure, str_of(name), &number);
		ret->figure[s] = number + 1;
	}
	return r;
}

static uint32_t *slot_of(const struct atoms *a, const struct cell_key *key)
{
	uint64_t hash = (uint32_t)key->fy;
	size_t i;

	for (size_t d = 0; d < COUNT(key->of); d++)
		hash = (hash ^ hash >> 29 ^ key->of[d]) * UINT64_C(0x9e3779b97f4a7c15);
	for (i = hash >> 20; a->slot[i % (2 * a->cell_room)]; i++) {
		if (memcmp(&a->key[a->slot[i % (2 * a->cell_room)] - 1], key, sizeof(*key)) == 0)
			break;
	}
	return &a->slot[i % (2 * a->cell_room)];
}

static int reserve_cell(struct atoms *a)
{
	size_t room = a->cell_room ? 2 * a->cell_room : 256;
	struct disclosure_cell *cell;
	struct cell_key *key;

	if (a->cells < a->cell_room)
		return 0;
	cell = reallocarray(a->cell, room, sizeof(*cell));
	a->cell = cell ? cell : a->cell;
	key = reallocarray(a->key, room, sizeof(*key));
	a->key = key ? key : a->key;
	free(a->slot);
	a->slot = calloc(2 * room, sizeof(*a->slot));
	a->cell_room = room;
	if (!cell || !key || !a->slot) {
		atoms_renamed(a);
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < a->cells; i++)
		*slot_of(a, &a->key[i]) = (uint32_t)i + 1;
	return 0;
}

static int cell_of(struct atoms *a, const struct held *h, uint32_t partner, int32_t fy,
		   uint32_t *ret_cell)
{
	struct cell_key key = {.fy = fy};
	int r = reserve_cell(a);
	uint32_t *slot;

	if (r < 0)
		return r;
	for (size_t i = 0; i < COUNT(cell_dim); i++)
		key.of[i] = book_key(h, cell_dim[i], partner);
	slot = slot_of(a, &key);
	if (!*slot) {
		r = figures_of(a, &key, &a->cell[a->cells]);
		if (r < 0)
			return r;
		a->cell[a->cells].hands = partner;
		a->key[a->cells] = key;
		*slot = (uint32_t)++a->cells;
	}
	*ret_cell = *slot - 1;
	return 0;
}

/* --- amounts -----------------------------------------------------------------------------------
 */

/* Room for one more of `size` bytes. */
static int reserve(void **at, size_t count, size_t *room, size_t size)
{
	size_t more = *room ? 2 * *room : 1024;
	void *grown;

	if (count < *room)
		return 0;
	grown = reallocarray(*at, more, size);
	if (!grown)
		return ERR_NOMEM;
	*at = grown;
	*room = more;
	return 0;
}

static int add_unit(struct atoms_of *to, const struct disclosure_unit *unit)
{
	void *at = to->unit;
	int r = reserve(&at, to->units, &to->unit_room, sizeof(*to->unit));

	to->unit = at;
	if (r == 0)
		to->unit[to->units++] = *unit;
	return r;
}

static int add_atom(struct atoms_of *to, const struct disclosure_atom *atom)
{
	void *at = to->atom;
	int r = reserve(&at, to->atoms, &to->atom_room, sizeof(*to->atom));

	to->atom = at;
	if (r == 0)
		to->atom[to->atoms++] = *atom;
	return r;
}

/* One asset in one year, of one family. */
struct part {
	const struct held *held;
	enum public_family family;
	uint32_t asset;
	int32_t fy;
	uint32_t hands;
	uint64_t whose, worth, like; /* prints */
	struct asked_of *asked;
};

/* What was worked out of an asset beside how it is. */
struct asked_of {
	bool was, less;
};

static struct disclosure_unit unit_of(const struct part *p, int32_t fy, int64_t amount)
{
	return (struct disclosure_unit){
		.asset = p->asset,
		.hands = p->hands,
		.year = fy,
		.whose = p->whose,
		.amount = owned_amount_print(p->whose, STR(""), fy, amount),
		.facts = p->worth,
		.like = p->like,
		.is_open = p->family == PUBLIC_ADJUSTED && p->held->is_sold,
	};
}

/* Was an amount told before the rules changed? */
static bool knew_amount(const struct atoms *a, const struct atoms_past *past, const struct part *p,
			int32_t fy)
{
	int64_t was = owned_amount(&a->was, a->was.owners, fy, p->family);
	struct disclosure_unit unit = unit_of(p, fy, was);

	return was && disclosure_knows_amount(past->of[p->family], &unit);
}

/* … or, where it came into its year by them, of another year of it? */
static int follows(struct atoms *a, const struct atoms_past *past, const struct part *p, bool *ret)
{
	int32_t end = a->now.first_fy + (int32_t)a->now.years;
	int r = 0;

	*ret = false;
	if (!past->former)
		return 0;
	if (!p->asked->was)
		r = owned_work_out_other(&a->was, past->former, p->held);
	p->asked->was = true;
	if (r < 0)
		return r;
	if (owned_amount(&a->was, a->was.owners, p->fy, p->family)) {
		*ret = knew_amount(a, past, p, p->fy);
		return 0;
	}
	for (int32_t fy = a->was.first_fy; fy < end && !*ret; fy++)
		*ret = knew_amount(a, past, p, fy);
	return 0;
}

/*
 * How it moves with what the asset is worth, which alone is nobody's but the owner's. Offers and
 * terms are known to whoever makes them, agreed prices are read once the asset is sold, and what a
 * sale or a lease costs is much the same everywhere.
 */
static int find_moves(struct atoms *a, struct book *b, const struct part *p, float *ret)
{
	const struct projection_asset *in = &p->held->in;
	double now = (double)owned_amount(&a->now, a->now.owners, p->fy, p->family);
	int r = 0;

	*ret = 0;
	if (p->held->is_sold || !in->has_valuation || in->valuation.amount_pence <= 0)
		return 0;
	if (!p->asked->less)
		r = owned_work_out_less(&a->less, b, p->held);
	p->asked->less = true;
	if (r == 0 && now != 0)
		*ret = (float)(1 -
			       (double)owned_amount(&a->less, a->less.owners, p->fy, p->family) /
				       now);
	return r;
}

static int by_number(const void *x, const void *y)
{
	uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;

	return (a > b) - (a < b);
}

/* Who is told what three are worth, and of three that come when those are gone, each worth as much,
 * knows a fourth that came with them. */
static bool is_entered_anew(const struct atoms *a, const struct atoms_past *past,
			    const struct disclosure_unit *unit)
{
	return (disclosure_knows_like(past->of[PUBLIC_ADJUSTED], unit) ||
		disclosure_knows_like(past->of[PUBLIC_DIFFERENCE], unit)) &&
	       !bsearch(&unit->like, a->there, a->theres, sizeof(*a->there), by_number);
}

/* What is known of it, and whether anything is hidden in it. */
static int judge(struct atoms *a, struct book *b, const struct atoms_past *past,
		 const struct part *p, struct disclosure_unit *unit)
{
	const struct disclosure *mine = past->of[p->family];
	const struct disclosure *other =
		past->of[p->family == PUBLIC_ADJUSTED ? PUBLIC_DIFFERENCE : PUBLIC_ADJUSTED];
	int r;

	r = find_moves(a, b, p, &unit->moves);
	if (unit->moves == 0) {
		unit->facts = owned_nothing_print(p->held);
		unit->like = 0;
	}
	/* By what is read in the open, and rules that are, everybody works it out. */
	unit->is_bound = unit->moves == 0 || p->held->is_valued_openly ||
			 disclosure_knows_facts(other, unit);
	unit->is_derived = past->is_blind || disclosure_knows_amount(mine, unit) ||
			   disclosure_knows_facts(mine, unit);
	if (unit->is_derived)
		return r;
	unit->is_derived = !unit->is_bound && is_entered_anew(a, past, unit);
	return r == 0 && !unit->is_bound && !unit->is_derived
		       ? follows(a, past, p, &unit->is_derived)
		       : r;
}

static int add_owners(struct atoms *a, const struct part *p, uint32_t unit, struct atoms_of *to)
{
	const struct projection_asset *in = &p->held->in;
	int r = 0;

	for (uint32_t i = 0; i < in->owners && r == 0; i++) {
		uint32_t partner = in->owner[i].partner;
		struct str owner = in->owners > 1 ? a->book->partner.at[partner] : STR("");
		struct disclosure_atom atom = {
			.unit = unit,
			.amount = owned_amount(&a->now, i, p->fy, p->family),
		};

		if (!atom.amount)
			continue;
		atom.print = owned_amount_print(p->whose, owner, p->fy, atom.amount);
		r = cell_of(a, p->held, partner, p->fy, &atom.cell);
		if (r == 0)
			r = add_atom(to, &atom);
	}
	return r;
}

static bool has_amount(const struct atoms *a, const struct part *p)
{
	bool has = false;

	for (uint32_t i = 0; i <= a->now.owners && !has; i++)
		has = owned_amount(&a->now, i, p->fy, p->family) != 0;
	return has;
}

/* What came in for something sold is known; what had been expected for it is not. Of a whole of
 * nothing, pennies that two owners have of it are no amount that nobody could cancel. */
static int add_part(struct atoms *a, struct book *b, const struct atoms_past *past,
		    const struct part *p)
{
	struct atoms_of *to = &a->of[p->family];
	int64_t whole = owned_amount(&a->now, a->now.owners, p->fy, p->family);
	uint32_t place = (uint32_t)to->units;
	struct disclosure_unit unit;
	int r;

	if (!has_amount(a, p))
		return 0;
	unit = unit_of(p, p->fy, whole);
	r = judge(a, b, past, p, &unit);
	unit.is_bound |= !whole;
	if (r == 0)
		r = add_unit(to, &unit);
	return r == 0 ? add_owners(a, p, place, to) : r;
}

/* Is anything of it new among what was added last, from these units on? */
static bool is_new(const struct atoms_of *of, size_t from)
{
	bool is = false;

	for (size_t i = from; i < of->units && !is; i++)
		is = !of->unit[i].is_bound && !of->unit[i].is_open && !of->unit[i].is_derived;
	return is;
}

static int add_asset(struct atoms *a, struct book *b, const struct atoms_past *past, uint32_t asset)
{
	const struct held *h = b->held[asset];
	size_t adjusted = a->of[PUBLIC_ADJUSTED].units,
	       differences = a->of[PUBLIC_DIFFERENCE].units;
	struct asked_of asked = {false, false};
	struct part p = {
		.held = h,
		.asset = asset,
		.whose = owned_print(h),
		.worth = owned_worth_print(h),
		.like = owned_like_print(b, h),
		.asked = &asked,
	};
	int r = owned_work_out(&a->now, b, h);

	if (r == 0)
		r = readers_hands(&a->readers, h, &p.hands);
	for (uint32_t y = 0; y < a->now.years && r == 0; y++) {
		p.fy = a->now.first_fy + (int32_t)y;
		for (p.family = 0; p.family < PUBLIC_FAMILIES && r == 0; p.family++)
			r = add_part(a, b, past, &p);
	}
	a->plain[h->in.lead] += a->of[PUBLIC_DIFFERENCE].units == differences &&
				is_new(&a->of[PUBLIC_ADJUSTED], adjusted);
	return r;
}

/*
 * What communities take is told of new assets before what is expected, of which they are then no
 * news (atoms_bind). So it waits until their authority has enough new ones without a request, that
 * what is expected can be told as well.
 */
static void hold_differences(struct atoms *a, const struct book *b)
{
	struct atoms_of *of = &a->of[PUBLIC_DIFFERENCE];

	for (size_t i = 0; i < of->units; i++)
		of->unit[i].is_bound |=
			a->plain[b->held[of->unit[i].asset]->in.lead] < DISCLOSURE_LEAST;
}

void atoms_bind(struct atoms *a, const struct disclosure *differences)
{
	struct atoms_of *of = &a->of[PUBLIC_ADJUSTED];

	for (size_t i = 0; i < of->units; i++)
		of->unit[i].is_bound |= disclosure_knows_facts(differences, &of->unit[i]);
}

/* Which assets were told and are there; before any is looked at. */
static int find_there(struct atoms *a, const struct book *b, const struct atoms_past *past)
{
	a->there = calloc(b->room + 1, sizeof(*a->there));
	if (!a->there)
		return ERR_NOMEM;
	for (uint32_t i = 0; i < b->room; i++) {
		const struct held *h = b->held[i];
		struct disclosure_unit unit = {.facts = h ? owned_worth_print(h) : 0};

		if (h && (disclosure_knows_facts(past->of[PUBLIC_ADJUSTED], &unit) ||
			  disclosure_knows_facts(past->of[PUBLIC_DIFFERENCE], &unit)))
			a->there[a->theres++] = owned_like_print(b, h);
	}
	qsort(a->there, a->theres, sizeof(*a->there), by_number);
	return 0;
}

int atoms_make(struct atoms *a, struct book *b, const struct atoms_past *past)
{
	int r = 0;

	if (a->book != b)
		atoms_renamed(a);
	a->book = b;
	a->plain = calloc(b->partner.count + 1, sizeof(*a->plain));
	if (!a->plain || find_there(a, b, past) < 0 || readers_begin(&a->readers, b) < 0)
		return ERR_NOMEM;
	for (uint32_t i = 0; i < b->room && r == 0; i++) {
		if (b->held[i])
			r = add_asset(a, b, past, i);
	}
	if (r == 0)
		r = readers_find(&a->readers, b);
	hold_differences(a, b);
	return r;
}
