/*
 * What was tried of a webhook, and sending some of it once more: one event, what failed in a time,
 * or all from a position for a receiver that is new. What is sent again goes into webhook_retry,
 * spread so that it takes a fifth of the webhook's rate, and keeps its webhook-id (W-54, W-56).
 */
#include <inttypes.h>

#include "daemon/base/conf.h"
#include "daemon/process/worker.h"
#include "daemon/route/h.h"
#include "daemon/route/list.h"
#include "h_webhook.h"
#include "h_webhook_private.h"
#include "libassets/notify/webhook.h"
#include "q.h"

/* What the receiver answered; 0: whatever it was. */
static int status_read(struct flow *f, int64_t *ret_status)
{
	struct str text = flow_query(f, "status");

	*ret_status = 0;
	if (str_is_null(text) ||
	    (str_to_i64(text, ret_status) == 0 && *ret_status >= 100 && *ret_status <= 599))
		return 0;
	flaw_add(&f->flaws, STR("?status"), STR("OUT_OF_RANGE"), STR("This is no status of HTTP."),
		 STR("Send a number from 100 to 599."));
	return ERR_QUERY;
}

static enum step_result deliveries_load(struct flow *f)
{
	struct list *l = f->state = ARENA_NEW(f->arena, struct list);
	struct str since, until;
	int64_t status = 0;
	int r = l ? list_read(f, "-attempted_at", l) : ERR_NOMEM;

	if (r == 0)
		r = status_read(f, &status);
	if (r == 0)
		r = h_moment(f, "since", &since);
	if (r == 0)
		r = h_moment(f, "until", &until);
	if (r < 0)
		return flow_fail(f, r);
	q_webhook_attempts_add(flow_batch(f), &(struct q_webhook_attempts){
						      .webhook_id = f->param[0],
						      .before_at = l->key[0],
						      .before_id = l->key[1],
						      .result = flow_query(f, "result"),
						      .event_id = flow_query(f, "event_id"),
						      .type = flow_query(f, "type"),
						      .subject = flow_query(f, "subject"),
						      .since = since,
						      .until = until,
						      .take = l->rows,
						      .status = (int32_t)status,
						      .has_status = status > 0,
					      });
	q_webhook_load_add(flow_batch(f), &(struct q_webhook_load){.id = f->param[0]});
	return flow_send(f);
}

/* For how long the log goes back is told with it: what is not in it may have been. */
static enum step_result kept_days_add(struct flow *f, enum step_result result)
{
	struct buf *body = &f->reply->body;

	if (result != STEP_DONE || f->reply->status != 200 || body->len < COUNT("}\n") - 1)
		return result;
	body->len -= COUNT("}\n") - 1;
	buf_fmt(body, ",\"kept_days\":%" PRId64 "}\n", f->worker->conf->hooks_log_days);
	return buf_err(body) < 0 ? flow_fail(f, buf_err(body)) : result;
}

static enum step_result deliveries_answer(struct flow *f)
{
	struct q_webhook_load_row row;
	int r = q_webhook_load_one(f->got, 1, &row);

	if (r == 0 && row.gone)
		r = ERR_GONE;
	return r < 0 ? flow_fail(f, r) : kept_days_add(f, list_answer(f, f->state, 0));
}

const struct flow_step flow_webhook_deliveries[] = {
	{"load", deliveries_load},
	{"answer", deliveries_answer},
	{0},
};

/* Of no event: a list of no types would be one of all. */
static struct str types_of(struct flow *f, const struct webhook_recovery *w)
{
	return w->types.at ? db_text_array(f->arena, w->types.at, w->types.count)
			   : (struct str){NULL, 0};
}

static bool is_failed_only(const struct webhook_recovery *w)
{
	/* One event by its id is asked for as it is, taken or not. */
	return str_is_null(w->only) ? str_is_null(w->event_id) : str_eq(w->only, STR("FAILED"));
}

static enum step_result recover_load(struct flow *f)
{
	int r = flow_body(f);

	return r < 0 ? flow_fail(f, r) : webhook_load(f);
}

static int recover_read(struct flow *f, struct q_webhook_load_row *ret_row,
			struct webhook_recovery *ret_wanted)
{
	int r = webhook_loaded(f, ret_row);

	return r < 0 ? r : h_decode(f, &webhook_recovery_shape, SHAPE_CREATE, ret_wanted);
}

enum step_result webhook_recover_store(struct flow *f)
{
	struct webhook_recovery w;
	struct q_webhook_load_row row;
	int r = recover_read(f, &row, &w);

	if (r < 0)
		return flow_fail(f, r);
	q_webhook_recover_add(flow_batch(f), &(struct q_webhook_recover){
						     .id = f->param[0],
						     .seen = row.version,
						     .event_id = w.event_id,
						     .from_position = w.from_position.value,
						     .has_from_position = w.from_position.is_set,
						     .until_position = w.until_position.value,
						     .has_until_position = w.until_position.is_set,
						     .since = w.since,
						     .until = w.until,
						     .types = types_of(f, &w),
						     .is_failed_only = is_failed_only(&w),
						     .stale = h_stale(f),
					     });
	webhook_tell_next(f, "webhook.recovered", &row);
	return flow_store_end(f, "whk", f->param[0], 200);
}

const struct flow_step flow_webhook_recover[] = {
	{"load", recover_load},
	{"store", webhook_recover_store},
	{"answer", webhook_change_answer},
	{0},
};

enum step_result webhook_count_ask(struct flow *f)
{
	struct webhook_recovery w;
	struct q_webhook_load_row row;
	int r = recover_read(f, &row, &w);

	if (r < 0)
		return flow_fail(f, r);
	q_webhook_recoverable_add(flow_batch(f),
				  &(struct q_webhook_recoverable){
					  .id = f->param[0],
					  .event_id = w.event_id,
					  .from_position = w.from_position.value,
					  .has_from_position = w.from_position.is_set,
					  .until_position = w.until_position.value,
					  .has_until_position = w.until_position.is_set,
					  .since = w.since,
					  .until = w.until,
					  .types = types_of(f, &w),
					  .is_failed_only = is_failed_only(&w),
				  });
	return flow_send(f);
}

int webhook_counted(struct flow *f, int64_t *ret_count)
{
	struct q_webhook_recoverable_row row = {0};
	int r = q_webhook_recoverable_one(f->got, 0, &row);

	*ret_count = row.count;
	return r;
}

static enum step_result count_answer(struct flow *f)
{
	int64_t count;
	int r = webhook_counted(f, &count);

	if (r < 0)
		return flow_fail(f, r);
	return flow_answer(f, 200, arena_fmt(f->arena, "{\"count\":%" PRId64 "}", count));
}

const struct flow_step flow_webhook_recoverable[] = {
	{"load", recover_load},
	{"ask", webhook_count_ask},
	{"answer", count_answer},
	{0},
};
