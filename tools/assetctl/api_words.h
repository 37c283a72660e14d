/*
 * The words of a command of the API: options, arguments, and names with values, which become the
 * path, the query and the body.
 */
#pragma once

#include <jansson.h>

#include "api.h"
#include "libassets/base/buf.h"

enum { API_ARGUMENTS_MAX = 8 };

/* As given; texts are the command line's. */
struct api_words {
	const char *argument[API_ARGUMENTS_MAX];
	size_t arguments;
	json_t *fields;   /* NAME=VALUE of the body, the caller's; NULL: none */
	struct buf query; /* "limit=5&state=AGREED", encoded; the caller's */
	const char *url, *key_file, *body_file, *type, *if_match, *idempotency_key, *timeout;
	bool is_all, is_dry, is_help, shows_etag;
};

/*
 * Read them. c: whose names of a query tell them from those of a body; NULL for `api`, where on a
 * GET every name is the query's, and is_read says that it is one.
 *
 * EXIT_USAGE   what is wrong has been said    EXIT_FAILED  no memory
 */
int api_words_read(const struct api_command *c, bool is_read, int argc, char **argv,
		   struct api_words *ret_words);
void api_words_done(struct api_words *w);

/* The options as rows, for --help and the manual page. */
extern const struct option_row api_options[];
extern const size_t api_option_count;

/* Append a text as a part of an address. */
void api_escape(struct buf *out, const char *text);
