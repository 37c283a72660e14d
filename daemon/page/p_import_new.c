/*
 * Loading a list by hand: a form for its file or its lines. The steps are those of /v1/imports
 * (h_import.c), which end here in the import's page (p_import.c).
 *
 * The form is read as a whole, so it is bounded more narrowly than a file sent by a program.
 */
#include "daemon/flow/flow_file.h"
#include "daemon/flow/flow_rescue.h"
#include "daemon/import/h_import.h"
#include "libassets/base/err.h"
#include "p_import.h"
#include "page.h"
#include "q.h"

enum { CHOICES = PAGE_FRAME + 1 };

static enum step_result new_load(struct flow *f)
{
	q_page_import_add(page_batch(f));
	return flow_send(f);
}

/* Was a file chosen? Then that is the list, whatever was pasted. */
static bool is_file(struct flow *f)
{
	struct str name, file;

	return flow_form_file(f, &name, &file) && (file.len || name.len);
}

/* Which field of the form a flaw is of: a line of the list is in the file, or in what was pasted.
 */
static const char *field_of(struct flow *f, struct str pointer)
{
	static const char *const names[] = {"authority_id", "mapping", "valid_on"};

	for (size_t i = 0; i < COUNT(names); i++) {
		if (pointer.len &&
		    str_eq((struct str){pointer.at + 1, pointer.len - 1}, str_of(names[i])))
			return names[i];
	}
	return is_file(f) ? "file" : "rows";
}

static const char *label_of(const char *field)
{
	return strcmp(field, "authority_id") == 0 ? "Whose list it is"
	       : strcmp(field, "mapping") == 0    ? "How its columns are to be read"
	       : strcmp(field, "valid_on") == 0   ? "From when on it is so"
	       : strcmp(field, "file") == 0       ? "The file"
						  : "The list";
}

/* Is it of the list as a whole, and of none of its lines? */
static bool is_of_all(struct str code)
{
	static const char *const codes[] = {"SPREADSHEET", "JSON", "EMPTY"};

	for (size_t i = 0; i < COUNT(codes); i++) {
		if (str_eq(code, str_of(codes[i])))
			return true;
	}
	return false;
}

/* "Line 3: …", of what is wrong within the list. */
static struct str flaw_text(struct flow *f, const struct flaw *w)
{
	struct str line = str_starts(w->pointer, STR("/line/")) && !is_of_all(w->code)
				  ? (struct str){w->pointer.at + 6, w->pointer.len - 6}
				  : STR("");

	return arena_fmt(f->arena, "%s%.*s%s%.*s %.*s", line.len ? "Line " : "", (int)line.len,
			 line.at, line.len ? ": " : "", (int)w->detail.len, w->detail.at,
			 (int)w->cure.len, w->cure.at ? w->cure.at : "");
}

/* What was chosen and typed, in the same fields. A file is chosen again. */
static void put_chosen(struct page *p, json_t *choices)
{
	struct flow *f = p->flow;
	struct str mapping = flow_form(f, "mapping");
	json_t *chosen = json_object(), *one;
	size_t i;

	page_choose(p, json_object_get(choices, "authorities"), flow_form(f, "authority_id"));
	json_array_foreach (json_object_get(choices, "mappings"), i, one)
		page_put_in(p, one, "is_selected",
			    json_boolean(str_eq(mapping, str_of(page_text(one, "name")))));
	if (mapping.len && json_object_setn_new(chosen, mapping.at, mapping.len, json_true()))
		p->err = ERR_NOMEM;
	page_put(p, "chosen", chosen);
	page_put_text(p, "rows", page_lines(f, flow_form(f, "rows")));
	page_put_text(p, "valid_on", flow_form(f, "valid_on"));
}

static void put_new_refusal(struct page *p)
{
	struct flow *f = p->flow;
	json_t *wrongs = json_array();

	for (size_t i = 0; i < flaws_kept(&f->flaws); i++) {
		const char *field = field_of(f, f->flaws.at[i].pointer);

		page_wrong(p, wrongs, str_of(field), label_of(field),
			   flaw_text(f, &f->flaws.at[i]));
	}
	page_put(p, "refusal", json_string(err_info(flow_rescued(f))->title));
	page_put_text(p, "refusal_detail", flow_rescued_detail(f));
	page_put(p, "has_wrongs", json_boolean(json_array_size(wrongs) > 0));
	page_put(p, "wrongs", wrongs);
}

static enum step_result new_answer(struct flow *f)
{
	struct page p = page_begin(f, "Load a list of land and buildings");
	json_t *choices = page_item(f, CHOICES);

	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, "/assets", STR("Register"));
	page_put(&p, "choices", choices);
	import_put_has(&p, choices, "has_authorities", "authorities");
	import_put_has(&p, choices, "has_imports", "imports");
	if (flow_rescued(f)) {
		put_chosen(&p, choices);
		put_new_refusal(&p);
	}
	return page_end(&p, "import_new", PAGE_REGISTER, flow_rescued_status(f));
}

const struct flow_step page_import_new[] = {
	{"load", new_load},
	{"answer", new_answer},
	{0},
};

/* As a file of its own, since reading it outlives the request. */
static enum step_result add_read(struct flow *f)
{
	struct str rows = page_sent_list(f, "rows");
	struct day valid_on;
	struct blob *file;
	char *bytes;
	int r;

	flow_rescue(f, page_import_new);
	r = import_valid_on(f, flow_form(f, "valid_on"), &valid_on);

	if (r < 0)
		return flow_fail(f, r);
	bytes = malloc(rows.len + 1);
	if (!bytes)
		return flow_fail(f, ERR_NOMEM);
	if (rows.len)
		memcpy(bytes, rows.at, rows.len);
	file = blob_new(bytes, rows.len);
	return file ? import_begin(
			      f, &(struct import_call){.authority_id = flow_form(f, "authority_id"),
						       .mapping = flow_form(f, "mapping"),
						       .valid_on = valid_on,
						       .file = file,
						       .is_page = true})
		    : flow_fail(f, ERR_NOMEM);
}

const struct flow_step page_import_add[] = {
	{"read", add_read},
	{0},
};
