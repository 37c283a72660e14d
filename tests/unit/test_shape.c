/*
 * Decoding by tables: every fault named with its place, patches, forms, and that what is
 * taken comes back the same.
 */
#include <criterion/criterion.h>

#include "libassets/base/err.h"
#include "libassets/notify/webhook.h"
#include "libassets/register/asset.h"
#include "libassets/register/authority.h"
#include "libassets/register/body.h"
#include "libassets/register/plan.h"
#include "tests/unit/reading.h"

#define AUT "aut_00000000000000000000000001"
#define ASSET_MEMBERS                                                                              \
	"\"authority_id\":\"" AUT "\",\"name\":\"Hall\",\"class\":\"HALL\",\"tenure\":\"OWNED\""
#define ASSET(more) "{" ASSET_MEMBERS more "}"

TestSuite(shape, .init = reading_setup, .fini = reading_teardown);

static void decode(const struct shape *shape, const char *text, enum shape_mode mode, void *at)
{
	json_t *root = NULL;

	cr_assert_eq(wire_load(str_of(text), &flaws, &root), 0, "%s", text);
	shape_decode(shape, root, mode, &WIRE_TOP, &flaws, at);
	json_decref(root);
}

static struct asset take(const char *text)
{
	struct asset a;

	shape_clear(&asset_shape, &a);
	decode(&asset_shape, text, SHAPE_CREATE, &a);
	cr_assert_eq(flaws.count, 0, "%s: %s %s", text, flaws.at ? flaws.at[0].pointer.at : "",
		     flaws.at ? flaws.at[0].code.at : "");
	return a;
}

#define LONG_NAME "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define NAME_200 LONG_NAME LONG_NAME LONG_NAME LONG_NAME

static const struct {
	const char *json;
	const char *pointer;
	const char *code;
	const char *cure; /* part of it */
} fault_table[] = {
	{ASSET(",\"postcod\":\"EH1 1YZ\""), "/postcod", "UNKNOWN_FIELD", "Did you mean postcode?"},
	{ASSET(",\"nmae\":\"Hall\""), "/nmae", "UNKNOWN_FIELD", "Did you mean name?"},
	{ASSET(",\"authorityid\":\"x\""), "/authorityid", "UNKNOWN_FIELD",
	 "Did you mean authority_id?"},
	{ASSET(",\"mode\":\"x\""), "/mode", "UNKNOWN_FIELD", "Leave it out."},
	{ASSET(",\"zzzzzz\":1"), "/zzzzzz", "UNKNOWN_FIELD", "Leave it out."},
	{ASSET(",\"a/b~c\":1"), "/a~1b~0c", "UNKNOWN_FIELD", ""},
	{ASSET(",\"version\":3"), "/version", "READ_ONLY", "Leave it out."},
	{ASSET(",\"disposal\":{}"), "/disposal", "READ_ONLY", ""},
	{"{\"name\":\"Hall\",\"class\":\"HALL\",\"tenure\":\"OWNED\"}", "/authority_id", "REQUIRED",
	 "Add \"authority_id\"."},
	{ASSET(",\"decile\":11"), "/decile", "OUT_OF_RANGE", "0 to 10"},
	{ASSET(",\"decile\":-1"), "/decile", "OUT_OF_RANGE", ""},
	{ASSET(",\"decile\":1.0"), "/decile", "WRONG_TYPE", "whole number"},
	{ASSET(",\"decile\":\"1\""), "/decile", "WRONG_TYPE", "without quotes"},
	{ASSET(",\"decile\":99999999999999999999"), "/decile", "OUT_OF_RANGE", ""},
	{ASSET(",\"uprn\":\"1234567890123\""), "/uprn", "BAD_FORM", "1 to 12 digits"},
	{ASSET(",\"uprn\":\"000\""), "/uprn", "BAD_FORM", ""},
	{ASSET(",\"uprn\":\"12a\""), "/uprn", "BAD_FORM", ""},
	{ASSET(",\"uprn\":1234"), "/uprn", "WRONG_TYPE", "in quotes"},
	{ASSET(",\"postcode\":\"EH1\""), "/postcode", "BAD_FORM", "EH1 1YZ"},
	{ASSET(",\"postcode\":\"1AA 1AA\""), "/postcode", "BAD_FORM", ""},
	{ASSET(",\"data_zone\":\"E01000001\""), "/data_zone", "BAD_FORM", "S01"},
	{ASSET(",\"cpp_id\":\"" AUT "\""), "/cpp_id", "BAD_FORM", "cpp_"},
	{ASSET(",\"cpp_id\":\"cpp_1\""), "/cpp_id", "BAD_FORM", ""},
	{ASSET(",\"effective_on\":\"2026-02-29\""), "/effective_on", "NOT_A_DATE", "YYYY-MM-DD"},
	{ASSET(",\"effective_on\":\"1.2.2026\""), "/effective_on", "NOT_A_DATE", ""},
	{ASSET(",\"published\":1"), "/published", "WRONG_TYPE", "true or false"},
	{ASSET(",\"lifecycle\":\"SOLD\""), "/lifecycle", "NOT_IN_LIST", "IN_USE SURPLUS"},
	{ASSET(",\"reference\":\"a\\tb\""), "/reference", "CONTROL_CHARACTER", "one line"},
	{ASSET(",\"reference\":\"a\\nb\""), "/reference", "CONTROL_CHARACTER", ""},
	{ASSET(",\"notes\":\"a\\u0085b\""), "/notes", "CONTROL_CHARACTER", "line breaks"},
	{ASSET(",\"reference\":\"" NAME_200 "\""), "/reference", "WRONG_LENGTH", "at most 80"},
	{ASSET(",\"lat\":91"), "/lat", "OUT_OF_RANGE", "-90 to 90"},
	{ASSET(",\"lat\":\"55\""), "/lat", "WRONG_TYPE", "number of degrees"},
	{ASSET(",\"owners\":{}"), "/owners", "WRONG_TYPE", "a list"},
	{ASSET(",\"owners\":[1]"), "/owners/0", "WRONG_TYPE", "an object"},
	{ASSET(",\"owners\":[{\"authority_id\":\"" AUT "\",\"units\":-1}]"), "/owners/0/units",
	 "OUT_OF_RANGE", "from 0"},
	{ASSET(",\"owners\":[{\"authority_id\":\"" AUT "\"}]"), "/owners/0/units", "REQUIRED", ""},
	{ASSET(",\"owners\":[{\"authority_id\":\"" AUT "\",\"unit\":1,\"units\":1}]"),
	 "/owners/0/unit", "UNKNOWN_FIELD", "units"},
	{"{\"authority_id\":\"" AUT "\",\"name\":\" \",\"class\":\"HALL\",\"tenure\":\"OWNED\"}",
	 "/name", "WRONG_LENGTH", ""},
	{"{\"authority_id\":\"" AUT "\",\"name\":null,\"class\":\"HALL\",\"tenure\":\"OWNED\"}",
	 "/name", "REQUIRED", ""},
	{"{\"authority_id\":\"" AUT "\",\"name\":\"H\",\"class\":\"hall\",\"tenure\":\"OWNED\"}",
	 "/class", "BAD_FORM", "capital"},
};

Test(shape, one_fault_one_flaw)
{
	for (size_t i = 0; i < COUNT(fault_table); i++) {
		struct asset a;

		flaws_init(&flaws, &arena);
		shape_clear(&asset_shape, &a);
		decode(&asset_shape, fault_table[i].json, SHAPE_CREATE, &a);
		cr_assert_eq(flaws.count, 1, "row %zu: %zu flaws", i, flaws.count);
		cr_expect_str_eq(flaws.at[0].pointer.at, fault_table[i].pointer, "row %zu", i);
		cr_expect_str_eq(flaws.at[0].code.at, fault_table[i].code, "row %zu", i);
		cr_expect(strstr(flaws.at[0].cure.at, fault_table[i].cure), "row %zu: %s", i,
			  flaws.at[0].cure.at);
		cr_expect_eq(flaws_err(&flaws), ERR_INVALID, "row %zu", i);
	}
}

Test(shape, all_faults_at_once)
{
	struct asset a;

	shape_clear(&asset_shape, &a);
	decode(&asset_shape, "{\"nam\":1,\"class\":2,\"tenure\":\"X\",\"owners\":[0,1]}",
	       SHAPE_CREATE, &a);
	cr_assert_eq(flaws.count, 7); /* nam, authority_id, name, class, tenure, two owners */
}

Test(shape, to_whom_an_amount_is_too_small_the_largest_is_not_said)
{
	struct plan p;

	flaws_init(&flaws, &arena);
	shape_clear(&plan_shape, &p);
	decode(&plan_shape, "{\"method\":\"NONE\",\"agreed_price_pence\":-5}", SHAPE_CREATE, &p);
	cr_assert_eq(flaws.count, 1);
	cr_assert_str_eq(flaws.at[0].cure.at, "Send a number of 0 or more.");
}

Test(shape, amounts_beyond_what_we_keep_are_out_of_range)
{
	static const char *const rows[] = {"1000000000000001", "-1000000000000001",
					   "99999999999999999999999"};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct plan p;
		char text[100];

		flaws_init(&flaws, &arena);
		snprintf(text, sizeof(text), "{\"method\":\"NONE\",\"agreed_price_pence\":%s}",
			 rows[i]);
		shape_clear(&plan_shape, &p);
		decode(&plan_shape, text, SHAPE_CREATE, &p);
		cr_assert_eq(flaws_err(&flaws), ERR_RANGE, "%s", text);
		cr_assert_str_eq(flaws.at[0].pointer.at, "/agreed_price_pence");
	}
}

Test(shape, normal_forms)
{
	struct asset a = take(ASSET(",\"uprn\":\"000123456789\",\"postcode\":\"eh11yz\","
				    "\"notes\":\" a\\r\\nb\\rc \",\"address\":\"\",\"lat\":-55.5"));

	cr_assert(str_eq(a.uprn, STR("123456789")));
	cr_assert(str_eq(a.postcode, STR("EH1 1YZ")));
	cr_assert(str_eq(a.notes, STR("a\nb\nc")));
	cr_assert(str_is_null(a.address));
	cr_assert_eq(a.lat.value, -555000000);
	cr_assert(str_eq(take(ASSET(",\"postcode\":\" G1   2FF\"")).postcode, STR("G1 2FF")));
	cr_assert(str_eq(take(ASSET(",\"postcode\":\"W1A1AA\"")).postcode, STR("W1A 1AA")));
	cr_assert(str_eq(take(ASSET(",\"uprn\":\"906700099999\"")).uprn, STR("906700099999")));
}

Test(shape, patch_keeps_takes_away_and_replaces)
{
	struct asset a = take(ASSET(",\"reference\":\"R1\",\"uprn\":\"12\",\"owners\":["
				    "{\"authority_id\":\"" AUT "\",\"units\":3},"
				    "{\"authority_id\":\"" AUT "\",\"units\":4}]"));

	decode(&asset_shape,
	       "{\"name\":\"New\",\"uprn\":null,\"owners\":[{\"authority_id\":\"" AUT
	       "\",\"units\":9}]}",
	       SHAPE_PATCH, &a);
	cr_assert_eq(flaws.count, 0);
	cr_assert(str_eq(a.name, STR("New")));
	cr_assert(str_eq(a.reference, STR("R1")));
	cr_assert(str_is_null(a.uprn));
	cr_assert_eq(a.owners.count, 1);
	cr_assert_eq(((struct owner *)a.owners.at)->units.value, 9);
	decode(&asset_shape, "{\"authority_id\":\"" AUT "\",\"name\":null}", SHAPE_PATCH, &a);
	cr_assert_eq(flaws.count, 2);
	cr_assert_str_eq(flaws.at[0].code.at, "FIXED");
	cr_assert_str_eq(flaws.at[1].code.at, "REQUIRED");
}

Test(shape, patch_merges_parts)
{
	struct plan p;
	const struct lease *lease;

	shape_clear(&plan_shape, &p);
	decode(&plan_shape, "{\"lease\":{\"term_months\":12}}", SHAPE_PATCH, &p);
	cr_assert_eq(flaws.count, 1, "a lease made by a patch needs its class");
	flaws_init(&flaws, &arena);
	shape_clear(&plan_shape, &p);
	decode(&plan_shape,
	       "{\"lease\":{\"class\":\"FINANCE\",\"term_months\":12,\"premium_pence\":5}}",
	       SHAPE_PATCH, &p);
	decode(&plan_shape, "{\"lease\":{\"term_months\":24,\"premium_pence\":null}}", SHAPE_PATCH,
	       &p);
	cr_assert_eq(flaws.count, 0);
	lease = p.lease;
	cr_assert_eq(lease->term_months.value, 24);
	cr_assert_not(lease->premium_pence.is_set);
	cr_assert(str_eq(lease->class, STR("FINANCE")));
	decode(&plan_shape, "{\"lease\":null}", SHAPE_PATCH, &p);
	cr_assert_null(p.lease);
}

Test(shape, our_own_rendering_may_hold_more)
{
	struct asset a;

	shape_clear(&asset_shape, &a);
	decode(&asset_shape, "{\"id\":\"x\",\"name\":\"Hall\",\"whatever\":1}", SHAPE_STORED, &a);
	cr_assert_eq(flaws.count, 0);
	cr_assert(str_eq(a.name, STR("Hall")));
}

Test(shape, what_is_taken_comes_back_the_same)
{
	static const char text[] = ASSET(
		",\"reference\":\"Ré \\\"1\\\"\",\"decile\":3,\"lat\":55.8539995,\"lon\":-4.29649,"
		"\"published\":false,\"owners\":[{\"authority_id\":\"" AUT
		"\",\"units\":2}],\"effective_on\":\"2026-11-21\"");
	CLEANUP(buf_done) struct buf first = BUF(10000);
	CLEANUP(buf_done) struct buf second = BUF(10000);
	struct asset a = take(text), b;

	shape_encode(&asset_shape, &a, &first);
	b = take(buf_view(&first).at);
	shape_encode(&asset_shape, &b, &second);
	cr_assert_str_eq(buf_view(&first).at, buf_view(&second).at);
	cr_assert(strstr(buf_view(&first).at, "\"lat\":55.8539995,\"lon\":-4.29649,"), "%s",
		  buf_view(&first).at);
	cr_assert_eq(b.lat.value, 558539995);
}

Test(shape, a_secret_does_not_come_back)
{
	CLEANUP(buf_done) struct buf out = BUF(10000);
	struct webhook w;

	shape_clear(&webhook_shape, &w);
	w.url = STR("https://a.example/");
	w.client_key = STR("A key");
	shape_encode(&webhook_shape, &w, &out);
	cr_assert_str_eq(buf_view(&out).at, "{\"url\":\"https://a.example/\"}");
}

Test(shape, words_and_duties)
{
	struct authority a;
	struct cpp c;

	shape_clear(&authority_shape, &a);
	decode(&authority_shape,
	       "{\"name\":\"A\",\"kind\":\"COUNCIL\",\"code\":\"S12000033\",\"duties\":["
	       "{\"schedule\":3,\"from_on\":\"2017-01-23\",\"to_on\":\"2016-01-01\"},"
	       "{\"schedule\":2},{\"schedule\":2,\"from_on\":\"2020-01-01\"}]}",
	       SHAPE_CREATE, &a);
	cr_assert_eq(flaws.count, 0);
	authority_check(&a, &flaws);
	cr_assert_eq(flaws.count, 2);
	cr_assert_str_eq(flaws.at[0].pointer.at, "/duties/0/to_on");
	cr_assert_str_eq(flaws.at[1].pointer.at, "/duties/2");
	flaws_init(&flaws, &arena);
	shape_clear(&cpp_shape, &c);
	decode(&cpp_shape, "{\"name\":\"A\",\"code\":\"a b\",\"partners\":[\"" AUT "\",\"x\",1]}",
	       SHAPE_CREATE, &c);
	cr_assert_eq(flaws.count, 3);
	cr_assert_str_eq(flaws.at[1].pointer.at, "/partners/1");
	cr_assert_str_eq(flaws.at[2].code.at, "WRONG_TYPE");
}

Test(shape, mail_addresses)
{
	static const struct {
		struct str text;
		bool ok;
	} rows[] = {
		{STR_INIT("a@b.scot"), true},   {STR_INIT("a.b+c@d.e.org"), true},
		{STR_INIT("a@b"), false},       {STR_INIT("@b.org"), false},
		{STR_INIT("a b@c.org"), false}, {STR_INIT("a@@b.org"), false},
		{STR_INIT("a@.org"), false},    {STR_INIT("a@b."), false},
	};
	const struct shape_field *email = &contact_shape.field[1];

	cr_assert_str_eq(email->name, "email");
	for (size_t i = 0; i < COUNT(rows); i++)
		cr_expect_eq(!str_is_null(email->form(rows[i].text, &arena)), rows[i].ok, "row %zu",
			     i);
}

Test(shape, a_text_has_a_least_length_too)
{
	struct webhook w;

	shape_clear(&webhook_shape, &w);
	decode(&webhook_shape, "{\"url\":\"h\"}", SHAPE_CREATE, &w);
	cr_assert_eq(flaws.count, 0);
	flaws_init(&flaws, &arena);
	shape_clear(&webhook_shape, &w);
	decode(&webhook_shape, "{\"url\":\"\"}", SHAPE_CREATE, &w);
	cr_assert_eq(flaws.count, 1);
	cr_expect_str_eq(flaws.at[0].code.at, "WRONG_LENGTH");
	cr_expect(strstr(flaws.at[0].cure.at, "Write something here"), "%s", flaws.at[0].cure.at);
}
