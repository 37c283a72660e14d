/*
 * The steps of documents: what is said of them (h_document.c), their files on the way in
 * (h_upload.c) and out (h_content.c).
 */
#pragma once

#include "flow.h"

struct document;

extern const struct flow_step flow_document_add[];
extern const struct flow_step flow_document_patch[];
extern const struct flow_step flow_document_remove[];
extern const struct flow_step flow_document_put[];
extern const struct flow_step flow_document_content[];

/*
 * For pages, too: add to the batch what stores a new document. d: settled.
 * Its id, in the arena; absent without memory.
 */
struct str document_store(struct flow *f, const struct document *d);
