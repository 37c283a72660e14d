/*
 * The overlay of a run, from hostile JSON. What is read is in order, each asset once, and read
 * again it is itself; laid over an asset it says the same when it is laid twice. What is refused
 * has a flaw.
 */
#include <assert.h>

#include "libassets/base/err.h"
#include "libassets/projection/overlay.h"
#include "libassets/shape/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An asset with a plan, a valuation and two requests, of which the first is closed. */
static const char input_text[] =
	"{\"id\":1,\"plan\":{\"method\":\"SALE\",\"stage\":\"MARKETING\",\"date\":\"2027-06-15\"},"
	"\"valuation\":{\"amount\":100,\"basis\":\"MV\",\"date\":\"2026-04-01\"},"
	"\"requests\":[{\"id\":2,\"kind\":\"OWNERSHIP\",\"state\":\"RECEIVED\","
	"\"state_date\":\"2026-10-01\"}]}";
static const char ids_text[] =
	"[\"atr_01jd0000000000000000000001\",\"atr_01jd0000000000000000000002\"]";

/* Every entry over the same asset. */
static void lay(const struct overlay *o, struct flaws *flaws)
{
	json_auto_t *ids = json_loads(ids_text, 0, NULL);
	struct day as_of;

	assert(day_parse(STR("2026-11-21"), &as_of) == 0);
	for (size_t i = 0; i < o->count; i++) {
		json_auto_t *input = json_loads(input_text, 0, NULL), *once = NULL;
		struct overlay_base base = {input, ids};
		size_t before = flaws->count;
		int r = overlay_lay(o, i, &base, as_of, flaws);

		assert((r == 0) == (flaws->count == before));
		if (r < 0)
			continue;
		once = json_deep_copy(input);
		/* A request that the overlay has closed is there no more. */
		if (overlay_lay(o, i, &base, as_of, flaws) == 0)
			assert(json_equal(once, input));
	}
}

static void read_again(const struct overlay *o, struct flaws *flaws)
{
	struct overlay again;

	assert(overlay_read(&again, o->list, flaws) == 0);
	assert(json_equal(o->list, again.list));
	overlay_done(&again);
	for (size_t i = 1; i < o->count; i++)
		assert(str_cmp(o->asset_id[i - 1], o->asset_id[i]) < 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_auto_t *sent = json_loadb((const char *)data, size, JSON_DECODE_ANY, NULL);
	struct arena arena;
	struct flaws flaws;
	struct overlay o;
	int r;

	arena_init(&arena, 16 << 20);
	flaws_init(&flaws, &arena);
	r = overlay_read(&o, sent, &flaws);
	assert((r == 0) == (flaws.count == 0));
	if (r == 0) {
		read_again(&o, &flaws);
		lay(&o, &flaws);
	}
	overlay_done(&o);
	arena_done(&arena);
	return 0;
}
