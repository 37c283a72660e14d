/* Documents on the pages of what they hang on. */
#pragma once

#include "page.h"

/*
 * Put a list of documents, as items, into an object that stands in the page, with has_documents and
 * documents_shown; a picture is marked is_image. documents: NULL, then nothing of them is shown (a
 * page of an earlier day).
 */
void documents_put(struct page *p, json_t *object, json_t *documents);
