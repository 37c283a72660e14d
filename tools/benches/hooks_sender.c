/*
 * The limit of the `hooks` bench: the same posts by libcurl, signed in both ways, without a
 * database, an order or a log.
 *
 * usage: bench_hooks_sender ADDRESS PATHS POSTS BODY_FILE [CA_FILE]
 *
 * Post n goes to ADDRESS/e/(n mod PATHS) under the id evt_n. It ends with 1 if one was not answered
 * by 200.
 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "libassets/notify/webhook_sign.h"

/* As many at a time as the daemon has under way to one machine. */
enum { AT_ONCE = 32, BODY_MAX = 1 << 20, LINE_MAX_BYTES = 512, POLL_MS = 1000, OK = 200 };

struct sender {
	CURLM *multi;
	struct webhook_signer *secret, *key;
	const char *address, *ca;
	char body[BODY_MAX];
	size_t body_len;
	long paths, posts, begun, ended;
	int running;
};

struct call {
	CURL *easy;
	struct curl_slist *fields;
};

static void die(const char *what)
{
	(void)fprintf(stderr, "bench_hooks_sender: %s\n", what);
	exit(1);
}

static size_t take(char *bytes, size_t size, size_t n, void *arg)
{
	(void)bytes;
	(void)arg;
	return size * n;
}

static void add_field(struct call *c, const char *name, const char *value)
{
	char line[LINE_MAX_BYTES];
	struct curl_slist *longer;

	(void)snprintf(line, sizeof(line), "%s:%s", name, value);
	longer = curl_slist_append(c->fields, line);
	if (!longer)
		die("out of memory");
	c->fields = longer;
}

static void sign(const struct sender *s, struct call *c)
{
	struct str body = {s->body, s->body_len};
	char id[64], at[32], one[WEBHOOK_SIGNATURE_TEXT], other[WEBHOOK_SIGNATURE_TEXT];
	char both[2 * WEBHOOK_SIGNATURE_TEXT];
	time_t now_s = time(NULL);

	(void)snprintf(id, sizeof(id), "evt_%026ld", s->begun);
	(void)snprintf(at, sizeof(at), "%lld", (long long)now_s);
	if (webhook_sign(s->secret, str_of(id), now_s, body, one) < 0 ||
	    webhook_sign(s->key, str_of(id), now_s, body, other) < 0)
		die("cannot sign");
	(void)snprintf(both, sizeof(both), "%s %s", one, other);
	add_field(c, "webhook-id", id);
	add_field(c, "webhook-timestamp", at);
	add_field(c, "webhook-signature", both);
	add_field(c, "Content-Type", "application/json");
	add_field(c, "Expect", "");
}

static void begin(struct sender *s, struct call *c)
{
	char url[LINE_MAX_BYTES];

	curl_slist_free_all(c->fields);
	c->fields = NULL;
	sign(s, c);
	(void)snprintf(url, sizeof(url), "%s/e/%ld", s->address, s->begun++ % s->paths);
	(void)curl_easy_setopt(c->easy, CURLOPT_URL, url);
	(void)curl_easy_setopt(c->easy, CURLOPT_HTTPHEADER, c->fields);
	if (curl_multi_add_handle(s->multi, c->easy) != CURLM_OK)
		die("cannot send");
}

static void call_init(struct sender *s, struct call *c)
{
	c->easy = curl_easy_init();
	if (!c->easy)
		die("out of memory");
	(void)curl_easy_setopt(c->easy, CURLOPT_PRIVATE, c);
	(void)curl_easy_setopt(c->easy, CURLOPT_WRITEFUNCTION, take);
	(void)curl_easy_setopt(c->easy, CURLOPT_POSTFIELDS, s->body);
	(void)curl_easy_setopt(c->easy, CURLOPT_POSTFIELDSIZE, (long)s->body_len);
	(void)curl_easy_setopt(c->easy, CURLOPT_PROXY, "");
	if (s->ca)
		(void)curl_easy_setopt(c->easy, CURLOPT_CAINFO, s->ca);
	begin(s, c);
}

/* What is over makes room for the next. */
static void reap(struct sender *s)
{
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(s->multi, &left))) {
		struct call *c = NULL;
		long status = 0;

		(void)curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &c);
		(void)curl_easy_getinfo(m->easy_handle, CURLINFO_RESPONSE_CODE, &status);
		if (m->data.result != CURLE_OK || status != OK)
			die(curl_easy_strerror(m->data.result));
		s->ended++;
		(void)curl_multi_remove_handle(s->multi, c->easy);
		if (s->begun < s->posts)
			begin(s, c);
	}
}

static void load(struct sender *s, const char *path)
{
	const struct webhook_secret secret = {.len = WEBHOOK_SECRET_BYTES};
	const uint8_t key[WEBHOOK_KEY_BYTES] = {1};
	FILE *f = fopen(path, "re");

	s->body_len = f ? fread(s->body, 1, sizeof(s->body), f) : 0;
	s->multi = curl_multi_init();
	s->secret = webhook_signer_new(&secret);
	s->key = webhook_signer_new_key(key);
	if (!s->body_len || !s->multi || !s->secret || !s->key)
		die("cannot begin");
	(void)fclose(f);
}

int main(int argc, char **argv)
{
	static struct sender s;
	static struct call call[AT_ONCE];

	if (argc < 5 || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		die("usage: ADDRESS PATHS POSTS BODY_FILE [CA_FILE]");
	s.address = argv[1];
	s.paths = strtol(argv[2], NULL, 10);
	s.posts = strtol(argv[3], NULL, 10);
	s.ca = argv[5];
	load(&s, argv[4]);
	for (size_t i = 0; i < AT_ONCE && s.begun < s.posts; i++)
		call_init(&s, &call[i]);
	while (s.ended < s.posts) {
		if (curl_multi_perform(s.multi, &s.running) != CURLM_OK)
			die("cannot go on");
		reap(&s);
		if (curl_multi_poll(s.multi, NULL, 0, POLL_MS, NULL) != CURLM_OK)
			die("cannot wait");
	}
	return 0;
}
