/*
 * The description of the API, OpenAPI 3.1, made from the route table, err.def and the shapes:
 * nothing in it is written a second time, so nothing in it can be out of date.
 */
#pragma once

#include "libassets/buf.h"

struct blob;
struct http_exchange;

/* Append the whole document, the same bytes each time. Whether it went in is the buffer's. */
void openapi_write(struct buf *out);

/* The same as bytes that threads share, for struct process. NULL without memory. */
struct blob *openapi_document(void);

/* GET /v1/openapi.json: p->openapi, without a copy. */
void openapi_answer(struct http_exchange *x);

/* GET /v1/problems/{slug}: what a problem's `type` leads to; 404 for a slug that is none. */
void openapi_problem_answer(struct http_exchange *x);
