/*
 * What we gave away and get back: keys and cursors. Nothing that we did not sign is taken for
 * a cursor, whatever keys one holds come back as they went; a sound key has our form, and is
 * unsound when any character of it is another.
 */
#include <assert.h>

#include "daemon/base/key.h"
#include "daemon/route/auth.h"
#include "daemon/route/cursor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char filter[] = "0123456789abcdef0123456789abcdef";

static void check_key(struct str text)
{
	char key[KEY_LENGTH];

	if (!key_is_sound(text))
		return;
	assert(text.len == KEY_LENGTH && str_starts(text, STR("akey_")));
	memcpy(key, text.at, sizeof(key));
	for (size_t i = 0; i < KEY_LENGTH; i++) {
		key[i] = key[i] == 'A' ? 'B' : 'A';
		assert(!key_is_sound((struct str){key, KEY_LENGTH}));
		key[i] = text.at[i];
	}
}

static void check_round_trip(const struct auth *a, struct str text, struct arena *arena)
{
	CLEANUP(buf_done) struct buf out = BUF(CURSOR_MAX);
	struct cursor c = {.key_count = 2, .until_us = 2}, same;

	if (!str_is_utf8(text))
		return;
	c.key[1] = text;
	memcpy(c.filter, filter, sizeof(filter));
	if (cursor_write(a, &c, &out) < 0)
		return; /* longer than a cursor may be */
	assert(cursor_read(a, buf_view(&out), filter, 1, arena, &same) == 0);
	assert(same.key_count == 2 && str_is_null(same.key[0]) && str_eq(same.key[1], text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* One for all inputs, as a daemon has: making it was two fifths of the time. */
	static struct auth *a;
	struct str text = {(const char *)data, size};
	struct arena arena;
	struct cursor c;

	if (!a)
		a = auth_new(STR("0123456789abcdef0123456789abcdef"));
	assert(a);
	arena_init(&arena, 1 << 20);
	check_key(text);
	assert(cursor_read(a, text, filter, 0, &arena, &c) < 0);
	check_round_trip(a, text, &arena);
	arena_done(&arena);
	return 0;
}
