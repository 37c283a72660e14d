/*
 * assetctl: from a shell, what the register does. What was asked for goes to standard
 * output, everything else to standard error; the exit status says what became of it.
 *
 * A further command is a row in command.c and a file with its run function; the manual page and
 * --help come from that row. Those of the API come from its own table (api.h).
 */
#include <stdio.h>
#include <string.h>

#include "api.h"
#include "api_table.h"
#include "command.h"

static bool is_help(const char *word)
{
	return strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0;
}

static int run(const struct command *c, int argc, char **argv)
{
	for (int i = 0; i < argc; i++) {
		if (is_help(argv[i])) {
			command_help(c);
			return EXIT_OK;
		}
		if (argv[i][0] == '-' && argv[i][1] != '\0' && !command_takes(c, argv[i])) {
			complain("there is no option %s; see assetctl %s --help", argv[i], c->name);
			return EXIT_USAGE;
		}
	}
	return c->run(&(struct invocation){argc, argv});
}

static int dispatch(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : NULL;
	const struct command *c;

	if (!word) {
		complain("say what to do; see assetctl --help");
		return EXIT_USAGE;
	}
	/* A noun of the API may be a command too: its verbs are not for that one. */
	c = argc > 2 && api_find(word, argv[2]) ? NULL : command_find(word);
	if (c)
		return run(c, argc - 2, argv + 2);
	if (api_has_noun(word))
		return api_run(argc - 1, argv + 1);
	if (strcmp(word, "--dump-options") == 0) {
		command_dump_options();
	} else if (strcmp(word, "--version") == 0) {
		printf("assetctl " ASSETD_VERSION "\n");
	} else if (is_help(word) || strcmp(word, "help") == 0) {
		command_help(argc > 2 ? command_find(argv[2]) : NULL);
	} else {
		if (word[0] == '-')
			complain("options such as %s come after the command; see assetctl --help",
				 word);
		else
			complain("there is no command %s; see assetctl --help", word);
		return EXIT_USAGE;
	}
	return EXIT_OK;
}

int main(int argc, char **argv)
{
	int code = dispatch(argc, argv);

	/* A full disk or a closed pipe shows only here. */
	if (fflush(stdout) != 0 || ferror(stdout)) {
		complain("standard output cannot be written");
		return code ? code : EXIT_FAILED;
	}
	return code;
}
