/*
 * Internet addresses and which of them are nobody's business.
 *
 * The blocks stand once, in block_table; the longest one that holds an address decides, so
 * the few exceptions that the registries make inside a block are rows like any other. To
 * block one more, add a row and a line in tests/unit/test_address.c.
 */
#include "address.h"

#include <arpa/inet.h>

#include "err.h"

struct block {
	struct address_net net;
	const char *why; /* NULL: public inside a larger block */
};

#define NET4(a, b, c, d, n)                                                                        \
	{                                                                                          \
		{4, {a, b, c, d}}, n                                                               \
	}
/* The first four groups of 16 bits; the rest is zero in every block we name but a few. */
#define G(g) (g) >> 8 & 0xFF, (g)&0xFF
#define NET6(a, b, c, d, n)                                                                        \
	{                                                                                          \
		{16, {G(a), G(b), G(c), G(d)}}, n                                                  \
	}
#define HOST6(a, b, last)                                                                          \
	{                                                                                          \
		{16, {G(a), G(b), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last}}, 128                     \
	}

/* clang-format off */
static const struct block block_table[] = {
	{NET4(  0,   0,   0, 0,  8), "this network, RFC 791"},
	{NET4( 10,   0,   0, 0,  8), "private use, RFC 1918"},
	{NET4(100,  64,   0, 0, 10), "shared address space, RFC 6598"},
	{NET4(127,   0,   0, 0,  8), "loopback, RFC 1122"},
	{NET4(169, 254,   0, 0, 16), "link-local, RFC 3927"},
	{NET4(172,  16,   0, 0, 12), "private use, RFC 1918"},
	{NET4(192,   0,   0, 0, 24), "protocol assignments, RFC 6890"},
	{NET4(192,   0,   2, 0, 24), "documentation, RFC 5737"},
	{NET4(192,  88,  99, 0, 24), "6to4 relays, RFC 7526"},
	{NET4(192, 168,   0, 0, 16), "private use, RFC 1918"},
	{NET4(198,  18,   0, 0, 15), "benchmarking, RFC 2544"},
	{NET4(198,  51, 100, 0, 24), "documentation, RFC 5737"},
	{NET4(203,   0, 113, 0, 24), "documentation, RFC 5737"},
	{NET4(224,   0,   0, 0,  4), "multicast, RFC 5771"},
	{NET4(240,   0,   0, 0,  4), "reserved, RFC 1112"},

	/* Only 2000::/3 has been handed out; the rest is refused by these and by name below. */
	{NET6(0x0000, 0, 0, 0,  3), "not global unicast, RFC 4291"},
	{NET6(0x4000, 0, 0, 0,  2), "not global unicast, RFC 4291"},
	{NET6(0x8000, 0, 0, 0,  1), "not global unicast, RFC 4291"},
	{NET6(0x0000, 0, 0, 0,  8), "loopback, mapped and reserved, RFC 4291"},
	{NET6(0x0064, 0xff9b, 1, 0, 48), "local translation, RFC 8215"},
	{NET6(0x0100, 0, 0, 0, 64), "discard only, RFC 6666"},
	{NET6(0x2001, 0, 0, 0, 23), "protocol assignments, RFC 2928"},
	{HOST6(0x2001, 1, 1), NULL}, /* port control anycast, RFC 7723 */
	{HOST6(0x2001, 1, 2), NULL}, /* relay anycast, RFC 8155 */
	{HOST6(0x2001, 1, 3), NULL}, /* service registration anycast, RFC 9665 */
	{NET6(0x2001, 3, 0, 0, 32), NULL}, /* multicast tunnels, RFC 7450 */
	{NET6(0x2001, 4, 0x112, 0, 48), NULL}, /* AS112, RFC 7535 */
	{NET6(0x2001, 0xdb8, 0, 0, 32), "documentation, RFC 3849"},
	{NET6(0x2002, 0, 0, 0, 16), "6to4, RFC 3056"},
	{NET6(0x3fff, 0, 0, 0, 20), "documentation, RFC 9637"},
	{NET6(0x5f00, 0, 0, 0, 16), "segment routing, RFC 9602"},
	{NET6(0xfc00, 0, 0, 0,  7), "unique local, RFC 4193"},
	{NET6(0xfe80, 0, 0, 0, 10), "link-local, RFC 4291"},
	{NET6(0xfec0, 0, 0, 0, 10), "site-local, RFC 3879"},
	{NET6(0xff00, 0, 0, 0,  8), "multicast, RFC 4291"},
};
/* clang-format on */

/* Addresses that a translator turns into the IPv4 address of their last four bytes. */
static const struct address_net translated = NET6(0x0064, 0xff9b, 0, 0, 96);

int address_parse(struct str text, struct address *ret_address)
{
	struct address a = {0};
	char z[ADDRESS_TEXT];

	if (!text.len || text.len >= sizeof(z) || memchr(text.at, '\0', text.len))
		return ERR_INVALID;
	memcpy(z, text.at, text.len);
	z[text.len] = '\0';
	if (inet_pton(AF_INET, z, a.at) == 1)
		a.bytes = 4;
	else if (inet_pton(AF_INET6, z, a.at) == 1)
		a.bytes = 16;
	else
		return ERR_INVALID;
	*ret_address = a;
	return 0;
}

void address_format(const struct address *a, char ret_text[ADDRESS_TEXT])
{
	ret_text[0] = '\0';
	(void)inet_ntop(a->bytes == 4 ? AF_INET : AF_INET6, a->at, ret_text, ADDRESS_TEXT);
}

bool address_net_has(const struct address_net *net, const struct address *a)
{
	unsigned whole = net->bits / 8, rest = net->bits % 8;
	unsigned differ;

	if (net->address.bytes != a->bytes || memcmp(net->address.at, a->at, whole) != 0)
		return false;
	if (!rest)
		return true;
	differ = (unsigned)(net->address.at[whole] ^ a->at[whole]);
	return differ >> (8 - rest) == 0;
}

void address_undress(struct address *a)
{
	static const struct address_net dressed = {{16, {[10] = 0xFF, [11] = 0xFF}}, 96};
	struct address bare = {.bytes = 4};

	if (!address_net_has(&dressed, a))
		return;
	memcpy(bare.at, a->at + 12, 4);
	*a = bare;
}

bool address_eq(const struct address *a, const struct address *b)
{
	return a->bytes == b->bytes && memcmp(a->at, b->at, sizeof(a->at)) == 0;
}

const char *address_block(const struct address *a)
{
	struct address v4 = {.bytes = 4};
	const struct block *longest = NULL;

	if (address_net_has(&translated, a)) {
		memcpy(v4.at, a->at + 12, 4);
		a = &v4;
	}
	for (size_t i = 0; i < COUNT(block_table); i++) {
		const struct block *b = &block_table[i];

		if (address_net_has(&b->net, a) && (!longest || b->net.bits > longest->net.bits))
			longest = b;
	}
	return longest ? longest->why : NULL;
}

/* True when no bit past the prefix is set. */
static bool is_net_clean(const struct address_net *net)
{
	for (unsigned bit = net->bits; bit < net->address.bytes * 8U; bit++) {
		if (net->address.at[bit / 8] >> (7 - bit % 8) & 1)
			return false;
	}
	return true;
}

int address_net_parse(struct str text, struct address_net *ret_net)
{
	struct str bits_text;
	struct str address_text = str_cut(text, '/', &bits_text);
	struct address_net net = {0};
	int64_t bits;

	if (address_parse(address_text, &net.address) < 0 || str_is_null(bits_text) ||
	    str_to_i64(bits_text, &bits) < 0 || bits < 0 || bits > net.address.bytes * 8)
		return ERR_INVALID;
	net.bits = (uint8_t)bits;
	if (!is_net_clean(&net))
		return ERR_INVALID;
	*ret_net = net;
	return 0;
}

int address_net_list(struct str text, struct address_net *ret_net, size_t *ret_count,
		     struct str *ret_bad)
{
	struct str rest = text;
	size_t n = 0;

	if (!str_trim(text).len) {
		*ret_count = 0;
		return 0;
	}
	while (!str_is_null(rest)) {
		struct str one = str_trim(str_cut(rest, ',', &rest));

		if (n == ADDRESS_NET_MAX)
			return ERR_LIMIT;
		if (address_net_parse(one, &ret_net[n]) < 0) {
			*ret_bad = one;
			return ERR_INVALID;
		}
		n++;
	}
	*ret_count = n;
	return 0;
}
