/*
 * Internet addresses: reading them in their one canonical spelling, and whether a machine
 * that calls strangers' addresses may connect to one. The list of what it may not is the
 * table of address.c, with the register's or RFC's name for each block.
 */
#pragma once

#include "base.h"
#include "str.h"

enum {
	ADDRESS_TEXT = 46,    /* room for the longest, with NUL */
	ADDRESS_NET_MAX = 64, /* networks in one list */
};

struct address {
	uint8_t bytes;  /* 4 or 16 */
	uint8_t at[16]; /* network order; those past `bytes` are zero */
};

/* A block of addresses; those past `bits` of `address` are zero. */
struct address_net {
	struct address address;
	uint8_t bits; /* how many leading ones count */
};

/*
 * Read an address: four decimal parts without leading zeros, or IPv6 as RFC 4291 section
 * 2.2 writes it. No zone, no brackets, no blanks, no octal, hexadecimal or short forms.
 * ERR_INVALID  anything else.
 */
MUST_CHECK int address_parse(struct str text, struct address *ret_address);

/* The canonical text (RFC 5952), with its NUL. a: as address_parse() leaves it. */
void address_format(const struct address *a, char ret_text[ADDRESS_TEXT]);

/*
 * Whose address it is: IPv4 in the dress of IPv6 (::ffff:10.0.0.1, RFC 4291 section 2.5.5.2)
 * becomes what it is. Not for where one may call, which address_block judges as it stands.
 */
void address_undress(struct address *a);

/* The same family and the same bytes: ::ffff:10.0.0.1 is not 10.0.0.1. */
bool address_eq(const struct address *a, const struct address *b);

/*
 * Why an address is not one of the public Internet, NULL when it is. Addresses that carry an
 * IPv4 address for a translator (64:ff9b::/96) are judged by that one. Never NULL for
 * loopback, private, link-local, shared, documentation, multicast or reserved addresses,
 * IPv4-mapped and tunnel forms included. The text is a constant: the block and its RFC.
 *
 * Source: IANA IPv4 and IPv6 Special-Purpose Address Registries.
 * Example: 10.1.2.3 is "private use, RFC 1918"; 8.8.8.8 is NULL.
 */
const char *address_block(const struct address *a);

/*
 * Read "10.0.0.0/8" or "fd00::/8". The bits past the prefix must be zero, so that a typing
 * mistake does not open more than was meant.
 * ERR_INVALID  not that form, or a prefix longer than the address.
 *
 * Example: "10.0.0.0/8" is read, "10.0.0.1/8" is not.
 */
MUST_CHECK int address_net_parse(struct str text, struct address_net *ret_net);

/* Is the address in the network? Families do not mix: a mapped one is in no IPv4 network. */
bool address_net_has(const struct address_net *net, const struct address *a);

/*
 * Read a comma-separated list of networks; blanks around one are skipped, a blank list is
 * fine (ret_count 0). ret_net: room for ADDRESS_NET_MAX; on failure some may be filled.
 * ERR_INVALID  one of them cannot be read: *ret_bad is it, borrowed from the text.
 * ERR_LIMIT    more than ADDRESS_NET_MAX.
 */
MUST_CHECK int address_net_list(struct str text, struct address_net *ret_net, size_t *ret_count,
				struct str *ret_bad);
