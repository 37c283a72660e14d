/*
 * What the register makes of an asset, a plan, a valuation and a body as they were sent.
 */
#include <criterion/criterion.h>

#include "libassets/base/err.h"
#include "libassets/register/asset.h"
#include "libassets/register/authority.h"
#include "libassets/register/body.h"
#include "libassets/register/plan.h"
#include "libassets/register/valuation.h"

#define AUT_1 STR("aut_00000000000000000000000001")
#define AUT_2 STR("aut_00000000000000000000000002")

static struct arena arena;
static struct flaws flaws;
static struct day today;
static struct asset_around around;
static struct asset asset;

static struct day day(const char *text)
{
	struct day d = DAY_NONE;

	cr_assert_eq(day_parse(str_of(text), &d), 0);
	return d;
}

static void setup(void)
{
	arena_init(&arena, 1 << 20);
	flaws_init(&flaws, &arena);
	today = day("2026-11-21");
	around = (struct asset_around){.today = today};
	shape_clear(&asset_shape, &asset);
	asset.authority_id = AUT_1;
	asset.name = STR("Hall");
	asset.class = STR("HALL");
	asset.tenure = STR("OWNED");
}

static void teardown(void)
{
	arena_done(&arena);
}

TestSuite(asset, .init = setup, .fini = teardown);
TestSuite(plan, .init = setup, .fini = teardown);

static int settle(const struct asset *before)
{
	flaws_init(&flaws, &arena);
	return asset_settle(&asset, before, &around, &flaws);
}

Test(asset, defaults)
{
	const struct owner *owner;

	around.only_cpp_id = STR("cpp_00000000000000000000000001");
	cr_assert_eq(settle(NULL), 0);
	owner = asset.owners.at;
	cr_assert_eq(asset.owners.count, 1);
	cr_assert(str_eq(owner->authority_id, AUT_1));
	cr_assert_eq(owner->units.value, 1);
	cr_assert(str_eq(asset.lifecycle, STR("IN_USE")));
	cr_assert(str_eq(asset.cpp_id, around.only_cpp_id));
	cr_assert(asset.published.value);
	cr_assert_eq(asset.decile.value, 0);
	cr_assert_eq(day_cmp(asset.effective_on, today), 0);
}

Test(asset, the_zone_says_the_decile)
{
	asset.decile = (struct shape_number){9, true};
	asset.data_zone = STR("S01006506");
	around.zone_decile = 2;
	cr_assert_eq(settle(NULL), 0);
	cr_assert_eq(asset.decile.value, 2);
	around.zone_decile = 0;
	cr_assert_eq(settle(NULL), ERR_INVALID);
	cr_assert_str_eq(flaws.at[0].pointer.at, "/data_zone");
}

Test(asset, owners_that_sum_to_nothing)
{
	struct owner owner[] = {{AUT_1, {0, true}}, {AUT_2, {0, true}}};

	asset.owners = (struct shape_list){owner, 2};
	cr_assert_eq(settle(NULL), ERR_WEIGHTS);
	cr_assert_str_eq(flaws.at[0].pointer.at, "/owners");
	owner[1].units.value = 3;
	cr_assert_eq(settle(NULL), 0);
	owner[1].authority_id = AUT_1;
	cr_assert_eq(settle(NULL), ERR_INVALID);
	cr_assert_str_eq(flaws.at[0].pointer.at, "/owners/1");
	asset.owners.count = 0;
	cr_assert_eq(settle(NULL), ERR_WEIGHTS, "an empty list is not the default");
}

Test(asset, one_place_in_two_systems)
{
	struct asset before;

	asset.easting = (struct shape_number){256341, true};
	cr_assert_eq(settle(NULL), ERR_INVALID);
	cr_assert_str_eq(flaws.at[0].pointer.at, "/northing");
	asset.northing = (struct shape_number){664697, true};
	cr_assert_eq(settle(NULL), 0);
	cr_assert_lt(llabs(asset.lat.value - 558539995), 1000);
	cr_assert_lt(llabs(asset.lon.value + 42964902), 1000);

	before = asset;
	asset.lat = (struct shape_number){559247827, true};
	asset.lon = (struct shape_number){-32947922, true};
	cr_assert_eq(settle(&before), 0);
	cr_assert_eq(asset.easting.value / 10, 31918);
	cr_assert_eq(asset.northing.value / 10, 67094);

	before = asset;
	asset.easting = asset.northing = (struct shape_number){0, false};
	cr_assert_eq(settle(&before), 0);
	cr_assert_not(asset.lat.is_set);
}

Test(asset, two_places_are_a_conflict_unless_they_are_one)
{
	asset.easting = (struct shape_number){256341, true};
	asset.northing = (struct shape_number){664697, true};
	asset.lat = (struct shape_number){558539995, true};
	asset.lon = (struct shape_number){-42964902, true};
	cr_assert_eq(settle(NULL), 0);
	cr_assert_eq(asset.easting.value, 256341);
	asset.lon.value = -32964902;
	cr_assert_eq(settle(NULL), ERR_INVALID);
	cr_assert_str_eq(flaws.at[0].code.at, "CONFLICT");
	asset.easting = asset.northing = (struct shape_number){0, false};
	asset.lat.value = 488566000;
	cr_assert_eq(settle(NULL), ERR_INVALID);
	cr_assert_str_eq(flaws.at[0].code.at, "OUT_OF_RANGE");
}

Test(asset, lifecycle_follows_the_plan)
{
	struct asset before;

	cr_assert_eq(settle(NULL), 0);
	before = asset;
	asset.lifecycle = STR("SURPLUS");
	cr_assert_eq(settle(&before), 0);
	around.plan_lifecycle = STR("IN_USE");
	cr_assert_eq(settle(&before), ERR_LIFECYCLE);
	asset.lifecycle = before.lifecycle;
	cr_assert_eq(settle(&before), 0);
	around.plan_lifecycle = (struct str){NULL, 0};
	around.is_disposed = true;
	asset.lifecycle = STR("SURPLUS");
	cr_assert_eq(settle(&before), ERR_LIFECYCLE);
}

Test(asset, not_from_a_day_to_come)
{
	asset.effective_on = day_add(today, 1);
	cr_assert_eq(settle(NULL), ERR_DATE_IN_FUTURE);
	cr_assert_str_eq(flaws.at[0].pointer.at, "/effective_on");
}

Test(plan, stages_as_lifecycles)
{
	static const struct {
		struct str method, stage, lifecycle;
	} rows[] = {
		{STR_INIT("SALE"), STR_INIT("IDENTIFIED"), STR_INIT("IN_USE")},
		{STR_INIT("SALE"), STR_INIT("MISSIVES"), STR_INIT("UNDER_OFFER")},
		{STR_INIT("LEASE"), STR_INIT("MARKETING"), STR_INIT("MARKETING")},
		{STR_INIT("NONE"), STR_INIT("MARKETING"), {NULL, 0}},
		{STR_INIT("NONE"), {NULL, 0}, {NULL, 0}},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str got = asset_lifecycle_of_plan(rows[i].method, rows[i].stage);

		cr_assert(str_eq(got, rows[i].lifecycle), "row %zu", i);
		cr_assert_eq(str_is_null(got), str_is_null(rows[i].lifecycle), "row %zu", i);
	}
}

Test(plan, what_a_plan_owes)
{
	struct plan p;

	shape_clear(&plan_shape, &p);
	p.method = STR("SALE");
	cr_assert_eq(plan_settle(&p, today, &flaws), ERR_INVALID);
	cr_assert_eq(flaws.count, 2);
	flaws_init(&flaws, &arena);
	p.method = STR("NONE");
	cr_assert_eq(plan_settle(&p, today, &flaws), 0);
	cr_assert_eq(day_cmp(p.effective_on, today), 0);
	p.effective_on = day_add(today, 1);
	cr_assert_eq(plan_settle(&p, today, &flaws), ERR_DATE_IN_FUTURE);
}

Test(plan, a_disposal_has_happened)
{
	struct disposal d;

	shape_clear(&disposal_shape, &d);
	d.completed_on = today;
	cr_assert_eq(disposal_settle(&d, today, &flaws), 0);
	cr_assert(d.cost_pence.is_set);
	d.completed_on = day_add(today, 1);
	cr_assert_eq(disposal_settle(&d, today, &flaws), ERR_DATE_IN_FUTURE);
}

Test(plan, an_old_valuation_does_not_push_a_newer_one_aside)
{
	struct valuation v;

	shape_clear(&valuation_shape, &v);
	v.valued_on = day("2020-05-01");
	cr_assert_eq(valuation_settle(&v, today, &flaws), 0);
	cr_assert_eq(day_cmp(v.effective_on, v.valued_on), 0);
	cr_assert(v.restricted.value);
	v.effective_on = DAY_NONE;
	v.valued_on = day("2027-01-01");
	cr_assert_eq(valuation_settle(&v, today, &flaws), 0);
	cr_assert_eq(day_cmp(v.effective_on, today), 0);
}

Test(asset, section_80)
{
	static const struct {
		struct str form;
		struct shape_number members;
		enum body_verdict verdict;
	} rows[] = {
		{STR_INIT("SCIO"), {20, true}, BODY_ELIGIBLE},
		{STR_INIT("COMPANY"), {19, true}, BODY_TOO_FEW_MEMBERS},
		{STR_INIT("BENCOM"), {0, false}, BODY_MEMBERS_UNKNOWN},
		{STR_INIT("UNINCORPORATED"), {200, true}, BODY_WRONG_FORM},
		{STR_INIT("TRUST"), {200, true}, BODY_WRONG_FORM},
		{STR_INIT("COMMUNITY_COUNCIL"), {200, true}, BODY_WRONG_FORM},
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		cr_assert_eq(body_may_own(rows[i].form, rows[i].members), rows[i].verdict,
			     "row %zu", i);
}
