/*
 * Prints are kept for ever (projector_public.h), so another way to make them makes all that
 * was told unknown.
 */
#include "projector_owned.h"

#include <stdlib.h>

#include "libassets/base/err.h"
#include "libassets/base/fnv.h"
#include "libassets/base/money.h"
#include "libassets/projection/projection_share.h"

void owned_done(struct owned *o)
{
	free(o->net);
	*o = (struct owned){0};
}

static int reserve(struct owned *o, const struct projection_model *m, uint32_t owners)
{
	size_t nets;
	struct owned_net *net;

	o->first_fy = quarter_fy(m->first_quarter);
	o->years = (uint32_t)(quarter_fy(m->end_quarter - 1) - o->first_fy) + 1;
	o->owners = owners;
	nets = (size_t)(owners + 1) * o->years;
	if (nets > o->room) {
		net = reallocarray(o->net, nets, sizeof(*net));
		if (!net)
			return ERR_NOMEM;
		o->net = net;
		o->room = nets;
	}
	memset(o->net, 0, nets * sizeof(*o->net));
	return 0;
}

/* The cells of one track, the same line of both for an asset that no community asks for. o->owners
 * is 0 where nobody's part is asked for. */
static void add_track(struct owned *o, const struct projection_model *m,
		      const struct projection_asset *a, const struct projection_track *t,
		      bool is_baseline, bool is_adjusted)
{
	struct projection_cell part[PROJECTION_OWNERS_MAX + 1];

	for (size_t i = 0; i < t->cells; i++) {
		const struct projection_cell *c = &t->cell[i];
		uint32_t year = (uint32_t)(quarter_fy(c->quarter) - o->first_fy);

		if (c->quarter < m->first_quarter || c->quarter >= m->end_quarter)
			continue;
		part[0] = *c;
		if (o->owners > 1)
			projection_share(a, c, part);
		part[o->owners] = *c;
		for (uint32_t n = 0; n <= o->owners; n++) {
			struct owned_net *net = &o->net[(size_t)n * o->years + year];

			net->baseline += is_baseline ? part[n].line[LINE_NET] : 0;
			net->adjusted += is_adjusted ? part[n].line[LINE_NET] : 0;
		}
	}
}

static int work_out(struct owned *o, const struct projection_model *m,
		    const struct projection_asset *a, uint32_t owners,
		    const struct projection_result *result)
{
	const struct projection_outcome *likely = &result->outcome[SCENARIO_LIKELY];
	int r = reserve(o, m, owners);

	if (r < 0 || projection_is_error(result->status))
		return r;
	add_track(o, m, a, &likely->baseline, true, likely->is_same);
	if (!likely->is_same)
		add_track(o, m, a, &likely->adjusted, false, true);
	return 0;
}

static bool is_projected(const struct held *h)
{
	const uint32_t none = UINT32_C(1) << FLAG_E_NO_OWNER | UINT32_C(1) << FLAG_E_OVERFLOW;

	return !(h->flags & none);
}

int owned_work_out(struct owned *o, struct book *b, const struct held *h)
{
	if (!is_projected(h))
		return reserve(o, b->model, h->in.owners);
	return work_out(o, b->model, &h->in, h->in.owners,
			projection_run_likely(b->model, &h->in, b->scratch));
}

/* Less, and not more: what does not move below some worth, under an offer above it, may beyond. */
int owned_work_out_less(struct owned *o, struct book *b, const struct held *h)
{
	struct projection_asset less = h->in;

	less.valuation.amount_pence -= h->in.valuation.amount_pence / 16 + 1;
	if (!is_projected(h))
		return reserve(o, b->model, 0);
	return work_out(o, b->model, &less, 0, projection_run_likely(b->model, &less, b->scratch));
}

int owned_work_out_other(struct owned *o, struct book *b, const struct held *h)
{
	return work_out(o, b->model, &h->in, h->in.owners, book_project(b, h));
}

int64_t owned_amount(const struct owned *o, uint32_t owner, int32_t fy, enum public_family f)
{
	uint32_t year = (uint32_t)(fy - o->first_fy);
	const struct owned_net *net = &o->net[(size_t)owner * o->years + year];
	int128 difference;

	if (fy < o->first_fy || year >= o->years || !money_fits(net->baseline) ||
	    !money_fits(net->adjusted))
		return 0;
	difference = net->baseline - net->adjusted;
	if (!money_fits(difference))
		return 0;
	return (int64_t)(f == PUBLIC_ADJUSTED ? net->adjusted : difference);
}

static uint64_t print_more(uint64_t print, uint64_t n)
{
	for (int i = 0; i < 8; i++, n >>= 8)
		print = fnv_unit(print, n & 0xff);
	return print;
}

uint64_t owned_print(const struct held *h)
{
	uint64_t print = print_more(FNV_BEGIN, (uint64_t)h->in.id);

	return print ? print : 1;
}

static uint64_t print_text(uint64_t print, struct str s)
{
	return print_more(fnv_text(print, s), s.len);
}

uint64_t owned_like_print(const struct book *b, const struct held *h)
{
	uint64_t print = print_more(FNV_BEGIN, 'L');

	print = print_text(print, b->partner.at[h->in.lead]);
	print = print_text(print, b->class.at[h->in.class]);
	print = print_more(print, (uint64_t)h->in.valuation.amount_pence);
	return print ? print : 1;
}

uint64_t owned_amount_print(uint64_t asset, struct str owner, int32_t fy, int64_t amount)
{
	uint64_t print = fnv_text(asset, owner);

	return print_more(print_more(print, (uint64_t)(uint32_t)fy), (uint64_t)amount);
}

uint64_t owned_worth_print(const struct held *h)
{
	return print_more(print_more(owned_print(h), 'W'), (uint64_t)h->in.valuation.amount_pence);
}

uint64_t owned_nothing_print(const struct held *h)
{
	return print_more(owned_print(h), 'N');
}
