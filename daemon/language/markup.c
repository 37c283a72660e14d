/*
 * Walls are found on the way: a tag that is no run of a sentence, and both ends of whatever has a
 * wall inside, such as a section around list items. So are both ends of what crosses another.
 */
#include "markup.h"

#include "libassets/base/err.h"
#include "message.h"

struct lexer {
	struct str text;
	struct markup *m;
	int open[MARKUP_DEPTH_MAX];
	bool has_wall[MARKUP_DEPTH_MAX];
	size_t depth;
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_of_name(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || c == '-';
}

static bool is_at(struct str text, size_t at, const char *what)
{
	return str_starts((struct str){text.at + at, text.len - at}, str_of(what));
}

/* Just behind the next `what` at or after `from`; 0: there is none. */
static size_t behind(struct str text, size_t from, const char *what)
{
	size_t n = strlen(what);

	for (size_t i = from; i + n <= text.len; i++) {
		if (memcmp(text.at + i, what, n) == 0)
			return i + n;
	}
	return 0;
}

/* --- tags -------------------------------------------------------------------------------- */

/* Just behind the Mustache tag that begins at `at`; 0: it does not end. */
static size_t value_end(struct str text, size_t at)
{
	return behind(text, at + 2, is_at(text, at, "{{{") ? "}}}" : "}}");
}

/* Just behind the HTML tag that begins at `at`: a > within quotes or a value does not count. */
static size_t tag_end(struct str text, size_t at)
{
	char quote = '\0';

	if (is_at(text, at, "<!--"))
		return behind(text, at, "-->");
	while (at < text.len) {
		char c = text.at[at];

		if (is_at(text, at, "{{")) {
			at = value_end(text, at);
			if (!at)
				return 0;
			continue;
		}
		if (quote ? c == quote : c == '"' || c == '\'')
			quote = quote ? '\0' : c;
		else if (!quote && c == '>')
			return at + 1;
		at++;
	}
	return 0;
}

static struct str name_at(struct str text, size_t at)
{
	size_t n = 0;

	while (at + n < text.len && is_of_name(text.at[at + n]))
		n++;
	return (struct str){text.at + at, n};
}

static void read_value(struct token *t)
{
	struct str body = str_trim((struct str){t->raw.at + 2, t->raw.len - 4});
	char sigil = body.len ? body.at[0] : '\0';

	t->kind = sigil == '#' || sigil == '^' ? TOKEN_SECTION
		  : sigil == '/'               ? TOKEN_END
		  : strchr("{&>!=", sigil)     ? TOKEN_OTHER
					       : TOKEN_VALUE;
	t->name = body;
	if (t->kind != TOKEN_VALUE && body.len)
		t->name = str_trim((struct str){body.at + 1, body.len - 1});
	t->is_wall = t->kind == TOKEN_OTHER;
}

static void read_tag(struct token *t)
{
	static const char alone[] = "br,input,img,link,meta,hr,col,source,wbr";
	bool is_close = t->raw.at[1] == '/';

	t->name = name_at(t->raw, is_close ? 2 : 1);
	if (is_close)
		t->kind = TOKEN_CLOSE;
	else if (t->raw.at[t->raw.len - 2] == '/' || str_lists(str_of(alone), t->name))
		t->kind = TOKEN_ALONE;
	else
		t->kind = t->name.len ? TOKEN_OPEN : TOKEN_OTHER;
	t->is_wall = (!message_is_run(t->name) && !str_eq(t->name, STR("br"))) ||
		     str_holds(t->raw, STR(" lang=\""));
}

/* --- what closes what -------------------------------------------------------------------- */

static void wall_here(struct lexer *x)
{
	if (x->depth)
		x->has_wall[x->depth - 1] = true;
}

static bool is_pair(const struct token *open, const struct token *close)
{
	return (open->kind == TOKEN_OPEN) == (close->kind == TOKEN_CLOSE) &&
	       str_eq(open->name, close->name);
}

/* What is opened last and not closed in its turn is a wall. */
static void drop_last(struct lexer *x)
{
	x->m->token[x->open[--x->depth]].is_wall = true;
	wall_here(x);
}

static void close_at(struct lexer *x, int at)
{
	struct token *close = &x->m->token[at], *open;
	size_t d = x->depth;
	bool is_crossed;

	while (d && !is_pair(&x->m->token[x->open[d - 1]], close))
		d--;
	if (!d) {
		close->is_wall = true;
		wall_here(x);
		return;
	}
	is_crossed = d < x->depth;
	while (x->depth > d)
		drop_last(x);
	open = &x->m->token[x->open[d - 1]];
	open->match = at;
	close->match = x->open[d - 1];
	open->is_wall = close->is_wall = open->is_wall || is_crossed || x->has_wall[d - 1];
	x->depth = d - 1;
	if (open->is_wall)
		wall_here(x);
}

static int place(struct lexer *x, int at)
{
	const struct token *t = &x->m->token[at];

	if (t->kind == TOKEN_CLOSE || t->kind == TOKEN_END) {
		close_at(x, at);
	} else if (t->kind == TOKEN_OPEN || t->kind == TOKEN_SECTION) {
		if (x->depth == COUNT(x->open))
			return ERR_LIMIT;
		x->has_wall[x->depth] = false;
		x->open[x->depth++] = at;
	} else if (t->is_wall) {
		wall_here(x);
	}
	return 0;
}

/* --- all of it --------------------------------------------------------------------------- */

static bool is_tag_at(struct str text, size_t at)
{
	char next = at + 1 < text.len ? text.at[at + 1] : '\0';

	return text.at[at] == '<' && (is_letter(next) || next == '/' || next == '!');
}

/* Where the token that begins at `at` ends; 0: nowhere. */
static size_t token_end(struct str text, size_t at, struct token *t)
{
	size_t end = at + 1;

	if (is_at(text, at, "{{"))
		return value_end(text, at);
	if (is_tag_at(text, at))
		return tag_end(text, at);
	t->kind = TOKEN_TEXT;
	while (end < text.len && !is_at(text, end, "{{") && !is_tag_at(text, end))
		end++;
	return end;
}

static bool is_of_value(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '.' || c == '-';
}

/* How long the tag is that begins with braces at `at`; 0: it is not as templates write them. */
static size_t plain_tag(struct str text, size_t at)
{
	size_t end = at + 2;
	bool is_raw = end < text.len && text.at[end] == '{';

	if (end < text.len && strchr("#^/>{&", text.at[end]))
		end++;
	if (end == text.len || !is_of_value(text.at[end]))
		return 0;
	while (end < text.len && is_of_value(text.at[end]))
		end++;
	at = end - at;
	if (!str_starts((struct str){text.at + end, text.len - end},
			is_raw ? STR("}}}") : STR("}}")))
		return 0;
	return at + (is_raw ? 3 : 2);
}

/* Without blanks, comments and the tags that only we may write, everybody here reads it alike. */
static bool has_plain_tags(struct str text)
{
	for (size_t i = 0; i + 1 < text.len; i++) {
		size_t n;

		if (text.at[i] != '{' || text.at[i + 1] != '{')
			continue;
		n = plain_tag(text, i);
		if (!n)
			return false;
		i += n - 1;
	}
	return true;
}

int markup_read(struct str text, struct arena *a, struct markup *ret_markup)
{
	struct lexer x = {.text = text, .m = ret_markup};
	int r = has_plain_tags(text) ? 0 : ERR_INVALID;

	/* A token has a byte at least. */
	*ret_markup = (struct markup){ARENA_ARRAY(a, text.len + 1, struct token), 0};
	if (!ret_markup->token)
		return ERR_NOMEM;
	for (size_t at = 0, end; r == 0 && at < text.len; at = end) {
		struct token *t = &ret_markup->token[ret_markup->count];

		*t = (struct token){.kind = TOKEN_OTHER, .match = -1};
		end = token_end(text, at, t);
		if (!end)
			return ERR_INVALID;
		t->raw = (struct str){text.at + at, end - at};
		if (t->kind != TOKEN_TEXT && t->raw.at[0] == '<')
			read_tag(t);
		else if (t->kind != TOKEN_TEXT)
			read_value(t);
		r = place(&x, (int)ret_markup->count++);
	}
	while (x.depth)
		drop_last(&x);
	return r;
}

bool markup_attribute(struct str tag, size_t *at, struct attribute *ret_attribute)
{
	size_t begin = *at, end;

	for (size_t i = begin; i < tag.len; i++) {
		if (is_at(tag, i, "{{")) {
			i = value_end(tag, i) - 1;
			continue;
		}
		if (tag.at[i] != '=' || i + 1 == tag.len || tag.at[i + 1] != '"')
			continue;
		for (end = i + 2; end < tag.len && tag.at[end] != '"';)
			end = is_at(tag, end, "{{") ? value_end(tag, end) : end + 1;
		if (end >= tag.len)
			return false;
		ret_attribute->value = (struct str){tag.at + i + 2, end - i - 2};
		ret_attribute->before = (struct str){tag.at + begin, i + 2 - begin};
		ret_attribute->name = (struct str){tag.at + i, 0};
		while (ret_attribute->name.at > tag.at && is_of_name(ret_attribute->name.at[-1])) {
			ret_attribute->name.at--;
			ret_attribute->name.len++;
		}
		*at = end;
		return true;
	}
	return false;
}
