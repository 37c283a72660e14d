/*
 * What a test of reading stands on: an arena, and the flaws that were found. For tests alone.
 */
#pragma once

#include <criterion/criterion.h>

#include "libassets/base/arena.h"
#include "libassets/shape/flaw.h"

static struct arena arena;
static struct flaws flaws;

static inline void reading_setup(void)
{
	arena_init(&arena, 64 << 20);
	flaws_init(&flaws, &arena);
}

static inline void reading_teardown(void)
{
	arena_done(&arena);
}
