/*
 * Rent by day. What has accrued of a year up to a day is rounded, and a quarter has the
 * difference of two such days, so that a full year is exactly the annual rent.
 */
#include "projection_lease.h"

/* A lease on its days. */
struct term {
	const struct projection_lease *lease;
	struct day start, end, rent_from;
};

static int32_t days_between(struct day from, struct day to)
{
	return to.number > from.number ? to.number - from.number : 0;
}

static struct day earlier(struct day a, struct day b)
{
	return day_cmp(a, b) < 0 ? a : b;
}

/* Rent of the year that begins on `year` and has so many days, from its begin to `until`. */
static int128 rent_until(const struct term *t, struct day year, int32_t year_days, struct day until)
{
	int32_t days = days_between(day_later(year, t->rent_from), earlier(until, t->end));

	return money_rdiv((int128)t->lease->rent_pa_pence * days, year_days);
}

/* The premium that an operating lease has earned from its start to `until`. */
static int128 premium_until(const struct term *t, struct day until)
{
	int32_t days = days_between(t->start, earlier(until, t->end));

	if (t->lease->class != LEASE_CLASS_OPERATING)
		return 0;
	return money_rdiv((int128)t->lease->premium_pence * days, t->end.number - t->start.number);
}

void lease_accrue(const struct projection_lease *l, const struct projection_model *m,
		  struct day start, int64_t p_ppb, struct tally *t)
{
	const struct day *first = m->quarter_day;
	struct term term = {
		.lease = l,
		.start = start,
		.end = day_add_months(start, l->term_months),
		.rent_from = day_add_months(start, l->rent_free_months),
	};
	int32_t q = quarter_of_day(start) - PROJECTION_QUARTER_MIN;

	for (; q < m->end_quarter - PROJECTION_QUARTER_MIN; q++) {
		int32_t april = q & ~3;
		int32_t year_days = first[april + 4].number - first[april].number;
		int128 rent;

		if (day_cmp(first[q], term.end) >= 0)
			break;
		rent = rent_until(&term, first[april], year_days, first[q + 1]) -
		       rent_until(&term, first[april], year_days, first[q]) +
		       premium_until(&term, first[q + 1]) - premium_until(&term, first[q]);
		tally_touch(t, q + PROJECTION_QUARTER_MIN);
		tally_add(t, q + PROJECTION_QUARTER_MIN, TALLY_RENT, p_ppb, rent);
	}
}
