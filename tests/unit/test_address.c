/*
 * Which addresses are the public Internet's: the edges of every block in the table, from both
 * sides, and the spellings that only lenient readers take.
 */
#include <criterion/criterion.h>

#include "libassets/base/address.h"
#include "libassets/base/err.h"

struct judged {
	const char *text;
	bool is_public;
};

/* clang-format off */
static const struct judged judged_table[] = {
	{"0.0.0.0", false}, {"0.255.255.255", false}, {"1.0.0.0", true},
	{"9.255.255.255", true}, {"10.0.0.0", false}, {"10.255.255.255", false}, {"11.0.0.0", true},
	{"100.63.255.255", true}, {"100.64.0.0", false}, {"100.127.255.255", false}, {"100.128.0.0", true},
	{"126.255.255.255", true}, {"127.0.0.0", false}, {"127.0.0.1", false}, {"127.255.255.255", false}, {"128.0.0.0", true},
	{"169.253.255.255", true}, {"169.254.0.0", false}, {"169.254.169.254", false}, {"169.254.255.255", false}, {"169.255.0.0", true},
	{"172.15.255.255", true}, {"172.16.0.0", false}, {"172.31.255.255", false}, {"172.32.0.0", true},
	{"191.255.255.255", true}, {"192.0.0.0", false}, {"192.0.0.192", false}, {"192.0.0.255", false}, {"192.0.1.0", true},
	{"192.0.2.0", false}, {"192.0.2.255", false}, {"192.0.3.0", true},
	{"192.88.98.255", true}, {"192.88.99.0", false}, {"192.88.99.255", false}, {"192.88.100.0", true},
	{"192.167.255.255", true}, {"192.168.0.0", false}, {"192.168.255.255", false}, {"192.169.0.0", true},
	{"198.17.255.255", true}, {"198.18.0.0", false}, {"198.19.255.255", false}, {"198.20.0.0", true},
	{"198.51.99.255", true}, {"198.51.100.0", false}, {"198.51.100.255", false}, {"198.51.101.0", true},
	{"203.0.112.255", true}, {"203.0.113.0", false}, {"203.0.113.255", false}, {"203.0.114.0", true},
	{"223.255.255.255", true}, {"224.0.0.0", false}, {"239.255.255.255", false},
	{"240.0.0.0", false}, {"255.255.255.254", false}, {"255.255.255.255", false},
	{"8.8.8.8", true}, {"192.31.196.1", true},

	{"::", false}, {"::1", false}, {"::2", false}, {"::127.0.0.1", false}, {"::8.8.8.8", false},
	{"::ffff:127.0.0.1", false}, {"::ffff:7f00:1", false}, {"::ffff:10.0.0.1", false}, {"::ffff:8.8.8.8", false},
	{"0:0:0:0:0:0:0:1", false}, {"00ff:ffff::", false}, {"100::", false}, {"100::1", false}, {"100:0:0:1::", false},
	{"64:ff9b::127.0.0.1", false}, {"64:ff9b::7f00:1", false}, {"64:ff9b::10.1.2.3", false}, {"64:ff9b::a9fe:a9fe", false},
	{"64:ff9b::8.8.8.8", true}, {"64:ff9b::808:808", true},
	{"64:ff9b:0:0:0:1:808:808", false}, {"64:ff9b:1::8.8.8.8", false}, {"64:ff9b:1:ffff::", false}, {"64:ff9b:2::", false},
	{"1fff:ffff::", false}, {"2000::", true}, {"2001::", false}, {"2001:0:53aa::1", false},
	{"2001:1::", false}, {"2001:1::1", true}, {"2001:1::2", true}, {"2001:1::3", true}, {"2001:1::4", false},
	{"2001:2::1", false}, {"2001:3::1", true}, {"2001:4::1", false}, {"2001:4:111::1", false}, {"2001:4:112::1", true},
	{"2001:4:113::1", false}, {"2001:10::1", false}, {"2001:1ff:ffff::", false}, {"2001:200::", true},
	{"2001:db7:ffff::", true}, {"2001:db8::", false}, {"2001:db8:ffff:ffff::", false}, {"2001:db9::", true},
	{"2001:4860:4860::8888", true}, {"2001:ffff::1", true}, {"2002::", false}, {"2002:7f00:1::", false}, {"2002:808:808::", false},
	{"2003::", true}, {"2a00:1450:4009::1", true}, {"3ffe:ffff::", true}, {"3fff::", false}, {"3fff:fff:ffff::", false},
	{"3fff:1000::", true}, {"4000::", false}, {"5eff::", false}, {"5f00::", false}, {"5f00:ffff::", false}, {"5f01::", false},
	{"7fff::", false}, {"8000::", false}, {"fbff::", false}, {"fc00::", false}, {"fd00:ec2::254", false}, {"fdff:ffff::", false},
	{"fe00::", false}, {"fe80::1", false}, {"febf:ffff::", false}, {"fec0::1", false}, {"feff:ffff::", false},
	{"ff00::", false}, {"ff02::1", false}, {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false},
};
/* clang-format on */

Test(address, both_edges_of_every_block)
{
	cr_assert_geq(COUNT(judged_table), 120);
	for (size_t i = 0; i < COUNT(judged_table); i++) {
		const struct judged *j = &judged_table[i];
		struct address a;

		cr_assert_eq(address_parse(str_of(j->text), &a), 0, "%s", j->text);
		cr_assert_eq(address_block(&a) == NULL, j->is_public, "%s: %s", j->text,
			     address_block(&a) ? address_block(&a) : "public");
	}
}

Test(address, format_is_canonical_and_parses_back)
{
	for (size_t i = 0; i < COUNT(judged_table); i++) {
		struct address a, back;
		char text[ADDRESS_TEXT];

		cr_assert_eq(address_parse(str_of(judged_table[i].text), &a), 0);
		address_format(&a, text);
		cr_assert_eq(address_parse(str_of(text), &back), 0, "%s", text);
		cr_assert(address_eq(&a, &back), "%s", text);
	}
}

Test(address, spellings_that_only_lenient_readers_take)
{
	static const struct str rows[] = {
		STR_INIT(""),
		STR_INIT("127.1"),
		STR_INIT("127.0.1"),
		STR_INIT("127"),
		STR_INIT("2130706433"),
		STR_INIT("0x7f000001"),
		STR_INIT("0x7f.0.0.1"),
		STR_INIT("0177.0.0.1"),
		STR_INIT("127.0.0.01"),
		STR_INIT("00.0.0.0"),
		STR_INIT("127.0.0.1."),
		STR_INIT("127.0.0.1 "),
		STR_INIT(" 127.0.0.1"),
		STR_INIT("127.0.0.1\0"),
		STR_INIT("127.0.0.1:80"),
		STR_INIT("127.0.0.256"),
		STR_INIT("127.0.0.-1"),
		STR_INIT("127.0.0.1.1"),
		STR_INIT("[::1]"),
		STR_INIT("::1%lo"),
		STR_INIT("fe80::1%25eth0"),
		STR_INIT("::1::"),
		STR_INIT("1:2:3:4:5:6:7:8:9"),
		STR_INIT("1:2:3:4:5:6:7"),
		STR_INIT(":::1"),
		STR_INIT("12345::"),
		STR_INIT("::ffff:127.0.0.01"),
		STR_INIT("::ffff:127.1"),
		STR_INIT("localhost"),
		STR_INIT("0000:0000:0000:0000:0000:0000:0000:0000:0000:0001"),
		STR_INIT("\xEF\xBC\x91\x32\x37.0.0.1"), /* full-width digit one */
	};
	struct address a;

	for (size_t i = 0; i < COUNT(rows); i++)
		cr_assert_eq(address_parse(rows[i], &a), ERR_INVALID, "row %zu", i);
}

Test(address, networks)
{
	static const struct {
		struct str net, address;
		bool has;
	} rows[] = {
		{STR_INIT("127.0.0.0/8"), STR_INIT("127.255.0.1"), true},
		{STR_INIT("127.0.0.0/8"), STR_INIT("128.0.0.1"), false},
		{STR_INIT("127.0.0.0/8"), STR_INIT("::ffff:127.0.0.1"), false},
		{STR_INIT("127.0.0.1/32"), STR_INIT("127.0.0.1"), true},
		{STR_INIT("127.0.0.1/32"), STR_INIT("127.0.0.0"), false},
		{STR_INIT("172.16.0.0/12"), STR_INIT("172.31.255.255"), true},
		{STR_INIT("172.16.0.0/12"), STR_INIT("172.32.0.0"), false},
		{STR_INIT("0.0.0.0/0"), STR_INIT("8.8.8.8"), true},
		{STR_INIT("0.0.0.0/0"), STR_INIT("::1"), false},
		{STR_INIT("::/0"), STR_INIT("fd00::1"), true},
		{STR_INIT("fd00::/9"), STR_INIT("fd7f::1"), true},
		{STR_INIT("fd00::/9"), STR_INIT("fd80::1"), false},
		{STR_INIT("::1/128"), STR_INIT("::1"), true},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct address_net net;
		struct address a;

		cr_assert_eq(address_net_parse(rows[i].net, &net), 0, "row %zu", i);
		cr_assert_eq(address_parse(rows[i].address, &a), 0, "row %zu", i);
		cr_assert_eq(address_net_has(&net, &a), rows[i].has, "row %zu", i);
	}
}

Test(address, networks_that_are_none)
{
	static const struct str rows[] = {
		STR_INIT("10.0.0.0"),    STR_INIT("10.0.0.0/"),    STR_INIT("10.0.0.0/33"),
		STR_INIT("10.0.0.0/-1"), STR_INIT("10.0.0.0/08"),  STR_INIT("10.0.0.1/8"),
		STR_INIT("10/8"),        STR_INIT("::/129"),       STR_INIT("fd00::1/8"),
		STR_INIT("/8"),          STR_INIT("10.0.0.0/8/8"), STR_INIT("10.0.0.0/255.0.0.0"),
	};
	struct address_net net;

	for (size_t i = 0; i < COUNT(rows); i++)
		cr_assert_eq(address_net_parse(rows[i], &net), ERR_INVALID, "row %zu", i);
}

Test(address, lists_of_networks)
{
	struct address_net net[ADDRESS_NET_MAX];
	struct str bad;
	size_t count = 99;

	cr_assert_eq(address_net_list(STR(""), net, &count, &bad), 0);
	cr_assert_eq(count, 0);
	cr_assert_eq(address_net_list(STR(" 127.0.0.0/8 , ::1/128"), net, &count, &bad), 0);
	cr_assert_eq(count, 2);
	cr_assert_eq(net[1].bits, 128);
	cr_assert_eq(address_net_list(STR("127.0.0.0/8,,::1/128"), net, &count, &bad), ERR_INVALID);
	cr_assert_eq(bad.len, 0);
	cr_assert_eq(address_net_list(STR("127.0.0.0/8,lan"), net, &count, &bad), ERR_INVALID);
	cr_assert(str_eq(bad, STR("lan")));
}

Test(address, a_list_is_bounded)
{
	static const struct str one = STR_INIT("1.0.0.0/8,");
	struct address_net net[ADDRESS_NET_MAX];
	char many[(ADDRESS_NET_MAX + 1) * 10];
	struct str bad;
	size_t count;

	for (size_t i = 0; i <= ADDRESS_NET_MAX; i++)
		memcpy(many + i * one.len, one.at, one.len);
	cr_assert_eq(address_net_list((struct str){many, ADDRESS_NET_MAX * one.len - 1}, net,
				      &count, &bad),
		     0);
	cr_assert_eq(count, ADDRESS_NET_MAX);
	cr_assert_eq(address_net_list((struct str){many, sizeof(many) - 1}, net, &count, &bad),
		     ERR_LIMIT);
}

Test(address, is_undressed_where_it_says_who_somebody_is)
{
	static const char *const row[][2] = {
		{"::ffff:192.0.2.1", "192.0.2.1"},
		{"::FFFF:c000:201", "192.0.2.1"},
		{"192.0.2.1", "192.0.2.1"},
		{"::192.0.2.1", "::192.0.2.1"},
		{"::fffe:0:0", "::fffe:0:0"},
		{"64:ff9b::c000:201", "64:ff9b::c000:201"},
		{"2001:db8::ffff:1", "2001:db8::ffff:1"},
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		struct address a, want;

		cr_assert_eq(address_parse(str_of(row[i][0]), &a), 0);
		cr_assert_eq(address_parse(str_of(row[i][1]), &want), 0);
		address_undress(&a);
		cr_expect(address_eq(&a, &want), "%s", row[i][0]);
	}
}
