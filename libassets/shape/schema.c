/*
 * One function a type of field. Parts are written where they stand: they do not nest. A new
 * enum shape_type needs a case in write_scalar(), which the compiler asks for.
 */
#include "schema.h"

static void write_words_list(const char *words, struct buf *out)
{
	struct str rest = str_of(words);
	const char *between = "";

	buf_str(out, STR("\"enum\":["));
	while (!str_is_null(rest)) {
		struct str word = str_cut(rest, ' ', &rest);

		if (!word.len) /* lists made from a .def file begin with a blank */
			continue;
		buf_str(out, str_of(between));
		buf_json(out, word);
		between = ",";
	}
	buf_char(out, ']');
}

static void write_type(const char *type, bool may_be_null, struct buf *out)
{
	if (may_be_null)
		buf_fmt(out, "\"type\":[\"%s\",\"null\"]", type);
	else
		buf_fmt(out, "\"type\":\"%s\"", type);
}

static void write_range(const struct shape_field *f, struct buf *out)
{
	buf_str(out, STR(",\"minimum\":"));
	buf_i64(out, f->least);
	buf_str(out, STR(",\"maximum\":"));
	buf_i64(out, f->most);
}

/* An enumeration that may be null must list it. */
static void write_enum(const struct shape_field *f, bool may_be_null, struct buf *out)
{
	if (may_be_null)
		buf_str(out, STR("\"anyOf\":[{\"type\":\"null\"},{"));
	write_type("string", false, out);
	buf_char(out, ',');
	write_words_list(f->words, out);
	if (may_be_null)
		buf_str(out, STR("}]"));
}

static void write_text(const struct shape_field *f, bool may_be_null, struct buf *out)
{
	int64_t least = (f->rules & SHAPE_NEEDED) && !f->least ? 1 : f->least;

	write_type("string", may_be_null, out);
	buf_fmt(out, ",\"minLength\":%d,\"maxLength\":%d", (int)least, (int)f->most);
}

static void write_form(const char *words, bool may_be_null, struct buf *out)
{
	write_type("string", may_be_null, out);
	buf_str(out, STR(",\"description\":"));
	buf_json(out, str_of(words));
}

/* The form is ours and checked, so it may stand in the schema; what it means is opaque. */
static void write_id(const struct shape_field *f, bool may_be_null, struct buf *out)
{
	write_type("string", may_be_null, out);
	buf_fmt(out, ",\"pattern\":\"^%s_[0-9a-z]{26}$\"", f->words);
}

static void write_words(const struct shape_field *f, bool may_be_null, struct buf *out)
{
	write_type("array", may_be_null, out);
	buf_fmt(out, ",\"maxItems\":%d,\"items\":{", (int)f->most);
	if (f->form) {
		write_form(f->words, false, out);
	} else {
		write_type("string", false, out);
		buf_char(out, ',');
		write_words_list(f->words, out);
	}
	buf_char(out, '}');
}

static void write_boundary(bool may_be_null, struct buf *out)
{
	write_type("object", may_be_null, out);
	buf_str(out, STR(",\"description\":\"GeoJSON (RFC 7946) in WGS "
			 "84\",\"required\":[\"type\",\"coordinates\"],"
			 "\"properties\":{\"type\":{\"type\":\"string\",\"enum\":[\"Polygon\","
			 "\"MultiPolygon\"]},"
			 "\"coordinates\":{\"type\":\"array\"}},\"additionalProperties\":false"));
}

/* Of a field that is neither part nor list. */
static void write_scalar(const struct shape_field *f, bool may_be_null, struct buf *out)
{
	switch (f->type) {
	case SHAPE_TEXT:
		write_text(f, may_be_null, out);
		return;
	case SHAPE_FORM:
		write_form(f->words, may_be_null, out);
		return;
	case SHAPE_ENUM:
		write_enum(f, may_be_null, out);
		return;
	case SHAPE_ID:
		write_id(f, may_be_null, out);
		return;
	case SHAPE_NUMBER:
	case SHAPE_PENCE:
		write_type("integer", may_be_null, out);
		write_range(f, out);
		return;
	case SHAPE_DEGREES:
		write_type("number", may_be_null, out);
		write_range(f, out); /* in whole degrees already */
		return;
	case SHAPE_DATE:
		write_type("string", may_be_null, out);
		buf_str(out, STR(",\"format\":\"date\""));
		return;
	case SHAPE_FLAG:
		write_type("boolean", may_be_null, out);
		return;
	case SHAPE_WORDS:
		write_words(f, may_be_null, out);
		return;
	case SHAPE_BOUNDARY:
		write_boundary(may_be_null, out);
		return;
	case SHAPE_PART:
	case SHAPE_LIST:
		return;
	}
}

/* An item shows null for what this reader may not see, also where creation needs a value. */
static bool may_be_null(const struct shape_field *f, enum schema_use use)
{
	return use == SCHEMA_ITEM || !(f->rules & SHAPE_NEEDED);
}

static void write_required(const struct shape *shape, struct buf *out)
{
	const char *between = ",\"required\":[";

	for (size_t i = 0; i < shape->count; i++) {
		if (!(shape->field[i].rules & SHAPE_NEEDED))
			continue;
		buf_str(out, str_of(between));
		buf_json(out, str_of(shape->field[i].name));
		between = ",";
	}
	/* Only then was the list begun. */
	if (*between == ',' && between[1] == '\0')
		buf_char(out, ']');
}

/* The members of an object of scalars, as a part or an item of a list is one. */
static void write_flat(const struct shape *shape, enum schema_use use, bool is_null_too,
		       struct buf *out)
{
	write_type("object", is_null_too, out);
	buf_str(out, STR(",\"properties\":{"));
	for (size_t i = 0; i < shape->count; i++) {
		const struct shape_field *f = &shape->field[i];

		if (i)
			buf_char(out, ',');
		buf_json(out, str_of(f->name));
		buf_str(out, STR(":{"));
		write_scalar(f, may_be_null(f, use), out);
		buf_char(out, '}');
	}
	buf_char(out, '}');
	if (use == SCHEMA_ITEM)
		return;
	buf_str(out, STR(",\"additionalProperties\":false"));
	if (use == SCHEMA_CREATE)
		write_required(shape, out);
}

/* One entry of a list, which may be given by its first field alone. */
static void write_entry(const struct shape_field *f, enum schema_use use, struct buf *out)
{
	if (!(f->rules & SHAPE_BRIEF)) {
		write_flat(f->part, use, false, out);
		return;
	}
	buf_str(out, STR("\"anyOf\":[{"));
	write_flat(f->part, use, false, out);
	buf_str(out, STR("},{"));
	write_scalar(f->part->field, false, out);
	buf_str(out, STR("}]"));
}

static void write_field(const struct shape_field *f, enum schema_use use, struct buf *out)
{
	bool is_null_too = may_be_null(f, use);

	buf_json(out, str_of(f->name));
	buf_str(out, STR(":{"));
	if (f->type == SHAPE_PART) {
		write_flat(f->part, use, is_null_too, out);
	} else if (f->type == SHAPE_LIST) {
		write_type("array", is_null_too, out);
		buf_fmt(out, ",\"maxItems\":%d,\"items\":{", (int)f->most);
		write_entry(f, use == SCHEMA_PATCH ? SCHEMA_CREATE : use, out);
		buf_char(out, '}');
	} else {
		write_scalar(f, is_null_too, out);
	}
	if (f->rules & SHAPE_TAKEN)
		buf_str(out, STR(",\"writeOnly\":true"));
	buf_char(out, '}');
}

/*
 * What items show and nobody sends, whose schema is open: it is ours to change by adding; and what
 * is sent beside the fields, in a form that whoever reads it checks.
 */
static void write_names(const char *names, struct str schema, struct buf *out)
{
	struct str rest = str_of(names);

	while (!str_is_null(rest)) {
		buf_char(out, ',');
		buf_json(out, str_cut(rest, ' ', &rest));
		buf_char(out, ':');
		buf_str(out, schema);
	}
}

void schema_write(const struct shape *shape, enum schema_use use, struct buf *out)
{
	const char *between = "";

	buf_str(out, STR("{\"type\":\"object\",\"properties\":{"));
	for (size_t i = 0; i < shape->count; i++) {
		if (use == SCHEMA_ITEM && shape->field[i].rules & SHAPE_TAKEN)
			continue;
		buf_str(out, str_of(between));
		between = ",";
		write_field(&shape->field[i], use, out);
	}
	if (use == SCHEMA_ITEM)
		write_names(shape->read_only, STR("{\"readOnly\":true}"), out);
	else
		write_names(shape->beside, STR("{}"), out);
	buf_char(out, '}');
	if (use != SCHEMA_ITEM)
		buf_str(out, STR(",\"additionalProperties\":false"));
	if (use == SCHEMA_CREATE)
		write_required(shape, out);
	buf_char(out, '}');
}
