/*
 * The cases of tests/data/projection.json, loaded as the program loads input: numbers beyond
 * 64 bits do not stop the reading.
 */
#pragma once

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "libassets/base/err.h"
#include "libassets/shape/wire.h"

/* A whole file; yours to free(). */
static inline char *test_file(const char *path, size_t *ret_len)
{
	FILE *f = fopen(path, "rb");
	char *at = NULL;
	size_t len = 0, room = 1 << 16, got;

	cr_assert_not_null(f, "%s", path);
	do {
		room *= 2;
		at = realloc(at, room);
		cr_assert_not_null(at);
		got = fread(at + len, 1, room - len, f);
		len += got;
	} while (len == room);
	fclose(f);
	*ret_len = len;
	return at;
}

/* A document with numbers beyond 64 bits kept; yours to json_decref(). */
static inline json_t *test_load(struct str text)
{
	struct arena arena;
	struct flaws flaws;
	json_t *root = NULL;

	arena_init(&arena, 1 << 16);
	flaws_init(&flaws, &arena);
	cr_assert_eq(wire_load(text, &flaws, &root), 0, "%.200s", text.at);
	arena_done(&arena);
	return root;
}

/* Such a document as text, those numbers as they were; yours to free(). */
static inline char *test_dump(const json_t *root)
{
	static const char mark[] = "\"\\u0001";
	char *text = json_dumps(root, 0), *at = text;

	cr_assert_not_null(text);
	while ((at = strstr(at, mark))) {
		memmove(at, at + strlen(mark), strlen(at + strlen(mark)) + 1);
		at += strspn(at, "-0123456789");
		memmove(at, at + 1, strlen(at + 1) + 1);
	}
	return text;
}

/* The whole document; yours to json_decref(). */
static inline json_t *test_vectors(void)
{
	size_t len;
	char *text = test_file(TEST_DATA "/projection.json", &len);
	json_t *root = test_load((struct str){text, len});

	free(text);
	return root;
}

/* The rows of one of the lists of arithmetic checks, borrowed from the document. */
static inline json_t *test_rows(json_t *root, const char *list)
{
	json_t *rows = json_object_get(json_object_get(root, "vectors"), list);

	cr_assert_gt(json_array_size(rows), 0, "%s", list);
	return rows;
}

static inline int64_t test_int(const json_t *row, size_t i)
{
	cr_assert(json_is_integer(json_array_get(row, i)));
	return json_integer_value(json_array_get(row, i));
}
