/*
 * What may be shown has been settled before; here budgets are put beside it, and it gets the form
 * that was asked for.
 */
#include "h_receipts.h"

#include "budget_beside.h"
#include "daemon/export/h_export.h"
#include "daemon/flow/flow_format.h"
#include "daemon/route/h.h"
#include "h_receipts_file.h"
#include "receipts_tag.h"

/* Budgets are a few bytes an item, of which an answer of two dimensions has some 20,000. */
enum { WITH_BUDGETS_MAX = 64 << 20 };

/* What f->state holds between the steps. */
struct receipts_flow {
	struct str type;
	bool is_guarded;
	struct str body;
};

int receipts_read(struct flow *f)
{
	struct receipts_flow *s = f->state;
	struct str guard = flow_query(f, "guard");
	bool is_unguarded = str_eq(guard, STR("no"));

	if (s)
		return 0;
	s = f->state = ARENA_NEW(f->arena, struct receipts_flow);
	if (!s)
		return ERR_NOMEM;
	s->is_guarded = !is_unguarded;
	if (!str_is_null(guard) && !is_unguarded && !str_eq(guard, STR("yes"))) {
		h_flaw(f, "guard", "NOT_ONE_OF", STR("It is guarded against formulas or not."),
		       STR("Send yes or no."));
		return ERR_QUERY;
	}
	return flow_format(f, &s->type);
}

bool receipts_is_file(const struct flow *f)
{
	const struct receipts_flow *s = f->state;

	return str_eq(s->type, STR(EXPORT_CSV)) || str_eq(s->type, STR(EXPORT_XLSX));
}

static enum step_result answer_of(struct flow *f, struct str body)
{
	const struct receipts_flow *s = f->state;
	struct str groups = STR(RECEIPTS_FILE_GROUPS);
	struct sha256 sum;

	if (flow_query(f, "authority_id").len)
		groups = (struct str){NULL, 0};
	if (receipts_is_file(f))
		return receipts_file(f, &(struct receipts_file_call){
						.answer = body,
						.groups = groups,
						.is_book = str_eq(s->type, STR(EXPORT_XLSX)),
						.is_guarded = s->is_guarded,
					});
	receipts_tag_begin(&sum, s->type, s->is_guarded);
	receipts_tag_add(&sum, body);
	return receipts_tag_is_had(&sum, f) ? STEP_DONE : flow_answer(f, 200, body);
}

/* By year, of one authority or by authority, as it is now: what a budget is of. A run is what it
 * kept. */
static bool is_of_budgets(struct flow *f)
{
	struct str group = flow_query(f, "group_by");
	bool is_one = flow_query(f, "authority_id").len > 0;

	for (const char *const *other =
		     (const char *const[]){"run", "cpp_id", "locality_id", "class", NULL};
	     *other; other++) {
		if (!str_is_null(flow_query(f, *other)))
			return false;
	}
	if (is_one)
		return str_is_null(group) || str_eq(group, STR("YEAR"));
	return str_eq(group, STR("YEAR,AUTHORITY")) || str_eq(group, STR("AUTHORITY,YEAR")) ||
	       (str_is_null(group) && receipts_is_file(f));
}

static enum step_result budget_answer(struct flow *f)
{
	CLEANUP(buf_done) struct buf with = BUF(WITH_BUDGETS_MAX);
	const struct receipts_flow *s = f->state;

	if (!budget_put_beside(f, 0, flow_query(f, "authority_id"), s->body, &with))
		return answer_of(f, s->body);
	return buf_err(&with) < 0 ? flow_fail(f, buf_err(&with)) : answer_of(f, buf_view(&with));
}

static const struct flow_step budget_steps[] = {
	{"budget", budget_answer},
	{0},
};

/* Whoever reads money is told the budget too, which takes a question more. */
enum step_result receipts_answer(struct flow *f, struct str body)
{
	struct receipts_flow *s = f->state;

	if (!is_of_budgets(f) || !budget_beside(f, flow_query(f, "authority_id"), body))
		return answer_of(f, body);
	/* What came by a ticket stays until the next one; of the database's the step is the end. */
	s->body = body.at == f->got_mail.at ? body : arena_str(f->arena, body);
	if (!s->body.at)
		return flow_fail(f, ERR_NOMEM);
	(void)flow_become(f, budget_steps);
	return flow_send(f);
}
