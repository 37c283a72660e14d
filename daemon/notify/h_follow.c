/*
 * What is followed is a scope (scope.h) kept as its question; who bears the token of a letter acts
 * as the follow, which is all that row policies let them see and end.
 *
 * That a letter box has had too many letters is not told (follow_put): the answer is the same.
 */
#include "h_follow.h"

#include "daemon/flow/flow_query.h"
#include "daemon/mail/mail.h"
#include "daemon/page/map.h"
#include "daemon/process/worker.h"
#include "daemon/route/h.h"
#include "libassets/request/representation.h"
#include "link.h"
#include "q.h"

#define PURPOSE "follow"

/* A search of an area that there is not would never tell anything, and nobody would know why. */
static int councils_check(struct flow *f)
{
	struct str rest = flow_query(f, "council");

	while (rest.len) {
		struct str one = str_trim(str_cut(rest, ',', &rest));

		if (!str_is_null(map_council_name(one)))
			continue;
		flaw_add(
			&f->flaws, STR("?council"), STR("NOT_IN_LIST"),
			arena_fmt(f->arena, "There is no council area %.*s.", (int)one.len, one.at),
			STR("Send codes of council areas, such as S12000005 for "
			    "Clackmannanshire."));
		return ERR_QUERY;
	}
	return 0;
}

int follow_check(struct flow *f, struct follow_flow *s)
{
	int r;

	follow_settle(&s->follow);
	r = question_check(s->follow.question, SCOPE_NAMES, "/v1/assets", f->arena, &f->flaws);
	if (r == 0)
		r = flaws_err(&f->flaws);
	if (r == 0)
		r = flow_query_become(f, s->follow.question, "");
	if (r == 0)
		r = scope_read(f, &s->scope);
	if (r == 0)
		r = councils_check(f);
	if (r < 0)
		return r;
	if (follow_is_due(&s->follow) && !f->who->id.len)
		return ERR_UNAUTHENTICATED;
	if (follow_is_due(&s->follow) && str_is_null(s->scope.authority_id)) {
		h_flaw(f, "rhythm", "CONFLICT",
		       STR("What is due each week is told of one authority."),
		       STR("Send question=authority_id=aut_… alone, or another rhythm."));
		return ERR_INVALID;
	}
	return mail_is_set(f->worker->conf) ? 0 : ERR_NO_MAIL;
}

void follow_ask(struct flow *f, const struct follow_flow *s)
{
	q_scope_show_add(flow_batch(f), &(struct q_scope_show){.filter = s->scope.filter});
}

int follow_store(struct flow *f, const struct follow_flow *s, int statement)
{
	bool is_due = follow_is_due(&s->follow);
	struct str id = h_id_once(f, "fol_");
	struct q_scope_show_row row;
	int r = q_scope_show_one(f->got, statement, &row);

	if (r < 0)
		return r;
	if (!row.is_known) {
		h_unknown(f, "question");
		return ERR_INVALID;
	}
	r = flow_letter(f);
	if (r < 0)
		return r;
	q_follow_put_add(flow_batch(f), &(struct q_follow_put){
						.id = id,
						.kind = is_due ? STR("DUE") : STR("NEWS"),
						.rhythm = s->follow.rhythm,
						.email = s->follow.email,
						.ticket = link_ticket(f, PURPOSE, id),
						.question = s->scope.question,
						.filter = s->scope.filter,
						.keys = s->scope.keys,
						.authority_id = is_due ? s->scope.authority_id
								       : (struct str){NULL, 0},
						.days = MAIL_DAYS,
						.mail_id = h_id_once(f, "mal_"),
						.network = link_network(f),
					});
	return 0;
}

static enum step_result add_load(struct flow *f)
{
	struct follow_flow *s = f->state = ARENA_NEW(f->arena, struct follow_flow);
	int r = s ? h_decode(f, &follow_shape, SHAPE_CREATE, &s->follow) : ERR_NOMEM;

	if (r == 0)
		r = follow_check(f, s);
	if (r < 0)
		return flow_fail(f, r);
	follow_ask(f, s);
	return flow_send(f);
}

static enum step_result add_store(struct flow *f)
{
	int r = follow_store(f, f->state, 0);

	return r < 0 ? flow_fail(f, r) : flow_send(f);
}

const struct flow_step flow_follow_add[] = {
	{"load", add_load},
	{"store", add_store},
	{"answer", link_answer},
	{0},
};

/* --- By the token of a letter ------------------------------------------------------------ */

bool follow_is_token(struct str token)
{
	return str_starts(token, STR("fol_"));
}

int follow_bear(struct flow *f, struct str token, struct str *ret_id)
{
	int r = follow_is_token(token) ? link_read(f, PURPOSE, token, ret_id) : ERR_NOT_FOUND;

	return r < 0 ? r : link_act(f, *ret_id);
}

static enum step_result show_load(struct flow *f)
{
	struct str token = flow_query(f, "token"), id;
	int r = token.len ? follow_bear(f, token, &id) : ERR_QUERY;

	if (!token.len)
		flaw_add(&f->flaws, STR("?token"), STR("REQUIRED"),
			 STR("There is no token of a link."),
			 STR("Send token= as it stands in the link."));
	if (r < 0)
		return flow_fail(f, r);
	q_follow_load_add(flow_batch(f), &(struct q_follow_load){.id = id});
	return flow_send(f);
}

static enum step_result show_answer(struct flow *f)
{
	struct q_follow_load_row row;
	int r = q_follow_load_one(f->got, 0, &row);

	if (r < 0)
		return flow_fail(f, r == ERR_NOT_FOUND ? ERR_GONE : r);
	return flow_answer(f, 200, row.body);
}

const struct flow_step flow_follow_show[] = {
	{"load", show_load},
	{"answer", show_answer},
	{0},
};

static enum step_result end_store(struct flow *f)
{
	struct confirmation sent;
	struct str id;
	int r = h_decode(f, &confirmation_shape, SHAPE_CREATE, &sent);

	if (r == 0)
		r = follow_bear(f, sent.token, &id);
	if (r < 0)
		return flow_fail(f, r);
	q_follow_end_add(flow_batch(f), &(struct q_follow_end){.id = id});
	return flow_send(f);
}

/* Also when it had ended before: who asks twice has what they asked for. */
static enum step_result end_answer(struct flow *f)
{
	return flow_answer(f, 200, STR("{\"state\":\"ENDED\"}"));
}

const struct flow_step flow_follow_end[] = {
	{"store", end_store},
	{"answer", end_answer},
	{0},
};

struct confirming {
	struct str token;
	const struct flow_step *then;
	const struct principal *who; /* as whom they came, and are again when it is stored */
	struct str body;
};

static enum step_result confirm_store(struct flow *f)
{
	const struct confirming *s = f->state;
	struct str id;
	int r = follow_bear(f, s->token, &id);

	if (r < 0)
		return flow_fail(f, r);
	q_follow_confirm_add(flow_batch(f), &(struct q_follow_confirm){.id = id});
	q_follow_load_add(flow_batch(f), &(struct q_follow_load){.id = id});
	return flow_send_trying(f);
}

static enum step_result confirm_stored(struct flow *f)
{
	struct confirming *s = f->state;
	struct q_follow_load_row row;
	int r = flow_send_err(f);

	if (r == 0)
		r = q_follow_load_one(f->got, 1, &row);
	if (r == ERR_GONE)
		flow_detail(f, STR("This link is too old, or following was ended."));
	if (r < 0)
		return flow_fail(f, r);
	s->body = arena_str(f->arena, row.body);
	f->who = s->who;
	return flow_become(f, s->then);
}

static const struct flow_step confirm_follow[] = {
	{"store", confirm_store},
	{"stored", confirm_stored},
	{0},
};

enum step_result follow_confirm(struct flow *f, struct str token, const struct flow_step *then)
{
	struct confirming *s = f->state = ARENA_NEW(f->arena, struct confirming);

	if (!s)
		return flow_fail(f, ERR_NOMEM);
	*s = (struct confirming){.token = token, .then = then, .who = f->who};
	return flow_become(f, confirm_follow);
}

struct str follow_confirmed(const struct flow *f)
{
	return ((const struct confirming *)f->state)->body;
}

static enum step_result confirmed_answer(struct flow *f)
{
	struct str body = follow_confirmed(f);

	return str_is_null(body) ? flow_fail(f, ERR_NOMEM) : flow_answer(f, 200, body);
}

static const struct flow_step confirmed[] = {
	{"answer", confirmed_answer},
	{0},
};

enum step_result follow_confirm_api(struct flow *f, struct str token)
{
	return follow_confirm(f, token, confirmed);
}
