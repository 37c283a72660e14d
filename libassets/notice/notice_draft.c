/*
 * From the parts of a notice (notice_part.def) to its text: fields are put in their places, what
 * has no value is noted as missing, and all of it becomes one JSON text that a page shows and
 * the register keeps as it was when the notice was issued.
 */
#include "libassets/base/err.h"
#include "notice_private.h"

enum { CONTENT_MAX = 2 << 20, LINE_MAX_BYTES = 1 << 20, GAPS_MAX = 64 };

static const struct part {
	enum notice_code notice;
	const char *variants; /* "": all */
	const char *heading;
	const char *text;
	const char *clock;
} part_table[] = {
#define PART(notice, variants, heading, text, clock)                                               \
	{NOTICE_##notice, variants, heading, text, clock},
#include "notice_part.def"
#undef PART
};

/* A draft on its way. */
struct writing {
	struct drafting d;
	struct buf out;
	struct notice_gap *gap;
	size_t gaps;
};

static bool applies(const struct part *part, const struct notice_variant *v)
{
	return part->notice == v->notice &&
	       (!*part->variants || shape_is_word(str_of(v->id), part->variants));
}

static void add_gap(struct writing *w, struct str field, struct str detail, const char *cure)
{
	for (size_t i = 0; i < w->gaps; i++) {
		if (str_eq(w->gap[i].field, field))
			return;
	}
	if (w->gaps < GAPS_MAX)
		w->gap[w->gaps++] = (struct notice_gap){field, detail, str_of(cure)};
}

/* Of the matters each is missing by itself, since each is to be recorded by itself. */
static void add_matter_gaps(struct writing *w, const char *cure)
{
	for (size_t n = 0; notice_matter_at(n); n++) {
		struct str code = str_of(notice_matter_at(n));

		if (str_is_null(notice_matter_text(&w->d, code)))
			add_gap(w, arena_fmt(w->d.arena, "matters/%s", code.at),
				arena_fmt(w->d.arena, "Nothing is said of matter %s.",
					  notice_matter_words(code)),
				cure);
	}
}

/* The value of a field in braces; where it has none, a gap, and a mark for who reads the draft. */
static struct str value_of(struct writing *w, struct str name)
{
	const struct notice_field *field = notice_field_of(name);
	struct str value = field ? field->value(&w->d) : (struct str){NULL, 0};

	if (!str_is_null(value) && value.len)
		return value;
	if (!field)
		add_gap(w, name, STR("The text names a field that there is not."), "");
	else if (str_eq(name, STR("matters")))
		add_matter_gaps(w, field->cure);
	else
		add_gap(w, str_of(field->name),
			arena_fmt(w->d.arena, "The notice must say %s.", field->words),
			field->cure);
	return STR("[still to be said]");
}

/* "{name}" alone, as the name; else absent. */
static struct str lone_field(struct str line)
{
	struct str rest, name;

	if (line.len < 3 || line.at[0] != '{' || line.at[line.len - 1] != '}')
		return (struct str){NULL, 0};
	name = str_cut((struct str){line.at + 1, line.len - 1}, '}', &rest);
	return rest.len ? (struct str){NULL, 0} : name;
}

static void expand(struct writing *w, struct str line, struct buf *out)
{
	while (!str_is_null(line) && line.len) {
		struct str rest;

		buf_str(out, str_cut(line, '{', &rest));
		if (str_is_null(rest))
			return;
		buf_str(out, value_of(w, str_cut(rest, '}', &line)));
	}
}

/* Each line that is not blank as a JSON text, after what the list holds already. */
static void put_lines(struct buf *list, struct str text)
{
	for (struct str rest = text; !str_is_null(rest);) {
		struct str line = str_trim(str_cut(rest, '\n', &rest));

		if (!line.len)
			continue;
		if (list->len)
			buf_char(list, ',');
		buf_json(list, line);
	}
}

/* The clock of the part that this request has, absent when it has none, or began after the notice.
 */
static struct str clock_of(const struct writing *w, const struct part *part)
{
	bool is_challenge = strcmp(part->clock, "CH") == 0;
	const struct notice_date *date =
		w->d.variant->is_ahead
			? NULL
			: notice_date_of(&w->d, is_challenge ? notice_challenge_clocks(&w->d)
							     : part->clock);

	return date ? date->clock : (struct str){NULL, 0};
}

static void put_part(struct writing *w, const struct part *part)
{
	CLEANUP(buf_done) struct buf lines = BUF(CONTENT_MAX);
	CLEANUP(buf_done) struct buf items = BUF(CONTENT_MAX);
	struct str clock = clock_of(w, part);

	for (struct str rest = str_of(part->text); !str_is_null(rest);) {
		CLEANUP(buf_done) struct buf text = BUF(LINE_MAX_BYTES);
		struct str line = str_cut(rest, '\n', &rest);
		struct str name = lone_field(line);
		const struct notice_field *field = str_is_null(name) ? NULL : notice_field_of(name);

		expand(w, line, &text);
		put_lines(field && field->is_list ? &items : &lines, buf_view(&text));
		if (text.err && !w->out.err)
			w->out.err = text.err;
	}
	buf_str(&w->out, STR("{\"heading\":"));
	buf_json(&w->out, str_of(part->heading));
	buf_fmt(&w->out, ",\"lines\":[%s],\"items\":[%s]", buf_view(&lines).at,
		buf_view(&items).at);
	if (clock.at) {
		buf_str(&w->out, STR(",\"clock\":"));
		buf_json(&w->out, clock);
	}
	buf_char(&w->out, '}');
	if ((lines.err || items.err) && !w->out.err)
		w->out.err = lines.err ? lines.err : items.err;
}

/* One entry for each matter that something was said of, for the decision's own record. */
static void put_matters(struct writing *w)
{
	bool is_next = false;

	for (size_t n = 0; w->d.variant->notice == NOTICE_N7 && notice_matter_at(n); n++) {
		struct str code = str_of(notice_matter_at(n));
		struct str text = notice_matter_text(&w->d, code);

		if (str_is_null(text))
			continue;
		buf_fmt(&w->out, "%s{\"matter\":\"%s\",\"words\":", is_next ? "," : "", code.at);
		buf_json(&w->out, str_of(notice_matter_words(code)));
		buf_str(&w->out, STR(",\"text\":"));
		buf_json(&w->out, text);
		buf_char(&w->out, '}');
		is_next = true;
	}
}

static void put_content(struct writing *w)
{
	bool is_next = false;

	buf_str(&w->out, STR("{\"title\":"));
	buf_json(&w->out, str_of(w->d.variant->title));
	buf_str(&w->out, STR(",\"sections\":["));
	for (size_t i = 0; i < COUNT(part_table); i++) {
		if (!applies(&part_table[i], w->d.variant))
			continue;
		if (is_next)
			buf_char(&w->out, ',');
		put_part(w, &part_table[i]);
		is_next = true;
	}
	buf_str(&w->out, STR("],\"matters\":["));
	put_matters(w);
	buf_str(&w->out, STR("]}"));
}

int notice_draft(enum notice_code code, const struct notice_facts *facts,
		 const struct notice_form *form, struct arena *a, struct notice_draft *ret_draft)
{
	struct writing w = {.d = {notice_variant_of(code, facts), facts, form, a},
			    .out = BUF(CONTENT_MAX),
			    .gap = ARENA_ARRAY(a, GAPS_MAX, struct notice_gap)};
	struct str content;
	int err;

	if (!w.d.variant)
		return ERR_NOT_FOUND;
	if (!w.gap)
		return ERR_NOMEM;
	put_content(&w);
	err = buf_err(&w.out);
	content = err < 0 ? (struct str){NULL, 0} : arena_str(a, buf_view(&w.out));
	buf_done(&w.out);
	if (err < 0 || str_is_null(content))
		return err < 0 ? err : ERR_NOMEM;
	*ret_draft = (struct notice_draft){
		.variant = w.d.variant,
		.content = content,
		.missing = {w.gap, w.gaps},
		.notice_on = code != NOTICE_N7               ? DAY_NONE
			     : day_is_none(facts->notice_on) ? facts->on
							     : facts->notice_on,
	};
	return 0;
}
