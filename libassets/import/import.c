/*
 * A record becomes the struct of an asset by the same table that checks what the API is
 * sent, so a list can bring in nothing that a form could not, and old and new are compared
 * in their normal form.
 *
 * One record: csv_map_record makes a draft of it, settle_reference names it, check decodes
 * and settles it over what the register holds, compare finds the differences. Memory of a
 * record is given back before the next; only the JSON of its line outlives it.
 */
#include "import.h"

#include <stdlib.h>

#include "csv_value.h"
#include "import_known.h"
#include "libassets/base/err.h"
#include "libassets/register/asset.h"

enum {
	ITEM_MAX = 256 * 1024, /* bytes of an asset in normal form */
	VALUE_MAX = 300,       /* bytes of what stood where a problem is */
	RECORD_MAX = 64 << 20, /* a record has at most 200 fields of 64 KiB, in a few forms */
};

struct import {
	const struct csv_map *map;
	const struct import_register *around;
	struct arena record;  /* what one record needs: however long the file, no more than that */
	json_t *by_reference; /* lower-case reference: borrowed item */
	json_t *met;          /* lower-case reference: how often in this file */
	json_t *taken;        /* lower-case references given to lines so far */
	struct import_counts counts;
};

static const char *const action_names[] = {
	[IMPORT_CREATE] = "CREATE",
	[IMPORT_UPDATE] = "UPDATE",
	[IMPORT_SAME] = "SAME",
	[IMPORT_ERROR] = "ERROR",
};

const char *import_action_name(enum import_action action)
{
	return action_names[action];
}

/*
 * References are compared without the case of ASCII letters, whatever the locale. The unique
 * index goes by the same rule: lower() under collation "C".
 */
static struct str key_of(struct str reference, struct arena *a)
{
	struct str key = arena_str(a, reference);
	char *at = (char *)(uintptr_t)key.at; /* our own copy */

	for (size_t i = 0; i < key.len; i++) {
		if (at[i] >= 'A' && at[i] <= 'Z')
			at[i] = (char)(at[i] + ('a' - 'A'));
	}
	return key;
}

static struct str text_of(const json_t *object, const char *member)
{
	const json_t *text = json_object_get(object, member);

	if (!json_is_string(text))
		return (struct str){NULL, 0};
	return (struct str){json_string_value(text), json_string_length(text)};
}

/*
 * What stands for an asset without a reference: its name, and as the how many-th of that name in
 * this `count`. Behind a control byte, which no reference holds. Absent without memory.
 */
static struct str name_key(struct import *im, struct str name, json_t *count)
{
	struct str key =
		key_of(arena_fmt(&im->record, "\x1f%.*s", (int)name.len, name.at), &im->record);
	json_int_t n;

	if (str_is_null(key))
		return key;
	n = json_integer_value(json_object_get(count, key.at)) + 1;
	if (json_object_set_new(count, key.at, json_integer(n)) < 0)
		return (struct str){NULL, 0};
	return n > 1 ? arena_fmt(&im->record, "%s~%" JSON_INTEGER_FORMAT, key.at, n) : key;
}

/* An item left out would be created a second time, so each must find its place. */
static int index_items(struct import *im)
{
	json_auto_t *count = json_object();
	json_t *item;
	size_t i;

	json_array_foreach (im->around->items, i, item) {
		struct str reference = text_of(item, "reference");
		struct str key = str_is_null(reference) ? name_key(im, text_of(item, "name"), count)
							: key_of(reference, &im->record);
		int r = json_object_set(im->by_reference, key.at, item);

		arena_done(&im->record);
		if (r < 0)
			return ERR_NOMEM;
	}
	return 0;
}

struct import *import_new(const struct csv_map *map, const struct import_register *around)
{
	struct import *im = calloc(1, sizeof(*im));

	if (!im)
		return NULL;
	im->map = map;
	im->around = around;
	arena_init(&im->record, RECORD_MAX);
	im->by_reference = json_object();
	im->met = json_object();
	im->taken = json_object();
	for (size_t c = 0; c < map->column_count; c++)
		im->counts.warning += csv_map_use(map, c) == CSV_UNREAD;
	if (im->by_reference && im->met && im->taken && index_items(im) == 0)
		return im;
	import_free(im);
	return NULL;
}

void import_free(struct import *im)
{
	if (!im)
		return;
	json_decref(im->by_reference);
	json_decref(im->met);
	json_decref(im->taken);
	arena_done(&im->record);
	free(im);
}

void import_line_done(struct import_line *line)
{
	json_decref(line->fields);
	json_decref(line->before);
	json_decref(line->changes);
	json_decref(line->problems);
	json_decref(line->cells);
	*line = (struct import_line){.line = line->line};
}

struct import_counts import_counts(const struct import *im)
{
	return im->counts;
}

/* The reference a record will carry: its own, or with ~2, ~3 … when it was met before. */
static int settle_reference(struct import *im, json_t *draft, struct csv_problems *problems)
{
	struct str reference = text_of(draft, "reference");
	struct str key, own = reference;
	json_int_t n;

	if (str_is_null(reference))
		return 0;
	key = key_of(reference, &im->record);
	if (!key.at)
		return ERR_NOMEM;
	n = json_integer_value(json_object_get(im->met, key.at)) + 1;
	if (json_object_set_new(im->met, key.at, json_integer(n)) < 0)
		return ERR_NOMEM;
	while (n > 1 || json_object_get(im->taken, key.at)) {
		n = n > 1 ? n : 2;
		own = arena_fmt(&im->record, "%s~%" JSON_INTEGER_FORMAT, reference.at, n++);
		key = key_of(own, &im->record);
		if (!key.at)
			return ERR_NOMEM;
		if (!json_object_get(im->taken, key.at))
			break;
	}
	if (json_object_set_new(im->taken, key.at, json_true()) < 0)
		return ERR_NOMEM;
	if (own.at == reference.at)
		return 0;
	csv_problem_add(problems, (struct csv_problem){
					  .severity = CSV_WARNING,
					  .column = im->map->header[CSV_REFERENCE],
					  .value = arena_str(&im->record, reference),
					  .code = STR("duplicate-reference"),
					  .message = arena_fmt(&im->record,
							       "This reference stands in the file "
							       "before; the record is kept as %s.",
							       own.at),
					  .cure = STR("Give each asset a reference of its own."),
				  });
	return json_object_set_new(draft, "reference", json_stringn(own.at, own.len)) < 0
		       ? ERR_NOMEM
		       : 0;
}

/* A number of the draft as a text; absent for what is neither. */
static struct str value_of(struct import *im, const json_t *draft, const char *field)
{
	const json_t *value = json_object_get(draft, field);

	if (json_is_integer(value))
		return arena_fmt(&im->record, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	return text_of(draft, field);
}

/* A flaw of the asset's own check, told by the column it came from. */
static void problem_of_flaw(struct import *im, const json_t *draft, const struct flaw *flaw,
			    struct csv_problems *problems)
{
	struct csv_problem p = {.severity = CSV_ERROR,
				.code = flaw->code,
				.message = flaw->detail,
				.cure = flaw->cure};
	struct str inside;

	for (int t = 0; t < CSV_TARGET_COUNT; t++) {
		const char *field = im->map->column[t] < 0
					    ? NULL
					    : csv_map_field(im->map, (size_t)im->map->column[t]);

		if (!field || !flaw_is_in(flaw, str_of(field), &inside))
			continue;
		if (inside.len)
			p.message = arena_fmt(&im->record, "At %.*s: %.*s", (int)inside.len,
					      inside.at, (int)flaw->detail.len, flaw->detail.at);
		p.column = im->map->header[t];
		p.value = value_of(im, draft, field);
		break;
	}
	/* Of an edit there are no columns: its fields are called by their own names. */
	if (!im->map->column_count && flaw->pointer.len)
		p.column = (struct str){flaw->pointer.at + 1, flaw->pointer.len - 1};
	csv_problem_add(problems, p);
}

static json_t *or_null(json_t *value)
{
	return value ? json_incref(value) : json_null();
}

static int add_change(const char *field, json_t *from, json_t *to, struct import_line *line)
{
	json_t *change = json_pack("{s:s, s:o, s:o}", "field", field, "old", or_null(from), "new",
				   or_null(to));

	if (json_array_append_new(line->changes, change) < 0 ||
	    json_object_set_new(line->fields, field, or_null(to)) < 0 ||
	    json_object_set_new(line->before, field, or_null(from)) < 0)
		return ERR_NOMEM;
	return 0;
}

/* The differences between two normal forms, in the order of the asset's fields. */
static int compare(json_t *old, json_t *new, struct import_line *line)
{
	const char *field;
	json_t *value;

	json_object_foreach (new, field, value) {
		json_t *from = json_object_get(old, field);

		if (from && json_equal(from, value))
			continue;
		if (add_change(field, from, value, line) < 0)
			return ERR_NOMEM;
	}
	json_object_foreach (old, field, value) {
		if (!json_object_get(new, field) && add_change(field, value, NULL, line) < 0)
			return ERR_NOMEM;
	}
	return 0;
}

/* Flaws are the record's; only want of memory is an error, for a flaw unsaid would be let in. */
static int settle(struct import *im, const json_t *item, const struct asset *before,
		  struct asset *asset, struct flaws *flaws)
{
	struct asset_around around = {
		.only_cpp_id = im->around->only_cpp_id,
		.plan_lifecycle = text_of(item, "plan_lifecycle"),
		.is_disposed = str_eq(text_of(item, "lifecycle"), STR("DISPOSED")),
		.today = im->around->today,
	};
	int r;

	/* The zones at hand are those that are brought in; one that stays has said its decile. */
	if (item && str_eq(asset->data_zone, before->data_zone))
		around.zone_decile = before->decile.value;
	else if (!str_is_null(asset->data_zone))
		around.zone_decile =
			json_integer_value(json_object_get(im->around->zones, asset->data_zone.at));
	r = asset_settle(asset, item ? before : NULL, &around, flaws);
	if (r == ERR_LIFECYCLE)
		flaw_add(flaws, STR("/lifecycle"), STR("LIFECYCLE_FOLLOWS_PLAN"),
			 STR("The lifecycle of this asset follows its disposal plan or its "
			     "disposal."),
			 STR("Leave the column as it is, or change the plan."));
	import_check_bar(item, asset, flaws);
	return r == ERR_NOMEM || (flaws->count && !flaws_kept(flaws)) ? ERR_NOMEM : 0;
}

/* By way of the text that would be stored, so that what differs here would differ there. */
static int normal(const struct asset *asset, json_t **ret_json)
{
	CLEANUP(buf_done) struct buf text = BUF(ITEM_MAX);

	shape_encode(&asset_shape, asset, &text);
	if (buf_err(&text))
		return ERR_NOMEM;
	*ret_json = json_loadb(text.at, text.len, 0, NULL);
	return *ret_json ? 0 : ERR_NOMEM;
}

/*
 * What is so from an earlier day on than the asset's last change would be taken back by an undo for
 * days on which something else was so. That is for a careful hand, one asset at a time.
 */
static void check_day(const struct import *im, struct day last, struct csv_problems *problems)
{
	if (day_is_none(im->around->valid_on) || day_is_none(last) ||
	    day_cmp(im->around->valid_on, last) >= 0)
		return;
	csv_problem_add(
		problems,
		(struct csv_problem){
			.severity = CSV_ERROR,
			.code = STR("changed-after"),
			.message = STR("What is known of this asset has changed on a later day "
				       "than the one that this is of."),
			.cure = STR("Change this asset by itself, with effective_on."),
		});
}

/* Check the draft over what `item` holds (NULL: nothing) and give both in normal form. */
static int check(struct import *im, const json_t *draft, const json_t *item,
		 struct csv_problems *problems, struct import_line *line)
{
	json_auto_t *old = NULL, *new = NULL;
	struct import_known known = {im->map, &im->record};
	struct asset before, after;
	struct flaws flaws;
	int64_t sent_decile;
	struct day last;
	int r;

	flaws_init(&flaws, &im->record);
	shape_clear(&asset_shape, &before);
	if (item)
		shape_decode(&asset_shape, item, SHAPE_STORED, &WIRE_TOP, &flaws, &before);
	last = before.effective_on;
	after = before;
	/* A list does not say since when: today, which is no difference. */
	after.effective_on = DAY_NONE;
	before.effective_on = DAY_NONE;
	shape_decode(&asset_shape, draft, item ? SHAPE_PATCH : SHAPE_CREATE, &WIRE_TOP, &flaws,
		     &after);
	import_check_ids(im->around->ids, &before, &after, &flaws);
	sent_decile = after.decile.value;
	r = settle(im, item, &before, &after, &flaws);
	if (r < 0)
		return r;
	if (json_is_integer(json_object_get(draft, "decile")))
		import_check_decile(&known, sent_decile, after.decile.value, problems);
	after.effective_on = DAY_NONE;
	for (size_t i = 0; i < flaws_kept(&flaws); i++)
		problem_of_flaw(im, draft, &flaws.at[i], problems);
	r = normal(&before, &old);
	if (r == 0)
		r = normal(&after, &new);
	if (r == 0)
		r = compare(old, new, line);
	if (r == 0 && item && json_array_size(line->changes))
		check_day(im, last, problems);
	return r;
}

static json_t *text_or_null(struct str s)
{
	return s.at ? json_stringn(s.at, s.len) : json_null();
}

/* As much of what stood there as tells it from others: a boundary may be very long. */
static json_t *value_or_null(struct str s)
{
	for (s.len = s.len < VALUE_MAX ? s.len : VALUE_MAX; s.len && !str_is_utf8(s);)
		s.len--;
	return text_or_null(s);
}

static int add_problems(struct import *im, const struct csv_problems *problems,
			struct import_line *line)
{
	for (size_t i = 0; i < problems->count; i++) {
		const struct csv_problem *p = &problems->at[i];
		bool is_error = p->severity == CSV_ERROR;
		json_t *row =
			json_pack("{s:s, s:I, s:o, s:o, s:o, s:o, s:o}", "severity",
				  is_error ? "ERROR" : "WARNING", "line", (json_int_t)line->line,
				  "column", text_or_null(p->column), "value",
				  value_or_null(p->value), "code", text_or_null(p->code), "message",
				  text_or_null(p->message), "cure", text_or_null(p->cure));

		if (json_array_append_new(line->problems, row) < 0)
			return ERR_NOMEM;
		im->counts.warning += !is_error;
		if (is_error)
			line->action = IMPORT_ERROR;
	}
	return 0;
}

static void count(struct import *im, enum import_action action)
{
	switch (action) {
	case IMPORT_CREATE:
		im->counts.create++;
		break;
	case IMPORT_UPDATE:
		im->counts.update++;
		break;
	case IMPORT_SAME:
		im->counts.same++;
		break;
	case IMPORT_ERROR:
		im->counts.error++;
		break;
	}
}

static int line_begin(size_t number, struct import_line *line)
{
	*line = (struct import_line){
		.line = number,
		.fields = json_object(),
		.before = json_object(),
		.changes = json_array(),
		.problems = json_array(),
	};
	return line->fields && line->before && line->changes && line->problems ? 0 : ERR_NOMEM;
}

/* Settled: what it would change, and what is wrong with it. */
static int line_check(struct import *im, const json_t *draft, const json_t *item,
		      struct csv_problems *problems, struct import_line *line)
{
	int r = check(im, draft, item, problems, line);

	if (r < 0)
		return r;
	if (item) {
		line->asset_id = text_of(item, "id");
		line->seen_version = json_integer_value(json_object_get(item, "version"));
		line->action = json_array_size(line->changes) ? IMPORT_UPDATE : IMPORT_SAME;
	}
	return add_problems(im, problems, line);
}

/* A record without a reference stands for the asset without one that has its name. */
static int line_fill(struct import *im, json_t *draft, struct csv_problems *problems,
		     struct import_line *line)
{
	struct import_known known = {im->map, &im->record};
	struct str reference, key = {NULL, 0};
	json_t *item;
	int r;

	r = settle_reference(im, draft, problems);
	if (r < 0)
		return r;
	reference = text_of(draft, "reference");
	line->reference = arena_str(&im->record, reference);
	if (!str_is_null(reference)) {
		key = key_of(reference, &im->record);
		if (str_is_null(line->reference))
			return ERR_NOMEM;
	} else {
		key = name_key(im, text_of(draft, "name"), im->met);
	}
	if (str_is_null(key))
		return ERR_NOMEM;
	item = json_object_get(im->by_reference, key.at);
	import_part_settle(&known, item, draft, problems);
	if (item)
		import_drop_unchanged(&known, item, draft);
	else
		import_complete(&known, im->around->authority_id, draft, problems);
	import_pairs_settle(&known, draft, problems);
	return line_check(im, draft, item, problems, line);
}

int import_edit(struct import *im, size_t line, const json_t *item, const json_t *set,
		struct import_line *ret_line)
{
	struct csv_problems problems = {.count = 0};
	int r = line_begin(line, ret_line);

	arena_done(&im->record);
	if (r == 0) {
		ret_line->reference = text_of(item, "reference");
		r = line_check(im, set, item, &problems, ret_line);
	}
	if (r < 0) {
		import_line_done(ret_line);
		return r;
	}
	count(im, ret_line->action);
	return 0;
}

int import_record(struct import *im, size_t line, const struct str *field, size_t n,
		  bool *ret_is_line, struct import_line *ret_line)
{
	struct csv_problems problems = {.count = 0};
	json_auto_t *draft = NULL;
	int r;

	*ret_is_line = false;
	*ret_line = (struct import_line){.line = line};
	arena_done(&im->record);
	if (csv_map_kind(im->map, field, n) != CSV_RECORD) {
		im->counts.warning++;
		return 0;
	}
	draft = csv_map_record(im->map, field, n, &im->record, &problems);
	r = draft ? line_begin(line, ret_line) : ERR_NOMEM;
	if (r == 0)
		r = line_fill(im, draft, &problems, ret_line);
	if (r == 0 && ret_line->action == IMPORT_ERROR)
		r = csv_map_cells(im->map, field, n, &ret_line->cells);
	if (r < 0) {
		import_line_done(ret_line);
		return r;
	}
	count(im, ret_line->action);
	*ret_is_line = true;
	return 0;
}
