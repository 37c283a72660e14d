/*
 * See p_forecast_then.h. The live forecast has no past: nobody keeps what it said at each moment,
 * and to work it out anew from the register of then takes longer than a page may. What was frozen
 * is kept for ever, so a day leads there, and the page says of which day its figures are. Frozen
 * forecasts are for those who read the money in them; of what everybody was told nothing is kept.
 */
#include "p_forecast_then.h"

#include "libassets/base/err.h"
#include "p_forecast_groups.h"
#include "p_run.h"
#include "q.h"

/* The statement of the page's batch behind the frame's. */
enum { FOUND = PAGE_FRAME + 1 };

/* What the address chooses, but for the day. */
static void chosen(struct flow *f, struct page_filter filter[1 + FORECAST_FILTERS])
{
	filter[0] = (struct page_filter){"scenario", flow_query(f, "scenario")};
	forecast_filters(f, filter + 1);
}

void forecast_then_put(struct page *p, const struct as_at *at)
{
	struct page_filter filter[1 + FORECAST_FILTERS];

	chosen(p->flow, filter);
	as_at_put(p, at, page_address(p->flow->arena, "/forecast", filter, COUNT(filter)));
	page_put_in(p, json_object_get(p->data, "as_at"), "kept", page_kept(filter, COUNT(filter)));
}

static enum step_result none_answer(struct flow *f)
{
	const struct run_flow *s = f->state;
	struct page p = page_begin(f, "Forecast of capital receipts");

	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, "/forecast", STR("Forecast"));
	forecast_then_put(&p, &s->at);
	page_put(&p, "reads_money", json_boolean(principal_may(f->who, PERM_MONEY_READ)));
	page_put(&p, "may_freeze", json_boolean(principal_may(f->who, PERM_RUN_WRITE)));
	return page_end(&p, "forecast_then", PAGE_FORECAST, 200);
}

static const struct flow_step none_steps[] = {
	{"answer", none_answer},
	{0},
};

static enum step_result then_look(struct flow *f)
{
	struct run_flow *s = f->state;
	struct q_page_run_then_row row;
	int r = principal_may(f->who, PERM_MONEY_READ) ? q_page_run_then_one(f->got, FOUND, &row)
						       : ERR_NOT_FOUND;

	if (r == ERR_NOT_FOUND)
		return flow_become(f, none_steps);
	if (r < 0)
		return flow_fail(f, r);
	s->id = arena_str(f->arena, row.id);
	s->of_on = arena_str(f->arena, row.of_on);
	s->known_on = arena_str(f->arena, row.known_on);
	if (!s->id.at || !s->of_on.at || !s->known_on.at)
		return flow_fail(f, ERR_NOMEM);
	return run_show(f);
}

static const struct flow_step then_steps[] = {
	{"look", then_look},
	{0},
};

/* What was frozen is of days that are over; of one to come the live forecast speaks. */
static int check_over(struct flow *f, const struct as_at *at)
{
	struct day day;

	if (day_parse(at->valid_on, &day) < 0 || day_cmp(day, f->today) <= 0)
		return 0;
	flaw_add(&f->flaws, STR("?valid_on"), STR("OUT_OF_RANGE"),
		 STR("This day is still to come, so nothing was frozen of it."),
		 STR("Choose a day that is over, or none for the forecast as it is now."));
	return ERR_QUERY;
}

enum step_result forecast_then(struct flow *f, const struct as_at *at)
{
	struct run_flow *s = f->state = ARENA_NEW(f->arena, struct run_flow);
	int r = s ? check_over(f, at) : ERR_NOMEM;

	r = r < 0 ? r : run_choose(f, s);
	struct str filter;
	struct db_batch *b;

	filter = r == 0 ? run_filter(f, s) : STR("");
	if (r == 0 && !filter.at)
		r = ERR_NOMEM;
	if (r < 0)
		return flow_fail(f, r);
	s->at = *at;
	b = page_batch(f);
	if (principal_may(f->who, PERM_MONEY_READ))
		q_page_run_then_add(b, &(struct q_page_run_then){.scenario = s->scenario,
								 .filter = filter,
								 .valid_on = at->valid_on,
								 .known_at = at->known_at});
	(void)flow_become(f, then_steps);
	return flow_send(f);
}
