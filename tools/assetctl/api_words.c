/*
 * NAME=VALUE is a text, NAME:=JSON whatever JSON it is. On a read, and for names that the address
 * takes in its query, they go into the query; else into the body as its members.
 */
#include "api_words.h"

#include <string.h>

const struct option_row api_options[] = {
	{"--url", "URL", "Where the service is; else ASSETD_URL, else http://127.0.0.1:8080"},
	{"--key-file", "FILE",
	 "A file with the API key, - for standard input; else ASSETD_KEY_FILE, "
	 "else the key itself in ASSETD_KEY"},
	{"--body", "FILE", "Send this file, - for standard input, instead of NAME=VALUE"},
	{"--type", "MEDIA", "The media type of that file, where it is not the address's own"},
	{"--all", "", "Of a list every page, as one list"},
	{"--if-match", "ETAG", "Change only this version; by default the one there is now"},
	{"--show-etag", "", "Say the version of what was answered on standard error"},
	{"--idempotency-key", "KEY", "Say the same when a POST is repeated; by default a new one"},
	{"--timeout", "SECONDS", "Give up after so long; 120 by default"},
	{"--dry-run", "", "Say what would be sent, and send nothing"},
	{"-h, --help", "", "Say how the command is used"},
};

const size_t api_option_count = COUNT(api_options);

void api_words_done(struct api_words *w)
{
	json_decref(w->fields);
	buf_done(&w->query);
}

void api_escape(struct buf *out, const char *text)
{
	for (const char *c = text; *c; c++) {
		unsigned char byte = (unsigned char)*c;

		if ((byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
		    (byte >= 'a' && byte <= 'z') || strchr("-._~", byte))
			buf_char(out, *c);
		else
			buf_fmt(out, "%%%02X", byte);
	}
}

/* Is it one of the names, separated by commas? */
static bool is_among(const char *names, const char *name, size_t len)
{
	struct str rest = str_of(names);

	while (rest.len) {
		if (str_eq(str_cut(rest, ',', &rest), (struct str){name, len}))
			return true;
	}
	return false;
}

static int add_query(struct api_words *w, const char *name, size_t len, const char *value)
{
	if (w->query.len)
		buf_char(&w->query, '&');
	/* Brackets are part of names such as received_on[gte]. */
	for (size_t i = 0; i < len; i++) {
		char one[2] = {name[i], '\0'};

		api_escape(&w->query, one);
	}
	buf_char(&w->query, '=');
	api_escape(&w->query, value);
	return buf_err(&w->query) < 0 ? EXIT_FAILED : EXIT_OK;
}

static int add_field(struct api_words *w, const char *name, size_t len, const char *value,
		     bool is_json)
{
	char key[128];
	json_t *made;

	if (len >= sizeof(key)) {
		complain("the name %.*s is too long", (int)len, name);
		return EXIT_USAGE;
	}
	memcpy(key, name, len);
	key[len] = '\0';
	made = is_json ? json_loads(value, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL)
		       : json_string(value);
	if (!made) {
		complain(is_json ? "%s:=%s is not JSON" : "%s=%s is not UTF-8", key, value);
		return EXIT_USAGE;
	}
	if (!w->fields)
		w->fields = json_object();
	return json_object_set_new(w->fields, key, made) ? EXIT_FAILED : EXIT_OK;
}

/* A word with a sign of equality behind a name; its name's length, 0: it is an argument. */
static size_t name_length(const char *word)
{
	size_t n = strcspn(word, "=");

	return word[n] == '=' && strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789_[]:") >= n ? n
											       : 0;
}

static int take_word(const struct api_command *c, bool is_read, const char *word,
		     struct api_words *w)
{
	size_t n = name_length(word);
	bool is_json = n > 1 && word[n - 1] == ':';
	size_t len = is_json ? n - 1 : n;

	if (n && !is_json && c && is_among(c->query, word, len))
		return add_query(w, word, len, word + n + 1);
	if (n && is_read && !c)
		return add_query(w, word, len, word + n + 1);
	if (n && is_read) {
		complain("%s %s does not take %.*s; it takes: %s", c->noun, c->verb, (int)len, word,
			 c->query[0] ? c->query : "no names");
		return EXIT_USAGE;
	}
	if (n)
		return add_field(w, word, len, word + n + 1, is_json);
	if (w->arguments == API_ARGUMENTS_MAX) {
		complain("%s is one argument too many", word);
		return EXIT_USAGE;
	}
	w->argument[w->arguments++] = word;
	return EXIT_OK;
}

/* The place for the value of an option; NULL: it is no option with a value. */
static const char **value_place(struct api_words *w, const char *option, size_t len)
{
	const struct {
		const char *name;
		const char **place;
	} table[] = {
		{"--url", &w->url},           {"--key-file", &w->key_file},
		{"--body", &w->body_file},    {"--type", &w->type},
		{"--if-match", &w->if_match}, {"--idempotency-key", &w->idempotency_key},
		{"--timeout", &w->timeout},
	};

	for (size_t i = 0; i < COUNT(table); i++) {
		if (strlen(table[i].name) == len && strncmp(table[i].name, option, len) == 0)
			return table[i].place;
	}
	return NULL;
}

static bool *flag_place(struct api_words *w, const char *option)
{
	if (strcmp(option, "--all") == 0)
		return &w->is_all;
	if (strcmp(option, "--dry-run") == 0)
		return &w->is_dry;
	if (strcmp(option, "--show-etag") == 0)
		return &w->shows_etag;
	return strcmp(option, "-h") == 0 || strcmp(option, "--help") == 0 ? &w->is_help : NULL;
}

/* --name VALUE or --name=VALUE; *used: how many words that were. */
static int take_option(struct api_words *w, int argc, char **argv, int *used)
{
	const char *option = argv[0];
	size_t len = strcspn(option, "=");
	const char **place = value_place(w, option, len);
	bool *flag = flag_place(w, option);

	*used = 1;
	if (flag) {
		*flag = true;
	} else if (place && option[len] == '=') {
		*place = option + len + 1;
	} else if (place && argc > 1) {
		*place = argv[1];
		*used = 2;
	} else {
		complain(place ? "%s needs a value" : "there is no option %s; see --help", option);
		return EXIT_USAGE;
	}
	return EXIT_OK;
}

int api_words_read(const struct api_command *c, bool is_read, int argc, char **argv,
		   struct api_words *ret_words)
{
	bool is_over = false;
	int code = EXIT_OK;

	*ret_words = (struct api_words){.query = BUF(8 * 1024)};
	for (int i = 0, used = 1; i < argc && code == EXIT_OK; i += used) {
		used = 1;
		if (!is_over && strcmp(argv[i], "--") == 0)
			is_over = true;
		else if (!is_over && argv[i][0] == '-' && argv[i][1])
			code = take_option(ret_words, argc - i, argv + i, &used);
		else
			code = take_word(c, is_read, argv[i], ret_words);
	}
	return code;
}
