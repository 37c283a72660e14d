/*
 * Edits of many assets at once: fields set on all that a filter keeps, previewed, applied and
 * undone as an import is (h_import.c), by the same record.
 *
 * Only what can be so of many alike may be set: what tells assets apart, or where each lies, is
 * changed one by one. Each asset is decided of as for a PATCH of its own, aside (import_job.h);
 * the version seen then is what apply goes by.
 */
#include "daemon/route/h.h"
#include "daemon/route/list_filter.h"
#include "h_import_private.h"
#include "libassets/register/asset.h"
#include "libassets/shape/shape_form.h"
#include "q.h"

/* Assets of one edit: some 20 s to apply. */
enum { EDIT_MAX = 20000 };

/* Members of the body. */
static const char *const may_set[] = {
	"class",       "tenure",        "lifecycle",    "cpp_id",          "locality_id",
	"data_zone",   "decile",        "address",      "postcode",        "title_number",
	"common_good", "in_trust",      "restrictions", "lease_starts_on", "lease_ends_on",
	"checked_on",  "exempt_reason", "published",    "notes",
};

static const struct flow_step flow_import_edit[4];

static bool is_settable(const char *field)
{
	for (size_t i = 0; i < COUNT(may_set); i++) {
		if (strcmp(may_set[i], field) == 0)
			return true;
	}
	return false;
}

static struct str member(const json_t *set, const char *name)
{
	const json_t *value = json_object_get(set, name);

	return json_is_string(value)
		       ? (struct str){json_string_value(value), json_string_length(value)}
		       : (struct str){NULL, 0};
}

/* Looked at once, so that 20,000 lines need not say the same. */
static int check_set(struct flow *f, json_t *set)
{
	struct asset scratch;
	const char *field;
	json_t *value;

	shape_clear(&asset_shape, &scratch);
	shape_decode(&asset_shape, set, SHAPE_PATCH, &WIRE_TOP, &f->flaws, &scratch);
	if (!json_object_size(set))
		flaw_add(&f->flaws, STR(""), STR("REQUIRED"), STR("It is not said what to set."),
			 STR("Send fields of an asset, such as {\"lifecycle\": \"SURPLUS\"}."));
	json_object_foreach (set, field, value) {
		if (is_settable(field))
			continue;
		h_flaw(f, field, "NOT_HERE", STR("This is not set on many assets at once."),
		       STR("Change each by itself, or load a list."));
	}
	return flaws_err(&f->flaws);
}

/* {"filter": …, "set": …}, the record's mapping, and the fields as its columns. */
static int describe(struct flow *f, const json_t *set, struct str set_text, struct import_flow *im)
{
	struct str *name = ARENA_ARRAY(f->arena, COUNT(may_set), struct str);
	const char *field;
	json_t *value;
	size_t n = 0;

	if (!name)
		return ERR_NOMEM;
	json_object_foreach ((json_t *)(uintptr_t)set, field, value) /* not changed */
		name[n++] = str_of(field);
	im->columns = db_text_array(f->arena, name, n);
	im->mapping = arena_fmt(f->arena, "{\"filter\":%.*s,\"set\":%.*s}", (int)im->filter.len,
				im->filter.at, (int)set_text.len, set_text.at);
	im->zone = shape_form_data_zone(member(set, "data_zone"), f->arena);
	return str_is_null(im->columns) || str_is_null(im->mapping) ? ERR_NOMEM : 0;
}

static void ask(struct flow *f, const struct import_flow *im, const json_t *set)
{
	struct str zone = im->zone;

	q_import_around_add(flow_batch(f), &(struct q_import_around){
						   .authority_id = im->authority_id,
						   .data_zones = db_text_array(f->arena, &zone,
									       !str_is_null(zone)),
						   .ids = db_text_array(f->arena, NULL, 0),
					   });
	q_asset_around_add(flow_batch(f), &(struct q_asset_around){
						  .authority_id = im->authority_id,
						  .cpp_id = member(set, "cpp_id"),
						  .locality_id = member(set, "locality_id"),
						  .data_zone = zone,
						  .owners = db_text_array(f->arena, NULL, 0),
					  });
	q_import_edit_items_add(flow_batch(f),
				&(struct q_import_edit_items){.authority_id = im->authority_id,
							      .filter = im->filter,
							      .take = EDIT_MAX + 1});
}

/* The job that will compare, in f->got_blob. */
static int make_job(struct flow *f, struct import_flow *im, struct str set_text)
{
	im->job = import_job_edit(set_text, im->authority_id, &f->got_blob);
	if (!im->job)
		return ERR_NOMEM;
	import_job_valid_on(im->job, im->valid_on);
	im->job->columns = im->columns;
	im->job->mapping = im->mapping;
	return 0;
}

enum step_result import_edit_begin(struct flow *f, const struct import_edit_call *call)
{
	struct import_flow *im = f->state = ARENA_NEW(f->arena, struct import_flow);
	char *text;
	struct str set_text;
	int r = im ? check_set(f, call->set) : ERR_NOMEM;

	if (r == 0)
		r = h_may(f, PERM_IMPORT_WRITE, call->authority_id);
	/* A list can bring in what a form could; so a key needs for an edit what a form needs. */
	if (r == 0)
		r = h_may(f, PERM_ASSET_WRITE, call->authority_id);
	if (r < 0)
		return flow_fail(f, r);
	*im = (struct import_flow){.authority_id = call->authority_id,
				   .kind = STR("EDIT"),
				   .valid_on = call->valid_on,
				   .is_page = call->is_page};
	text = json_dumps(call->set, JSON_COMPACT);
	set_text = text ? arena_str(f->arena, str_of(text)) : (struct str){NULL, 0};
	free(text);
	r = str_is_null(set_text) ? ERR_NOMEM : 0;
	if (r == 0)
		r = list_filter(f, &(struct list_filter){"ast", NULL, IMPORT_FILTERS}, &im->filter);
	if (r == 0)
		r = describe(f, call->set, set_text, im);
	if (r == 0)
		r = make_job(f, im, set_text);
	if (r < 0)
		return flow_fail(f, r);
	ask(f, im, call->set);
	(void)flow_become(f, flow_import_edit);
	return flow_send(f);
}

enum step_result import_edit_read(struct flow *f, struct str authority_id, struct day valid_on)
{
	int r = flow_body(f);

	if (r < 0)
		return flow_fail(f, r);
	return import_edit_begin(f, &(struct import_edit_call){.authority_id = authority_id,
							       .valid_on = valid_on,
							       .set = f->body});
}

/* What the fields name must be there; of the assets there may not be too many. */
static int check_found(struct flow *f, const struct import_flow *im, int n)
{
	struct q_asset_around_row around;
	int r = q_asset_around_one(f->got, 1, &around);

	if (r < 0)
		return r;
	if (!str_is_null(member(im->job->set, "cpp_id")) && !around.has_cpp)
		h_unknown(f, "cpp_id");
	if (!str_is_null(member(im->job->set, "locality_id")) && !around.has_locality)
		h_unknown(f, "locality_id");
	if (n > EDIT_MAX) {
		flaw_add(&f->flaws, STR(""), STR("TOO_MANY"),
			 STR("These are more than 20,000 assets."),
			 STR("Narrow the filter, and edit them in parts."));
		return ERR_LIMIT;
	}
	return flaws_err(&f->flaws);
}

static enum step_result edit_compare(struct flow *f)
{
	struct import_flow *im = f->state;
	int n = q_import_edit_items_count(f->got, 2);
	struct q_import_around_row around;
	int r = q_import_around_one(f->got, 0, &around);

	if (r == 0)
		r = check_found(f, im, n);
	if (r == 0)
		r = import_job_compare(
			im->job, (size_t)n,
			&(struct import_job_around){.only_cpp_id = around.only_cpp_id,
						    .zone_deciles = around.zones},
			f->today);
	for (int i = 0; r == 0 && i < n; i++)
		r = import_job_item(im->job, db_value(f->got, 2, i, 0));
	return r < 0 ? flow_fail(f, r) : import_go_aside(f, im->job, TAKE(f->got_blob));
}

static const struct flow_step flow_import_edit[] = {
	/* clang-format off */
	{"compare", edit_compare},
	{"store", import_store},
	{"answer", import_answer},
	{0},
	/* clang-format on */
};
