/*
 * Rows out of the tables of projection_params.def, and out of the lists by name. What a row is
 * called and where its default is from stands in parameter_origin.def.
 *
 * A further number needs its row there and in projection_params.def, and nothing here; a further
 * list by name is a put_… below.
 */
#include "parameter_list.h"

#include "libassets/base/buf.h"
#include "libassets/base/err.h"
#include "libassets/base/money.h"
#include "projection_wire.h"

enum { PATH_MAX_BYTES = 1024 };

/* clang-format off */
static const struct number_row {
	const char *path;
	size_t offset; /* in struct projection_params */
	int64_t min, max;
	bool is_flag;
} number_rows[] = {
#define ROW(path, field, min, max) {path, offsetof(struct projection_params, field), min, max, false},
#define NUMBER(key, field, value, min, max) ROW("/" #key, field, min, max)
#include "projection_params.def"
#undef NUMBER
#define SCENARIO_NUMBER(key, field, best, likely, worst, min, max) \
	ROW("/scenarios/BEST/" #key, scenario[SCENARIO_BEST].field, min, max) \
	ROW("/scenarios/LIKELY/" #key, scenario[SCENARIO_LIKELY].field, min, max) \
	ROW("/scenarios/WORST/" #key, scenario[SCENARIO_WORST].field, min, max)
#include "projection_params.def"
#undef SCENARIO_NUMBER
#define BASIS(word, factor, largest, is_market) \
	ROW("/basis_factor/" #word, basis_factor_ppm[BASIS_##word], 0, largest)
#include "projection.def"
#undef BASIS
#define MC_NUMBER(key, value, min, max) ROW("/mc/" #key, mc_##key, min, max)
#include "projection_params.def"
#undef MC_NUMBER
#undef ROW
};

static const struct number_row partner_rows[] = {
#define PARTNER_FLAG(key, field, value) {"/" #key, offsetof(struct projection_partner, field), 0, 0, true},
#define PARTNER_NUMBER(key, field, value, min, max) \
	{"/" #key, offsetof(struct projection_partner, field), min, max, false},
#include "projection_params.def"
#undef PARTNER_FLAG
#undef PARTNER_NUMBER
};

static const struct {
	const char *path, *unit, *origin, *label, *source;
} origins[] = {
#define ORIGIN(path, unit, origin, label, source) {path, unit, origin, label, source},
#include "parameter_origin.def"
#undef ORIGIN
};
/* clang-format on */

/* --- flat --------------------------------------------------------------------------------- */

/* A set being written; like a buf it keeps its first failure. */
struct flat {
	json_t *all;
	bool has_failed;
};

/* value is taken. min above max: there is no range. */
static void put(struct flat *f, const char *path, json_t *value, int64_t min, int64_t max)
{
	json_t *one = min <= max ? json_pack("{s:o, s:I, s:I}", "value", value, "min",
					     (json_int_t)min, "max", (json_int_t)max)
				 : json_pack("{s:o, s:n, s:n}", "value", value, "min", "max");

	f->has_failed |= !one || json_object_set_new(f->all, path, one) != 0;
}

static void put_number(struct flat *f, const char *path, int64_t value, int64_t min, int64_t max)
{
	put(f, path, json_integer(value), min, max);
}

static void put_text(struct flat *f, const char *path, struct str s)
{
	put(f, path, json_stringn(s.at, s.len), 1, 0);
}

/* A name as a part of a JSON pointer. */
static void add_name(struct buf *path, struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		if (name.at[i] == '~')
			buf_str(path, STR("~0"));
		else if (name.at[i] == '/')
			buf_str(path, STR("~1"));
		else
			buf_char(path, name.at[i]);
	}
}

/* "/stage/NAME/field", the parts that there are; false when it is too long to be told. */
static const char *path_of(struct flat *f, struct buf *path, const char *list, struct str name,
			   const char *field)
{
	buf_clear(path);
	buf_str(path, str_of(list));
	add_name(path, name);
	buf_str(path, str_of(field));
	f->has_failed |= buf_err(path) < 0;
	return buf_view(path).at;
}

static void put_rows(struct flat *f, const char *list, const struct number_row *row, size_t n,
		     const void *from)
{
	CLEANUP(buf_done) struct buf path = BUF(PATH_MAX_BYTES);

	for (size_t i = 0; i < n; i++) {
		const char *at = (const char *)from + row[i].offset;
		const char *name = path_of(f, &path, list, STR(""), row[i].path);

		if (row[i].is_flag)
			put(f, name, json_boolean(*(const bool *)at), 1, 0);
		else
			put_number(f, name, *(const int64_t *)at, row[i].min, row[i].max);
	}
}

static void put_stages(struct flat *f, struct buf *path, const struct projection_params *p)
{
	for (uint32_t i = 0; i < p->stages; i++) {
		const struct projection_stage *s = &p->stage[i];

		put_number(f, path_of(f, path, "/market_stage/", s->name, "/p"), s->p_ppm, 0, PPM);
		put_text(f, path_of(f, path, "/market_stage/", s->name, "/slip"),
			 p->slip[s->slip].name);
	}
}

static void put_states(struct flat *f, struct buf *path, const struct projection_params *p)
{
	static const char list[] = "/request_state/";

	for (uint32_t i = 0; i < p->states; i++) {
		const struct projection_state *s = &p->state[i];

		put_number(f, path_of(f, path, list, s->name, "/p"), s->p_ppm, 0, PPM);
		put_number(f, path_of(f, path, list, s->name, "/complete_m"), s->complete_months, 0,
			   PROJECTION_MONTHS_MAX);
		put_number(f, path_of(f, path, list, s->name, "/release_m"), s->release_months, 0,
			   PROJECTION_MONTHS_MAX);
		put_text(f, path_of(f, path, list, s->name, "/slip"), p->slip[s->slip].name);
		put_number(f, path_of(f, path, list, s->name, "/rank"), s->rank,
			   -PROJECTION_RANK_MAX, PROJECTION_RANK_MAX);
	}
}

static void put_pair(struct flat *f, json_t *list, int64_t a, int64_t b)
{
	f->has_failed |=
		json_array_append_new(list, json_pack("[I,I]", (json_int_t)a, (json_int_t)b)) != 0;
}

static void put_slips(struct flat *f, struct buf *path, const struct projection_params *p)
{
	for (uint32_t i = 0; i < p->slips; i++) {
		const struct projection_slip *s = &p->slip[i];
		json_t *list = json_array();

		for (uint32_t k = 0; k < s->steps; k++)
			put_pair(f, list, s->step[k].quarters, s->step[k].ppm);
		put(f, path_of(f, path, "/slip/", s->name, ""), list, 1, 0);
	}
}

static void put_bands(struct flat *f, const struct projection_params *p)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < p->bands; i++)
		put_pair(f, list, p->band[i].last_year, p->band[i].ppm);
	put(f, "/discount", list, 1, 0);
}

static void put_series(struct flat *f, struct buf *path, const char *list, struct str name,
		       const struct projection_series *s)
{
	char field[32];

	put_number(f, path_of(f, path, list, name, "/base_fy"), s->base_fy, PROJECTION_FY_MIN,
		   PROJECTION_FY_MAX);
	put_number(f, path_of(f, path, list, name, "/default"), s->default_ppm,
		   PROJECTION_GROWTH_MIN, PROJECTION_GROWTH_MAX);
	for (int32_t i = 0; i < PROJECTION_FYS; i++) {
		if (s->growth_ppm[i] == PROJECTION_GROWTH_DEFAULT)
			continue;
		(void)snprintf(field, sizeof(field), "/growth/%d", (int)(PROJECTION_FY_MIN + i));
		put_number(f, path_of(f, path, list, name, field), s->growth_ppm[i],
			   PROJECTION_GROWTH_MIN, PROJECTION_GROWTH_MAX);
	}
}

static void put_classes(struct flat *f, struct buf *path, const struct projection_params *p)
{
	put_text(f, "/class_index/default", p->index[p->class_default].name);
	for (uint32_t i = 0; i < p->classes; i++) {
		const struct projection_class *c = &p->class[i];

		if (c->has_index)
			put_text(f, path_of(f, path, "/class_index/", c->name, ""),
				 p->index[c->index].name);
	}
	put_number(f, "/mc/beta/default", p->beta_default_ppm, 0, PROJECTION_BETA_MAX);
	for (uint32_t i = 0; i < p->classes; i++) {
		const struct projection_class *c = &p->class[i];

		if (c->has_beta)
			put_number(f, path_of(f, path, "/mc/beta/", c->name, ""), c->beta_ppm, 0,
				   PROJECTION_BETA_MAX);
	}
}

static json_t *flat_end(struct flat *f)
{
	if (!f->has_failed)
		return f->all;
	json_decref(f->all);
	return NULL;
}

json_t *parameters_flat(const struct projection_params *p)
{
	CLEANUP(buf_done) struct buf path = BUF(PATH_MAX_BYTES);
	struct flat f = {.all = json_object()};

	put_rows(&f, "", number_rows, COUNT(number_rows), p);
	put_rows(&f, "/partner_default", partner_rows, COUNT(partner_rows), &p->partner_default);
	put_stages(&f, &path, p);
	put_states(&f, &path, p);
	put_slips(&f, &path, p);
	put_bands(&f, p);
	put_series(&f, &path, "/deflator", STR(""), &p->deflator);
	for (uint32_t i = 0; i < p->indices; i++)
		put_series(&f, &path, "/index/", p->index[i].name, &p->index[i]);
	put_classes(&f, &path, p);
	return flat_end(&f);
}

json_t *parameters_flat_partner(const struct projection_partner *p)
{
	struct flat f = {.all = json_object()};

	put_rows(&f, "", partner_rows, COUNT(partner_rows), p);
	return flat_end(&f);
}

/* --- rows --------------------------------------------------------------------------------- */

/* Does a path have this form? A star stands for one part. */
static bool is_of(struct str path, struct str form)
{
	while (path.len || form.len) {
		struct str part = str_cut(path, '/', &path);
		struct str wanted = str_cut(form, '/', &form);

		if (!str_eq(wanted, STR("*")) && !str_eq(wanted, part))
			return false;
	}
	return true;
}

/* The first that fits; an authority's own rows are those of "/partner_default". */
static size_t origin_of(const char *path)
{
	static const struct str own = STR_INIT("/partner_default");

	for (size_t i = 0; i < COUNT(origins); i++) {
		struct str form = str_of(origins[i].path);

		if (is_of(str_of(path), form))
			return i;
		if (str_starts(form, own) &&
		    str_eq(str_of(path), (struct str){form.at + own.len, form.len - own.len}))
			return i;
	}
	return COUNT(origins);
}

const char *parameter_label(const char *path)
{
	size_t i = origin_of(path);

	return i < COUNT(origins) ? origins[i].label : NULL;
}

const char *parameter_unit(const char *path)
{
	size_t i = origin_of(path);

	return i < COUNT(origins) ? origins[i].unit : NULL;
}

static json_t *value_of(const json_t *flat, const char *path)
{
	json_t *value = json_object_get(json_object_get(flat, path), "value");

	return value ? value : json_null();
}

json_t *parameters_rows(json_t *now, const json_t *usual)
{
	json_t *rows = json_array(), *one;
	const char *path;

	json_object_foreach (now, path, one) {
		size_t i = origin_of(path);
		json_t *row = json_pack("{s:s, s:O, s:O, s:O, s:O}", "path", path, "value",
					json_object_get(one, "value"), "default",
					value_of(usual, path), "min", json_object_get(one, "min"),
					"max", json_object_get(one, "max"));
		json_t *from = i == COUNT(origins)
				       ? NULL
				       : json_pack("{s:s, s:s, s:s, s:s}", "unit", origins[i].unit,
						   "origin", origins[i].origin, "label",
						   origins[i].label, "source", origins[i].source);

		if (!row || (from && json_object_update(row, from)) ||
		    json_array_append_new(rows, row)) {
			json_decref(from);
			json_decref(rows);
			return NULL;
		}
		json_decref(from);
	}
	return rows;
}

static int put_change(json_t *changes, const char *path, json_t *was, json_t *now)
{
	if (json_equal(was, now))
		return 0;
	return json_array_append_new(
		changes, json_pack("{s:s, s:O, s:O}", "path", path, "old", was, "new", now));
}

json_t *parameters_changes(json_t *was, json_t *now)
{
	json_t *changes = json_array(), *one;
	const char *path;
	int r = changes ? 0 : -1;

	json_object_foreach (now, path, one) {
		if (r == 0)
			r = put_change(changes, path, value_of(was, path), value_of(now, path));
	}
	json_object_foreach (was, path, one) {
		if (r == 0 && !json_object_get(now, path))
			r = put_change(changes, path, value_of(was, path), json_null());
	}
	if (r == 0)
		return changes;
	json_decref(changes);
	return NULL;
}

int parameters_read(json_t *fields, const char *at, struct arena *arena, struct flaws *flaws,
		    struct projection_params **ret_params)
{
	struct projection_params *p = ARENA_NEW(arena, struct projection_params);
	int r = p ? projection_params_init(p, arena) : ERR_NOMEM;

	if (r == 0)
		r = projection_params_read(p, fields, &WIRE_KEY(&WIRE_TOP, at), arena, flaws);
	*ret_params = p;
	return r;
}
