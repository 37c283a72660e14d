/*
 * `webhook verify`: a call from a file against a secret or a public key, by the same code that
 * signs.
 */
#include "webhook.h"

#include <inttypes.h>
#include <jansson.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "api_words.h"
#include "input.h"
#include "libassets/base/err.h"

enum { FILE_MAX = 4 << 20 };

/* Seconds that verifiers of Standard Webhooks let a call be off, either way. */
enum { FRESH_S = 300 };

/* A call as it came. */
struct came {
	struct str id, timestamp, signatures, body;
};

const char *webhook_secret_given(void)
{
	const char *secret = getenv("ASSETD_WEBHOOK_SECRET");

	return secret && *secret ? secret : NULL;
}

/* One that verifies; NULL, having said why. */
static struct webhook_signer *signer_given(void)
{
	const char *text = webhook_secret_given();
	struct webhook_secret secret;
	struct webhook_signer *signer = NULL;

	if (text && strncmp(text, "whpk_", 5) == 0) {
		signer = webhook_signer_new_public(str_of(text));
	} else if (text && webhook_secret_parse(str_of(text), &secret) == 0) {
		signer = webhook_signer_new(&secret);
		webhook_secret_wipe(&secret);
	}
	if (!signer)
		complain("give a secret (whsec_…) or a public key (whpk_…) in "
			 "ASSETD_WEBHOOK_SECRET");
	return signer;
}

static void take_field(struct came *c, struct str line)
{
	struct str value, name = str_cut(line, ':', &value);

	if (str_is_null(value))
		return; /* the request line, or none of ours */
	value = str_trim(value);
	if (str_eq_nocase(name, STR("webhook-id")))
		c->id = value;
	else if (str_eq_nocase(name, STR("webhook-timestamp")))
		c->timestamp = value;
	else if (str_eq_nocase(name, STR("webhook-signature")))
		c->signatures = value;
}

/* Fields, with or without CR, up to a blank line; the rest is the body. */
static bool came_read(struct str file, struct came *ret_came)
{
	struct str rest = file;

	*ret_came = (struct came){0};
	while (!str_is_null(rest)) {
		struct str line = str_cut(rest, '\n', &rest);

		if (line.len && line.at[line.len - 1] == '\r')
			line.len--;
		if (!line.len) {
			ret_came->body = str_is_null(rest) ? STR("") : rest;
			break;
		}
		take_field(ret_came, line);
	}
	return ret_came->id.len && ret_came->timestamp.len && ret_came->signatures.len &&
	       !str_is_null(ret_came->body);
}

static void print(const struct came *c, int64_t timestamp_s, bool is_valid)
{
	json_auto_t *body = json_loadb(c->body.at, c->body.len, 0, NULL);
	int64_t now_s = time(NULL);
	bool is_fresh = timestamp_s >= now_s - FRESH_S && timestamp_s <= now_s + FRESH_S;
	json_auto_t *out = json_pack("{s:s%, s:I, s:I, s:b, s:b, s:s?}", "id", c->id.at, c->id.len,
				     "timestamp", (json_int_t)timestamp_s, "age_s",
				     (json_int_t)((uint64_t)now_s - (uint64_t)timestamp_s), "fresh",
				     is_fresh, "valid", is_valid, "type",
				     json_string_value(json_object_get(body, "type")));
	char *text = out ? json_dumps(out, 0) : NULL;

	if (text)
		printf("%s\n", text);
	free(text);
}

static int verify(const char *path)
{
	CLEANUP(buf_done) struct buf file = BUF(FILE_MAX);
	struct webhook_signer *signer = signer_given();
	struct came c;
	int64_t timestamp_s;
	int r = signer ? input_read(path, &file) : EXIT_USAGE;

	if (r == EXIT_OK &&
	    (!came_read(buf_view(&file), &c) || str_to_i64(c.timestamp, &timestamp_s) < 0)) {
		complain("%s: webhook-id, webhook-timestamp, webhook-signature, a blank line and "
			 "the "
			 "body are needed",
			 path);
		r = EXIT_USAGE;
	}
	if (r == EXIT_OK) {
		bool is_valid =
			webhook_verify(signer, c.id, timestamp_s, c.body, c.signatures) == 0;

		print(&c, timestamp_s, is_valid);
		if (!is_valid)
			complain("%s: no signature fits; the body must be byte for byte as it came",
				 path);
		r = is_valid ? EXIT_OK : EXIT_FAILED;
	}
	webhook_signer_free(signer);
	return r;
}

int webhook_run(const struct invocation *call)
{
	const struct api_command names = {.noun = "webhook", .verb = ""};
	struct api_words words;
	int r = api_words_read(&names, false, call->argc, call->argv, &words);

	if (r == EXIT_OK && words.arguments == 2 && strcmp(words.argument[0], "verify") == 0) {
		r = verify(words.argument[1]);
	} else if (r == EXIT_OK && words.arguments == 2 &&
		   strcmp(words.argument[0], "listen") == 0) {
		r = webhook_listen(&words);
	} else if (r == EXIT_OK) {
		complain("say verify FILE or listen ADDRESS; see assetctl webhook --help");
		r = EXIT_USAGE;
	}
	api_words_done(&words);
	return r;
}
