/*
 * The set of parameters that is to be: as it was sent, or what stands with a series or one value
 * laid over it, and what it would change. Nothing is stored here.
 */
#include "daemon/route/h.h"
#include "h_parameter_private.h"
#include "libassets/projection/parameter_list.h"
#include "q.h"

enum { PATH_PART_MAX = 256 }; /* bytes */

static int64_t number_at(const json_t *flat, const char *path, int64_t otherwise)
{
	const json_t *value = json_object_get(json_object_get(flat, path), "value");

	return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

/* A member that is an object, made where there is none. Borrowed; NULL without memory. */
static json_t *member_of(json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);

	if (json_is_object(value))
		return value;
	return json_object_set_new(object, key, json_object()) == 0 ? json_object_get(object, key)
								    : NULL;
}

/* The changes that stand, with the series' years among them. now: what stands, flat. */
static int lay_series(struct flow *f, const struct parameter_flow *s, const json_t *fields,
		      const json_t *now, json_t **ret_next)
{
	bool is_deflator = str_eq(s->series, STR("DEFLATOR"));
	const char *at =
		is_deflator
			? "/deflator"
			: arena_fmt(f->arena, "/index/%.*s", (int)s->series.len, s->series.at).at;
	json_t *next = json_deep_copy(fields), *series, *growth;
	int64_t base, usual;
	char year[16];
	int r = 0;

	*ret_next = next;
	series = member_of(next, is_deflator ? "deflator" : "index");
	if (!is_deflator)
		series = member_of(series, at ? at + strlen("/index/") : "");
	growth = member_of(series, "growth");
	if (!growth || !at)
		return ERR_NOMEM;
	/* A new index begins with the series; growth of years that it lacks is that of the first.
	 */
	base = number_at(now, arena_fmt(f->arena, "%s/base_fy", at).at, s->growth.first_fy);
	usual = number_at(now, arena_fmt(f->arena, "%s/default", at).at,
			  number_at(now, "/index/PROPERTY/default", 0));
	if (base > s->growth.first_fy)
		base = s->growth.first_fy;
	r |= json_object_set_new(series, "base_fy", json_integer(base));
	r |= json_object_set_new(series, "default", json_integer(usual));
	for (int32_t fy = s->growth.first_fy; fy <= s->growth.last_fy; fy++) {
		int32_t ppm = s->growth.growth_ppm[fy - PROJECTION_FY_MIN];

		(void)snprintf(year, sizeof(year), "%d", (int)fy);
		if (ppm != PROJECTION_GROWTH_DEFAULT)
			r |= json_object_set_new(growth, year, json_integer(ppm));
	}
	return r ? ERR_NOMEM : 0;
}

/* The changes that stand, but for these bands. */
static int lay_bands(const struct parameter_flow *s, const json_t *fields, json_t **ret_next)
{
	json_t *list = json_array();
	int r = 0;

	*ret_next = json_deep_copy(fields);
	for (uint32_t i = 0; i < s->bands.count; i++)
		r |= json_array_append_new(list, json_pack("[I, I]",
							   (json_int_t)s->bands.band[i].last_year,
							   (json_int_t)s->bands.band[i].ppm));
	r |= json_object_set_new(*ret_next, "discount", list);
	return r ? ERR_NOMEM : 0;
}

/*
 * One value into a set: of "/scenarios/BEST/price_ppm" in objects of those names, which are made
 * where there are none. A value of null takes the change away.
 */
static int lay_one(json_t *at, struct str path, json_t *value)
{
	struct str rest = {path.at + 1, path.len - 1};
	char key[PATH_PART_MAX];

	for (;;) {
		struct str part = str_cut(rest, '/', &rest);

		if (!at || part.len >= sizeof(key))
			return ERR_NOMEM;
		(void)snprintf(key, sizeof(key), "%.*s", (int)part.len, part.at);
		if (!rest.len)
			break;
		at = member_of(at, key);
	}
	if (json_is_null(value))
		(void)json_object_del(at, key);
	else if (json_object_set(at, key, value))
		return ERR_NOMEM;
	return 0;
}

static int lay_value(const struct parameter_flow *s, const json_t *fields, json_t **ret_next)
{
	*ret_next = json_deep_copy(fields);
	return lay_one(*ret_next, s->path, s->value);
}

/* "/market_stage/MARKETING/p=725000" and more of these, a line each. */
static int lay_lines(struct flow *f, const struct parameter_flow *s, const json_t *fields,
		     json_t **ret_next)
{
	struct str rest = s->laid;
	int r = 0;

	*ret_next = json_deep_copy(fields);
	while (rest.len && r == 0) {
		struct str value, line = str_trim(str_cut(rest, '\n', &rest));
		struct str path = str_cut(line, '=', &value);
		json_auto_t *number = NULL;
		int64_t n;

		if (!line.len)
			continue;
		if (path.len < 2 || path.at[0] != '/' || str_to_i64(value, &n) < 0) {
			h_flaw(f, "laid", "BAD_FORM",
			       STR("This is no list of values by their paths."),
			       STR("Send the form as it was shown."));
			return ERR_INVALID;
		}
		number = json_integer(n);
		r = lay_one(*ret_next, path, number);
	}
	return r;
}

static json_t *series_said(const struct parameter_flow *s)
{
	if (str_is_null(s->series))
		return json_null();
	if (parameter_is_discount(s))
		return json_pack("{s:s%, s:s, s:i, s:i, s:n, s:n, s:n, s:s}", "name", s->series.at,
				 s->series.len, "periods", "BANDS", "used", (int)s->bands.count,
				 "passed_over", 0, "years", "first_year", "last_year", "rule",
				 "The year of the forecast counts 0; a rate holds up to the last "
				 "year of its band, and the last band goes on.");
	return json_pack("{s:s%, s:s, s:i, s:i, s:i, s:i, s:i, s:s}", "name", s->series.at,
			 s->series.len, "periods", series_period_word(s->growth.period), "used",
			 (int)s->growth.used, "passed_over", (int)s->growth.passed_over, "years",
			 (int)s->growth.years, "first_year", (int)s->growth.first_fy, "last_year",
			 (int)s->growth.last_fy, "rule",
			 "The level of a financial year is the mean of its periods, of calendar "
			 "years three quarters of the one and one of the next. Growth of a year is "
			 "the level of the next over its own, less 1, in parts per million, half "
			 "away from zero.");
}

/* The two sets flat, and the set to be in s->next, where the series is what was sent. */
static int both_sets(struct flow *f, struct parameter_flow *s,
		     const struct q_parameter_load_row *row, json_t **ret_was, json_t **ret_now)
{
	bool is_own = s->authority_id.len > 0;
	json_auto_t *fields = parameter_json(row->fields), *model = parameter_json(row->params);
	json_auto_t *usual = NULL, *usual_too = NULL;
	struct frame frame = {is_own ? model : fields, is_own ? fields : NULL, row->is_council};
	int r = parameter_flatten_stored(f, &frame, ret_was, &usual);

	if (r == 0 && (s->series.len || s->path.len || s->laid.len)) {
		r = s->laid.len                ? lay_lines(f, s, fields, &s->next)
		    : s->path.len              ? lay_value(s, fields, &s->next)
		    : parameter_is_discount(s) ? lay_bands(s, fields, &s->next)
					       : lay_series(f, s, fields, *ret_was, &s->next);
		json_decref(f->body);
		f->body = s->next;
	}
	frame = (struct frame){is_own ? model : s->next, is_own ? s->next : NULL, row->is_council};
	if (r == 0)
		r = parameter_flatten(&frame, &f->flaws, ret_now, &usual_too);
	return r;
}

int parameter_compare(struct flow *f, json_t **ret_preview, bool *ret_is_same, int32_t *ret_version)
{
	struct parameter_flow *s = f->state;
	struct q_parameter_load_row row;
	json_auto_t *was = NULL, *now = NULL, *stands = NULL;
	int r = q_parameter_load_one(f->got, 0, &row);

	*ret_preview = NULL;
	if (r == 0)
		r = both_sets(f, s, &row, &was, &now);
	if (r < 0)
		return r;
	stands = parameter_json(row.fields);
	/* The first is stored whatever it says: somebody stands by the defaults. */
	*ret_is_same = row.version && json_equal(stands, s->next);
	if (*ret_is_same)
		s->event_id = arena_str(f->arena, row.event_id);
	*ret_version = row.version;
	*ret_preview = json_pack("{s:i, s:o, s:O, s:o, s:o, s:s}", "version", (int)row.version,
				 "authority_id", parameter_text(s->authority_id), "params", s->next,
				 "changes", parameters_changes(was, now), "series", series_said(s),
				 "meaning", PARAMETER_MEANING);
	return *ret_preview ? 0 : ERR_NOMEM;
}
