/*
 * The command line of assetd: one table of options and one of commands, from which come the
 * parser, --help and the manual page.
 */
#pragma once

#include "libassets/base/base.h"
#include "libassets/base/str.h"

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
	ACTION_DUMP_MESSAGES,
	ACTION_DUMP_OPENAPI,
};

/* A row: something that is done once, instead of serving. */
struct command {
	const char *name;  /* "migrate" */
	const char *about; /* for --help */
	/* An exit status; it has said on standard error what went wrong. */
	int (*run)(const struct conf *conf);
};

/* What the command line asks for. Texts are argv's. */
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

/* Append the text of --help. */
void options_help(struct buf *out);

/* Append tab-separated lines: option or command, name, argument, meaning. For the man page. */
void options_dump(struct buf *out);
