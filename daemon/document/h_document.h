/*
 * The steps of documents: what is said of them (h_document.c), their files on the way in
 * (h_upload.c) and out (h_content.c).
 */
#pragma once

#include "daemon/flow/flow.h"

struct document;

extern const struct flow_step flow_document_add[];
extern const struct flow_step flow_document_patch[];
extern const struct flow_step flow_document_remove[];
extern const struct flow_step flow_document_put[];
extern const struct flow_step flow_document_content[];

/* Steps of the above for forms of pages, whose fields stand in f->body already (h_form.h). */
enum step_result document_add_load(struct flow *f); /* f->state is then the struct document */
enum step_result document_patch_load(struct flow *f);
enum step_result document_patch_store(struct flow *f);  /* the same; param[0] is the document */
enum step_result document_remove_store(struct flow *f); /* after document_patch_load */

/* After document_add_load: may this caller add it where it belongs? ERR_FORBIDDEN, ERR_INVALID … */
MUST_CHECK int document_check_parent(struct flow *f, const struct document *d);

/*
 * For pages, too: add to the batch what stores a new document. d: settled.
 * Its id, in the arena; absent without memory.
 */
struct str document_store(struct flow *f, const struct document *d);
