/*
 * Fields set on all assets of a list, by a form: the list's filter stands in the address, what to
 * set in the form, and what it would change is shown as that of a list that is loaded (p_import.c),
 * with the same two buttons.
 *
 * What is left empty stays as it is. A further field is a row of field_table and a part of the
 * template; what may be set at all is h_import_edit.c's.
 */
#include "daemon/import/h_import.h"
#include "filter_words.h"
#include "form.h"
#include "libassets/base/err.h"
#include "libassets/register/asset.h"
#include "p.h"
#include "page.h"
#include "q.h"

enum { CHOICES = PAGE_FRAME + 1, KINDS, FILTERS_MAX = 24, VALUE_MAX = 1024 };

static const struct {
	const char *name;
	bool is_flag; /* true or false; else a text */
} field_table[] = {
	{"class", false},      {"tenure", false},        {"lifecycle", false},  {"published", true},
	{"common_good", true}, {"exempt_reason", false}, {"checked_on", false},
};

/* The filter that is given, in the order of its names, and whose list it is. */
static size_t filters(struct flow *f, struct page_filter *ret)
{
	struct str rest = STR("authority_id," IMPORT_FILTERS);
	size_t n = 0;

	while (rest.len && n < FILTERS_MAX) {
		struct str name = arena_str(f->arena, str_cut(rest, ',', &rest));
		struct str value = name.at ? flow_query(f, name.at) : (struct str){NULL, 0};

		if (value.len)
			ret[n++] = (struct page_filter){name.at, value};
	}
	return n;
}

static enum step_result change_load(struct flow *f)
{
	q_page_import_add(page_batch(f));
	q_page_filters_add(flow_batch(f));
	return flow_send(f);
}

/* One of those, in words. NULL without memory. */
static json_t *in_words(const struct page_filter *filter)
{
	CLEANUP(buf_done) struct buf value = BUF(VALUE_MAX);
	const char *label = filter_label(str_of(filter->name));

	filter_value(&value, str_of(filter->name), filter->value);
	if (buf_err(&value) < 0)
		return NULL;
	return json_pack("{s:s, s:s%}", "label", label ? label : filter->name, "value",
			 value.at ? value.at : "", value.len);
}

/* What the list is narrowed by, as it stands in the address. */
static void put_filter(struct page *p, const struct page_filter *filter, size_t n)
{
	json_t *shown = json_array();

	for (size_t i = 0; i < n; i++) {
		if (strcmp(filter[i].name, "authority_id") == 0)
			continue;
		if (json_array_append_new(shown, in_words(&filter[i])) && !p->err)
			p->err = ERR_NOMEM;
	}
	page_put(p, "is_narrowed", json_boolean(json_array_size(shown)));
	page_put(p, "filters", shown);
	page_put_text(p, "action", page_address(p->flow->arena, "/assets/change", filter, n));
	page_put_text(p, "list", page_address(p->flow->arena, "/assets", filter, n));
}

/* But for what has gone, which is so by its sale or transfer. */
static json_t *lifecycles(struct page *p)
{
	json_t *list = form_choices(p, &asset_shape, "lifecycle");

	for (size_t i = json_array_size(list); i-- > 0;) {
		if (strcmp(page_text(json_array_get(list, i), "id"), "DISPOSED") == 0)
			(void)json_array_remove(list, i);
	}
	return list;
}

static enum step_result change_answer(struct flow *f)
{
	struct page p = page_begin(f, "Change all assets of a list");
	json_t *choices = page_item(f, CHOICES), *kinds = page_item(f, KINDS);
	struct page_filter filter[FILTERS_MAX];
	size_t n = filters(f, filter);

	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, "/assets", STR("Register"));
	page_put(&p, "choices", choices);
	page_choose(&p, json_object_get(choices, "authorities"), flow_query(f, "authority_id"));
	page_put_in(&p, choices, "has_authorities",
		    json_boolean(json_array_size(json_object_get(choices, "authorities")) > 0));
	page_put_in(&p, choices, "classes", json_incref(json_object_get(kinds, "classes")));
	json_decref(kinds);
	page_put_in(&p, choices, "lifecycles", lifecycles(&p));
	page_put_in(&p, choices, "tenures", form_choices(&p, &asset_shape, "tenure"));
	put_filter(&p, filter, n);
	return page_end(&p, "assets_change", PAGE_REGISTER, 200);
}

const struct flow_step page_assets_change[] = {
	{"load", change_load},
	{"answer", change_answer},
	{0},
};

/* The form's fields as a patch has them. NULL without memory. */
static json_t *set_of(struct flow *f)
{
	json_t *set = json_object();

	for (size_t i = 0; set && i < COUNT(field_table); i++) {
		struct str value = str_trim(flow_form(f, field_table[i].name));
		bool is_flag = field_table[i].is_flag &&
			       (str_eq(value, STR("true")) || str_eq(value, STR("false")));

		if (value.len &&
		    json_object_set_new(set, field_table[i].name,
					is_flag ? json_boolean(str_eq(value, STR("true")))
						: json_stringn(value.at, value.len)) < 0) {
			json_decref(set);
			return NULL;
		}
	}
	return set;
}

static enum step_result show_read(struct flow *f)
{
	json_auto_t *set = set_of(f);
	enum step_result result;
	struct day valid_on;
	int r = set ? import_valid_on(f, flow_form(f, "valid_on"), &valid_on) : ERR_NOMEM;

	if (r < 0)
		return flow_fail(f, r);
	result = import_edit_begin(f, &(struct import_edit_call){
					      .authority_id = flow_form(f, "authority_id"),
					      .valid_on = valid_on,
					      .set = set,
					      .is_page = true,
				      });
	return result;
}

const struct flow_step page_assets_change_show[] = {
	{"read", show_read},
	{0},
};
