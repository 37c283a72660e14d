/*
 * Shares of one client: connections, bodies, requests a minute. Time is an argument.
 */
#include <criterion/criterion.h>

#include "daemon/base/limit.h"
#include "libassets/base/address.h"

static const int64_t SECOND = 1000000;

Test(limit, connections_of_one_and_of_all)
{
	struct limits *l = limits_new();
	uint64_t a = limit_address_text(l, STR("192.0.2.1"));
	uint64_t b = limit_address_text(l, STR("192.0.2.2"));

	cr_assert_eq(limit_connection_take(l, a, 3, 2), LIMIT_FINE);
	cr_assert_eq(limit_connection_take(l, a, 3, 2), LIMIT_FINE);
	cr_assert_eq(limit_connection_take(l, a, 3, 2), LIMIT_ONE);
	cr_assert_eq(limit_connection_take(l, b, 3, 2), LIMIT_FINE);
	cr_assert_eq(limit_connection_take(l, b, 3, 2), LIMIT_ALL);
	cr_assert(!limit_connection_room(l, 3));
	limit_connection_give(l, a);
	cr_assert(limit_connection_room(l, 3));
	cr_assert_eq(limit_connection_take(l, b, 3, 2), LIMIT_FINE,
		     "what was refused is not counted");
	cr_assert_eq(limit_connection_count(l), 3);
	limits_free(l);
}

Test(limit, a_client_without_a_number_counts_for_all_only)
{
	struct limits *l = limits_new();

	for (int i = 0; i < 5; i++)
		cr_assert_eq(limit_connection_take(l, 0, 5, 1), LIMIT_FINE);
	cr_assert_eq(limit_connection_take(l, 0, 5, 1), LIMIT_ALL);
	limits_free(l);
}

Test(limit, addresses)
{
	struct limits *l = limits_new();
	struct address v4;

	cr_assert_eq(address_parse(STR("192.0.2.1"), &v4), 0);
	cr_assert_eq(limit_address(l, &v4), limit_address_text(l, STR("192.0.2.1")));
	cr_assert_eq(limit_address_text(l, STR("2001:db8::1")),
		     limit_address_text(l, STR("2001:db8::2")), "one /64 is one client");
	cr_assert_neq(limit_address_text(l, STR("2001:db8::1")),
		      limit_address_text(l, STR("2001:db8:0:1::1")));
	cr_assert_eq(limit_address_text(l, STR("unix")), 0);
	cr_assert_neq(limit_key(l, STR("a")), limit_key(l, STR("b")));
	limits_free(l);
}

Test(limit, bodies_share_room)
{
	struct limits *l = limits_new();

	cr_assert_eq(limit_body_take(l, 1, 60, 100, 4096), LIMIT_FINE);
	cr_assert_eq(limit_body_take(l, 2, 41, 100, 4096), LIMIT_ALL);
	cr_assert_eq(limit_body_take(l, 2, 40, 100, 4096), LIMIT_FINE);
	limit_body_give(l, 1, 60);
	cr_assert_eq(limit_body_take(l, 2, 60, 100, 4096), LIMIT_FINE);
	limits_free(l);
}

Test(limit, one_client_has_a_share_of_the_bodies)
{
	struct limits *l = limits_new();
	uint64_t a = limit_address_text(l, STR("192.0.2.1"));
	uint64_t b = limit_address_text(l, STR("192.0.2.2"));

	cr_assert_eq(limit_body_take(l, a, 2048, 1 << 20, 4096), LIMIT_FINE);
	cr_assert_eq(limit_body_take(l, a, 2049, 1 << 20, 4096), LIMIT_ONE);
	cr_assert_eq(limit_body_take(l, a, 2048, 1 << 20, 4096), LIMIT_FINE,
		     "what is refused is not counted");
	cr_assert_eq(limit_body_take(l, a, 1, 1 << 20, 4096), LIMIT_ONE);
	cr_assert_eq(limit_body_take(l, b, 1, 1 << 20, 4096), LIMIT_FINE);
	cr_assert_eq(limit_body_take(l, 0, 8192, 1 << 20, 4096), LIMIT_FINE, "0 has no share");
	limit_body_give(l, a, 2048);
	cr_assert_eq(limit_body_take(l, a, 2048, 1 << 20, 4096), LIMIT_FINE);
	limits_free(l);
}

Test(limit, rate_fills_evenly)
{
	struct limits *l = limits_new();
	uint64_t who = limit_key(l, STR("who"));
	int64_t now = 1000 * SECOND;
	struct limit_rate r = limit_rate_take(l, who, 60, 1, now);

	cr_assert(!r.is_over);
	cr_assert_eq(r.remaining, 59);
	cr_assert_eq(r.reset_s, 1);
	for (int i = 0; i < 59; i++)
		r = limit_rate_take(l, who, 60, 1, now);
	cr_assert(!r.is_over);
	cr_assert_eq(r.remaining, 0);
	cr_assert_eq(r.reset_s, 60);
	r = limit_rate_take(l, who, 60, 1, now);
	cr_assert(r.is_over);
	cr_assert_eq(r.retry_s, 1);
	r = limit_rate_take(l, who, 60, 1, now + SECOND);
	cr_assert(!r.is_over, "one a second comes back, and the refused one cost nothing");
	r = limit_rate_take(l, who, 60, 1, now + SECOND);
	cr_assert(r.is_over);
	r = limit_rate_take(l, who, 60, 1, now + 3600 * SECOND);
	cr_assert_eq(r.remaining, 59, "it never holds more than it began with");
	limits_free(l);
}

Test(limit, rate_has_a_burst_and_a_cost)
{
	struct limits *l = limits_new();
	uint64_t who = limit_key(l, STR("who"));
	struct limit_rate r = limit_rate_take(l, who, 600, 40, SECOND);

	cr_assert_eq(r.remaining, LIMIT_BURST - 40);
	r = limit_rate_take(l, who, 600, 60, SECOND);
	cr_assert_eq(r.remaining, 0);
	cr_assert(limit_rate_take(l, who, 600, 1, SECOND).is_over);
	cr_assert(!limit_rate_take(l, limit_key(l, STR("other")), 600, 1, SECOND).is_over);
	r = limit_rate_take(l, who, 600, 1, SECOND + SECOND / 10);
	cr_assert(!r.is_over);
	limits_free(l);
}
