/*
 * Words beside codes, amounts and days: what programs read stays as it was.
 */
#include <criterion/criterion.h>

#include "daemon/page/dress.h"
#include "libassets/base/err.h"
#include "libassets/notify/event_type.h"

static const char *text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static struct day today(void)
{
	struct day d;

	cr_assert_eq(day_parse(STR("2026-11-21"), &d), 0);
	return d;
}

Test(dress, puts_words_beside_amounts_days_counts_and_codes)
{
	json_auto_t *v =
		json_pack("{s:I, s:I, s:s, s:s, s:s, s:i, s:i, s:s, s:s, s:s}", "offer_pence",
			  (json_int_t)5000000, "net_pence", (json_int_t)-7938125, "received_on",
			  "2026-10-01", "updated_at", "2026-06-30T23:30:00.000000Z", "due_on",
			  "2027-04-01", "area_m2", 1234567, "assets_count", 1204, "state",
			  "VALIDATED", "class", "COMMUNITY_HALL", "name", "Hall");

	cr_assert_eq(dress(v, today()), 0);
	cr_expect_str_eq(text(v, "offer_pounds"), "£50,000");
	cr_expect_str_eq(text(v, "offer_money"), "£50,000.00");
	cr_expect_str_eq(text(v, "net_pounds"), "−£79,381.25");
	cr_expect_str_eq(text(v, "received_date"), "1 October 2026");
	cr_expect_str_eq(text(v, "updated_date"), "1 July 2026");
	cr_expect_str_eq(text(v, "due_date"), "1 April 2027");
	cr_expect_str_eq(text(v, "due_words"), "in 131 days");
	cr_expect_str_eq(text(v, "area_words"), "1,234,567 m²");
	cr_expect_str_eq(text(v, "assets_words"), "1,204");
	cr_expect_str_eq(text(v, "state_words"), "Being decided");
	cr_expect_str_eq(text(v, "state_tag"), "ds_tag--blue");
	cr_expect_not_null(text(v, "state_meaning"));
	cr_expect_str_eq(text(v, "acts_words"), "the authority");
	cr_expect_str_eq(text(v, "class_words"), "Community hall");
	cr_expect_str_eq(text(v, "state"), "VALIDATED");
	cr_expect_eq(json_object_size(v), 25);
}

Test(dress, says_that_an_amount_is_too_large)
{
	json_auto_t *v = json_pack("{s:s, s:s, s:n}", "net_pence", "E_OVERFLOW", "name",
				   "E_OVERFLOW", "rent_pence");

	cr_assert_eq(dress(v, today()), 0);
	cr_expect_str_eq(text(v, "net_money"), "too large");
	cr_expect_str_eq(text(v, "net_pence"), "E_OVERFLOW");
	cr_expect_eq(json_object_size(v), 4);
}

Test(dress, says_the_months_of_a_quarter)
{
	static const char *const label[][2] = {{"2027-28Q1", "April to June 2027"},
					       {"2027-28Q4", "January to March 2028"},
					       {"2027-28", NULL}};

	for (size_t i = 0; i < COUNT(label); i++) {
		json_auto_t *v = json_pack("{s:s}", "quarter", label[i][0]);
		const char *words;

		cr_assert_eq(dress(v, today()), 0);
		words = text(v, "quarter_words");
		cr_expect(label[i][1] ? words && strcmp(words, label[i][1]) == 0 : !words, "%s",
			  label[i][0]);
	}
}

Test(dress, goes_into_lists_and_objects_and_keeps_what_is_there)
{
	json_auto_t *v = json_pack("{s:[{s:{s:s}}, s, {s:s, s:s}], s:n, s:s}", "items", "due",
				   "due_on", "2026-11-20", "text", "lifecycle", "IN_USE",
				   "lifecycle_words", "given", "valued_on", "paid_on", "no day");
	const json_t *items = json_object_get(v, "items");

	cr_assert_eq(dress(v, today()), 0);
	cr_expect_str_eq(text(json_object_get(json_array_get(items, 0), "due"), "due_words"),
			 "yesterday");
	cr_expect_str_eq(text(json_array_get(items, 2), "lifecycle_words"), "given");
	cr_expect_null(json_object_get(v, "valued_date"));
	cr_expect_null(json_object_get(v, "paid_date"));
}

/* As in the days that a deadline passes over. */
Test(dress, a_day_may_have_no_other_name)
{
	json_auto_t *v = json_pack("{s:s, s:s}", "on", "2026-12-25", "confidence", "U");

	cr_assert_eq(dress(v, today()), 0);
	cr_expect_str_eq(text(v, "on_date"), "25 December 2026");
	cr_expect_str_eq(text(v, "confidence_words"), "not confirmed");
	cr_expect(strstr(text(v, "confidence_meaning"), "ask the authority"));
}

/* The first page, letters and feeds tell everybody of them; without words a name for programs
 * stands there. */
Test(dress, has_words_for_each_event_that_is_told)
{
	static const char *const told[] = {"asset.", "plan.", "request.", "deadline."};
	const struct event_type *t;

	for (size_t n = 0; (t = event_type_at(n)); n++) {
		for (size_t i = 0; i < COUNT(told); i++) {
			CLEANUP(buf_done) struct buf out = BUF(200);

			if (!str_starts(str_of(t->name), str_of(told[i])))
				continue;
			dress_code(&out, STR("type"), str_of(t->name));
			cr_expect(!str_eq(buf_view(&out), str_of(t->name)), "%s has no words",
				  t->name);
		}
	}
}

Test(dress, says_you_to_a_community_body_of_whatever_is_said_of_it)
{
	static const struct {
		const char *field, *own, *code, *said;
	} row[] = {
#define WORD(field, code, words, tag, meaning) {#field, "own_" #field, code, words " " meaning},
#include "daemon/page/words.def"
#undef WORD
	};
	static const char own_field[] = "state,acts,whose,event,about";
	int of_it = 0;

	for (size_t i = 0; i < COUNT(row); i++) {
		struct str code = str_of(row[i].code);

		if (str_starts(str_of(row[i].field), STR("own_")))
			cr_expect_null(strstr(row[i].said, "ommunity body"), "%s", row[i].said);
		if (!str_lists(str_of(own_field), str_of(row[i].field)) ||
		    !strstr(row[i].said, "ommunity body"))
			continue;
		of_it++;
		cr_expect(dress_has(str_of(row[i].own), code), "%s %s", row[i].field, row[i].code);
	}
	cr_expect_gt(of_it, 25);
}

Test(dress, says_how_far_off_a_day_is)
{
	static const struct {
		int days;
		const char *words;
	} rows[] = {{0, "today"},       {1, "tomorrow"},    {-1, "yesterday"},
		    {12, "in 12 days"}, {-3, "3 days ago"}, {400, "in 400 days"}};

	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(buf_done) struct buf out = BUF(40);

		dress_distance(&out, day_add(today(), rows[i].days), today());
		cr_expect_str_eq(out.at, rows[i].words);
	}
}

Test(dress, refuses_what_is_nested_without_end)
{
	json_auto_t *v = json_array();
	json_t *inner = v;

	for (int i = 0; i < 40; i++) {
		json_t *next = json_array();

		cr_assert_eq(json_array_append_new(inner, next), 0);
		inner = next;
	}
	cr_expect_eq(dress(v, today()), ERR_LIMIT);
}
