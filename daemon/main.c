/*
 * assetd: what to do is in the options; before anything runs, the process is made safe.
 *
 * What is told to a person goes to standard error before the log begins. Exit status: 0 done, 1
 * failed, 2 wrong usage, 71 when memory runs out in libevent (alloc.h).
 */
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>

#include "daemon/base/alloc.h"
#include "daemon/base/conf.h"
#include "daemon/base/log.h"
#include "daemon/db/db.h"
#include "daemon/page/pages.h"
#include "daemon/process/options.h"
#include "daemon/process/run.h"
#include "daemon/route/openapi.h"
#include "daemon/route/router.h"
#include "libassets/base/buf.h"

enum { EXIT_FAULT = 1, EXIT_USAGE = 2, TEXT_MAX = 1 << 20 };

/* Once, before there is a second thread. */
static void make_safe(void)
{
	alloc_take_libevent();
	log_take_libevent();
	(void)signal(SIGPIPE, SIG_IGN); /* a client that left is an error of write, not a death */
	json_object_seed(0);
	db_clear_environment();
#ifndef ASSETD_FAULTS
	/* No core and no debugger: memory holds keys. Test builds want both. */
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

static int print(void (*write)(struct buf *out))
{
	CLEANUP(buf_done) struct buf out = BUF(TEXT_MAX);

	write(&out);
	if (buf_err(&out) || fwrite(out.at, 1, out.len, stdout) != out.len || fflush(stdout))
		return EXIT_FAULT;
	return 0;
}

static int load(const char *path, struct conf *ret_conf)
{
	char *why = NULL;
	int err = conf_load(path, ret_conf, &why);

	if (err)
		(void)fprintf(stderr, "assetd: the settings cannot be used:\n%s",
			      why ? why : "out of memory\n");
	free(why);
	return err;
}

static int run_command(const struct options *o)
{
	struct conf conf;
	int status;

	if (load(o->config, &conf))
		return EXIT_FAULT;
	status = o->command->run(&conf);
	conf_done(&conf);
	return status;
}

static int run_serve(const struct options *o)
{
	struct conf *conf = calloc(1, sizeof(*conf));

	if (!conf || load(o->config, conf)) {
		free(conf);
		return EXIT_FAULT;
	}
	return run_daemon(o, conf);
}

int main(int argc, char **argv)
{
	const char *why = NULL, *word = NULL;
	struct options o;

	(void)argc;
	if (options_parse(argv, &o, &why, &word)) {
		(void)fprintf(stderr, "assetd: %s: %s; assetd --help says more\n", word, why);
		return EXIT_USAGE;
	}
	make_safe();
	switch (o.action) {
	case ACTION_HELP:
		return print(options_help);
	case ACTION_VERSION:
		return puts("assetd " ASSETD_VERSION) == EOF;
	case ACTION_DUMP_OPTIONS:
		return print(options_dump);
	case ACTION_DUMP_SETTINGS:
		return print(conf_dump);
	case ACTION_DUMP_ROUTES:
		return print(router_dump);
	case ACTION_DUMP_MESSAGES:
		return print(pages_dump);
	case ACTION_DUMP_OPENAPI:
		return print(openapi_write);
	case ACTION_COMMAND:
		return run_command(&o);
	case ACTION_SERVE:
		return run_serve(&o);
	}
	return EXIT_USAGE;
}
