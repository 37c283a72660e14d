/*
 * What a list is narrowed by: a query, as the list of assets takes it. What is taken is JSON with
 * each member once, whose box and circle are on the globe and the right way round; what is not has
 * a flaw that says why.
 */
#include <assert.h>

#include "daemon/flow/flow_private.h"
#include "daemon/route/list_filter.h"
#include "libassets/base/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char names[] = "near,bbox,q,postcode,uprn,reference,name,status,council,"
			    "intermediate_zone,due_within,overdue,updated_since,updated_at[gte],"
			    "received_on[lt]";

static double number(const json_t *of, const char *name)
{
	const json_t *n = json_object_get(of, name);

	assert(json_is_number(n));
	return json_number_value(n);
}

static void check(struct str filter)
{
	json_auto_t *root = json_loadb(filter.at, filter.len, JSON_REJECT_DUPLICATES, NULL);
	const json_t *box, *near, *grid;

	assert(json_is_object(root));
	box = json_object_get(root, "bbox");
	if (box) {
		assert(number(box, "west") <= number(box, "east"));
		assert(number(box, "south") <= number(box, "north"));
		assert(number(box, "west") >= -180 && number(box, "east") <= 180);
		assert(number(box, "south") >= -90 && number(box, "north") <= 90);
	}
	grid = json_object_get(box, "grid");
	if (grid)
		assert(json_integer_value(json_array_get(grid, 0)) <
			       json_integer_value(json_array_get(grid, 2)) &&
		       json_integer_value(json_array_get(grid, 1)) <
			       json_integer_value(json_array_get(grid, 3)));
	near = json_object_get(root, "near");
	if (near)
		assert(number(near, "metres") >= 1 && number(near, "metres") <= 200000);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_done) struct arena arena;
	struct flow_private p = {.err = 0};
	struct flow f = {.arena = &arena, .p = &p, .today = {20000}};
	struct str filter;
	int r;

	arena_init(&arena, 16 << 20);
	flaws_init(&f.flaws, &arena);
	if (query_parse((struct str){(const char *)data, size}, &arena, &p.query) < 0)
		return 0;
	r = list_filter(&f, &(struct list_filter){"ast", NULL, names}, &filter);
	assert(r == 0 || r == ERR_QUERY || r == ERR_LIMIT || r == ERR_NOMEM);
	assert((r == ERR_QUERY) == (f.flaws.count > 0));
	if (r == 0)
		check(filter);
	return 0;
}
