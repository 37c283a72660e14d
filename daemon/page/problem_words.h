/*
 * What people are told of an error: of programs, keys and heads of requests they know nothing. What
 * has no row of its own is told in the title that programs read (err.def), and what to do about it
 * by what its status says.
 */
#pragma once

#include "libassets/base/base.h"

struct problem_words {
	const char *title;
	const char *detail; /* in place of what programs are told; "": nothing; NULL: the same */
	const char *cure;   /* what to do */
};

/* ERR_…; texts are constants. */
struct problem_words problem_words(int err);
