/*
 * A form with a file, with the boundary that the corpus uses. What is read lies within the body,
 * and names and fields are texts.
 */
#include <assert.h>

#include "daemon/http/http_form.h"
#include "libassets/base/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str body = {(const char *)data, size};
	struct http_form form;
	struct arena a;

	arena_init(&a, 1 << 20);
	if (http_form_read(STR("multipart/form-data; boundary=\"x-y\""), body, &a, &form) == 0) {
		assert(form.fields.count <= HTTP_FORM_PARTS_MAX);
		for (size_t i = 0; i < form.fields.count; i++)
			assert(str_is_utf8(form.fields.at[i].value) && form.fields.at[i].name.at);
		assert(!form.file.len ||
		       (form.file.at > body.at && form.file.at + form.file.len < body.at + size));
	}
	/* The type is a client's word as well. */
	(void)!http_form_read(body, STR("--x-y--"), &a, &form);
	arena_done(&a);
	return 0;
}
