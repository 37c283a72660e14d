/*
 * A request to try things on: made from a form, told of acts as the daemon tells it of them
 * (what time did first, then the act, then what time does until today). For tests alone.
 */
#pragma once

#include <criterion/criterion.h>

#include "libassets/base/err.h"
#include "libassets/request/request_move.h"
#include "libassets/request/request_time.h"
#include "tests/unit/reading.h"

static struct day today;
static struct request request;
static struct request_around around;

#define ASSET "\"asset_id\":\"ast_00000000000000000000000001\""
#define BODY "\"community_body_id\":\"cbo_00000000000000000000000001\""
#define FORM(kind, more)                                                                           \
	"{" ASSET "," BODY ",\"kind\":\"" kind "\",\"received_on\":\"2026-01-05\"" more "}"
#define ACT(event, on, more) "{\"event\":\"" event "\",\"on\":\"" on "\"" more "}"
#define WEIGHED_OF(code) "{\"matter\":\"" code "\",\"text\":\"weighed\"}"
#define MATTERS_BUT_J                                                                                                                                            \
	",\"matters\":[" WEIGHED_OF("A") "," WEIGHED_OF("B") "," WEIGHED_OF("C1") "," WEIGHED_OF("C2") "," WEIGHED_OF("C3") "," WEIGHED_OF("C4") "," WEIGHED_OF( \
		"C5") "," WEIGHED_OF("D") "," WEIGHED_OF("E") "," WEIGHED_OF("F") "," WEIGHED_OF("G") "," WEIGHED_OF("H") "," WEIGHED_OF("I")
#define MATTERS MATTERS_BUT_J "," WEIGHED_OF("J") "]"
#define TERMS ",\"terms\":\"as asked\"" MATTERS
#define DIFFER TERMS ",\"terms_differ\":true"
#define GROUNDS ",\"grounds\":[{\"matter\":\"H\",\"text\":\"needed for the service\"}]"

/* The way of a request that is refused, or agreed, without anybody having represented. */
#define VALIDATE ACT("VALIDATE", "2026-01-05", "")
#define NOTICES ACT("NOTICES_ISSUED", "2026-01-06", ",\"representations_close_on\":\"2026-02-06\"")
#define AGREE ACT("AGREE", "2026-02-10", TERMS)
#define AGREE_ELSE ACT("AGREE", "2026-02-10", DIFFER)
#define REFUSE ACT("REFUSE", "2026-02-10", GROUNDS)
#define REVIEW ACT("REVIEW_APPLIED", "2026-02-12", "")
#define APPEAL ACT("APPEAL_LODGED", "2026-02-12", "")

static inline struct day day(const char *text)
{
	struct day d = DAY_NONE;

	cr_assert_eq(day_parse(str_of(text), &d), 0, "%s", text);
	return d;
}

static inline void is_day(struct day is, const char *text, const char *what)
{
	struct str got = shape_day_text(is, &arena);

	cr_assert_eq(day_cmp(is, day(text)), 0, "%s is %s, not %s", what,
		     str_is_null(got) ? "none" : got.at, text);
}

static inline void requests_setup(void)
{
	reading_setup();
	today = day("2026-11-21");
	shape_clear(&request_around_shape, &around);
	around.legal_form = STR("SCIO");
	around.members = (struct shape_number){30, true};
	around.tenure = STR("OWNED");
}

static inline json_t *load(const char *text)
{
	json_t *root = NULL;

	flaws_init(&flaws, &arena);
	cr_assert_eq(wire_load(str_of(text), &flaws, &root), 0, "%s", text);
	return root;
}

/* As SQL gives it back: with its route. */
static inline int begin_as(const char *text, const char *route)
{
	json_auto_t *root = load(text);
	struct request_form form;
	int r;

	shape_clear(&request_form_shape, &form);
	shape_decode(&request_form_shape, root, SHAPE_CREATE, &WIRE_TOP, &flaws, &form);
	r = request_begin(&form, today, &flaws, &request);
	if (r < 0)
		return r;
	request.route = str_of(route);
	request.around = &around;
	return 0;
}

static inline int begin(const char *text)
{
	return begin_as(text, "LA_REVIEW");
}

static inline void pass(struct request *r, const struct request_until *until)
{
	struct request_act timed;
	int n = 0;

	while (request_pass(r, until, &arena, &timed))
		cr_assert_lt(n++, 16, "time goes round in circles");
}

/* Let time pass until a day. */
static inline void wait_until(const char *text)
{
	today = day(text);
	pass(&request, &(struct request_until){today, REQUEST_EVENT_COUNT, today});
}

/* Unlike the daemon's, the request is as it was when the act is refused, but for `allowed`. */
static inline int tell_act(struct request_act *a, enum request_event event)
{
	struct request was = request;
	const struct request_until until = request_until(event, a, today);
	int r;

	request_rewind(&request, &until, &arena);
	pass(&request, &until);
	r = request_apply(&request, a, event, today, &flaws);
	if (r == 0) {
		pass(&request, &(struct request_until){today, REQUEST_EVENT_COUNT, today});
		return 0;
	}
	was.allowed = request.allowed;
	request = was;
	return r;
}

static inline int tell(const char *text)
{
	json_auto_t *root = load(text);
	struct request_act a;
	enum request_event event;
	int r;

	shape_clear(&request_act_shape, &a);
	shape_decode(&request_act_shape, root, SHAPE_CREATE, &WIRE_TOP, &flaws, &a);
	r = request_act_check(root, &a, &flaws, &event);
	return r < 0 ? r : tell_act(&a, event);
}

/* A new request of that route, told of the acts, each on its own day. */
static inline void go(const char *route, const char *const *acts, size_t n)
{
	today = day("2026-01-05");
	cr_assert_eq(begin_as(FORM("OWNERSHIP", ""), route), 0);
	for (size_t i = 0; i < n; i++) {
		json_auto_t *act = load(acts[i]);
		int r;

		wait_until(json_string_value(json_object_get(act, "on")));
		r = tell(acts[i]);

		cr_assert_eq(r, 0, "%s: %d %s", acts[i], r,
			     flaws.count ? flaws.at[0].detail.at : "");
	}
}

#define GO(route, ...)                                                                             \
	go(route, (const char *const[]){__VA_ARGS__},                                              \
	   sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static inline bool is_state(const char *name)
{
	return str_eq(request.state, str_of(name));
}

static inline bool has_flag(const char *flag)
{
	for (size_t i = 0; i < request.flags.count; i++) {
		if (str_eq(request.flags.at[i], str_of(flag)))
			return true;
	}
	return false;
}

/* The newest clock of an id; NULL without one. */
static inline const struct deadline *clock_of(const char *id)
{
	static struct request_clocks clocks;

	request_clocks(&request, &clocks);
	for (size_t i = clocks.count; i > 0; i--) {
		if (strcmp(clocks.at[i - 1].clock->id, id) == 0)
			return &clocks.at[i - 1];
	}
	return NULL;
}

/* The same, where there must be one. */
static inline const struct deadline *the_clock(const char *id)
{
	const struct deadline *d = clock_of(id);

	cr_assert_not_null(d, "there is no clock %s", id);
	return d;
}
