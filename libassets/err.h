/*
 * Errors as numbers. A function that can fail returns 0 or one of these, all negative;
 * err.def is the only list, and gives each its HTTP status, slug and title.
 */
#pragma once

#include "base.h"

enum err {
#define ERR(id, number, status, slug, title) ERR_##id = -(number),
#include "err.def"
#undef ERR
};

struct err_info {
	int err;
	int status;
	const char *id;
	const char *slug;
	const char *title;
};

/* What err.def says of an error; unknown numbers are answered as ERR_BUG. Never NULL. */
const struct err_info *err_info(int err);

/* The n-th row of err.def, NULL past the end: for pages and tests that list them all. */
const struct err_info *err_at(size_t n);

/* The row whose slug is this, NULL if none. */
const struct err_info *err_by_slug(const char *slug);
