/*
 * A run: the inputs in memory under other parameters or as of another day, in a book of its
 * own, with every figure that is kept: each grouping in each scenario, and by year for each
 * authority, partnership, locality and class.
 */
#include <stdlib.h>

#include "libassets/err.h"
#include "libassets/projection_print.h"
#include "projector_private.h"

/* What a run keeps of one filter: by year alone. */
static const struct {
	const char *name;
	size_t offset;
} filter_table[] = {
	{"authority_id", offsetof(struct projector_filter, authority_id)},
	{"cpp_id", offsetof(struct projector_filter, cpp_id)},
	{"locality_id", offsetof(struct projector_filter, locality_id)},
	{"class", offsetof(struct projector_filter, class)},
};

struct freeze {
	struct projector *projector;
	struct book *book; /* the live one, under the run's model for the time being */
	struct buf *out;
	struct projector_reader reader; /* who freezes: nothing is kept that it may not see */
	bool is_first;
};

static int put_receipts(struct freeze *f, const struct projector_question *q, struct str filter)
{
	buf_str(f->out, f->is_first ? STR("{\"scenario\":") : STR(",{\"scenario\":"));
	f->is_first = false;
	buf_json(f->out, str_of(projection_scenario_word(q->scenario)));
	buf_str(f->out, STR(",\"grouping_by\":"));
	buf_json(f->out, str_of(projector_group_word(q->group)));
	buf_str(f->out, STR(",\"filter\":"));
	buf_json(f->out, filter);
	buf_str(f->out, STR(",\"body\":"));
	if (projector_receipts(f->projector, f->book, q, f->out) < 0)
		return ERR_NOMEM;
	buf_char(f->out, '}');
	return buf_err(f->out);
}

static int put_filtered(struct freeze *f, size_t which, const struct names *names)
{
	struct projector_question q = {.reader = f->reader, .group = GROUP_YEAR};
	struct arena arena;
	int r = 0;

	arena_init(&arena, 1 << 20);
	for (uint32_t i = 0; i < names->count && r == 0; i++) {
		struct str *filter = (struct str *)((char *)&q.filter + filter_table[which].offset);
		struct str label = arena_fmt(&arena, "%s=%.*s", filter_table[which].name,
					     (int)names->at[i].len, names->at[i].at);

		*filter = names->at[i];
		if (!filter->len)
			continue;
		for (q.scenario = 0; q.scenario < SCENARIOS && r == 0; q.scenario++)
			r = put_receipts(f, &q, label);
		arena_done(&arena);
	}
	arena_done(&arena);
	return r;
}

static int put_all(struct freeze *f)
{
	struct projector_question q = {.reader = f->reader};
	const struct book *b = f->book;
	int r = 0;

	for (q.group = 0; q.group < GROUPS && r == 0; q.group++) {
		for (q.scenario = 0; q.scenario < SCENARIOS && r == 0; q.scenario++)
			r = put_receipts(f, &q, STR(""));
	}
	if (r == 0)
		r = put_filtered(f, 0, &b->partner);
	if (r == 0)
		r = put_filtered(f, 1, &b->cpp);
	if (r == 0)
		r = put_filtered(f, 2, &b->locality);
	if (r == 0)
		r = put_filtered(f, 3, &b->class);
	return r;
}

static void put_flaws(struct buf *out, const struct flaws *flaws)
{
	buf_str(out, STR("{\"flaws\":["));
	for (size_t i = 0; i < flaws->count && i < FLAW_MAX; i++) {
		const struct flaw *f = &flaws->at[i];

		buf_str(out, i ? STR(",{\"pointer\":") : STR("{\"pointer\":"));
		buf_json(out, f->pointer);
		buf_str(out, STR(",\"code\":"));
		buf_json(out, f->code);
		buf_str(out, STR(",\"detail\":"));
		buf_json(out, f->detail);
		buf_str(out, STR(",\"cure\":"));
		buf_json(out, f->cure);
		buf_char(out, '}');
	}
	buf_str(out, STR("]}"));
}

int projector_freeze(struct projector *p, const struct projector_question *q, struct buf *out)
{
	struct freeze f = {.projector = p, .out = out, .reader = q->reader, .is_first = true};
	struct arena arena;
	struct flaws flaws;
	int r;

	arena_init(&arena, 1 << 20);
	flaws_init(&flaws, &arena);
	r = book_under(p->book, day_is_none(q->as_of) ? p->book->model->as_of : q->as_of,
		       q->parameters, &flaws, &f.book);
	if (r < 0) {
		if (flaws.count)
			put_flaws(out, &flaws);
		r = flaws.count ? buf_err(out) : r;
		arena_done(&arena);
		return r;
	}
	buf_fmt(out,
		"{\"position\":%lld,\"parameters_hash\":\"%s\",\"parameters\":%s,\"receipts\":[",
		(long long)p->position, f.book->parameters_hash, f.book->parameters);
	r = put_all(&f);
	buf_str(out, STR("]}"));
	book_free(f.book);
	arena_done(&arena);
	return r < 0 ? r : buf_err(out);
}
