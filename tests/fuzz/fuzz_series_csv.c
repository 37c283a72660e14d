/*
 * Series of prices from CSV. Whatever comes in: what is read has growth within the model's bounds,
 * in the years that it says and in no others; what is refused has a flaw. So it is with discount
 * rates, whose bands go on for ever.
 */
#include <assert.h>

#include "libassets/base/err.h"
#include "libassets/projection/discount_csv.h"
#include "libassets/projection/series_csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_bands(struct str file, struct arena *arena)
{
	struct discount_bands b;
	struct flaws flaws;
	int64_t last = -1;
	int r;

	flaws_init(&flaws, arena);
	r = discount_csv_read(file, &flaws, &b);
	assert((r == 0) == (flaws.count == 0));
	for (uint32_t i = 0; r == 0 && i < b.count; i++) {
		assert(b.band[i].last_year > last);
		assert(b.band[i].ppm >= 0 && b.band[i].ppm <= 1000000);
		last = b.band[i].last_year;
	}
	assert(r != 0 || last == DISCOUNT_BEYOND);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct series_growth g;
	struct arena arena;
	struct flaws flaws;
	uint32_t years = 0;
	int r;

	arena_init(&arena, 4 << 20);
	flaws_init(&flaws, &arena);
	r = series_csv_read((struct str){(const char *)data, size}, (struct str){NULL, 0}, &arena,
			    &flaws, &g);
	assert((r == 0) == (flaws.count == 0) || r == ERR_NOMEM);
	for (int32_t i = 0; r == 0 && i < PROJECTION_FYS; i++) {
		int32_t fy = PROJECTION_FY_MIN + i;

		if (g.growth_ppm[i] == PROJECTION_GROWTH_DEFAULT)
			continue;
		years++;
		assert(fy >= g.first_fy && fy <= g.last_fy);
		assert(g.growth_ppm[i] >= PROJECTION_GROWTH_MIN &&
		       g.growth_ppm[i] <= PROJECTION_GROWTH_MAX);
	}
	assert(r != 0 || (years == g.years && years > 0));
	read_bands((struct str){(const char *)data, size}, &arena);
	arena_done(&arena);
	return 0;
}
