/*
 * Reading JSON strictly: what is right comes through exactly, and every fault of one document
 * is named with its place.
 */
#include <criterion/criterion.h>

#include "libassets/base/err.h"
#include "libassets/shape/wire.h"

struct thing {
	int64_t big;
	int32_t small;
	bool flag, has_small;
	struct day on;
	struct str name;
	uint8_t colour;
};

static const char *const colours[] = {"RED", "GREEN", NULL};

/* clang-format off */
#define AT(field) offsetof(struct thing, field)
static const struct wire_field thing_fields[] = {
	{"big",    WIRE_I64,   true,  AT(big),    AT(big),       INT64_MIN, INT64_MAX, NULL},
	{"small",  WIRE_I32,   false, AT(small),  AT(has_small), 0, 10, NULL},
	{"flag",   WIRE_BOOL,  false, AT(flag),   AT(flag),      0, 0, NULL},
	{"on",     WIRE_DAY,   false, AT(on),     AT(on),        0, 0, NULL},
	{"name",   WIRE_TEXT,  false, AT(name),   AT(name),      1, 5, NULL},
	{"colour", WIRE_WORD,  false, AT(colour), AT(colour),    0, 0, colours},
	{"more",   WIRE_OTHER, false, 0,          0,             0, 0, NULL},
};
/* clang-format on */

struct reading {
	struct arena arena;
	struct flaws flaws;
	json_t *root;
	struct thing thing;
	int err;
};

static void read_thing(struct reading *r, const char *text)
{
	arena_init(&r->arena, 1 << 18);
	flaws_init(&r->flaws, &r->arena);
	r->root = NULL;
	r->thing = (struct thing){.small = 4, .on = DAY_NONE, .name = STR("was")};
	r->err = wire_load(str_of(text), &r->flaws, &r->root);
	if (r->err == 0 && wire_is_object(r->root, &WIRE_TOP, &r->flaws))
		wire_read(thing_fields, COUNT(thing_fields), r->root, &WIRE_TOP, &r->flaws,
			  &r->thing);
}

static void done(struct reading *r)
{
	json_decref(r->root);
	arena_done(&r->arena);
}

Test(wire, reads_what_is_right)
{
	struct reading r;

	read_thing(&r, "{\"big\": -9223372036854775808, \"small\": 10, \"flag\": true, \"on\": "
		       "\"2028-02-29\", \"name\": \"caf\xC3\xA9s\", \"colour\": \"GREEN\", "
		       "\"more\": [1]}");
	cr_assert_eq(r.flaws.count, 0);
	cr_expect_eq(r.thing.big, INT64_MIN);
	cr_expect_eq(r.thing.small, 10);
	cr_expect(r.thing.flag && r.thing.has_small);
	cr_expect_eq(r.thing.on.number, 21243);
	cr_expect(str_eq(r.thing.name, STR("caf\xC3\xA9s")));
	cr_expect_eq(r.thing.colour, 1);
	done(&r);
}

Test(wire, absent_and_null_leave_the_default)
{
	struct reading r;

	read_thing(&r, "{\"big\": 1, \"small\": null, \"name\": null}");
	cr_expect_eq(r.flaws.count, 0);
	cr_expect_eq(r.thing.small, 4);
	cr_expect_not(r.thing.has_small);
	cr_expect(day_is_none(r.thing.on));
	cr_expect(str_eq(r.thing.name, STR("was")));
	done(&r);
}

Test(wire, names_every_fault_and_its_place)
{
	static const struct {
		const char *text, *pointer, *code;
		int err;
	} cases[] = {
		{"{}", "/big", "REQUIRED", ERR_INVALID},
		{"{\"big\": null}", "/big", "REQUIRED", ERR_INVALID},
		{"{\"big\": 1.0}", "/big", "WRONG_TYPE", ERR_INVALID},
		{"{\"big\": 1e3}", "/big", "WRONG_TYPE", ERR_INVALID},
		{"{\"big\": \"1\"}", "/big", "WRONG_TYPE", ERR_INVALID},
		{"{\"big\": true}", "/big", "WRONG_TYPE", ERR_INVALID},
		{"{\"big\": 9223372036854775808}", "/big", "OUT_OF_RANGE", ERR_RANGE},
		{"{\"big\": -9223372036854775809}", "/big", "OUT_OF_RANGE", ERR_RANGE},
		{"{\"big\": 1, \"small\": 11}", "/small", "OUT_OF_RANGE", ERR_INVALID},
		{"{\"big\": 1, \"small\": -1}", "/small", "OUT_OF_RANGE", ERR_INVALID},
		{"{\"big\": 1, \"flag\": 0}", "/flag", "WRONG_TYPE", ERR_INVALID},
		{"{\"big\": 1, \"on\": \"2027-02-29\"}", "/on", "NOT_A_DATE", ERR_INVALID},
		{"{\"big\": 1, \"on\": 20270228}", "/on", "NOT_A_DATE", ERR_INVALID},
		{"{\"big\": 1, \"name\": \"\"}", "/name", "WRONG_LENGTH", ERR_INVALID},
		{"{\"big\": 1, \"name\": \"sixsix\"}", "/name", "WRONG_LENGTH", ERR_INVALID},
		{"{\"big\": 1, \"name\": 99999999999999999999}", "/name", "WRONG_TYPE",
		 ERR_INVALID},
		{"{\"big\": 1, \"colour\": \"red\"}", "/colour", "NOT_IN_LIST", ERR_INVALID},
		{"{\"big\": 1, \"a/b~c\": 2}", "/a~1b~0c", "UNKNOWN_FIELD", ERR_INVALID},
		{"[1]", "", "WRONG_TYPE", ERR_INVALID},
		{"7", "", "WRONG_TYPE", ERR_INVALID},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct reading r;

		read_thing(&r, cases[i].text);
		cr_assert_eq(r.flaws.count, 1, "%s: %zu", cases[i].text, r.flaws.count);
		cr_expect(str_eq(r.flaws.at[0].pointer, str_of(cases[i].pointer)), "%s: %s",
			  cases[i].text, r.flaws.at[0].pointer.at);
		cr_expect(str_eq(r.flaws.at[0].code, str_of(cases[i].code)), "%s: %s",
			  cases[i].text, r.flaws.at[0].code.at);
		cr_expect_gt(r.flaws.at[0].cure.len, 0);
		cr_expect_eq(flaws_err(&r.flaws), cases[i].err, "%s", cases[i].text);
		done(&r);
	}
}

Test(wire, finds_all_faults_at_once)
{
	struct reading r;

	read_thing(&r, "{\"small\": 11, \"flag\": 1, \"x\": 1, \"y\": 2}");
	cr_expect_eq(r.flaws.count, 5);
	done(&r);
}

Test(wire, says_where_a_text_is_not_json)
{
	static const char *const bad[] = {
		"",
		"{",
		"{\"big\": 1,}",
		"{\"big\": 1} x",
		"{\"big\": 1, \"big\": 2}",
		"{\"big\": \"\xFF\"}",
		"{\"big\": 99999999999999999999x}",
		"{\"big\": \"\\",
		"{\"big\": \"99999999999999999999",
		"{\"big\": 0123456789012345678901}",
	};

	for (size_t i = 0; i < COUNT(bad); i++) {
		struct reading r;

		read_thing(&r, bad[i]);
		cr_expect_eq(r.err, ERR_JSON, "%s", bad[i]);
		cr_assert_eq(r.flaws.count, 1, "%s", bad[i]);
		cr_expect(str_eq(r.flaws.at[0].code, STR("NOT_JSON")));
		cr_expect(str_starts(r.flaws.at[0].detail, STR("Line 1, column ")));
		done(&r);
	}
}

Test(wire, digits_in_a_text_are_left_alone)
{
	struct reading r;
	const char *text = "{\"name\": \"a\\\"b 99999999999999999999\", \"big\": 5}";
	json_t *name;

	read_thing(&r, text);
	name = json_object_get(r.root, "name");
	cr_expect_str_eq(json_string_value(name), "a\"b 99999999999999999999");
	done(&r);
}

Test(wire, pointers_go_through_arrays)
{
	struct reading r;
	struct wire_at top = WIRE_TOP, list = WIRE_KEY(&top, "list"), second = WIRE_INDEX(&list, 1);

	read_thing(&r, "{\"big\": 1}");
	wire_flaw(&r.flaws, &WIRE_KEY(&second, "x"), STR("REQUIRED"), STR("d"), STR("c"));
	cr_expect_str_eq(r.flaws.at[0].pointer.at, "/list/1/x");
	done(&r);
}
