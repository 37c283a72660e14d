/*
 * See form.h. On the worker's thread, inside a step.
 *
 * A browser does not send a box that is not ticked: beside each stands a hidden field, so that a
 * form without the box is told from one whose box was left empty.
 */
#include "form.h"

#include "daemon/flow/flow_file.h"
#include "daemon/route/h.h"
#include "dress.h"
#include "libassets/base/money.h"
#include "libassets/import/csv_place.h"
#include "libassets/shape/boundary_text.h"
#include "libassets/shape/shape_form.h"

enum { VALUE_MAX = 512 * 1024, CODES_MAX = 40 }; /* more than a form may hold; words of a list */
/* Parts per million of a per cent, and ten-millionths of a per cent in one of them. */
enum { PERCENT_PPM = 10000, E7_PPM = 1000 };

/* The name in the form; absent without memory, and then like one that was not sent. */
static struct str name_of(struct flow *f, const struct form *form, const struct form_row *row)
{
	return form->part ? arena_fmt(f->arena, "%s_%s", form->part, row->name) : str_of(row->name);
}

static struct str sent_of(struct flow *f, struct str name)
{
	return name.at ? flow_form(f, name.at) : (struct str){NULL, 0};
}

/* Of a row that takes a file: the file, so that it is shown again as if it had been typed. */
static struct str typed_of(struct flow *f, const struct form_row *row, struct str name)
{
	struct str file_name, file;

	if ((row->rules & FORM_FILE) && flow_form_file(f, &file_name, &file) && str_trim(file).len)
		return file;
	return sent_of(f, name);
}

static const struct shape_field *shape_find(const struct shape *shape, const char *name)
{
	for (size_t i = 0; i < shape->count; i++) {
		if (strcmp(shape->field[i].name, name) == 0)
			return &shape->field[i];
	}
	return NULL;
}

static const struct shape_field *field_of(const struct form *form, const struct form_row *row)
{
	return shape_find(form->shape, row->name);
}

struct str form_name_of(struct arena *a, struct str pointer)
{
	struct str name =
		arena_str(a, pointer.len ? (struct str){pointer.at + 1, pointer.len - 1} : STR(""));

	for (size_t i = 0; name.at && i < name.len; i++) {
		if (name.at[i] == '/')
			((char *)(uintptr_t)name.at)[i] = '_';
	}
	return name;
}

/* --- Reading ---------------------------------------------------------------------------- */

static void not_a_number(struct flow *f, struct str name, const char *detail, const char *cure)
{
	h_flaw(f, name.at, "BAD_FORM", str_of(detail), str_of(cure));
}

/* Digits, perhaps in threes: people copy 1,250 from where they read it. */
static json_t *read_number(struct flow *f, struct str name, struct str sent)
{
	char digits[32];
	size_t n = 0;
	int64_t number;

	for (size_t i = 0; i < sent.len && n < sizeof(digits); i++) {
		if (sent.at[i] != ',' && sent.at[i] != ' ')
			digits[n++] = sent.at[i];
	}
	if (n < sizeof(digits) && str_to_i64((struct str){digits, n}, &number) == 0)
		return json_integer(number);
	not_a_number(f, name, "This is not a whole number.", "Write digits alone, such as 1250.");
	return json_null();
}

static json_t *read_degrees(struct flow *f, struct str name, struct str sent)
{
	json_t *number = json_loadb(sent.at, sent.len, JSON_DECODE_ANY, NULL);

	if (json_is_number(number))
		return number;
	json_decref(number);
	not_a_number(f, name, "This is not a number of degrees.",
		     "Write it with a point, such as 56.3398.");
	return json_null();
}

static json_t *read_pounds(struct flow *f, struct str name, struct str sent)
{
	int64_t pence;
	int r = money_parse(sent, &pence);

	if (r == 0)
		return json_integer(pence);
	not_a_number(f, name,
		     r == ERR_RANGE ? "This amount is too large."
				    : "This is not an amount of money.",
		     "Write pounds, such as 1250 or 1,250.00.");
	return json_null();
}

/* "85", "85 %", "12.5": four places are as many as a millionth has. */
static json_t *read_percent(struct flow *f, struct str name, struct str sent)
{
	struct str behind, words, number = str_cut(sent, '%', &behind);
	int64_t percent_e7;

	if (csv_decimal(number, &percent_e7, &words) == 0 && percent_e7 % E7_PPM == 0 &&
	    !str_trim(behind).len && (!words.len || str_eq_nocase(words, STR("per cent"))))
		return json_integer(percent_e7 / E7_PPM);
	not_a_number(f, name, "This is not a percentage.",
		     "Write per cent from 0 to 100, such as 85 or 12.5.");
	return json_null();
}

/* What is no shape is a flaw here, and nothing that could be one goes on. */
static json_t *read_boundary(struct flow *f, struct str name, struct str sent)
{
	json_t *shape = boundary_text(sent, &WIRE_KEY(&WIRE_TOP, name.at), &f->flaws);

	return shape ? shape : json_null();
}

/* People copy the address of its page: the first id in that; else what was sent. */
static json_t *read_id(struct str sent)
{
	for (struct str rest = sent, after; rest.len;) {
		struct str part = str_trim(str_cut(str_cut(rest, '/', &rest), '?', &after));

		part = str_cut(part, '#', &after);
		if (shape_is_id(part))
			return json_stringn(part.at, part.len);
	}
	return json_stringn(sent.at, sent.len);
}

static json_t *read_value(struct flow *f, const struct shape_field *field, struct str name,
			  struct str sent)
{
	struct str text = str_trim(sent);

	if (!text.len)
		return json_null();
	switch (field->type) {
	case SHAPE_NUMBER:
		return read_number(f, name, text);
	case SHAPE_PENCE:
		return read_pounds(f, name, text);
	case SHAPE_DEGREES:
		return read_degrees(f, name, text);
	case SHAPE_FLAG:
		if (!str_eq(text, STR("true")) && !str_eq(text, STR("false")))
			return json_stringn(sent.at, sent.len);
		return json_boolean(str_eq(text, STR("true")));
	case SHAPE_ID:
		return read_id(sent);
	case SHAPE_FORM:
		return field->form == shape_form_id ? read_id(sent)
						    : json_stringn(sent.at, sent.len);
	case SHAPE_TEXT:
	case SHAPE_ENUM:
	case SHAPE_DATE:
		return json_stringn(sent.at, sent.len);
	case SHAPE_BOUNDARY:
		return read_boundary(f, name, text);
	case SHAPE_PART:
	case SHAPE_LIST:
	case SHAPE_WORDS:
		break; /* no row of a form */
	}
	return json_null();
}

/* It is taken and never shown, neither as stored nor as typed; left empty it stays as it is. */
static bool is_secret(const struct shape_field *field)
{
	return field && field->rules & SHAPE_TAKEN;
}

static bool is_box_sent(struct flow *f, const struct form_row *row, struct str name)
{
	return row->kind == FORM_TICK &&
	       !str_is_null(sent_of(f, arena_fmt(f->arena, "tick_%s", name.at)));
}

/* The row's value, new; NULL when it was not sent. */
static json_t *read_row(struct flow *f, const struct form *form, const struct form_row *row)
{
	const struct shape_field *field = field_of(form, row);
	struct str name = name_of(f, form, row);
	struct str sent = typed_of(f, row, name);

	if (is_box_sent(f, row, name))
		return json_boolean(str_eq(sent, STR("true")));
	if (row->kind == FORM_PERCENT && str_trim(sent).len)
		return read_percent(f, name, str_trim(sent));
	if (str_is_null(sent) || !field || (is_secret(field) && !str_trim(sent).len))
		return NULL;
	return read_value(f, field, name, sent);
}

int form_read(struct flow *f, const struct form *form)
{
	json_t *of = form->part ? json_object()
				: json_incref(f->body ? f->body : (f->body = json_object()));
	bool is_empty = true, is_sent = false;
	int r = of ? 0 : ERR_NOMEM;

	for (size_t i = 0; r == 0 && i < form->count; i++) {
		json_t *value = read_row(f, form, &form->row[i]);

		is_sent = is_sent || value;
		is_empty = is_empty && (!value || json_is_null(value));
		if (value && json_object_set_new(of, form->row[i].name, value))
			r = ERR_NOMEM;
	}
	if (r == 0 && form->part && is_sent &&
	    (!f->body ||
	     json_object_set_new(f->body, form->part, is_empty ? json_null() : json_incref(of))))
		r = ERR_NOMEM;
	json_decref(of);
	return r;
}

/* --- Showing ---------------------------------------------------------------------------- */

/* Without the noughts behind, and without a point that nothing follows. */
static void put_short(struct buf *out, const char *text)
{
	size_t n = strlen(text);

	while (n && text[n - 1] == '0')
		n--;
	buf_str(out, (struct str){text, n && text[n - 1] == '.' ? n - 1 : n});
}

/* 57.1234567; ten-millionths, as shape.h keeps them. */
static void put_degrees(struct buf *out, double degrees)
{
	char text[40];

	(void)snprintf(text, sizeof(text), "%.7f", degrees);
	put_short(out, text);
}

static void put_percent(struct buf *out, json_int_t ppm)
{
	char text[40];

	(void)snprintf(text, sizeof(text), "%lld.%04lld", (long long)(ppm / PERCENT_PPM),
		       (long long)(ppm % PERCENT_PPM));
	put_short(out, text);
}

static void put_boundary(struct buf *out, const json_t *boundary)
{
	char *text = json_dumps(boundary, JSON_COMPACT | JSON_REAL_PRECISION(10));

	buf_str(out, str_of(text));
	free(text);
}

static void put_stored(struct buf *out, const struct form_row *row, const json_t *value)
{
	if (json_is_string(value))
		buf_str(out, (struct str){json_string_value(value), json_string_length(value)});
	else if (json_is_integer(value) && row->kind == FORM_POUNDS)
		money_format(out, json_integer_value(value));
	else if (json_is_integer(value) && row->kind == FORM_PERCENT)
		put_percent(out, json_integer_value(value));
	else if (json_is_integer(value))
		buf_fmt(out, "%lld", (long long)json_integer_value(value));
	else if (json_is_real(value))
		put_degrees(out, json_real_value(value));
	else if (json_is_boolean(value))
		buf_str(out, json_is_true(value) ? STR("yes") : STR("no"));
	else if (json_is_object(value))
		put_boundary(out, value);
}

static size_t ring_positions(const json_t *rings)
{
	size_t n = 0;

	for (size_t i = 0; i < json_array_size(rings); i++)
		n += json_array_size(json_array_get(rings, i));
	return n;
}

/* How many positions a shape has: a Polygon is a list of rings, a MultiPolygon one of such lists.
 */
static size_t positions(const json_t *shape)
{
	const json_t *list = json_object_get(shape, "coordinates");
	const char *type = json_string_value(json_object_get(shape, "type"));
	size_t n = 0;

	if (!type || strcmp(type, "MultiPolygon") != 0)
		return ring_positions(list);
	for (size_t i = 0; i < json_array_size(list); i++)
		n += ring_positions(json_array_get(list, i));
	return n;
}

/* Choices of the page's may be ids, which have no words; codes are upper case. */
static bool is_code(const struct form_row *row, const char *text)
{
	return row->kind == FORM_CHOICE && text &&
	       (!row->choices || (text[0] >= 'A' && text[0] <= 'Z'));
}

void form_value(struct buf *out, const struct form_row *row, const json_t *value)
{
	const char *text = json_string_value(value);
	struct day d;

	if (json_is_null(value) || !value)
		buf_str(out, STR("nothing"));
	else if (is_code(row, text))
		dress_code(out, str_of(row->name), str_of(text));
	else if (row->kind == FORM_DAY && day_parse(str_of(text), &d) == 0)
		dress_day(out, d);
	else if (json_is_object(value))
		buf_fmt(out, "a shape of %zu positions", positions(value));
	else
		put_stored(out, row, value);
}

json_t *form_shown(const struct form_row *row, const json_t *value)
{
	CLEANUP(buf_done) struct buf out = BUF(VALUE_MAX);

	if (row->kind == FORM_TICK)
		return json_boolean(json_is_true(value));
	if (row->kind == FORM_FLAG && json_is_boolean(value))
		return json_string(json_is_true(value) ? "true" : "false");
	put_stored(&out, row, value);
	return buf_err(&out) ? NULL : json_stringn(out.at ? out.at : "", out.len);
}

/* Browsers send CR LF; what is stored has LF. Of a file that is no text there is nothing to show.
 */
static json_t *typed_text(struct str sent)
{
	CLEANUP(buf_done) struct buf out = BUF(VALUE_MAX);

	if (!str_is_utf8(sent))
		return json_string("");
	for (size_t i = 0; i < sent.len; i++) {
		if (sent.at[i] != '\r')
			buf_char(&out, sent.at[i]);
	}
	return buf_err(&out) ? NULL : json_stringn(out.at ? out.at : "", out.len);
}

json_t *form_sent(struct page *p, const struct form *form)
{
	struct flow *f = p->flow;
	json_t *object = json_object();

	for (size_t i = 0; i < form->count; i++) {
		const struct form_row *row = &form->row[i];
		struct str name = name_of(f, form, row);
		struct str sent = typed_of(f, row, name);

		if (is_box_sent(f, row, name))
			page_put_in(p, object, row->name, json_boolean(str_eq(sent, STR("true"))));
		else if (!str_is_null(sent) && !is_secret(field_of(form, row)))
			page_put_in(p, object, row->name, typed_text(sent));
	}
	return object;
}

static json_t *value_of(const struct form_row *row, const json_t *stored, const json_t *sent)
{
	json_t *typed = json_object_get(sent, row->name);

	if (typed)
		return json_incref(typed);
	if (row->kind == FORM_TICK && !stored)
		return json_boolean(row->rules & FORM_TICKED);
	return form_shown(row, json_object_get(stored, row->name));
}

/* Does the flaw concern the row: its own name, or what is within the shape that was typed there? */
static bool is_flaw_of(struct flow *f, const struct flaw *flaw, const struct form_row *row,
		       struct str name, struct str *ret_inside)
{
	*ret_inside = (struct str){NULL, 0};
	if (row->rules & FORM_FILE)
		return flaw_is_in(flaw, name, ret_inside);
	return str_eq(form_name_of(f->arena, flaw->pointer), name);
}

/* Label: at its place: what is wrong, and the cure. label: NULL where it stands beside the field.
 */
static json_t *flaw_words(const struct flaw *flaw, const char *label, struct str inside)
{
	return json_sprintf("%s%s%s%.*s%s%.*s %.*s", label ? label : "", label ? ": " : "",
			    inside.len ? "At " : "", (int)inside.len, inside.len ? inside.at : "",
			    inside.len ? ": " : "", (int)flaw->detail.len, flaw->detail.at,
			    (int)flaw->cure.len, flaw->cure.at ? flaw->cure.at : "");
}

/* What is wrong with the field; null when nothing is. */
static json_t *wrong_of(struct page *p, const struct form_row *row, struct str name)
{
	const struct flaws *flaws = &p->flow->flaws;
	struct str inside;

	for (size_t i = 0; i < flaws_kept(flaws); i++) {
		if (is_flaw_of(p->flow, &flaws->at[i], row, name, &inside))
			return flaw_words(&flaws->at[i], NULL, inside);
	}
	return json_null();
}

json_t *form_choices(struct page *p, const struct shape *shape, const char *name)
{
	const struct shape_field *field = shape_find(shape, name);
	struct str word, rest = str_of(field ? field->words : "");
	const char *code[CODES_MAX];
	size_t n = 0;

	if (field && field->type == SHAPE_FLAG) /* that nothing is said is the template's */
		return json_pack("[{s:s, s:s, s:b}, {s:s, s:s, s:b}]", "id", "true", "name", "Yes",
				 "is_said", 1, "id", "false", "name", "No", "is_said", 1);
	while (rest.len && n < COUNT(code)) {
		word = arena_str(p->flow->arena, str_cut(rest, ' ', &rest));
		code[n++] = word.at ? word.at : "";
	}
	return page_choices(str_of(name), code, n);
}

/*
 * The choices of the row with the present one marked; one that is not among them is put there.
 * Where one has to be chosen and there is only one, it is.
 */
static json_t *options_of(struct page *p, const struct form *form, const struct form_row *row,
			  const json_t *choices, const json_t *value)
{
	const char *chosen = json_string_value(value);
	json_t *list, *one;
	size_t i;

	list = row->choices ? json_deep_copy(json_object_get(choices, row->choices))
			    : form_choices(p, form->shape, row->name);
	if ((row->rules & FORM_NEEDED) && json_array_size(list) == 1 && !(chosen && *chosen))
		chosen = page_text(json_array_get(list, 0), "id");
	page_choose(p, list, str_of(chosen));
	json_array_foreach (list, i, one) {
		if (json_object_get(one, "is_selected"))
			return list;
	}
	if (chosen && *chosen)
		json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "id", chosen, "name",
						      chosen, "is_selected", 1));
	return list;
}

static const char *type_of(enum form_kind kind)
{
	return kind == FORM_DAY ? "date" : "text";
}

static json_t *field_json(struct page *p, const struct form *form, const struct form_row *row,
			  const json_t *choices, json_t *value, bool is_sent)
{
	struct arena *a = p->flow->arena;
	const struct shape_field *shape = field_of(form, row);
	struct str name = name_of(p->flow, form, row);
	struct str id = arena_fmt(a, "%s%s", form->ids, name.at);
	json_t *wrong = is_sent ? wrong_of(p, row, name) : json_null();
	struct str described = arena_fmt(
		a, "%s%s%s%s%s", row->hint ? id.at : "", row->hint ? "-hint" : "",
		row->hint && json_is_string(wrong) ? " " : "", json_is_string(wrong) ? id.at : "",
		json_is_string(wrong) ? "-error" : "");
	bool is_choice = row->kind == FORM_CHOICE || row->kind == FORM_FLAG;
	bool is_file = row->rules & FORM_FILE;
	json_int_t most = row->most                            ? row->most
			  : shape && shape->type == SHAPE_TEXT ? shape->most
			  : is_file                            ? VALUE_MAX
							       : 400;
	json_t *field = json_pack(
		"{s:b, s:s, s:s, s:s, s:s, s:s?, s:s?, s:b, s:b, s:b, s:b, s:b, s:b, s:b, s:b, "
		"s:I, s:s?}",
		"is_said", 1, "name", name.at, "id", id.at, "label", row->label, "type",
		type_of(row->kind), "hint", row->hint, "described",
		described.len ? described.at : NULL, "is_tick", row->kind == FORM_TICK, "is_lines",
		row->kind == FORM_LINES, "is_choice", is_choice, "is_line",
		!is_choice && row->kind != FORM_TICK && row->kind != FORM_LINES, "is_needed",
		!!(row->rules & FORM_NEEDED), "is_short", !!(row->rules & FORM_SHORT), "is_number",
		row->kind == FORM_NUMBER, "is_file", is_file, "most", most, "purpose",
		row->purpose);

	if (is_choice)
		page_put_in(p, field, "options", options_of(p, form, row, choices, value));
	page_put_in(p, field, "is_flag", json_boolean(row->kind == FORM_FLAG));
	page_put_in(p, field, "value", value);
	page_put_in(p, field, "wrong", wrong);
	page_put_in(p, field, "is_secret", json_boolean(is_secret(shape)));
	return field;
}

json_t *form_fields(struct page *p, const struct form *form, const json_t *stored,
		    const json_t *choices, const json_t *sent)
{
	json_t *fields = json_array();

	for (size_t i = 0; i < form->count; i++) {
		const struct form_row *row = &form->row[i];
		json_t *value = value_of(row, stored, sent);

		if (json_array_append_new(fields,
					  field_json(p, form, row, choices, value, sent != NULL)) &&
		    !p->err)
			p->err = ERR_NOMEM;
	}
	return fields;
}

bool form_is_used(const json_t *fields)
{
	const json_t *field;
	size_t i;

	json_array_foreach (fields, i, field) {
		const char *value = json_string_value(json_object_get(field, "value"));

		if (json_is_string(json_object_get(field, "wrong")) || (value && *value))
			return true;
	}
	return false;
}

/* The row that the flaw concerns; NULL for what is no row's. */
static const struct form_row *row_of(struct flow *f, const struct form *form,
				     const struct flaw *flaw, struct str *ret_name,
				     struct str *ret_inside)
{
	for (size_t i = 0; i < form->count; i++) {
		*ret_name = name_of(f, form, &form->row[i]);
		if (is_flaw_of(f, flaw, &form->row[i], *ret_name, ret_inside))
			return &form->row[i];
	}
	return NULL;
}

/* Two flaws of one field that say the same, as of two words of its list, are one line. */
static bool holds(const json_t *list, const json_t *line)
{
	const json_t *one;
	size_t i;

	json_array_foreach (list, i, one) {
		if (json_equal(one, line))
			return true;
	}
	return false;
}

json_t *form_flaws(struct page *p, const struct form *const *form, size_t n, const char *top)
{
	const struct flaws *flaws = &p->flow->flaws;
	json_t *list = json_array();

	for (size_t i = 0; i < flaws_kept(flaws); i++) {
		const struct form_row *row = NULL;
		struct str name, inside = {NULL, 0};
		json_auto_t *line = NULL;
		size_t k = 0;

		while (k < n && !(row = row_of(p->flow, form[k], &flaws->at[i], &name, &inside)))
			k++;
		line = json_pack("{s:b, s:o, s:o}", "is_said", 1, "href",
				 row ? json_sprintf("#%s%s", form[k]->ids, name.at)
				     : json_sprintf("#%s", top),
				 "text",
				 flaw_words(&flaws->at[i], row ? row->label : NULL, inside));
		if (!holds(list, line))
			json_array_append(list, line);
	}
	return list;
}
