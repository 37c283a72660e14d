/*
 * Settings: where they come from, and complaints that name file, line and cure, all at once.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "daemon/base/conf.h"
#include "libassets/base/buf.h"
#include "libassets/base/err.h"
#include "tests/unit/scratch.h"

static char path[PATH_MAX];
static struct conf conf;
static char *why;

static int load(const char *text)
{
	int r;

	scratch_file(text, path);
	why = NULL;
	r = conf_load(path, &conf, &why);
	(void)unlink(path);
	return r;
}

Test(conf, defaults)
{
	cr_assert_eq(conf_load(NULL, &conf, &why), 0);
	cr_assert_str_eq(conf.http_listen, "127.0.0.1:8080");
	cr_assert_eq(conf.http_head_ms, 10000);
	cr_assert(!conf.hooks_allow_http);
	cr_assert_str_eq(conf.hooks_allow_cidr, "");
	conf_done(&conf);
}

Test(conf, file_and_environment)
{
	(void)setenv("ASSETD_HTTP_WORKERS", " 3 ", 1);
	cr_assert_eq(load("; a comment\n[http]\nworkers = 2\nlisten = "
			  "[::1]:80\n[hooks]\nallow_http=yes\n"
			  "allow_cidr = 10.0.0.0/8,\n\t192.168.0.0/16\n[database]\napi = "
			  "dbname=a\n  user=b\n"),
		     0, "%s", why);
	(void)unsetenv("ASSETD_HTTP_WORKERS");
	cr_assert_eq(conf.http_workers, 3, "the environment comes last");
	cr_assert_str_eq(conf.http_listen, "[::1]:80");
	cr_assert(conf.hooks_allow_http);
	cr_assert_str_eq(conf.hooks_allow_cidr, "10.0.0.0/8,, 192.168.0.0/16");
	cr_assert_str_eq(conf.database_api, "dbname=a user=b");
	conf_done(&conf);
}

Test(conf, lists)
{
	struct str at = str_of(" a , ,b,, c");

	cr_assert(str_eq(conf_list_next(&at), STR("a")));
	cr_assert(str_eq(conf_list_next(&at), STR("b")));
	cr_assert(str_eq(conf_list_next(&at), STR("c")));
	cr_assert(str_is_null(conf_list_next(&at)));
	cr_assert(str_is_null(conf_list_next(&at)));
}

Test(conf, names_every_fault)
{
	static const char *const want[] = {
		":2: [http] workers: \"many\" is not a whole number from 0 to 64; give one\n",
		":3: [http] lisen: there is no such setting; assetd --dump-settings lists all\n",
		":5: [http] idle_ms: given a second time; remove one\n",
		":6: [http] requests: \"0\" is not a whole number from 1 to",
		":8: [hooks] allow_http: \"perhaps\" is neither yes nor no; give one of them\n",
		"ASSETD_HTTP_HEAD_MS: [http] head_ms: \"1e3\" is not a whole number from 10 to",
	};
	const char *at;

	(void)setenv("ASSETD_HTTP_HEAD_MS", "1e3", 1);
	cr_assert_eq(load("[http]\nworkers = many\nlisen = x\nidle_ms = 100\nidle_ms = "
			  "200\nrequests = 0\n"
			  "[hooks]\nallow_http = perhaps\n"),
		     ERR_INVALID);
	(void)unsetenv("ASSETD_HTTP_HEAD_MS");
	at = why;
	for (size_t i = 0; i < COUNT(want); i++) {
		at = strstr(at, want[i]);
		cr_assert_not_null(at, "%s is missing in\n%s", want[i], why);
	}
	free(why);
}

Test(conf, refuses_what_it_cannot_read)
{
	char long_line[400];

	cr_assert_eq(load("[http]\nno equals sign\n"), ERR_INVALID);
	cr_assert_not_null(strstr(why, ":2: "));
	free(why);
	(void)snprintf(long_line, sizeof(long_line), "[http]\nlisten = %0300d\nworkers = 1\n", 0);
	cr_assert_eq(load(long_line), ERR_INVALID, "a long line is not cut in silence");
	cr_assert_not_null(strstr(why, ":2: longer than"));
	free(why);
	cr_assert_eq(load("[log]\nlevel = loud\n"), ERR_INVALID);
	cr_assert_not_null(strstr(why, "[log] level"));
	free(why);
	cr_assert_eq(load("[http]\ntrusted_proxy = 192.0.2.1, 10.0.0.0/8\n"), ERR_INVALID);
	cr_assert_not_null(strstr(why, "10.0.0.0/8"), "it would match nobody in silence");
	free(why);
	cr_assert_eq(load("[http]\ntrusted_proxy = 192.0.2.1, 2001:db8::1\n"), 0);
	conf_done(&conf);
	cr_assert_eq(conf_load("/nonexistent/assetd.conf", &conf, &why), ERR_NOT_FOUND);
	cr_assert_not_null(strstr(why, "/nonexistent/assetd.conf"));
	free(why);
}

Test(conf, dump_has_a_row_for_each)
{
	CLEANUP(buf_done) struct buf out = BUF(1 << 20);

	conf_dump(&out);
	cr_assert(strstr(out.at, "http\tlisten\ttext\t127.0.0.1:8080\t"));
	cr_assert(strstr(out.at, "hooks\tallow_http\tflag\tno\t"));
}
