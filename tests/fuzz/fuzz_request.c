/*
 * What a request may hold besides its head: a query (or a form) and a JSON body. A query that
 * is taken, escaped again, is taken as the same pairs; a body that passes the look beforehand
 * and parses, written again, passes it too.
 */
#include <assert.h>
#include <stdlib.h>

#include "libassets/base/buf.h"
#include "libassets/shape/prescan.h"
#include "libassets/shape/query.h"
#include "libassets/shape/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void escape(struct str s, struct buf *out)
{
	for (size_t i = 0; i < s.len; i++)
		buf_fmt(out, "%%%02X", (unsigned char)s.at[i]);
}

static void check_query(struct str text, struct arena *a)
{
	CLEANUP(buf_done) struct buf again = BUF(1 << 20);
	struct query q, same;

	if (query_parse(text, a, &q) < 0)
		return;
	for (size_t i = 0; i < q.count; i++) {
		assert(str_is_utf8(q.at[i].name) && str_is_utf8(q.at[i].value));
		escape(q.at[i].name, &again);
		buf_char(&again, '=');
		escape(q.at[i].value, &again);
		buf_char(&again, '&');
	}
	assert(query_parse(buf_view(&again), a, &same) == 0 && same.count == q.count);
	for (size_t i = 0; i < q.count; i++) {
		assert(str_eq(q.at[i].name, same.at[i].name));
		assert(str_eq(q.at[i].value, same.at[i].value));
	}
}

static void check_body(struct str text, struct arena *a)
{
	struct flaws flaws;
	json_t *root = NULL;
	char *again;

	flaws_init(&flaws, a);
	if (prescan_json(text, &flaws) < 0) {
		assert(flaws.count == 1);
		return;
	}
	if (wire_load(text, &flaws, &root) < 0) {
		assert(flaws.count);
		return;
	}
	again = json_dumps(root, JSON_COMPACT | JSON_ENCODE_ANY);
	assert(again && prescan_json(str_of(again), &flaws) == 0);
	free(again);
	json_decref(root);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};
	struct arena a;

	arena_init(&a, 8 << 20);
	check_query(text, &a);
	check_body(text, &a);
	arena_done(&a);
	return 0;
}
