/*
 * What a receiver of webhooks may know us by: a certificate, with those that lead to its authority
 * behind it, and its private key, both as PEM.
 */
#pragma once

#include "libassets/base/base.h"
#include "libassets/base/str.h"

enum webhook_client {
	WEBHOOK_CLIENT_GOOD,
	WEBHOOK_CLIENT_EXPIRED,   /* the certificate, which is the first of several */
	WEBHOOK_CLIENT_STRANGERS, /* the key is not the certificate's, or one of them cannot be read
				   */
};

/* May it be a client's key: RSA of 2,048 bits or more, or P-256, P-384 or P-521, unencrypted? */
bool webhook_client_is_key(struct str key);

/* Do the two belong together, and is the certificate good yet at that second? */
enum webhook_client webhook_client_check(struct str certificate, struct str key, int64_t now_s);

/* For OpenSSL, which would ask at the terminal for the password of what is encrypted. */
int webhook_client_no_password(char *text, int size, int is_writing, void *arg);
