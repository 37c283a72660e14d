/*
 * The steps of /v1/imports: preview of a list, or of an edit of many assets; apply, undo, and
 * reading one.
 */
#pragma once

#include "daemon/flow/flow.h"

/* By which an edit says which assets it is of: those of a list of assets. */
#define IMPORT_FILTERS                                                                             \
	"class,lifecycle,tenure,decile,q,near,bbox,postcode,council,data_zone,intermediate_zone,"  \
	"cpp_id,locality_id,reference,uprn,published"

/* A list to be previewed: taken from a request's query and body, or from a form. */
struct import_call {
	struct str authority_id, mapping; /* mapping may be absent */
	struct day valid_on;              /* from when on it is so; DAY_NONE: when applied */
	struct blob *file;                /* taken */
	bool is_page;                     /* ends in the import's page */
};

/* An edit: the fields set on all assets of the authority that the query's filter keeps. */
struct import_edit_call {
	struct str authority_id;
	struct day valid_on;
	json_t *set; /* members as PATCH takes them; borrowed */
	bool is_page;
};

/*
 * From when on it is so, of a query or a form; DAY_NONE without.
 * ERR_INVALID, ERR_DATE_IN_FUTURE  with a flaw
 */
MUST_CHECK int import_valid_on(struct flow *f, struct str sent, struct day *ret_day);

/* The step that previews it, and goes on by itself. */
enum step_result import_begin(struct flow *f, const struct import_call *call);
enum step_result import_edit_begin(struct flow *f, const struct import_edit_call *call);

/*
 * Steps: load what is to be moved; apply or undo it; end. What takes long goes on without the flow:
 * then the answer is 202 with the import as it stands, or its page.
 */
enum step_result import_load(struct flow *f);
enum step_result import_apply(struct flow *f);
enum step_result import_undo(struct flow *f);
enum step_result import_ended(struct flow *f);

extern const struct flow_step flow_import_preview[];
extern const struct flow_step flow_import_apply[];
extern const struct flow_step flow_import_undo[];
extern const struct flow_step flow_import_show[];
