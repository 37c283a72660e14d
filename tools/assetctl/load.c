/*
 * The daemon reads and compares each part on its own, so each is sent with the list's header. All
 * are previewed before the first is applied: whoever has an error in the last line is told before
 * anything is changed.
 */
#include "load.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "input.h"
#include "libassets/csv_split.h"

/*
 * Bytes of a list; records of a part, whose assets are held while the daemon applies it, for about
 * a second; parts; bytes of an address.
 */
enum {
	FILE_MAX = 1 << 30,
	PART_RECORDS = 500,
	PARTS_MAX = 4096,
	PATH_MAX_BYTES = 1024,
	CALL_S = 120
};

static const char *const count_names[] = {"create", "update", "same", "error", "warning"};

struct load {
	struct call_service service;
	const char *authority, *mapping;
	char *id[PARTS_MAX]; /* of the parts so far */
	size_t parts, applied;
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

/* Where and as whom: ASSETD_URL, and the file that ASSETD_KEY_FILE names, else ASSETD_KEY. */
static int find_service(struct call_service *s)
{
	const char *url = getenv("ASSETD_URL"), *file = getenv("ASSETD_KEY_FILE");
	const char *given = getenv("ASSETD_KEY");
	CLEANUP(buf_done) struct buf text = BUF(CALL_KEY_MAX + 64);
	struct str key;
	int r = file && *file ? input_read(file, &text) : EXIT_OK;

	s->url = url && *url ? url : "http://127.0.0.1:8080";
	s->timeout_s = CALL_S;
	key = str_trim(file && *file ? buf_view(&text) : str_of(given));
	if (r != EXIT_OK)
		return r;
	if (!key.len || key.len > CALL_KEY_MAX) {
		complain("say in ASSETD_KEY_FILE which file holds the key, or the key in "
			 "ASSETD_KEY");
		return EXIT_USAGE;
	}
	memcpy(s->key, key.at, key.len);
	s->key[key.len] = '\0';
	return EXIT_OK;
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

/* POST to a path; *ret_json: the answer, yours, NULL if it was none. */
static int post(const struct load *im, const char *path, struct str body, json_t **ret_json)
{
	struct call_reply reply = {.body = BUF(CALL_REPLY_MAX)};
	int r = call_send(&im->service,
			  &(struct call){.method = "POST",
					 .path = path,
					 .body_type = body.len ? "text/csv" : NULL,
					 .body = body},
			  &reply);

	*ret_json = NULL;
	if (r == EXIT_OK) {
		*ret_json = json_loadb(buf_view(&reply.body).at, reply.body.len, 0, NULL);
		r = call_exit_code(reply.status);
		if (r != EXIT_OK)
			say_problem(*ret_json, reply.status);
	}
	buf_done(&reply.body);
	return r;
}

/* Each line with an error, by its place in the whole file. */
static void say_errors(const struct load *im, const json_t *answer)
{
	const json_t *line, *problem;
	size_t i, k;

	json_array_foreach (json_object_get(answer, "lines"), i, line) {
		json_array_foreach (json_object_get(line, "problems"), k, problem) {
			const char *severity =
				json_string_value(json_object_get(problem, "severity"));
			const char *message =
				json_string_value(json_object_get(problem, "message"));
			const char *column = json_string_value(json_object_get(problem, "column"));

			if (!severity || strcmp(severity, "ERROR") != 0)
				continue;
			complain("line %" JSON_INTEGER_FORMAT ": %s%s%s",
				 json_integer_value(json_object_get(line, "line")) +
					 (json_int_t)im->line,
				 column ? column : "", column ? ": " : "", message ? message : "");
		}
	}
}

/* A text as a part of an address. */
static void add_escaped(struct buf *out, const char *text)
{
	for (const char *p = text; *p; p++) {
		if ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
		    (*p >= '0' && *p <= '9') || *p == '_' || *p == '-')
			buf_char(out, *p);
		else
			buf_fmt(out, "%%%02X", (unsigned char)*p);
	}
}

static int preview(struct load *im, struct str head, struct str records)
{
	CLEANUP(buf_done) struct buf body = BUF(head.len + records.len + 1);
	CLEANUP(buf_done) struct buf path = BUF(PATH_MAX_BYTES);
	json_auto_t *answer = NULL;
	const char *id;
	int r;

	buf_str(&path, STR("/v1/imports?kind=assets&authority_id="));
	add_escaped(&path, im->authority);
	buf_str(&path, STR("&mapping="));
	add_escaped(&path, im->mapping);
	buf_str(&body, head);
	buf_str(&body, records);
	if (im->parts == PARTS_MAX || buf_err(&path) < 0 || buf_err(&body) < 0) {
		complain("the list is too large, or a name in the call is too long");
		return EXIT_FAILED;
	}
	r = post(im, path.at, buf_view(&body), &answer);
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
	im->line += lines_in(records);
	return EXIT_OK;
}

static int preview_all(struct load *im, struct str file)
{
	struct csv_split split;
	struct str records;
	int r = EXIT_OK;

	csv_split_init(&split, file);
	while (r == EXIT_OK && csv_split_next(&split, PART_RECORDS, &records))
		r = preview(im, split.head, records);
	return r;
}

static int move(struct load *im, size_t part, const char *how)
{
	CLEANUP(buf_done) struct buf path = BUF(PATH_MAX_BYTES);
	json_auto_t *answer = NULL;

	buf_fmt(&path, "/v1/imports/%s/%s", im->id[part], how);
	return buf_err(&path) < 0 ? EXIT_FAILED : post(im, path.at, (struct str){NULL, 0}, &answer);
}

/* All or nothing: what went before the one that failed is taken back, the last first. */
static int apply_all(struct load *im)
{
	int r = EXIT_OK;

	for (im->applied = 0; r == EXIT_OK && im->applied < im->parts; im->applied += r == EXIT_OK)
		r = move(im, im->applied, "apply");
	if (r == EXIT_OK)
		return EXIT_OK;
	complain("part %zu of %zu could not be applied; those before it are undone",
		 im->applied + 1, im->parts);
	while (im->applied > 0) {
		im->applied--;
		if (move(im, im->applied, "undo") != EXIT_OK)
			complain("%s is still applied", im->id[im->applied]);
	}
	return r;
}

static void print(const struct load *im, const char *state)
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

static int run(struct load *im, const char *path, bool is_apply)
{
	CLEANUP(buf_done) struct buf file = BUF(FILE_MAX);
	int r = input_read(path, &file);

	if (r == EXIT_OK)
		r = find_service(&im->service);
	if (r == EXIT_OK)
		r = preview_all(im, buf_view(&file));
	if (r == EXIT_OK && is_apply && im->count[3]) {
		complain("nothing was applied: the list has errors");
		r = EXIT_INVALID;
	}
	if (r == EXIT_OK && is_apply)
		r = apply_all(im);
	if (r == EXIT_OK)
		print(im, is_apply ? "APPLIED" : "PREVIEWED");
	return r;
}

int load_run(const struct invocation *call)
{
	struct load *im;
	bool is_apply;
	int r;

	is_apply = call->argc > 0 && strcmp(call->argv[0], "apply") == 0;
	if (call->argc < 3 || call->argc > 4 ||
	    (!is_apply && strcmp(call->argv[0], "preview") != 0)) {
		complain("say preview or apply, a file and an authority; see assetctl load "
			 "--help");
		return EXIT_USAGE;
	}
	im = calloc(1, sizeof(*im));
	if (!im)
		return EXIT_FAILED;
	im->authority = call->argv[2];
	im->mapping = call->argc > 3 ? call->argv[3] : "auto";
	r = run(im, call->argv[1], is_apply);
	for (size_t i = 0; i < im->parts; i++)
		free(im->id[i]);
	free(im);
	return r;
}
