/*
 * Strict reading of JSON by tables of fields.
 *
 * jansson refuses a whole document for one number beyond 64 bits. So that the fault has a
 * place, such numbers are quoted before parsing, behind a mark that no text may hold.
 */
#include "wire.h"

#include <inttypes.h>

#include "libassets/base/buf.h"
#include "libassets/base/err.h"

#define BIG_MARK '\x01'
#define BIG_MARK_JSON "\\u0001"

/* Bytes of a pointer; fewer digits always fit 64 bits; bytes of a cure that lists words. */
enum { POINTER_MAX = 4096, DIGITS_64_BITS = 19, WORDS_TEXT_MAX = 2000 };

static void add_pointer(struct buf *b, const struct wire_at *at)
{
	const struct wire_at *chain[64];
	size_t n = 0;

	for (; at->up && n < COUNT(chain); at = at->up)
		chain[n++] = at;
	while (n--) {
		buf_char(b, '/');
		if (!chain[n]->key)
			buf_fmt(b, "%zu", chain[n]->index);
		for (const char *c = chain[n]->key; c && *c; c++) {
			if (*c == '~' || *c == '/')
				buf_str(b, *c == '~' ? STR("~0") : STR("~1"));
			else
				buf_char(b, *c);
		}
	}
}

void wire_flaw(struct flaws *flaws, const struct wire_at *at, struct str code, struct str detail,
	       struct str cure)
{
	CLEANUP(buf_done) struct buf pointer = BUF(POINTER_MAX);

	add_pointer(&pointer, at);
	flaw_add(flaws, buf_view(&pointer), code, detail, cure);
}

json_t *wire_member(const json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);

	return json_is_null(value) ? NULL : value;
}

bool wire_is_object(const json_t *value, const struct wire_at *at, struct flaws *flaws)
{
	if (value && !json_is_object(value))
		wire_flaw(flaws, at, STR("WRONG_TYPE"), STR("This is not an object."),
			  STR("Send an object in braces."));
	return json_is_object(value);
}

bool wire_is_array(const json_t *value, const struct wire_at *at, struct flaws *flaws)
{
	if (value && !json_is_array(value))
		wire_flaw(flaws, at, STR("WRONG_TYPE"), STR("This is not an array."),
			  STR("Send an array in brackets."));
	return json_is_array(value);
}

static struct str text_of(const json_t *value)
{
	return (struct str){json_string_value(value), json_string_length(value)};
}

bool wire_is_big(const json_t *value)
{
	return json_string_length(value) && json_string_value(value)[0] == BIG_MARK;
}

static void read_number(const struct wire_field *f, const json_t *value, const struct wire_at *at,
			struct flaws *flaws, void *out)
{
	int64_t number = json_integer_value(value);
	bool is_big = wire_is_big(value);
	CLEANUP(buf_done) struct buf cure = BUF(200);

	if (json_is_integer(value) && number >= f->min && number <= f->max) {
		if (f->kind == WIRE_I32)
			*(int32_t *)out = (int32_t)number;
		else
			*(int64_t *)out = number;
		return;
	}
	buf_fmt(&cure, "Send a whole number from %" PRId64 " to %" PRId64 ".", f->min, f->max);
	flaws->is_range = flaws->is_range || is_big;
	if (is_big || json_is_integer(value))
		wire_flaw(flaws, at, STR("OUT_OF_RANGE"), STR("The number is out of range."),
			  buf_view(&cure));
	else
		wire_flaw(flaws, at, STR("WRONG_TYPE"), STR("This is not a whole number."),
			  buf_view(&cure));
}

static void read_unsigned(const json_t *value, const struct wire_at *at, struct flaws *flaws,
			  uint64_t *out)
{
	struct str big = text_of(value);
	uint64_t number = 0;
	bool is_whole = json_is_integer(value) && json_integer_value(value) >= 0;

	if (is_whole)
		number = (uint64_t)json_integer_value(value);
	/* A big number is the mark and its digits, the first of which is not 0. */
	for (size_t i = 1; wire_is_big(value) && i < big.len; i++) {
		is_whole = big.at[i] != '-' && !__builtin_mul_overflow(number, 10, &number) &&
			   !__builtin_add_overflow(number, (uint64_t)(big.at[i] - '0'), &number);
		if (!is_whole)
			break;
	}
	if (is_whole) {
		*out = number;
		return;
	}
	flaws->is_range = flaws->is_range || wire_is_big(value);
	wire_flaw(flaws, at, wire_is_big(value) ? STR("OUT_OF_RANGE") : STR("WRONG_TYPE"),
		  STR("This is not a whole number of up to 64 bits."),
		  STR("Send a whole number from 0 to 18446744073709551615."));
}

static void read_bool(const json_t *value, const struct wire_at *at, struct flaws *flaws, bool *out)
{
	if (json_is_boolean(value))
		*out = json_is_true(value);
	else
		wire_flaw(flaws, at, STR("WRONG_TYPE"), STR("This is neither true nor false."),
			  STR("Send true or false."));
}

static void read_day(const json_t *value, const struct wire_at *at, struct flaws *flaws,
		     struct day *out)
{
	if (!json_is_string(value) || day_parse(text_of(value), out) < 0)
		wire_flaw(flaws, at, STR("NOT_A_DATE"), STR("This is not a date."),
			  STR("Send a day that exists, from 1900 to 2200, as YYYY-MM-DD."));
}

static void read_text(const struct wire_field *f, const json_t *value, const struct wire_at *at,
		      struct flaws *flaws, struct str *out)
{
	size_t n = str_code_points(text_of(value));
	CLEANUP(buf_done) struct buf cure = BUF(200);

	if (!json_is_string(value) || wire_is_big(value)) {
		wire_flaw(flaws, at, STR("WRONG_TYPE"), STR("This is not a text."),
			  STR("Send a text in quotes."));
	} else if (n < (size_t)f->min || n > (size_t)f->max) {
		buf_fmt(&cure, "Send %" PRId64 " to %" PRId64 " characters.", f->min, f->max);
		wire_flaw(flaws, at, STR("WRONG_LENGTH"), STR("The text's length is wrong."),
			  buf_view(&cure));
	} else {
		*out = text_of(value);
	}
}

static void read_word(const struct wire_field *f, const json_t *value, const struct wire_at *at,
		      struct flaws *flaws, uint8_t *out)
{
	CLEANUP(buf_done) struct buf cure = BUF(WORDS_TEXT_MAX);

	buf_str(&cure, STR("Send one of "));
	for (uint8_t i = 0; f->words[i]; i++) {
		if (json_is_string(value) && str_eq(text_of(value), str_of(f->words[i]))) {
			*out = i;
			return;
		}
		buf_fmt(&cure, "%s%s", i ? ", " : "", f->words[i]);
	}
	buf_char(&cure, '.');
	wire_flaw(flaws, at, STR("NOT_IN_LIST"), STR("This is not one of the known words."),
		  buf_view(&cure));
}

void wire_value(const struct wire_field *f, const json_t *value, const struct wire_at *at,
		struct flaws *flaws, void *out)
{
	switch (f->kind) {
	case WIRE_I64:
	case WIRE_I32:
		read_number(f, value, at, flaws, out);
		break;
	case WIRE_U64:
		read_unsigned(value, at, flaws, out);
		break;
	case WIRE_BOOL:
		read_bool(value, at, flaws, out);
		break;
	case WIRE_DAY:
		read_day(value, at, flaws, out);
		break;
	case WIRE_TEXT:
		read_text(f, value, at, flaws, out);
		break;
	case WIRE_WORD:
		read_word(f, value, at, flaws, out);
		break;
	case WIRE_OTHER:
		break;
	}
}

static const struct wire_field *field_of(const struct wire_field *field, size_t n, const char *key)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(field[i].key, key) == 0)
			return &field[i];
	}
	return NULL;
}

/* Whoever sends a name that we do not have mostly looks for one that we do: all are named. */
static void name_unknown(const struct wire_field *field, size_t n, json_t *object,
			 const struct wire_at *at, struct flaws *flaws)
{
	CLEANUP(buf_done) struct buf cure = BUF(WORDS_TEXT_MAX);
	const char *key;
	json_t *value;

	buf_str(&cure, STR("Leave it out; known here are "));
	for (size_t i = 0; i < n; i++)
		buf_fmt(&cure, "%s%s", i ? ", " : "", field[i].key);
	buf_char(&cure, '.');
	json_object_foreach (object, key, value) {
		if (!field_of(field, n, key))
			wire_flaw(flaws, &WIRE_KEY(at, key), STR("UNKNOWN_FIELD"),
				  STR("There is no such field."), buf_view(&cure));
	}
}

void wire_read(const struct wire_field *field, size_t n, json_t *object, const struct wire_at *at,
	       struct flaws *flaws, void *out)
{
	size_t known = 0;

	for (size_t i = 0; i < n; i++) {
		const struct wire_field *f = &field[i];
		const json_t *value = json_object_get(object, f->key);
		size_t before = flaws->count;

		known += value != NULL;
		if (!value || json_is_null(value)) {
			if (f->required)
				wire_flaw(flaws, &WIRE_KEY(at, f->key), STR("REQUIRED"),
					  STR("This field is missing."), STR("Send it."));
			continue;
		}
		wire_value(f, value, &WIRE_KEY(at, f->key), flaws, (char *)out + f->offset);
		if (f->given != f->offset && flaws->count == before)
			*(bool *)((char *)out + f->given) = true;
	}
	/* Only an object with more members than were known holds an unknown one. */
	if (known < json_object_size(object))
		name_unknown(field, n, object, at, flaws);
}

/* The run of characters at the start of s that a number may consist of. */
static struct str number_at(struct str s)
{
	size_t n = 0;

	while (n < s.len && (memchr("+-.eE", s.at[n], 5) || (s.at[n] >= '0' && s.at[n] <= '9')))
		n++;
	return (struct str){s.at, n};
}

static size_t string_end(struct str s, size_t i)
{
	for (i++; i < s.len && s.at[i] != '"'; i++)
		i += s.at[i] == '\\';
	return i + 1 < s.len ? i + 1 : s.len;
}

/*
 * Copy the text with each whole number beyond 64 bits quoted; *ret_any if there was one. Texts
 * are passed over whole, for digits in them are no numbers. What is not JSON may come out as
 * something else that is not JSON, which the parser then says of it.
 */
static void quote_big_numbers(struct str text, struct buf *out, bool *ret_any)
{
	size_t from = 0, i = 0;

	while (i < text.len) {
		struct str number = number_at((struct str){text.at + i, text.len - i});
		int64_t value;

		if (text.at[i] == '"') {
			i = string_end(text, i);
			continue;
		}
		if (number.len >= DIGITS_64_BITS && str_to_i64(number, &value) == ERR_RANGE) {
			buf_add(out, text.at + from, i - from);
			buf_str(out, STR("\"" BIG_MARK_JSON));
			buf_str(out, number);
			buf_char(out, '"');
			from = i + number.len;
			*ret_any = true;
		}
		i += number.len ? number.len : 1;
	}
	if (*ret_any)
		buf_add(out, text.at + from, text.len - from);
}

int wire_load(struct str text, struct flaws *flaws, json_t **ret_root)
{
	CLEANUP(buf_done) struct buf quoted = BUF(2 * text.len + 16);
	CLEANUP(buf_done) struct buf detail = BUF(400);
	json_error_t error;
	bool any = false;
	int r;

	quote_big_numbers(text, &quoted, &any);
	r = buf_err(&quoted);
	if (r < 0)
		return r;
	if (any)
		text = buf_view(&quoted);
	*ret_root = json_loadb(text.at ? text.at : "", text.len,
			       JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
	if (*ret_root)
		return 0;
	if (json_error_code(&error) == json_error_out_of_memory)
		return ERR_NOMEM;
	buf_fmt(&detail, "Line %d, column %d: %s.", error.line, error.column, error.text);
	wire_flaw(flaws, &WIRE_TOP, STR("NOT_JSON"), buf_view(&detail),
		  STR("Send one JSON document (RFC 8259) in UTF-8."));
	return ERR_JSON;
}
