/*
 * What is said of a document: made before its file arrives, changed, removed. A document is a
 * subject of its own: photographs that are sent in while somebody edits the asset do not stand in
 * their way (DECISIONS 51).
 *
 * What is not public is heard of by its authority alone, and so are its events: document_change
 * asks the row itself, in the transaction that changed it.
 */
#include "h_document.h"

#include "daemon/route/h.h"
#include "libassets/file/document.h"
#include "q.h"

enum step_result document_add_load(struct flow *f)
{
	struct document *d = f->state = ARENA_NEW(f->arena, struct document);
	int r = d ? h_decode(f, &document_shape, SHAPE_CREATE, d) : ERR_NOMEM;

	if (r == 0)
		r = document_settle(d, f->today, &f->flaws);
	if (r == 0 && d->published.value)
		r = ERR_DOCUMENT_STATE;
	if (r == ERR_DOCUMENT_STATE)
		flow_detail(f, STR("Nothing can be published before its file has arrived."));
	if (r < 0)
		return flow_fail(f, r);
	q_document_parent_add(flow_batch(f), &(struct q_document_parent){
						     .asset_id = d->asset_id,
						     .request_id = d->request_id,
						     .redacts_id = d->redacts_id,
					     });
	return flow_send(f);
}

int document_check_parent(struct flow *f, const struct document *d)
{
	struct q_document_parent_row row;
	int r = q_document_parent_one(f->got, 0, &row);

	if (r == ERR_NOT_FOUND || (r == 0 && row.gone)) {
		h_unknown(f, str_is_null(d->asset_id) ? "request_id" : "asset_id");
		return flaws_err(&f->flaws);
	}
	if (r == 0)
		r = h_may(f, PERM_DOCUMENT_WRITE, row.authority_id);
	if (r < 0 || row.has_original)
		return r;
	h_unknown(f, "redacts_id");
	return flaws_err(&f->flaws);
}

struct str document_store(struct flow *f, const struct document *d)
{
	struct str id = h_id(f, "doc_");
	const struct retention *kept = retention_find(d->retention);

	q_document_insert_add(flow_batch(f), &(struct q_document_insert){
						     .id = id,
						     .fields = h_json(f, &document_shape, d),
						     .retention_from = str_of(kept->from),
						     .retention_months = kept->months,
						     .has_retention_months = kept->months > 0,
					     });
	q_document_change_add(flow_batch(f), &(struct q_document_change){
						     .id = h_id(f, "evt_"),
						     .type = STR("document.begun"),
						     .document_id = id,
					     });
	return id;
}

static enum step_result add_store(struct flow *f)
{
	const struct document *d = f->state;
	int r = document_check_parent(f, d);

	return r < 0 ? flow_fail(f, r) : flow_store_end(f, "doc", document_store(f, d), 201);
}

const struct flow_step flow_document_add[] = {
	{"load", document_add_load},
	{"store", add_store},
	{"answer", flow_store_answer},
	{0},
};

enum step_result document_patch_load(struct flow *f)
{
	q_document_load_add(flow_batch(f), &(struct q_document_load){.id = f->param[0]});
	return flow_send(f);
}

/* The document, if it may be changed by this caller and is the version that is meant. */
static int loaded(struct flow *f, struct q_document_load_row *row)
{
	int r = q_document_load_one(f->got, 0, row);

	if (r == 0 && row->is_gone)
		r = ERR_GONE;
	if (r == 0)
		r = h_may(f, PERM_DOCUMENT_WRITE, row->authority_id);
	return r < 0 ? r : flow_if_match(f, row->version);
}

/* What a change is told as: what matters to those who follow is that it can now be read. */
static const char *change_name(bool was_public, bool is_public)
{
	return is_public && !was_public ? "document.published" : "document.updated";
}

/* Of these the public is sent a copy (libassets/file/picture.h). */
static bool is_photograph(struct str media_type)
{
	return str_eq(media_type, STR("image/jpeg")) || str_eq(media_type, STR("image/png")) ||
	       str_eq(media_type, STR("image/webp"));
}

/* Kept from everybody: because of a virus, or until it is known that there is none. */
static bool is_held(struct str scan)
{
	return str_eq(scan, STR("PENDING")) || str_eq(scan, STR("INFECTED"));
}

static int patch(struct flow *f, const struct q_document_load_row *row, struct document *d,
		 struct str *ret_was, bool *ret_was_public)
{
	int r = h_stored(f, row->fields, &document_shape, d);

	*ret_was = h_json(f, &document_shape, d);
	*ret_was_public = d->published.value;
	if (r == 0)
		r = h_decode(f, &document_shape, SHAPE_PATCH, d);
	if (r == 0)
		r = document_settle(d, f->today, &f->flaws);
	if (r == 0 && d->published.value && !str_eq(row->state, STR("STORED"))) {
		flow_detail(f, STR("Nothing can be published before its file has arrived."));
		r = ERR_DOCUMENT_STATE;
	}
	if (r == 0 && d->published.value && is_held(row->scan))
		r = ERR_DOCUMENT_HELD;
	if (r == 0 && d->published.value && !row->has_copy && is_photograph(row->media_type)) {
		flow_detail(f,
			    STR("This picture cannot be read through, so what it says of where and "
				"by whom it was taken cannot be left out. Save it anew and send "
				"that in."));
		r = ERR_DOCUMENT_STATE;
	}
	return r;
}

enum step_result document_patch_store(struct flow *f)
{
	struct document *d = f->state = ARENA_NEW(f->arena, struct document);
	struct q_document_load_row row;
	const struct retention *kept;
	struct str was;
	bool was_public = false;
	int r = d ? loaded(f, &row) : ERR_NOMEM;

	if (r == 0)
		r = patch(f, &row, d, &was, &was_public);
	if (r < 0)
		return flow_fail(f, r);
	kept = retention_find(d->retention);
	q_document_update_add(flow_batch(f), &(struct q_document_update){
						     .id = f->param[0],
						     .seen = row.version,
						     .fields = h_json(f, &document_shape, d),
						     .retention_from = str_of(kept->from),
						     .retention_months = kept->months,
						     .has_retention_months = kept->months > 0,
						     .stale = h_stale(f),
					     });
	q_document_change_add(flow_batch(f),
			      &(struct q_document_change){
				      .id = h_id(f, "evt_"),
				      .type = str_of(change_name(was_public, d->published.value)),
				      .document_id = f->param[0],
				      .was_public = was_public,
				      .was = was,
				      .is_now = h_json(f, &document_shape, d),
			      });
	return flow_store_end(f, "doc", f->param[0], 200);
}

const struct flow_step flow_document_patch[] = {
	{"load", document_patch_load},
	{"store", document_patch_store},
	{"answer", flow_store_answer},
	{0},
};

enum step_result document_remove_store(struct flow *f)
{
	struct document *d = f->state = ARENA_NEW(f->arena, struct document);
	struct q_document_load_row row;
	int r = d ? loaded(f, &row) : ERR_NOMEM;

	if (r == 0)
		r = h_stored(f, row.fields, &document_shape, d);
	if (r < 0)
		return flow_fail(f, r);
	q_document_remove_add(flow_batch(f), &(struct q_document_remove){.id = f->param[0],
									 .seen = row.version,
									 .stale = h_stale(f)});
	q_document_parts_drop_add(flow_batch(f),
				  &(struct q_document_parts_drop){.document_id = f->param[0]});
	q_document_change_add(flow_batch(f), &(struct q_document_change){
						     .id = h_id(f, "evt_"),
						     .type = STR("document.removed"),
						     .document_id = f->param[0],
						     .was_public = d->published.value,
						     .was = h_json(f, &document_shape, d),
					     });
	return flow_store_end(f, "doc", f->param[0], 204);
}

const struct flow_step flow_document_remove[] = {
	{"load", document_patch_load},
	{"store", document_remove_store},
	{"answer", flow_store_answer},
	{0},
};
