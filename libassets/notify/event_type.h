/*
 * The catalogue of events: which types there are, and the JSON Schema of their data. One table,
 * event_type.def with event_member.def, from which come GET /v1/event-types and the API's
 * description.
 */
#pragma once

#include "libassets/base/buf.h"

struct event_type {
	const char *name;    /* "asset.created" */
	const char *says;    /* a sentence without its full stop */
	const char *members; /* of the data: "name other?" */
};

/* The n-th, in the order of the table; NULL past the last. */
const struct event_type *event_type_at(size_t n);

/* Append the schema of its data (JSON Schema 2020-12). That it went in is the buffer's to say. */
void event_type_schema_write(const struct event_type *t, struct buf *out);

/*
 * Append the catalogue: {"items": [{"type", "about", "schema_version", "since", "deprecated",
 * "data_schema", "data_example"}, …]}. An example has every member that there may be.
 */
void event_type_catalogue_write(struct buf *out);
