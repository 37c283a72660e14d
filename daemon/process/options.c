/*
 * Options and commands. A new one is a row; what it does is the function beside it. The same
 * rows make --help and, by --dump-options, the manual page, so none of the three can forget
 * one. Runs on the main thread before anything else; reads no settings.
 */
#include "options.h"

#include "admin_key.h"
#include "daemon/db/db_migrate.h"
#include "libassets/base/buf.h"
#include "libassets/base/err.h"
#include "process.h"
#include "rewrap.h"

struct option_row {
	const char *name, *argument, *about;
	int (*take)(struct options *o, const char *argument);
};

static int take_config(struct options *o, const char *argument)
{
	o->config = argument;
	return 0;
}

static int take_role(struct options *o, const char *argument)
{
	return part_parse_list(str_of(argument), &o->parts);
}

static int take_help(struct options *o, const char *argument)
{
	(void)argument;
	o->action = ACTION_HELP;
	return 0;
}

static int take_version(struct options *o, const char *argument)
{
	(void)argument;
	o->action = ACTION_VERSION;
	return 0;
}

static int take_dump_options(struct options *o, const char *argument)
{
	(void)argument;
	o->action = ACTION_DUMP_OPTIONS;
	return 0;
}

static int take_dump_settings(struct options *o, const char *argument)
{
	(void)argument;
	o->action = ACTION_DUMP_SETTINGS;
	return 0;
}

static int take_dump_routes(struct options *o, const char *argument)
{
	(void)argument;
	o->action = ACTION_DUMP_ROUTES;
	return 0;
}

static int take_dump_messages(struct options *o, const char *argument)
{
	(void)argument;
	o->action = ACTION_DUMP_MESSAGES;
	return 0;
}

static int take_dump_openapi(struct options *o, const char *argument)
{
	(void)argument;
	o->action = ACTION_DUMP_OPENAPI;
	return 0;
}

static const struct option_row option_table[] = {
	{"--config", "FILE", "Read settings from FILE; without it, defaults and environment alone.",
	 take_config},
	{"--role", "LIST",
	 "Run only these parts, comma-separated: api, feed, projector, hooks, mail, scan. All by "
	 "default.",
	 take_role},
	{"--help", NULL, "Say this and exit.", take_help},
	{"--version", NULL, "Print the version and exit.", take_version},
	{"--dump-options", NULL, "Print these tables as tab-separated text, for the manual page.",
	 take_dump_options},
	{"--dump-settings", NULL,
	 "Print every setting with type, default and meaning, tab-separated.", take_dump_settings},
	{"--dump-routes", NULL,
	 "Print every address with method, scope, who it is for and meaning, tab-separated.",
	 take_dump_routes},
	{"--dump-messages", NULL,
	 "Print the English of every page, to be translated, as gettext's template.",
	 take_dump_messages},
	{"--dump-openapi", NULL,
	 "Print the description of the API as GET /v1/openapi.json gives it.", take_dump_openapi},
};

/* The settings have been read when a command runs, and that was all. */
static int command_check(const struct conf *conf)
{
	(void)conf;
	return 0;
}

static const struct command command_table[] = {
	{"migrate", "Bring the database to this version; safe to run again.", db_migrate},
	{"admin-key", "Make a key that may do everything, print it, and exit.", admin_key},
	{"rewrap",
	 "Encrypt webhook secrets by [hooks] key_file that are under another key; safe to run "
	 "again.",
	 rewrap},
	{"check", "Read the settings, say what is wrong with them, and exit.", command_check},
};

static const struct option_row *option_find(struct str word)
{
	for (size_t i = 0; i < COUNT(option_table); i++) {
		if (str_eq(word, str_of(option_table[i].name)))
			return &option_table[i];
	}
	return NULL;
}

/* What is no option is a command, wherever it stands among them. */
static int take_command(struct options *o, const char *word, const char **ret_why)
{
	if (o->command || word[0] == '-') {
		*ret_why = o->command ? "one command at a time" : "there is no such option";
		return ERR_INVALID;
	}
	for (size_t i = 0; i < COUNT(command_table); i++) {
		if (strcmp(word, command_table[i].name) != 0)
			continue;
		o->action = ACTION_COMMAND;
		o->command = &command_table[i];
		return 0;
	}
	*ret_why = "there is no such command";
	return ERR_INVALID;
}

/* "--name value" and "--name=value" are the same. Moves *argv past what it took. */
static int take_option(struct options *o, char ***argv, const char **ret_why)
{
	struct str value, word = str_cut(str_of(**argv), '=', &value);
	const struct option_row *row = option_find(word);
	const char *argument = value.at;

	if (!row)
		return take_command(o, **argv, ret_why);
	/* Each is the complaint for what may go wrong next. */
	*ret_why = row->argument ? "something must follow it" : "nothing may follow it";
	if (!row->argument && argument)
		return ERR_INVALID;
	if (row->argument && !argument) {
		argument = (*argv)[1];
		if (!argument)
			return ERR_INVALID;
		++*argv;
	}
	*ret_why = "what follows it is not understood";
	return row->take(o, argument);
}

int options_parse(char **argv, struct options *ret_options, const char **ret_why,
		  const char **ret_word)
{
	struct options o = {.action = ACTION_SERVE, .parts = (1U << part_count) - 1};

	for (argv++; *argv; argv++) {
		*ret_word = *argv;
		if (take_option(&o, &argv, ret_why))
			return ERR_INVALID;
	}
	*ret_options = o;
	return 0;
}

void options_help(struct buf *out)
{
	buf_str(out,
		STR("usage: assetd [--config FILE] [--role LIST]\n"
		    "       assetd COMMAND [--config FILE]\n\n"
		    "The register of public land and buildings, as a service.\n\nCommands:\n"));
	for (size_t i = 0; i < COUNT(command_table); i++)
		buf_fmt(out, "  %-18s %s\n", command_table[i].name, command_table[i].about);
	buf_str(out, STR("\nOptions:\n"));
	for (size_t i = 0; i < COUNT(option_table); i++) {
		const struct option_row *row = &option_table[i];

		buf_fmt(out, "  %-10s %-7s %s\n", row->name, row->argument ? row->argument : "",
			row->about);
	}
	buf_str(out,
		STR("\nExamples:\n"
		    "  assetd --config /etc/assetd/assetd.conf --role api,feed,projector,scan\n"
		    "  ASSETD_HTTP_LISTEN=127.0.0.1:8081 assetd\n"));
}

void options_dump(struct buf *out)
{
	for (size_t i = 0; i < COUNT(option_table); i++) {
		const struct option_row *row = &option_table[i];

		buf_fmt(out, "option\t%s\t%s\t%s\n", row->name, row->argument ? row->argument : "",
			row->about);
	}
	for (size_t i = 0; i < COUNT(command_table); i++)
		buf_fmt(out, "command\t%s\t\t%s\n", command_table[i].name, command_table[i].about);
}
