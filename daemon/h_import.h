/*
 * The steps of /v1/imports: preview, apply, undo, and reading one.
 */
#pragma once

#include "flow.h"

/* Bytes of a form that holds a list, escaped. */
enum { IMPORT_FORM_MAX = 6 << 20 };

/* A list to be previewed: taken from a request's query and body, or from a form. */
struct import_call {
	struct str authority_id, mapping; /* mapping may be absent */
	struct blob *file;                /* taken */
	bool is_page;                     /* ends in the import's page */
};

/* The step that previews it, and goes on by itself. */
enum step_result import_begin(struct flow *f, const struct import_call *call);

/* Steps: load what is to be moved, apply or undo it. Then flow_store_answer, or a page. */
enum step_result import_load(struct flow *f);
enum step_result import_apply(struct flow *f);
enum step_result import_undo(struct flow *f);

extern const struct flow_step flow_import_preview[];
extern const struct flow_step flow_import_apply[];
extern const struct flow_step flow_import_undo[];
extern const struct flow_step flow_import_show[];
