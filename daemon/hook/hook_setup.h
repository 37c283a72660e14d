/*
 * What the settings say about webhooks: where they may go, and the key of their secrets.
 */
#pragma once

#include "libassets/base/secret_box.h"
#include "libassets/notify/hook_url.h"

struct conf;

/* Addresses that we listen on ourselves, further ones are not known; bytes of our name, with NUL.
 */
enum { HOOK_OWN_MAX = 64, HOOK_ORIGIN = 256 };

/* Wipe it as soon as it is of no more use: it holds the key. */
struct hook_setup {
	struct hook_rules rules; /* points into the next two */
	struct address_net allow[ADDRESS_NET_MAX];
	struct hook_own own[HOOK_OWN_MAX];
	uint8_t key[SECRET_BOX_KEY];
	char key_id[SECRET_BOX_KEY_ID];
	uint8_t former[SECRET_BOX_KEY];    /* which older secrets may be sealed by */
	char former_id[SECRET_BOX_KEY_ID]; /* "" there is none */
	char origin[HOOK_ORIGIN];          /* the name in [http] base_url, "" none */
};

/*
 * Read [hooks] and the addresses that we listen on. Logs what is wrong.
 * ERR_NOT_FOUND  there is no key file, so secrets cannot be kept; the rules are there
 * ERR_INVALID    allow_cidr is no list of networks, or a key file is not 32 bytes
 * ERR_NOMEM      OpenSSL refused
 */
MUST_CHECK int hook_setup_load(const struct conf *c, struct hook_setup *ret_setup);

/* One more door of our own, where the database is, if it is not known yet. */
void hook_setup_own(struct hook_setup *s, struct str address, int64_t port);

/* Overwrite the keys. */
void hook_setup_wipe(struct hook_setup *s);
