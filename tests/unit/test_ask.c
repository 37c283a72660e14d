/*
 * Which items arrive with what a community body sends by a form, what it is kept as having said,
 * and what its acts by a link hold.
 */
#include <criterion/criterion.h>

#include "libassets/base/err.h"
#include "libassets/request/ask.h"

static struct arena arena;
static struct flaws flaws;

static void setup(void)
{
	arena_init(&arena, 1 << 20);
	flaws_init(&flaws, &arena);
}

static void teardown(void)
{
	arena_done(&arena);
}

TestSuite(ask, .init = setup, .fini = teardown);

static void expect_items(const struct ask_arrived *with, const char *kind, const char *want)
{
	const struct day on = {20000};
	struct shape_list items;
	const struct item *item;
	struct str got = STR("");

	cr_assert_eq(ask_items(with, str_of(kind), on, &arena, &items), 0);
	item = items.at;
	for (size_t i = 0; i < items.count; i++) {
		cr_expect_eq(day_cmp(item[i].received_on, on), 0);
		got = arena_fmt(&arena, "%s%s%s", got.at, i ? " " : "", item[i].code.at);
	}
	cr_expect_str_eq(got.at, want);
}

#define MOST(one)                                                                                  \
	"WRITING PART5 NAME ADDRESS LAND TYPE REASONS BENEFITS " one                               \
	" TERMS USE OBLIGATIONS NEGATIVES ABILITY SUPPORT FUNDING"

Test(ask, what_was_said_has_arrived_but_never_the_constitution)
{
	const struct ask_contents all = {
		.body = STR_INIT("a SCIO"),
		.reasons = STR_INIT("x"),
		.benefits = STR_INIT("x"),
		.rent = STR_INIT("x"),
		.rights = STR_INIT("x"),
		.terms = STR_INIT("x"),
		.use = STR_INIT("x"),
		.obligations = STR_INIT("x"),
		.negatives = STR_INIT("x"),
		.ability = STR_INIT("x"),
		.support = STR_INIT("x"),
		.funding = STR_INIT("x"),
	};
	const struct ask_contents some = {.reasons = STR_INIT("x")};
	const struct shape_number nothing = {0, true};
	expect_items(&(struct ask_arrived){.has_address = false}, "OWNERSHIP",
		     "WRITING PART5 NAME LAND TYPE");
	expect_items(&(struct ask_arrived){.contents = &some}, "LEASE",
		     "WRITING PART5 NAME LAND TYPE REASONS");
	expect_items(&(struct ask_arrived){&all, nothing, true}, "OWNERSHIP", MOST("PRICE"));
	expect_items(&(struct ask_arrived){&all, nothing, true}, "LEASE", MOST("RENT"));
	expect_items(&(struct ask_arrived){&all, {0}, true}, "OTHER_RIGHTS", MOST("RIGHTS"));
}

Test(ask, each_field_of_words_is_an_item)
{
	for (size_t i = 0; i < ask_contents_shape.count; i++) {
		const char *name = ask_contents_shape.field[i].name, *code;
		bool is_there = false;

		for (size_t n = 0; (code = request_item_at(n)); n++)
			is_there |= strlen(code) == strlen(name) && ask_is_words(str_of(code)) &&
				    (code[0] | 0x20) == name[0] && (code[1] | 0x20) == name[1];
		cr_expect(is_there, "%s", name);
	}
	cr_expect_not(ask_is_words(STR("PRICE")));
	cr_expect_not(ask_is_words(STR("REASONSS")));
	cr_expect_not(ask_is_words(STR("REASON")));
	cr_expect_not(ask_is_words((struct str){"USE\0\0", 5}));
}

Test(ask, what_was_said_is_kept_in_the_order_of_the_items)
{
	const struct ask_contents some = {.use = STR_INIT("a \"hall\""), .reasons = STR_INIT("x")};

	cr_expect_str_eq(ask_said(&some, "SUBMIT", STR("Hello"), &arena).at,
			 "[{\"code\":\"SUBMIT\",\"text\":\"Hello\"},"
			 "{\"code\":\"REASONS\",\"text\":\"x\"},"
			 "{\"code\":\"USE\",\"text\":\"a \\\"hall\\\"\"}]");
	cr_expect_str_eq(ask_said(NULL, "OFFER", (struct str){NULL, 0}, &arena).at, "[]");
}

static const struct {
	struct mine_act act;
	const char *wrong; /* where; NULL: nothing is */
} act_table[] = {
	{{.event = STR_INIT("WITHDRAW")}, NULL},
	{{.event = STR_INIT("WITHDRAW"), .price_pence = {1, true}}, "/price_pence"},
	{{.event = STR_INIT("OFFER"), .price_pence = {0, true}, .words = STR_INIT("x")}, NULL},
	{{.event = STR_INIT("OFFER"), .offer_pence = {0, true}}, "/offer_pence"},
	{{.event = STR_INIT("REVIEW_APPLIED")}, "/words"},
	{{.event = STR_INIT("REVIEW_APPLIED"), .words = STR_INIT("x")}, NULL},
	{{.event = STR_INIT("ITEM_RECEIVED"), .words = STR_INIT("x")}, "/code"},
	{{.event = STR_INIT("ITEM_RECEIVED"), .code = STR_INIT("REASONS")}, "/words"},
	{{.event = STR_INIT("ITEM_RECEIVED"), .code = STR_INIT("ADDRESS"), .words = STR_INIT("x")},
	 NULL},
	{{.event = STR_INIT("ITEM_RECEIVED"), .code = STR_INIT("PRICE"), .words = STR_INIT("x")},
	 "/offer_pence"},
	{{.event = STR_INIT("ITEM_RECEIVED"), .code = STR_INIT("PRICE"), .offer_pence = {5, true}},
	 NULL},
	{{.event = STR_INIT("ITEM_RECEIVED"), .code = STR_INIT("BODY"), .words = STR_INIT("x")},
	 "/code"},
	{{.event = STR_INIT("ITEM_RECEIVED"), .code = STR_INIT("PART5"), .words = STR_INIT("x")},
	 "/code"},
	{{.event = STR_INIT("EXTEND"), .until_on = {20000}}, NULL},
	{{.event = STR_INIT("EXTEND_CONTRACT"), .until_on = {20000}, .words = STR_INIT("x")}, NULL},
	{{.event = STR_INIT(MINE_DECLINE), .until_on = {20000}}, NULL},
	{{.event = STR_INIT("WITHDRAW"), .until_on = {20000}}, "/until_on"},
	{{.event = STR_INIT("EXTEND")}, "/until_on"},
	{{.event = STR_INIT(MINE_DECLINE)}, "/until_on"},
};

Test(ask, an_act_holds_what_it_takes_and_needs)
{
	for (size_t i = 0; i < COUNT(act_table); i++) {
		const char *wrong = act_table[i].wrong;
		struct mine_act act = act_table[i].act;
		int r;

		/* A day that the table leaves out is none. */
		if (day_cmp(act.until_on, (struct day){0}) == 0)
			act.until_on = DAY_NONE;
		flaws_init(&flaws, &arena);
		r = mine_act_check(&act, &flaws);
		cr_expect_eq(r, wrong ? ERR_INVALID : 0, "%zu", i);
		if (wrong && flaws.count)
			cr_expect_str_eq(flaws.at[0].pointer.at, wrong, "%zu", i);
	}
}

Test(ask, it_is_about_one_thing)
{
	struct land land = {.description = STR_INIT("a field")};

	cr_expect_eq(ask_check(&(struct ask){.asset_id = STR_INIT("ast_")}, &flaws), 0);
	cr_expect_eq(ask_check(&(struct ask){.land = &land}, &flaws), 0);
	cr_expect_eq(ask_check(&(struct ask){.kind = STR_INIT("LEASE")}, &flaws), ERR_INVALID);
	cr_expect_eq(ask_check(&(struct ask){.asset_id = STR_INIT("ast_"), .land = &land}, &flaws),
		     ERR_INVALID);
}
