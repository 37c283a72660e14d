/*
 * The catalogue's tables, and schemas and examples made of them. Members are written with ' for ",
 * which neither has inside its own texts.
 */
#include "event_type.h"

#include <assert.h>

static const struct event_type type_table[] = {
#define EVENT(name_, says_, members_) {.name = (name_), .says = (says_), .members = (members_)},
#include "event_type.def"
#undef EVENT
};

static const struct {
	struct str name;
	const char *schema, *example;
} member_table[] = {
#define MEMBER(name_, schema_, example_) {STR_INIT(name_), (schema_), (example_)},
#include "event_member.def"
#undef MEMBER
};

const struct event_type *event_type_at(size_t n)
{
	return n < COUNT(type_table) ? &type_table[n] : NULL;
}

/* What a member is, or one such. */
static void member_write(struct str name, bool is_example, struct buf *out)
{
	const char *at = NULL;

	for (size_t i = 0; i < COUNT(member_table) && !at; i++) {
		if (str_eq(member_table[i].name, name))
			at = is_example ? member_table[i].example : member_table[i].schema;
	}
	assert(at); /* else event_type.def names what event_member.def does not have */
	for (; *at; at++)
		buf_char(out, *at == '\'' ? '"' : *at);
}

/* "name" or "name?". */
static struct str member_read(struct str word, bool *ret_is_optional)
{
	*ret_is_optional = word.len && word.at[word.len - 1] == '?';
	word.len -= *ret_is_optional;
	return word;
}

static void needed_write(struct str members, struct buf *out)
{
	const char *between = ",\"required\":[";

	while (members.len) {
		bool is_optional;
		struct str name = member_read(str_cut(members, ' ', &members), &is_optional);

		if (is_optional)
			continue;
		buf_fmt(out, "%s\"%.*s\"", between, (int)name.len, name.at);
		between = ",";
	}
	if (*between == ',' && !between[1])
		buf_char(out, ']');
}

/* An object of them all. */
static void members_write(const struct event_type *t, bool is_example, struct buf *out)
{
	struct str rest = str_of(t->members);
	const char *between = "";

	buf_char(out, '{');
	while (rest.len) {
		bool is_optional;
		struct str name = member_read(str_cut(rest, ' ', &rest), &is_optional);

		buf_fmt(out, "%s\"%.*s\":", between, (int)name.len, name.at);
		member_write(name, is_example, out);
		between = ",";
	}
	buf_char(out, '}');
}

void event_type_schema_write(const struct event_type *t, struct buf *out)
{
	buf_str(out, STR("{\"type\":\"object\",\"properties\":"));
	members_write(t, false, out);
	needed_write(str_of(t->members), out);
	buf_str(out, STR(",\"additionalProperties\":false}"));
}

void event_type_catalogue_write(struct buf *out)
{
	buf_str(out, STR("{\"items\":["));
	for (size_t i = 0; i < COUNT(type_table); i++) {
		buf_fmt(out, "%s{\"type\":\"%s\",\"about\":", i ? "," : "", type_table[i].name);
		buf_json(out, str_of(type_table[i].says));
		buf_str(out,
			STR(",\"schema_version\":1,\"since\":\"2026-11-22\",\"deprecated\":false,"
			    "\"data_schema\":"));
		event_type_schema_write(&type_table[i], out);
		buf_str(out, STR(",\"data_example\":"));
		members_write(&type_table[i], true, out);
		buf_char(out, '}');
	}
	buf_str(out, STR("]}\n"));
}
