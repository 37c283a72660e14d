/*
 * On the worker's thread, inside the steps of h_run.c. What stands in an overlay is
 * libassets/projection/overlay.c's; here is whose assets these are, and how they come and go.
 */
#include "h_run_overlay.h"

#include "daemon/route/h.h"
#include "q.h"

/* Bytes: the rows of all assets, with what baselines of sold ones add. */
enum { ROWS_MAX = 8 << 20 };

int run_overlay_read(struct flow *f, struct run_overlay *o)
{
	int r = overlay_read(&o->overlay, json_object_get(f->body, "overlay"), &f->flaws);
	char *text;

	(void)json_object_del(f->body, "overlay");
	text = r == 0 ? json_dumps(o->overlay.list, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	overlay_done(&o->overlay); /* a flow may end anywhere: it keeps the text */
	if (r < 0)
		return r == ERR_INVALID ? 0 : r;
	o->json = text ? arena_str(f->arena, str_of(text)) : (struct str){NULL, 0};
	free(text);
	return str_is_null(o->json) ? ERR_NOMEM : 0;
}

void run_overlay_ask(struct flow *f, const struct run_overlay *o, const struct run *run)
{
	struct str ids = db_text_array(f->arena, o->overlay.asset_id, o->overlay.count);

	if (run_is_as_at(run))
		q_freeze_inputs_add(flow_batch(f),
				    &(struct q_freeze_inputs){
					    .valid_on = shape_day_text(run->valid_on, f->arena),
					    .known_at = run->known_at,
					    .after = STR(""),
					    .most = OVERLAY_MAX,
					    .ids = ids,
				    });
	else
		q_overlay_assets_add(flow_batch(f), &(struct q_overlay_assets){.ids = ids});
	q_overlay_requests_add(flow_batch(f), &(struct q_overlay_requests){.ids = ids});
}

/* The columns that both statements have. */
static int row_of(const struct flow *f, bool is_as_at, int statement, int i,
		  struct q_overlay_assets_row *ret)
{
	struct q_freeze_inputs_row then;
	int r;

	if (!is_as_at)
		return q_overlay_assets_row(f->got, statement, i, ret);
	r = q_freeze_inputs_row(f->got, statement, i, &then);
	if (r == 0)
		*ret = (struct q_overlay_assets_row){
			.id = then.id,
			.model_id = then.model_id,
			.gone = then.gone,
			.lead = then.lead,
			.cpp = then.cpp,
			.locality = then.locality,
			.class = then.class,
			.decile = then.decile,
			.input = then.input,
		};
	return r;
}

/* One row as a member of the list that the freezer gets; input: JSON. */
static void put_row(struct buf *out, const struct q_overlay_assets_row *row, struct str input)
{
	const struct {
		const char *name;
		struct str value;
	} text[] = {
		{"id", row->id},       {"lead", row->lead},
		{"cpp", row->cpp},     {"locality", row->locality},
		{"class", row->class},
	};

	buf_fmt(out, "%s{\"model_id\":%lld,\"decile\":%d", out->len > 1 ? "," : "",
		(long long)row->model_id, (int)row->decile);
	for (size_t i = 0; i < COUNT(text); i++) {
		if (str_is_null(text[i].value))
			continue;
		buf_fmt(out, ",\"%s\":", text[i].name);
		buf_json(out, text[i].value);
	}
	buf_str(out, STR(",\"input\":"));
	buf_str(out, input);
	buf_char(out, '}');
}

/* All rows as they came, and the requests behind them. */
static int seen_of(struct flow *f, bool is_as_at, int statement, struct str *ret_seen)
{
	CLEANUP(buf_done) struct buf text = BUF(ROWS_MAX);
	struct q_overlay_assets_row row;
	struct q_overlay_requests_row request;
	int r = 0;

	for (int i = 0; r == 0 && i < db_rows(f->got, statement); i++) {
		r = row_of(f, is_as_at, statement, i, &row);
		if (r == 0) {
			buf_str(&text, row.gone ? STR("-") : STR("+"));
			put_row(&text, &row, row.input);
		}
	}
	for (int i = 0; r == 0 && i < db_rows(f->got, statement + 1); i++) {
		r = q_overlay_requests_row(f->got, statement + 1, i, &request);
		if (r == 0)
			buf_str(&text, request.request_ids);
	}
	if (r == 0)
		r = buf_err(&text);
	*ret_seen = arena_str(f->arena, buf_view(&text));
	return r == 0 && str_is_null(*ret_seen) ? ERR_NOMEM : r;
}

/* --- whose they are --------------------------------------------------------------------------- */

static bool is_of(const struct q_overlay_assets_row *row, const json_t *input, struct str authority)
{
	const json_t *owner;
	size_t i;

	if (str_eq(row->lead, authority))
		return true;
	json_array_foreach (json_object_get(input, "owners"), i, owner) {
		if (str_eq(str_of(json_string_value(json_object_get(owner, "partner"))), authority))
			return true;
	}
	return false;
}

/* Where the caller may freeze runs and read money; everywhere is the absent authority. */
static bool may_in(const struct flow *f, struct str authority)
{
	return principal_may_at(f->who, PERM_RUN_WRITE, authority) &&
	       principal_may_at(f->who, PERM_MONEY_READ, authority);
}

/* Strike from `fits`, a flag a grant, whoever has no part in this asset; is anybody left? */
static bool keep_fitting(const struct flow *f, const struct q_overlay_assets_row *row,
			 const json_t *input, bool *fits, bool *ret_any_part)
{
	bool any = false;

	*ret_any_part = false;
	for (size_t i = 0; i < f->who->grant_count; i++) {
		struct str authority = f->who->grant[i].authority_id;
		bool has_part =
			authority.len && may_in(f, authority) && is_of(row, input, authority);

		*ret_any_part |= has_part;
		fits[i] &= has_part;
		any |= fits[i];
	}
	return any;
}

static void flaw_at(struct flow *f, const struct run_overlay *o, size_t i, const char *code,
		    struct str detail, struct str cure)
{
	struct str pointer = arena_fmt(f->arena, "/overlay/%zu/asset_id", o->overlay.place[i]);

	flaw_add(&f->flaws, pointer, str_of(code), detail, cure);
}

static void check_whose(struct flow *f, const struct run_overlay *o, size_t i,
			const struct q_overlay_assets_row *row, const json_t *input, bool *fits)
{
	bool has_part;

	if (may_in(f, STR("")) || keep_fitting(f, row, input, fits, &has_part))
		return;
	if (has_part)
		flaw_at(f, o, i, "NOT_TOGETHER",
			STR("No authority of yours has a part in this asset and in those before."),
			STR("Make a run for each authority's assets."));
	else
		flaw_at(f, o, i, "NOT_PERMITTED",
			STR("You may not read the money of this asset, or not freeze runs of it."),
			STR("Name assets of the authorities whose finances you keep."));
}

/* --- laying ------------------------------------------------------------------------------------
 */

static json_t *requests_of(const struct flow *f, int statement, struct str asset_id)
{
	struct q_overlay_requests_row row;

	for (int i = 0; i < db_rows(f->got, statement); i++) {
		if (q_overlay_requests_row(f->got, statement, i, &row) == 0 &&
		    str_eq(row.asset_id, asset_id))
			return json_loadb(row.request_ids.at, row.request_ids.len, 0, NULL);
	}
	return json_array();
}

struct laying {
	struct run_overlay *o;
	const struct run *run;
	int statement;
	bool *fits;
	struct buf out;
};

static int lay(struct flow *f, struct laying *l, size_t i, const struct q_overlay_assets_row *row)
{
	json_auto_t *input = json_loadb(row->input.at, row->input.len, 0, NULL);
	json_auto_t *ids = requests_of(f, l->statement + 1, row->id);
	char *text;
	int r;

	if (!input || !ids)
		return ERR_NOMEM;
	check_whose(f, l->o, i, row, input, l->fits);
	if (f->flaws.count)
		return 0; /* of what is not the caller's nothing more is told */
	r = overlay_lay(&l->o->overlay, i, &(struct overlay_base){input, ids}, l->run->as_of_on,
			&f->flaws);
	if (r < 0)
		return r == ERR_INVALID ? 0 : r;
	text = json_dumps(input, JSON_COMPACT);
	if (!text)
		return ERR_NOMEM;
	put_row(&l->out, row, str_of(text));
	free(text);
	return 0;
}

/* Rows and entries are in the order of ids; an entry without a row is not there for this caller. */
static int lay_all(struct flow *f, struct laying *l)
{
	struct q_overlay_assets_row row = {.gone = true};
	int n = db_rows(f->got, l->statement), at = 0, r = 0;

	buf_char(&l->out, '[');
	for (size_t i = 0; i < l->o->overlay.count && r == 0; i++) {
		struct str id = l->o->overlay.asset_id[i];
		bool is_there = false;

		if (at < n) {
			r = row_of(f, run_is_as_at(l->run), l->statement, at, &row);
			is_there = r == 0 && str_eq(row.id, id);
			at += is_there;
		}
		if (r == 0 && is_there && !row.gone)
			r = lay(f, l, i, &row);
		else if (r == 0)
			flaw_at(f, l->o, i, "NOT_FOUND", STR("There is no asset of that id."),
				STR("Look the id up, and whether you may know of it."));
	}
	buf_char(&l->out, ']');
	return r ? r : buf_err(&l->out);
}

static struct str authority_of(const struct flow *f, const bool *fits)
{
	for (size_t i = 0; i < f->who->grant_count && !may_in(f, STR("")); i++) {
		if (fits[i])
			return f->who->grant[i].authority_id;
	}
	return (struct str){NULL, 0};
}

int run_overlay_take(struct flow *f, struct run_overlay *o, const struct run *run, int statement,
		     struct str *ret_authority)
{
	struct laying l = {.o = o, .run = run, .statement = statement, .out = BUF(ROWS_MAX)};
	int r;

	if (o->overlay.count == 0)
		return 0;
	l.fits = ARENA_ARRAY(f->arena, f->who->grant_count + 1, bool);
	if (!l.fits)
		return ERR_NOMEM;
	memset(l.fits, true, f->who->grant_count);
	o->overlay.list = json_loadb(o->json.at, o->json.len, 0, NULL);
	if (!o->overlay.list)
		return ERR_NOMEM;
	r = seen_of(f, run_is_as_at(run), statement, &o->seen);
	if (r == 0)
		r = lay_all(f, &l);
	if (r == 0 && f->flaws.count)
		r = flaws_err(&f->flaws);
	if (r == 0) {
		o->rows = arena_str(f->arena, buf_view(&l.out));
		r = str_is_null(o->rows) ? ERR_NOMEM : 0;
		*ret_authority = authority_of(f, l.fits);
	}
	buf_done(&l.out);
	overlay_done(&o->overlay);
	return r;
}

int run_overlay_check(struct flow *f, const struct run_overlay *o, const struct run *run,
		      int statement)
{
	struct str now;
	int r = 0;

	if (o->overlay.count)
		r = seen_of(f, run_is_as_at(run), statement, &now);
	if (r == 0 && o->overlay.count && !str_eq(now, o->seen)) {
		flow_detail(f, STR("An asset of the overlay was changed while the run was made. "
				   "Ask again."));
		r = ERR_NOT_READY;
	}
	return r;
}
