/*
 * A value ends where its brackets are closed, and brackets in strings count for nothing: so the
 * text is looked at once, byte by byte.
 */
#include "walk.h"

static bool is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static void skip_space(struct walk *w)
{
	while (w->at < w->end && is_space(*w->at))
		w->at++;
}

static bool broken(struct walk *w)
{
	w->is_broken = true;
	w->close = '\0';
	return false;
}

/* Behind the string that begins here, or NULL. */
static const char *string_end(const char *at, const char *end)
{
	for (at++; at < end; at++) {
		if (*at == '\\')
			at++; /* what is escaped ends nothing */
		else if (*at == '"')
			return at + 1;
	}
	return NULL;
}

/* Behind the object or array that begins here, or NULL. */
static const char *nest_end(const char *at, const char *end)
{
	size_t depth = 0;

	while (at && at < end) {
		const char c = *at;

		at = c == '"' ? string_end(at, end) : at + 1;
		depth += c == '{' || c == '[';
		depth -= c == '}' || c == ']';
		if (depth == 0)
			return at;
	}
	return NULL;
}

/* Behind the number or word that begins here, or NULL. */
static const char *word_end(const char *at, const char *end)
{
	const char *begin = at;

	while (at < end && !is_space(*at) && *at != ',' && *at != '}' && *at != ']')
		at++;
	return at > begin ? at : NULL;
}

/* Behind the value that begins here, or NULL. */
static const char *value_end(const char *at, const char *end)
{
	if (at == end)
		return NULL;
	if (*at == '"')
		return string_end(at, end);
	return *at == '{' || *at == '[' ? nest_end(at, end) : word_end(at, end);
}

struct walk walk_into(struct str text)
{
	struct walk w = {.at = text.at, .end = text.at + text.len};

	skip_space(&w);
	if (w.at < w.end && (*w.at == '{' || *w.at == '['))
		w.close = *w.at++ == '{' ? '}' : ']';
	else
		w.is_broken = true;
	return w;
}

/* Is there another? Then we stand where it begins. */
static bool another(struct walk *w)
{
	if (!w->close)
		return false;
	skip_space(w);
	if (w->at < w->end && *w->at == ',') {
		w->at++;
		skip_space(w);
	}
	if (w->at == w->end)
		return broken(w);
	if (*w->at != w->close)
		return true;
	w->at++;
	w->close = '\0';
	return false;
}

static bool value(struct walk *w, struct str *ret_value)
{
	const char *end;

	skip_space(w);
	end = value_end(w->at, w->end);
	if (!end)
		return broken(w);
	*ret_value = (struct str){w->at, (size_t)(end - w->at)};
	w->at = end;
	return true;
}

bool walk_element(struct walk *w, struct str *ret_value)
{
	return another(w) && value(w, ret_value);
}

bool walk_member(struct walk *w, struct str *ret_name, struct str *ret_value)
{
	const char *end;

	if (!another(w))
		return false;
	end = *w->at == '"' ? string_end(w->at, w->end) : NULL;
	if (!end)
		return broken(w);
	*ret_name = (struct str){w->at + 1, (size_t)(end - w->at) - 2};
	w->at = end;
	skip_space(w);
	if (w->at == w->end || *w->at++ != ':')
		return broken(w);
	return value(w, ret_value);
}
