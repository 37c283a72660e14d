/*
 * A form with files, as browsers send it without script: multipart/form-data (RFC 7578), strictly.
 * Nothing is copied but names that have escapes.
 */
#pragma once

#include "libassets/shape/query.h"

enum { HTTP_FORM_PARTS_MAX = QUERY_MAX, HTTP_BOUNDARY_MAX = 70 };

struct http_form {
	struct query fields;  /* those that are no files; UTF-8 without NUL, but for has_no_text */
	struct str file_name; /* of the one file, UTF-8, with the escapes undone; absent: none */
	struct str file;      /* its bytes, a view of the body */
	bool has_no_text;     /* a field is not UTF-8 or holds a NUL */
};

/*
 * Read a body by its Content-Type.
 * ERR_MEDIA_TYPE  it is no multipart/form-data, or names no boundary
 * ERR_FORM        a part without its name, a second file, too many parts, a field that is no text,
 *                 or no end: whatever was cut off; *ret is what was read until then
 * ERR_NOMEM
 */
MUST_CHECK int http_form_read(struct str content_type, struct str body, struct arena *a,
			      struct http_form *ret);
