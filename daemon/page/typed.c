/*
 * See typed.h. In the order in which it was sent, so that sent again as it stands it is known to be
 * the same (flow_store.c). What is secret is not given back: whoever typed it does so again.
 *
 * A code, an id or a word of ours is hidden: nobody has typed it, and it is sent again all the
 * same. What it says of each field people read by the words of "input" in words.def.
 */
#include "typed.h"

#include "daemon/flow/flow_sent.h"
#include "daemon/route/router.h"
#include "dress.h"
#include "libassets/base/err.h"
#include "libassets/shape/shape_form.h"
#include "template.h"

#define KEPT "kept_"

/* Bytes of what is given back; a page holds more, and so does the form to sign in by. */
enum { TYPED_MAX = 512 * 1024, LABEL_MAX = 400 };

/* --- Which of them people write ----------------------------------------------------------- */

/* UNDER_OFFER: a word of a list. */
static bool is_code(struct str s)
{
	bool has_letter = false;

	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];

		if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '_')
			return false;
		has_letter = has_letter || c >= 'A';
	}
	return has_letter;
}

/* What a page says of itself in a form. */
static bool is_machinery(struct str name)
{
	static const char list[] =
		"csrf,form_csrf,once,act,event,change,token,version,number,after,"
		"list,show,again,end,sure,next,"
		"keeps,keeps_file,owners_were,duties_were";

	return str_lists(str_of(list), name) || str_starts(name, STR("seen_")) ||
	       str_starts(name, STR("tick_")) || str_starts(name, STR(KEPT));
}

static bool is_written(struct str name, struct str value)
{
	return value.len && !is_machinery(name) && !shape_is_id(value) && !is_code(value) &&
	       !str_lists(STR("true,yes,on"), value);
}

/* Where a form asks for a secret, that is not given back. */
static bool is_secret(const struct flow *f, struct str name)
{
	bool asks = f->route->flags & ROUTE_SECRET || str_eq(f->request->path, STR("/sign-in"));

	return asks && str_lists(STR("password,present,key,code,client_key"), name);
}

/* --- One field ----------------------------------------------------------------------------- */

static json_t *wrong_of(const struct flow *f, struct str name)
{
	const struct flaw *flaw = page_flaw_at(f, name);

	return flaw ? json_string(page_flaw(f, flaw).at) : json_null();
}

/* Browsers send CR LF, and make it so again of LF. */
static json_t *text_of(struct str value)
{
	CLEANUP(buf_done) struct buf out = BUF(TYPED_MAX);

	for (size_t i = 0; i < value.len; i++) {
		if (value.at[i] != '\r')
			buf_char(&out, value.at[i]);
	}
	return buf_err(&out) ? NULL : json_stringn(out.at ? out.at : "", out.len);
}

static json_t *field_json(const struct flow *f, struct str name, struct str value)
{
	CLEANUP(buf_done) struct buf label = BUF(LABEL_MAX);
	json_t *wrong = wrong_of(f, name);
	bool is_shown = is_written(name, value) || json_is_string(wrong);

	dress_code(&label, STR("input"), name);
	return json_pack("{s:s%, s:o, s:s%, s:b, s:b, s:o}", "name", name.at, name.len, "value",
			 text_of(value), "label", buf_err(&label) < 0 ? name.at : label.at,
			 buf_err(&label) < 0 ? name.len : label.len, "is_shown", is_shown,
			 "is_lines", value.len > 60 || str_holds(value, STR("\n")), "wrong", wrong);
}

/* --- The form ------------------------------------------------------------------------------ */

/* What to do about it, and whether to send it again can help. */
static const struct {
	int status;
	bool may_send;
	const char *say;
} say_table[] = {
	{400, true, "Put right what is named above and send it again."},
	{403, false, "It was not stored. Copy from here what you need."},
	{404, false, "It was not stored. Copy from here what you need."},
	{405, false, "It was not stored. Copy from here what you need."},
	{410, false, "It was not stored. Copy from here what you need."},
	{409, true, "It was not stored. Look at the page as it now is, then send it again."},
	{412, true, "It was not stored. Look at the page as it now is, then send it again."},
	{413, true, "It was not stored. Shorten it and send it again."},
	{422, true, "Put right what is named above and send it again."},
};

static void put_say(json_t *typed, int err, bool is_old)
{
	const char *say = "Nothing of it is lost. Wait a minute, then send it again.";
	bool may_send = true;

	for (size_t i = 0; i < COUNT(say_table); i++) {
		if (say_table[i].status != err_info(err)->status)
			continue;
		say = say_table[i].say;
		may_send = say_table[i].may_send;
	}
	if (err == ERR_FORBIDDEN && is_old) {
		say = "It was written before you signed in as you are now, and was not stored. "
		      "Look at it, then send it again.";
		may_send = true;
	}
	json_object_set_new(typed, "say", json_string(say));
	json_object_set_new(typed, "may_send", json_boolean(may_send));
}

/* NULL without memory. */
static json_t *form_json(struct str action, bool is_parts, struct str file_name)
{
	return json_pack("{s:s%, s:b, s:o, s:[]}", "action", action.at, action.len, "is_parts",
			 is_parts, "file_name",
			 file_name.len ? json_stringn(file_name.at, file_name.len) : json_null(),
			 "fields");
}

static bool is_too_long(const struct query *fields)
{
	size_t bytes = 0;

	for (size_t i = 0; i < fields->count; i++)
		bytes += fields->at[i].name.len + fields->at[i].value.len;
	return bytes > TYPED_MAX;
}

static void add(json_t *typed, const struct flow *f, struct str name, struct str value)
{
	json_t *field = is_secret(f, name) ? NULL : field_json(f, name, value);

	if (json_is_true(json_object_get(field, "is_shown")))
		json_object_set_new(typed, "is_written", json_true());
	json_array_append_new(json_object_get(typed, "fields"), field);
}

/* The session's word in the form: as it came where it is this session's, or nobody could look. */
static struct str csrf_of(struct flow *f, struct str sent, bool *ret_is_old)
{
	struct str once, word = str_cut(sent, '.', &once);

	*ret_is_old = f->who->csrf.len && !str_eq(word, f->who->csrf);
	return *ret_is_old ? page_csrf(f, f->who->csrf) : sent;
}

json_t *typed_form(struct flow *f, int err)
{
	struct flow_sent sent;
	bool is_old = false;
	json_t *typed;

	if (!flow_sent(f, &sent) || str_eq(f->request->path, STR("/sign-out")))
		return NULL;
	typed = form_json(f->request->target, sent.is_parts, sent.file_name);
	json_object_set_new(typed, "is_too_long", json_boolean(is_too_long(&sent.fields)));
	for (size_t i = 0; i < sent.fields.count && !is_too_long(&sent.fields); i++) {
		const struct query_pair *pair = &sent.fields.at[i];

		add(typed, f, pair->name,
		    str_eq(pair->name, STR("csrf")) ? csrf_of(f, pair->value, &is_old)
						    : pair->value);
	}
	put_say(typed, err, is_old);
	return typed;
}

bool typed_is_in(const json_t *typed, struct str page)
{
	/* A file stands for the lines of a list or a shape. */
	bool has_file = json_is_string(json_object_get(typed, "file_name"));
	const json_t *field;
	size_t i;

	json_array_foreach (json_object_get(typed, "fields"), i, field) {
		CLEANUP(buf_done) struct buf text = BUF(6 * TYPED_MAX);
		const json_t *value = json_object_get(field, "value");

		if (!json_is_true(json_object_get(field, "is_shown")) ||
		    (has_file && json_is_true(json_object_get(field, "is_lines"))))
			continue;
		template_escape(&text,
				(struct str){json_string_value(value), json_string_length(value)});
		if (buf_err(&text) < 0 || !str_holds(page, buf_view(&text)))
			return false;
	}
	return true;
}

json_t *typed_kept(struct flow *f, struct str csrf, struct str action)
{
	struct flow_sent sent;
	struct str keeps = flow_form(f, "keeps");
	json_t *typed;

	if (!keeps.len || !flow_sent(f, &sent))
		return NULL;
	typed = form_json(action, str_eq(keeps, STR("parts")), flow_form(f, "keeps_file"));
	if (csrf.len)
		add(typed, f, STR("csrf"), page_csrf(f, csrf));
	for (size_t i = 0; i < sent.fields.count; i++) {
		struct str name = sent.fields.at[i].name;

		if (!str_starts(name, STR(KEPT)))
			continue;
		name = (struct str){name.at + sizeof(KEPT) - 1, name.len - (sizeof(KEPT) - 1)};
		if (!str_eq(name, STR("csrf")))
			add(typed, f, name, sent.fields.at[i].value);
	}
	json_object_set_new(typed, "say",
			    json_string("You are signed in. Nothing was stored yet: look at what "
					"you typed, then send it."));
	json_object_set_new(typed, "may_send", json_true());
	return typed;
}
