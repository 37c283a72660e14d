/*
 * The set of templates and their rendering. Rendering is a small machine with three bounded
 * stacks (frames, contexts, indentations) instead of recursion: a section or a partial is a
 * frame over a span of nodes, a list section runs its span once an item.
 *
 * Every node visited is counted, so data that would render for ever ends with ERR_LIMIT.
 * Rendering changes neither template nor data: any number of threads may render one set.
 */
#include "template.h"

#include <stdio.h>
#include <stdlib.h>

#include "libassets/base/err.h"
#include "template_node.h"
#include "template_said.h"

/* Bytes of all templates of a set with their keys. */
enum { SET_BYTES_MAX = 8 * 1024 * 1024 };

struct template_set {
	struct arena arena; /* texts, names and keys */
	const struct template_voice *voice;
	struct template item[TEMPLATE_SET_MAX];
	size_t count;
};

/* A span of nodes being rendered. */
struct frame {
	const struct template *t;
	uint32_t start, at, end;
	const json_t *list; /* what a list section walks, else NULL */
	size_t next;        /* its next item */
	uint8_t contexts;   /* heights of the other stacks when it began */
	uint8_t indents;
	uint8_t indent_base; /* indentations below this one do not apply */
};

/* What a key leads to: the value, what has it, and the key's last part. */
struct found {
	const json_t *value, *owner;
	struct str name;
};

struct render {
	struct buf *out;
	uint32_t steps;
	struct frame frame[TEMPLATE_DEPTH_MAX];
	uint8_t frames;
	struct found context[TEMPLATE_DEPTH_MAX + 1];
	uint8_t contexts;
	struct str indent[TEMPLATE_DEPTH_MAX];
	uint8_t indents;
};

struct template_set *template_set_new(void)
{
	struct template_set *set = calloc(1, sizeof(*set));

	if (set)
		arena_init(&set->arena, SET_BYTES_MAX);
	return set;
}

void template_set_speak(struct template_set *set, const struct template_voice *voice)
{
	set->voice = voice;
}

void template_set_free(struct template_set *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->count; i++)
		free(set->item[i].node);
	arena_done(&set->arena);
	free(set);
}

const struct template *template_find(const struct template_set *set, struct str name)
{
	for (size_t i = 0; i < set->count; i++) {
		if (str_eq(set->item[i].name, name))
			return &set->item[i];
	}
	return NULL;
}

int template_add(struct template_set *set, struct str name, struct str text,
		 struct template_fault *fault)
{
	struct template t = {.voice = set->voice};
	struct node *node;
	int r;

	if (name.len > TEMPLATE_NAME_MAX || text.len > TEMPLATE_TEXT_MAX ||
	    set->count == TEMPLATE_SET_MAX)
		return ERR_LIMIT;
	if (template_find(set, name))
		return ERR_DUPLICATE;
	t.name = arena_str(&set->arena, name);
	if (str_is_null(t.name))
		return ERR_NOMEM;
	r = node_compile(&t, &set->arena, text, fault);
	if (r < 0) {
		free(t.node);
		return r;
	}
	/* They were made room for by doubling, and there will be no more. */
	node = t.count ? realloc(t.node, t.count * sizeof(*node)) : NULL;
	if (node)
		t.node = node;
	set->item[set->count++] = t;
	return 0;
}

/* Join one template's partials; the first that nobody added goes into `fault`. */
static int link_one(const struct template_set *set, const struct template *t,
		    struct template_fault *fault)
{
	int r = 0;

	for (uint32_t i = 0; i < t->count; i++) {
		struct node *n = &t->node[i];

		if (n->kind != NODE_PARTIAL)
			continue;
		n->partial = template_find(set, n->text);
		if (n->partial || r < 0)
			continue;
		r = ERR_NOT_FOUND;
		fault->line = n->line;
		(void)snprintf(fault->name, sizeof(fault->name), "%s", t->name.at);
		(void)snprintf(fault->why, sizeof(fault->why), "there is no template %.*s",
			       (int)n->text.len, n->text.at);
	}
	return r;
}

/* All are joined, also behind a fault: a set with a missing partial is still of use. */
int template_link(struct template_set *set, struct template_fault *fault)
{
	struct template_fault further;
	int r = 0;

	for (size_t i = 0; i < set->count; i++) {
		int one = link_one(set, &set->item[i], r < 0 ? &further : fault);

		if (r == 0)
			r = one;
	}
	return r;
}

void template_escape(struct buf *out, struct str text)
{
	size_t from = 0;

	for (size_t i = 0; i < text.len; i++) {
		const char *entity;

		switch (text.at[i]) {
		case '&':
			entity = "&amp;";
			break;
		case '<':
			entity = "&lt;";
			break;
		case '>':
			entity = "&gt;";
			break;
		case '"':
			entity = "&quot;";
			break;
		case '\'':
			entity = "&#39;";
			break;
		default:
			continue;
		}
		buf_add(out, text.at + from, i - from);
		buf_str(out, str_of(entity));
		from = i + 1;
	}
	buf_add(out, text.at + from, text.len - from);
}

/* The shortest decimal that reads back as the same number. */
static void put_real(struct buf *out, double real)
{
	char digits[40];

	for (int precision = 15; precision <= 17; precision++) {
		(void)snprintf(digits, sizeof(digits), "%.*g", precision, real);
		if (strtod(digits, NULL) == real)
			break;
	}
	buf_str(out, str_of(digits));
}

static void put_value(struct buf *out, const json_t *value, bool escaped)
{
	struct str text;

	switch (json_typeof(value)) {
	case JSON_STRING:
		text = (struct str){json_string_value(value), json_string_length(value)};
		if (escaped)
			template_escape(out, text);
		else
			buf_str(out, text);
		break;
	case JSON_INTEGER:
		buf_i64(out, json_integer_value(value));
		break;
	case JSON_REAL:
		put_real(out, json_real_value(value));
		break;
	case JSON_TRUE:
		buf_str(out, STR("true"));
		break;
	case JSON_FALSE:
		buf_str(out, STR("false"));
		break;
	case JSON_NULL:
	case JSON_OBJECT:
	case JSON_ARRAY:
		break;
	}
}

/*
 * The value of a key, NULL if there is none: its first part in the nearest context that has
 * it, the other parts inside that. No part at all is the nearest context itself, which is called
 * as what it was entered by: the items of a list as the list.
 */
static struct found find_value(const struct render *m, struct str key)
{
	struct found f = {.name = str_of(key.at)};

	if (key.len == 0)
		return m->context[m->contexts - 1];
	for (size_t i = m->contexts; i > 0 && !f.value; i--) {
		f.owner = m->context[i - 1].value;
		f.value = json_object_get(f.owner, key.at);
	}
	for (size_t i = f.name.len + 1; i < key.len && f.value; i += f.name.len + 1) {
		f.name = str_of(key.at + i);
		f.owner = f.value;
		f.value = json_object_get(f.owner, f.name.at);
	}
	return f;
}

static const json_t *look_up(const struct render *m, struct str key)
{
	return find_value(m, key).value;
}

/* --- values of sets that speak ----------------------------------------------------------- */

/*
 * Append a value as it is called in the set's language, else as it is. The tag of the language that
 * is then its own; NULL: none.
 */
static const char *say(const struct template_voice *v, const struct found *f, struct buf *out)
{
	struct str text = {json_string_value(f->value), json_string_length(f->value)};

	if (!json_is_string(f->value)) {
		if (f->value)
			put_value(out, f->value, false);
		return NULL;
	}
	if (v->say(v->arg, f->owner, f->name, text, out))
		return v->own;
	buf_str(out, text);
	return v->has_language(text) ? v->other : NULL;
}

static void put_spoken(struct render *m, const struct node *n)
{
	const struct template_voice *v = m->frame[m->frames - 1].t->voice;
	CLEANUP(buf_done) struct buf said = BUF(m->out->max);
	struct found f = find_value(m, n->text);
	const char *language = say(v, &f, &said);
	bool is_marked = language && n->kind == NODE_SPOKEN;

	if (buf_err(&said) < 0) {
		m->out->err = buf_err(&said);
		return;
	}
	if (n->kind == NODE_TONGUE) {
		if (language)
			buf_fmt(m->out, " lang=\"%s\"", language);
		return;
	}
	if (is_marked)
		buf_fmt(m->out, "<span lang=\"%s\">", language);
	template_escape(m->out, buf_view(&said));
	if (is_marked)
		buf_str(m->out, STR("</span>"));
}

/* Markup of ours. */
static void put_markup(struct render *m, const json_t *value)
{
	const struct template_voice *v = m->frame[m->frames - 1].t->voice;
	struct str text = {json_string_value(value), json_string_length(value)};

	if (v && text.at)
		template_said(v, text, m->out);
	else
		put_value(m->out, value, false);
}

/* A number, also as people read it: "1,234". */
static int64_t number_of(const json_t *value)
{
	struct str text = {json_string_value(value), json_string_length(value)};
	int64_t n = 0;

	if (json_is_integer(value))
		return json_integer_value(value);
	for (size_t i = 0; i < text.len && n < INT64_MAX / 10 - 10; i++) {
		if (text.at[i] >= '0' && text.at[i] <= '9')
			n = n * 10 + text.at[i] - '0';
	}
	return n;
}

static bool is_truth(const json_t *value)
{
	return value && !json_is_null(value) && !json_is_false(value) &&
	       !(json_is_array(value) && json_array_size(value) == 0);
}

/* Of all partials that stand alone on their lines, one inside the other. */
static void put_indent(struct render *m)
{
	for (size_t i = m->frame[m->frames - 1].indent_base; i < m->indents; i++)
		buf_str(m->out, m->indent[i]);
}

static void put_text(struct render *m, struct str text)
{
	if (m->frame[m->frames - 1].indent_base == m->indents) {
		buf_str(m->out, text);
		return;
	}
	while (text.len) {
		const char *feed = memchr(text.at, '\n', text.len);
		size_t n = feed ? (size_t)(feed - text.at) + 1 : text.len;

		buf_add(m->out, text.at, n);
		text = (struct str){text.at + n, text.len - n};
		if (feed && text.len)
			put_indent(m);
	}
}

/* Its depth bounds the other stacks too: a frame adds one context or one indentation. */
static int frame_push(struct render *m, struct frame f)
{
	if (m->frames == COUNT(m->frame))
		return ERR_LIMIT;
	f.start = f.at;
	f.contexts = m->contexts;
	f.indents = m->indents;
	m->frame[m->frames++] = f;
	return 0;
}

/* Enter what stands between a section's tags, which follow the node at frame->at - 1. */
static int section_enter(struct render *m, const struct node *n)
{
	struct frame *f = &m->frame[m->frames - 1];
	struct found found = find_value(m, n->text);
	const json_t *value = found.value;
	struct frame inner = {.t = f->t, .at = f->at, .end = n->end, .indent_base = f->indent_base};
	bool wanted = n->kind == NODE_FORM ? f->t->voice->plural(number_of(value)) == n->form
					   : is_truth(value) == (n->kind == NODE_SECTION);
	int r;

	f->at = n->end;
	if (!wanted)
		return 0;
	if (n->kind == NODE_SECTION && json_is_array(value)) {
		inner.list = value;
		inner.next = 1;
		found.value = json_array_get(value, 0);
	}
	r = frame_push(m, inner);
	if (r < 0)
		return r;
	if (n->kind == NODE_SECTION)
		m->context[m->contexts++] = found;
	return 0;
}

static int partial_enter(struct render *m, const struct node *n)
{
	struct frame *f = &m->frame[m->frames - 1];
	struct frame inner = {.t = n->partial, .indent_base = f->indent_base};
	int r;

	if (!n->partial)
		return 0;
	inner.end = n->partial->count;
	if (!n->is_standalone)
		inner.indent_base = m->indents;
	r = frame_push(m, inner);
	if (r == 0 && n->indent.len)
		m->indent[m->indents++] = n->indent;
	return r;
}

/* At the end of a span: again for a list's next item, else back to where it stood. */
static void frame_end(struct render *m)
{
	struct frame *f = &m->frame[m->frames - 1];

	if (f->list && f->next < json_array_size(f->list)) {
		m->context[m->contexts - 1].value = json_array_get(f->list, f->next++);
		f->at = f->start;
		return;
	}
	m->contexts = f->contexts;
	m->indents = f->indents;
	m->frames--;
}

static int node_render(struct render *m, const struct node *n)
{
	const json_t *value;

	if (n->is_first_on_line)
		put_indent(m);
	switch (n->kind) {
	case NODE_TEXT:
		put_text(m, n->text);
		return 0;
	case NODE_ESCAPED:
	case NODE_RAW:
		value = look_up(m, n->text);
		if (value && n->kind == NODE_RAW)
			put_markup(m, value);
		else if (value)
			put_value(m->out, value, true);
		return 0;
	case NODE_SPOKEN:
	case NODE_BARE:
	case NODE_TONGUE:
		put_spoken(m, n);
		return 0;
	case NODE_SECTION:
	case NODE_INVERTED:
	case NODE_FORM:
		return section_enter(m, n);
	case NODE_PARTIAL:
		return partial_enter(m, n);
	}
	return ERR_BUG;
}

int template_render(const struct template *t, const json_t *data, struct buf *out)
{
	struct render m = {.out = out, .context = {{.value = data}}, .contexts = 1};
	int r = frame_push(&m, (struct frame){.t = t, .end = t->count});

	while (r == 0 && m.frames) {
		struct frame *f = &m.frame[m.frames - 1];

		if (++m.steps > TEMPLATE_STEPS_MAX)
			return ERR_LIMIT;
		if (f->at == f->end)
			frame_end(&m);
		else
			r = node_render(&m, &f->t->node[f->at++]);
	}
	return r < 0 ? r : buf_err(out);
}
