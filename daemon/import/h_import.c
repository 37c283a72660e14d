/*
 * Imports: a list is read and compared (preview), carried out (apply), taken back (undo).
 *
 * The preview decides everything: what each line would do, with its differences and
 * problems. That takes longer than a turn of the loop may, so it is done aside
 * (import_job.h): read the list, ask the database what it is compared with, compare. Apply and
 * undo only carry out what stands there (h_import_move.c).
 */
#include "h_import.h"

#include "daemon/base/id.h"
#include "daemon/page/page.h"
#include "daemon/process/process.h"
#include "daemon/process/worker.h"
#include "daemon/route/h.h"
#include "daemon/route/router.h"
#include "h_import_private.h"
#include "import_job.h"
#include "q.h"

enum {
	ASIDE_MS = 45000, /* for each of reading and comparing */
};

static const struct flow_step flow_import_compare[5];

static bool may_import(const struct flow *f, struct str authority_id)
{
	return principal_may_at(f->who, PERM_IMPORT_WRITE, authority_id);
}

static struct str new_id(struct flow *f, const char *prefix)
{
	char id[ID_TEXT];

	id_new(prefix, f->now_us, id);
	return arena_str(f->arena, str_of(id));
}

enum step_result import_go_aside(struct flow *f, struct import_job *job, struct blob *owner)
{
	struct flow_ticket *ticket = flow_ticket_new(f, ASIDE_MS);

	if (!ticket) {
		blob_unref(owner);
		return flow_fail(f, ERR_NOMEM);
	}
	aside_do(f->worker->process->aside, &job->aside, owner, ticket);
	return STEP_WAIT;
}

int import_came_back(struct flow *f)
{
	struct import_flow *im = f->state;
	const struct flaws *flaws = &im->job->flaws;
	int err = flow_send_err(f);

	if (err < 0)
		return err;
	for (size_t i = 0; i < flaws_kept(flaws); i++)
		flaw_add(&f->flaws, flaws->at[i].pointer, flaws->at[i].code, flaws->at[i].detail,
			 flaws->at[i].cure);
	return im->job->err;
}

/* Have the list read, by a saved mapping or without (NULL); then what it is compared with is
 * loaded. */
static enum step_result give_out(struct flow *f, const struct str *mapping)
{
	struct import_flow *im = f->state;
	struct blob *owner = NULL;
	int r;

	im->job = import_job_new(TAKE(f->got_blob), im->mapping, im->authority_id, &owner);
	r = !im->job ? ERR_NOMEM : mapping ? import_job_map(im->job, *mapping) : 0;
	if (r == 0)
		import_job_valid_on(im->job, im->valid_on);
	if (r < 0) {
		blob_unref(owner);
		return flow_fail(f, r);
	}
	(void)flow_become(f, flow_import_compare);
	return import_go_aside(f, im->job, owner);
}

/* With the saved mapping of that name; the reading of the list says that there is none. */
static enum step_result preview_mapped(struct flow *f)
{
	struct q_mapping_find_row row;
	int r = q_mapping_find_one(f->got, 0, &row);

	if (r < 0 && r != ERR_NOT_FOUND)
		return flow_fail(f, r);
	return give_out(f, r == 0 ? &row.fields : NULL);
}

static const struct flow_step flow_import_mapped[] = {
	{"mapping", preview_mapped},
	{0},
};

enum step_result import_begin(struct flow *f, const struct import_call *call)
{
	struct import_flow *im = f->state = ARENA_NEW(f->arena, struct import_flow);

	if (!im || !call->file || !may_import(f, call->authority_id)) {
		blob_unref(call->file);
		return flow_fail(f, !im || !call->file ? ERR_NOMEM : ERR_FORBIDDEN);
	}
	im->authority_id = call->authority_id;
	im->mapping = call->mapping;
	im->is_page = call->is_page;
	im->kind = STR("ASSETS");
	im->valid_on = call->valid_on;
	/* The flow's until the job has it: a list that waits for its mapping may be given up. */
	f->got_blob = call->file;
	if (!im->mapping.len || csv_layout_is_ours(im->mapping))
		return give_out(f, NULL);
	q_mapping_find_add(flow_batch(f), &(struct q_mapping_find){.authority_id = im->authority_id,
								   .name = im->mapping});
	(void)flow_become(f, flow_import_mapped);
	return flow_send(f);
}

int import_valid_on(struct flow *f, struct str sent, struct day *ret_day)
{
	*ret_day = DAY_NONE;
	if (!sent.len)
		return 0;
	if (day_parse(sent, ret_day) < 0) {
		flaw_add(&f->flaws, STR("/valid_on"), STR("NOT_A_DATE"), STR("This is no day."),
			 STR("Send it as 2026-11-30."));
		return ERR_INVALID;
	}
	return shape_not_after(*ret_day, f->today, "valid_on", &f->flaws);
}

/* Which assets an edit is of; of a list it says nothing. */
static void refuse_filter(struct flow *f)
{
	struct str rest = STR(IMPORT_FILTERS);

	while (rest.len) {
		struct str name = arena_str(f->arena, str_cut(rest, ',', &rest));

		if (!name.at || str_is_null(flow_query(f, name.at)))
			continue;
		flaw_add(&f->flaws, arena_fmt(f->arena, "/%s", name.at), STR("NOT_HERE"),
			 STR("A list says by itself which assets it is of."),
			 STR("Leave it out, or send kind=edit."));
	}
}

static enum step_result preview_read(struct flow *f)
{
	struct str kind = flow_query(f, "kind"), authority_id = flow_query(f, "authority_id");
	bool is_edit = str_eq(kind, STR("edit"));
	struct day valid_on;
	int r;

	if (!str_is_null(kind) && !is_edit && !str_eq(kind, STR("assets")))
		flaw_add(&f->flaws, STR("/kind"), STR("NOT_ONE_OF"),
			 STR("Lists of assets can be imported, and assets edited."),
			 STR("Send kind=assets or kind=edit."));
	if (str_is_null(authority_id))
		flaw_add(&f->flaws, STR("/authority_id"), STR("REQUIRED"),
			 STR("It is not said whose list this is."),
			 STR("Send authority_id=aut_… in the query."));
	if (!is_edit)
		refuse_filter(f);
	r = import_valid_on(f, flow_query(f, "valid_on"), &valid_on);
	if (r == 0 || r == ERR_INVALID)
		r = flaws_err(&f->flaws);
	if (r == 0 && !may_import(f, authority_id))
		r = ERR_FORBIDDEN;
	if (r == 0 && is_edit)
		return import_edit_read(f, authority_id, valid_on);
	if (r == 0)
		r = flow_body_type(f, STR("text/csv"));
	if (r < 0)
		return flow_fail(f, r);
	return import_begin(f, &(struct import_call){.authority_id = authority_id,
						     .mapping = flow_query(f, "mapping"),
						     .valid_on = valid_on,
						     .file = flow_take_body(f)});
}

static enum step_result preview_load(struct flow *f)
{
	struct import_flow *im = f->state;
	int r = import_came_back(f);

	if (r < 0)
		return flow_fail(f, r);
	q_import_around_add(flow_batch(f), &(struct q_import_around){
						   .authority_id = im->authority_id,
						   .data_zones = im->job->zones,
						   .ids = im->job->ids,
					   });
	q_import_items_add(flow_batch(f),
			   &(struct q_import_items){.authority_id = im->authority_id,
						    .references = im->job->references});
	return flow_send(f);
}

static enum step_result preview_compare(struct flow *f)
{
	struct import_flow *im = f->state;
	int n = q_import_items_count(f->got, 1);
	struct q_import_around_row around;
	int r = q_import_around_one(f->got, 0, &around);

	if (r == 0)
		r = import_job_compare(
			im->job, (size_t)n,
			&(struct import_job_around){around.only_cpp_id, around.zones, around.ids},
			f->today);
	for (int i = 0; r == 0 && i < n; i++)
		r = import_job_item(im->job, db_value(f->got, 1, i, 0));
	return r < 0 ? flow_fail(f, r) : import_go_aside(f, im->job, TAKE(f->got_blob));
}

static struct str counts_json(struct flow *f, struct import_counts c)
{
	return arena_fmt(
		f->arena,
		"{\"create\":%zu,\"update\":%zu,\"same\":%zu,\"error\":%zu,\"warning\":%zu}",
		c.create, c.update, c.same, c.error, c.warning);
}

enum step_result import_store(struct flow *f)
{
	struct import_flow *im = f->state;
	const struct import_job *j = im->job;
	int r = import_came_back(f);

	if (r < 0)
		return flow_fail(f, r);
	im->id = new_id(f, "imp_");
	q_import_insert_add(flow_batch(f),
			    &(struct q_import_insert){
				    .id = im->id,
				    .authority_id = im->authority_id,
				    .encoding = str_of(j->encoding),
				    .columns = j->columns,
				    .mapping = j->mapping,
				    .counts = counts_json(f, j->counts),
				    .sha256 = j->sha256,
				    .byte_count = (int64_t)j->file_bytes,
				    .kind = im->kind,
				    .valid_on = shape_day_text(im->valid_on, f->arena),
			    });
	for (size_t i = 0; i < j->chunk_count; i++)
		q_import_lines_insert_add(flow_batch(f), &(struct q_import_lines_insert){
								 .import_id = im->id,
								 .authority_id = im->authority_id,
								 .lines = j->chunk[i],
							 });
	(void)h_change(
		f, &(struct h_change){
			   .type = "import.previewed",
			   .subject = im->id,
			   .seq = 1,
			   .authority_id = im->authority_id,
			   .data = arena_fmt(f->arena, "{\"authority_id\":\"%.*s\",\"counts\":%s}",
					     (int)im->authority_id.len, im->authority_id.at,
					     counts_json(f, j->counts).at),
			   .is_hidden = true,
		   });
	return flow_store_end(f, "imp", im->id, 201);
}

enum step_result import_answer(struct flow *f)
{
	const struct import_flow *im = f->state;
	struct str to = arena_fmt(f->arena, "/imports/%s", im->id.at);

	if (!im->is_page)
		return flow_store_answer(f);
	return to.at ? page_redirect(f, to) : flow_fail(f, ERR_NOMEM);
}

static enum step_result import_ask(struct flow *f)
{
	q_item_show_add(flow_batch(f),
			&(struct q_item_show){.kind = STR("imp"), .id = f->param[0]});
	return flow_send(f);
}

static enum step_result import_show(struct flow *f)
{
	struct q_item_show_row row;
	struct str view;
	int r = q_item_show_one(f->got, 0, &row);

	if (r < 0)
		return flow_fail(f, r);
	/* How far it is moves without a version, and stands in the view. */
	view = arena_str(f->arena, row.view);
	if (str_is_null(view))
		return flow_fail(f, ERR_NOMEM);
	if (flow_etag(f, row.version, view.at))
		return STEP_DONE;
	return flow_answer(f, 200, row.body);
}

const struct flow_step flow_import_show[] = {
	{"ask", import_ask},
	{"show", import_show},
	{0},
};

const struct flow_step flow_import_preview[] = {
	/* clang-format off */
	{"read", preview_read},
	{0},
	/* clang-format on */
};

static const struct flow_step flow_import_compare[] = {
	/* clang-format off */
	{"load", preview_load},
	{"compare", preview_compare},
	{"store", import_store},
	{"answer", import_answer},
	{0},
	/* clang-format on */
};
