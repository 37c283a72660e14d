/*
 * Decoding of objects: unknown and missing members, null, parts and lists. Parts do not nest
 * (their fields are scalars and words), so nothing here calls itself, and input of any depth
 * takes the same stack.
 *
 * Leaves come first (decode_flat), then parts and lists, so flaws stand in that order and not
 * in that of the sender. A name nobody knows is compared with those of the table: most
 * unknown fields are a known one mistyped.
 */
#include "shape.h"

#include <assert.h>

#include "libassets/base/err.h"
#include "shape_scalar.h"

enum { WORD_MAX = 32 }; /* unknown names longer than this are not compared with known ones */

static const struct shape_field *field_of(const struct shape *shape, struct str name)
{
	for (size_t i = 0; i < shape->count; i++) {
		if (str_eq(str_of(shape->field[i].name), name))
			return &shape->field[i];
	}
	return NULL;
}

static unsigned least_of(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/*
 * How many letters must be added, taken away, changed or exchanged with the next one to make b of a
 * (optimal string alignment).
 */
static unsigned distance(struct str a, struct str b)
{
	unsigned row[WORD_MAX + 1][WORD_MAX + 1];

	for (size_t i = 0; i <= a.len; i++) {
		for (size_t j = 0; j <= b.len; j++) {
			if (!i || !j) {
				row[i][j] = (unsigned)(i + j);
				continue;
			}
			row[i][j] = least_of(least_of(row[i - 1][j], row[i][j - 1]) + 1,
					     row[i - 1][j - 1] + (a.at[i - 1] != b.at[j - 1]));
			if (i > 1 && j > 1 && a.at[i - 1] == b.at[j - 2] &&
			    a.at[i - 2] == b.at[j - 1])
				row[i][j] = least_of(row[i][j], row[i - 2][j - 2] + 1);
		}
	}
	return row[a.len][b.len];
}

static const char *nearest(const struct shape *shape, struct str name)
{
	const char *best = NULL;
	unsigned least = 4;

	if (name.len > WORD_MAX)
		return NULL;
	for (size_t i = 0; i < shape->count; i++) {
		struct str known = str_of(shape->field[i].name);
		unsigned d;

		assert(known.len <= WORD_MAX);
		d = distance(name, known);
		/* To a person it is the same word while no more than a third is wrong. */
		if (d < least && 3 * d <= known.len) {
			least = d;
			best = shape->field[i].name;
		}
	}
	return best;
}

static void unknown(const struct shape *shape, struct str name, const struct shape_place *p)
{
	const char *near = nearest(shape, name);

	if (shape->read_only && shape_is_word(name, shape->read_only))
		shape_flaw(p, "READ_ONLY", STR("This is worked out and cannot be said."),
			   STR("Leave it out."));
	else
		shape_flaw(p, "UNKNOWN_FIELD", STR("There is no such field here."),
			   near ? arena_fmt(p->flaws->arena, "Did you mean %s?", near)
				: STR("Leave it out."));
}

static void decode_words(const struct shape_field *f, const json_t *value,
			 const struct shape_place *p, struct shape_words *member)
{
	struct shape_field one = *f;
	size_t n = json_array_size(value);
	struct str *made = ARENA_ARRAY(p->flaws->arena, n + 1, struct str);
	size_t before = p->flaws->count;

	if (!made) {
		shape_no_room(p);
		return;
	}
	one.rules |= SHAPE_NEEDED; /* an empty entry is a fault, where an empty field is none */
	one.type = f->form ? SHAPE_FORM : SHAPE_ENUM;
	for (size_t i = 0; i < n; i++)
		shape_scalar(&one, json_array_get(value, i),
			     &(struct shape_place){&WIRE_INDEX(p->at, i), p->flaws}, &made[i]);
	if (p->flaws->count == before)
		*member = (struct shape_words){made, n};
}

/* True if it is a list of at most as many as the field takes. */
static bool is_short_list(const struct shape_field *f, const json_t *value,
			  const struct shape_place *p)
{
	struct arena *a = p->flaws->arena;

	if (!json_is_array(value)) {
		shape_wrong_type(p, value, "a list in [ ]");
		return false;
	}
	if (json_array_size(value) > (size_t)f->most) {
		shape_flaw(p, "TOO_MANY",
			   arena_fmt(a, "This list has %zu entries.", json_array_size(value)),
			   arena_fmt(a, "Send at most %lld.", (long long)f->most));
		return false;
	}
	return true;
}

static void decode_null(const struct shape_field *f, const struct shape_place *p, void *member)
{
	if (f->rules & SHAPE_NEEDED)
		shape_flaw(p, "REQUIRED", STR("This cannot be left without a value."),
			   STR("Send a value."));
	else
		shape_unset(f, member);
}

/* What every object owes: known names, and on creation all that is needed. */
static void check_names(const struct shape *shape, const json_t *from, enum shape_mode mode,
			const struct wire_at *where, struct flaws *flaws)
{
	void *i = json_object_iter((json_t *)(uintptr_t)from);

	for (; i; i = json_object_iter_next((json_t *)(uintptr_t)from, i)) {
		const char *key = json_object_iter_key(i);
		const struct shape_field *f = field_of(shape, str_of(key));
		struct shape_place p = {&WIRE_KEY(where, key), flaws};

		if (!f && mode != SHAPE_STORED)
			unknown(shape, str_of(key), &p);
		else if (f && (f->rules & SHAPE_FIXED) && mode == SHAPE_PATCH)
			shape_flaw(&p, "FIXED", STR("This is said once, on creation."),
				   STR("Leave it out; make a new item if it must differ."));
	}
	for (size_t k = 0; k < shape->count && mode == SHAPE_CREATE; k++) {
		const struct shape_field *f = &shape->field[k];
		struct shape_place p = {&WIRE_KEY(where, f->name), flaws};

		if ((f->rules & SHAPE_NEEDED) && !json_object_get(from, f->name))
			shape_flaw(&p, "REQUIRED", STR("This field is needed and was not sent."),
				   arena_fmt(flaws->arena, "Add \"%s\".", f->name));
	}
}

static bool is_nested(const struct shape_field *f)
{
	return f->type == SHAPE_PART || f->type == SHAPE_LIST;
}

/* The members of an object that are leaves. */
static void decode_flat(const struct shape *shape, const json_t *from, enum shape_mode mode,
			const struct wire_at *where, struct flaws *flaws, void *at)
{
	check_names(shape, from, mode, where, flaws);
	for (size_t i = 0; i < shape->count; i++) {
		const struct shape_field *f = &shape->field[i];
		const json_t *value = json_object_get(from, f->name);
		struct shape_place p = {&WIRE_KEY(where, f->name), flaws};
		void *member = (char *)at + f->offset;

		if (!value || is_nested(f))
			continue;
		if (json_is_null(value))
			decode_null(f, &p, member);
		else if (f->type != SHAPE_WORDS)
			shape_scalar(f, value, &p, member);
		else if (is_short_list(f, value, &p))
			decode_words(f, value, &p, member);
	}
}

static void decode_part(const struct shape_field *f, const json_t *value, enum shape_mode mode,
			const struct shape_place *p, void **member)
{
	void *made;

	if (!json_is_object(value)) {
		shape_wrong_type(p, value, "an object in { }");
		return;
	}
	made = arena_alloc(p->flaws->arena, f->part->size);
	if (!made) {
		shape_no_room(p);
		return;
	}
	shape_clear(f->part, made);
	if (mode == SHAPE_PATCH && *member)
		memcpy(made, *member, f->part->size);
	else if (mode == SHAPE_PATCH)
		mode = SHAPE_CREATE; /* what a patch makes anew must be whole */
	decode_flat(f->part, value, mode, p->at, p->flaws, made);
	*member = made;
}

/* Lists are replaced whole (RFC 7396), so their entries must be whole in a patch as well. */
static void decode_list(const struct shape_field *f, const json_t *value, enum shape_mode mode,
			const struct shape_place *p, struct shape_list *member)
{
	size_t n = json_array_size(value);
	char *made = arena_array(p->flaws->arena, n + 1, f->part->size);

	if (!made) {
		shape_no_room(p);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		const json_t *entry = json_array_get(value, i);
		struct shape_place here = {&WIRE_INDEX(p->at, i), p->flaws};

		shape_clear(f->part, made + i * f->part->size);
		if (json_is_object(entry))
			decode_flat(f->part, entry, mode == SHAPE_PATCH ? SHAPE_CREATE : mode,
				    here.at, p->flaws, made + i * f->part->size);
		else if ((f->rules & SHAPE_BRIEF) && json_is_string(entry))
			shape_scalar(f->part->field, entry, &here,
				     made + i * f->part->size + f->part->field->offset);
		else
			shape_wrong_type(&here, entry, "an object in { }");
	}
	*member = (struct shape_list){made, n};
}

void shape_clear(const struct shape *shape, void *ret_struct)
{
	memset(ret_struct, 0, shape->size);
	for (size_t i = 0; i < shape->count; i++)
		shape_unset(&shape->field[i], (char *)ret_struct + shape->field[i].offset);
}

void shape_decode(const struct shape *shape, const json_t *from, enum shape_mode mode,
		  const struct wire_at *where, struct flaws *flaws, void *at)
{
	decode_flat(shape, from, mode, where, flaws, at);
	for (size_t i = 0; i < shape->count; i++) {
		const struct shape_field *f = &shape->field[i];
		const json_t *value = json_object_get(from, f->name);
		struct shape_place p = {&WIRE_KEY(where, f->name), flaws};
		void *member = (char *)at + f->offset;

		if (!value || !is_nested(f))
			continue;
		if (json_is_null(value))
			decode_null(f, &p, member);
		else if (f->type == SHAPE_PART)
			decode_part(f, value, mode, &p, member);
		else if (is_short_list(f, value, &p))
			decode_list(f, value, mode, &p, member);
	}
}

int shape_stored(const struct shape *shape, struct str json, struct arena *a, void *ret_struct)
{
	json_auto_t *root = NULL;
	struct flaws flaws;
	int r;

	shape_clear(shape, ret_struct);
	flaws_init(&flaws, a);
	r = wire_load(json, &flaws, &root);
	if (r == 0 && json_is_object(root))
		shape_decode(shape, root, SHAPE_STORED, &WIRE_TOP, &flaws, ret_struct);
	if (r < 0)
		return r;
	return flaws.count ? ERR_BUG : 0;
}
