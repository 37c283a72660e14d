/*
 * The figures of a run as JSON: what run_figures_insert takes apart. Nothing is kept that the
 * reader who freezes may not see.
 *
 * On the freezer's thread, figure by figure, so that it can stop between two. What a run keeps
 * is what h_projection.c's kept_filter() and kept_by_two() let be asked: change them together.
 */
#include "projector_freeze.h"

#include <stdlib.h>

#include "libassets/base/err.h"
#include "libassets/projection/projection_print.h"
#include "projector_private.h"
#include "projector_work.h"

enum { LABEL_MAX = 4096 };

int freeze_patience_ms(const struct ask *a)
{
	if (a->q.kind == ASK_MOVEMENT)
		return PROJECTOR_MOVE_MS;
	return a->ticket ? PROJECTOR_RUN_MS : PROJECTOR_ALONE_MS;
}

bool freeze_is_short(const struct ask *a)
{
	return a->q.kind == ASK_MOVEMENT || a->q.is_glance;
}

/* Sets of figures that there will be. */
static uint32_t figures_of(const struct book *b)
{
	return SCENARIOS * (GROUPS_KEPT + 1 + b->partner.count + b->cpp.count + b->locality.count +
			    b->class.count);
}

static struct projector_progress progress_of(const struct freeze *z)
{
	struct projector_progress p = {.step = WORK_SETTLE};

	switch (z->phase) {
	case FREEZE_SETTLE:
	case FREEZE_COMPARE:
		return p;
	case FREEZE_READ:
		return (struct projector_progress){WORK_READ, z->book->asset.count, 0};
	case FREEZE_COUNT:
		return (struct projector_progress){WORK_COUNT, z->counted, z->book->room};
	case FREEZE_SIMULATE:
		p.step = WORK_SIMULATE;
		freeze_simulated(z, &p.done, &p.of);
		return p;
	case FREEZE_FIGURES:
		return (struct projector_progress){WORK_FIGURES, z->figure, figures_of(z->book)};
	case FREEZE_INPUTS:
		return (struct projector_progress){WORK_INPUTS, z->ordered, z->book->asset.count};
	}
	return p;
}

void freeze_say(const struct freeze *z)
{
	if (z->ask->said)
		projector_say(z->ask->said, progress_of(z));
}

/* What a run keeps of one filter: by year alone. */
static const struct {
	const char *name;
	size_t offset; /* in struct projector_filter */
	size_t names;  /* in struct book */
} filter_table[] = {
	{"authority_id", offsetof(struct projector_filter, authority_id),
	 offsetof(struct book, partner)},
	{"cpp_id", offsetof(struct projector_filter, cpp_id), offsetof(struct book, cpp)},
	{"locality_id", offsetof(struct projector_filter, locality_id),
	 offsetof(struct book, locality)},
	{"class", offsetof(struct projector_filter, class), offsetof(struct book, class)},
};

/* The n-th set of figures as a question, its filter in words; false past the last. */
static bool question_of(const struct book *b, uint32_t n, struct projector_question *q,
			struct buf *filter)
{
	uint32_t m = n / SCENARIOS;

	q->scenario = n % SCENARIOS;
	if (m < GROUPS_KEPT) {
		q->group = m;
		return true;
	}
	m -= GROUPS_KEPT;
	q->group = GROUP_YEAR;
	if (m == 0) {
		q->is_by_two = true;
		q->second = GROUP_DECILE;
		return true;
	}
	m--;
	for (size_t i = 0; i < COUNT(filter_table); i++) {
		const struct names *names =
			(const struct names *)((const char *)b + filter_table[i].names);

		if (m < names->count) {
			*(struct str *)((char *)&q->filter + filter_table[i].offset) = names->at[m];
			buf_fmt(filter, "%s=", filter_table[i].name);
			buf_str(filter, names->at[m]);
			return true;
		}
		m -= names->count;
	}
	return false;
}

static void put_receipts(struct freeze *f, const struct projector_question *q, struct str filter)
{
	buf_str(&f->out, f->is_begun ? STR(",{\"scenario\":") : STR("{\"scenario\":"));
	f->is_begun = true;
	buf_json(&f->out, str_of(projection_scenario_word(q->scenario)));
	buf_str(&f->out, STR(",\"grouping_by\":"));
	buf_json(&f->out, q->is_by_two ? STR(PROJECTOR_YEAR_DECILE)
				       : str_of(projector_group_word(q->group)));
	buf_str(&f->out, STR(",\"filter\":"));
	buf_json(&f->out, filter);
	buf_str(&f->out, STR(",\"body\":"));
	if (projector_receipts(f->book, NULL, f->position, q, &f->out) < 0)
		f->out.err = ERR_NOMEM;
	buf_char(&f->out, '}');
}

int freeze_head(struct freeze *f)
{
	buf_fmt(&f->out,
		"{\"position\":%lld,\"parameters_hash\":\"%s\",\"parameters_version\":%d,"
		"\"parameters\":%s,\"receipts\":[",
		(long long)f->position, f->book->parameters_hash, f->book->parameters_version,
		f->book->parameters);
	return buf_err(&f->out);
}

bool freeze_figure(struct freeze *f)
{
	CLEANUP(buf_done) struct buf filter = BUF(LABEL_MAX);
	struct projector_question q = {.reader = f->ask->q.reader};

	if (!question_of(f->book, f->figure++, &q, &filter)) {
		buf_str(&f->out, STR("]}"));
		return false;
	}
	/* Assets without a partnership or a locality carry the empty name, which nobody asks for.
	 */
	if (filter.len == 0 || filter.at[filter.len - 1] != '=')
		put_receipts(f, &q, buf_view(&filter));
	return true;
}

void projector_put_flaws(struct buf *out, const struct flaws *flaws)
{
	buf_str(out, STR("{\"flaws\":["));
	for (size_t i = 0; i < flaws_kept(flaws); i++) {
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
