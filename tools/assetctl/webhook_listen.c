/*
 * `webhook listen`: events of the feed, each forwarded to a program as a webhook would send it. The
 * service cannot reach a developer's machine, and must not try to, so the calls are made from here:
 * the same bytes (GET /v1/events/{id} has them), the same fields, the same signatures.
 */
#include <inttypes.h>
#include <jansson.h>
#include <openssl/rand.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "api_words.h"
#include "service.h"
#include "webhook.h"

/* Tries of one event, a second apart; seconds the service waits for the next; exit of a signal. */
enum { TRIES = 5, WAIT_S = 25, PATH_BYTES = 4096 };

struct listening {
	struct call_service service, here; /* here: the address that is forwarded to */
	struct webhook_signer *hmac, *key;
	char next[PATH_BYTES]; /* where the feed goes on */
	int64_t left;          /* events until it ends, below 0 never */
	int64_t passed_over;   /* events that the program did not take */
};

static volatile sig_atomic_t is_interrupted;

static void on_signal(int signal)
{
	(void)signal;
	is_interrupted = 1;
}

/* GET; *ret_body is the caller's, with its reply's bytes. */
static int get(const struct listening *l, const char *path, struct buf *ret_body)
{
	struct call_reply reply = {.body = BUF(CALL_REPLY_MAX)};
	int r = call_send(&l->service, &(struct call){.method = "GET", .path = path}, &reply);

	*ret_body = reply.body;
	if (r == EXIT_OK && reply.status != 200) {
		complain("%s: %ld", path, reply.status);
		r = call_exit_code(reply.status);
	}
	return r;
}

/* Keep where it goes on. */
static int next_take(struct listening *l, const json_t *page)
{
	const char *next = json_string_value(json_object_get(page, "next"));
	int n = next ? snprintf(l->next, sizeof(l->next), "%s", next) : -1;

	if (n >= 0 && (size_t)n < sizeof(l->next))
		return EXIT_OK;
	complain("the feed does not say where it goes on");
	return EXIT_SERVER;
}

/* One try. 0 when nobody answered. */
static long post_once(const struct listening *l, const char *id, struct str body)
{
	char v1[WEBHOOK_SIGNATURE_TEXT], v1a[WEBHOOK_SIGNATURE_TEXT], timestamp[24];
	char signatures[2 * WEBHOOK_SIGNATURE_TEXT];
	struct call_reply reply = {.body = BUF(CALL_REPLY_MAX)};
	int64_t now_s = time(NULL);
	long status = 0;

	(void)snprintf(timestamp, sizeof(timestamp), "%" PRId64, now_s);
	if (webhook_sign(l->hmac, str_of(id), now_s, body, v1) == 0 &&
	    webhook_sign(l->key, str_of(id), now_s, body, v1a) == 0) {
		(void)snprintf(signatures, sizeof(signatures), "%s %s", v1, v1a);
		if (call_send(&l->here,
			      &(struct call){.method = "POST",
					     .path = "",
					     .body_type = "application/json",
					     .body = body,
					     .webhook_id = id,
					     .webhook_timestamp = timestamp,
					     .webhook_signature = signatures},
			      &reply) == EXIT_OK)
			status = reply.status;
	}
	buf_done(&reply.body);
	return status;
}

static void pause_s(int seconds)
{
	struct timespec left = {.tv_sec = seconds};

	while (!is_interrupted && nanosleep(&left, &left) != 0)
		;
}

/* The event by its id, as it is pushed, to the program. */
static int forward(struct listening *l, const char *id, const char *type)
{
	char path[128];
	struct buf body;
	long status = 0;
	int r;

	(void)snprintf(path, sizeof(path), "/v1/events/%s", id);
	r = get(l, path, &body);
	for (int n = 0; r == EXIT_OK && n < TRIES && !is_interrupted; n++) {
		if (n)
			pause_s(1);
		status = post_once(l, id, buf_view(&body));
		if (status >= 200 && status < 300)
			break;
	}
	buf_done(&body);
	if (r != EXIT_OK)
		return r;
	printf("%s %s %ld\n", id, type, status);
	(void)fflush(stdout);
	if (status < 200 || status > 299) {
		complain("%s was not taken, and is passed over", id);
		l->passed_over++;
	}
	l->left -= l->left > 0;
	return EXIT_OK;
}

static int look(struct listening *l)
{
	struct buf body;
	int r = get(l, l->next, &body);
	json_auto_t *page = r == EXIT_OK ? json_loadb(body.at, body.len, 0, NULL) : NULL;
	const json_t *event;
	size_t i;

	buf_done(&body);
	if (r == EXIT_OK)
		r = next_take(l, page);
	json_array_foreach (json_object_get(page, "items"), i, event) {
		const char *id = json_string_value(json_object_get(event, "id"));
		const char *type = json_string_value(json_object_get(event, "type"));

		if (r == EXIT_OK && l->left && !is_interrupted && id && type)
			r = forward(l, id, type);
	}
	return r;
}

/* The secret of the environment, or a new one, which is said; and a key, which is said as well. */
static int signers_make(struct listening *l)
{
	struct webhook_secret secret = {.len = WEBHOOK_SECRET_BYTES};
	uint8_t key[WEBHOOK_KEY_BYTES];
	char text[WEBHOOK_SECRET_TEXT];
	const char *given = webhook_secret_given();

	if (given && webhook_secret_parse(str_of(given), &secret) < 0) {
		complain("ASSETD_WEBHOOK_SECRET is no secret (whsec_…)");
		return EXIT_USAGE;
	}
	if ((!given && RAND_bytes(secret.byte, (int)secret.len) != 1) ||
	    RAND_bytes(key, sizeof(key)) != 1 || webhook_key_public(key, text) < 0)
		return EXIT_FAILED;
	l->hmac = webhook_signer_new(&secret);
	l->key = webhook_signer_new_key(key);
	complain("calls are signed by the key %s", text);
	if (!given) {
		webhook_secret_format(&secret, text);
		complain("and with the secret %s", text);
	}
	webhook_secret_wipe(&secret);
	return l->hmac && l->key ? EXIT_OK : EXIT_FAILED;
}

/*
 * The first address of the feed: after a position, or from now on, which the feed tells whoever
 * asks for a subject that there is not.
 */
static int begin(struct listening *l, const struct api_words *w)
{
	CLEANUP(buf_done) struct buf path = BUF(PATH_BYTES - 1);
	const char *after = json_string_value(json_object_get(w->fields, "after"));
	struct buf body;
	json_auto_t *page = NULL;
	const char *name;
	json_t *value;
	int r = EXIT_OK;

	if (!after) {
		r = get(l, "/v1/events?after=0&subject=whk_00000000000000000000000000", &body);
		page = r == EXIT_OK ? json_loadb(body.at, body.len, 0, NULL) : NULL;
		buf_done(&body);
		if (r == EXIT_OK)
			r = next_take(l, page);
		if (r != EXIT_OK)
			return r;
		after = strstr(l->next, "after=");
		after = after ? after + strlen("after=") : "0";
	}
	buf_fmt(&path, "/v1/events?wait=%d&after=%.*s", WAIT_S, (int)strspn(after, "0123456789"),
		after);
	json_object_foreach (w->fields, name, value) {
		if (strcmp(name, "types") != 0 && strcmp(name, "subject") != 0)
			continue;
		buf_fmt(&path, "&%s=", name);
		api_escape(&path, json_string_value(value));
	}
	if (buf_err(&path) < 0) {
		complain("the address is too long");
		return EXIT_USAGE;
	}
	(void)snprintf(l->next, sizeof(l->next), "%s", path.at);
	return EXIT_OK;
}

static bool is_taken(const char *name)
{
	static const char *const table[] = {"types", "subject", "after", "count"};

	for (size_t i = 0; i < COUNT(table); i++) {
		if (strcmp(name, table[i]) == 0)
			return true;
	}
	return false;
}

static int words_check(const struct api_words *w, int64_t *ret_left)
{
	const char *count = json_string_value(json_object_get(w->fields, "count"));
	const char *name;
	json_t *value;

	json_object_foreach (w->fields, name, value) {
		if (!is_taken(name)) {
			complain("listen does not take %s; it takes: types, subject, after, count",
				 name);
			return EXIT_USAGE;
		}
	}
	*ret_left = -1;
	if (count && (str_to_i64(str_of(count), ret_left) < 0 || *ret_left < 1)) {
		complain("count is a number from 1");
		return EXIT_USAGE;
	}
	return EXIT_OK;
}

int webhook_listen(const struct api_words *w)
{
	const struct sigaction quietly = {.sa_handler = on_signal};
	struct listening l = {.here = {.url = w->argument[1], .timeout_s = 20}};
	int r = words_check(w, &l.left);

	if (r == EXIT_OK && l.here.url[strcspn(l.here.url, " \t\r\n")]) {
		complain("%s: an address has no blanks; write %%20", l.here.url);
		r = EXIT_USAGE;
	}
	if (r == EXIT_OK && strncmp(l.here.url, "https://", 8) != 0 && !call_is_here(l.here.url)) {
		complain("%s: events go unencrypted to this machine alone; use https", l.here.url);
		r = EXIT_USAGE;
	}
	if (r == EXIT_OK)
		r = service_find(w, &l.service);
	if (r == EXIT_OK && l.service.timeout_s < 2 * WAIT_S)
		l.service.timeout_s = 2 * WAIT_S;
	if (r == EXIT_OK)
		r = begin(&l, w);
	if (r == EXIT_OK)
		r = signers_make(&l);
	(void)sigaction(SIGINT, &quietly, NULL);
	(void)sigaction(SIGTERM, &quietly, NULL);
	while (r == EXIT_OK && l.left && !is_interrupted)
		r = look(&l);
	if (r == EXIT_OK && l.passed_over)
		r = EXIT_FAILED;
	webhook_signer_free(l.hmac);
	webhook_signer_free(l.key);
	return is_interrupted ? EXIT_INTERRUPTED : r;
}
