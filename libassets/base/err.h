/*
 * Errors as numbers. A function that can fail returns 0 or one of these, all negative;
 * err.def is the only list, and gives each its HTTP status, slug and title.
 */
#pragma once

#include "base.h"

/* ERR_NOMEM, ERR_INVALID …: the negative of the row's number. */
enum err {
#define ERR(id, number, status, slug, title) ERR_##id = -(number),
#include "err.def"
#undef ERR
};

/* A row of err.def; the texts are constants. */
struct err_info {
	int err;           /* ERR_…, negative */
	int status;        /* HTTP status, RFC 9110 section 15 */
	const char *id;    /* "NOT_FOUND", for logs */
	const char *slug;  /* "not-found", the end of the problem's type (RFC 9457) */
	const char *title; /* one sentence for people, without a full stop */
};

/*
 * What err.def says of an error. Never NULL: an unknown number, 0 among them, is answered as
 * ERR_BUG, so that whatever reaches a client is a problem document.
 */
const struct err_info *err_info(int err);

/* The n-th row of err.def, NULL past the end: for pages and tests that list them all. */
const struct err_info *err_at(size_t n);

/* The row whose slug is this, compared with case; NULL if there is none. */
const struct err_info *err_by_slug(const char *slug);
