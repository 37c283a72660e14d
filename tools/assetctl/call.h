/*
 * One call of the API over HTTP, by libcurl: with the key, within a time, nothing followed.
 */
#pragma once

#include "command.h"
#include "libassets/base/buf.h"

/* Bytes of a reply, of a key, of an address. */
enum { CALL_REPLY_MAX = 256 << 20, CALL_KEY_MAX = 200, CALL_URL_MAX = 16 * 1024 };

/* Where the service is, and who asks. */
struct call_service {
	const char *url;            /* without a slash at its end */
	char key[CALL_KEY_MAX + 1]; /* "": nobody */
	long timeout_s;
};

struct call {
	const char *method;
	const char *path; /* with its query, encoded */
	const char *body_type;
	struct str body;                                                 /* absent: none is sent */
	const char *if_match, *if_none_match, *idempotency_key, *prefer; /* NULL: not sent */
	const char *webhook_id, *webhook_timestamp, *webhook_signature;  /* the same */
};

/* body: begun by the caller with CALL_REPLY_MAX, whose it is. */
struct call_reply {
	long status;
	struct buf body;
	char etag[128]; /* a strong one, else "" */
	char type[128]; /* its media type, as it came */
};

/*
 * Call it. EXIT_OK whatever the status is; else the failure has been said.
 * EXIT_SERVER  nobody answered, or not in time, or more than CALL_REPLY_MAX
 * EXIT_USAGE   the key would go unencrypted over a network
 */
int call_send(const struct call_service *service, const struct call *call,
	      struct call_reply *reply);

/* Is this an address of this machine? */
bool call_is_here(const char *url);

/* What the program ends with after a reply of this status. */
int call_exit_code(long status);
