/*
 * Patterns of event types.
 */
#include <criterion/criterion.h>

#include "libassets/base/err.h"
#include "libassets/notify/event_pattern.h"

Test(event_pattern, what_is_one)
{
	static const struct {
		struct str s;
		int err;
	} rows[] = {
		{STR_INIT("*"), 0},
		{STR_INIT("request.*"), 0},
		{STR_INIT("request.no_contract_appeal_lodged"), 0},
		{STR_INIT(""), ERR_INVALID},
		{STR_INIT("request"), ERR_INVALID},
		{STR_INIT("request."), ERR_INVALID},
		{STR_INIT(".validated"), ERR_INVALID},
		{STR_INIT("*.validated"), ERR_INVALID},
		{STR_INIT("request.v*"), ERR_INVALID},
		{STR_INIT("request.**"), ERR_INVALID},
		{STR_INIT("**"), ERR_INVALID},
		{STR_INIT("Request.*"), ERR_INVALID},
		{STR_INIT("request.validated.twice"), ERR_INVALID},
		{STR_INIT("request.%"), ERR_INVALID},
		{STR_INIT("a."
			  "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
			  "bbbbbbb"),
		 ERR_INVALID},
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		cr_assert_eq(event_pattern_check(rows[i].s), rows[i].err, "row %zu", i);
}

Test(event_pattern, what_fits)
{
	static const struct {
		struct str pattern, type;
		bool has;
	} rows[] = {
		{STR_INIT("*"), STR_INIT("asset.created"), true},
		{STR_INIT("asset.*"), STR_INIT("asset.created"), true},
		{STR_INIT("asset.*"), STR_INIT("assets.created"), false},
		{STR_INIT("asset.created"), STR_INIT("asset.created"), true},
		{STR_INIT("asset.created"), STR_INIT("asset.created_again"), false},
		{STR_INIT("asset.created"), STR_INIT("asset.creat"), false},
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		cr_assert_eq(event_pattern_has(rows[i].pattern, rows[i].type), rows[i].has,
			     "row %zu", i);
}
