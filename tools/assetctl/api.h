/*
 * What the API does, from a shell: a command for every address that it has, as noun and verb, and
 * `api METHOD PATH` for one by its path. The commands are rows made from the daemon's own table of
 * addresses (tools/assetctl/derive), so that none is missing.
 */
#pragma once

#include "command.h"

/* A command of the API. Texts are constants; lists in them are separated by commas. */
struct api_command {
	const char *noun, *verb;
	const char *arguments; /* "ASSET VALUATION": what fills the path, in order */
	const char *method, *path;
	const char *query;     /* names that the address takes */
	const char *body_type; /* "" where it takes none */
	const char *members;   /* of the body, with what is in them; "" where nobody can say */
	const char *scope;     /* "" where nobody needs one */
	const char *summary;
};

/*
 * Run NOUN VERB …, or `api …`. argv: from the noun on. What the API answered goes to standard
 * output, what it refused to standard error in its own words.
 *
 * EXIT_USAGE for what is no such command or is used wrongly, else by the reply's status
 * (command.h).
 */
int api_run(int argc, char **argv);

/* Does any command begin with this noun? */
bool api_has_noun(const char *noun);

/* Help of a noun, or of the API's commands altogether (NULL), a line a command. */
void api_help(const char *noun);

/* Rows as command_dump_options prints them. */
void api_dump_options(void);
