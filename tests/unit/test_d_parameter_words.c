/*
 * Parameters in words, from every list that names stand in.
 */
#include <criterion/criterion.h>
#include <jansson.h>

#include "daemon/forecast/parameter_words.h"
#include "libassets/base/base.h"

Test(parameter_words, say_what_it_is_and_for_which)
{
	static const char *const cases[][2] = {
		{"/horizon_quarters", "How far ahead is projected"},
		{"/scenarios/WORST/price_ppm", "Price, of the valuation: worst case for receipts"},
		{"/market_stage/MARKETING/p",
		 "Chance that a sale at this stage succeeds: on the market"},
		{"/request_state/EOI/p", "Chance of a transfer: expression of interest"},
		{"/basis_factor/MV", "What a valuation on this basis is as a price: market value"},
		{"/deflator/growth/2023", "Growth of prices: 2023-24"},
		{"/index/PROPERTY/growth/2023", "Growth of values: property, 2023-24"},
		{"/index/PROPERTY/growth/later", "Growth of values: property, later"},
		{"/mc/beta/default",
		 "How much more than the market a class moves: every class not named"},
		{"/cost_fixed", "Cost of a market sale, fixed"},
		{"/no/such", "/no/such"},
		{"", ""},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		CLEANUP(buf_done) struct buf out = BUF(200);

		parameter_words(&out, cases[i][0]);
		cr_expect_eq(buf_err(&out), 0);
		cr_expect_str_eq(out.at ? out.at : "", cases[i][1]);
	}
}

Test(parameter_words, list_what_a_set_says)
{
	json_auto_t *set =
		json_pack("{s:{s:{s:i}}, s:i, s:{s:[[i, i]]}, s:{s:s}, s:{}}", "scenarios",
			  "LIKELY", "p_market_mult", 800000, "horizon_quarters", 20, "slip", "MID",
			  0, 1000000, "class_index", "HALL", "PROPERTY", "index");
	json_auto_t *list = parameter_list(set), *none = parameter_list(NULL);
	static const char *const said[][2] = {
		{"Chance of a market sale, times: likely", "80%"},
		{"How far ahead is projected", "20 quarters"},
		{"How late, and with which share: on the market", "100% in time"},
		{"Index of a class of assets: hall", "PROPERTY"},
	};

	cr_assert_eq(json_array_size(list), COUNT(said));
	for (size_t i = 0; i < COUNT(said); i++) {
		const json_t *one = json_array_get(list, i);

		cr_expect_str_eq(json_string_value(json_object_get(one, "name")), said[i][0]);
		cr_expect_str_eq(json_string_value(json_object_get(one, "value")), said[i][1]);
	}
	cr_expect_eq(json_array_size(none), 0);
}
