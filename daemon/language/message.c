/*
 * One pass with a stack of what is open. That a translation agrees is decided by counting: for
 * every place of either, how often each has it. Messages are short.
 */
#include "message.h"

#include "libassets/base/err.h"

enum { DEPTH_MAX = 12, NAME_MAX = 80 };

struct open_place {
	bool is_section;
	struct str name;
};

struct parsing {
	struct message *m;
	struct open_place open[DEPTH_MAX];
	size_t depth;
	int section; /* the innermost that is open */
};

/* Those that stand within a sentence. A name in templates that is not here ends a message. */
static const char runs[] =
	"a,abbr,b,bdi,cite,code,del,em,i,ins,kbd,mark,q,s,small,span,strong,sub,sup,time,u,var";

bool message_is_run(struct str name)
{
	return str_lists(str_of(runs), name);
}

static int add(struct parsing *p, enum piece_kind kind, struct str text)
{
	struct message *m = p->m;

	if (m->count == COUNT(m->piece))
		return ERR_LIMIT;
	m->piece[m->count++] = (struct piece){kind, text, p->section};
	return 0;
}

static int open_place(struct parsing *p, bool is_section, struct str name)
{
	if (p->depth == COUNT(p->open))
		return ERR_LIMIT;
	p->open[p->depth++] = (struct open_place){is_section, name};
	return 0;
}

static int close_place(struct parsing *p, bool is_section, struct str name)
{
	const struct open_place *last;

	if (!p->depth)
		return ERR_INVALID;
	last = &p->open[--p->depth];
	return last->is_section == is_section && str_eq(last->name, name) ? 0 : ERR_INVALID;
}

/* Letters and then digits: the n-th run of that name. */
static bool is_run_name(struct str name)
{
	size_t n = name.len;

	while (n && name.at[n - 1] >= '0' && name.at[n - 1] <= '9')
		n--;
	return message_is_run((struct str){name.at, n});
}

static bool is_alone_name(struct str name)
{
	return str_eq(name, STR("br"));
}

/* What stands between the bytes at from and the next `end`; absent when that is not near. */
static struct str up_to(struct str text, size_t from, struct str end)
{
	for (size_t i = from; i + end.len <= text.len && i <= from + NAME_MAX; i++) {
		if (memcmp(text.at + i, end.at, end.len) == 0)
			return (struct str){text.at + from, i - from};
	}
	return (struct str){NULL, 0};
}

static int add_section(struct parsing *p, enum piece_kind kind, struct str name)
{
	int at = (int)p->m->count;
	int r = open_place(p, true, name);

	if (r == 0)
		r = add(p, kind, name);
	p->section = at;
	return r;
}

static int end_section(struct parsing *p, struct str name)
{
	int r = close_place(p, true, name);

	if (r < 0 || p->section < 0)
		return ERR_INVALID;
	p->section = p->m->piece[p->section].section;
	return add(p, PIECE_END, name);
}

static bool is_name(struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.at[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      c == '_' || c == '.'))
			return false;
	}
	return name.len > 0;
}

/* {{…}}, of which the text begins behind the braces. */
static int take_value(struct parsing *p, struct str body)
{
	char sigil = body.len ? body.at[0] : '\0';
	struct str name =
		sigil && strchr("#^/", sigil) ? (struct str){body.at + 1, body.len - 1} : body;

	if (!is_name(name))
		return ERR_INVALID;
	switch (name.at == body.at ? ' ' : sigil) {
	case '#':
		return add_section(p, PIECE_SECTION, name);
	case '^':
		return add_section(p, PIECE_INVERTED, name);
	case '/':
		return end_section(p, name);
	default:
		return add(p, PIECE_VALUE, name);
	}
}

/* <a>, </a> or <br> of which `name` stands between the brackets, slash included. */
static int take_run(struct parsing *p, struct str name)
{
	struct str bare = {name.at + 1, name.len - 1};
	int r;

	if (is_alone_name(name))
		return add(p, PIECE_ALONE, name);
	if (name.at[0] == '/') {
		r = close_place(p, false, bare);
		return r < 0 ? r : add(p, PIECE_CLOSE, bare);
	}
	r = open_place(p, false, name);
	return r < 0 ? r : add(p, PIECE_OPEN, name);
}

/* Is the bracket at `at` one of ours? */
static bool is_run_at(struct str text, size_t at, struct str *ret_name)
{
	struct str name = up_to(text, at + 1, STR(">")), bare = name;

	if (!name.len)
		return false;
	if (name.at[0] == '/')
		bare = (struct str){name.at + 1, name.len - 1};
	*ret_name = name;
	return is_run_name(bare) || is_alone_name(name);
}

int message_parse(struct str text, struct message *ret_message)
{
	struct parsing p = {.m = ret_message, .section = -1};
	size_t from = 0, at = 0;
	int r = 0;

	ret_message->count = 0;
	while (r == 0 && at < text.len) {
		struct str rest = {text.at + at, text.len - at}, inside;
		bool is_value = str_starts(rest, STR("{{"));
		bool is_place = is_value || (text.at[at] == '<' && is_run_at(text, at, &inside));

		if (!is_place) {
			at++;
			continue;
		}
		if (is_value)
			inside = up_to(text, at + 2, STR("}}"));
		if (str_is_null(inside))
			return ERR_INVALID;
		if (at > from)
			r = add(&p, PIECE_TEXT, (struct str){text.at + from, at - from});
		if (r == 0)
			r = is_value ? take_value(&p, inside) : take_run(&p, inside);
		at += inside.len + (is_value ? 4 : 2);
		from = at;
	}
	if (r == 0 && text.len > from)
		r = add(&p, PIECE_TEXT, (struct str){text.at + from, text.len - from});
	return r == 0 && p.depth ? ERR_INVALID : r;
}

static bool is_same_place(const struct message *a, const struct piece *x, const struct message *b,
			  const struct piece *y)
{
	while (x->kind == y->kind && str_eq(x->text, y->text)) {
		if (x->section < 0 || y->section < 0)
			return x->section == y->section;
		x = &a->piece[x->section];
		y = &b->piece[y->section];
	}
	return false;
}

/* How often m has the place x of `of`. */
static size_t times(const struct message *m, const struct message *of, const struct piece *x)
{
	size_t n = 0;

	for (size_t i = 0; i < m->count; i++)
		n += is_same_place(m, &m->piece[i], of, x);
	return n;
}

static bool has_all(const struct message *m, const struct message *of)
{
	for (size_t i = 0; i < of->count; i++) {
		const struct piece *x = &of->piece[i];

		if (x->kind != PIECE_TEXT && times(m, of, x) != times(of, of, x))
			return false;
	}
	return true;
}

bool message_agrees(const struct message *a, const struct message *b)
{
	return has_all(a, b) && has_all(b, a);
}

struct str message_counted(const struct message *m)
{
	for (size_t i = 0; i < m->count; i++) {
		if (m->piece[i].kind == PIECE_VALUE && m->piece[i].section < 0)
			return m->piece[i].text;
	}
	return (struct str){NULL, 0};
}
