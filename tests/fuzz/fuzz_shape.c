/*
 * Bodies of every kind, created and patched, from hostile JSON. The first byte chooses the
 * shape. What is taken without a flaw must be written and taken again as the same text.
 */
#include <assert.h>

#include "libassets/asset.h"
#include "libassets/authority.h"
#include "libassets/body.h"
#include "libassets/plan.h"
#include "libassets/request.h"
#include "libassets/valuation.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct shape *const shape_table[] = {
	&asset_shape,        &authority_shape,   &body_shape,      &cpp_shape,
	&plan_shape,         &disposal_shape,    &valuation_shape, &locality_shape,
	&request_form_shape, &request_act_shape, &request_shape,
};

/* Take a text; true when there was no flaw, then *out is what is written. */
static bool take(const struct shape *shape, struct str text, enum shape_mode mode,
		 struct arena *arena, struct buf *out)
{
	void *at = arena_alloc(arena, shape->size);
	json_t *root = NULL;
	struct flaws flaws;

	flaws_init(&flaws, arena);
	if (!at || wire_load(text, &flaws, &root) < 0)
		return false;
	shape_clear(shape, at);
	if (json_is_object(root))
		shape_decode(shape, root, mode, &WIRE_TOP, &flaws, at);
	json_decref(root);
	if (!flaws.count)
		shape_encode(shape, at, out);
	return flaws.count == 0 && buf_err(out) == 0;
}

/* Whatever is sent, a request stays in a state there is, and its ledger in order. */
static void move(struct str text, struct arena *arena)
{
	struct request_act act;
	struct request request;
	enum request_event event;
	enum request_state state;
	json_t *root = NULL;
	struct flaws flaws;

	flaws_init(&flaws, arena);
	if (wire_load(text, &flaws, &root) < 0)
		return;
	shape_clear(&request_act_shape, &act);
	shape_clear(&request_shape, &request);
	request.state = STR("RECEIVED");
	if (json_is_object(root)) {
		shape_decode(&request_act_shape, root, SHAPE_CREATE, &WIRE_TOP, &flaws, &act);
		if (request_act_check(root, &act, &flaws, &event) == 0 &&
		    request_apply(&request, &act, event, (struct day){20000}, &flaws) == 0)
			assert(request.ledger.count == 1);
	}
	assert(request_state_parse(request.state, &state) == 0);
	json_decref(root);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(buf_done) struct buf first = BUF(1 << 20);
	CLEANUP(buf_done) struct buf second = BUF(1 << 20);
	CLEANUP(arena_done) struct arena arena;
	const struct shape *shape;
	struct str text;

	arena_init(&arena, 16 << 20);
	if (!size)
		return 0;
	shape = shape_table[data[0] % COUNT(shape_table)];
	text = (struct str){(const char *)data + 1, size - 1};
	if (shape == &request_act_shape)
		move(text, &arena);
	take(shape, text, SHAPE_CREATE, &arena, &first);
	buf_clear(&first);
	if (take(shape, text, SHAPE_PATCH, &arena, &first) && first.len) {
		bool ok = take(shape, buf_view(&first), SHAPE_STORED, &arena, &second);

		assert(ok && str_eq(buf_view(&first), buf_view(&second)));
	}
	return 0;
}
