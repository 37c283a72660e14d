/*
 * What hook_curl.c (connections of a line on the event loop) and hook_post.c (one exchange)
 * share, and nobody else.
 */
#pragma once

#include <curl/curl.h>
#include <sys/queue.h>

#include "hook_curl.h"
#include "hook_names.h"
#include "libassets/base/buf.h"

struct event;

/* An address that a connection may still be open to. */
struct hook_kept {
	struct address address;
	int64_t until_us;
};

TAILQ_HEAD(hook_post_list, hook_post);

struct hook_line {
	const struct hook_net *net;
	char *url_text;
	char *ca; /* "" none; so the next two */
	char *certificate, *key;
	struct hook_url url; /* views of url_text */
	CURLM *multi;
	CURLSH *sessions; /* of TLS, so that a further connection need not begin from nothing */
	struct event *timer;
	struct hook_post_list posts;
	struct hook_kept kept[HOOK_ADDRESS_MAX];
	bool is_busy; /* answers are being handed out: freeing waits until that is over */
	bool is_dead;
};

/* One exchange, from hook_line_post until it was handed out. */
struct hook_post {
	TAILQ_ENTRY(hook_post) link;
	struct hook_line *line;
	hook_done_fn *done;
	void *arg;
	struct hook_wait wait;
	CURL *easy;
	struct curl_slist *fields, *pin;
	struct event *first_byte; /* its deadline */
	struct blob *body;
	int64_t whole_ms;
	int64_t started_us, named_us; /* monotonic; named: its addresses are known, 0 before */
	int64_t reached_us;           /* monotonic: TLS began on its connection; 0 it has not */
	const char *failed;           /* why it never was sent, NULL if it was or may be yet */
	CURLcode failed_code;
	bool is_sent;     /* the multi handle has it */
	bool has_begun;   /* something of an answer has come */
	bool is_answered; /* status line and all fields of a final answer are here */
	int status;
	char location[HOOK_FIELD_KEPT], retry_after[HOOK_FIELD_KEPT], delivery[HOOK_FIELD_KEPT];
	char allowed_origin[HOOK_FIELD_KEPT], allowed_rate[HOOK_FIELD_KEPT];
	char tls[16];
	const char *refused; /* why we ended it, NULL if we did not */
	size_t read_bytes;   /* of head and body so far */
	struct buf excerpt;  /* its beginning */
};

/* Make the exchange ready, without its address. NULL without memory. */
struct hook_post *hook_post_new(struct hook_line *l, const struct hook_message *m);
void hook_post_free(struct hook_post *p);

/*
 * Pin the vetted addresses (none for a literal) before it is sent: libcurl then asks nobody for
 * the name. is_fresh: kept connections may lead elsewhere and are not used.    ERR_NOMEM
 */
MUST_CHECK int hook_post_pin(struct hook_post *p, const struct hook_addresses *vetted,
			     bool is_fresh);

/*
 * What came of it, borrowed from p. error: why it ended early in words, NULL to say what
 * libcurl says of `code`.
 */
struct hook_answer hook_post_answer(struct hook_post *p, CURLcode code, const char *error);
