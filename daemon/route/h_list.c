/*
 * Lists of every kind: one set of steps, one table of what each address can be asked for. What
 * its filters mean is list_filter.c; what a list takes stands in routes.c too, a test compares
 * the two.
 *
 * On the worker's thread. A filter is passed to the statement as JSON, so that one statement does
 * for every kind and choice of filters; a further one is a word in the table and one in routes.c.
 */
#include "as_at.h"
#include "daemon/export/h_export.h"
#include "daemon/flow/flow_format.h"
#include "h.h"
#include "h_read.h"
#include "list.h"
#include "list_filter.h"
#include "q.h"
#include "router.h"

/* Fields that one may choose. */
enum { FIELDS_MAX = 60 };

#define WHEN_SORTS "id,-id,created_at,-created_at,updated_at,-updated_at"

/* clang-format off */
/* parent: the column that the path's parameter fills, NULL when there is none. */
static const struct list_row {
	const char *path;
	const char *kind;
	const char *parent;
	const char *filters; /* comma-separated */
	const char *sorts;   /* the same, the first by default */
} list_table[] = {
	{"/v1/authorities", "aut", NULL, "kind,code," LIST_WHEN, WHEN_SORTS ",name,-name"},
	{"/v1/cpps", "cpp", NULL, "code," LIST_WHEN, WHEN_SORTS ",name,-name"},
	{"/v1/localities", "loc", NULL, "cpp_id,code,kind," LIST_WHEN, WHEN_SORTS ",name,-name"},
	{"/v1/assets", "ast", NULL,
	 "authority_id,cpp_id,locality_id,class,lifecycle,tenure,decile,reference,uprn,published,q,"
	 "near,bbox,postcode,council,data_zone,intermediate_zone,updated_since," LIST_WHEN,
	 WHEN_SORTS ",name,-name,distance,-distance"},
	{"/v1/assets/{id}/valuations", "val", "asset_id",
	 "basis," LIST_BETWEEN("valued_on") "," LIST_WHEN, WHEN_SORTS ",valued_on,-valued_on"},
	{"/v1/documents", "doc", NULL,
	 "authority_id,asset_id,request_id,kind,state,published,redaction,scan,retention,media_type,"
	 LIST_BETWEEN("received_on") "," LIST_BETWEEN("retain_until_on") "," LIST_WHEN,
	 WHEN_SORTS ",received_on,-received_on,title,-title"},
	{"/v1/assets/{id}/disposals", "dsp", "asset_id", "", "id"},
	{"/v1/assets/{id}/parts", "ast", "part_of", "class,lifecycle," LIST_WHEN,
	 WHEN_SORTS ",name,-name"},
	{"/v1/assets/{id}/requests", "atr", "asset_id",
	 "state,kind,is_open,due_within,overdue," LIST_WHEN,
	 WHEN_SORTS ",state_on,-state_on"},
	{"/v1/community-bodies", "cbo", NULL, "legal_form,q," LIST_WHEN, WHEN_SORTS ",name,-name"},
	{"/v1/requests/{id}/notices", "ntc", "request_id", "code,state", "number,-number"},
	{"/v1/import-mappings", "map", NULL, "authority_id,name", "id,name"},
	{"/v1/webhooks", "whk", NULL, "state", "id"},
	{"/v1/land-pairs", "lpr", NULL, "authority_id,other_authority_id,either_authority_id,state,source,asset_id,other_id," LIST_WHEN,
	 WHEN_SORTS},
	{"/v1/projections/runs", "run", NULL, "authority_id,tag,name", "id,-id"},
	{"/v1/projections/addresses", "fca", NULL, "name", "id,-id"},
	{"/v1/accounts", "prn", NULL, "authority_id,name,q", "id,-id,name,-name"},
	{"/v1/keys", "key", NULL, "principal_id,name,q", "id,-id"},
	{"/v1/calendars", "cal", NULL, "state", "id,-id"},
	{"/v1/requests/{id}/representations", "rep", "request_id", "kind,mark,timing", "number,-number,id"},
	{"/downloads/assets", "ast", NULL,
	 "authority_id,cpp_id,locality_id,class,lifecycle,tenure,decile,q,near,bbox,postcode,council,data_zone,"
	 "intermediate_zone", "id"},
	{"/downloads/requests", "atr", NULL, "authority_id,is_open,overdue,due_within", "id"},
	{"/downloads/land-pairs", "lpr", NULL, "either_authority_id,state", "id"},
	{"/v1/requests", "atr", NULL,
	 "authority_id,asset_id,community_body_id,kind,state,is_open,due_within,overdue,reference,"
	 "updated_since,"
	 LIST_BETWEEN("received_on") "," LIST_BETWEEN("validated_on") "," LIST_WHEN,
	 WHEN_SORTS ",state_on,-state_on"},
};
/* clang-format on */

static const struct list_row *list_row_of(const struct flow *f)
{
	for (size_t i = 0; i < COUNT(list_table); i++) {
		if (strcmp(list_table[i].path, f->route->path) == 0)
			return &list_table[i];
	}
	return NULL;
}

/* fields=name,uprn as a text[]; absent when it was not given. */
static int fields_of(struct flow *f, struct str *ret_fields)
{
	struct str field[FIELDS_MAX], rest = flow_query(f, "fields");
	size_t n = 0;

	*ret_fields = (struct str){NULL, 0};
	if (str_is_null(rest))
		return 0;
	while (!str_is_null(rest) && n < FIELDS_MAX) {
		field[n] = str_cut(rest, ',', &rest);
		n += field[n].len > 0;
	}
	*ret_fields = db_text_array(f->arena, field, n);
	if (n && str_is_null(rest))
		return str_is_null(*ret_fields) ? ERR_NOMEM : 0;
	flaw_add(&f->flaws, STR("?fields"), STR("BAD_FORM"),
		 STR("This names no fields of an item."),
		 STR("Send names with commas between, such as fields=name,uprn."));
	return ERR_QUERY;
}

/* How far from where? */
static int check_distance(struct flow *f, const struct list *l)
{
	if ((!str_eq(l->sort, STR("distance")) && !str_eq(l->sort, STR("-distance"))) ||
	    flow_query(f, "near").len)
		return 0;
	flaw_add(&f->flaws, STR("?sort"), STR("REQUIRED"),
		 STR("There is no point to be distant from."),
		 STR("Send near=LATITUDE,LONGITUDE,METRES too."));
	return ERR_QUERY;
}

static bool is_of_request(const struct list_row *row)
{
	return row->parent && strcmp(row->parent, "request_id") == 0;
}

/* What a list hangs on must be there, and for this reader. */
static void add_parent(struct flow *f, const struct list_row *row)
{
	if (is_of_request(row))
		q_request_exists_add(flow_batch(f), &(struct q_request_exists){.id = f->param[0]});
	else if (row->parent)
		q_asset_owner_show_add(flow_batch(f),
				       &(struct q_asset_owner_show){.id = f->param[0]});
}

/* statement: where it stands in the reply. */
static int check_parent(struct flow *f, const struct list_row *row, int statement)
{
	struct q_asset_owner_show_row asset = {.gone = false};
	struct q_request_exists_row request;
	int r;

	if (!row || !row->parent)
		return 0;
	if (is_of_request(row))
		return q_request_exists_one(f->got, statement, &request);
	r = q_asset_owner_show_one(f->got, statement, &asset);
	/* Of then it may have been there. */
	return r == 0 && asset.gone && !as_at_is_given(f) ? ERR_GONE : r;
}

/* When an item of then was last changed is not what a list of then goes by. */
static int check_at(struct flow *f, const struct list *l, struct str filter)
{
	bool is_by_change = str_eq(l->sort, STR("updated_at")) ||
			    str_eq(l->sort, STR("-updated_at")) ||
			    strstr(filter.at, "\"updated_") != NULL;

	if (!is_by_change)
		return 0;
	flaw_add(&f->flaws, STR("?valid_on"), STR("CONFLICT"),
		 STR("A list of the past knows no order or bound of updated_at."),
		 STR("Leave updated_at out, or read the list as it is now."));
	return ERR_QUERY;
}

/*
 * Documents and representations have no past of their own: of then is what had arrived on the day
 * and was recorded at the moment, as it may be read today. So nothing that was redacted, withheld
 * or erased since comes back by asking for the time before.
 */
static bool is_filed(const struct list_row *row)
{
	return strcmp(row->kind, "doc") == 0 || strcmp(row->kind, "rep") == 0;
}

static int filed_by(struct flow *f, struct as_at *at, struct str *filter)
{
	struct str by =
		arena_fmt(f->arena, "{\"received_on[lte]\":[\"%.*s\"]%s%.*s%s}",
			  (int)at->valid_on.len, at->valid_on.at,
			  at->known_at.len ? ",\"created_at[lte]\":[\"" : "", (int)at->known_at.len,
			  at->known_at.at ? at->known_at.at : "", at->known_at.len ? "\"]" : "");

	if (strstr(filter->at, "\"received_on[lte]") || strstr(filter->at, "\"created_at[lte]")) {
		flaw_add(&f->flaws, STR("?valid_on"), STR("CONFLICT"),
			 STR("The day says by when it had arrived, and so does another bound."),
			 STR("Send one of the two."));
		return ERR_QUERY;
	}
	*filter = h_json_joined(f, *filter, by);
	at->is_given = false;
	return str_is_null(*filter) ? ERR_NOMEM : 0;
}

/* A download from a page says it as pages do. */
static int read_at(struct flow *f, struct as_at *ret_at)
{
	return f->route->flags & ROUTE_PAGE ? as_at_read_page(f, ret_at) : as_at_read(f, ret_at);
}

static void ask_list_at(struct flow *f, const struct as_at *at, const struct q_item_list *q)
{
	q_item_list_at_add(flow_batch(f), &(struct q_item_list_at){.kind = q->kind,
								   .filter = q->filter,
								   .sort = q->sort,
								   .after = q->after,
								   .fields = q->fields,
								   .take = q->take,
								   .is_feature = q->is_feature,
								   .valid_on = at->valid_on,
								   .known_at = at->known_at});
}

/*
 * What is asked for most, assets by id of all the register or of one authority, has statements
 * that are planned once. Recognised by the filter's whole text: whatever else stands in it, or
 * is not an id as ours are, goes the general way.
 */
static bool ask_plain(struct flow *f, struct list *l, const struct q_item_list *q)
{
	struct str authority = flow_query(f, "authority_id");
	struct str after = l->is_first ? STR("") : l->key[1];
	struct str of = arena_fmt(f->arena, "{\"authority_id\":[\"%.*s\"]}", (int)authority.len,
				  authority.at ? authority.at : "");

	if (!str_eq(q->kind, STR("ast")) || !str_eq(q->sort, STR("id")) || q->is_feature ||
	    !str_is_null(q->fields))
		return false;
	if (str_eq(q->filter, STR("{}")))
		q_asset_page_add(flow_batch(f),
				 &(struct q_asset_page){.after = after, .take = q->take});
	else if (!str_is_null(of) && str_eq(q->filter, of))
		q_asset_page_of_add(flow_batch(f),
				    &(struct q_asset_page_of){.authority_id = authority,
							      .after = after,
							      .take = q->take});
	else
		return false;
	l->has_versions = true;
	return true;
}

/* A file that hangs on something, while that is looked for. */
struct list_file {
	struct export_call call;
	struct as_at at;
};

static enum step_result file_begin(struct flow *f)
{
	const struct list_file *file = f->state;
	int r = check_parent(f, list_row_of(f), 0);

	return r < 0 ? flow_fail(f, r) : export_begin(f, &file->call);
}

static const struct flow_step flow_list_file[] = {
	{"send", file_begin},
	{0},
};

/* The whole list, once what it hangs on is there. */
static enum step_result send_file(struct flow *f, const struct list_row *row,
				  const struct export_call *call)
{
	struct list_file *file;

	if (!row->parent)
		return export_begin(f, call);
	file = f->state = ARENA_NEW(f->arena, struct list_file);
	if (!file)
		return flow_fail(f, ERR_NOMEM);
	*file = (struct list_file){*call, *call->at};
	file->call.at = &file->at;
	add_parent(f, row);
	(void)flow_become(f, flow_list_file);
	return flow_send(f);
}

static enum step_result list_load(struct flow *f)
{
	const struct list_row *row = list_row_of(f);
	struct list *l = f->state = ARENA_NEW(f->arena, struct list);
	struct str filter, fields, after = {NULL, 0};
	struct q_item_list q;
	struct as_at at;
	int r;

	if (!l || !row)
		return flow_fail(f, l ? ERR_BUG : ERR_NOMEM);
	r = list_read(f, row->sorts, l);
	if (r == 0)
		r = check_distance(f, l);
	if (r == 0)
		r = flow_format(f, &l->type);
	if (r == 0)
		r = list_filter(f, &(struct list_filter){row->kind, row->parent, row->filters},
				&filter);
	if (r == 0)
		r = read_at(f, &at);
	if (r == 0 && at.is_given)
		r = is_filed(row) ? filed_by(f, &at, &filter) : check_at(f, l, filter);
	if (r == 0 && export_is_whole(f, l->type))
		return send_file(f, row,
				 &(struct export_call){row->kind, l->type, filter, &at, NULL});
	if (r == 0)
		r = fields_of(f, &fields);
	if (r == 0 && !l->is_first) {
		after = db_text_array(f->arena, l->key, 2);
		r = str_is_null(after) ? ERR_NOMEM : 0;
	}
	if (r < 0)
		return flow_fail(f, r);
	q = (struct q_item_list){.kind = str_of(row->kind),
				 .filter = filter,
				 .sort = l->sort,
				 .after = after,
				 .fields = fields,
				 .take = l->rows,
				 .is_feature = list_is_geo(l)};
	if (at.is_given)
		ask_list_at(f, &at, &q);
	else if (!ask_plain(f, l, &q))
		q_item_list_add(flow_batch(f), &q);
	add_parent(f, row);
	return flow_send(f);
}

static enum step_result list_show(struct flow *f)
{
	const struct list_row *row = list_row_of(f);
	int r = check_parent(f, row, 1);

	return r < 0 ? flow_fail(f, r) : list_answer(f, f->state, 0);
}

const struct flow_step flow_item_list[] = {
	{"load", list_load},
	{"answer", list_show},
	{0},
};
