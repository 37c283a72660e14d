/*
 * The fields are those of request_act.def: a further one of a scalar type appears by itself, with
 * its label in words.def (input).
 */
#include "p_act.h"

#include "daemon/route/h.h"
#include "daemon/route/h_form.h"
#include "libassets/base/money.h"
#include "libassets/notice/notice.h"
#include "libassets/request/request.h"

/* What a form says by itself, and no field of the event's. */
#define OWN "event event_id becomes strike_out reasons on"

static bool put(struct flow *f, const char *name, json_t *value)
{
	return json_object_set_new(f->body, name, value) == 0;
}

/* An input that held something, and was emptied, takes it away. */
static int read_cleared(struct flow *f, const char *input, const char *name)
{
	struct str was = arena_fmt(f->arena, "was_%s", input);

	if (json_object_get(f->body, name) || !was.at || !flow_form(f, was.at).len)
		return 0;
	return put(f, name, json_null()) ? 0 : ERR_NOMEM;
}

/* "price_pence" as people write it, in the field price_pounds. */
static int read_amount(struct flow *f, const struct shape_field *field)
{
	struct str name = str_of(field->name);
	struct str pounds = arena_fmt(f->arena, "%.*s_pounds", (int)(name.len - 6), name.at);
	struct str sent = pounds.at ? str_trim(flow_form(f, pounds.at)) : (struct str){NULL, 0};
	int64_t pence;

	if (!sent.len)
		return read_cleared(f, pounds.at ? pounds.at : "", field->name);
	if (money_parse(sent, &pence) < 0) {
		h_flaw(f, field->name, "WRONG_TYPE", STR("This is no amount."),
		       STR("Write it like 1,250.00."));
		return ERR_INVALID;
	}
	return put(f, field->name, json_integer(pence)) ? 0 : ERR_NOMEM;
}

/* A box that was ticked says so; one that was and is no more says that. */
static int read_flag(struct flow *f, const char *name)
{
	struct str was = arena_fmt(f->arena, "was_%s", name);
	bool is_set = flow_form(f, name).len > 0;

	if (!is_set && (!was.at || !flow_form(f, was.at).len))
		return 0;
	return put(f, name, json_boolean(is_set)) ? 0 : ERR_NOMEM;
}

/* It has an input of its own name, in which somebody writes or chooses. */
static bool is_written(const struct shape_field *field)
{
	return field->type == SHAPE_TEXT || field->type == SHAPE_DATE ||
	       field->type == SHAPE_ENUM || field->type == SHAPE_ID;
}

static int read_scalars(struct flow *f)
{
	int err = 0;

	for (size_t i = 0; err == 0 && i < request_act_shape.count; i++) {
		const struct shape_field *field = &request_act_shape.field[i];

		if (field->type == SHAPE_PENCE)
			err = read_amount(f, field);
		else if (field->type == SHAPE_FLAG)
			err = read_flag(f, field->name);
		else if (is_written(field))
			err = read_cleared(f, field->name, field->name);
	}
	return err;
}

/* What was written beside each matter, as the list of that name. */
static int read_matters(struct flow *f, const char *prefix, const char *list_name)
{
	json_t *list = json_array();

	for (size_t n = 0; list && notice_matter_at(n); n++) {
		const char *code = notice_matter_at(n);
		struct str name = arena_fmt(f->arena, "%s_%s", prefix, code);
		struct str text = name.at ? str_trim(flow_form(f, name.at)) : (struct str){NULL, 0};

		if (text.len)
			json_array_append_new(list, json_pack("{s:s, s:s%}", "matter", code, "text",
							      text.at, text.len));
	}
	if (json_array_size(list))
		return put(f, list_name, list) ? 0 : ERR_NOMEM;
	json_decref(list);
	return list ? read_cleared(f, list_name, list_name) : ERR_NOMEM;
}

/* When an item arrived: absent where it is missing. */
static struct str arrival_of(struct flow *f, struct str code, bool all_but_ticked)
{
	struct str name = arena_fmt(f->arena, all_but_ticked ? "missing_%.*s" : "item_%.*s",
				    (int)code.len, code.at);
	struct str said = name.at ? flow_form(f, name.at) : (struct str){NULL, 0};

	if (!all_but_ticked)
		return said;
	return said.len ? (struct str){NULL, 0} : flow_form(f, "on");
}

static bool is_ticked(struct flow *f, struct str code)
{
	struct str name = arena_fmt(f->arena, "missing_%.*s", (int)code.len, code.at);

	return name.at && flow_form(f, name.at).len > 0;
}

static int read_items(struct flow *f)
{
	struct str rest = flow_form(f, "items"), as = flow_form(f, "items_as");
	bool is_missing = str_eq(as, STR("MISSING"));
	json_t *list;

	if (!rest.len)
		return 0;
	list = json_array();
	while (list && rest.len) {
		struct str code = str_cut(rest, ' ', &rest);
		struct str on = arrival_of(f, code, str_eq(as, STR("ARRIVED")));
		json_t *item;

		if (is_missing && !is_ticked(f, code))
			continue;
		item = json_pack("{s:s%}", "code", code.at, code.len);
		if (on.len && !is_missing)
			json_object_set_new(item, "received_on", json_stringn(on.at, on.len));
		json_array_append_new(list, item);
	}
	return put(f, "items", list) ? 0 : ERR_NOMEM;
}

/* Whether the land may go to others all the same, and why. */
static int read_bar(struct flow *f)
{
	int err = h_form_part(f, "bar", &bar_shape);

	if (err < 0 || !flow_form(f, "bar_free").len)
		return err;
	if (!json_object_get(f->body, "bar") && !put(f, "bar", json_object()))
		return ERR_NOMEM;
	return json_object_set_new(json_object_get(f->body, "bar"), "prohibits", json_false())
		       ? ERR_NOMEM
		       : 0;
}

int act_form_read(struct flow *f)
{
	int err = h_form(f, &request_act_shape);

	if (err == 0)
		err = read_scalars(f);
	if (err == 0)
		err = read_matters(f, "ground", "grounds");
	if (err == 0)
		err = read_matters(f, "matter", "matters");
	if (err == 0)
		err = read_bar(f);
	return err == 0 ? read_items(f) : err;
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static json_t *value_of(struct flow *f, const char *name, const json_t *act, bool typed)
{
	struct str sent = flow_form(f, name);

	if (typed)
		return json_stringn(sent.len ? sent.at : "", sent.len);
	return json_string(text_of(act, name));
}

static json_t *amount_input(struct flow *f, const struct shape_field *field, const json_t *act,
			    bool typed)
{
	CLEANUP(buf_done) struct buf text = BUF(64);
	struct str stem = str_of(field->name);
	struct str name = arena_fmt(f->arena, "%.*s_pounds", (int)(stem.len - 6), stem.at);
	const json_t *pence = json_object_get(act, field->name);

	if (json_is_integer(pence))
		money_format(&text, json_integer_value(pence));
	return json_pack("{s:s, s:s, s:o, s:b}", "name", name.at ? name.at : "", "input",
			 name.at ? name.at : "", "value",
			 typed ? value_of(f, name.at ? name.at : "", NULL, true)
			       : json_stringn(text.len ? buf_view(&text).at : "", text.len),
			 "is_short", 1);
}

json_t *act_items(const json_t *items)
{
	json_t *list = json_array(), *item;
	size_t i;

	for (int is_here = 0; is_here < 2; is_here++) {
		for (size_t n = 0; request_item_at(n); n++) {
			json_array_foreach (items, i, item) {
				bool has_come = *text_of(item, "received_on") != '\0';

				if (strcmp(text_of(item, "code"), request_item_at(n)) == 0 &&
				    has_come == is_here)
					(void)json_array_append(list, item);
			}
		}
	}
	return list;
}

json_t *act_form_choices(const char *words, const char *chosen)
{
	json_t *choices = json_array();

	for (struct str rest = str_of(words); rest.len;) {
		struct str word = str_cut(rest, ' ', &rest);

		json_array_append_new(choices,
				      json_pack("{s:s%, s:b}", "choice", word.at, word.len,
						"is_chosen", (int)str_eq(word, str_of(chosen))));
	}
	return choices;
}

static json_t *flag_input(struct flow *f, const char *name, const json_t *act, bool typed)
{
	struct str was = arena_fmt(f->arena, "was_%s", name);
	bool said = json_is_true(json_object_get(act, name));

	return json_pack("{s:s, s:s, s:b, s:b, s:b}", "name", name, "input", name, "is_flag", 1,
			 "is_checked", typed ? (int)flow_form(f, name).len > 0 : (int)said,
			 "was_checked", typed ? was.at && flow_form(f, was.at).len > 0 : (int)said);
}

static json_t *input_of(struct flow *f, const struct shape_field *field, const json_t *act,
			bool typed)
{
	json_t *one, *value;

	if (field->type == SHAPE_PENCE)
		return amount_input(f, field, act, typed);
	if (field->type == SHAPE_FLAG)
		return flag_input(f, field->name, act, typed);
	if (!is_written(field))
		return NULL;
	value = value_of(f, field->name, act, typed);
	one = json_pack("{s:s, s:s, s:O, s:I, s:b, s:b, s:b}", "name", field->name, "input",
			field->name, "value", value, "most", (json_int_t)field->most, "is_date",
			field->type == SHAPE_DATE, "is_text",
			field->type == SHAPE_TEXT && (field->rules & SHAPE_LINES), "is_short",
			field->type == SHAPE_ID);
	if (one && field->type == SHAPE_ENUM)
		json_object_set_new(one, "choices",
				    act_form_choices(field->words, json_string_value(value)));
	json_decref(value);
	return one;
}

/* What an input held when the form was first shown, it may be emptied of. */
static void mark_filled(struct flow *f, json_t *input, bool typed)
{
	struct str was = arena_fmt(f->arena, "was_%s", text_of(input, "input"));
	bool is_filled =
		typed ? was.at && flow_form(f, was.at).len > 0 : *text_of(input, "value") != '\0';

	json_object_set_new(input, "was_filled", json_boolean(is_filled));
}

json_t *act_form_inputs(struct flow *f, const char *takes, const json_t *act, bool typed)
{
	json_t *inputs = json_array();
	json_t *one;
	size_t n;

	for (size_t i = 0; inputs && i < request_act_shape.count; i++) {
		const struct shape_field *field = &request_act_shape.field[i];

		if (!shape_is_word(str_of(field->name), takes) ||
		    shape_is_word(str_of(field->name), OWN))
			continue;
		one = input_of(f, field, act, typed);
		if (one)
			json_array_append_new(inputs, one);
	}
	json_array_foreach (inputs, n, one)
		mark_filled(f, one, typed);
	return inputs;
}

static json_t *said_of(struct flow *f, const char *prefix, const char *code, const json_t *list,
		       bool typed)
{
	struct str name = arena_fmt(f->arena, "%s_%s", prefix, code);
	json_t *one;
	size_t i;

	if (typed)
		return value_of(f, name.at ? name.at : "", NULL, true);
	json_array_foreach (list, i, one) {
		if (strcmp(text_of(one, "matter"), code) == 0)
			return json_string(text_of(one, "text"));
	}
	return json_string("");
}

json_t *act_form_matters(struct flow *f, const json_t *act, bool typed)
{
	json_t *matters = json_array();

	for (size_t n = 0; matters && notice_matter_at(n); n++) {
		const char *code = notice_matter_at(n);

		json_array_append_new(matters,
				      json_pack("{s:s, s:s, s:o, s:o}", "matter", code, "words",
						notice_matter_words(str_of(code)), "ground",
						said_of(f, "ground", code,
							json_object_get(act, "grounds"), typed),
						"text",
						said_of(f, "matter", code,
							json_object_get(act, "matters"), typed)));
	}
	return matters;
}
