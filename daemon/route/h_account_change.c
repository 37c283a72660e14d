/*
 * What is done to an account that is there: its name, address and roles changed, whatever is open
 * of it ended, and what was done so far.
 *
 * Nobody changes their own roles. Who looks after an account that has roles elsewhere, too, may
 * take it away, but does nothing by which one could sign in to it: another address, a link, the end
 * of its second factor.
 */
#include "daemon/base/conf.h"
#include "daemon/process/worker.h"
#include "h.h"
#include "h_account.h"
#include "libassets/base/err.h"
#include "libassets/register/account.h"
#include "list.h"
#include "q.h"

/* Statements of the history's batch. */
enum { ACCOUNT, ACTS };

int account_check_elsewhere(struct flow *f, const struct account *a)
{
	const struct account_role *role = a->elsewhere.at;
	const struct wire_at list = WIRE_KEY(&WIRE_TOP, "elsewhere");

	for (size_t i = 0; i < a->elsewhere.count; i++) {
		const struct wire_at here = WIRE_INDEX(&list, i);

		if (str_eq(role[i].authority_id, a->authority_id))
			wire_flaw(&f->flaws, &WIRE_KEY(&here, "authority_id"), STR("CONFLICT"),
				  STR("This is the authority that the account is at home in."),
				  STR("Name the role in roles."));
		else if (h_may(f, PERM_ACCOUNT_WRITE, role[i].authority_id) < 0)
			return ERR_FORBIDDEN;
	}
	return flaws_err(&f->flaws);
}

enum step_result account_patch_load(struct flow *f)
{
	int r = flow_body(f);

	return r < 0 ? flow_fail(f, r) : account_load(f);
}

static bool is_same(struct flow *f, const struct shape *shape, struct shape_list a,
		    struct shape_list b)
{
	return str_eq(h_json_list(f, shape, a), h_json_list(f, shape, b));
}

static bool has_words(struct shape_words words, struct str word)
{
	for (size_t i = 0; i < words.count; i++) {
		if (str_eq(words.at[i], word))
			return true;
	}
	return false;
}

static bool is_same_words(struct shape_words a, struct shape_words b)
{
	bool is_same = true;

	for (size_t i = 0; i < a.count; i++)
		is_same = is_same && has_words(b, a.at[i]);
	for (size_t i = 0; i < b.count; i++)
		is_same = is_same && has_words(a, b.at[i]);
	return is_same;
}

static bool is_other_roles(struct flow *f, const struct account *was, const struct account *now)
{
	return !is_same_words(was->roles, now->roles) ||
	       !is_same(f, &account_role_shape, was->elsewhere, now->elsewhere);
}

/* What may be changed by whom, of an account that was `was` and would be `now`. */
static int check(struct flow *f, const struct q_account_load_row *row, const struct account *was,
		 const struct account *now, bool is_other)
{
	int r = is_other ? account_not_own(f, row) : 0;

	if (r == 0 && is_other)
		r = account_check_elsewhere(f, now);
	if (r == 0 && row->is_beyond && !str_eq(was->email, now->email)) {
		flow_detail(f, STR("This account has rights that are not yours to give: those who "
				   "run the register change its address."));
		r = ERR_FORBIDDEN;
	}
	return r;
}

enum step_result account_patch_store(struct flow *f)
{
	struct q_account_load_row row;
	struct account was, now;
	struct str stored, fields;
	bool is_other = false;
	int r = account_loaded(f, false, &row);

	if (r == 0)
		r = h_stored(f, row.fields, &account_shape, &was);
	if (r == 0)
		r = h_patch(f, row.fields, &account_shape, &now, &stored);
	if (r == 0) {
		is_other = is_other_roles(f, &was, &now);
		r = check(f, &row, &was, &now, is_other);
	}
	if (r < 0)
		return flow_fail(f, r);
	fields = h_json(f, &account_shape, &now);
	q_account_update_add(flow_batch(f), &(struct q_account_update){.id = f->param[0],
								       .seen = row.version,
								       .fields = fields,
								       .stale = h_stale(f)});
	/* A session has the rights that it began with, or is another. */
	if (is_other)
		q_account_out_add(flow_batch(f), &(struct q_account_out){.id = f->param[0],
									 .what = STR("SESSIONS")});
	r = account_tell(f, &(struct account_told){
				    .type = "account.updated",
				    .act = "CHANGED",
				    .id = f->param[0],
				    .authority_id = row.authority_id,
				    .version = row.version + 1,
				    .was = stored,
				    .is_now = fields,
			    });
	return r < 0 ? flow_fail(f, r) : flow_store_end(f, "prn", f->param[0], 200);
}

const struct flow_step flow_account_patch[] = {
	{"load", account_patch_load},
	{"store", account_patch_store},
	{"answer", flow_store_answer},
	{0},
};

/* --- What is open of it --------------------------------------------------------------------- */

static enum step_result out_store(struct flow *f, bool is_gain, const char *what, const char *type)
{
	struct q_account_load_row row;
	int r = account_loaded(f, is_gain, &row);

	if (r == 0)
		r = account_not_own(f, &row);
	if (r < 0)
		return flow_fail(f, r);
	q_account_move_add(flow_batch(f), &(struct q_account_move){.id = f->param[0],
								   .seen = row.version,
								   .stale = h_stale(f)});
	q_account_out_add(flow_batch(f),
			  &(struct q_account_out){.id = f->param[0], .what = str_of(what)});
	r = account_tell(f, &(struct account_told){
				    .type = type,
				    .act = what,
				    .id = f->param[0],
				    .authority_id = row.authority_id,
				    .version = row.version + 1,
			    });
	return r < 0 ? flow_fail(f, r) : flow_store_end(f, "prn", f->param[0], 204);
}

/* A worker that has just seen one believes it for AUTH_FRESH_MS more. */
enum step_result account_sessions_store(struct flow *f)
{
	return out_store(f, false, "SESSIONS", "account.signed_out");
}

enum step_result account_factor_store(struct flow *f)
{
	return out_store(f, true, "FACTOR", "account.factor_ended");
}

const struct flow_step flow_account_sessions_end[] = {
	{"load", account_load},
	{"store", account_sessions_store},
	{"answer", flow_store_answer},
	{0},
};

const struct flow_step flow_account_factor_end[] = {
	{"load", account_load},
	{"store", account_factor_store},
	{"answer", flow_store_answer},
	{0},
};

/* --- What was done to it -------------------------------------------------------------------- */

static enum step_result history_load(struct flow *f)
{
	struct list *l;
	int32_t after;
	int r = list_read_numbered(f, &l, &after);

	if (r < 0)
		return flow_fail(f, r);
	q_account_load_add(flow_batch(f), &(struct q_account_load){.id = f->param[0]});
	q_account_history_add(
		flow_batch(f),
		&(struct q_account_history){.id = f->param[0], .after = after, .take = l->rows});
	return flow_send(f);
}

static enum step_result history_answer(struct flow *f)
{
	struct q_account_load_row row;
	int r = q_account_load_one(f->got, ACCOUNT, &row);

	return r < 0 ? flow_fail(f, r) : list_answer(f, f->state, ACTS);
}

const struct flow_step flow_account_history[] = {
	{"load", history_load},
	{"answer", history_answer},
	{0},
};
