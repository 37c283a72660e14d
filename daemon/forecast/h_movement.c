/*
 * Rights first: figures of an authority's share go to who reads its money, and without a row of a
 * single asset to who plans with it in a partnership; the whole register's to who reads everything.
 * Nobody else gets as far as a run. What a share's rows say is that authority's own money alone, in
 * both runs, so a joint owner learns nothing of another's.
 *
 * The movement is worked out on the freezer's thread; this flow waits by a ticket, then asks the
 * database which changes the feed told of those assets between the two runs.
 */
#include "h_movement.h"

#include "daemon/export/h_export.h"
#include "daemon/flow/flow_format.h"
#include "daemon/page/page.h"
#include "daemon/route/h.h"
#include "daemon/route/router.h"
#include "h_projection.h"
#include "libassets/projection/movement.h"
#include "q.h"

static int refuse(struct flow *f, const char *field, const char *cure)
{
	h_flaw(f, field, "NOT_ONE_OF", STR("It cannot be that."), str_of(cure));
	return ERR_QUERY;
}

/* A choice that a form left open says nothing. */
static struct str given(struct flow *f, const char *name)
{
	struct str value = flow_query(f, name);

	return value.len ? value : (struct str){NULL, 0};
}

static bool is_code(struct str word)
{
	for (enum movement_code c = 0; c < MOVEMENTS; c++) {
		if (str_eq(word, str_of(movement_word(c))))
			return true;
	}
	return false;
}

/* "ast_….REQ.1234": the last row of the page before, and what of the register that included. */
static int read_after(struct flow *f, struct movement_flow *m)
{
	struct str rest = given(f, "after");

	if (str_is_null(rest))
		return 0;
	m->after_asset = str_cut(rest, '.', &rest);
	m->after_code = str_cut(rest, '.', &rest);
	if (m->after_asset.len == 30 && is_code(m->after_code) &&
	    str_to_i64(rest, &m->kept_position) == 0 && m->kept_position >= 0)
		return 0;
	return refuse(f, "after", "Send what `next` of the last answer has.");
}

static int read_limit(struct flow *f, struct movement_flow *m)
{
	struct str text = given(f, "limit");
	int64_t n = MOVEMENT_LIMIT;

	if (!str_is_null(text) && (str_to_i64(text, &n) < 0 || n < 1 || n > MOVEMENT_LIMIT_MAX))
		return refuse(f, "limit", "Send a whole number from 1 to 1000.");
	m->limit = (int32_t)n;
	return 0;
}

static int read_query(struct flow *f, struct movement_flow *m)
{
	struct str group = given(f, "group_by"), type = STR("");
	int r = read_after(f, m);

	if (r == 0)
		r = read_limit(f, m);
	m->code = given(f, "code");
	if (r == 0 && m->code.at && !is_code(m->code))
		r = refuse(f, "code",
			   "Send one of ROLL, PARM, ASSET, OWN, VALN, PLAN, REQ, DONE, NEW, DEL.");
	m->is_by_authority = str_eq(group, STR("AUTHORITY"));
	if (r == 0 && group.at && !m->is_by_authority && !str_eq(group, STR("YEAR")))
		r = refuse(f, "group_by", "Send YEAR or AUTHORITY.");
	m->from = given(f, "from");
	m->to = given(f, "to");
	if (str_eq(m->to, STR("live")))
		m->to = (struct str){NULL, 0};
	if (r == 0 && f->route->formats)
		r = flow_format(f, &type);
	m->is_csv = str_eq(f->route->media ? str_of(f->route->media) : type, STR(EXPORT_CSV));
	return r;
}

/* Of which authority, for who names none: of everybody's, or of the only one there is. */
static int settle_authority(struct flow *f, struct movement_flow *m)
{
	m->reader = h_reader(f);
	m->authority_id = given(f, "authority_id");
	if (m->reader.is_everywhere || m->authority_id.at)
		return 0;
	if (m->reader.authorities == 1 || (m->takes_first && m->reader.authorities)) {
		m->authority_id = m->reader.authority_id[0];
		return 0;
	}
	h_flaw(f, "authority_id", "REQUIRED", STR("Whose movement is not said."),
	       STR("Name one authority: yours are several, and the whole register's is for those "
		   "who read all of it."));
	return ERR_QUERY;
}

enum step_result movement_read(struct flow *f)
{
	struct movement_flow *m = f->state;
	int r = principal_may(f->who, PERM_MONEY_READ) ? read_query(f, m) : ERR_FORBIDDEN;

	if (r == 0)
		r = settle_authority(f, m);
	if (r < 0)
		return flow_fail(f, r);
	q_movement_runs_add(flow_batch(f),
			    &(struct q_movement_runs){
				    .from_run = m->from,
				    .to_run = m->to,
				    .authority_id = m->authority_id,
				    .own = db_text_array(f->arena, m->reader.authority_id,
							 m->reader.authorities),
			    });
	return flow_send(f);
}

static int64_t number_of(struct str json, const char *key)
{
	json_auto_t *object = json_loadb(json.at, json.len, 0, NULL);

	return json_integer_value(json_object_get(object, key));
}

static struct str run_of(struct flow *f, struct str json)
{
	json_auto_t *object = json_loadb(json.at, json.len, 0, NULL);

	return arena_str(f->arena, str_of(json_string_value(json_object_get(object, "run"))));
}

/* Which part this reader gets. ERR_FORBIDDEN. */
static int settle_rights(struct flow *f, struct movement_flow *m,
			 const struct q_movement_runs_row *row)
{
	m->has_rows = m->reader.is_everywhere ||
		      principal_may_at(f->who, PERM_MONEY_READ, m->authority_id);
	if (m->has_rows || (row->shares_plan && !m->is_csv && !row->is_chosen))
		return 0;
	if (row->shares_plan && row->is_chosen)
		flow_detail(f,
			    STR("One of these runs has parameters of its own, supposes something "
				"of assets, or is of another day: between such a partner's "
				"totals would tell of single assets. Choose runs of the "
				"forecast as it stood."));
	return ERR_FORBIDDEN;
}

enum step_result movement_ask(struct flow *f)
{
	struct movement_flow *m = f->state;
	struct projector_question q = {.kind = ASK_MOVEMENT};
	struct q_movement_runs_row row;
	int r = q_movement_runs_one(f->got, 0, &row);

	if (r == 0 && (str_is_null(row.from_run) || (m->to.at && str_is_null(row.to_run))))
		r = ERR_NOT_FOUND;
	if (r == 0)
		r = settle_rights(f, m, &row);
	if (r < 0)
		return flow_fail(f, r);
	m->from_run = arena_str(f->arena, row.from_run);
	m->to_run = arena_str(f->arena, row.to_run);
	m->from = run_of(f, m->from_run);
	m->after = number_of(m->from_run, "position");
	q.from_run = m->from;
	q.to_run = m->to;
	q.position = row.position;
	q.event_id = row.event_id;
	q.filter.authority_id = m->authority_id;
	q.has_rows = m->has_rows;
	q.is_csv = m->is_csv;
	q.is_by_authority = m->is_by_authority;
	q.code = m->code;
	q.after_asset = m->after_asset;
	q.after_code = m->after_code;
	q.most = m->limit;
	q.kept_position = m->kept_position;
	return h_ask(f, &q, PROJECTOR_MOVE_MS);
}

/* What came of waiting. */
static int waited_err(struct flow *f)
{
	int err = flow_send_err(f);

	if (err == ERR_NOT_FOUND)
		flow_detail(f, STR("This run keeps no inputs, since it was frozen by an earlier "
				   "version. Movements start from runs frozen since."));
	return err == ERR_DEADLINE ? ERR_NOT_READY : err;
}

int movement_answer(struct flow *f, json_t **ret_answer)
{
	const struct movement_flow *m = f->state;
	int err = waited_err(f);
	json_t *answer, *to;

	if (err < 0)
		return err;
	answer = json_loadb(f->got_mail.at, f->got_mail.len, 0, NULL);
	to = m->to_run.at
		     ? json_loadb(m->to_run.at, m->to_run.len, 0, NULL)
		     : json_pack("{sn sO sO}", "run", "as_of", json_object_get(answer, "as_of"),
				 "position", json_object_get(answer, "position"));
	err = json_object_set_new(answer, "from",
				  json_loadb(m->from_run.at, m->from_run.len, 0, NULL));
	err |= json_object_set_new(answer, "to", to);
	err |= json_object_set_new(answer, "scenario", json_string("LIKELY"));
	err |= json_object_set_new(answer, "authority_id",
				   m->authority_id.at ? json_string(m->authority_id.at)
						      : json_null());
	if (err) {
		json_decref(answer);
		return ERR_NOMEM;
	}
	*ret_answer = answer;
	return 0;
}

static const char *text(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value ? value : "";
}

void movement_changes_add(struct flow *f, struct db_batch *b, const json_t *answer)
{
	const struct movement_flow *m = f->state;
	const json_t *rows = json_object_get(answer, "rows");
	struct str *id = ARENA_ARRAY(f->arena, json_array_size(rows) + 1, struct str);
	size_t i, n = 0;
	json_t *row;

	json_array_foreach (rows, i, row) {
		struct str asset = str_of(text(row, "asset_id"));

		if (id && (!n || !str_eq(asset, id[n - 1])))
			id[n++] = asset;
	}
	q_movement_changes_add(b, &(struct q_movement_changes){
					  .asset_ids = db_text_array(f->arena, id, n),
					  .after = m->after,
					  .upto = json_integer_value(json_object_get(
						  json_object_get(answer, "to"), "position")),
				  });
}

/* Each row gets those of its asset and code; both lists are short. */
int movement_changes_put(struct flow *f, json_t *answer, int statement)
{
	int n = q_movement_changes_count(f->got, statement);
	json_auto_t *by_row = json_object();
	json_t *row;
	size_t i;

	for (int k = 0; k < n; k++) {
		struct q_movement_changes_row change;
		int r = q_movement_changes_row(f->got, statement, k, &change);
		struct str key =
			r < 0 ? STR("")
			      : arena_fmt(f->arena, "%.*s %.*s", (int)change.asset_id.len,
					  change.asset_id.at, (int)change.code.len, change.code.at);

		if (r < 0)
			return r;
		if (!key.at || json_object_set_new(by_row, key.at,
						   json_loadb(change.changes.at, change.changes.len,
							      0, NULL)) < 0)
			return ERR_NOMEM;
	}
	json_array_foreach (json_object_get(answer, "rows"), i, row) {
		struct str key =
			arena_fmt(f->arena, "%s %s", text(row, "asset_id"), text(row, "code"));
		json_t *changes = key.at ? json_object_get(by_row, key.at) : NULL;

		if (json_object_set_new(row, "changes",
					changes ? json_incref(changes) : json_array()) < 0)
			return ERR_NOMEM;
	}
	return 0;
}

json_t *movement_next(struct flow *f, const char *path, const json_t *answer)
{
	const struct movement_flow *m = f->state;
	const json_t *rows = json_object_get(answer, "rows");
	const json_t *last = json_array_get(rows, json_array_size(rows) - 1);
	const struct page_filter filter[] = {
		{"from", m->from},
		{"to", m->to.at ? m->to : STR("live")},
		{"authority_id", m->authority_id},
		{"code", m->code},
		{"limit", given(f, "limit")},
		{"after",
		 arena_fmt(f->arena, "%s.%s.%lld", text(last, "asset_id"), text(last, "code"),
			   (long long)json_integer_value(json_object_get(answer, "position")))},
	};
	struct str next;

	if (!json_is_true(json_object_get(answer, "has_more")))
		return json_null();
	next = page_address(f->arena, path, filter, COUNT(filter));
	return json_stringn(next.at, next.len);
}

static enum step_result movement_load(struct flow *f)
{
	const struct movement_flow *m = f->state;
	json_auto_t *answer = NULL;
	int r;

	if (m->is_csv) {
		r = waited_err(f);
		return r < 0 ? flow_fail(f, r)
			     : flow_answer_as(f, 200, STR("text/csv; charset=utf-8"), f->got_mail);
	}
	r = movement_answer(f, &answer);
	if (r < 0)
		return flow_fail(f, r);
	movement_changes_add(f, flow_batch(f), answer);
	return flow_send(f);
}

static enum step_result movement_show(struct flow *f)
{
	json_auto_t *answer = NULL;
	int r = movement_answer(f, &answer);

	if (r == 0)
		r = movement_changes_put(f, answer, 0);
	if (r == 0 && json_object_set_new(answer, "next",
					  movement_next(f, "/v1/projections/movement", answer)) < 0)
		r = ERR_NOMEM;
	if (r < 0)
		return flow_fail(f, r);
	(void)json_object_del(answer, "has_more");
	(void)json_object_del(answer, "as_of");
	(void)json_object_del(answer, "position");
	return h_answer_json(f, answer);
}

const struct flow_step flow_movement[] = {
	{"read", movement_read},
	{"ask", movement_ask},
	{"load", movement_load},
	{"show", movement_show},
	{0},
};
