/*
 * The phases of a list as slices on the aside thread: begin (encoding) → read (records) →
 * over to the handler, who asks the database what the list is compared with → items (parse
 * them) → compare (each record) → over again. A phase ends by naming the next one's slice.
 *
 * What went wrong ends the job at once and stands in err. JSON trees are freed here, aside:
 * they are many small pieces.
 */
#include "import_job.h"

#include <jansson.h>
#include <openssl/evp.h>
#include <stdlib.h>

#include "daemon/db/db.h"
#include "daemon/http/http.h"
#include "libassets/base/err.h"
#include "libassets/import/csv_value.h"
#include "libassets/import/mapping.h"

enum {
	ARENA_MAX = 512 << 20, /* bytes of one job, lines included */
	READ_BYTES = 1 << 20,  /* a slice's */
	ITEMS_SLICE = 512,
	RECORDS_SLICE = 256,
	CHUNK_BYTES = 4 << 20, /* of lines in one parameter of a statement */
	MAPPING_MAX = 1 << 20, /* bytes of the columns and their fields as JSON */
	SHA256_BYTES = 32,
	REFERENCES_MAX = 5000, /* of a list; of a longer one all assets are taken */
	TORN_SHARE = 4,        /* of records, so many-th without a reference is too many */
};

/* An aside job is the first member of its list. */
static struct import_job *job_of(struct aside_job *job)
{
	return (struct import_job *)(void *)job;
}

static bool job_fail(struct import_job *j, int err)
{
	j->err = err;
	return false;
}

static void release_trees(struct import_job *j)
{
	import_free(TAKE(j->import));
	json_decref(TAKE(j->items));
	json_decref(TAKE(j->zone_table));
	json_decref(TAKE(j->id_table));
	json_decref(TAKE(j->set));
}

static void job_free(void *arg)
{
	struct import_job *j = arg;

	import_reader_free(j->reader);
	release_trees(j);
	buf_done(&j->lines);
	blob_unref(j->file);
	arena_done(&j->arena);
	free(j);
}

/* The line on which the header begins, as a flaw points at it. */
static struct str head_line(struct import_job *j)
{
	return arena_fmt(&j->arena, "/line/%zu", j->sheet.record[j->map.head_first].line);
}

static int refuse_columns(struct import_job *j, int err)
{
	if (err == ERR_NOT_FOUND) {
		flaw_add(&j->flaws, STR("/mapping"), STR("NOT_ONE_OF"),
			 STR("There is no mapping of that name."),
			 STR("Use auto, LGA, BROWNFIELD, CATR, ASSETD, COMMON or the name of "
			     "a saved mapping."));
		return ERR_INVALID;
	}
	if (err == ERR_DUPLICATE) {
		flaw_add(&j->flaws, head_line(j), STR("COLUMNS"),
			 arena_fmt(&j->arena, "More than one column is called %.*s.",
				   (int)j->map.twice.len, j->map.twice.at),
			 STR("Give each column a name of its own, or take one of them out."));
		return ERR_CSV;
	}
	flaw_add(&j->flaws, STR("/line/1"), STR("COLUMNS"),
		 STR("No line at the top names a column that is a reference or a name."),
		 STR("Name the columns as in the LGA list (AssetCode, PropertyName …) or as the "
		     "fields of an asset (reference, name …), between commas, tabs or "
		     "semicolons; or save a mapping of your own names."));
	return ERR_CSV;
}

/*
 * A field of an asset that a layout of others does not have would be lost, and what it says most
 * likely matters: whether everybody may see it, say.
 */
static int refuse_missed(struct import_job *j)
{
	for (size_t c = 0; c < j->map.column_count; c++) {
		if (csv_map_use(&j->map, c) != CSV_MISSED)
			continue;
		flaw_add(&j->flaws, head_line(j), STR("COLUMNS"),
			 arena_fmt(&j->arena,
				   "The column %.*s is a field of an asset, and the layout %.*s "
				   "does not read it.",
				   (int)j->map.heading[c].len, j->map.heading[c].at,
				   (int)j->map.name.len, j->map.name.at),
			 STR("Choose ASSETD, save a mapping that names the column, or take it "
			     "out."));
	}
	return j->flaws.count ? ERR_CSV : 0;
}

/* ["Ward", …], the columns that nothing reads; each was counted as a warning. */
static void add_unread(const struct import_job *j, struct buf *json)
{
	size_t n = 0;

	for (size_t c = 0; c < j->map.column_count; c++) {
		if (csv_map_use(&j->map, c) != CSV_UNREAD)
			continue;
		buf_str(json, n++ ? STR(",") : STR(""));
		buf_json(json, csv_trim(j->map.heading[c]));
	}
}

/* [{"line": 36, "code": "repeated-header"}, …], the first of those left out. */
static void add_skipped(const struct import_job *j, struct buf *json)
{
	for (size_t i = 0; i < j->skipped_count; i++) {
		buf_fmt(json, "%s{\"line\":%zu,\"code\":\"%s\"}", i ? "," : "", j->skipped[i].line,
			csv_kind_code(j->skipped[i].kind));
	}
}

/* {"name": "LGA", "fields": {"AssetCode": "reference", "Organisation": null …}, "header" …} */
static struct str mapping_json(struct import_job *j)
{
	CLEANUP(buf_done) struct buf json = BUF(MAPPING_MAX);

	buf_str(&json, STR("{\"name\":"));
	buf_json(&json, j->map.name);
	buf_str(&json, STR(",\"fields\":{"));
	for (size_t c = 0; c < j->map.column_count; c++) {
		const char *field = csv_map_field(&j->map, c);

		buf_str(&json, c ? STR(",") : STR(""));
		buf_json(&json, csv_fold(j->map.heading[c], &j->arena));
		buf_char(&json, ':');
		if (field)
			buf_json(&json, str_of(field));
		else
			buf_str(&json, STR("null"));
	}
	buf_fmt(&json, "},\"header\":{\"line\":%zu,\"records\":%zu},\"skipped\":[",
		j->sheet.record[j->map.head_first].line, j->map.head_count);
	add_skipped(j, &json);
	buf_str(&json, STR("],\"unread\":["));
	add_unread(j, &json);
	buf_str(&json, STR("]}"));
	return arena_str(&j->arena, buf_view(&json));
}

/* The zones that the list names, for their deciles. */
static struct str zones_of(struct import_job *j)
{
	int column = j->map.column[CSV_DATA_ZONE];
	size_t n = 0;
	struct str *zone;

	if (column < 0)
		return db_text_array(&j->arena, NULL, 0);
	zone = ARENA_ARRAY(&j->arena, j->sheet.record_count, struct str);
	for (size_t i = j->first; zone && i < j->sheet.record_count; i++) {
		if ((size_t)column < j->sheet.record[i].field_count)
			zone[n++] = csv_trim(j->sheet.record[i].field[column]);
	}
	return db_text_array(&j->arena, zone, n);
}

/* Each once. ERR_NOMEM */
static int add_id(struct str id, json_t *met, struct str *to, size_t *n)
{
	if (!id.len || json_object_getn(met, id.at, id.len))
		return 0;
	to[(*n)++] = id;
	return json_object_setn_new(met, id.at, id.len, json_true());
}

/* The ids that the list names, to be looked for; absent without memory. */
static struct str ids_of(struct import_job *j)
{
	static const enum csv_target targets[] = {CSV_CPP, CSV_LOCALITY, CSV_OWNERS};
	enum { MOST = 2000 }; /* there are not so many in the country: the rest are none */
	struct str *id = ARENA_ARRAY(&j->arena, MOST + 1, struct str);
	json_auto_t *met = json_object();
	size_t n = 0;

	for (size_t i = j->first; id && met && i < j->sheet.record_count; i++) {
		const struct import_record *r = &j->sheet.record[i];

		for (size_t t = 0; t < COUNT(targets); t++) {
			struct str rest = csv_trim(
				csv_map_value(&j->map, r->field, r->field_count, targets[t]));

			while (!str_is_null(rest) && n < MOST) {
				struct str units, one = str_cut(rest, ' ', &rest);

				if (add_id(str_cut(one, ':', &units), met, id, &n) < 0)
					return (struct str){NULL, 0};
			}
		}
	}
	return id && met ? db_text_array(&j->arena, id, n) : (struct str){NULL, 0};
}

/*
 * The references that the list may match, for the database to look for: each as it is, and with ~2,
 * ~3 … as often as it stands there. Absent where it is shorter to take all.
 */
static struct str references_of(struct import_job *j)
{
	json_auto_t *met = json_object();
	struct str *key;
	size_t n = 0;

	if (!met || j->map.column[CSV_REFERENCE] < 0 ||
	    j->sheet.record_count - j->first > REFERENCES_MAX)
		return (struct str){NULL, 0};
	key = ARENA_ARRAY(&j->arena, j->sheet.record_count, struct str);
	for (size_t i = j->first; key && i < j->sheet.record_count; i++) {
		const struct import_record *record = &j->sheet.record[i];
		struct str own =
			csv_map_reference(&j->map, record->field, record->field_count, &j->arena);
		json_int_t times;

		if (!own.len)
			continue;
		times = json_integer_value(json_object_get(met, own.at)) + 1;
		if (json_object_set_new(met, own.at, json_integer(times)) < 0)
			return (struct str){NULL, 0};
		key[n++] = times > 1
				   ? arena_fmt(&j->arena, "%s~%" JSON_INTEGER_FORMAT, own.at, times)
				   : own;
		if (str_is_null(key[n - 1]))
			return (struct str){NULL, 0};
	}
	return key ? db_text_array(&j->arena, key, n) : (struct str){NULL, 0};
}

static int sha256_hex(struct str bytes, struct arena *a, struct str *ret_hex)
{
	unsigned char digest[SHA256_BYTES];
	CLEANUP(buf_done) struct buf hex = BUF(2 * SHA256_BYTES);

	if (!EVP_Digest(bytes.at, bytes.len, digest, NULL, EVP_sha256(), NULL))
		return ERR_BUG;
	for (size_t i = 0; i < sizeof(digest); i++)
		buf_fmt(&hex, "%02x", digest[i]);
	*ret_hex = arena_str(a, buf_view(&hex));
	return buf_err(&hex);
}

/* Where the header is. */
static int find_head(struct import_job *j)
{
	enum { MOST = CSV_HEAD_FIRST_MAX + CSV_HEAD_RECORDS_MAX };
	struct csv_record *first = ARENA_ARRAY(&j->arena, MOST, struct csv_record);
	size_t n = j->sheet.record_count < MOST ? j->sheet.record_count : MOST;
	int r;

	if (!first)
		return ERR_NOMEM;
	for (size_t i = 0; i < n; i++) {
		first[i].field = j->sheet.record[i].field;
		first[i].count = j->sheet.record[i].field_count;
	}
	r = csv_head_find(j->mapping_name, j->saved, first, n, &j->arena, &j->map);
	if (r < 0)
		return r == ERR_NOMEM ? r : refuse_columns(j, r);
	return refuse_missed(j);
}

/*
 * A header torn over several records comes of a table taken from PDF. Where besides many records
 * lack their reference, the rows were torn as well, and nothing says which parts belong together.
 */
static void judge_rows(struct import_job *j)
{
	size_t all = 0, without = 0;

	if (j->map.head_count < 2)
		return;
	for (size_t i = j->next; i < j->sheet.record_count; i++) {
		const struct import_record *record = &j->sheet.record[i];

		if (csv_map_kind(&j->map, record->field, record->field_count) != CSV_RECORD)
			continue;
		all++;
		without += !csv_map_has_reference(&j->map, record->field, record->field_count);
	}
	j->map.is_torn = without * TORN_SHARE > all;
}

/* The last record is read. */
static int understand(struct import_job *j)
{
	int r = find_head(j);

	if (r < 0)
		return r;
	j->first = j->map.head_first + j->map.head_count;
	j->next = j->first;
	judge_rows(j);
	j->encoding = j->sheet.encoding;
	j->columns = db_text_array(&j->arena, j->map.heading, j->map.column_count);
	j->zones = zones_of(j);
	j->references = references_of(j);
	j->ids = ids_of(j);
	if (str_is_null(j->ids))
		return ERR_NOMEM;
	return sha256_hex(blob_view(j->file), &j->arena, &j->sha256);
}

static bool slice_read(struct aside_job *job)
{
	struct import_job *j = job_of(job);
	bool is_whole = false;
	int r = import_reader_step(j->reader, READ_BYTES, &is_whole, &j->sheet);

	if (r == 0 && is_whole)
		r = understand(j);
	return r < 0 ? job_fail(j, r) : !is_whole;
}

static bool slice_begin(struct aside_job *job)
{
	struct import_job *j = job_of(job);
	int r = import_reader_new(blob_view(j->file), &j->arena, &j->flaws, &j->reader);

	if (r < 0)
		return job_fail(j, r);
	import_reader_separate(j->reader, j->mapping_name, j->saved);
	job->slice = slice_read;
	return true;
}

/* Without its first slice. Takes the file. */
static struct import_job *job_new(struct blob *file, struct str authority_id,
				  struct blob **ret_owner)
{
	struct import_job *j = calloc(1, sizeof(*j));

	if (!j) {
		blob_unref(file);
		return NULL;
	}
	arena_init(&j->arena, ARENA_MAX);
	flaws_init(&j->flaws, &j->arena);
	j->lines = BUF(2 * CHUNK_BYTES);
	j->file = file;
	j->around.authority_id = arena_str(&j->arena, authority_id);
	j->around.valid_on = DAY_NONE;
	*ret_owner = blob_of((struct str){"", 0}, job_free, j);
	return *ret_owner ? j : NULL;
}

struct import_job *import_job_new(struct blob *file, struct str mapping_name,
				  struct str authority_id, struct blob **ret_owner)
{
	struct import_job *j = job_new(file, authority_id, ret_owner);

	if (!j)
		return NULL;
	j->file_bytes = blob_view(file).len;
	j->mapping_name = arena_str(&j->arena, mapping_name);
	j->aside.slice = slice_begin;
	return j;
}

/* A mapping without columns: no field of an edit comes from one. */
struct import_job *import_job_edit(struct str set, struct str authority_id, struct blob **ret_owner)
{
	struct import_job *j = job_new(NULL, authority_id, ret_owner);

	if (!j)
		return NULL;
	for (int t = 0; t < CSV_TARGET_COUNT; t++)
		j->map.column[t] = -1;
	j->set = json_loadb(set.at, set.len, 0, NULL);
	if (j->set && sha256_hex(set, &j->arena, &j->sha256) == 0) {
		j->file_bytes = set.len;
		j->encoding = "UTF-8";
		return j;
	}
	blob_unref(TAKE(*ret_owner));
	return NULL;
}

void import_job_valid_on(struct import_job *j, struct day day)
{
	j->around.valid_on = day;
}

int import_job_map(struct import_job *j, struct str mapping)
{
	struct mapping m;
	int r = shape_stored(&mapping_shape, mapping, &j->arena, &m);

	if (r < 0)
		return r;
	j->saved = mapping_layout(&m, &j->arena);
	return j->saved ? 0 : ERR_NOMEM;
}

static json_t *text_or_null(struct str s)
{
	return s.at ? json_stringn(s.at, s.len) : json_null();
}

/* One line as import_lines_insert takes it, behind the bracket or the comma that is due. */
static int add_line(struct buf *lines, const struct import_line *line)
{
	json_auto_t *row = json_pack(
		"{s:I, s:s, s:o, s:o, s:o, s:O, s:O, s:O, s:O, s:O?}", "line",
		(json_int_t)line->line, "action", import_action_name(line->action), "asset_id",
		text_or_null(line->asset_id), "reference", text_or_null(line->reference),
		"seen_version", line->seen_version ? json_integer(line->seen_version) : json_null(),
		"fields", line->fields, "before", line->before, "changes", line->changes,
		"problems", line->problems, "cells", line->cells);
	/* Ten figures are a degree to its ten-millionth: in all that a double has it would not be
	 * the number that was read. */
	char *text = row ? json_dumps(row, JSON_COMPACT | JSON_REAL_PRECISION(10)) : NULL;

	if (!text)
		return ERR_NOMEM;
	buf_char(lines, lines->len ? ',' : '[');
	buf_str(lines, str_of(text));
	free(text);
	return buf_err(lines);
}

static int end_chunk(struct import_job *j)
{
	struct str chunk;

	if (!j->lines.len)
		return 0;
	buf_char(&j->lines, ']');
	chunk = arena_str(&j->arena, buf_view(&j->lines));
	if (str_is_null(chunk) || buf_err(&j->lines) < 0)
		return ERR_NOMEM; /* its lines would be missing from the preview */
	if (j->chunk_count < IMPORT_CHUNKS_MAX)
		j->chunk[j->chunk_count++] = chunk;
	else
		flaw_add(&j->flaws, STR(""), STR("TOO_LARGE"),
			 STR("What this list would change is more than one import can hold."),
			 STR("Send it in parts with assetctl import."));
	buf_clear(&j->lines);
	return j->flaws.count ? ERR_LIMIT : 0;
}

static void note_skipped(struct import_job *j, const struct import_record *record)
{
	if (j->skipped_count == IMPORT_SKIPPED_MAX)
		return;
	j->skipped[j->skipped_count].line = record->line;
	j->skipped[j->skipped_count++].kind =
		csv_map_kind(&j->map, record->field, record->field_count);
}

static int put_line(struct import_job *j, struct import_line *line)
{
	int r = add_line(&j->lines, line);

	import_line_done(line);
	if (r == 0 && j->lines.len >= CHUNK_BYTES)
		r = end_chunk(j);
	return r;
}

static int compare_record(struct import_job *j, const struct import_record *record)
{
	struct import_line line;
	bool is_line;
	int r = import_record(j->import, record->line, record->field, record->field_count, &is_line,
			      &line);

	if (r == 0 && !is_line)
		note_skipped(j, record);
	return r < 0 || !is_line ? r : put_line(j, &line);
}

static int compare_item(struct import_job *j, size_t i)
{
	struct import_line line;
	int r = import_edit(j->import, i + 1, json_array_get(j->items, i), j->set, &line);

	return r < 0 ? r : put_line(j, &line);
}

static bool slice_compare(struct aside_job *job)
{
	struct import_job *j = job_of(job);
	size_t all = j->set ? j->item_count : j->sheet.record_count;
	size_t until = j->next + RECORDS_SLICE;
	int r = 0;

	for (; r == 0 && j->next < until && j->next < all; j->next++)
		r = j->set ? compare_item(j, j->next)
			   : compare_record(j, &j->sheet.record[j->next]);
	if (r == 0 && j->next < all)
		return true;
	if (r == 0)
		r = end_chunk(j);
	if (!j->set)
		j->mapping = mapping_json(j);
	j->counts = import_counts(j->import);
	release_trees(j);
	return r < 0 ? job_fail(j, r) : false;
}

static json_t *loaded(struct str text)
{
	return json_loadb(text.at, text.len, 0, NULL);
}

static int begin_compare(struct import_job *j)
{
	j->zone_table = loaded(j->zone_deciles);
	j->around.items = j->items;
	j->around.zones = j->zone_table;
	j->id_table = str_is_null(j->known_ids) ? NULL : loaded(j->known_ids);
	j->around.ids = j->id_table;
	j->import = j->zone_table && (j->id_table || str_is_null(j->known_ids))
			    ? import_new(&j->map, &j->around)
			    : NULL;
	return j->import ? 0 : ERR_NOMEM;
}

static bool slice_items(struct aside_job *job)
{
	struct import_job *j = job_of(job);
	size_t until = j->items_done + ITEMS_SLICE;
	int r = 0;

	if (!j->items)
		j->items = json_array();
	for (; r == 0 && j->items_done < until && j->items_done < j->item_count; j->items_done++) {
		if (json_array_append_new(j->items, loaded(j->item[j->items_done])) < 0)
			r = ERR_NOMEM;
	}
	if (r == 0 && j->items_done < j->item_count)
		return true;
	if (r == 0)
		r = begin_compare(j);
	if (r < 0)
		return job_fail(j, r);
	j->next = j->first;
	job->slice = slice_compare;
	return true;
}

int import_job_compare(struct import_job *j, size_t item_count,
		       const struct import_job_around *around, struct day today)
{
	j->item = ARENA_ARRAY(&j->arena, item_count ? item_count : 1, struct str);
	j->around.only_cpp_id = arena_str(&j->arena, around->only_cpp_id);
	j->zone_deciles = arena_str(&j->arena, around->zone_deciles);
	j->known_ids = arena_str(&j->arena, around->known_ids);
	j->around.today = today;
	j->aside.slice = slice_items;
	return j->item && j->zone_deciles.at ? 0 : ERR_NOMEM;
}

int import_job_item(struct import_job *j, struct str item)
{
	struct str kept = arena_str(&j->arena, item);

	if (!kept.at)
		return ERR_NOMEM;
	j->item[j->item_count++] = kept;
	return 0;
}
