/*
 * The settings table and its reader. inih splits lines; names, types, ranges and all
 * complaints are ours. A new setting is one row of conf.def (and of conf/assetd.conf).
 *
 * Later counts: the row's default, then the file, then the environment (ASSETD_SECTION_NAME). All
 * faults are gathered before any is told, so that one start names them all. On the main thread;
 * what is read is not changed again, so other threads read it without a lock.
 */
#include "conf.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "libassets/base/address.h"
#include "libassets/base/buf.h"
#include "libassets/base/err.h"
#include "log.h"

enum conf_type { CONF_TEXT, CONF_LIST, CONF_SECRET, CONF_NUMBER, CONF_FLAG };

static const char *const type_name[] = {
	[CONF_TEXT] = "text",     [CONF_LIST] = "list", [CONF_SECRET] = "secret file",
	[CONF_NUMBER] = "number", [CONF_FLAG] = "flag",
};

struct conf_row {
	const char *section, *name;
	enum conf_type type;
	size_t offset;
	const char *fallback; /* texts */
	int64_t number;       /* default of numbers and flags */
	int64_t least, most;
	const char *about;
};

#define ROW(s, n, t, ...) {#s, #n, t, offsetof(struct conf, s##_##n), __VA_ARGS__},
static const struct conf_row conf_table[] = {
#define CONF_TEXT(s, n, fallback, about) ROW(s, n, CONF_TEXT, fallback, 0, 0, 0, about)
#define CONF_LIST(s, n, fallback, about) ROW(s, n, CONF_LIST, fallback, 0, 0, 0, about)
#define CONF_SECRET(s, n, fallback, about) ROW(s, n, CONF_SECRET, fallback, 0, 0, 0, about)
#define CONF_NUMBER(s, n, fallback, least, most, about)                                            \
	ROW(s, n, CONF_NUMBER, NULL, fallback, least, most, about)
#define CONF_FLAG(s, n, fallback, about) ROW(s, n, CONF_FLAG, NULL, fallback, 0, 1, about)
#include "conf.def"
#undef CONF_TEXT
#undef CONF_LIST
#undef CONF_SECRET
#undef CONF_NUMBER
#undef CONF_FLAG
};

struct reading {
	struct conf *conf;
	const char *path; /* for complaints */
	FILE *file;
	int line;
	bool is_indented; /* the line at hand, which so goes on with the setting before it */
	bool is_given[COUNT(conf_table)];
	struct buf why;
};

static char **text_of(struct conf *c, const struct conf_row *row)
{
	return (char **)(void *)((char *)c + row->offset);
}

static bool is_text(const struct conf_row *row)
{
	return row->type != CONF_NUMBER && row->type != CONF_FLAG;
}

static int set_default(struct conf *c, const struct conf_row *row)
{
	char *at = (char *)c + row->offset;

	if (row->type == CONF_NUMBER) {
		*(int64_t *)(void *)at = row->number;
	} else if (row->type == CONF_FLAG) {
		*(bool *)(void *)at = row->number;
	} else {
		*text_of(c, row) = strdup(row->fallback);
		return *text_of(c, row) ? 0 : ERR_NOMEM;
	}
	return 0;
}

static int set_number(struct conf *c, const struct conf_row *row, struct str value)
{
	int64_t n;

	if (str_to_i64(value, &n) || n < row->least || n > row->most)
		return ERR_INVALID;
	*(int64_t *)(void *)((char *)c + row->offset) = n;
	return 0;
}

static int set_flag(struct conf *c, const struct conf_row *row, struct str value)
{
	static const struct str yes[] = {STR_INIT("yes"), STR_INIT("true"), STR_INIT("on"),
					 STR_INIT("1")};
	static const struct str no[] = {STR_INIT("no"), STR_INIT("false"), STR_INIT("off"),
					STR_INIT("0")};

	for (size_t i = 0; i < COUNT(yes); i++) {
		bool is_yes = str_eq_nocase(value, yes[i]);

		if (!is_yes && !str_eq_nocase(value, no[i]))
			continue;
		*(bool *)(void *)((char *)c + row->offset) = is_yes;
		return 0;
	}
	return ERR_INVALID;
}

static int set_text(struct conf *c, const struct conf_row *row, struct str value)
{
	char *copy = strndup(value.at, value.len);

	if (!copy)
		return ERR_NOMEM;
	free(*text_of(c, row));
	*text_of(c, row) = copy;
	return 0;
}

/* A value that goes on in a further line: lists by a comma, other texts by a blank. */
static int append_text(struct conf *c, const struct conf_row *row, struct str value)
{
	CLEANUP(buf_done) struct buf both = BUF(1 << 20);
	size_t len;
	char *joined;

	if (!is_text(row))
		return ERR_INVALID;
	buf_fmt(&both, "%s%s", *text_of(c, row), row->type == CONF_LIST ? ", " : " ");
	buf_str(&both, value);
	joined = buf_detach(&both, &len);
	if (!joined)
		return ERR_NOMEM;
	free(*text_of(c, row));
	*text_of(c, row) = joined;
	return 0;
}

/* Empty leaves a number or flag at its default, so that a file can name it without saying. */
static int set(struct conf *c, const struct conf_row *row, struct str value)
{
	if (is_text(row))
		return set_text(c, row, value);
	if (!value.len)
		return 0;
	return row->type == CONF_FLAG ? set_flag(c, row, value) : set_number(c, row, value);
}

static const struct conf_row *row_find(const char *section, const char *name)
{
	for (size_t i = 0; i < COUNT(conf_table); i++) {
		if (strcmp(conf_table[i].section, section) == 0 &&
		    strcmp(conf_table[i].name, name) == 0)
			return &conf_table[i];
	}
	return NULL;
}

static void complain_value(struct buf *why, const struct conf_row *row, struct str value)
{
	buf_fmt(why, "[%s] %s: ", row->section, row->name);
	buf_json(why, value);
	if (row->type == CONF_NUMBER)
		buf_fmt(why, " is not a whole number from %lld to %lld; give one\n",
			(long long)row->least, (long long)row->most);
	else
		buf_str(why, STR(" is neither yes nor no; give one of them\n"));
}

static void complain(struct reading *r, const char *section, const char *name, const char *what)
{
	buf_fmt(&r->why, "%s:%d: [%s] %s: %s\n", r->path, r->line, section, name, what);
}

/* inih's call back: 1 goes on, 0 would make inih note the line as faulty. */
static int on_setting(void *arg, const char *section, const char *name, const char *value)
{
	struct reading *r = arg;
	const struct conf_row *row = row_find(section, name);
	bool goes_on;
	int err;

	if (!row) {
		complain(r, section, name,
			 "there is no such setting; assetd --dump-settings lists all");
		return 1;
	}
	goes_on = r->is_given[row - conf_table];
	if (goes_on && !r->is_indented) {
		complain(r, section, name, "given a second time; remove one");
		return 1;
	}
	r->is_given[row - conf_table] = true;
	err = goes_on ? append_text(r->conf, row, str_of(value)) : set(r->conf, row, str_of(value));
	if (err == ERR_INVALID) {
		buf_fmt(&r->why, "%s:%d: ", r->path, r->line);
		complain_value(&r->why, row, str_of(value));
	} else if (err) {
		/* Out of memory: read_all() finds it in what was to be told. */
		r->why.err = err;
	}
	return 1;
}

/*
 * inih asks for lines here, so that a complaint can name the one that is being read. inih
 * would take the rest of a line that is longer than its buffer for a line of its own.
 */
static char *next_line(char *line, int size, void *arg)
{
	struct reading *r = arg;
	char *got = fgets(line, size, r->file);

	r->line++;
	if (!got)
		return NULL;
	r->is_indented = *got == ' ' || *got == '\t';
	if (!strchr(got, '\n') && !feof(r->file)) {
		buf_fmt(&r->why, "%s:%d: longer than %d bytes; go on in an indented line\n",
			r->path, r->line, size - 2);
		return NULL;
	}
	return got;
}

static int read_file(struct reading *r)
{
	int line, err = 0;

	r->file = fopen(r->path, "re");
	if (!r->file) {
		buf_fmt(&r->why,
			"%s: cannot be read (error %d); give the path of a settings file\n",
			r->path, errno);
		return ERR_NOT_FOUND;
	}
	line = ini_parse_stream(next_line, r, on_setting, r);
	if (line > 0)
		buf_fmt(&r->why, "%s:%d: neither a [section] nor name = value\n", r->path, line);
	else if (line < 0)
		err = ERR_NOMEM;
	(void)fclose(r->file);
	return err;
}

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
}

static void env_name(const struct conf_row *row, char ret_name[96])
{
	(void)snprintf(ret_name, 96, "ASSETD_%s_%s", row->section, row->name);
	for (char *c = ret_name; *c; c++)
		*c = upper(*c);
}

static int read_environment(struct reading *r)
{
	char name[96];

	for (size_t i = 0; i < COUNT(conf_table); i++) {
		const char *value;
		int err;

		env_name(&conf_table[i], name);
		value = getenv(name);
		if (!value)
			continue;
		err = set(r->conf, &conf_table[i], str_trim(str_of(value)));
		if (err == ERR_INVALID) {
			buf_fmt(&r->why, "%s: ", name);
			complain_value(&r->why, &conf_table[i], str_of(value));
		} else if (err) {
			return err;
		}
	}
	return 0;
}

/* A name or a network would be no error and match nobody: everybody would be the proxy. */
static void check_proxies(struct reading *r)
{
	struct str rest = str_of(r->conf->http_trusted_proxy), item;
	struct address address;

	while (!str_is_null(item = conf_list_next(&rest))) {
		if (address_parse(item, &address) < 0)
			buf_fmt(&r->why,
				"[http] trusted_proxy: \"%.*s\" is no address; give each proxy's "
				"own, not a name or a network\n",
				(int)item.len, item.at);
	}
}

/* One that anybody on the machine can read is none. Whether it is there is its reader's to say. */
static void check_secrets(struct reading *r)
{
	for (size_t i = 0; i < COUNT(conf_table); i++) {
		const struct conf_row *row = &conf_table[i];
		struct stat file;
		const char *path;

		if (row->type != CONF_SECRET)
			continue;
		path = *text_of(r->conf, row);
		if (stat(path, &file) == 0 && S_ISREG(file.st_mode) && file.st_mode & S_IRWXO)
			buf_fmt(&r->why,
				"[%s] %s: everybody on this machine has access to \"%s\"; take it "
				"away: chmod o= %s\n",
				row->section, row->name, path, path);
	}
}

/* What a type and a range do not say. */
static void check_values(struct reading *r)
{
	enum log_level level;

	check_proxies(r);
	check_secrets(r);

	if (log_level_parse(str_of(r->conf->log_level), &level))
		buf_fmt(&r->why,
			"[log] level: \"%s\" is none of error, warn, info, debug; give one\n",
			r->conf->log_level);
}

static int read_all(struct reading *r)
{
	int err = 0;

	for (size_t i = 0; i < COUNT(conf_table); i++) {
		if (set_default(r->conf, &conf_table[i]))
			return ERR_NOMEM;
	}
	if (r->path)
		err = read_file(r);
	if (!err)
		err = read_environment(r);
	if (!err)
		check_values(r);
	if (!err)
		err = buf_err(&r->why);
	if (!err && r->why.len)
		err = ERR_INVALID;
	return err;
}

/* Read into a conf of its own: a fault leaves what the daemon runs by untouched. */
int conf_load(const char *path, struct conf *ret_conf, char **ret_why)
{
	struct conf conf = {0};
	struct reading r = {.conf = &conf, .path = path, .why = BUF(1 << 20)};
	int err = read_all(&r);
	size_t len;

	if (err) {
		*ret_why = buf_detach(&r.why, &len);
		conf_done(&conf);
		return err;
	}
	buf_done(&r.why);
	*ret_conf = conf;
	return 0;
}

void conf_done(struct conf *c)
{
	for (size_t i = 0; i < COUNT(conf_table); i++) {
		if (is_text(&conf_table[i]))
			free(*text_of(c, &conf_table[i]));
	}
	*c = (struct conf){0};
}

struct str conf_list_next(struct str *at)
{
	struct str item;

	while (!str_is_null(*at)) {
		item = str_trim(str_cut(*at, ',', at));
		if (item.len)
			return item;
	}
	return (struct str){NULL, 0};
}

void conf_dump(struct buf *out)
{
	for (size_t i = 0; i < COUNT(conf_table); i++) {
		const struct conf_row *row = &conf_table[i];

		buf_fmt(out, "%s\t%s\t%s\t", row->section, row->name, type_name[row->type]);
		if (row->type == CONF_NUMBER)
			buf_i64(out, row->number);
		else if (row->type == CONF_FLAG)
			buf_str(out, str_of(row->number ? "yes" : "no"));
		else
			buf_str(out, str_of(row->fallback));
		buf_fmt(out, "\t%s\n", row->about);
	}
}
