/*
 * How many assets of which nothing was told stand behind some entries, and in whose hands, as far
 * as that makes a difference (disclosure_work.h). It is asked of each piece of each slot, and once
 * there are enough in all hands that an entry has, what more of them there is in it is not looked
 * at: that was most of what a telling took.
 */
#include "disclosure_work.h"

void work_add_fresh(struct work *w, struct entry *e, uint32_t unit)
{
	const struct disclosure_unit *u = &w->now->unit[unit];
	uint32_t k = 0;

	w->fresh[e->fresh_at + e->fresh++] = (struct fresh){.unit = unit, .asset = u->asset};
	w->seen[u->asset].hands = u->hands;
	while (k < e->kinds && k < ENTRY_KINDS && e->kind[k] != u->hands)
		k++;
	if (k < ENTRY_KINDS)
		e->kind[k] = u->hands;
	e->kinds = k < e->kinds ? e->kinds : k + 1;
}

struct tally work_tally(struct work *w)
{
	w->stamp++;
	return (struct tally){0};
}

/* Is this the last of its unit's parts, all of which are in what is looked at? */
static bool is_complete(struct work *w, uint32_t unit)
{
	if (w->unit[unit].parts > 1 && w->unit[unit].stamp != w->stamp) {
		w->unit[unit].stamp = w->stamp;
		w->unit[unit].here = 0;
	}
	return w->unit[unit].parts == 1 || ++w->unit[unit].here == w->unit[unit].parts;
}

/* Is it the first of its asset that counts in what is looked at? */
static bool counts(struct work *w, const struct fresh *f)
{
	bool is = w->seen[f->asset].stamp != w->stamp && is_complete(w, f->unit);

	w->seen[f->asset].stamp = is ? w->stamp : w->seen[f->asset].stamp;
	return is;
}

/* Would more assets in the hands of this entry make no difference? */
static bool is_plenty(const struct tally *t, const struct entry *e)
{
	bool is = t->fresh >= DISCLOSURE_LEAST && (e->kinds <= ENTRY_KINDS || t->hands.is_more);

	for (uint32_t i = 0; i < e->kinds && is && !t->hands.is_more; i++)
		is = hands_assets(&t->hands, e->kind[i]) == DISCLOSURE_LEAST;
	return is;
}

void work_tally_add(struct work *w, struct tally *t, const struct entry *e)
{
	bool has_plenty = is_plenty(t, e);

	t->print += e->print;
	t->sum += e->sum;
	t->has_private |= e->has_private;
	for (size_t i = e->fresh_at; i < e->fresh_at + e->fresh && !has_plenty; i++) {
		if (!counts(w, &w->fresh[i]))
			continue;
		t->fresh++;
		hands_add(&t->hands, w->seen[w->fresh[i].asset].hands, 1);
		has_plenty = is_plenty(t, e);
	}
}

uint32_t work_fresh(struct work *w, size_t from, size_t to)
{
	uint32_t fresh = 0;

	w->stamp++;
	for (size_t i = from; i < to; i++) {
		const struct entry *e = &w->entry[i];

		for (size_t f = e->fresh_at; f < e->fresh_at + e->fresh; f++)
			fresh += counts(w, &w->fresh[f]);
	}
	return fresh;
}

/* Whoever knows some of it, and not all: are enough left? Where they know all that is new, the
 * audit asks what is beside it. */
static bool is_enough(const struct disclosure_knowers *k, const struct tally *t)
{
	size_t i = t->hands.is_more ? KNOWER_NONE : hands_knower(&t->hands, k, 0);
	bool is = t->fresh >= DISCLOSURE_LEAST;

	for (; is && i != KNOWER_NONE; i = hands_knower(&t->hands, k, i + 1)) {
		uint32_t left = hands_left(&t->hands, k, i);

		is = left == 0 || left >= knower_least(i);
	}
	return is;
}

bool work_is_tellable(const struct work *w, const struct tally *t)
{
	return !t->has_private || disclosure_has_sum(w->d, t->print) ||
	       is_enough(&w->now->knowers, t);
}
