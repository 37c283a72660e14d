/*
 * See http_form.h. The body is whole: a part goes from its head to the next line that begins with
 * the boundary. Of a head only Content-Disposition counts, and nothing in front of the first
 * boundary is let pass, as no browser sends it. Debian has no library that reads this.
 */
#include "http_form.h"

#include <string.h>

#include "libassets/base/err.h"

/* A parameter of a header's value, such as name="…"; the escapes stay. Absent: it is not there. */
static struct str parameter(struct str value, struct str name)
{
	struct str rest;

	(void)str_cut(value, ';', &rest);
	while (rest.len) {
		struct str key = str_trim(str_cut(rest, '=', &rest));
		size_t n = 0;

		if (rest.len && rest.at[0] == '"') {
			for (n = 1; n < rest.len && rest.at[n] != '"'; n++)
				n += rest.at[n] == '\\' && n + 1 < rest.len;
			if (n >= rest.len)
				return (struct str){NULL, 0};
			if (str_eq_nocase(key, name))
				return (struct str){rest.at + 1, n - 1};
			rest = (struct str){rest.at + n + 1, rest.len - n - 1};
			(void)str_cut(rest, ';', &rest);
			continue;
		}
		value = str_trim(str_cut(rest, ';', &rest));
		if (str_eq_nocase(key, name))
			return value;
	}
	return (struct str){NULL, 0};
}

/* What browsers (%22 %0D %0A) and others (\" \\) do to a name, undone. */
static struct str unescaped(struct str name, struct arena *a)
{
	struct str copy = arena_str(a, name);
	char *at = (char *)(uintptr_t)copy.at;
	size_t n = 0;

	for (size_t i = 0; at && i < name.len; i++) {
		struct str rest = {name.at + i, name.len - i};

		if (str_starts(rest, STR("%22"))) {
			at[n++] = '"';
			i += 2;
		} else if (rest.len > 1 && rest.at[0] == '\\' &&
			   (rest.at[1] == '"' || rest.at[1] == '\\')) {
			at[n++] = rest.at[1];
			i++;
		} else {
			at[n++] = rest.at[0];
		}
	}
	if (at)
		at[n] = '\0';
	copy.len = n;
	return copy;
}

static struct str find(struct str s, struct str what)
{
	const char *at = s.len ? memmem(s.at, s.len, what.at, what.len) : NULL;

	return at ? (struct str){at, s.len - (size_t)(at - s.at)} : (struct str){NULL, 0};
}

static struct str after(struct str s, size_t n)
{
	return (struct str){s.at + n, s.len - n};
}

/* The Content-Disposition of a part's head. */
static struct str disposition(struct str head)
{
	while (head.len) {
		struct str line = str_cut(head, '\n', &head), value;
		struct str name = str_cut(line, ':', &value);

		if (str_eq_nocase(str_trim(name), STR("content-disposition")))
			return str_trim(value);
	}
	return (struct str){NULL, 0};
}

static int take_part(struct str head, struct str content, struct arena *a, struct http_form *form)
{
	struct str value = disposition(head), rest;
	struct str name = parameter(value, STR("name"));
	struct str file_name = parameter(value, STR("filename"));
	struct query_pair *pair = &form->fields.at[form->fields.count];

	if (!str_eq_nocase(str_trim(str_cut(value, ';', &rest)), STR("form-data")) || !name.len)
		return ERR_FORM;
	if (!str_is_null(file_name)) {
		if (!str_is_null(form->file_name) || !str_is_utf8(file_name))
			return ERR_FORM;
		form->file_name = unescaped(file_name, a);
		form->file = content;
		return str_is_null(form->file_name) ? ERR_NOMEM : 0;
	}
	if (form->fields.count == HTTP_FORM_PARTS_MAX || !str_is_utf8(name))
		return ERR_FORM;
	form->has_no_text = form->has_no_text || !str_is_utf8(content);
	*pair = (struct query_pair){unescaped(name, a), arena_str(a, content)};
	form->fields.count++;
	return str_is_null(pair->name) || str_is_null(pair->value) ? ERR_NOMEM : 0;
}

/* "--boundary" in the arena, absent when the type names none that may be one (RFC 2046 5.1.1). */
static struct str delimiter_of(struct str content_type, struct arena *a)
{
	struct str boundary = parameter(content_type, STR("boundary")), rest;

	if (!str_eq_nocase(str_trim(str_cut(content_type, ';', &rest)),
			   STR("multipart/form-data")) ||
	    !boundary.len || boundary.len > HTTP_BOUNDARY_MAX)
		return (struct str){NULL, 0};
	for (size_t i = 0; i < boundary.len; i++) {
		if (boundary.at[i] < 0x20 || boundary.at[i] > 0x7E)
			return (struct str){NULL, 0};
	}
	return arena_fmt(a, "\r\n--%.*s", (int)boundary.len, boundary.at);
}

static int read_parts(struct str rest, struct str delimiter, struct arena *a,
		      struct http_form *form)
{
	while (str_starts(rest, STR("\r\n"))) {
		struct str content, end, head = after(rest, 2);
		int r;

		content = find(head, STR("\r\n\r\n"));
		if (str_is_null(content))
			return ERR_FORM;
		head.len -= content.len;
		content = after(content, 4);
		end = find(content, delimiter);
		if (str_is_null(end))
			return ERR_FORM;
		content.len -= end.len;
		r = take_part(head, content, a, form);
		if (r < 0)
			return r;
		rest = after(end, delimiter.len);
	}
	return str_starts(rest, STR("--")) ? 0 : ERR_FORM;
}

int http_form_read(struct str content_type, struct str body, struct arena *a, struct http_form *ret)
{
	struct str delimiter = delimiter_of(content_type, a), first;
	int r;

	if (str_is_null(delimiter))
		return ERR_MEDIA_TYPE;
	first = after(delimiter, 2);
	*ret = (struct http_form){
		.fields = {ARENA_ARRAY(a, HTTP_FORM_PARTS_MAX + 1, struct query_pair), 0}};
	if (!ret->fields.at)
		return ERR_NOMEM;
	if (!str_starts(body, first))
		return ERR_FORM;
	r = read_parts(after(body, first.len), delimiter, a, ret);
	return r == 0 && ret->has_no_text ? ERR_FORM : r;
}
