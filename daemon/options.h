/*
 * The command line of assetd: one table of options and one of commands, from which come the
 * parser, --help and the manual page.
 */
#pragma once

#include "libassets/base.h"
#include "libassets/str.h"

struct buf;
struct conf;

enum option_action {
	ACTION_SERVE,
	ACTION_COMMAND,
	ACTION_HELP,
	ACTION_VERSION,
	ACTION_DUMP_OPTIONS,
	ACTION_DUMP_SETTINGS,
	ACTION_DUMP_ROUTES,
	ACTION_DUMP_OPENAPI,
};

struct command {
	const char *name;
	const char *about;
	/* An exit status; it has said on standard error what went wrong. */
	int (*run)(const struct conf *conf);
};

struct options {
	enum option_action action;
	const struct command *command; /* of ACTION_COMMAND */
	const char *config;            /* NULL: defaults and environment */
	unsigned parts;                /* bits of part_table */
};

/*
 * argv as main gets it. ERR_INVALID  *ret_why says what is wrong (static or argv's text), and
 * ret_word which word.
 */
MUST_CHECK int options_parse(char **argv, struct options *ret_options, const char **ret_why,
			     const char **ret_word);

void options_help(struct buf *out);

/* Tab-separated: option or command, name, argument, meaning. */
void options_dump(struct buf *out);
