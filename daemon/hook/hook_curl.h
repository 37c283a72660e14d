/*
 * One POST to a webhook receiver, done so that it can harm nobody: its name is resolved off
 * the loop, every address is vetted, the connection is made to a vetted one and nowhere else,
 * redirects are not followed, no proxy is asked, certificate and name are verified, each
 * phase has its deadline, and no more of an answer is read than we keep.
 *
 * A line is one receiver: its connections are shared with no other, because libcurl reuses a
 * kept one by host name, without asking again where that leads. Everything runs on the
 * thread of the loop.
 */
#pragma once

#include "libassets/notify/hook_url.h"

struct blob;
struct event_base;
struct hook_line;
struct hook_names;
struct hook_post;

enum {
	HOOK_FIRST_BYTE_MS = 15000,   /* of an answer, once the name is known */
	HOOK_WHOLE_MS = 20000,        /* for the exchange, unless the message says another */
	HOOK_KEEP_S = 30,             /* the longest a connection lives */
	HOOK_ANSWER_READ = 64 * 1024, /* bytes of an answer that are read; more ends the exchange */
	HOOK_ANSWER_KEPT = 16 * 1024, /* of its body, those that are kept */
	HOOK_FIELD_KEPT = 256,        /* bytes of one header field, with NUL */
};

/* What every line shares; borrowed for their lives. */
struct hook_net {
	struct event_base *base;
	struct hook_names *names;
	struct hook_rules rules;
	const char *ca_file; /* further authorities beside the system's, NULL none */
	int64_t connect_ms;  /* the longest that a connection may take, with TLS */
};

enum hook_ending {
	HOOK_ANSWERED,  /* a status line and all its fields came; the body may be cut */
	HOOK_TIMED_OUT, /* a deadline passed before that */
	HOOK_NO_ANSWER, /* name, address, connection, TLS, or cut before that */
};

/* Borrowed for the call of hook_done_fn. Absent fields were not sent. */
struct hook_answer {
	enum hook_ending ending;
	int status;
	struct str location, retry_after, delivery; /* Location, Retry-After, webhook-delivery */
	struct str allowed_origin, allowed_rate;    /* WebHook-Allowed-… */
	struct str excerpt;                         /* of the body: UTF-8, without controls */
	const char *error;                          /* in words; NULL when answered */
	const char *address;                        /* connected to, "" if none */
	const char *tls;                            /* version, "" without */
	int64_t dns_us, connect_us, tls_us, first_byte_us,
		total_us; /* since the start; 0 not reached */
};

/* Called once a post, never before hook_line_post has returned. The line may be freed in it. */
typedef void hook_done_fn(void *arg, const struct hook_answer *answer);

/* Start libcurl: for the process, once, before any thread of ours. ERR_NOMEM  it refused. */
MUST_CHECK int hook_curl_start(void);

/* Of one receiver, as PEM; each absent or empty if there is none. */
struct hook_papers {
	struct str ca;               /* authorities of its own beside the system's */
	struct str certificate, key; /* what it may know us by, unencrypted */
};

/*
 * A line to one receiver, without a connection yet. Connections and sessions of TLS are its own, so
 * that no call goes under the certificate of another webhook.
 * url: as hook_url_parse takes it under the net's rules. All is copied, and the key wiped at the
 * end. NULL without memory, and for a URL that those rules refuse.
 */
struct hook_line *hook_line_new(const struct hook_net *net, struct str url,
				const struct hook_papers *papers);

/* Cuts what is under way; nobody is called. Accepts NULL. */
void hook_line_free(struct hook_line *l);

/* What is posted. */
struct hook_message {
	struct str id; /* webhook-id; all are borrowed for the call but body, which is kept */
	int64_t timestamp_s;
	struct str signature;    /* the value of webhook-signature */
	struct str content_type; /* such as application/json */
	struct blob *body;
	struct str origin;        /* WebHook-Request-Origin; empty: not said */
	int64_t asked_per_minute; /* not 0: ask by OPTIONS whether it may be called so often; no
				     body, nothing signed */
	const struct str *header; /* further fields, "Name: value" with NUL */
	size_t headers;
	int64_t whole_ms; /* deadline of the exchange, 0: HOOK_WHOLE_MS */
};

/*
 * Post it. `done` is called once, whatever comes of it, unless the line is freed before. Posts
 * of one line go side by side, in no order.
 * ERR_NOMEM  nothing was sent and nobody is called.
 */
MUST_CHECK int hook_line_post(struct hook_line *l, const struct hook_message *m, hook_done_fn *done,
			      void *arg);
