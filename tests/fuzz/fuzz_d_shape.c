/*
 * Bodies of every kind, created and patched, from hostile JSON: by every shape that a route takes
 * and that knows the first member, so that a new body needs no row here. What is taken without a
 * flaw must be written and taken again as the same text.
 */
#include <assert.h>

#include "daemon/route/router.h"
#include "libassets/request/ask.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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

/* What a community body did by its link, or asked for: its words are kept as they came. */
static void say(const struct ask_contents *contents, struct str words, struct arena *arena)
{
	const struct ask_arrived with = {contents, {0}, false};
	struct str said = ask_said(contents, "SUBMIT", words, arena);
	struct shape_list items;
	json_t *root = json_loadb(said.at, said.len, 0, NULL);

	assert(json_is_array(root) && json_array_size(root) <= 1 + ask_contents_shape.count);
	assert(ask_items(&with, STR("LEASE"), (struct day){20000}, arena, &items) == 0);
	json_decref(root);
}

static void ask(const struct shape *shape, struct str text, struct arena *arena)
{
	struct mine_act act;
	struct ask asked;
	json_t *root = NULL;
	struct flaws flaws;

	flaws_init(&flaws, arena);
	if (wire_load(text, &flaws, &root) < 0)
		return;
	shape_clear(&mine_act_shape, &act);
	shape_clear(&ask_shape, &asked);
	if (json_is_object(root) && shape == &ask_shape) {
		shape_decode(shape, root, SHAPE_CREATE, &WIRE_TOP, &flaws, &asked);
		if (flaws.count == 0 && ask_check(&asked, &flaws) == 0)
			say(asked.contents, asked.words, arena);
	} else if (json_is_object(root)) {
		shape_decode(shape, root, SHAPE_CREATE, &WIRE_TOP, &flaws, &act);
		if (flaws.count == 0 && mine_act_check(&act, &flaws) == 0)
			say(act.contents, act.words, arena);
	}
	json_decref(root);
}

static void try_shape(const struct shape *shape, struct str text)
{
	CLEANUP(buf_done) struct buf first = BUF(1 << 20);
	CLEANUP(buf_done) struct buf second = BUF(1 << 20);
	CLEANUP(arena_done) struct arena arena;

	arena_init(&arena, 16 << 20);
	if (shape == &request_act_shape)
		move(text, &arena);
	if (shape == &ask_shape || shape == &mine_act_shape)
		ask(shape, text, &arena);
	take(shape, text, SHAPE_CREATE, &arena, &first);
	buf_clear(&first);
	if (take(shape, text, SHAPE_PATCH, &arena, &first) && first.len) {
		bool ok = take(shape, buf_view(&first), SHAPE_STORED, &arena, &second);

		assert(ok && str_eq(buf_view(&first), buf_view(&second)));
	}
}

static bool knows(const struct shape *shape, const char *name)
{
	for (size_t i = 0; i < shape->count; i++) {
		if (strcmp(shape->field[i].name, name) == 0)
			return true;
	}
	return false;
}

/* A shape stands in several rows: the first of them speaks for it. */
static bool is_first(size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (route_table[i].takes == route_table[n].takes)
			return false;
	}
	return route_table[n].takes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct str text = {(const char *)data, size};
	json_auto_t *root = json_loadb(text.at, text.len, 0, NULL);
	const char *name = json_object_iter_key(json_object_iter(root));

	if (!name)
		return 0;
	for (size_t i = 0; i < route_count; i++) {
		if (is_first(i) && knows(route_table[i].takes, name))
			try_shape(route_table[i].takes, text);
	}
	if (knows(&request_shape, name))
		try_shape(&request_shape, text);
	return 0;
}
