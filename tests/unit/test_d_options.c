/*
 * The command line, and addresses to listen on.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "daemon/http/net_listen.h"
#include "daemon/process/options.h"
#include "daemon/process/process.h"
#include "libassets/base/buf.h"
#include "libassets/base/err.h"

static struct options o;
static const char *why, *word;

/* Words separated by '|', as main would get them after its own name. */
static int parse(const char *line)
{
	static char words[256];
	char *argv[8] = {words, NULL};
	size_t n = 1;

	(void)snprintf(words, sizeof(words), "assetd|%s", line);
	for (char *at = words; (at = strchr(at, '|'));) {
		*at++ = '\0';
		argv[n++] = at;
	}
	return options_parse(argv, &o, &why, &word);
}

Test(options, are_understood)
{
	char name[] = "assetd";

	cr_assert_eq(options_parse((char *[]){name, NULL}, &o, &why, &word), 0);
	cr_assert_eq(o.action, ACTION_SERVE);
	cr_assert_eq(o.parts, (1U << part_count) - 1, "all parts by default");
	cr_assert_null(o.config);
	cr_assert_eq(parse("--config|a.conf|--role|api"), 0);
	cr_assert_str_eq(o.config, "a.conf");
	cr_assert_str_eq(part_table[__builtin_ctz(o.parts)].name, "api");
	cr_assert_eq(parse("--config=b.conf|--role=api, feed"), 0);
	cr_assert_str_eq(o.config, "b.conf");
	cr_assert_eq(__builtin_popcount(o.parts), 2);
	cr_assert_eq(parse("migrate|--config|a.conf"), 0);
	cr_assert_eq(o.action, ACTION_COMMAND);
	cr_assert_str_eq(o.command->name, "migrate");
	cr_assert_eq(parse("--version"), 0);
	cr_assert_eq(o.action, ACTION_VERSION);
}

Test(options, are_refused_by_name)
{
	cr_assert_eq(parse("--nonsense"), ERR_INVALID);
	cr_assert_str_eq(word, "--nonsense");
	cr_assert_eq(parse("--config"), ERR_INVALID);
	cr_assert_eq(parse("--help=me"), ERR_INVALID);
	cr_assert_eq(parse("--role|api,nobody"), ERR_INVALID);
	cr_assert_eq(parse("--role|"), ERR_INVALID);
	cr_assert_eq(parse("migrate|check"), ERR_INVALID);
	cr_assert_eq(parse("nonsense"), ERR_INVALID);
	cr_assert_str_eq(why, "there is no such command");
}

Test(options, help_and_dump_name_everything)
{
	CLEANUP(buf_done) struct buf help = BUF(1 << 16);
	CLEANUP(buf_done) struct buf dump = BUF(1 << 16);
	char *role;

	options_help(&help);
	options_dump(&dump);
	cr_assert(strstr(help.at, "--dump-settings") && strstr(help.at, "migrate"));
	cr_assert(strstr(dump.at, "option\t--config\tFILE\t"));
	cr_assert(strstr(dump.at, "command\tmigrate\t\t"));
	role = strstr(dump.at, "option\t--role\tLIST\t");
	cr_assert(role && strchr(role, '\n'));
	*strchr(role, '\n') = '\0';
	for (size_t i = 0; i < part_count; i++)
		cr_assert(strstr(role, part_table[i].name), "--role says %s", part_table[i].name);
}

Test(net_listen, takes_addresses)
{
	static const char *const good[] = {"127.0.0.1:0", "[::1]:0", "0.0.0.0:0"};
	const char *text;
	char name[128];
	int fd;

	for (size_t i = 0; i < COUNT(good); i++) {
		cr_assert_eq(net_listen(good[i], &fd, &text), 0, "%s: %s", good[i], text);
		net_listen_name(fd, name, sizeof(name));
		cr_assert_eq(strncmp(name, good[i], strlen(good[i]) - 1), 0, "%s", name);
		(void)close(fd);
	}
}

Test(net_listen, refuses_others_and_says_why)
{
	static const char *const bad[] = {
		"",
		"127.0.0.1",
		"localhost:80",
		"127.0.0.1:",
		"127.0.0.1:65536",
		"127.0.0.1:-1",
		"127.0.0.1:80x",
		"[::1]",
		"::1:80",
		"unix:",
		"unix:relative",
		"300.0.0.1:80",
	};
	const char *text;
	char name[128];
	int fd, second;

	for (size_t i = 0; i < COUNT(bad); i++)
		cr_assert_eq(net_listen(bad[i], &fd, &text), ERR_INVALID, "%s", bad[i]);
	cr_assert_eq(net_listen("127.0.0.1:0", &fd, &text), 0);
	net_listen_name(fd, name, sizeof(name));
	cr_assert_eq(net_listen(name, &second, &text), ERR_CONFLICT);
	cr_assert_str_eq(text, "somebody listens there already");
	(void)close(fd);
}
