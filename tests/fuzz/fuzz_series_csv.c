/*
 * Series of prices from CSV. Whatever comes in: what is read has growth within the model's bounds,
 * in the years that it says and in no others; what is refused has a flaw.
 */
#include <assert.h>

#include "libassets/base/err.h"
#include "libassets/projection/series_csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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
	arena_done(&arena);
	return 0;
}
