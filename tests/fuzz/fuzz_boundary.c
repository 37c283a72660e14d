/*
 * Boundaries as people have them: well-known text or GeoJSON, as a cell of a list or a field holds
 * them. What is taken is in its one form, which is taken again as itself, by either door; what is
 * refused has a flaw.
 */
#include <assert.h>

#include "libassets/shape/boundary.h"
#include "libassets/shape/boundary_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The one form of it, in the flaws' arena; absent after a flaw. */
static struct str read_text(struct str text, struct flaws *flaws)
{
	json_auto_t *shape = boundary_text(text, &WIRE_TOP, flaws);
	struct str form = {NULL, 0};

	if (shape)
		form = boundary_read(shape, &WIRE_TOP, flaws);
	assert(!str_is_null(form) || flaws->count);
	return form;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_done) struct arena arena;
	struct flaws flaws;
	struct str first, again;

	arena_init(&arena, 64 << 20);
	flaws_init(&flaws, &arena);
	first = read_text((struct str){(const char *)data, size}, &flaws);
	if (str_is_null(first))
		return 0;
	assert(!flaws.count);
	again = read_text(first, &flaws);
	assert(!flaws.count && str_eq(first, again));
	return 0;
}
