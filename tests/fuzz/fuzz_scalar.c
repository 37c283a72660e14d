/*
 * Texts that stand for one value: days, quarters, financial years, addresses, networks,
 * receivers' URLs, Retry-After. The first byte chooses the reader.
 * What is read is written, and what is written must read as the same value; where the
 * form is the only one, it must be the very text that came in.
 */
#include <assert.h>

#include "libassets/base/day.h"
#include "libassets/clock/quarter.h"
#include "libassets/notify/hook_url.h"
#include "libassets/notify/retry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void day(struct str text)
{
	struct day d;
	char written[DAY_TEXT];

	if (day_parse(text, &d) < 0)
		return;
	day_format(d, written);
	assert(str_eq(text, str_of(written)));
}

static void quarter(struct str text)
{
	char written[QUARTER_TEXT];
	int32_t n;

	if (quarter_parse(text, &n) < 0)
		return;
	quarter_format(n, written);
	assert(str_eq(text, str_of(written)));
}

static void financial_year(struct str text)
{
	char written[FY_TEXT];
	int32_t n;

	if (fy_parse(text, &n) < 0)
		return;
	fy_format(n, written);
	assert(str_eq(text, str_of(written)));
}

static void address(struct str text)
{
	char written[ADDRESS_TEXT];
	struct address a, again;
	int r;

	if (address_parse(text, &a) < 0)
		return;
	address_format(&a, written);
	r = address_parse(str_of(written), &again);
	assert(r == 0 && address_eq(&a, &again));
}

static void networks(struct str text)
{
	struct address_net net[ADDRESS_NET_MAX];
	struct str bad;
	size_t n;

	if (address_net_list(text, net, &n, &bad) < 0)
		return;
	for (size_t i = 0; i < n; i++)
		assert(address_net_has(&net[i], &net[i].address));
}

/* A URL that is taken without exceptions leads to the public Internet, or to a name. */
static void receiver(struct str text)
{
	const struct hook_rules strict = {0};
	struct hook_url u;
	const char *why = NULL;

	if (hook_url_parse(text, &strict, &u, &why) < 0) {
		assert(why);
		return;
	}
	assert(u.is_https && (u.port == 443 || u.port == 8443) && u.host.len > 0);
	assert(!u.is_literal || !address_block(&u.address));
}

static void retry_after(struct str text)
{
	int64_t wait_s;

	if (retry_after_parse(text, 1795000000, &wait_s) == 0)
		assert(wait_s >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const read[])(struct str text) = {
		day, quarter, financial_year, address, networks, receiver, retry_after,
	};

	if (size)
		read[data[0] % COUNT(read)]((struct str){(const char *)data + 1, size - 1});
	return 0;
}
