/*
 * Everything is one statement (sql/queries/outturn.sql): policies decide which runs and which
 * frozen baselines it may use. Here it is asked for, and written as lines for a spreadsheet.
 */
#include "h_outturn.h"

#include "daemon/export/h_export.h"
#include "daemon/flow/flow_format.h"
#include "daemon/route/h.h"
#include "libassets/base/money.h"
#include "libassets/clock/quarter.h"
#include "libassets/import/csv_write.h"
#include "q.h"

enum { CSV_MAX = 4 << 20 };

/* A choice that a form left open says nothing. */
static struct str given(struct flow *f, const char *name)
{
	struct str value = flow_query(f, name);

	return value.len ? value : (struct str){NULL, 0};
}

int outturn_ask(struct flow *f)
{
	struct str year = given(f, "year"), authority_id = given(f, "authority_id");
	struct str cpp_id = given(f, "cpp_id");
	int32_t fy;

	if (year.at && fy_parse(year, &fy) < 0) {
		h_flaw(f, "year", "BAD_FORM", STR("This is no financial year."),
		       STR("Send it as 2027-28."));
		return ERR_QUERY;
	}
	if (authority_id.at && cpp_id.at) {
		h_flaw(f, "cpp_id", "NOT_TOGETHER",
		       STR("It is of an authority or of a partnership."), STR("Send one of them."));
		return ERR_QUERY;
	}
	q_outturn_add(flow_batch(f), &(struct q_outturn){
					     .authority_id = authority_id,
					     .cpp_id = cpp_id,
					     .year = year,
					     .has_money = principal_may(f->who, PERM_MONEY_READ),
				     });
	return 0;
}

int outturn_take(struct flow *f, int statement, json_t **ret_answer)
{
	struct q_outturn_row row;
	int r = q_outturn_one(f->got, statement, &row);

	*ret_answer = NULL;
	if (r == 0 && !row.is_known)
		r = ERR_NOT_FOUND;
	if (r < 0)
		return r;
	*ret_answer = json_loadb(row.body.at, row.body.len, 0, NULL);
	return *ret_answer ? 0 : ERR_NOMEM;
}

/* --- lines -------------------------------------------------------------------------------- */

/* Columns of a year, of what came in of it, and of a run; texts first, amounts as pounds. */
static const struct column {
	const char *head, *member;
	enum { OF_YEAR, OF_CAME_IN, OF_RUN } of;
	bool is_amount;
} column_table[] = {
	{"year", "year", OF_YEAR, false},
	{"run_id", "run_id", OF_RUN, false},
	{"run", "name", OF_RUN, false},
	{"tag", "tag", OF_RUN, false},
	{"as_of_on", "as_of_on", OF_RUN, false},
	{"frozen_at", "frozen_at", OF_RUN, false},
	{"said_baseline_net_gbp", "baseline_net_pence", OF_RUN, true},
	{"said_adjusted_net_gbp", "adjusted_net_pence", OF_RUN, true},
	{"said_adjustment_gbp", "adjustment_pence", OF_RUN, true},
	{"said_forgone_gbp", "forgone_pence", OF_RUN, true},
	{"said_p10_gbp", "p10_pence", OF_RUN, true},
	{"said_p50_gbp", "p50_pence", OF_RUN, true},
	{"said_p90_gbp", "p90_pence", OF_RUN, true},
	{"budget_gbp", "budget_pence", OF_YEAR, true},
	{"came_in_gross_gbp", "gross_pence", OF_CAME_IN, true},
	{"came_in_cost_gbp", "cost_pence", OF_CAME_IN, true},
	{"came_in_net_gbp", "net_pence", OF_CAME_IN, true},
	{"expected_of_them_net_gbp", "expected_net_pence", OF_CAME_IN, true},
	{"adjustment_of_transfers_gbp", "transfer_adjustment_pence", OF_CAME_IN, true},
	{"came_in_less_said_gbp", "difference_pence", OF_RUN, true},
};

static void put_pounds(struct buf *out, const json_t *value)
{
	char text[MONEY_TEXT];

	money_plain(json_integer_value(value), text);
	if (json_is_integer(value))
		buf_str(out, str_of(text));
	else if (json_is_number(value))
		buf_str(out, STR("E_OVERFLOW")); /* a sum beyond 64 bits */
}

static void put_line(struct buf *out, const json_t *year, const json_t *run)
{
	const json_t *from[] = {year, json_object_get(year, "came_in"), run};

	for (size_t i = 0; i < COUNT(column_table); i++) {
		const struct column *c = &column_table[i];
		const json_t *value = json_object_get(from[c->of], c->member);

		if (i)
			buf_char(out, ',');
		if (c->is_amount)
			put_pounds(out, value);
		else
			csv_write_guarded(out, str_of(json_string_value(value)));
	}
	buf_str(out, STR("\r\n"));
}

enum step_result outturn_csv(struct flow *f, const json_t *answer)
{
	CLEANUP(buf_done) struct buf out = BUF(CSV_MAX);
	const json_t *year, *run;
	size_t i, k;

	for (i = 0; i < COUNT(column_table); i++)
		buf_fmt(&out, "%s%s", i ? "," : "", column_table[i].head);
	buf_str(&out, STR("\r\n"));
	json_array_foreach (json_object_get(answer, "items"), i, year) {
		const json_t *runs = json_object_get(year, "runs");

		if (!json_array_size(runs))
			put_line(&out, year, NULL);
		json_array_foreach (runs, k, run)
			put_line(&out, year, run);
	}
	if (buf_err(&out) < 0)
		return flow_fail(f, buf_err(&out));
	http_reply_field(f->reply, STR("Content-Disposition"),
			 STR("attachment; filename=\"said-and-came-in.csv\""));
	return flow_answer_as(f, 200, STR("text/csv; charset=utf-8; header=present"),
			      buf_view(&out));
}

/* --- steps -------------------------------------------------------------------------------- */

static enum step_result outturn_load(struct flow *f)
{
	int r = outturn_ask(f);

	return r < 0 ? flow_fail(f, r) : flow_send(f);
}

static enum step_result outturn_show(struct flow *f)
{
	json_auto_t *answer = NULL;
	struct q_outturn_row row;
	struct str type = STR("");
	int r = flow_format(f, &type);

	if (r == 0)
		r = outturn_take(f, 0, &answer);
	if (r < 0)
		return flow_fail(f, r);
	if (str_eq(type, STR(EXPORT_CSV)))
		return outturn_csv(f, answer);
	r = q_outturn_one(f->got, 0, &row);
	return r < 0 ? flow_fail(f, r) : flow_answer(f, 200, arena_str(f->arena, row.body));
}

const struct flow_step flow_outturn[] = {
	{"load", outturn_load},
	{"answer", outturn_show},
	{0},
};
