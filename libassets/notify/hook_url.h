/*
 * The address of a webhook receiver: which URLs we take, and which of the addresses that its
 * name resolves to we connect to.
 *
 * Reading is strict on purpose: two programs that read one URL differently are how requests
 * reach machines that nobody meant. So there is one spelling of each part, and what a
 * browser would mend is refused: numbers in other bases, a trailing dot, white space,
 * backslashes, user names, fragments, dot segments, letters beyond ASCII.
 *
 * Source: RFC 3986; RFC 1123 for host names.
 */
#pragma once

#include "libassets/base/address.h"

enum {
	HOOK_URL_MAX = 2048, /* bytes */
	HOOK_HOST_MAX = 253, /* bytes of a name, RFC 1035 section 2.3.4 */
};

/* What the installation allows beside the public Internet. The lists are borrowed. */
struct hook_rules {
	const struct address_net *allow; /* private networks that may be reached, on any port */
	size_t allow_count;
	bool is_http_allowed;       /* http:// inside them */
	const struct hook_own *own; /* where we listen ourselves */
	size_t own_count;
};

/* One of our own doors, never called whatever the rules allow. */
struct hook_own {
	struct address address;
	uint16_t port;
};

/* Borrowed from the text that was read. */
struct hook_url {
	bool is_https;
	bool is_literal;        /* the host is `address`, not a name */
	struct address address; /* when is_literal */
	struct str host; /* a name of RFC 1123 as it was written, or the address without brackets */
	uint16_t port;
	struct str path; /* with the query, never empty of meaning: "" stands for "/" */
};

/*
 * Read a URL. The parts borrow from the text. *ret_why, on failure alone, is a sentence that
 * says what is wrong with it, and what to send instead; a constant.
 * ERR_WEBHOOK_URL  not one that we may call under these rules. A name is not resolved here:
 *                  hook_url_vet has the last word at each connection.
 *
 * Example: "https://Example.org:8443/in?a=1" has the host "Example.org", the port 8443 and
 * the path "/in?a=1"; "https://0x7f.1/", "https://a.example./" and "https://a@b/" are refused.
 */
MUST_CHECK int hook_url_parse(struct str text, const struct hook_rules *rules,
			      struct hook_url *ret_url, const char **ret_why);

/*
 * May the receiver be connected to at this address? Public ones by https on 443 and 8443;
 * those inside the allowed networks on any port, and by http where the rules say so; our own
 * doors never.
 * ERR_WEBHOOK_URL  no; *ret_why says which block or rule, a constant.
 *
 * To be asked of every address that a name resolves to, at the moment of connecting: a name
 * may mean something else by then (DNS rebinding).
 */
MUST_CHECK int hook_url_vet(const struct hook_url *u, const struct address *a,
			    const struct hook_rules *rules, const char **ret_why);
