/*
 * Lists as files. Pages come by id from the database and leave in pieces (flow_stream.h): the
 * next one is asked for before this one is written, so that both work at once, and two are
 * all that is ever held.
 *
 * The order is by id, whatever sorts the list has: a file is for machines, and an id never moves,
 * so nothing is there twice or left out while others write. An answer that fails half-way is
 * cut and never looks whole; the register's ends with a line that counts its items, and a workbook
 * without its end opens nowhere.
 *
 * A file of a day (as_at.h) is made of the facts of then, by the same columns.
 *
 * Whoever has signed in is told how far each of theirs is (export_progress.h). How many rows there
 * will be is counted with the first page; of then, and of lists that page by themselves, nobody
 * knows.
 */
#include "h_export.h"

#include <inttypes.h>

#include "daemon/base/clock.h"
#include "daemon/flow/flow_stream.h"
#include "daemon/route/as_at.h"
#include "daemon/route/router.h"
#include "export_progress.h"
#include "export_row.h"
#include "export_table.h"
#include "libassets/shape/shape.h"
#include "q.h"
#include "workbook.h"

/*
 * Rows asked for at once: cells are short, items long, and what is to be deflated should not keep
 * the loop for more than some 10 ms. Bytes of a page.
 */
enum { CELL_ROWS = 2000, ITEM_ROWS = 1000, BOOK_ROWS = 400, PIECE_MAX = 64 << 20 };

/* What the whole register is, in an order in which each names only what stands before it. */
static const struct {
	const char *kind, *name;
} register_kinds[] = {
	{"aut", "authority"}, {"cpp", "cpp"},      {"loc", "locality"},
	{"cbo", "body"},      {"ast", "asset"},    {"val", "valuation"},
	{"pln", "plan"},      {"dsp", "disposal"}, {"atr", "request"},
};

struct export_flow {
	const char *kind;
	/* Of the register: which of register_kinds, items so far, where the feed stood before all.
	 */
	size_t which, next_which;
	int64_t items, position;
	bool is_register;
	struct str filter, after;         /* the last id seen; absent at the beginning */
	const struct export_table *table; /* NULL: NDJSON */
	struct as_at at;
	export_pager *page;
	struct str key;        /* beside after, of a pager */
	struct workbook *book; /* NULL: the file is a text */
	uint64_t noted;        /* see export_progress.h */
	struct str type, file; /* what a browser keeps it under */
	int32_t take;
	bool has_begun, is_guarded, is_counting;
	int err; /* of a page that was written while the next was on its way */
};

static const struct flow_step pages[2], ask_again[2], finish[2];

/* What belongs to pages alone. */
static const char *const of_pages[] = {"limit", "cursor", "sort", "fields"};

static bool is_geo(const struct export_flow *e)
{
	return str_eq(e->type, STR(EXPORT_GEOJSON));
}

bool export_is_whole(struct flow *f, struct str type)
{
	bool is_page = false;

	for (size_t i = 0; i < COUNT(of_pages); i++)
		is_page |= !str_is_null(flow_query(f, of_pages[i]));
	return str_eq(type, STR(EXPORT_CSV)) || str_eq(type, STR(EXPORT_NDJSON)) ||
	       str_eq(type, STR(EXPORT_XLSX)) || (str_eq(type, STR(EXPORT_GEOJSON)) && !is_page);
}

static bool has_cells(const struct export_flow *e)
{
	return e->table && e->table->column[0].cell >= 0;
}

static struct str kind_of(const struct export_flow *e)
{
	return str_of(e->is_register ? register_kinds[e->next_which].kind : e->kind);
}

/* The page behind e->after, of now. */
static void add_page(struct flow *f, const struct export_flow *e, struct str after)
{
	if (has_cells(e) && str_eq(e->filter, STR("{}")))
		q_export_whole_add(
			flow_batch(f),
			&(struct q_export_whole){.after = e->after.len ? e->after : STR(""),
						 .take = e->take});
	else if (has_cells(e))
		q_export_assets_add(flow_batch(f), &(struct q_export_assets){.filter = e->filter,
									     .after = e->after,
									     .take = e->take});
	else
		q_item_list_add(flow_batch(f), &(struct q_item_list){.kind = kind_of(e),
								     .filter = e->filter,
								     .sort = STR("id"),
								     .after = after,
								     .take = e->take,
								     .is_feature = is_geo(e)});
}

/* The same of then. */
static void add_page_at(struct flow *f, const struct export_flow *e, struct str after)
{
	if (has_cells(e))
		q_export_assets_at_add(flow_batch(f),
				       &(struct q_export_assets_at){.filter = e->filter,
								    .after = after,
								    .take = e->take,
								    .valid_on = e->at.valid_on,
								    .known_at = e->at.known_at});
	else
		q_item_list_at_add(flow_batch(f),
				   &(struct q_item_list_at){.kind = kind_of(e),
							    .filter = e->filter,
							    .sort = STR("id"),
							    .after = after,
							    .take = e->take,
							    .is_feature = is_geo(e),
							    .valid_on = e->at.valid_on,
							    .known_at = e->at.known_at});
}

/* Behind the first page: how many rows there are in all, for whoever is told. */
static int add_count(struct flow *f, struct export_flow *e)
{
	struct str kind[COUNT(register_kinds)] = {str_of(e->kind)}, kinds;

	if (!e->noted || e->has_begun || e->page || e->at.is_given)
		return 0;
	for (size_t i = 0; e->is_register && i < COUNT(register_kinds); i++)
		kind[i] = str_of(register_kinds[i].kind);
	kinds = db_text_array(f->arena, kind, e->is_register ? COUNT(kind) : 1);
	q_item_count_add(flow_batch(f),
			 &(struct q_item_count){.kinds = kinds, .filter = e->filter});
	e->is_counting = true;
	return str_is_null(kinds) ? ERR_NOMEM : 0;
}

static enum step_result ask(struct flow *f)
{
	struct export_flow *e = f->state;
	struct str last[2] = {e->after, e->after};
	struct str after = str_is_null(e->after) ? e->after : db_text_array(f->arena, last, 2);

	if (e->page)
		e->page(f, str_is_null(e->after) ? NULL : (struct str[]){e->key, e->after},
			e->take);
	else if (e->at.is_given)
		add_page_at(f, e, after);
	else
		add_page(f, e, after);
	if (add_count(f, e) < 0)
		return flow_fail(f, ERR_NOMEM);
	(void)flow_become(f, pages);
	return flow_send(f);
}

/* A file is always whole. */
static int refuse_paging(struct flow *f)
{
	for (size_t i = 0; i < COUNT(of_pages); i++) {
		if (str_is_null(flow_query(f, of_pages[i])))
			continue;
		flaw_add(&f->flaws, arena_fmt(f->arena, "?%s", of_pages[i]), STR("NOT_HERE"),
			 STR("A file holds the whole list, by id."), STR("Leave it out."));
	}
	return f->flaws.count ? ERR_QUERY : 0;
}

/* The layout that ?format= names, or ours. */
static int choose_table(struct flow *f, struct export_flow *e)
{
	struct str format = flow_query(f, "format"), guard = flow_query(f, "guard");
	bool is_book = str_eq(e->type, STR(EXPORT_XLSX));

	e->is_guarded = !str_eq(guard, STR("no"));
	if (!str_is_null(guard) && e->is_guarded && !str_eq(guard, STR("yes"))) {
		flaw_add(&f->flaws, STR("?guard"), STR("NOT_ONE_OF"),
			 STR("It is guarded against formulas or not."), STR("Send yes or no."));
		return ERR_QUERY;
	}
	if (!is_book && !str_eq(e->type, STR(EXPORT_CSV)))
		return 0;
	e->table = export_table_of(e->kind, is_book || str_is_null(format) ? STR("csv") : format);
	if (e->table)
		return 0;
	flaw_add(&f->flaws, STR("?format"), STR("BAD_FORM"),
		 STR("This list does not come in such a layout."), STR("Send format=csv."));
	return ERR_QUERY;
}

/* What the file is called, and the sheet of a workbook. */
static struct str list_name(const struct flow *f, const struct export_flow *e)
{
	return e->is_register ? STR("register") : str_of(strrchr(f->route->path, '/') + 1);
}

/* assets-2026-11-22.csv, by the day it is of. */
static struct str file_name(struct flow *f, const struct export_flow *e)
{
	struct str day = e->at.is_given ? e->at.valid_on : shape_day_text(f->today, f->arena);

	return arena_fmt(f->arena, "%s-%.*s.%s", list_name(f, e).at, (int)day.len, day.at,
			 e->book     ? "xlsx"
			 : e->table  ? "csv"
			 : is_geo(e) ? "geojson"
				     : "ndjson");
}

/* The flow has ended, by itself or since its client has left. */
static void let_go(void *owner)
{
	const struct export_flow *e = owner;

	workbook_free(e->book);
	export_progress_end(e->noted, false, clock_now_us());
}

static int open_book(struct flow *f, struct export_flow *e)
{
	if (!str_eq(e->type, STR(EXPORT_XLSX)))
		return 0;
	e->book = export_book(e->table, list_name(f, e), f->today, f->arena);
	return e->book ? 0 : ERR_NOMEM;
}

/* What outlives the flow goes with it: f->got_blob, the end of which is the flow's. */
static int open_file(struct flow *f, struct export_flow *e)
{
	f->got_blob = blob_of((struct str){"", 0}, let_go, e);
	if (!f->got_blob || open_book(f, e) < 0)
		return ERR_NOMEM;
	e->file = file_name(f, e);
	if (str_is_null(e->file))
		return ERR_NOMEM;
	if (f->who->id.len && f->request->method != METHOD_HEAD)
		e->noted = export_progress_begin(f->who->id, e->file, f->now_us);
	return 0;
}

static int32_t rows_of(const struct export_flow *e)
{
	return e->book ? BOOK_ROWS : has_cells(e) ? CELL_ROWS : ITEM_ROWS;
}

enum step_result export_begin(struct flow *f, const struct export_call *call)
{
	struct export_flow *e = f->state = ARENA_NEW(f->arena, struct export_flow);
	int r;

	if (!e)
		return flow_fail(f, ERR_NOMEM);
	*e = (struct export_flow){
		.kind = call->kind, .type = call->type, .filter = call->filter, .page = call->page};
	if (call->at)
		e->at = *call->at;
	r = refuse_paging(f);
	if (r == 0)
		r = choose_table(f, e);
	if (r == 0)
		r = open_file(f, e);
	if (r < 0)
		return flow_fail(f, r);
	e->take = rows_of(e);
	flow_report(f);
	return ask(f);
}

static struct export_sink sink_of(const struct export_flow *e, struct buf *out)
{
	return (struct export_sink){e->book, out, e->is_guarded};
}

/* With its parameters. */
static struct str full_type(const struct export_flow *e)
{
	return str_eq(e->type, STR(EXPORT_CSV)) ? STR("text/csv; charset=utf-8; header=present")
						: e->type;
}

static bool begin(struct flow *f, struct export_flow *e, struct buf *out)
{
	struct str name = arena_fmt(f->arena, "attachment; filename=\"%s\"", e->file.at);

	e->has_begun = true;
	if (!str_is_null(name))
		http_reply_field(f->reply, STR("Content-Disposition"), name);
	if (!flow_stream_begin(f, full_type(e)))
		return false;
	if (e->is_register)
		buf_fmt(out,
			"{\"kind\":\"register\",\"position\":%" PRId64
			",\"licence\":\"OGL-UK-3.0\",\"next\":\"/v1/events?after=%" PRId64 "\"}\n",
			e->position, e->position);
	if (is_geo(e))
		buf_str(out, STR("{\"type\":\"FeatureCollection\",\"features\":[\n"));
	if (e->table) {
		const struct export_sink to = sink_of(e, out);

		export_head(e->table, &to);
	}
	return true;
}

static int put_row(struct flow *f, const struct export_flow *e, int row, struct buf *out)
{
	const struct export_sink to = sink_of(e, out);

	if (has_cells(e)) {
		export_cells(f->got, row, e->table, &to);
		return 0;
	}
	if (e->table)
		return export_item(db_value(f->got, 0, row, 0), e->table, &to);
	if (e->is_register)
		buf_fmt(out, "{\"kind\":\"%s\",\"item\":", register_kinds[e->which].name);
	if (is_geo(e) && (e->items || row))
		buf_str(out, STR(",\n"));
	buf_str(out, db_value(f->got, 0, row, 0));
	if (!is_geo(e))
		buf_str(out, e->is_register ? STR("}\n") : STR("\n"));
	return 0;
}

/* The id stands first among cells, and last behind items. */
static struct str last_id(struct flow *f, const struct export_flow *e, int rows)
{
	return arena_str(f->arena, db_value(f->got, 0, rows - 1, has_cells(e) ? 0 : 2));
}

/*
 * Where to go on behind this page: its last id, or the register's next kind. False at the end of
 * all.
 */
static bool find_next(struct flow *f, struct export_flow *e, int rows)
{
	if (rows == e->take) {
		e->after = last_id(f, e, rows);
		if (e->page)
			e->key = arena_str(f->arena, db_value(f->got, 0, rows - 1, 1));
		e->err = str_is_null(e->after) || (e->page && str_is_null(e->key)) ? ERR_NOMEM : 0;
		return true;
	}
	e->after = (struct str){NULL, 0};
	return e->is_register && ++e->next_which < COUNT(register_kinds);
}

/* The rows of the page that is there, and the end of all where nothing follows. */
static int put_page(struct flow *f, struct export_flow *e, int rows, bool is_last, struct buf *out)
{
	int r = 0;

	for (int i = 0; r == 0 && i < rows; i++)
		r = put_row(f, e, i, out);
	e->items += rows;
	if (e->is_register && e->next_which == COUNT(register_kinds))
		buf_fmt(out, "{\"kind\":\"end\",\"items\":%" PRId64 "}\n", e->items);
	if (is_geo(e) && is_last)
		buf_str(out, STR("\n],\"next\":null}\n"));
	if (e->book && is_last)
		workbook_end(e->book);
	if (r == 0 && e->book)
		r = workbook_take(e->book, out);
	return r < 0 ? r : buf_err(out);
}

static void read_count(struct flow *f, const struct export_flow *e)
{
	struct q_item_count_row row;

	if (q_item_count_one(f->got, 1, &row) == 0)
		export_progress_of(e->noted, row.items);
}

/*
 * A client that takes less than we bring is not asked for: then the next page is left with the
 * database until most of what waits has gone.
 */
static enum step_result page_there(struct flow *f)
{
	CLEANUP(buf_done) struct buf out = BUF(PIECE_MAX);
	struct export_flow *e = f->state;
	int rows = db_rows(f->got, 0);
	bool has_room = e->has_begun && flow_stream_has_room(f), is_last;
	enum step_result next = STEP_DONE;

	if (e->err < 0)
		return flow_fail(f, e->err);
	if (!e->has_begun && e->is_counting)
		read_count(f, e);
	if (!e->has_begun && !begin(f, e, &out))
		return STEP_DONE;
	is_last = !find_next(f, e, rows);
	if (e->err < 0)
		return flow_fail(f, e->err);
	if (!is_last && has_room)
		next = ask(f);
	/* With a question under way the flow may not end: it fails when the answer is there. */
	e->err = put_page(f, e, rows, is_last, &out);
	e->which = e->next_which;
	if (e->err < 0 && next != STEP_WAIT)
		return flow_fail(f, e->err);
	export_progress_rows(e->noted, e->items);
	flow_stream_add(f, &out);
	if (!is_last && has_room)
		return next;
	(void)flow_become(f, is_last ? finish : ask_again);
	return flow_stream_wait(f);
}

/* It is whole once the client has taken most of it. */
static enum step_result done(struct flow *f)
{
	const struct export_flow *e = f->state;

	export_progress_end(e->noted, true, clock_now_us());
	return STEP_DONE;
}

static const struct flow_step pages[] = {
	{"page", page_there},
	{0},
};

static const struct flow_step ask_again[] = {
	{"ask", ask},
	{0},
};

static const struct flow_step finish[] = {
	{"done", done},
	{0},
};

static enum step_result register_load(struct flow *f)
{
	struct export_flow *e = f->state = ARENA_NEW(f->arena, struct export_flow);

	if (!e)
		return flow_fail(f, ERR_NOMEM);
	*e = (struct export_flow){.is_register = true,
				  .type = STR(EXPORT_NDJSON),
				  .filter = STR("{}"),
				  .take = ITEM_ROWS};
	if (open_file(f, e) < 0)
		return flow_fail(f, ERR_NOMEM);
	flow_report(f);
	q_feed_head_add(flow_batch(f));
	return flow_send(f);
}

/*
 * Where the feed stands before anything is read: whoever goes on from there hears of every change
 * that a page has not shown, and again of some that one has.
 */
static enum step_result register_begin(struct flow *f)
{
	struct export_flow *e = f->state;
	struct q_feed_head_row row;
	int r = q_feed_head_one(f->got, 0, &row);

	if (r < 0)
		return flow_fail(f, r);
	e->position = row.position;
	return ask(f);
}

const struct flow_step flow_export_register[] = {
	{"load", register_load},
	{"start", register_begin},
	{0},
};
