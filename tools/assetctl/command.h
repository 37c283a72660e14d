/*
 * The commands of assetctl as rows: from them come dispatch, --help and the manual page.
 * Add a command by adding a row to command.c and a file of its own.
 */
#pragma once

#include "libassets/base/base.h"

/* What the program ends with; the same for every command. */
enum exit_code {
	EXIT_OK = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2, /* also: input this version does not take */
	EXIT_NOT_FOUND = 3,
	EXIT_CONFLICT = 4, /* it has changed, or something else stands against it */
	EXIT_INVALID = 5,
	EXIT_AUTH = 6,
	EXIT_RATE = 7,
	EXIT_SERVER = 8, /* it failed, or cannot be reached */
	EXIT_INTERRUPTED = 130,
};

struct option_row {
	const char *option;   /* "-h, --help" */
	const char *argument; /* or "" */
	const char *summary;  /* a sentence */
};

/* What a command is given: its arguments, its own name taken off. */
struct invocation {
	int argc;
	char **argv;
};

struct command {
	const char *name;
	const char *argument; /* "FILE" */
	const char *summary;
	const char
		*options; /* those of api_options that it takes, "--url,--key-file"; NULL: none */
	const char *text; /* what else --help says, lines that end with \n */
	const char *example; /* a line */
	int (*run)(const struct invocation *call);
};

/* The command of this name, NULL if there is none. */
const struct command *command_find(const char *name);

/* Does it take this option, its value behind a sign of equality or not? */
bool command_takes(const struct command *c, const char *option);

/* Help on standard output: of the program, or of one command. */
void command_help(const struct command *c);

/* Rows for tools/man/make: command, option, argument, summary, between tabs. */
void command_dump_options(void);

/* A line on standard error, "assetctl: …". */
void complain(const char *fmt, ...) PRINTF_LIKE(1, 2);
