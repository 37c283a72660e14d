/*
 * The daemon reads and compares each part on its own, so each is sent with the list's header. All
 * are previewed before the first is applied: whoever has an error in the last line is told before
 * anything is changed.
 */
#include "import.h"

#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "call.h"
#include "input.h"
#include "libassets/import/csv_split.h"
#include "libassets/import/csv_text.h"
#include "service.h"

/*
 * Bytes of a list; records of a part, whose assets are held while the daemon applies it, for about
 * a second; parts; bytes of an address.
 */
enum { FILE_MAX = 1 << 30, PART_RECORDS = 1000, PARTS_MAX = 4096, PATH_MAX_BYTES = 1024 };

/*
 * A part that is still being applied, and how often it is asked for, the service waiting two
 * seconds; how often when nobody answers, a second apart.
 */
enum { STATUS_ACCEPTED = 202, MOVE_TRIES = 300, LOST_TRIES = 10 };

static const char *const count_names[] = {"create", "update", "same", "error", "warning"};

struct import {
	struct call_service service;
	const char *authority, *mapping;
	struct str query;    /* what else its parts are sent with, "valid_on=2026-04-01" */
	char *id[PARTS_MAX]; /* of the parts so far */
	size_t parts, applied;
	bool is_away;  /* nobody answered for so long that one try is enough */
	char *nothing; /* what the service said of a list without lines; NULL: it has some */
	long status;   /* of the last answer */
	json_int_t count[COUNT(count_names)];
	size_t line; /* physical lines before the part, the header's aside */
};

static size_t lines_in(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += s.at[i] == '\n';
	return n;
}

static const char *member(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

/* What was refused, in the words of its problem document. */
static void say_problem(const json_t *problem, long status)
{
	const json_t *error;
	size_t i;

	complain("%ld %s %s", status, member(problem, "title"), member(problem, "detail"));
	json_array_foreach (json_object_get(problem, "errors"), i, error)
		complain("  %s: %s %s", member(error, "pointer"), member(error, "detail"),
			 member(error, "cure"));
}

/* body: a list or nothing (absent); *ret_json: the answer, yours, NULL if it was none. */
static int ask(struct import *im, const char *method, const char *path, struct str body,
	       json_t **ret_json)
{
	struct call_reply reply = {.body = BUF(CALL_REPLY_MAX)};
	int r = call_send(&im->service,
			  &(struct call){.method = method,
					 .path = path,
					 .body_type = str_is_null(body) ? NULL : "text/csv",
					 .prefer = "wait=2",
					 .body = body},
			  &reply);

	*ret_json = NULL;
	if (r == EXIT_OK) {
		*ret_json = json_loadb(buf_view(&reply.body).at, reply.body.len, 0, NULL);
		im->status = reply.status;
		r = call_exit_code(reply.status);
		if (r != EXIT_OK)
			say_problem(*ret_json, reply.status);
	}
	buf_done(&reply.body);
	return r;
}

static void say_error(const struct import *im, const json_t *line, const json_t *problem)
{
	const char *message = json_string_value(json_object_get(problem, "message"));
	const char *column = json_string_value(json_object_get(problem, "column"));
	const json_t *value = json_object_get(problem, "value");
	/* As JSON: what stands in a file may be meant for the terminal. */
	char *text = json_is_string(value) ? json_dumps(value, JSON_ENCODE_ANY | JSON_ENSURE_ASCII)
					   : NULL;

	complain("line %" JSON_INTEGER_FORMAT ": %s%s%s%s%s",
		 json_integer_value(json_object_get(line, "line")) + (json_int_t)im->line,
		 column ? column : "", text ? " " : "", text ? text : "",
		 column || text ? ": " : "", message ? message : "");
	free(text);
}

/* Each line with an error, by its place in the whole file. */
static void say_errors(const struct import *im, const json_t *answer)
{
	const json_t *line, *problem;
	size_t i, k;

	json_array_foreach (json_object_get(answer, "lines"), i, line) {
		json_array_foreach (json_object_get(line, "problems"), k, problem) {
			const char *severity =
				json_string_value(json_object_get(problem, "severity"));

			if (severity && strcmp(severity, "ERROR") == 0)
				say_error(im, line, problem);
		}
	}
}

/* A part may end in blank lines and hold no others; a list has none where none of its parts has. */
static void note_nothing(struct import *im, const char *words)
{
	bool is_first = im->parts == 1;

	if (*words && is_first)
		im->nothing = strdup(words);
	else if (!*words) {
		free(im->nothing);
		im->nothing = NULL;
	}
}

static int preview(struct import *im, struct str head, struct str records)
{
	CLEANUP(buf_done) struct buf body = BUF(head.len + records.len + 1);
	CLEANUP(buf_done) struct buf path = BUF(PATH_MAX_BYTES);
	json_auto_t *answer = NULL;
	const char *id;
	int r;

	buf_str(&path, STR("/v1/imports?kind=assets&authority_id="));
	api_escape(&path, im->authority);
	buf_str(&path, STR("&mapping="));
	api_escape(&path, im->mapping);
	if (im->query.len)
		buf_fmt(&path, "&%.*s", (int)im->query.len, im->query.at);
	buf_str(&body, head);
	buf_str(&body, records);
	if (im->parts == PARTS_MAX || buf_err(&path) < 0 || buf_err(&body) < 0) {
		complain("the list is too large, or a name in the call is too long");
		return EXIT_FAILED;
	}
	r = ask(im, "POST", path.at, body.len ? buf_view(&body) : STR(""), &answer);
	if (r != EXIT_OK)
		return r;
	id = json_string_value(json_object_get(answer, "id"));
	im->id[im->parts] = id ? strdup(id) : NULL;
	if (!im->id[im->parts])
		return EXIT_FAILED;
	im->parts++;
	for (size_t i = 0; i < COUNT(count_names); i++)
		im->count[i] += json_integer_value(
			json_object_get(json_object_get(answer, "counts"), count_names[i]));
	say_errors(im, answer);
	note_nothing(im, member(answer, "nothing_to_do"));
	im->line += lines_in(records);
	return EXIT_OK;
}

static int preview_all(struct import *im, struct str file)
{
	struct csv_split split;
	struct str records;
	int r = EXIT_OK;

	csv_split_init(&split, file, csv_separator(file, (struct str){NULL, 0}, NULL));
	while (r == EXIT_OK && csv_split_next(&split, PART_RECORDS, &records))
		r = preview(im, split.head, records);
	/* A list without lines is looked at as well: what it lacks, the service says. */
	return r == EXIT_OK && !im->parts ? preview(im, split.head, (struct str){NULL, 0}) : r;
}

/*
 * What is still going on is asked for again until it is over; and so is what nobody answered, since
 * the same call again says what came of the first.
 */
static int move(struct import *im, size_t part, const char *how)
{
	const struct timespec pause = {.tv_sec = 1};
	CLEANUP(buf_done) struct buf path = BUF(PATH_MAX_BYTES);
	int lost = im->is_away ? LOST_TRIES : 1;

	buf_fmt(&path, "/v1/imports/%s/%s", im->id[part], how);
	if (buf_err(&path) < 0)
		return EXIT_FAILED;
	for (int i = 0; i < MOVE_TRIES; i++) {
		json_auto_t *answer = NULL;
		int r = ask(im, "POST", path.at, (struct str){NULL, 0}, &answer);

		im->is_away = r == EXIT_SERVER && lost++ >= LOST_TRIES;
		if (im->is_away ||
		    (r != EXIT_SERVER && (r != EXIT_OK || im->status != STATUS_ACCEPTED)))
			return r;
		(void)nanosleep(&pause, NULL);
	}
	complain("%s takes too long", im->id[part]);
	return EXIT_SERVER;
}

/* Is a part applied, or may it be? */
static bool may_be_applied(struct import *im, size_t part)
{
	CLEANUP(buf_done) struct buf path = BUF(PATH_MAX_BYTES);
	json_auto_t *answer = NULL;
	int r;

	buf_fmt(&path, "/v1/imports/%s", im->id[part]);
	r = buf_err(&path) < 0 ? EXIT_FAILED
			       : ask(im, "GET", path.at, (struct str){NULL, 0}, &answer);
	return r != EXIT_OK || strcmp(member(answer, "state"), "PREVIEWED") != 0;
}

/*
 * All or nothing: what was applied is taken back, the last first, and before it the part of which
 * nobody knows.
 */
static void take_back(struct import *im, int why)
{
	size_t n = im->applied, still = 0;

	if (why == EXIT_OK)
		complain("told to stop, with %zu of %zu parts applied: they are undone; told "
			 "again, it stops as it is",
			 im->applied, im->parts);
	else
		complain("part %zu of %zu could not be applied; those before it are undone",
			 im->applied + 1, im->parts);
	if (why == EXIT_SERVER && may_be_applied(im, n))
		n++;
	while (n > 0) {
		n--;
		if (move(im, n, "undo") == EXIT_OK)
			continue;
		complain("%s is applied, or may be; try: assetctl import undo %s", im->id[n],
			 im->id[n]);
		still++;
	}
	if (!still)
		complain("nothing of the list is applied");
}

static volatile sig_atomic_t is_stopped;

static void on_stop(int signal)
{
	(void)signal;
	is_stopped = 1;
}

/* Whoever stops it between two parts is left with nothing of the list as well. */
static int apply_all(struct import *im)
{
	const struct sigaction stop = {.sa_handler = on_stop, .sa_flags = (int)SA_RESETHAND};
	int r = EXIT_OK;

	(void)sigaction(SIGINT, &stop, NULL);
	(void)sigaction(SIGTERM, &stop, NULL);
	(void)sigaction(SIGHUP, &stop, NULL);
	while (r == EXIT_OK && !is_stopped && im->applied < im->parts) {
		r = move(im, im->applied, "apply");
		im->applied += r == EXIT_OK;
	}
	if (im->applied == im->parts)
		return EXIT_OK;
	take_back(im, r);
	return r == EXIT_OK ? EXIT_INTERRUPTED : r;
}

static void print(const struct import *im, const char *state)
{
	printf("{\"state\":\"%s\",\"imports\":[", state);
	for (size_t i = 0; i < im->parts; i++)
		printf("%s\"%s\"", i ? "," : "", im->id[i]);
	printf("],\"counts\":{");
	for (size_t i = 0; i < COUNT(count_names); i++)
		printf("%s\"%s\":%" JSON_INTEGER_FORMAT, i ? "," : "", count_names[i],
		       im->count[i]);
	printf("}}\n");
}

static int run(struct import *im, const char *path, bool is_apply)
{
	CLEANUP(buf_done) struct buf file = BUF(FILE_MAX);
	CLEANUP(arena_done) struct arena arena;
	struct str text;
	int r = input_read(path, &file);

	arena_init(&arena, (size_t)2 * FILE_MAX);
	text = buf_view(&file);
	/* Parts of it would not all begin with its byte order mark. */
	if (r == EXIT_OK && csv_is_utf16(text) && csv_of_utf16(text, &arena, &text) < 0) {
		complain("%s begins as UTF-16 and does not go on so: save it as CSV UTF-8", path);
		r = EXIT_INVALID;
	}
	if (r == EXIT_OK)
		r = preview_all(im, text);
	if (r == EXIT_OK && is_apply && im->count[3]) {
		complain("nothing was applied: the list has errors");
		r = EXIT_INVALID;
	}
	if (r == EXIT_OK && im->nothing)
		complain("%s", im->nothing);
	else if (r == EXIT_OK && is_apply)
		r = apply_all(im);
	if (r == EXIT_OK)
		print(im, im->nothing ? "NOTHING_TO_DO" : is_apply ? "APPLIED" : "PREVIEWED");
	return r;
}

/* A key and an address, as the words and the environment say. */
static int find_service(const struct api_words *w, struct call_service *service)
{
	int r = service_find(w, service);

	if (r != EXIT_OK || service->key[0])
		return r;
	complain("name the file that holds the key by --key-file or ASSETD_KEY_FILE, or give the "
		 "key in ASSETD_KEY");
	return EXIT_USAGE;
}

/* Names that are no word of an address: apply=no is a preview, and there is no other. */
static int read_apply(json_t *fields, bool *ret_is_apply)
{
	const char *apply = member(fields, "apply");
	const char *name;
	json_t *value;

	json_object_foreach (fields, name, value) {
		if (strcmp(name, "apply") == 0)
			continue;
		complain("import does not take %s; it takes: apply, valid_on", name);
		return EXIT_USAGE;
	}
	*ret_is_apply = strcmp(apply, "no") != 0;
	if (!json_object_size(fields) || !*ret_is_apply || strcmp(apply, "yes") == 0)
		return EXIT_OK;
	complain("apply is yes or no");
	return EXIT_USAGE;
}

static int import_words(const struct api_words *w)
{
	struct import *im;
	bool is_apply;
	int r = read_apply(w->fields, &is_apply);

	if (r == EXIT_OK && (w->arguments < 2 || w->arguments > 3)) {
		complain("say a file and an authority; see assetctl import --help");
		r = EXIT_USAGE;
	}
	if (r != EXIT_OK)
		return r;
	im = calloc(1, sizeof(*im));
	if (!im)
		return EXIT_FAILED;
	im->authority = w->argument[1];
	im->mapping = w->arguments > 2 ? w->argument[2] : "auto";
	im->query = buf_view(&w->query);
	r = find_service(w, &im->service);
	if (r == EXIT_OK)
		r = run(im, w->argument[0], is_apply);
	for (size_t i = 0; i < im->parts; i++)
		free(im->id[i]);
	free(im->nothing);
	free(im);
	return r;
}

int import_run(const struct invocation *call)
{
	const struct api_command names = {.noun = "import", .verb = "", .query = "valid_on"};
	struct api_words words;
	int r = api_words_read(&names, false, call->argc, call->argv, &words);

	if (r == EXIT_OK)
		r = import_words(&words);
	api_words_done(&words);
	return r;
}
