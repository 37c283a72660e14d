/*
 * FNV-1a. Prints are kept for ever (projector_public.h), so another way to make them makes all that
 * was told unknown.
 */
#include "projector_owned.h"

#include "libassets/base/money.h"

static bool net_of_year(const struct projection_model *m, const struct projection_track *t,
			int32_t fy, int64_t *ret)
{
	int128 sum = 0;

	for (size_t i = 0; i < t->cells; i++) {
		int32_t q = t->cell[i].quarter;

		if (q >= m->first_quarter && q < m->end_quarter && quarter_fy(q) == fy)
			sum += t->cell[i].line[LINE_NET];
	}
	*ret = (int64_t)sum;
	return money_fits(sum);
}

bool owned_amounts(const struct projection_model *m, const struct projection_outcome *o, int32_t fy,
		   int64_t ret[PUBLIC_FAMILIES])
{
	int64_t baseline;

	return net_of_year(m, &o->baseline, fy, &baseline) &&
	       net_of_year(m, &o->adjusted, fy, &ret[PUBLIC_ADJUSTED]) &&
	       !__builtin_sub_overflow(baseline, ret[PUBLIC_ADJUSTED], &ret[PUBLIC_DIFFERENCE]);
}

static uint64_t print_more(uint64_t print, uint64_t n)
{
	for (int i = 0; i < 8; i++, n >>= 8)
		print = (print ^ (n & 0xff)) * UINT64_C(0x100000001b3);
	return print;
}

uint64_t owned_print(const struct book *b, const struct owned *part, int32_t fy, int64_t amount)
{
	uint64_t print = print_more(UINT64_C(0xcbf29ce484222325), (uint64_t)part->held->in.id);
	struct str owner = part->held->in.owners > 1 ? b->partner.at[part->partner] : STR("");

	for (size_t i = 0; i < owner.len; i++)
		print = (print ^ (unsigned char)owner.at[i]) * UINT64_C(0x100000001b3);
	return print_more(print_more(print, (uint64_t)(uint32_t)fy), (uint64_t)amount);
}

uint64_t owned_facts_print(const struct owned *part, int32_t fy)
{
	return print_more(part->held->facts, (uint64_t)(uint32_t)fy);
}
