/*
 * The table of commands and options, and what is printed from it: --help, and by
 * --dump-options the manual page. Line lengths of `text` are those of a terminal.
 */
#include "command.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "api_words.h"
#include "deadline.h"
#include "import.h"
#include "project.h"
#include "rules.h"
#include "webhook.h"

static const struct option_row options[] = {
	{"-h, --help", "", "Say how the program, or the command before it, is used"},
	{"--version", "", "Say which version this is"},
};

static const struct command commands[] = {
	{
		.name = "project",
		.argument = "FILE",
		.summary = "Project capital receipts from an input file, offline",
		.text = "FILE holds one JSON object with asof, params, partners and assets, "
			"amounts in\n"
			"pence; - is standard input. The projection is printed as one JSON object "
			"with\n"
			"assets, rollups and exceptions. Each fault of the input is named with its "
			"place\n"
			"on standard error, and nothing is printed then. With mc (seed, and paths "
			"if not\n"
			"10,000) it is simulated too: P10, P50, P90 and mean of all, each year and "
			"each\n"
			"partner. With old and new, each such an object, the movement between them "
			"is\n"
			"printed: which change of which asset moved how much, and when.\n",
		.example = "assetctl project receipts.json | jq '.rollups[] | select(.dim == "
			   "\"ALL\")'",
		.run = project_run,
	},
	{
		.name = "deadline",
		.argument = "FILE",
		.summary = "Work out last days by the rules of the Act, offline",
		.text = "FILE holds one JSON object, an array of them, or a document with "
			"cases; - is\n"
			"standard input. Each has a start and either a clock, K1 to K43, or a "
			"length, unit\n"
			"(working_days, days, weeks, months, years), mode (beginning_with, after) "
			"and, for\n"
			"working days, a calendar (fixed_days, bank_holidays_scotland). For each "
			"the last\n"
			"day is printed as one JSON object, with how it was worked out and each "
			"day that\n"
			"does not count. Where expected_last_day is given and another day comes "
			"out, that\n"
			"is said and the exit status is 1.\n",
		.example = "echo '{\"clock\": \"K6\", \"start\": \"2026-10-01\"}' | "
			   "assetctl deadline - | jq -r .last_day",
		.run = deadline_run,
	},
	{
		.name = "rules",
		.argument = "[FILE]",
		.summary = "List what of the law is not confirmed, where each is set and to what",
		.text = "Columns between tabs: item, clock or move; its number; confidence (U not "
			"confirmed,\n"
			"P practice, G guidance); what it is and what holds until it is checked; "
			"of an "
			"item\n"
			"where it is set, of the others the source; of a clock also how long it "
			"runs, and\n"
			"where that is a setting. FILE holds a version of the calendars as the API "
			"gives it,\n"
			"- is standard input; without it the lengths are the rulebook's.\n",
		.example = "assetctl calendar show CALENDAR | assetctl rules - | grep ^clock",
		.run = rules_run,
	},
	{
		.name = "import",
		.argument = "FILE AUTHORITY [MAPPING] [valid_on=DAY] [apply=no]",
		.summary = "Load a CSV list of any length into the register",
		.options = "--url,--key-file,--timeout",
		.text = "FILE is a CSV list, - standard input, AUTHORITY the id of the public body "
			"whose list\n"
			"it is, MAPPING auto (the default), LGA, BROWNFIELD, CATR, ASSETD, COMMON\n"
			"or the name of a mapping that the body has saved. What the list says is\n"
			"so from DAY on, as 2026-04-01; without it from the day on which it is\n"
			"applied. The list is sent in parts of 500\n"
			"records. All are previewed first; where one has an error nothing is "
			"applied, and each\n"
			"is said with its line. Where a part cannot be applied those before it are "
			"undone. With\n"
			"apply=no it is a preview, which changes nothing. The counts are printed "
			"as one JSON\n"
			"object. A FILE with the name of a verb below is written ./preview.\n",
		.example = "assetctl import assets.csv aut_… --key-file admin.key",
		.run = import_run,
	},
	{
		.name = "webhook",
		.argument =
			"verify FILE | listen ADDRESS [types=LIST] [subject=ID] [after=POSITION] "
			"[count=N]",
		.summary = "Check a call of a webhook, or hear events at a program of this machine",
		.options = "--url,--key-file,--timeout",
		.text = "verify: FILE is a call as it came, its fields a line each, a blank line, "
			"then the body\n"
			"byte for byte; - is standard input. It is checked with "
			"ASSETD_WEBHOOK_SECRET, a secret\n"
			"(whsec_…) or a public key (whpk_…). What it is is printed as one JSON "
			"object; the exit\n"
			"status is 1 when no signature fits. fresh is false of a call more than "
			"five minutes from\n"
			"now: verifiers of Standard Webhooks refuse it when it comes, whatever its "
			"signature.\n"
			"listen: each event that the key may read, from now on or after a "
			"position, is sent to\n"
			"ADDRESS as a webhook would be: the same body, the same fields, signed "
			"with\n"
			"ASSETD_WEBHOOK_SECRET or else with a new secret, which is said first. "
			"ADDRESS is of this\n"
			"machine, or https. A line an event is printed: id, type, status. One that "
			"is not taken is\n"
			"sent four times more, then passed over. It ends after N events, or when "
			"it is\n"
			"interrupted; the exit status is 1 when one was passed over.\n",
		.example = "assetctl webhook listen http://127.0.0.1:3000/hook types=request.* "
			   "--key-file admin.key",
		.run = webhook_run,
	},
};

const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < COUNT(commands); i++) {
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	}
	return NULL;
}

bool command_takes(const struct command *c, const char *option)
{
	struct str rest = str_of(c->options ? c->options : ""), name = str_of(option);

	name.len = strcspn(option, "=");
	while (rest.len) {
		if (str_eq(str_cut(rest, ',', &rest), name))
			return true;
	}
	return false;
}

static void print_options(const struct command *c)
{
	printf("\nOptions:\n");
	for (size_t i = 0; c && i < api_option_count; i++) {
		if (command_takes(c, api_options[i].option))
			printf("  %s %s\n      %s\n", api_options[i].option,
			       api_options[i].argument, api_options[i].summary);
	}
	for (size_t i = 0; i < COUNT(options); i++)
		printf("  %-14s  %s\n", options[i].option, options[i].summary);
}

void command_help(const struct command *c)
{
	if (c) {
		printf("%s.\n\nUsage: assetctl %s %s\n\n%s", c->summary, c->name, c->argument,
		       c->text);
		print_options(c);
		if (api_has_noun(c->name)) {
			printf("\nCommands of the API of that name:\n");
			api_help(c->name);
		}
		printf("\nExample:\n  %s\n", c->example);
		return;
	}
	printf("Work with the register of public land and buildings.\n\n"
	       "Usage: assetctl COMMAND [OPTION …] [ARGUMENT …]\n\nCommands:\n");
	for (size_t i = 0; i < COUNT(commands); i++)
		printf("  %-8s %-23s  %s\n", commands[i].name, commands[i].argument,
		       commands[i].summary);
	printf("\nCommands of the API (each has --help, with the options that they share):\n");
	api_help(NULL);
	print_options(NULL);
	printf("\nExit status: 0 done, 1 failed, 2 wrong usage or input not taken, 3 not found, 4 "
	       "changed\nor stands against it, 5 not valid, 6 the key does not permit it, 7 too "
	       "many requests,\n8 the server failed or cannot be reached.\n\nExamples:\n  %s\n  "
	       "assetctl asset list q=hall --all --key-file admin.key\n",
	       commands[0].example);
}

void command_dump_options(void)
{
	for (size_t i = 0; i < COUNT(options); i++)
		printf("\t%s\t%s\t%s\n", options[i].option, options[i].argument,
		       options[i].summary);
	for (size_t i = 0; i < COUNT(commands); i++) {
		printf("%s\t\t%s\t%s\n", commands[i].name, commands[i].argument,
		       commands[i].summary);
		for (size_t k = 0; k < api_option_count; k++) {
			if (command_takes(&commands[i], api_options[k].option))
				printf("%s\t%s\t%s\t%s\n", commands[i].name, api_options[k].option,
				       api_options[k].argument, api_options[k].summary);
		}
	}
	api_dump_options();
}

void complain(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	(void)fputs("assetctl: ", stderr);
	(void)vfprintf(stderr, fmt, args);
	(void)fputc('\n', stderr);
	va_end(args);
}
