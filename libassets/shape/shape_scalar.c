/*
 * Decoding of single values. To add a type: a row in shape.h's enum, a member type there, a
 * case in each switch below and in shape_encode.c.
 *
 * Nothing is set when there was a flaw: a member keeps what it had, which for a new item is
 * "absent". So who decodes looks at the flaws before the members.
 */
#include "shape_scalar.h"

#include <math.h>

#include "boundary.h"
#include "libassets/base/err.h"
#include "libassets/base/text.h"
#include "shape_form.h"

void shape_flaw(const struct shape_place *p, const char *code, struct str detail, struct str cure)
{
	wire_flaw(p->flaws, p->at, str_of(code), detail, cure);
}

void shape_no_room(const struct shape_place *p)
{
	shape_flaw(p, "NO_ROOM", STR("There is no room for this."), STR("Send less at once."));
}

static const char *type_name(const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "a list";
	case JSON_STRING:
		return wire_is_big(value) ? "a number beyond 64 bits" : "a text";
	case JSON_INTEGER:
		return "a whole number";
	case JSON_REAL:
		return "a number with a decimal point or exponent";
	case JSON_TRUE:
	case JSON_FALSE:
		return "true or false";
	case JSON_NULL:
		return "null";
	}
	return "something else";
}

void shape_wrong_type(const struct shape_place *p, const json_t *value, const char *wanted)
{
	struct arena *a = p->flaws->arena;

	shape_flaw(p, "WRONG_TYPE", arena_fmt(a, "This is %s.", type_name(value)),
		   arena_fmt(a, "Send %s.", wanted));
}

/* CR LF and CR become LF. */
static struct str unix_lines(struct str s, struct arena *a)
{
	char *out;
	size_t n = 0;

	if (!s.len || !memchr(s.at, '\r', s.len))
		return s;
	out = arena_alloc(a, s.len + 1);
	if (!out)
		return (struct str){NULL, 0};
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] == '\r' && i + 1 < s.len && s.at[i + 1] == '\n')
			continue;
		out[n++] = s.at[i] == '\r' ? '\n' : s.at[i];
	}
	return (struct str){out, n};
}

/* Trimmed, checked and copied; absent after a flaw, and when empty. */
static struct str text_value(const struct shape_field *f, const json_t *value,
			     const struct shape_place *p)
{
	struct arena *a = p->flaws->arena;
	struct str text, kept;

	if (!json_is_string(value) || wire_is_big(value)) {
		shape_wrong_type(p, value, "a text in quotes");
		return (struct str){NULL, 0};
	}
	text = (struct str){json_string_value(value), json_string_length(value)};
	if (f->rules & SHAPE_LINES)
		text = unix_lines(text, a);
	text = str_trim(text);
	if (!text.len)
		return (struct str){NULL, 0};
	if (text_has_control(text, f->rules & SHAPE_LINES)) {
		shape_flaw(p, "CONTROL_CHARACTER",
			   STR("There is a control character or a mark of direction in this text."),
			   f->rules & SHAPE_LINES ? STR("Take out all but line breaks.")
						  : STR("Write it as one line without tabs."));
		return (struct str){NULL, 0};
	}
	if (!text_is_visible(text))
		return (struct str){NULL, 0};
	kept = arena_str(a, text);
	if (str_is_null(kept))
		shape_flaw(p, "NO_ROOM", STR("There is no room for this text."),
			   STR("Send less at once."));
	return kept;
}

static struct str text_of(const struct shape_field *f, struct str text, const struct shape_place *p)
{
	struct arena *a = p->flaws->arena;
	size_t n = str_code_points(text);

	if (f->most && n > (size_t)f->most) {
		shape_flaw(p, "WRONG_LENGTH", arena_fmt(a, "This text has %zu characters.", n),
			   arena_fmt(a, "Write at most %lld.", (long long)f->most));
		return (struct str){NULL, 0};
	}
	if (n < (size_t)f->least) {
		shape_flaw(p, "WRONG_LENGTH", arena_fmt(a, "This text has %zu characters.", n),
			   arena_fmt(a, "Write at least %lld.", (long long)f->least));
		return (struct str){NULL, 0};
	}
	return text;
}

static struct str form_of(const struct shape_field *f, struct str text, const struct shape_place *p)
{
	struct str made = f->form(text, p->flaws->arena);

	if (str_is_null(made))
		shape_flaw(p, "BAD_FORM", STR("This does not have the form it needs."),
			   arena_fmt(p->flaws->arena, "Write %s.", f->words));
	return made;
}

bool shape_is_word(struct str word, const char *words)
{
	struct str rest = str_of(words);

	while (!str_is_null(rest)) {
		if (str_eq(str_cut(rest, ' ', &rest), word))
			return true;
	}
	return false;
}

int shape_not_after(struct day d, struct day today, const char *field, struct flaws *flaws)
{
	if (day_cmp(d, today) <= 0)
		return 0;
	wire_flaw(flaws, &WIRE_KEY(&WIRE_TOP, field), STR("DATE_IN_FUTURE"),
		  STR("That day has not come yet."), STR("Give today or an earlier day."));
	return ERR_DATE_IN_FUTURE;
}

static struct str enum_of(const struct shape_field *f, struct str text, const struct shape_place *p)
{
	if (shape_is_word(text, f->words))
		return text;
	shape_flaw(p, "NOT_IN_LIST", STR("This is not one of the words known here."),
		   arena_fmt(p->flaws->arena, "Write one of: %s.", f->words + (*f->words == ' ')));
	return (struct str){NULL, 0};
}

static struct str id_of(const struct shape_field *f, struct str text, const struct shape_place *p)
{
	if (str_starts(text, str_of(f->words)) && shape_is_id(text))
		return text;
	shape_flaw(p, "BAD_FORM", STR("This is not an id of that kind."),
		   arena_fmt(p->flaws->arena, "Write an id that begins with %s_.", f->words));
	return (struct str){NULL, 0};
}

/* Checked first, then brought into its form: a member never holds what its row does not take. */
static void text_member(const struct shape_field *f, const json_t *value,
			const struct shape_place *p, struct str *member)
{
	size_t before = p->flaws->count;
	struct str text = text_value(f, value, p);

	if (p->flaws->count != before)
		return;
	if (str_is_null(text) && (f->rules & SHAPE_NEEDED)) {
		shape_flaw(p, "WRONG_LENGTH", STR("This text is empty."),
			   STR("Write something here."));
		return;
	}
	if (str_is_null(text)) {
		*member = text;
		return;
	}
	if (f->type == SHAPE_TEXT)
		text = text_of(f, text, p);
	else if (f->type == SHAPE_FORM)
		text = form_of(f, text, p);
	else if (f->type == SHAPE_ENUM)
		text = enum_of(f, text, p);
	else
		text = id_of(f, text, p);
	if (!str_is_null(text))
		*member = text;
}

static void out_of_range(const struct shape_field *f, bool is_less, const struct shape_place *p)
{
	/* To whom a number is too small, how large the largest is tells nothing. */
	struct str cure = is_less && f->most >= SHAPE_PENCE_MAX
				  ? arena_fmt(p->flaws->arena, "Send a number of %lld or more.",
					      (long long)f->least)
				  : arena_fmt(p->flaws->arena, "Send a number from %lld to %lld.",
					      (long long)f->least, (long long)f->most);

	shape_flaw(p, "OUT_OF_RANGE", STR("This number is outside what is taken here."), cure);
}

/* An amount beyond what is kept makes the whole answer ERR_RANGE, by flaws->is_range. */
static void number_member(const struct shape_field *f, const json_t *value,
			  const struct shape_place *p, struct shape_number *member)
{
	json_int_t n = json_integer_value(value);
	bool is_big = wire_is_big(value);

	if (f->type == SHAPE_PENCE && (is_big || n > SHAPE_PENCE_MAX || n < -SHAPE_PENCE_MAX))
		p->flaws->is_range = true;
	if (is_big || (json_is_integer(value) && (n < f->least || n > f->most)))
		out_of_range(f, !is_big && n < f->least, p);
	else if (json_is_integer(value))
		*member = (struct shape_number){n, true};
	else
		shape_wrong_type(p, value,
				 f->type == SHAPE_PENCE
					 ? "a whole number of pence, without quotes or point"
					 : "a whole number, without quotes or point");
}

static void degrees_member(const struct shape_field *f, const json_t *value,
			   const struct shape_place *p, struct shape_number *member)
{
	double d;

	if (!json_is_number(value)) {
		shape_wrong_type(p, value, "a number of degrees, without quotes");
		return;
	}
	d = json_number_value(value);
	if (!(d >= (double)f->least && d <= (double)f->most)) {
		out_of_range(f, false, p);
		return;
	}
	/* Whole ten-millionths, as grid.h takes them. */
	*member = (struct shape_number){llround(d * 1e7), true};
}

static void date_member(const struct shape_field *f, const json_t *value,
			const struct shape_place *p, struct day *member)
{
	size_t before = p->flaws->count;
	struct str text = text_value(f, value, p);

	if (p->flaws->count != before)
		return;
	if (str_is_null(text) && !(f->rules & SHAPE_NEEDED))
		*member = DAY_NONE;
	else if (day_parse(text, member) < 0)
		shape_flaw(p, "NOT_A_DATE", STR("There is no such day."),
			   STR("Write a day of the years 1900 to 2200 as YYYY-MM-DD."));
}

static void boundary_member(const json_t *value, const struct shape_place *p, struct str *member)
{
	struct str text = boundary_read(value, p->at, p->flaws);

	if (!str_is_null(text))
		*member = text;
}

void shape_scalar(const struct shape_field *f, const json_t *value, const struct shape_place *p,
		  void *member)
{
	struct shape_flag *flag = member;

	switch (f->type) {
	case SHAPE_TEXT:
	case SHAPE_FORM:
	case SHAPE_ENUM:
	case SHAPE_ID:
		text_member(f, value, p, member);
		break;
	case SHAPE_NUMBER:
	case SHAPE_PENCE:
		number_member(f, value, p, member);
		break;
	case SHAPE_DEGREES:
		degrees_member(f, value, p, member);
		break;
	case SHAPE_DATE:
		date_member(f, value, p, member);
		break;
	case SHAPE_FLAG:
		if (json_is_boolean(value))
			*flag = (struct shape_flag){json_is_true(value), true};
		else
			shape_wrong_type(p, value, "true or false, without quotes");
		break;
	case SHAPE_BOUNDARY:
		boundary_member(value, p, member);
		break;
	case SHAPE_PART:
	case SHAPE_LIST:
	case SHAPE_WORDS:
		break; /* shape.c's */
	}
}

void shape_unset(const struct shape_field *f, void *member)
{
	switch (f->type) {
	case SHAPE_TEXT:
	case SHAPE_FORM:
	case SHAPE_ENUM:
	case SHAPE_ID:
	case SHAPE_BOUNDARY:
		*(struct str *)member = (struct str){NULL, 0};
		break;
	case SHAPE_NUMBER:
	case SHAPE_PENCE:
	case SHAPE_DEGREES:
		*(struct shape_number *)member = (struct shape_number){0, false};
		break;
	case SHAPE_DATE:
		*(struct day *)member = DAY_NONE;
		break;
	case SHAPE_FLAG:
		*(struct shape_flag *)member = (struct shape_flag){false, false};
		break;
	case SHAPE_PART:
		*(void **)member = NULL;
		break;
	case SHAPE_LIST:
		*(struct shape_list *)member = (struct shape_list){NULL, 0};
		break;
	case SHAPE_WORDS:
		*(struct shape_words *)member = (struct shape_words){NULL, 0};
		break;
	}
}
