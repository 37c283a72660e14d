/*
 * The description of the API, OpenAPI 3.1, made from the route table, err.def and the shapes:
 * nothing in it is written a second time, so nothing in it can be out of date.
 */
#pragma once

#include "libassets/base/buf.h"

struct http_exchange;
struct openapi;

/* Append the whole document, the same bytes each time. Whether it went in is the buffer's. */
void openapi_write(struct buf *out);

/* It and the catalogue of events for struct process, each made when somebody first asks and then
 * shared. NULL without memory. */
struct openapi *openapi_new(void);
/* When no thread asks any more. Takes NULL. */
void openapi_free(struct openapi *o);

/* GET /v1/openapi.json: of p->openapi, without a copy. */
void openapi_answer(struct http_exchange *x);
/* GET /v1/event-types: the catalogue of events (event_type.h), in the same manner. */
void openapi_event_types_answer(struct http_exchange *x);

/* GET /v1/problems/{slug}: what a problem's `type` leads to; 404 for a slug that is none. */
void openapi_problem_answer(struct http_exchange *x);
