/*
 * Files built into the program, so that a running daemon needs no folder of its own and a
 * half-copied installation cannot happen: the templates of daemon/pages, the guides of
 * daemon/guide, and the static parts that tools/cmake/embed.cmake gathers from daemon/static, from
 * the guides' pictures and from npm packages.
 */
#pragma once

#include "libassets/base/str.h"

/* A template, or a guide in Markdown. */
struct embed_page {
	const char *name; /* "home" for pages/home.mustache, "estates" for guide/estates.md */
	struct str text;
};

/* A static part. */
struct embed_static {
	const char *name; /* what templates call it: "assetd.css" */
	const char *
		file; /* what it is served as, with its content's hash: "assetd.0a1b2c3d4e5f.css" */
	const char *type; /* Content-Type */
	const char *hash; /* of the content, hexadecimal */
	struct str plain;
	struct str gzip; /* the same compressed, empty where that gains nothing */
};

/* The catalogue of Gaelic: language/gd.po. Static, NUL-terminated. */
struct str embed_catalogue(void);

/* The n-th file. ERR_NOT_FOUND past the last. The bytes are static, each run NUL-terminated. */
MUST_CHECK int embed_page_at(size_t n, struct embed_page *ret_page);
MUST_CHECK int embed_guide_at(size_t n, struct embed_page *ret_guide);
MUST_CHECK int embed_static_at(size_t n, struct embed_static *ret_static);
