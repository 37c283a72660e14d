/*
 * Overlays: what was sent in any order becomes one text, what cannot be is refused at its place,
 * and laying one over an asset changes what it names and nothing else.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "libassets/base/err.h"
#include "libassets/projection/overlay.h"
#include "random.h"

#define ATR "atr_01jd0000000000000000000000"
#define PLAN                                                                                       \
	"{\"method\":\"SALE\",\"stage\":\"MARKETING\",\"date\":\"2027-06-15\",\"cost_fixed\":7}"

static struct arena arena;
static struct flaws flaws;

static void begin(void)
{
	arena_init(&arena, 1 << 20);
	flaws_init(&flaws, &arena);
}

static void end(void)
{
	arena_done(&arena);
}

TestSuite(overlay, .init = begin, .fini = end);

static struct day today(void)
{
	struct day d;

	cr_assert_eq(day_parse(STR("2026-11-21"), &d), 0);
	return d;
}

static int read_text(struct overlay *o, const char *text)
{
	json_auto_t *sent = json_loads(text, JSON_DECODE_ANY, NULL);

	cr_assert_not_null(sent, "%s", text);
	return overlay_read(o, sent, &flaws);
}

static void expect_flaw(const char *text, const char *pointer, const char *code)
{
	struct overlay o;

	flaws_init(&flaws, &arena);
	cr_expect_eq(read_text(&o, text), ERR_INVALID, "%s", text);
	cr_assert_geq(flaws.count, 1);
	cr_expect(str_eq(flaws.at[0].pointer, str_of(pointer)), "%s: %.*s", text,
		  (int)flaws.at[0].pointer.len, flaws.at[0].pointer.at);
	cr_expect(str_eq(flaws.at[0].code, str_of(code)), "%s: %.*s", text,
		  (int)flaws.at[0].code.len, flaws.at[0].code.at);
	overlay_done(&o);
}

/* The input after the first entry of an overlay was laid over it, as one text; yours. */
static char *laid(const char *input, const char *overlay, int expected)
{
	json_auto_t *base = json_loads(input, 0, NULL);
	json_auto_t *ids = json_pack("[s]", ATR);
	struct overlay o;
	char *text;

	cr_assert_not_null(base, "%s", input);
	cr_assert_eq(read_text(&o, overlay), 0, "%s", overlay);
	cr_expect_eq(overlay_lay(&o, 0, &(struct overlay_base){.input = base, .request_ids = ids},
				 today(), &flaws),
		     expected, "%s", overlay);
	overlay_done(&o);
	text = json_dumps(base, JSON_COMPACT | JSON_SORT_KEYS);
	return text;
}

static void expect_laid(const char *input, const char *set, const char *expected)
{
	char overlay[500];
	char *got;

	(void)snprintf(overlay, sizeof(overlay), "[{\"asset_id\":\"a\",\"set\":%s}]", set);
	got = laid(input, overlay, 0);
	cr_expect_str_eq(got, expected);
	free(got);
}

Test(overlay, of_nothing_is_empty)
{
	struct overlay o;

	cr_expect_eq(overlay_read(&o, NULL, &flaws), 0);
	cr_expect_eq(o.count, 0);
	overlay_done(&o);
	cr_expect_eq(read_text(&o, "null"), 0);
	overlay_done(&o);
	cr_expect_eq(read_text(&o, "[]"), 0);
	cr_expect_eq(o.count, 0);
	overlay_done(&o);
}

Test(overlay, refuses_what_it_is_not_at_its_place)
{
	expect_flaw("{}", "/overlay", "WRONG_TYPE");
	expect_flaw("[1]", "/overlay/0", "WRONG_TYPE");
	expect_flaw("[{\"asset_id\":\"a\"}]", "/overlay/0/set", "REQUIRED");
	expect_flaw("[{\"asset_id\":\"a\",\"set\":{}}]", "/overlay/0/set", "REQUIRED");
	expect_flaw("[{\"asset_id\":\"a\",\"set\":{\"price\":1}}]", "/overlay/0/set/price",
		    "UNKNOWN_FIELD");
	expect_flaw("[{\"asset_id\":\"a\",\"set\":{\"request\":{\"offer_pence\":1}}}]",
		    "/overlay/0/set/request/id", "REQUIRED");
	expect_flaw("[{\"asset_id\":\"a\",\"set\":{\"request\":null}}]", "/overlay/0/set/request",
		    "WRONG_TYPE");
	expect_flaw("[{\"asset_id\":\"a\",\"set\":{\"plan\":null}},"
		    "{\"asset_id\":\"a\",\"set\":{\"plan\":null}}]",
		    "/overlay/1/asset_id", "DUPLICATE");
}

Test(overlay, takes_no_more_than_its_most)
{
	json_auto_t *sent = json_array();
	struct overlay o;

	for (int i = 0; i <= OVERLAY_MAX; i++)
		json_array_append_new(sent, json_object());
	cr_expect_eq(overlay_read(&o, sent, &flaws), ERR_INVALID);
	cr_expect(str_eq(flaws.at[0].code, STR("TOO_MANY")));
	overlay_done(&o);
}

Test(overlay, lays_what_it_names_by_the_models_names_and_no_more)
{
	expect_laid("{\"plan\":" PLAN ",\"valuation\":null}",
		    "{\"plan\":{\"planned_on\":\"2028-06-15\"}}",
		    "{\"plan\":{\"cost_fixed\":7,\"date\":\"2028-06-15\",\"lease\":null,"
		    "\"method\":\"SALE\",\"stage\":\"MARKETING\"},\"valuation\":null}");
	expect_laid("{\"plan\":" PLAN "}", "{\"plan\":null}", "{\"plan\":null}");
	expect_laid("{}",
		    "{\"valuation\":{\"amount_pence\":9223372036854775807,\"basis\":\"MV\","
		    "\"valued_on\":\"2026-04-01\"}}",
		    "{\"valuation\":{\"amount\":9223372036854775807,\"basis\":\"MV\","
		    "\"date\":\"2026-04-01\"}}");
}

Test(overlay, moves_a_request_and_takes_it_out_when_its_state_has_no_part_in_the_model)
{
	const char *input = "{\"requests\":[{\"id\":1,\"offer\":5,\"state\":\"VALIDATED\","
			    "\"state_date\":\"2026-10-01\"}]}";

	expect_laid(input,
		    "{\"request\":{\"id\":\"" ATR "\",\"offer_pence\":null,\"state\":\"AGREED\"}}",
		    "{\"requests\":[{\"id\":1,\"offer\":null,\"state\":\"AGREED\","
		    "\"state_date\":\"2026-11-21\"}]}");
	expect_laid(input, "{\"request\":{\"id\":\"" ATR "\",\"state\":\"WITHDRAWN\"}}",
		    "{\"requests\":[]}");
}

static void expect_refused(const char *input, const char *set, const char *pointer,
			   const char *code)
{
	char overlay[500];

	flaws_init(&flaws, &arena);
	(void)snprintf(overlay, sizeof(overlay), "[{\"asset_id\":\"a\",\"set\":%s}]", set);
	free(laid(input, overlay, ERR_INVALID));
	cr_assert_geq(flaws.count, 1, "%s", set);
	cr_expect(str_eq(flaws.at[0].pointer, str_of(pointer)), "%.*s",
		  (int)flaws.at[0].pointer.len, flaws.at[0].pointer.at);
	cr_expect(str_eq(flaws.at[0].code, str_of(code)), "%.*s", (int)flaws.at[0].code.len,
		  flaws.at[0].code.at);
}

Test(overlay, is_not_laid_where_it_makes_no_sense)
{
	expect_refused("{\"completed\":{\"kind\":\"M\"}}", "{\"plan\":null}", "/overlay/0/asset_id",
		       "DISPOSED");
	expect_refused("{\"plan\":null}",
		       "{\"plan\":{\"method\":\"SALE\",\"stage\":\"MARKETING\"}}",
		       "/overlay/0/set/plan/planned_on", "REQUIRED");
	expect_refused("{}", "{\"valuation\":{\"amount_pence\":1,\"basis\":\"MV\"}}",
		       "/overlay/0/set/valuation/valued_on", "REQUIRED");
	expect_refused("{\"requests\":[]}", "{\"request\":{\"id\":\"" ATR "\",\"prohibits\":true}}",
		       "/overlay/0/set/request/id", "NOT_LIVE");
	expect_refused("{\"requests\":[]}",
		       "{\"request\":{\"id\":\"atr_01jd0000000000000000000001\"}}",
		       "/overlay/0/set/request/id", "UNKNOWN_REQUEST");
}

/* Equal meaning, equal text: whatever the order of the entries. Read again it is itself. */
Test(overlay, has_one_normal_form)
{
	uint64_t seed = 7;
	char *first = NULL;

	for (int round = 0; round < 50; round++) {
		json_auto_t *sent = json_array();
		struct overlay o, again;
		char *text, *same;

		for (int i = 0; i < 12; i++) {
			size_t at = random_below(&seed, json_array_size(sent) + 1);

			json_array_insert_new(sent, at,
					      json_pack("{s:o, s:{s:{s:s, s:i}}}", "asset_id",
							json_sprintf("ast_%02d", i), "set", "plan",
							"stage", "MARKETING", "agreed_price_pence",
							i));
		}
		cr_assert_eq(overlay_read(&o, sent, &flaws), 0);
		text = json_dumps(o.list, JSON_COMPACT);
		cr_assert_eq(overlay_read(&again, o.list, &flaws), 0);
		same = json_dumps(again.list, JSON_COMPACT);
		cr_expect_str_eq(text, same);
		if (first)
			cr_expect_str_eq(text, first);
		else
			first = strdup(text);
		for (size_t i = 0; i < o.count; i++)
			cr_expect(str_eq(o.asset_id[i],
					 str_of(json_string_value(json_object_get(
						 json_array_get(sent, o.place[i]), "asset_id")))));
		free(text);
		free(same);
		overlay_done(&o);
		overlay_done(&again);
	}
	free(first);
}
