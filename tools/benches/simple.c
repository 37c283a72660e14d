/*
 * The simpler model in C: what the figures of the peers are compared with.
 */
#include "simple.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "libassets/clock/quarter.h"

/* Quarters from the run's to the plan's; what is overdue comes now. */
static int32_t quarter_of(const struct portfolio *f, const struct projection_asset *a)
{
	int32_t quarter = projection_quarter(f->model, a->plan.date) - f->model->first_quarter;

	return quarter > 0 ? quarter : 0;
}

bool simple_write(const struct portfolio *f, size_t assets, const char *path)
{
	FILE *out = fopen(path, "we");
	bool is_written;

	if (!out)
		return false;
	for (size_t i = 0; i < assets; i++) {
		const struct projection_asset *a = &f->asset[i];

		(void)fprintf(out, "%" PRIu32 ",%" PRIu32 ",%" PRId32 ",%" PRId64 "\n", a->lead,
			      a->plan.stage, quarter_of(f, a), a->valuation.amount_pence);
	}
	is_written = !ferror(out);
	return fclose(out) == 0 && is_written;
}

void simple_print_stages(const struct portfolio *f)
{
	putchar('[');
	for (uint32_t i = 0; i < f->params.stages; i++) {
		const struct projection_stage *stage = &f->params.stage[i];
		const struct projection_slip *slip = &f->params.slip[stage->slip];

		printf("%s{\"p_ppm\":%" PRId64 ",\"steps\":[", i ? "," : "", stage->p_ppm);
		for (uint32_t k = 0; k < slip->steps; k++)
			printf("%s[%" PRId32 ",%" PRId32 "]", k ? "," : "", slip->step[k].quarters,
			       slip->step[k].ppm);
		printf("]}");
	}
	putchar(']');
}

/* amount * ppm / 10^6, rounded; both positive. */
static int64_t share_of(int64_t amount, int64_t ppm)
{
	return (amount * ppm + PPM / 2) / PPM;
}

void simple_run(const struct portfolio *f, size_t assets, struct simple_totals *ret_totals)
{
	memset(ret_totals, 0, sizeof(*ret_totals));
	for (size_t i = 0; i < assets; i++) {
		const struct projection_asset *a = &f->asset[i];
		const struct projection_stage *stage = &f->params.stage[a->plan.stage];
		const struct projection_slip *slip = &f->params.slip[stage->slip];
		int64_t expected = share_of(a->valuation.amount_pence, stage->p_ppm);
		int32_t first = quarter_of(f, a);

		for (uint32_t k = 0; k < slip->steps; k++) {
			int32_t quarter = first + slip->step[k].quarters;

			if (quarter < SIMPLE_QUARTERS)
				ret_totals->pence[a->lead][quarter] +=
					share_of(expected, slip->step[k].ppm);
		}
	}
}
