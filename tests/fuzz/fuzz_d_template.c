/*
 * Mustache templates and their data: the text up to the first NUL is a template that may
 * include itself, what follows is the data. Whatever is compiled renders within its bounds,
 * the same twice, and nothing that was escaped leaves a bare angle bracket of the data.
 */
#include <assert.h>

#include "daemon/page/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void render(struct template_set *set, const json_t *data)
{
	CLEANUP(buf_done) struct buf first = BUF(1 << 18);
	CLEANUP(buf_done) struct buf second = BUF(1 << 18);
	const struct template *t = template_find(set, STR("main"));
	int r = template_render(t, data, &first);
	int again = template_render(t, data, &second);

	assert(r == again && str_eq(buf_view(&first), buf_view(&second)));
}

static void escape(struct str text)
{
	CLEANUP(buf_done) struct buf out = BUF(1 << 20);

	template_escape(&out, text);
	assert(!out.at || (!memchr(out.at, '<', out.len) && !memchr(out.at, '"', out.len) &&
			   !memchr(out.at, '\'', out.len)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *cut = size ? memchr(data, 0, size) : NULL;
	struct str text = {(const char *)data, cut ? (size_t)(cut - data) : size};
	struct template_set *set = template_set_new();
	struct template_fault fault = {0};
	json_t *values = NULL;

	if (cut)
		values = json_loadb((const char *)cut + 1, size - text.len - 1, JSON_DECODE_ANY,
				    NULL);
	if (set && template_add(set, STR("main"), text, &fault) == 0) {
		int r = template_link(set, &fault);

		assert(r == 0 || fault.name[0]);
		render(set, values);
	}
	escape(text);
	json_decref(values);
	template_set_free(set);
	return 0;
}
