/*
 * From Mustache text to nodes, in one pass: find the next tag, give out the literal before
 * it, then the tag. A tag alone on its line takes the whole line with it (specification,
 * "standalone"), which is decided here, once; so is where a partial's indentation goes.
 *
 * To add a kind of tag: a sigil in tag_find and is_alone, a case in tag_take, a node_kind,
 * and its case in template.c.
 */
#include "template_node.h"

#include <stdlib.h>

#include "libassets/base/err.h"

/* Characters of a delimiter that a template sets; nodes of one template. */
enum { DELIMITER_MAX = 8, NODES_MAX = 65536 };

struct open_section {
	uint32_t node;
	unsigned line;
	struct str name;
};

struct parse {
	struct template *t;
	struct arena *arena;
	struct template_fault *fault;
	struct str text;
	size_t at;        /* the literal not yet given out begins here */
	unsigned line;    /* of `at` */
	bool line_clear;  /* no tag stands between the line's begin and `at` */
	bool owes_indent; /* the next node is the first on its line */
	struct str open, close;
	struct open_section section[TEMPLATE_DEPTH_MAX];
	size_t depth;
};

struct tag {
	size_t from, to; /* of the whole tag in the text */
	char sigil;      /* one of # ^ / > ! = { & ~ % @ + or a blank for a plain name */
	struct str body; /* without sigil and blanks around */
	unsigned line;
};

static int fault_set(struct parse *p, unsigned line, const char *before, struct str about,
		     const char *after)
{
	int len = about.len < 40 ? (int)about.len : 40;

	p->fault->line = line;
	(void)snprintf(p->fault->name, sizeof(p->fault->name), "%.*s", (int)p->t->name.len,
		       p->t->name.at);
	(void)snprintf(p->fault->why, sizeof(p->fault->why), "%s %.*s %s", before, len, about.at,
		       after);
	return ERR_INVALID;
}

static struct str part(struct str s, size_t from, size_t to)
{
	return (struct str){s.at + from, to - from};
}

/* Where `needle` begins in `s` at or after `from`; s.len if nowhere. */
static size_t find(struct str s, size_t from, struct str needle)
{
	while (from + needle.len <= s.len) {
		const char *hit = memchr(s.at + from, needle.at[0], s.len - needle.len - from + 1);

		if (!hit)
			break;
		if (memcmp(hit, needle.at, needle.len) == 0)
			return (size_t)(hit - s.at);
		from = (size_t)(hit - s.at) + 1;
	}
	return s.len;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_space(char c)
{
	return is_blank(c) || c == '\n' || c == '\r';
}

static unsigned count_lines(struct str s)
{
	unsigned n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += s.at[i] == '\n';
	return n;
}

static int node_add(struct parse *p, struct node n)
{
	struct template *t = p->t;

	if (t->count == t->cap) {
		uint32_t cap = t->cap ? t->cap * 2 : 32;
		struct node *node;

		if (cap > NODES_MAX)
			return ERR_LIMIT;
		node = realloc(t->node, cap * sizeof(*node));
		if (!node)
			return ERR_NOMEM;
		t->node = node;
		t->cap = cap;
	}
	n.is_first_on_line = p->owes_indent && !n.is_standalone;
	t->node[t->count++] = n;
	p->owes_indent = false;
	return 0;
}

/* Give out the literal up to `to` and stand there. */
static int literal(struct parse *p, size_t to)
{
	struct str s = part(p->text, p->at, to);
	int r;

	if (s.len == 0)
		return 0;
	r = node_add(p, (struct node){.kind = NODE_TEXT, .line = p->line, .text = s});
	if (r < 0)
		return r;
	p->line += count_lines(s);
	p->at = to;
	p->owes_indent = s.at[s.len - 1] == '\n';
	p->line_clear = p->owes_indent;
	return 0;
}

/* A dotted name as its parts, a NUL after each; "." is no part at all. */
static int key_parse(struct parse *p, const struct tag *tag, struct str name, struct str *ret_key)
{
	char *at;

	for (size_t i = 0; i < name.len; i++) {
		bool is_dot = name.at[i] == '.';

		if (is_space(name.at[i]) || name.at[i] == '\0')
			return fault_set(p, tag->line, "the name", name, "has a blank in it");
		if (is_dot && name.len > 1 &&
		    (i == 0 || i + 1 == name.len || name.at[i - 1] == '.'))
			return fault_set(p, tag->line, "the name", name, "has an empty part");
	}
	at = arena_alloc(p->arena, name.len + 1);
	if (!at)
		return ERR_NOMEM;
	if (str_eq(name, STR("."))) {
		*ret_key = (struct str){at, 0};
		return 0;
	}
	for (size_t i = 0; i < name.len; i++)
		at[i] = name.at[i] == '.' ? '\0' : name.at[i];
	*ret_key = (struct str){at, name.len + 1};
	return 0;
}

/*
 * The next tag at or after p->at. 0 and tag->from == text.len when there is none.
 */
static int tag_find(struct parse *p, struct tag *ret_tag)
{
	const char *sigils = p->t->voice ? "#^/>!={&~%@+" : "#^/>!={&";
	size_t from = find(p->text, p->at, p->open);
	size_t at = from + p->open.len, to;
	char close[DELIMITER_MAX + 2];
	int len = (int)p->close.len;
	char sigil = ' ';

	*ret_tag = (struct tag){.from = from, .line = p->line};
	if (from == p->text.len)
		return 0;
	ret_tag->line += count_lines(part(p->text, p->at, from));
	while (at < p->text.len && is_space(p->text.at[at]))
		at++;
	if (at < p->text.len && p->text.at[at] && strchr(sigils, p->text.at[at]))
		sigil = p->text.at[at++];
	(void)snprintf(close, sizeof(close), "%s%.*s",
		       sigil == '{'   ? "}"
		       : sigil == '=' ? "="
				      : "",
		       len, p->close.at);
	to = find(p->text, at, str_of(close));
	if (to == p->text.len)
		return fault_set(p, ret_tag->line, "the tag", part(p->text, from, p->text.len),
				 "is not closed");
	ret_tag->to = to + strlen(close);
	ret_tag->sigil = sigil;
	ret_tag->body = str_trim(part(p->text, at, to));
	if (ret_tag->body.len == 0 && sigil != '!')
		return fault_set(p, ret_tag->line, "the tag", part(p->text, from, ret_tag->to),
				 "has no name");
	return 0;
}

/* Where the line after `at` begins if only blanks stand before its end; else 0. */
static size_t line_rest(struct str text, size_t at)
{
	while (at < text.len && is_blank(text.at[at]))
		at++;
	if (at == text.len)
		return at;
	if (text.at[at] == '\n')
		return at + 1;
	if (text.at[at] == '\r' && at + 1 < text.len && text.at[at + 1] == '\n')
		return at + 2;
	return 0;
}

/*
 * Whether the tag has its line for itself. Then *ret_begin is where the line begins and
 * *ret_next where the next one does.
 */
static bool is_alone(const struct parse *p, const struct tag *tag, size_t *ret_begin,
		     size_t *ret_next)
{
	size_t begin = tag->from;

	if (!strchr("#^/>!=+", tag->sigil))
		return false;
	while (begin > p->at && is_blank(p->text.at[begin - 1]))
		begin--;
	if (begin > p->at ? p->text.at[begin - 1] != '\n' : !p->line_clear)
		return false;
	*ret_begin = begin;
	*ret_next = line_rest(p->text, tag->to);
	return *ret_next != 0;
}

static int section_open(struct parse *p, const struct tag *tag, struct node n)
{
	struct str name = tag->body;
	int r;

	if (tag->sigil == '+') {
		n.form = (uint8_t)(name.at[0] - '0');
		name = str_trim(part(name, 1, name.len));
	}
	r = key_parse(p, tag, name, &n.text);
	if (r < 0)
		return r;
	if (p->depth == COUNT(p->section))
		return fault_set(p, tag->line, "the section", tag->body, "is nested too deeply");
	p->section[p->depth++] = (struct open_section){p->t->count, tag->line, tag->body};
	n.kind = tag->sigil == '#' ? NODE_SECTION : tag->sigil == '^' ? NODE_INVERTED : NODE_FORM;
	return node_add(p, n);
}

static int section_close(struct parse *p, const struct tag *tag)
{
	const struct open_section *open = &p->section[p->depth ? p->depth - 1 : 0];

	if (p->depth == 0)
		return fault_set(p, tag->line, "the section", tag->body, "was not opened");
	if (!str_eq(open->name, tag->body))
		return fault_set(p, tag->line, "the section", tag->body,
				 "is closed, but is not the one last opened");
	p->t->node[open->node].end = p->t->count;
	p->depth--;
	return 0;
}

/* {{=<% %>=}}: two runs of bytes, neither with a blank or an equals sign in it. */
static int delimiters(struct parse *p, const struct tag *tag)
{
	struct str body = tag->body;
	size_t n = 0, m;

	while (n < body.len && !is_space(body.at[n]))
		n++;
	for (m = n; m < body.len && is_space(body.at[m]);)
		m++;
	p->open = part(body, 0, n);
	p->close = part(body, m, body.len);
	for (size_t i = 0; i < p->close.len; i++) {
		if (is_space(p->close.at[i]))
			m = body.len;
	}
	if (m == body.len || n > DELIMITER_MAX || body.len - m > DELIMITER_MAX ||
	    memchr(body.at, '=', body.len) || memchr(body.at, '\0', body.len))
		return fault_set(p, tag->line, "the delimiters", body,
				 "are not two runs without blanks");
	return 0;
}

static int partial(struct parse *p, const struct tag *tag, struct node n)
{
	n.kind = NODE_PARTIAL;
	n.text = tag->body;
	if (n.text.len > TEMPLATE_NAME_MAX)
		return fault_set(p, tag->line, "the name", n.text, "is too long");
	return node_add(p, n);
}

static int value(struct parse *p, const struct tag *tag, struct node n)
{
	int r = key_parse(p, tag, tag->body, &n.text);

	switch (tag->sigil) {
	case ' ':
		n.kind = NODE_ESCAPED;
		break;
	case '~':
		n.kind = NODE_SPOKEN;
		break;
	case '%':
		n.kind = NODE_BARE;
		break;
	case '@':
		n.kind = NODE_TONGUE;
		break;
	default:
		n.kind = NODE_RAW;
	}
	return r < 0 ? r : node_add(p, n);
}

static int tag_act(struct parse *p, const struct tag *tag, struct node n)
{
	switch (tag->sigil) {
	case '#':
	case '^':
	case '+':
		return section_open(p, tag, n);
	case '/':
		return section_close(p, tag);
	case '>':
		return partial(p, tag, n);
	case '=':
		return delimiters(p, tag);
	case '!':
		return 0;
	default:
		return value(p, tag, n);
	}
}

static int tag_take(struct parse *p, const struct tag *tag)
{
	size_t begin, next = tag->to;
	bool alone = is_alone(p, tag, &begin, &next);
	struct node n = {.line = tag->line, .is_standalone = alone};
	int r = literal(p, alone ? begin : tag->from);

	if (r < 0)
		return r;
	if (alone)
		n.indent = part(p->text, begin, tag->from);
	else
		next = tag->to;
	r = tag_act(p, tag, n);
	if (r < 0)
		return r;
	p->line += count_lines(part(p->text, p->at, next));
	p->at = next;
	p->line_clear = alone;
	if (alone)
		p->owes_indent = true;
	return 0;
}

int node_compile(struct template *t, struct arena *arena, struct str text,
		 struct template_fault *fault)
{
	struct parse p = {.t = t,
			  .arena = arena,
			  .fault = fault,
			  .text = text,
			  .line = 1,
			  .line_clear = true,
			  .owes_indent = true,
			  .open = STR("{{"),
			  .close = STR("}}")};
	struct tag tag;
	int r;

	for (;;) {
		r = tag_find(&p, &tag);
		if (r < 0)
			return r;
		if (tag.from == text.len)
			break;
		r = tag_take(&p, &tag);
		if (r < 0)
			return r;
	}
	if (p.depth) {
		const struct open_section *open = &p.section[p.depth - 1];

		return fault_set(&p, open->line, "the section", open->name, "is not closed");
	}
	return literal(&p, text.len);
}
