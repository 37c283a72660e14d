/*
 * What a community body does without an account: what it asks for by a form, and what it does by
 * the link to its own request afterwards. Pure: the day is an argument.
 *
 * The members of the structs are the rows of the .def file of each name.
 *
 * Source: Community Empowerment (Scotland) Act 2015 s.79(4); SSI 2016/357 regs 3 and 5;
 * statute 7.1.
 */
#pragma once

#include "request.h"

enum { ASK_TEXT_MAX = 10000 }; /* characters, as the column takes them */

/* What the law leaves to the community body, and its authority takes from it by a link. What goes
 * to the Scottish Ministers is not among it. A longer time is agreed to by the event that its
 * authority offers; not to agree to it is no event of the request. */
#define MINE_EVENTS                                                                                \
	"EXPRESS_INTEREST SUBMIT ITEM_RECEIVED OFFER REVIEW_APPLIED WITHDRAW EXTEND "              \
	"EXTEND_CONTRACT " MINE_DECLINE
#define MINE_DECLINE "DECLINE"

struct ask_contents {
#define FIELD SHAPE_MEMBER
#include "ask_contents.def"
#undef FIELD
};

struct ask {
#define FIELD SHAPE_MEMBER
#include "ask.def"
#undef FIELD
};

struct mine_act {
#define FIELD SHAPE_MEMBER
#include "mine_act.def"
#undef FIELD
};

struct mine_link {
#define FIELD SHAPE_MEMBER
#include "mine_link.def"
#undef FIELD
};

extern const struct shape ask_contents_shape;
extern const struct shape ask_shape;
extern const struct shape mine_act_shape;
extern const struct shape mine_link_shape;

/*
 * Is it about one thing, and does it say nothing that is not asked? ERR_INVALID, with flaws, where
 * it names neither asset nor land, or both.
 */
MUST_CHECK int ask_check(const struct ask *ask, struct flaws *flaws);

/* Does a field of ask_contents.def stand for that item? Some items are not words. */
bool ask_is_words(struct str code);

/* What a request came with: contents may be NULL; has_address: a postal address is known. */
struct ask_arrived {
	const struct ask_contents *contents;
	struct shape_number offer;
	bool has_address;
};

/*
 * The items of a request of that kind that arrived with it, all of them on that day, in the order
 * of request_item.def, as SUBMIT takes them.
 *
 * What a form says by being sent is there: that it is in writing and under Part 5, the name, the
 * land, the kind. So is the address where a postal one is given, the price where one is, and what
 * has words of its own. Never BODY: with it comes a copy of the constitution, which no form
 * carries.     ERR_NOMEM
 */
MUST_CHECK int ask_items(const struct ask_arrived *with, struct str kind, struct day on,
			 struct arena *a, struct shape_list *ret_items);

/*
 * What was said, as [{"code", "text"}] with `words` first, under that code; absent without memory.
 * contents may be NULL.
 */
struct str ask_said(const struct ask_contents *contents, const char *code, struct str words,
		    struct arena *a);

/*
 * Does the act hold what its event takes, and nothing else? Of an item that is words these words,
 * of a withdrawal and of a review the reasons. ERR_INVALID, with flaws.
 */
MUST_CHECK int mine_act_check(const struct mine_act *act, struct flaws *flaws);
