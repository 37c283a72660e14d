/*
 * Asset transfer reports. What they count is worked out by SQL from the ledger (report_cases in
 * functions/0069_report.sql), for the draft each time it is read, and kept with a version when
 * it is published. A version is never changed: corrections are published as the next.
 *
 * The draft's texts go by ETag as an item's do. The figures of a draft move with the ledger, so
 * its ETag names the version and a digest of what is shown; writes look at the version alone.
 */
#include "h_report.h"

#include "daemon/export/h_export.h"
#include "daemon/flow/flow_format.h"
#include "daemon/route/h.h"
#include "daemon/route/list.h"
#include "daemon/route/router.h"
#include "q.h"

/* A draft as it was loaded for a change. */
struct report_flow {
	struct report_at at;
	struct report report;
};

int report_year_of(struct flow *f, int32_t *ret_year)
{
	struct str text = flow_query(f, "year");

	*ret_year = 0;
	if (!text.len || report_year_parse(text, ret_year) == 0)
		return 0;
	flaw_add(&f->flaws, STR("?year"), STR("BAD_FORM"), STR("This is no reporting year."),
		 STR("Write the year from April to March as 2025-26, 2017-18 being the first."));
	return ERR_QUERY;
}

int report_at(struct flow *f, struct report_at *ret_at)
{
	struct str text = flow_query(f, "version");
	int64_t number = 0;

	*ret_at = (struct report_at){.authority_id = f->param[0], .has_wanted = text.len > 0};
	if (report_year_parse(f->param[1], &ret_at->year) < 0)
		return ERR_NOT_FOUND;
	if (!text.len || str_eq(text, STR("draft")))
		return 0;
	if (str_to_i64(text, &number) < 0 || number < 1 || number > INT32_MAX) {
		flaw_add(&f->flaws, STR("?version"), STR("BAD_FORM"),
			 STR("This is no version of a report."),
			 STR("Send the number of one that was published, or draft."));
		return ERR_QUERY;
	}
	ret_at->wanted = (int32_t)number;
	return 0;
}

/* A page of authorities; the query has been read before. */
static void add_list(struct flow *f, const struct str *after, int32_t take)
{
	struct str authority_id = flow_query(f, "authority_id");
	int32_t year;

	if (report_year_of(f, &year) < 0)
		year = 0;
	q_report_list_add(
		flow_batch(f),
		&(struct q_report_list){
			.year = year,
			.has_year = year != 0,
			.authority_id = authority_id.len ? authority_id : (struct str){NULL, 0},
			.after_name = after ? after[0] : (struct str){NULL, 0},
			.after_id = after ? after[1] : (struct str){NULL, 0},
			.take = take,
		});
}

static enum step_result list_load(struct flow *f)
{
	struct list *l = f->state = ARENA_NEW(f->arena, struct list);
	int32_t year = 0;
	int r = l ? list_read(f, "name", l) : ERR_NOMEM;

	if (r == 0)
		r = flow_format(f, &l->type);
	if (r == 0)
		r = report_year_of(f, &year);
	if (r < 0)
		return flow_fail(f, r);
	if (export_is_whole(f, l->type))
		return export_begin(
			f,
			&(struct export_call){.kind = "report", .type = l->type, .page = add_list});
	add_list(f, l->is_first ? NULL : l->key, l->rows);
	return flow_send(f);
}

static enum step_result list_show(struct flow *f)
{
	return list_answer(f, f->state, 0);
}

const struct flow_step flow_report_list[] = {
	{"load", list_load},
	{"answer", list_show},
	{0},
};

enum step_result report_show_load(struct flow *f)
{
	struct report_at at;
	int r = report_at(f, &at);

	if (r < 0)
		return flow_fail(f, r);
	q_report_show_add(flow_batch(f), &(struct q_report_show){.authority_id = at.authority_id,
								 .year = at.year,
								 .wanted = at.wanted,
								 .has_wanted = at.has_wanted});
	return flow_send(f);
}

static enum step_result show_answer(struct flow *f)
{
	struct q_report_show_row row;
	int r = q_report_show_one(f->got, 0, &row);

	if (r < 0)
		return flow_fail(f, r);
	/* One that nobody has written of yet has no version that a change could name. */
	if (row.version ? flow_etag(f, row.version, arena_str(f->arena, row.view).at)
			: flow_etag_weak(f, row.view))
		return STEP_DONE;
	return flow_answer(f, 200, row.body);
}

const struct flow_step flow_report_show[] = {
	{"load", report_show_load},
	{"answer", show_answer},
	{0},
};

/* A page of the cases of a line; path and query have been read before. */
static void add_requests(struct flow *f, const struct str *after, int32_t take)
{
	struct report_at at;

	if (report_at(f, &at) < 0)
		at = (struct report_at){.authority_id = f->param[0]};
	q_report_requests_add(flow_batch(f),
			      &(struct q_report_requests){
				      .authority_id = at.authority_id,
				      .year = at.year,
				      .wanted = at.wanted,
				      .has_wanted = at.has_wanted,
				      .line = flow_query(f, "line"),
				      .after_key = after ? after[0] : (struct str){NULL, 0},
				      .after_id = after ? after[1] : (struct str){NULL, 0},
				      .take = take,
			      });
}

/* Of a file the first page is read once more, behind what has to be there for it. */
static enum step_result requests_load(struct flow *f)
{
	struct list *l = f->state = ARENA_NEW(f->arena, struct list);
	struct report_at at;
	int r = l ? report_at(f, &at) : ERR_NOMEM;

	if (r == 0)
		r = list_read(f, "on", l);
	if (r == 0)
		r = flow_format(f, &l->type);
	if (r < 0)
		return flow_fail(f, r);
	add_requests(f, l->is_first ? NULL : l->key, export_is_whole(f, l->type) ? 1 : l->rows);
	q_report_show_add(flow_batch(f), &(struct q_report_show){.authority_id = at.authority_id,
								 .year = at.year,
								 .wanted = at.wanted,
								 .has_wanted = at.has_wanted});
	q_report_line_find_add(flow_batch(f),
			       &(struct q_report_line_find){.code = flow_query(f, "line")});
	return flow_send(f);
}

/* A report that is not there, or whose draft is another's, has no cases either. */
static enum step_result requests_answer(struct flow *f)
{
	const struct list *l = f->state;
	struct q_report_line_find_row line;
	struct q_report_show_row row;
	int r = q_report_show_one(f->got, 1, &row);

	if (r == 0)
		r = q_report_line_find_one(f->got, 2, &line);
	if (r == 0 && !line.is_there && !str_is_null(flow_query(f, "line"))) {
		flaw_add(&f->flaws, STR("?line"), STR("NOT_IN_LIST"),
			 STR("Reports have no such line."),
			 arena_fmt(f->arena, "Send one of %.*s.", (int)line.codes.len,
				   line.codes.at));
		r = ERR_QUERY;
	}
	if (r < 0)
		return flow_fail(f, r);
	if (!export_is_whole(f, l->type))
		return list_answer(f, l, 0);
	return export_begin(f, &(struct export_call){.kind = "report request",
						     .type = l->type,
						     .page = add_requests});
}

const struct flow_step flow_report_requests[] = {
	{"load", requests_load},
	{"answer", requests_answer},
	{0},
};

static enum step_result load(struct flow *f, const struct report_at *at)
{
	q_report_load_add(flow_batch(f), &(struct q_report_load){.authority_id = at->authority_id,
								 .year = at->year});
	return flow_send(f);
}

enum step_result report_text_load(struct flow *f)
{
	struct report_flow *s = f->state = ARENA_NEW(f->arena, struct report_flow);
	int r = s ? report_at(f, &s->at) : ERR_NOMEM;

	if (r == 0)
		r = h_decode(f, &report_shape, SHAPE_CREATE, &s->report);
	return r < 0 ? flow_fail(f, r) : load(f, &s->at);
}

static int check(struct flow *f, const struct report_at *at, struct q_report_load_row *ret_row)
{
	int r = q_report_load_one(f->got, 0, ret_row);

	if (r == 0)
		r = h_may(f, PERM_REPORT_WRITE, at->authority_id);
	/* A page's form carries the version itself, and has been looked at (p_report.c). */
	return r < 0 || f->route->flags & ROUTE_FORM ? r : flow_if_match(f, ret_row->version);
}

static struct str event_data(struct flow *f, const struct report_at *at, int32_t number)
{
	return arena_fmt(f->arena, "{\"authority_id\":\"%s\",\"year\":\"%s\",\"number\":%d}",
			 at->authority_id.at, f->param[1].at, number);
}

enum step_result report_text_store(struct flow *f)
{
	struct report_flow *s = f->state;
	struct str id, fields = h_json(f, &report_shape, &s->report);
	struct q_report_load_row row;
	int r = check(f, &s->at, &row);

	if (r < 0)
		return flow_fail(f, r);
	id = row.version ? arena_str(f->arena, row.id) : h_id(f, "rpt_");
	if (row.version)
		q_report_update_add(flow_batch(f), &(struct q_report_update){.id = id,
									     .seen = row.version,
									     .fields = fields,
									     .stale = h_stale(f)});
	else
		q_report_insert_add(flow_batch(f),
				    &(struct q_report_insert){.id = id,
							      .authority_id = s->at.authority_id,
							      .year = s->at.year,
							      .fields = fields});
	h_change(f, &(struct h_change){.type = "report.drafted",
				       .subject = id,
				       .seq = row.version + 1,
				       .authority_id = s->at.authority_id,
				       .data = event_data(f, &s->at, row.published + 1),
				       .is_hidden = true});
	return flow_store_end(f, "rpt", id, row.version ? 200 : 201);
}

const struct flow_step flow_report_put[] = {
	{"load", report_text_load},
	{"store", report_text_store},
	{"answer", flow_store_answer},
	{0},
};

enum step_result report_publish_load(struct flow *f)
{
	struct report_flow *s = f->state = ARENA_NEW(f->arena, struct report_flow);
	int r = s ? report_at(f, &s->at) : ERR_NOMEM;

	return r < 0 ? flow_fail(f, r) : load(f, &s->at);
}

/* Why a draft cannot be published, in a sentence; NULL: it can. */
static const char *hindrance(const struct q_report_load_row *row, const struct report *report)
{
	if (!row->is_over)
		return "The reporting year has not ended: its report is published after 31 March.";
	if (str_is_null(report->promotion) || str_is_null(report->support))
		return "Say first what was done to promote requests and to support community "
		       "bodies in making them. A report without requests says so too.";
	if (!row->differs)
		return "Nothing has changed since it was published last.";
	return NULL;
}

enum step_result report_publish_store(struct flow *f)
{
	struct report_flow *s = f->state;
	struct q_report_load_row row;
	const char *why;
	struct str id;
	int r = check(f, &s->at, &row);

	if (r == 0)
		r = h_stored(f, row.fields, &report_shape, &s->report);
	if (r < 0)
		return flow_fail(f, r);
	why = hindrance(&row, &s->report);
	if (why) {
		flow_detail(f, str_of(why));
		return flow_fail(f, ERR_REPORT_STATE);
	}
	id = arena_str(f->arena, row.id);
	q_report_publish_add(
		flow_batch(f),
		&(struct q_report_publish){.id = id, .seen = row.version, .stale = h_stale(f)});
	h_change(f, &(struct h_change){.type = "report.published",
				       .subject = id,
				       .seq = row.version + 1,
				       .authority_id = s->at.authority_id,
				       .data = event_data(f, &s->at, row.published + 1)});
	return flow_store_end(f, "rpt", id, 200);
}

const struct flow_step flow_report_publish[] = {
	{"load", report_publish_load},
	{"store", report_publish_store},
	{"answer", flow_store_answer},
	{0},
};
