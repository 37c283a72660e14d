/*
 * Imports: a list is read and compared (preview), carried out (apply), taken back (undo).
 *
 * The preview decides everything: what each line would do, with its differences and
 * problems. Apply and undo only carry out what stands there, in one statement each, and refuse
 * when the register has moved meanwhile (sql/functions/0050_import.sql).
 */
#include "h_import.h"

#include <jansson.h>
#include <openssl/sha.h>
#include <stdlib.h>

#include "id.h"
#include "import_read.h"
#include "libassets/csv_value.h"
#include "libassets/import.h"
#include "q.h"
#include "router.h"

enum {
	LINES_MAX = 64 << 20, /* bytes of all lines as JSON */
	IDS_MAX = IMPORT_RECORDS_MAX,
};

struct import_flow {
	struct str authority_id;
	struct import_sheet sheet;
	struct csv_map map;
	struct str id;
	bool is_undo;
};

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

/* The zones that the list names, for their deciles. */
static struct str zones_of(struct flow *f, const struct import_flow *im)
{
	int column = im->map.column[CSV_DATA_ZONE];
	size_t n = 0;
	struct str *zone;

	if (column < 0)
		return db_text_array(f->arena, NULL, 0);
	zone = ARENA_ARRAY(f->arena, im->sheet.record_count, struct str);
	for (size_t i = 1; zone && i < im->sheet.record_count; i++) {
		if ((size_t)column < im->sheet.record[i].field_count)
			zone[n++] = csv_trim(im->sheet.record[i].field[column]);
	}
	return db_text_array(f->arena, zone, n);
}

static enum step_result refuse_columns(struct flow *f, int err)
{
	if (err == ERR_NOT_FOUND) {
		flaw_add(&f->flaws, STR("/mapping"), STR("NOT_ONE_OF"),
			 STR("There is no mapping of that name."), STR("Use auto, LGA or ASSETD."));
		return flow_fail(f, ERR_INVALID);
	}
	flaw_add(&f->flaws, STR("/line/1"), STR("COLUMNS"),
		 STR("The first line names no column that is a reference or a name."),
		 STR("Name the columns as in the LGA list (AssetCode, PropertyName …) or as the "
		     "fields of an asset (reference, name …)."));
	return flow_fail(f, ERR_CSV);
}

static enum step_result preview_read(struct flow *f)
{
	struct import_flow *im = f->state = ARENA_NEW(f->arena, struct import_flow);
	struct str kind = flow_query(f, "kind");
	const struct import_record *header;
	int r;

	if (!im)
		return flow_fail(f, ERR_NOMEM);
	im->authority_id = flow_query(f, "authority_id");
	if (!str_is_null(kind) && !str_eq(kind, STR("assets")))
		flaw_add(&f->flaws, STR("/kind"), STR("NOT_ONE_OF"),
			 STR("Only assets can be imported."), STR("Send kind=assets."));
	if (str_is_null(im->authority_id))
		flaw_add(&f->flaws, STR("/authority_id"), STR("REQUIRED"),
			 STR("It is not said whose list this is."),
			 STR("Send authority_id=aut_… in the query."));
	r = flaws_err(&f->flaws);
	if (r < 0)
		return flow_fail(f, r);
	if (!may_import(f, im->authority_id))
		return flow_fail(f, ERR_FORBIDDEN);
	r = import_read(f->request->body, f->arena, &f->flaws, &im->sheet);
	if (r < 0)
		return flow_fail(f, r);
	header = &im->sheet.record[0];
	r = csv_map_choose(flow_query(f, "mapping"), header->field, header->field_count, &im->map);
	if (r < 0)
		return refuse_columns(f, r);

	q_import_around_add(flow_batch(f), &(struct q_import_around){
						   .authority_id = im->authority_id,
						   .data_zones = zones_of(f, im),
					   });
	q_import_items_add(flow_batch(f),
			   &(struct q_import_items){.authority_id = im->authority_id});
	return flow_send(f);
}

static json_t *loaded(struct str text)
{
	return json_loadb(text.at, text.len, 0, NULL);
}

static json_t *items_of(const struct db_reply *reply, int statement)
{
	json_t *items = json_array();

	for (int i = 0; i < db_rows(reply, statement); i++) {
		if (json_array_append_new(items, loaded(db_value(reply, statement, i, 0))) < 0) {
			json_decref(items);
			return NULL;
		}
	}
	return items;
}

static json_t *text_or_null(struct str s)
{
	return s.at ? json_stringn(s.at, s.len) : json_null();
}

/* One line as import_insert takes it, appended with a comma where one is due. */
static int add_line(struct buf *lines, const struct import_line *line)
{
	json_auto_t *row = json_pack(
		"{s:I, s:s, s:o, s:o, s:o, s:O, s:O, s:O, s:O}", "line", (json_int_t)line->line,
		"action", import_action_name(line->action), "asset_id",
		text_or_null(line->asset_id), "reference", text_or_null(line->reference),
		"seen_version", line->seen_version ? json_integer(line->seen_version) : json_null(),
		"fields", line->fields, "before", line->before, "changes", line->changes,
		"problems", line->problems);
	char *text = row ? json_dumps(row, JSON_COMPACT) : NULL;

	if (!text)
		return ERR_NOMEM;
	if (lines->len > 1)
		buf_char(lines, ',');
	buf_str(lines, str_of(text));
	free(text);
	return buf_err(lines);
}

static int compare_all(struct import *im, const struct import_sheet *sheet, struct buf *lines)
{
	buf_char(lines, '[');
	for (size_t i = 1; i < sheet->record_count; i++) {
		const struct import_record *record = &sheet->record[i];
		struct import_line line;
		bool is_line;
		int r = import_record(im, record->line, record->field, record->field_count,
				      &is_line, &line);

		if (r == 0 && is_line) {
			r = add_line(lines, &line);
			import_line_done(&line);
		}
		if (r < 0)
			return r;
	}
	buf_char(lines, ']');
	return buf_err(lines);
}

/* {"name": "LGA", "fields": {"AssetCode": "reference", "Organisation": null …}} */
static struct str mapping_json(struct flow *f, const struct import_flow *im)
{
	const struct import_record *header = &im->sheet.record[0];
	CLEANUP(buf_done) struct buf json = BUF(1 << 20);

	buf_str(&json, STR("{\"name\":"));
	buf_json(&json, im->map.name);
	buf_str(&json, STR(",\"fields\":{"));
	for (size_t c = 0; c < header->field_count; c++) {
		const char *field = csv_map_field(&im->map, c);

		buf_str(&json, c ? STR(",") : STR(""));
		buf_json(&json, csv_fold(header->field[c], f->arena));
		buf_char(&json, ':');
		if (field)
			buf_json(&json, str_of(field));
		else
			buf_str(&json, STR("null"));
	}
	buf_str(&json, STR("}}"));
	return arena_str(f->arena, buf_view(&json));
}

static struct str counts_json(struct flow *f, struct import_counts c)
{
	return arena_fmt(
		f->arena,
		"{\"create\":%zu,\"update\":%zu,\"same\":%zu,\"error\":%zu,\"warning\":%zu}",
		c.create, c.update, c.same, c.error, c.warning);
}

static struct str sha256_hex(struct flow *f, struct str bytes)
{
	unsigned char digest[SHA256_DIGEST_LENGTH];
	CLEANUP(buf_done) struct buf hex = BUF(2 * SHA256_DIGEST_LENGTH);

	(void)SHA256((const unsigned char *)bytes.at, bytes.len, digest);
	for (size_t i = 0; i < sizeof(digest); i++)
		buf_fmt(&hex, "%02x", digest[i]);
	return arena_str(f->arena, buf_view(&hex));
}

static enum step_result preview_store(struct flow *f, struct import_flow *im,
				      struct import_counts counts, struct str lines)
{
	const struct import_record *header = &im->sheet.record[0];

	im->id = new_id(f, "imp_");
	q_import_insert_add(flow_batch(f), &(struct q_import_insert){
						   .id = im->id,
						   .authority_id = im->authority_id,
						   .encoding = str_of(im->sheet.encoding),
						   .columns = db_text_array(f->arena, header->field,
									    header->field_count),
						   .mapping = mapping_json(f, im),
						   .counts = counts_json(f, counts),
						   .sha256 = sha256_hex(f, f->request->body),
						   .byte_count = (int64_t)f->request->body.len,
						   .lines = lines,
					   });
	return flow_store_end(f, "imp", im->id, 201);
}

static enum step_result preview_compare(struct flow *f)
{
	struct import_flow *im = f->state;
	CLEANUP(buf_done) struct buf lines = BUF(LINES_MAX);
	json_auto_t *items = items_of(f->got, 1);
	json_auto_t *zones = NULL;
	struct q_import_around_row around;
	struct import_register reg;
	struct import_counts counts;
	struct import *import;
	int r;

	r = q_import_around_one(f->got, 0, &around);
	if (r < 0)
		return flow_fail(f, r);
	zones = loaded(around.zones);
	reg = (struct import_register){.authority_id = im->authority_id,
				       .only_cpp_id = around.only_cpp_id,
				       .items = items,
				       .zones = zones,
				       .today = f->today};
	import = items && zones ? import_new(&im->map, &reg, f->arena) : NULL;
	if (!import)
		return flow_fail(f, ERR_NOMEM);
	r = compare_all(import, &im->sheet, &lines);
	counts = import_counts(import);
	import_free(import);
	if (r < 0)
		return flow_fail(f, r);
	return preview_store(f, im, counts, arena_str(f->arena, buf_view(&lines)));
}

static enum step_result import_load(struct flow *f)
{
	q_import_size_add(flow_batch(f), &(struct q_import_size){.id = f->param[0]});
	return flow_send(f);
}

static struct str ids(struct flow *f, const char *prefix, size_t n)
{
	struct str *id = ARENA_ARRAY(f->arena, n ? n : 1, struct str);

	for (size_t i = 0; id && i < n; i++)
		id[i] = new_id(f, prefix);
	return db_text_array(f->arena, id, id ? n : 0);
}

/* The import's size, if this principal may move it. */
static int movable(struct flow *f, size_t *ret_changing)
{
	struct q_import_size_row row;
	int r = q_import_size_one(f->got, 0, &row);

	if (r < 0)
		return r;
	if (!may_import(f, row.authority_id))
		return ERR_FORBIDDEN;
	if (row.changing > IDS_MAX)
		return ERR_LIMIT;
	*ret_changing = (size_t)row.changing;
	return 0;
}

static enum step_result import_apply(struct flow *f)
{
	struct str skip = flow_query(f, "skip_errors");
	size_t n;
	int r = movable(f, &n);

	if (r == 0 && !str_is_null(skip) && !str_eq(skip, STR("true")) &&
	    !str_eq(skip, STR("false")))
		r = ERR_QUERY;
	if (r < 0)
		return flow_fail(f, r);
	q_import_apply_add(flow_batch(f), &(struct q_import_apply){
						  .id = f->param[0],
						  .asset_ids = ids(f, "ast_", n),
						  .event_ids = ids(f, "evt_", n),
						  .last_event_id = new_id(f, "evt_"),
						  .skip_errors = str_eq(skip, STR("true")),
					  });
	return flow_store_end(f, "imp", f->param[0], 200);
}

static enum step_result import_undo(struct flow *f)
{
	size_t n;
	int r = movable(f, &n);

	if (r < 0)
		return flow_fail(f, r);
	q_import_undo_add(flow_batch(f), &(struct q_import_undo){
						 .id = f->param[0],
						 .event_ids = ids(f, "evt_", n),
						 .last_event_id = new_id(f, "evt_"),
					 });
	return flow_store_end(f, "imp", f->param[0], 200);
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
	int r = q_item_show_one(f->got, 0, &row);

	if (r < 0)
		return flow_fail(f, r);
	if (flow_etag(f, row.version, "a"))
		return STEP_DONE;
	return flow_answer(f, 200, row.body);
}

const struct flow_step flow_import_show[] = {
	{"ask", import_ask},
	{"show", import_show},
	{0},
};

const struct flow_step flow_import_preview[] = {
	{"read", preview_read},
	{"compare", preview_compare},
	{"answer", flow_store_answer},
	{0},
};

const struct flow_step flow_import_apply[] = {
	{"load", import_load},
	{"apply", import_apply},
	{"answer", flow_store_answer},
	{0},
};

const struct flow_step flow_import_undo[] = {
	{"load", import_load},
	{"undo", import_undo},
	{"answer", flow_store_answer},
	{0},
};
