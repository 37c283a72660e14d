/*
 * A command of the API: its words become an address, a query and a body; what changes something
 * names the version that it means; what comes back is printed as it came.
 *
 * A change without --if-match reads the thing first and names what it read, so that two at the same
 * moment are told; a thing that is not there yet is put with If-None-Match. Every POST has an
 * Idempotency-Key, so that who repeats a command with the same one does nothing twice.
 */
#include "api.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api_table.h"
#include "api_words.h"
#include "call.h"
#include "input.h"
#include "service.h"

enum { PATH_MAX_BYTES = 8 * 1024, BODY_MAX = 64 << 20, KEY_BYTES = 16 };

/* A command on its way. */
struct task {
	const struct api_command *row; /* of `api`: one for this call */
	struct api_words words;
	struct call_service service;
	struct call call;
	struct buf path, body;
	char idempotency[2 * KEY_BYTES + 1];
};

static bool is_read(const char *method)
{
	return strcmp(method, "GET") == 0;
}

/* --- Help ------------------------------------------------------------------------------ */

bool api_has_noun(const char *noun)
{
	for (size_t i = 0; i < api_count; i++) {
		if (strcmp(api_table[i].noun, noun) == 0)
			return true;
	}
	return strcmp(noun, "api") == 0;
}

void api_help(const char *noun)
{
	for (size_t i = 0; i < api_count; i++) {
		const struct api_command *c = &api_table[i];
		char name[64];

		if (noun && strcmp(c->noun, noun) != 0)
			continue;
		(void)snprintf(name, sizeof(name), "%s %s", c->noun, c->verb);
		printf("  %-32s  %s\n", name, c->summary);
	}
	printf("  %-32s  %s\n", "api METHOD PATH", "Any address of the API by its path");
}

static const char *body_words(const struct api_command *c)
{
	return !c->body_type[0]                       ? ""
	       : strstr(c->body_type, "json") != NULL ? " [NAME=VALUE ...]"
						      : " --body FILE";
}

static void help_command(const struct api_command *c)
{
	printf("%s.\n\nUsage: assetctl %s %s%s%s%s [OPTION ...]\n\n", c->summary, c->noun, c->verb,
	       c->arguments[0] ? " " : "", c->arguments, is_read(c->method) ? "" : body_words(c));
	printf("It is %s %s of the API%s%s.\n", c->method, c->path,
	       c->scope[0] ? ", for a key with " : "", c->scope);
	if (c->query[0])
		printf("Names that it takes as NAME=VALUE in the address: %s.\n", c->query);
	if (c->body_type[0] && strstr(c->body_type, "json"))
		printf("The body's members are given as NAME=TEXT or NAME:=JSON, or with --body as "
		       "a file%s%s.\n",
		       c->members[0] ? ": " : "", c->members);
	printf("\nOptions:\n");
	for (size_t i = 0; i < api_option_count; i++)
		printf("  %s %s\n      %s\n", api_options[i].option, api_options[i].argument,
		       api_options[i].summary);
}

void api_dump_options(void)
{
	for (size_t i = 0; i < api_option_count; i++) {
		if (strncmp(api_options[i].option, "--", 2) == 0)
			printf("\t%s\t%s\t%s\n", api_options[i].option, api_options[i].argument,
			       api_options[i].summary);
	}
	for (size_t i = 0; i < api_count; i++)
		printf("%s %s\t\t%s\t%s\n", api_table[i].noun, api_table[i].verb,
		       api_table[i].arguments, api_table[i].summary);
	printf("api\t\tMETHOD PATH\tAny address of the API by its path\n");
}

/* --- What is sent ---------------------------------------------------------------------- */

/* The path with its arguments in the places of {…}, and the query. */
static int make_path(struct task *t)
{
	const char *at = t->row->path;
	size_t n = 0;

	while (*at) {
		if (*at != '{') {
			buf_char(&t->path, *at++);
			continue;
		}
		if (n == t->words.arguments || !t->words.argument[n][0]) {
			complain("%s %s takes %s; see --help", t->row->noun, t->row->verb,
				 t->row->arguments);
			return EXIT_USAGE;
		}
		api_escape(&t->path, t->words.argument[n++]);
		at = strchr(at, '}') + 1;
	}
	if (n < t->words.arguments) {
		complain("%s %s does not take %s", t->row->noun, t->row->verb,
			 t->words.argument[n]);
		return EXIT_USAGE;
	}
	if (t->words.query.len) {
		buf_char(&t->path, strchr(t->row->path, '?') ? '&' : '?');
		buf_str(&t->path, buf_view(&t->words.query));
	}
	t->call.path = buf_err(&t->path) < 0 ? NULL : buf_view(&t->path).at;
	return t->call.path ? EXIT_OK : EXIT_FAILED;
}

static int body_from_fields(struct task *t)
{
	char *text = t->words.fields ? json_dumps(t->words.fields, JSON_COMPACT) : NULL;

	buf_str(&t->body, text ? str_of(text) : STR("{}"));
	free(text);
	return EXIT_OK;
}

static int make_body(struct task *t)
{
	const char *type = t->words.type ? t->words.type : t->row->body_type;
	int code;

	if (t->words.body_file && t->words.fields) {
		complain("give --body or NAME=VALUE, not both");
		return EXIT_USAGE;
	}
	if (is_read(t->row->method) || !t->row->body_type[0]) {
		if (!t->words.body_file && !t->words.fields)
			return EXIT_OK;
		complain("%s %s sends nothing: it takes no body", t->row->noun, t->row->verb);
		return EXIT_USAGE;
	}
	if (!t->words.body_file && !strstr(type, "json")) {
		complain("%s %s needs --body FILE, as %s", t->row->noun, t->row->verb, type);
		return EXIT_USAGE;
	}
	code = t->words.body_file ? input_read(t->words.body_file, &t->body) : body_from_fields(t);
	if (code != EXIT_OK)
		return code;
	if (buf_err(&t->body) < 0)
		return EXIT_FAILED;
	t->call.body = t->body.len ? buf_view(&t->body) : STR("");
	t->call.body_type = type;
	return EXIT_OK;
}

static int make_idempotency(struct task *t)
{
	unsigned char bytes[KEY_BYTES];

	t->call.idempotency_key = t->words.idempotency_key;
	if (t->words.idempotency_key || strcmp(t->row->method, "POST") != 0)
		return EXIT_OK;
	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		return EXIT_FAILED;
	for (size_t i = 0; i < sizeof(bytes); i++)
		(void)snprintf(t->idempotency + 2 * i, 3, "%02x", bytes[i]);
	t->call.idempotency_key = t->idempotency;
	return EXIT_OK;
}

/* --- What comes back ------------------------------------------------------------------- */

/* The problem document in its own words, a line a fault. */
static void say_problem(const struct call_reply *reply)
{
	json_auto_t *problem =
		json_loadb(reply->body.at ? reply->body.at : "", reply->body.len, 0, NULL);
	const char *title = json_string_value(json_object_get(problem, "title"));
	const char *detail = json_string_value(json_object_get(problem, "detail"));
	const char *type = json_string_value(json_object_get(problem, "type"));
	json_t *error;
	size_t i;

	complain("%ld %s%s%s%s%s%s", reply->status, title ? title : "The request was refused",
		 detail ? ": " : "", detail ? detail : "", type ? " (" : "", type ? type : "",
		 type ? ")" : "");
	json_array_foreach (json_object_get(problem, "errors"), i, error) {
		const char *at = json_string_value(json_object_get(error, "pointer"));
		const char *what = json_string_value(json_object_get(error, "detail"));
		const char *cure = json_string_value(json_object_get(error, "cure"));

		complain("  %s: %s %s", at ? at : "", what ? what : "", cure ? cure : "");
	}
}

static int finish(const struct task *t, const struct call_reply *reply)
{
	int code = call_exit_code(reply->status);

	if (code != EXIT_OK) {
		say_problem(reply);
		return code;
	}
	if (t->words.shows_etag && reply->etag[0])
		(void)fprintf(stderr, "ETag: %s\n", reply->etag);
	if (reply->body.len) {
		(void)fwrite(reply->body.at, 1, reply->body.len, stdout);
		/* Items end without a line; a file goes out as it came, to the byte. */
		if (strstr(reply->type, "json") && reply->body.at[reply->body.len - 1] != '\n')
			(void)putchar('\n');
	}
	return EXIT_OK;
}

/* The version that there is, for a change that names none. */
static int find_version(struct task *t, char ret_etag[128])
{
	struct call_reply reply = {.body = BUF(CALL_REPLY_MAX)};
	struct call get = {.method = "GET"};
	CLEANUP(buf_done) struct buf path = BUF(PATH_MAX_BYTES);
	int code;

	buf_str(&path, (struct str){t->call.path, strcspn(t->call.path, "?")});
	get.path = buf_err(&path) < 0 ? "/" : buf_view(&path).at;
	code = call_send(&t->service, &get, &reply);
	if (code == EXIT_OK && reply.status == 200) {
		(void)snprintf(ret_etag, 128, "%s", reply.etag);
		t->call.if_match = reply.etag[0] ? ret_etag : NULL;
	}
	if (code == EXIT_OK && !t->call.if_match && strcmp(t->row->method, "PUT") == 0 &&
	    (reply.status == 200 || reply.status == 404))
		t->call.if_none_match = "*";
	buf_done(&reply.body);
	return code;
}

static int send_once(struct task *t)
{
	struct call_reply reply = {.body = BUF(CALL_REPLY_MAX)};
	bool is_change = !is_read(t->row->method) && strcmp(t->row->method, "POST") != 0;
	char etag[128] = "";
	int code = EXIT_OK;

	t->call.if_match = t->words.if_match;
	if (is_change && !t->words.if_match)
		code = find_version(t, etag);
	if (code == EXIT_OK)
		code = call_send(&t->service, &t->call, &reply);
	if (code == EXIT_OK)
		code = finish(t, &reply);
	buf_done(&reply.body);
	return code;
}

/* What was printed of a list so far. */
struct listing {
	bool is_begun, has_items;
};

/* The items of a page, one behind the other; *next_path: where it was, then the next, "" at the
 * end. */
static int print_page(const struct call_reply *reply, struct listing *so_far, struct buf *next_path)
{
	json_auto_t *page =
		json_loadb(reply->body.at ? reply->body.at : "", reply->body.len, 0, NULL);
	const json_t *items = json_object_get(page, "items");
	const char *next = json_string_value(json_object_get(page, "next"));
	json_t *item;
	size_t i;

	if (!json_is_array(items)) {
		complain("what was answered is no list: --all is for lists");
		return EXIT_USAGE;
	}
	if (!so_far->is_begun)
		(void)fputs("{\"items\":[", stdout);
	so_far->is_begun = true;
	json_array_foreach (items, i, item) {
		(void)fputs(so_far->has_items ? ",\n" : "\n", stdout);
		so_far->has_items = true;
		(void)json_dumpf(item, stdout, JSON_COMPACT);
	}
	/* The feed has always a next place, its end that which was asked for. */
	if (next && str_eq(str_of(next), buf_view(next_path)))
		next = NULL;
	buf_clear(next_path);
	if (next && strncmp(next, "/v1/", 4) == 0)
		buf_str(next_path, str_of(next));
	return buf_err(next_path) < 0 ? EXIT_FAILED : EXIT_OK;
}

static int send_all(struct task *t)
{
	CLEANUP(buf_done) struct buf next = BUF(CALL_URL_MAX);
	struct listing so_far = {.is_begun = false};
	int code = EXIT_OK;

	buf_str(&next, str_of(t->call.path));
	while (code == EXIT_OK && next.len) {
		struct call_reply reply = {.body = BUF(CALL_REPLY_MAX)};

		t->call.path = buf_view(&next).at;
		code = call_send(&t->service, &t->call, &reply);
		if (code == EXIT_OK && reply.status != 200) {
			say_problem(&reply);
			code = call_exit_code(reply.status);
		}
		if (code == EXIT_OK)
			code = print_page(&reply, &so_far, &next);
		buf_done(&reply.body);
	}
	if (code == EXIT_OK)
		(void)fputs(so_far.has_items ? "\n],\"next\":null}\n" : "],\"next\":null}\n",
			    stdout);
	return code;
}

static int dry_run(const struct task *t)
{
	printf("%s %s%s\n", t->call.method, t->service.url, t->call.path);
	if (!str_is_null(t->call.body)) {
		printf("Content-Type: %s\n\n", t->call.body_type);
		(void)fwrite(t->call.body.at, 1, t->call.body.len, stdout);
		(void)putchar('\n');
	}
	return EXIT_OK;
}

/* --- The command ----------------------------------------------------------------------- */

static int run_task(struct task *t)
{
	int code = make_path(t);

	if (code == EXIT_OK)
		code = service_find(&t->words, &t->service);
	if (code == EXIT_OK)
		code = make_body(t);
	if (code == EXIT_OK)
		code = make_idempotency(t);
	if (code != EXIT_OK)
		return code;
	t->call.method = t->row->method;
	if (t->words.is_dry)
		return dry_run(t);
	if (!t->words.is_all)
		return send_once(t);
	if (is_read(t->row->method))
		return send_all(t);
	complain("--all is for lists");
	return EXIT_USAGE;
}

static int run_row(const struct api_command *row, bool is_free, int argc, char **argv)
{
	struct task t = {.row = row, .path = BUF(PATH_MAX_BYTES), .body = BUF(BODY_MAX)};
	int code = api_words_read(is_free ? NULL : row, is_read(row->method), argc, argv, &t.words);

	if (code == EXIT_OK && t.words.is_help)
		help_command(row);
	else if (code == EXIT_OK)
		code = run_task(&t);
	if (code == EXIT_FAILED)
		complain("it could not be done");
	api_words_done(&t.words);
	buf_done(&t.path);
	buf_done(&t.body);
	memset(t.service.key, 0, sizeof(t.service.key));
	return code;
}

/* api METHOD PATH …: the path stands for itself, and may carry its query. */
static int run_free(int argc, char **argv)
{
	static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
	struct api_command row = {.noun = "api",
				  .arguments = "METHOD PATH",
				  .query = "",
				  .members = "",
				  .scope = "",
				  .summary = "Any address of the API by its path"};

	if (argc < 2 || argv[1][0] != '/') {
		complain("api takes a METHOD and a PATH, such as GET /v1/assets");
		return EXIT_USAGE;
	}
	for (size_t i = 0; i < COUNT(methods); i++) {
		if (strcmp(methods[i], argv[0]) == 0)
			row.method = methods[i];
	}
	if (!row.method || strpbrk(argv[1], "{}")) {
		complain("%s %s is no method and path of the API", argv[0], argv[1]);
		return EXIT_USAGE;
	}
	row.verb = row.method;
	row.path = argv[1];
	row.body_type = strcmp(row.method, "GET") == 0 || strcmp(row.method, "DELETE") == 0 ? ""
			: strcmp(row.method, "PATCH") == 0 ? "application/merge-patch+json"
							   : "application/json";
	return run_row(&row, true, argc - 2, argv + 2);
}

int api_run(int argc, char **argv)
{
	const struct api_command *row;

	if (strcmp(argv[0], "api") == 0 && (argc < 2 || argv[1][0] != '-'))
		return run_free(argc - 1, argv + 1);
	if (argc < 2 || argv[1][0] == '-') {
		bool is_help =
			argc > 1 && (strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0);

		if (is_help)
			api_help(argv[0]);
		else
			complain("say what to do with it; see assetctl %s --help", argv[0]);
		return is_help ? EXIT_OK : EXIT_USAGE;
	}
	row = api_find(argv[0], argv[1]);
	if (row)
		return run_row(row, false, argc - 2, argv + 2);
	complain("there is no command %s %s; see assetctl %s --help", argv[0], argv[1], argv[0]);
	return EXIT_USAGE;
}
