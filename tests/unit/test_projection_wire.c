/*
 * Input of a projection: parameters are merged as the specification says, and every fault
 * that makes an input invalid is named with its place.
 */
#include "libassets/projection/projection.h"
#include "libassets/projection/projection_input_print.h"
#include "libassets/projection/projection_print.h"
#include "libassets/projection/projection_wire.h"
#include "tests/unit/vectors.h"

struct reading {
	struct arena arena;
	struct flaws flaws;
	struct projection_input in;
	int err;
};

static void read_text(struct reading *r, const char *text)
{
	json_auto_t *root = NULL;

	arena_init(&r->arena, 1 << 24);
	flaws_init(&r->flaws, &r->arena);
	r->err = wire_load(str_of(text), &r->flaws, &root);
	cr_assert_eq(r->err, 0, "%s", text);
	r->err = projection_input_read(&r->in, root, &r->arena, &r->flaws);
}

static void done(struct reading *r)
{
	arena_done(&r->arena);
}

#define MC(value) "{\"asof\":\"2026-11-21\",\"assets\":[],\"mc\":" value "}"
#define PARAMS(text) "{\"asof\":\"2026-11-21\",\"assets\":[],\"params\":" text "}"
#define ASSET(more)                                                                                \
	"{\"asof\":\"2026-11-21\",\"assets\":[{\"id\":1,\"lead\":\"A\",\"cpp\":\"C\","             \
	"\"locality\":"                                                                            \
	"\"L\",\"class\":\"HALL\",\"decile\":1" more "}]}"
#define PLAN(text) ASSET(",\"plan\":{" text "}")
#define REQUEST(text)                                                                              \
	ASSET(",\"requests\":[{\"id\":1,\"state\":\"EOI\",\"state_date\":\"2026-01-01\",\"kind\":" \
	      "\"LEASE\"" text "}]")

static void print_all(const struct reading *r, struct buf *out)
{
	const struct projection_input *in = &r->in;
	const struct projection_words words = {&in->params, &in->partner, &in->cpp, &in->locality,
					       &in->class};

	for (uint32_t i = 0; i < in->assets; i++) {
		buf_char(out, i ? ',' : '[');
		projection_input_print(out, &words, &in->asset[i], (struct str){NULL, 0});
	}
	buf_str(out, in->assets ? STR("]") : STR("[]"));
}

static void project_all(struct reading *r, struct buf *out)
{
	struct projection_scratch *scratch = projection_scratch_new();
	struct projection_model *model;

	cr_assert_not_null(scratch);
	cr_assert_eq(projection_model_new(&r->arena, &r->in.params, r->in.as_of, &model), 0);
	model->partner = r->in.settings;
	model->class_index = r->in.class_index;
	for (uint32_t i = 0; i < r->in.assets; i++)
		projection_print_asset(out, STR("1"), &r->in.asset[i],
				       projection_run(model, &r->in.asset[i], scratch),
				       r->in.partner.at);
	projection_scratch_free(scratch);
}

static void expect_same_again(json_t *input)
{
	CLEANUP(buf_done) struct buf first = BUF(1 << 22), second = BUF(1 << 22);
	CLEANUP(buf_done) struct buf before = BUF(1 << 22), after = BUF(1 << 22);
	struct reading r, again;
	char *text = test_dump(input);

	read_text(&r, text);
	free(text);
	cr_assert_eq(r.err, 0);
	print_all(&r, &first);
	project_all(&r, &before);
	cr_assert_eq(json_object_set_new(input, "assets", test_load(buf_view(&first))), 0);
	text = test_dump(input);
	read_text(&again, text);
	free(text);
	cr_assert_eq(again.err, 0, "%.300s", first.at);
	print_all(&again, &second);
	project_all(&again, &after);
	cr_expect_str_eq(first.at, second.at);
	cr_expect(str_eq(buf_view(&before), buf_view(&after)));
	done(&r);
	done(&again);
}

Test(projection_wire, merges_parameters_key_by_key)
{
	struct reading r;
	const struct projection_params *p = &r.in.params;
	uint32_t i = 0;

	read_text(&r,
		  PARAMS("{\"horizon_quarters\":8,\"scenarios\":{\"LIKELY\":{\"slip_add\":3}},"
			 "\"market_stage\":{\"MARKETING\":{\"p\":1},\"NEW\":{\"p\":5,\"slip\":"
			 "\"MINE\"}},\"slip\":{\"MINE\":[[3,1000000]]},\"index\":{\"LAND\":{"
			 "\"base_fy\":2020,\"default\":7,\"growth\":{\"2021\":9}}},"
			 "\"class_index\":{\"FIELD\":\"LAND\"},\"basis_factor\":{\"EUV\":0},"
			 "\"discount\":[[1000000,30000]],\"nominal_floor\":null,"
			 "\"partner_default\":{\"cost_fixed\":-1},\"mc\":{\"beta\":{\"X\":1}}}"));
	cr_assert_eq(r.err, 0);
	cr_expect_eq(p->horizon_quarters, 8);
	cr_expect_eq(p->scenario[SCENARIO_LIKELY].slip_add_quarters, 3);
	cr_expect_eq(p->scenario[SCENARIO_LIKELY].price_ppm, 1000000);
	cr_expect_eq(p->scenario[SCENARIO_WORST].slip_add_quarters, 2);
	cr_assert_eq(projection_stage_find(p, STR("MARKETING"), &i), 0);
	cr_expect_eq(p->stage[i].p_ppm, 1);
	cr_expect(str_eq(p->slip[p->stage[i].slip].name, STR("MID")));
	cr_assert_eq(projection_stage_find(p, STR("NEW"), &i), 0);
	cr_expect_eq(p->slip[p->stage[i].slip].step[0].quarters, 3);
	cr_expect_eq(projection_index_of_class(p, STR("FIELD")), 1);
	cr_expect_eq(projection_index_of_class(p, STR("HALL")), 0);
	cr_expect_eq(p->index[1].growth_ppm[2021 - PROJECTION_FY_MIN], 9);
	cr_expect_eq(p->index[1].growth_ppm[2022 - PROJECTION_FY_MIN], PROJECTION_GROWTH_DEFAULT);
	cr_expect_eq(p->basis_factor_ppm[BASIS_EUV], 0);
	cr_expect_eq(p->basis_factor_ppm[BASIS_MV], 1000000);
	cr_expect_eq(p->bands, 1);
	cr_expect_eq(p->nominal_floor_pence, 100);
	cr_expect_eq(p->partner_default.cost_fixed_pence, -1);
	cr_expect_eq(p->partner_default.remarket_months, 6);
	done(&r);
}

Test(projection_wire, partners_start_from_the_default_and_owners_are_sorted)
{
	struct reading r;
	const struct projection_asset *a;

	read_text(&r,
		  "{\"asof\":\"2026-11-21\",\"params\":{\"partner_default\":{\"cost_fixed\":7}},"
		  "\"partners\":[{\"id\":\"B\",\"cost_rate_ppm\":5}],\"assets\":[{\"id\":9,"
		  "\"lead\":\"B\",\"cpp\":\"C\",\"locality\":\"L\",\"class\":\"H\",\"decile\":"
		  "0,\"owners\":[{\"partner\":\"Z\",\"units\":1},{\"partner\":\"B\",\"units\":"
		  "0},{\"partner\":\"A\",\"units\":3}]}]}");
	cr_assert_eq(r.err, 0);
	a = &r.in.asset[0];
	cr_expect_eq(r.in.settings[a->lead].cost_rate_ppm, 5);
	cr_expect_eq(r.in.settings[a->lead].cost_fixed_pence, 7);
	cr_assert_eq(a->owners, 3);
	cr_expect(str_eq(r.in.partner.at[a->owner[0].partner], STR("A")));
	cr_expect_eq(a->owner[0].units, 3);
	cr_expect(str_eq(r.in.partner.at[a->owner[2].partner], STR("Z")));
	cr_expect_eq(r.in.settings[a->owner[2].partner].cost_rate_ppm, 20000);
	done(&r);
}

Test(projection_wire, requests_without_effect_are_left_out)
{
	struct reading r;

	read_text(&r, ASSET(",\"requests\":[{\"id\":1,\"state\":\"WITHDRAWN\",\"state_date\":"
			    "\"2026-01-01\",\"kind\":\"LEASE\"},{\"id\":2,\"state\":\"EOI\","
			    "\"state_date\":\"2026-01-01\",\"kind\":\"LEASE\"}]"));
	cr_assert_eq(r.err, 0);
	cr_assert_eq(r.in.asset[0].requests, 1);
	cr_expect_eq(r.in.asset[0].request[0].id, 2);
	cr_expect(r.in.asset[0].request[0].prohibits);
	done(&r);
}

/* clang-format off */
static const struct {
	const char *text, *pointer, *code;
} faults[] = {
	{"[]", "", "WRONG_TYPE"},
	{"{\"assets\":[]}", "/asof", "REQUIRED"},
	{"{\"asof\":\"2026-11-21\"}", "/assets", "REQUIRED"},
	{"{\"asof\":\"2026-11-21\",\"assets\":{}}", "/assets", "WRONG_TYPE"},
	{"{\"asof\":\"2026-11-21\",\"assets\":[null]}", "/assets/0", "WRONG_TYPE"},
	{"{\"asof\":\"2026-11-21\",\"assets\":[],\"x\":1}", "/x", "UNKNOWN_FIELD"},
	{"{\"asof\":\"2026-11-21\",\"assets\":[],\"partners\":[{}]}", "/partners/0/id", "REQUIRED"},
	{"{\"asof\":\"2026-11-21\",\"assets\":[],\"partners\":[{\"id\":\"A\"},{\"id\":\"A\"}]}",
	 "/partners/1/id", "DUPLICATE"},
	{"{\"asof\":\"2026-11-21\",\"assets\":[],\"partners\":[{\"id\":\"A\",\"remarket_months\":37}]}",
	 "/partners/0/remarket_months", "OUT_OF_RANGE"},

	{MC("7"), "/mc", "WRONG_TYPE"},
	{MC("{}"), "/mc/seed", "REQUIRED"},
	{MC("{\"seed\":-1}"), "/mc/seed", "WRONG_TYPE"},
	{MC("{\"seed\":1.0}"), "/mc/seed", "WRONG_TYPE"},
	{MC("{\"seed\":\"1\"}"), "/mc/seed", "WRONG_TYPE"},
	{MC("{\"seed\":18446744073709551616}"), "/mc/seed", "OUT_OF_RANGE"},
	{MC("{\"seed\":-9223372036854775809}"), "/mc/seed", "OUT_OF_RANGE"},
	{MC("{\"seed\":99999999999999999999999}"), "/mc/seed", "OUT_OF_RANGE"},
	{MC("{\"seed\":1,\"paths\":0}"), "/mc/paths", "OUT_OF_RANGE"},
	{MC("{\"seed\":1,\"paths\":1000001}"), "/mc/paths", "OUT_OF_RANGE"},
	{MC("{\"seed\":1,\"path\":1}"), "/mc/path", "UNKNOWN_FIELD"},

	{PARAMS("7"), "/params", "WRONG_TYPE"},
	{PARAMS("{\"horizon_quarters\":3}"), "/params/horizon_quarters", "OUT_OF_RANGE"},
	{PARAMS("{\"horizon_quarters\":401}"), "/params/horizon_quarters", "OUT_OF_RANGE"},
	{PARAMS("{\"horizon_quarters\":8.0}"), "/params/horizon_quarters", "WRONG_TYPE"},
	{PARAMS("{\"horizon\":8}"), "/params/horizon", "UNKNOWN_FIELD"},
	{PARAMS("{\"scenarios\":{\"BAD\":{}}}"), "/params/scenarios/BAD", "NOT_IN_LIST"},
	{PARAMS("{\"scenarios\":{\"BEST\":{\"slip_add\":13}}}"), "/params/scenarios/BEST/slip_add",
	 "OUT_OF_RANGE"},
	{PARAMS("{\"slip\":{\"MID\":[[0,999999]]}}"), "/params/slip/MID", "WRONG_SUM"},
	{PARAMS("{\"slip\":{\"MID\":[]}}"), "/params/slip/MID", "WRONG_SUM"},
	{PARAMS("{\"slip\":{\"MID\":[[1,500000],[1,500000]]}}"), "/params/slip/MID/1", "WRONG_ORDER"},
	{PARAMS("{\"slip\":{\"MID\":[[0,1000000,1]]}}"), "/params/slip/MID/0", "WRONG_TYPE"},
	{PARAMS("{\"slip\":{\"MID\":[[201,1000000]]}}"), "/params/slip/MID/0/0", "OUT_OF_RANGE"},
	{PARAMS("{\"slip\":{\"MID\":{}}}"), "/params/slip/MID", "WRONG_TYPE"},
	{PARAMS("{\"market_stage\":{\"NEW\":{\"p\":1}}}"), "/params/market_stage/NEW/slip", "REQUIRED"},
	{PARAMS("{\"market_stage\":{\"SURPLUS\":{\"p\":-1}}}"), "/params/market_stage/SURPLUS/p",
	 "OUT_OF_RANGE"},
	{PARAMS("{\"market_stage\":{\"SURPLUS\":{\"slip\":\"X\"}}}"),
	 "/params/market_stage/SURPLUS/slip", "NOT_IN_LIST"},
	{PARAMS("{\"request_state\":{\"EOI\":{\"release_m\":601}}}"),
	 "/params/request_state/EOI/release_m", "OUT_OF_RANGE"},
	{PARAMS("{\"index\":{\"X\":{\"base_fy\":2020}}}"), "/params/index/X/default", "REQUIRED"},
	{PARAMS("{\"index\":{\"PROPERTY\":{\"growth\":{\"20x6\":1}}}}"),
	 "/params/index/PROPERTY/growth/20x6", "NOT_A_YEAR"},
	{PARAMS("{\"index\":{\"PROPERTY\":{\"growth\":{\"2026\":1000001}}}}"),
	 "/params/index/PROPERTY/growth/2026", "OUT_OF_RANGE"},
	{PARAMS("{\"class_index\":{\"HALL\":\"NONE\"}}"), "/params/class_index/HALL", "NOT_IN_LIST"},
	{PARAMS("{\"discount\":[[30,35000]]}"), "/params/discount", "INCOMPLETE"},
	{PARAMS("{\"discount\":[]}"), "/params/discount", "INCOMPLETE"},
	{PARAMS("{\"basis_factor\":{\"DRC\":1}}"), "/params/basis_factor/DRC", "OUT_OF_RANGE"},
	{PARAMS("{\"basis_factor\":{\"XYZ\":1}}"), "/params/basis_factor/XYZ", "UNKNOWN_FIELD"},
	{PARAMS("{\"mc\":{\"beta\":{\"X\":-1}}}"), "/params/mc/beta/X", "OUT_OF_RANGE"},
	{PARAMS("{\"deflator\":{\"growth\":[]}}"), "/params/deflator/growth", "WRONG_TYPE"},

	{ASSET(",\"id2\":1"), "/assets/0/id2", "UNKNOWN_FIELD"},
	{ASSET(",\"owners\":[{\"partner\":\"A\"}]"), "/assets/0/owners/0/units", "REQUIRED"},
	{ASSET(",\"owners\":[{\"partner\":\"A\",\"units\":-1}]"), "/assets/0/owners/0/units",
	 "OUT_OF_RANGE"},
	{ASSET(",\"owners\":[{\"partner\":\"A\",\"units\":1},{\"partner\":\"A\",\"units\":1}]"),
	 "/assets/0/owners/1", "DUPLICATE"},
	{ASSET(",\"valuation\":{\"date\":\"2026-01-01\",\"amount\":1}"), "/assets/0/valuation/basis",
	 "REQUIRED"},
	{ASSET(",\"valuation\":{\"date\":\"2026-01-01\",\"amount\":9223372036854775808,\"basis\":"
	       "\"MV\"}"), "/assets/0/valuation/amount", "OUT_OF_RANGE"},
	{ASSET(",\"valuation\":{\"date\":\"2026-01-01\",\"amount\":1,\"basis\":\"XX\"}"),
	 "/assets/0/valuation/basis", "NOT_IN_LIST"},
	{PLAN("\"method\":\"GIFT\",\"stage\":\"SURPLUS\",\"date\":\"2027-01-01\""),
	 "/assets/0/plan/method", "NOT_IN_LIST"},
	{PLAN("\"method\":\"SALE\",\"date\":\"2027-01-01\""), "/assets/0/plan/stage", "REQUIRED"},
	{PLAN("\"method\":\"SALE\",\"stage\":\"SURPLUS\""), "/assets/0/plan/date", "REQUIRED"},
	{PLAN("\"method\":\"SALE\",\"stage\":\"ROT\",\"date\":\"2027-01-01\""),
	 "/assets/0/plan/stage", "NOT_IN_LIST"},
	{PLAN("\"method\":\"NONE\",\"p_ppm\":1000001"), "/assets/0/plan/p_ppm", "OUT_OF_RANGE"},
	{PLAN("\"method\":\"NONE\",\"lease\":{\"term_months\":0,\"class\":\"FINANCE\"}"),
	 "/assets/0/plan/lease/term_months", "OUT_OF_RANGE"},
	{PLAN("\"method\":\"NONE\",\"lease\":{\"term_months\":12,\"class\":\"SHORT\"}"),
	 "/assets/0/plan/lease/class", "NOT_IN_LIST"},
	{REQUEST(",\"kind2\":\"X\""), "/assets/0/requests/0/kind2", "UNKNOWN_FIELD"},
	{REQUEST(",\"prohibits\":1"), "/assets/0/requests/0/prohibits", "WRONG_TYPE"},
	{REQUEST(",\"release_date\":\"soon\""), "/assets/0/requests/0/release_date", "NOT_A_DATE"},
	{REQUEST("},{\"id\":1,\"state\":\"GONE\",\"state_date\":\"2026-01-01\",\"kind\":\"LEASE\""),
	 "/assets/0/requests/1/id", "DUPLICATE"},
	{ASSET(",\"completed\":{\"kind\":\"X\",\"date\":\"2026-01-01\",\"gross\":1,\"cost\":0}"),
	 "/assets/0/completed/kind", "NOT_IN_LIST"},
	{ASSET(",\"completed\":{\"kind\":\"M\",\"date\":\"2026-01-01\",\"gross\":1,\"cost\":0,"
	       "\"baseline\":{\"2026-28Q1\":{}}}"), "/assets/0/completed/baseline/2026-28Q1",
	 "NOT_A_QUARTER"},
	{ASSET(",\"completed\":{\"kind\":\"M\",\"date\":\"2026-01-01\",\"gross\":1,\"cost\":0,"
	       "\"baseline\":{\"2026-27Q1\":{\"GMX\":1}}}"),
	 "/assets/0/completed/baseline/2026-27Q1/GMX", "UNKNOWN_FIELD"},
};
/* clang-format on */

Test(projection_wire, names_every_fault_and_its_place)
{
	for (size_t i = 0; i < COUNT(faults); i++) {
		struct reading r;
		bool is_found = false;

		read_text(&r, faults[i].text);
		cr_expect(r.err == ERR_INVALID || r.err == ERR_RANGE, "%s", faults[i].text);
		for (size_t k = 0; k < r.flaws.count && k < FLAW_MAX; k++)
			is_found |= str_eq(r.flaws.at[k].pointer, str_of(faults[i].pointer)) &&
				    str_eq(r.flaws.at[k].code, str_of(faults[i].code));
		cr_expect(is_found, "%s: %s at %s", faults[i].text, faults[i].code,
			  faults[i].pointer);
		done(&r);
	}
}

Test(projection_wire, bounds_lists)
{
	static char text[1 << 16];
	size_t n = 0;
	struct reading r;

	n = (size_t)snprintf(text, sizeof(text),
			     "{\"asof\":\"2026-11-21\",\"assets\":[],\"params\":{\"slip\":{");
	for (int i = 0; i < PROJECTION_WORDS_MAX + 1; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s\"S%d\":[[0,1000000]]",
				      i ? "," : "", i);
	(void)snprintf(text + n, sizeof(text) - n, "}}}");
	read_text(&r, text);
	cr_expect_eq(r.err, ERR_INVALID);
	cr_expect(str_eq(r.flaws.at[0].code, STR("TOO_MANY")));
	done(&r);
}

/* What a frozen run keeps of an asset is the asset: read again, it is projected to the same bytes.
 */
Test(projection_wire, printed_inputs_are_read_as_what_they_were)
{
	json_auto_t *root = test_vectors();
	json_t *c;
	size_t i, inputs = 0;

	json_array_foreach (json_object_get(root, "cases"), i, c) {
		json_t *input = json_object_get(c, "input");

		if (!input || json_object_get(json_object_get(c, "expected"), "error"))
			continue;
		expect_same_again(input);
		inputs++;
	}
	cr_expect_geq(inputs, 52);
}
