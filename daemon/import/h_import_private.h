/*
 * What h_import.c and h_import_edit.c share: a preview on its way, whatever it is made of.
 */
#pragma once

#include "h_import.h"
#include "import_job.h"

struct import_flow {
	struct str authority_id;
	struct import_job *job; /* in f->got_blob, but for while it is aside */
	struct str id, mapping, kind;
	struct day valid_on;
	struct str filter, columns, zone; /* of an edit */
	bool is_page;
};

/* Give the job out, and wait for it. */
enum step_result import_go_aside(struct flow *f, struct import_job *job, struct blob *owner);
/* What it came back with: 0, or why it is refused, with its flaws. */
MUST_CHECK int import_came_back(struct flow *f);
/* Steps: keep the preview; answer with it, or go to its page, where a person goes on. */
enum step_result import_store(struct flow *f);
enum step_result import_answer(struct flow *f);

/* The step that reads an edit of the API; the authority may be edited by the caller's imports. */
enum step_result import_edit_read(struct flow *f, struct str authority_id, struct day valid_on);
