/*
 * Structs as JSON, in the order of their tables: for columns that hold JSON, the
 * data of events, and the property that what was taken comes back the same. A member that is
 * not set is left out, so that absent and null need no telling apart by whoever reads it.
 */
#include "shape_scalar.h"

static const void *member_of(const struct shape_field *f, const void *at)
{
	return (const char *)at + f->offset;
}

static bool is_set(const struct shape_field *f, const void *member)
{
	switch (f->type) {
	case SHAPE_TEXT:
	case SHAPE_FORM:
	case SHAPE_ENUM:
	case SHAPE_ID:
	case SHAPE_BOUNDARY:
		return !str_is_null(*(const struct str *)member);
	case SHAPE_NUMBER:
	case SHAPE_PENCE:
	case SHAPE_DEGREES:
		return ((const struct shape_number *)member)->is_set;
	case SHAPE_DATE:
		return !day_is_none(*(const struct day *)member);
	case SHAPE_FLAG:
		return ((const struct shape_flag *)member)->is_set;
	case SHAPE_PART:
		return *(void *const *)member != NULL;
	case SHAPE_LIST:
		return ((const struct shape_list *)member)->at != NULL;
	case SHAPE_WORDS:
		return ((const struct shape_words *)member)->at != NULL;
	}
	return false;
}

void shape_encode_degrees(int64_t e7, struct buf *out)
{
	uint64_t size = e7 < 0 ? -(uint64_t)e7 : (uint64_t)e7;
	uint64_t rest = size % 10000000;
	int digits = 7;

	buf_fmt(out, "%s%llu", e7 < 0 ? "-" : "", (unsigned long long)(size / 10000000));
	if (!rest)
		return;
	for (; rest % 10 == 0; rest /= 10)
		digits--;
	buf_fmt(out, ".%0*llu", digits, (unsigned long long)rest);
}

void shape_encode_words(struct shape_words words, struct buf *out)
{
	buf_char(out, '[');
	for (size_t i = 0; i < words.count; i++) {
		if (i)
			buf_char(out, ',');
		buf_json(out, words.at[i]);
	}
	buf_char(out, ']');
}

static void encode_leaf(const struct shape_field *f, const void *member, struct buf *out)
{
	char day[DAY_TEXT];

	switch (f->type) {
	case SHAPE_TEXT:
	case SHAPE_FORM:
	case SHAPE_ENUM:
	case SHAPE_ID:
		buf_json(out, *(const struct str *)member);
		break;
	case SHAPE_NUMBER:
	case SHAPE_PENCE:
		buf_i64(out, ((const struct shape_number *)member)->value);
		break;
	case SHAPE_DEGREES:
		shape_encode_degrees(((const struct shape_number *)member)->value, out);
		break;
	case SHAPE_DATE:
		day_format(*(const struct day *)member, day);
		buf_json(out, str_of(day));
		break;
	case SHAPE_FLAG:
		buf_str(out,
			((const struct shape_flag *)member)->value ? STR("true") : STR("false"));
		break;
	case SHAPE_WORDS:
		shape_encode_words(*(const struct shape_words *)member, out);
		break;
	case SHAPE_BOUNDARY:
		buf_str(out, *(const struct str *)member);
		break;
	case SHAPE_PART:
	case SHAPE_LIST:
		break; /* not a leaf */
	}
}

static void encode_name(const struct shape_field *f, bool *is_first, struct buf *out)
{
	if (!*is_first)
		buf_char(out, ',');
	*is_first = false;
	buf_json(out, str_of(f->name));
	buf_char(out, ':');
}

static void encode_flat(const struct shape *shape, const void *at, struct buf *out)
{
	bool is_first = true;

	buf_char(out, '{');
	for (size_t i = 0; i < shape->count; i++) {
		const struct shape_field *f = &shape->field[i];
		const void *member = member_of(f, at);

		if (!is_set(f, member))
			continue;
		encode_name(f, &is_first, out);
		encode_leaf(f, member, out);
	}
	buf_char(out, '}');
}

void shape_encode_list(const struct shape *shape, struct shape_list list, struct buf *out)
{
	buf_char(out, '[');
	for (size_t i = 0; i < list.count; i++) {
		if (i)
			buf_char(out, ',');
		encode_flat(shape, (const char *)list.at + i * shape->size, out);
	}
	buf_char(out, ']');
}

void shape_encode(const struct shape *shape, const void *at, struct buf *out)
{
	bool is_first = true;

	buf_char(out, '{');
	for (size_t i = 0; i < shape->count; i++) {
		const struct shape_field *f = &shape->field[i];
		const void *member = member_of(f, at);

		if (!is_set(f, member) || f->rules & SHAPE_TAKEN)
			continue;
		encode_name(f, &is_first, out);
		if (f->type == SHAPE_PART)
			encode_flat(f->part, *(void *const *)member, out);
		else if (f->type == SHAPE_LIST)
			shape_encode_list(f->part, *(const struct shape_list *)member, out);
		else
			encode_leaf(f, member, out);
	}
	buf_char(out, '}');
}

struct str shape_day_text(struct day d, struct arena *a)
{
	char text[DAY_TEXT];

	if (day_is_none(d))
		return (struct str){NULL, 0};
	day_format(d, text);
	return arena_str(a, str_of(text));
}

struct str shape_joined(struct str a, struct str b, struct arena *arena)
{
	if (str_is_null(a) || str_is_null(b))
		return (struct str){NULL, 0};
	return arena_fmt(arena, "%.*s%s%s", (int)a.len - 1, a.at, a.len > 2 && b.len > 2 ? "," : "",
			 b.at + 1);
}
