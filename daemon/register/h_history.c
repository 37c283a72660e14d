/*
 * What happened to a subject, step by step: its changes, and of a request its ledger. Both are
 * numbered without gaps, so a page goes on after a number.
 *
 * A page's cursor holds that number alone. Which rows a caller sees is the database's to say (row
 * level security), so what it may not see is answered like what does not exist: by 404.
 */
#include "daemon/route/as_at.h"
#include "daemon/route/h_read.h"
#include "daemon/route/list.h"
#include "q.h"

static enum step_result history_load(struct flow *f)
{
	struct as_at at = {0};
	struct list *l;
	int32_t after;
	int r = list_read_numbered(f, &l, &after);

	if (r == 0)
		r = as_at_read(f, &at);
	if (r < 0)
		return flow_fail(f, r);
	q_subject_history_add(flow_batch(f), &(struct q_subject_history){.subject = f->param[0],
									 .after = after,
									 .take = l->rows,
									 .valid_on = at.valid_on,
									 .known_at = at.known_at});
	return flow_send(f);
}

static enum step_result history_answer(struct flow *f)
{
	struct list *l = f->state;

	/* Every subject has a first change; who sees none may not know of it. */
	if (l->is_first && !q_subject_history_count(f->got, 0))
		return flow_fail(f, ERR_NOT_FOUND);
	return list_answer(f, l, 0);
}

const struct flow_step flow_history[] = {
	{"load", history_load},
	{"answer", history_answer},
	{0},
};

enum step_result request_list_send(struct flow *f, const struct as_at *at)
{
	if (at->is_given)
		q_item_as_at_add(flow_batch(f), &(struct q_item_as_at){.kind = STR("atr"),
								       .id = f->param[0],
								       .valid_on = at->valid_on,
								       .known_at = at->known_at});
	else
		q_request_exists_add(flow_batch(f), &(struct q_request_exists){.id = f->param[0]});
	return flow_send(f);
}

enum step_result request_list_answer(struct flow *f)
{
	struct q_request_exists_row row;
	struct q_item_as_at_row then;
	int r = as_at_is_given(f) ? q_item_as_at_one(f->got, 1, &then)
				  : q_request_exists_one(f->got, 1, &row);

	return r < 0 ? flow_fail(f, r) : list_answer(f, f->state, 0);
}

static enum step_result ledger_load(struct flow *f)
{
	struct as_at at;
	struct list *l;
	int32_t after;
	int r = list_read_numbered(f, &l, &after);

	if (r == 0)
		r = as_at_read(f, &at);
	if (r < 0)
		return flow_fail(f, r);
	q_request_ledger_add(flow_batch(f), &(struct q_request_ledger){.request_id = f->param[0],
								       .after = after,
								       .take = l->rows,
								       .valid_on = at.valid_on,
								       .known_at = at.known_at});
	return request_list_send(f, &at);
}

const struct flow_step flow_ledger[] = {
	{"load", ledger_load},
	{"answer", request_list_answer},
	{0},
};
