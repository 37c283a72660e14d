/*
 * An answer of receipts being made: which items there are and who is shown them
 * (projector_items.c), and how they are written (projector_answer.c).
 */
#pragma once

#include "libassets/base/arena.h"
#include "projector_pairs.h"
#include "projector_public.h"
#include "projector_shown.h"

struct buf;

enum span_kind { SPAN_ACTUAL, SPAN_TIME, SPAN_BEYOND, SPAN_TOTAL, SPAN_PAIR };

/* One figure to be: where to read it, and what it is called. */
struct item {
	enum rollup_dim dim;
	uint32_t key;
	struct rollup_span span;
	enum span_kind kind;
	int32_t n; /* financial year or quarter */
	bool is_suppressed;
	bool is_public;     /* not as it is, but as everybody is told it */
	bool seems_nothing; /* something is expected, and nothing on each path */
	bool is_left_out;   /* … since an asset behind it cannot be simulated */
	struct public_figure told;
	uint32_t second;                /* SPAN_PAIR: the key of the second dimension */
	const struct rollup_sums *sums; /* of a pair, or a stage, which no view has; or NULL */
};

/* One answer being made. */
struct answer {
	struct book *book;
	const struct projector_question *q;
	const struct public *told; /* NULL: nothing is told to everybody */
	struct rollup *view;       /* the live one, or own */
	struct rollup own;
	enum rollup_dim dim; /* the row that a filter leaves, ALL without */
	uint32_t key;
	struct shown_to to;
	bool is_entitled; /* to everything that the filter leaves */
	struct arena arena;
	struct item *item;
	size_t items, room;
	struct item total;
	struct buf *out;
};

static inline bool group_is_time(enum projector_group g)
{
	return g == GROUP_YEAR || g == GROUP_QUARTER;
}

/*
 * Choose the sums to read: the live ones, or such as the filters leave, made anew. ERR_NOMEM
 */
MUST_CHECK int answer_view(struct answer *a);
/* Is this reader shown everything that the filters leave? */
bool answer_is_entitled(const struct answer *a);
/* Small sets by several filters, which tell more together than each by itself. */
bool answer_is_for_the_entitled(const struct answer *a);
/* As it is, as everybody is told it, or held back? */
void answer_settle(const struct answer *a, struct item *i);
struct rollup_sums answer_sums(const struct answer *a, const struct item *i);
/* Is one of its dimensions the stage of what is planned? */
bool question_has_stages(const struct projector_question *q);
/* Add the items, held back or not. ERR_LIMIT  there are too many; ERR_NOMEM */
MUST_CHECK int answer_items(struct answer *a);
