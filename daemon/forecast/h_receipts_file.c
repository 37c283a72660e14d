/*
 * A file names authorities, partnerships and localities, which the projector does not: so the
 * database is asked once more, for those that the figures are of.
 *
 *	read (some items a turn) → names → begin → rows (some a turn, which the client takes)
 *
 * Between two turns other requests are served. What is held is the answer's text, its figures at
 * 170 bytes an item and what waits for the client; of those that the flow's memory does not free
 * the file is the owner, as f->got_blob: it goes with the flow, also when the client leaves.
 */
#include "h_receipts_file.h"

#include <stdlib.h>

#include "daemon/base/clock.h"
#include "daemon/export/export_progress.h"
#include "daemon/export/h_export.h"
#include "daemon/export/workbook.h"
#include "daemon/flow/flow_stream.h"
#include "daemon/page/page.h"
#include "daemon/route/h.h"
#include "daemon/route/router.h"
#include "h_parameter.h"
#include "libassets/shape/shape.h"
#include "q.h"
#include "receipts_sheet.h"
#include "receipts_tag.h"

enum {
	ITEMS_A_TURN = 500, /* read: some 5 ms */
	CSV_CELLS = 20000,  /* written: the same */
	BOOK_CELLS = 8000,
	PIECE_MAX = 16 << 20,
	TURN_MS = 10000, /* for a turn to come; it comes at once */
};

struct file {
	struct blob *answer; /* what the text lies in; NULL: the flow's memory */
	struct str text, groups;
	bool is_book, is_guarded, has_begun;
	struct sha256 sum;
	const char *summed_to;
	struct receipts_grid grid;
	struct receipts_sheet sheet;
	struct workbook *book;
	json_t *parameters; /* what it was worked out with, row by row; NULL: not told */
	uint64_t noted;     /* see export_progress.h */
};

static void file_free(void *owner)
{
	struct file *file = owner;

	workbook_free(file->book);
	receipts_grid_done(&file->grid);
	json_decref(file->parameters);
	blob_unref(file->answer);
	export_progress_end(file->noted, false, clock_now_us());
	free(file);
}

/* Go on with that step in another turn of the loop. */
static enum step_result next_turn(struct flow *f, const struct flow_step *table)
{
	struct flow_ticket *ticket = flow_ticket_new(f, TURN_MS);

	if (!ticket)
		return flow_fail(f, ERR_NOMEM);
	(void)flow_become(f, table);
	flow_wake(ticket, 0,
		  blob_ref(f->got_blob)); /* a ticket takes the place of what it brings */
	return STEP_WAIT;
}

/* --- the end: rows ---------------------------------------------------------------------------- */

static struct str type_of(const struct file *file)
{
	return file->is_book ? STR(EXPORT_XLSX) : STR("text/csv; charset=utf-8; header=present");
}

/* What it is called; whoever has signed in is told how far it is. An address is asked by a program.
 */
static int put_name(struct flow *f, struct file *file)
{
	struct str day = shape_day_text(f->today, f->arena);
	struct str name = arena_fmt(f->arena, "forecast-%.*s.%s", (int)day.len, day.at,
				    file->is_book ? "xlsx" : "csv");
	struct str field = arena_fmt(f->arena, "attachment; filename=\"%s\"", name.at);

	if (!name.at || !field.at)
		return ERR_NOMEM;
	http_reply_field(f->reply, STR("Content-Disposition"), field);
	if (f->who->id.len && !f->who->address_id.len && f->request->method != METHOD_HEAD)
		file->noted = export_progress_begin(f->who->id, name, f->now_us);
	return 0;
}

static enum step_result rows(struct flow *f);

static const struct flow_step rows_steps[] = {
	{"rows", rows},
	{0},
};

/* A file of one piece has a length; a longer one leaves as it is made. */
static enum step_result rows(struct flow *f)
{
	CLEANUP(buf_done) struct buf out = BUF(PIECE_MAX);
	struct file *file = f->state;
	bool is_whole = false, is_first = !file->has_begun;
	int r = 0;

	if (is_first)
		r = receipts_sheet_begin(&file->sheet, &out);
	file->has_begun = true;
	if (r == 0)
		r = receipts_sheet_rows(&file->sheet, file->is_book ? BOOK_CELLS : CSV_CELLS, &out,
					&is_whole);
	if (r == 0 && is_first)
		r = put_name(f, file);
	if (r < 0)
		return flow_fail(f, r);
	export_progress_rows(file->noted, file->sheet.rows);
	if (is_whole)
		export_progress_end(file->noted, true, clock_now_us());
	if (is_first && is_whole)
		return flow_answer_as(f, 200, type_of(file), buf_view(&out));
	if (is_first && !flow_stream_begin(f, type_of(file)))
		return STEP_DONE;
	flow_stream_add(f, &out);
	if (is_whole)
		return STEP_DONE;
	if (flow_stream_has_room(f))
		return next_turn(f, rows_steps);
	(void)flow_become(f, rows_steps);
	return flow_stream_wait(f);
}

/* --- what things are called ------------------------------------------------------------------- */

/* Of this very forecast as JSON, with what was asked for by saying nothing. */
static struct str address_of(struct flow *f)
{
	const struct file *file = f->state;
	const char *const name[] = {"group_by",    "scenario", "authority_id", "cpp_id",
				    "locality_id", "class",    "run"};
	struct page_filter filter[COUNT(name)];

	for (size_t i = 0; i < COUNT(name); i++)
		filter[i] = (struct page_filter){name[i], flow_query(f, name[i])};
	if (!filter[0].value.len)
		filter[0].value = file->groups;
	return page_address(f->arena, "/v1/projections/receipts", filter, COUNT(name));
}

static enum step_result begin(struct flow *f)
{
	struct file *file = f->state;
	json_auto_t *names = NULL;
	struct q_receipt_names_row row;
	int r = q_receipt_names_one(f->got, 0, &row);

	if (r < 0)
		return flow_fail(f, r);
	sha256_add(&file->sum, row.names);
	sha256_add(&file->sum, row.parameters);
	if (receipts_tag_is_had(&file->sum, f))
		return STEP_DONE;
	names = json_loadb(row.names.at, row.names.len, 0, NULL);
	/* A run that keeps none is none that the reader may read. */
	if (file->is_book && (row.parameters.at || !flow_query(f, "run").len))
		r = parameter_in_full(f, row.parameters, &file->parameters);
	if (r == 0)
		r = receipts_grid_settle(&file->grid, names);
	file->sheet = (struct receipts_sheet){.grid = &file->grid,
					      .arena = f->arena,
					      .parameters = file->parameters,
					      .address = address_of(f),
					      .on = f->today,
					      .is_guarded = file->is_guarded,
					      .book = file->is_book ? &file->book : NULL};
	return r < 0 ? flow_fail(f, r) : flow_become(f, rows_steps);
}

static const struct flow_step begin_steps[] = {
	{"names", begin},
	{0},
};

/* The ids that the lines are of. */
static enum step_result ask_names(struct flow *f)
{
	const struct receipts_grid *g = &((const struct file *)f->state)->grid;
	struct str *id = ARENA_ARRAY(
		f->arena, g->lines[RECEIPTS_DOWN] + g->lines[RECEIPTS_ACROSS] + 1, struct str);
	size_t n = 0;

	if (!id)
		return flow_fail(f, ERR_NOMEM);
	for (size_t axis = 0; axis < RECEIPTS_AXES; axis++) {
		const char *member = g->member[axis] ? g->member[axis] : "";

		for (uint32_t i = 0; strstr(member, "_id") && i < g->lines[axis]; i++)
			id[n++] = g->line[axis][i].key;
	}
	q_receipt_names_add(flow_batch(f),
			    &(struct q_receipt_names){.ids = db_text_array(f->arena, id, n),
						      .run_id = flow_query(f, "run")});
	(void)flow_become(f, begin_steps);
	return flow_send(f);
}

/* --- the beginning: figures ------------------------------------------------------------------- */

static int too_many(struct flow *f)
{
	h_flaw(f, "group_by", "TOO_MANY", STR("More figures would come of it than a file has."),
	       STR("Narrow it, or take the JSON."));
	return ERR_QUERY;
}

static enum step_result read_some(struct flow *f);

static const struct flow_step read_steps[] = {
	{"read", read_some},
	{0},
};

static enum step_result read_some(struct flow *f)
{
	struct file *file = f->state;
	bool is_whole;
	int r = receipts_grid_read(&file->grid, ITEMS_A_TURN, &is_whole);

	if (r < 0)
		return flow_fail(f, r == ERR_LIMIT ? too_many(f) : r);
	receipts_tag_add(&file->sum, (struct str){file->summed_to,
						  (size_t)(file->grid.read_to - file->summed_to)});
	file->summed_to = file->grid.read_to;
	return is_whole ? ask_names(f) : next_turn(f, read_steps);
}

enum step_result receipts_file(struct flow *f, const struct receipts_file_call *call)
{
	struct file *file = calloc(1, sizeof(*file));
	struct blob *owner = file ? blob_of((struct str){"", 0}, file_free, file) : NULL;

	if (!owner)
		return flow_fail(f, ERR_NOMEM);
	file->is_book = call->is_book;
	file->is_guarded = call->is_guarded;
	file->text = call->answer;
	file->groups = call->groups;
	if (call->answer.at == f->got_mail.at)
		file->answer = TAKE(f->got_blob);
	else
		file->text = arena_str(f->arena, call->answer);
	blob_unref(f->got_blob);
	f->got_blob = owner;
	f->got_mail = (struct str){NULL, 0};
	f->state = file;
	if (!file->text.at)
		return flow_fail(f, ERR_NOMEM);
	receipts_grid_init(&file->grid, file->text, f->arena);
	file->summed_to = file->text.at;
	receipts_tag_begin(&file->sum, call->is_book ? STR(EXPORT_XLSX) : STR(EXPORT_CSV),
			   call->is_guarded);
	return read_some(f);
}
