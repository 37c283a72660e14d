/*
 * What a random walk of a request draws: its form, what stands beside it, the next act and the
 * next day; and its trace, by which two walks are told apart. For tests alone.
 */
#pragma once

#include "libassets/base/fnv.h"
#include "libassets/request/request_item.h"
#include "random.h"
#include "requests.h"

enum { YEARS = 10 };

/* Each walk has numbers of its own, so that it can be walked alone. */
static inline uint64_t walk_seed(int walk)
{
	uint64_t seed = 20261122 + (uint64_t)walk;

	return random_u64(&seed);
}

static inline bool one_in(uint64_t *seed, uint64_t n)
{
	return random_below(seed, n) == 0;
}

static inline struct day days_on(struct day d, uint64_t *seed, uint32_t most)
{
	return day_add(d, (int32_t)random_below(seed, most + 1));
}

/* Over what has happened: the same walk, the same number. */
static inline void trace(uint64_t *hash, const void *what, size_t len)
{
	*hash = fnv_text(*hash, (struct str){what, len});
}

static inline void trace_request(uint64_t *hash, int r)
{
	const int32_t number[] = {r,
				  today.number,
				  request.state_on.number,
				  request.validated_on.number,
				  request.bar_from.number,
				  request.bar_to.number,
				  (int32_t)request.ledger.count,
				  (int32_t)request.flags.count,
				  (int32_t)request.allowed.count};

	trace(hash, number, sizeof(number));
	trace(hash, request.state.at, request.state.len);
	trace(hash, request.level.at, request.level.len);
}

/* Items of that kind: each there, missing or not spoken of. */
static inline struct shape_list any_items(const char *kind, struct day on, uint64_t *seed)
{
	struct item *made = ARENA_ARRAY(&arena, 40, struct item);
	size_t n = 0;
	/* One in three lacks most of it, one in three a few. */
	uint64_t lacks = 2 + 18 * random_below(seed, 2);

	cr_assert_not_null(made);
	for (size_t i = 0; request_item_at(i); i++) {
		struct str code = str_of(request_item_at(i));

		if (!request_item_is_asked(code, str_of(kind)) || one_in(seed, lacks))
			continue;
		made[n++] = (struct item){code, one_in(seed, lacks) ? DAY_NONE : on};
	}
	return (struct shape_list){made, n};
}

static const char *const kind_table[] = {"OWNERSHIP", "LEASE", "OTHER_RIGHTS"};

/* A body and land as they come: most may ask for anything. */
static inline void any_around(uint64_t *seed)
{
	static const char *const form[] = {"COMPANY",        "SCIO",  "BENCOM",
					   "UNINCORPORATED", "TRUST", "COMMUNITY_COUNCIL"};
	static struct str condition[] = {STR_INIT("CC1"), STR_INIT("CC4"), STR_INIT("WINDING_UP")};
	static const int64_t members[] = {0, 19, 20, 30};

	shape_clear(&request_around_shape, &around);
	around.legal_form = str_of(form[one_in(seed, 2) ? random_below(seed, 6) : 1]);
	if (!one_in(seed, 8))
		around.members = (struct shape_number){
			members[one_in(seed, 4) ? random_below(seed, 4) : 3], true};
	if (one_in(seed, 6))
		around.unmet = (struct shape_words){&condition[random_below(seed, 3)], 1};
	around.tenure = str_of(one_in(seed, 6) ? "LEASED_IN" : "OWNED");
	around.is_disposed = (struct shape_flag){one_in(seed, 20), true};
	if (one_in(seed, 12))
		around.barred_by = STR("ATR-2020-00001");
	around.earlier_was_refused = (struct shape_flag){one_in(seed, 2), true};
	around.earlier_kind = str_of(kind_table[random_below(seed, 3)]);
	around.earlier_is_same_land = (struct shape_flag){one_in(seed, 2), true};
	around.earlier_validated_on = day_add(today, -(int32_t)random_below(seed, 1000));
}

static inline struct day any_until(uint64_t *seed, struct day from)
{
	return one_in(seed, 3) ? day_add(from, -(int32_t)random_below(seed, 40))
			       : days_on(from, seed, 500);
}

/* The next day on which somebody looks: often one on which, or after which, a clock ends. */
static inline struct day any_next_day(uint64_t *seed)
{
	static struct request_clocks clocks;
	const struct deadline *d;
	struct day next;

	if (!one_in(seed, 3))
		return days_on(today, seed, one_in(seed, 6) ? 200 : 20);
	request_clocks(&request, &clocks);
	if (!clocks.count)
		return days_on(today, seed, 20);
	d = &clocks.at[clocks.count - 1 - random_below(seed, clocks.count > 3 ? 3 : clocks.count)];
	next = day_add(one_in(seed, 2) ? d->due_on : d->late_after_on,
		       (int32_t)random_below(seed, 3) - 1);
	return day_cmp(next, today) < 0 || day_cmp(next, day_add(today, 800)) > 0
		       ? days_on(today, seed, 20)
		       : next;
}
