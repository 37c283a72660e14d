/*
 * What the program wrote is said, and of that whole texts first, then text that C has put together
 * from parts, then sentence by sentence: all of them, or nothing.
 */
#include "voice.h"

#include "daemon/page/template_said.h"
#include "libassets/base/err.h"
#include "phrase.h"
#include "saying.h"

static bool ends_with(struct str name, struct str ending)
{
	return name.len >= ending.len &&
	       str_eq((struct str){name.at + name.len - ending.len, ending.len}, ending);
}

static bool say_words(const struct catalogue *c, struct str text, struct buf *out)
{
	return phrase_words(c, text, out) || saying_say(c, text, out);
}

/* The Gaelic of a sentence, or of one behind the label of what it is about: "Name: It is too long."
 */
static bool say_sentence(const struct catalogue *c, struct str text, struct buf *out)
{
	size_t at = 0;

	if (say_words(c, text, out))
		return true;
	while (at + 2 < text.len && memcmp(text.at + at, ": ", 2) != 0)
		at++;
	if (at + 2 >= text.len || !say_words(c, (struct str){text.at, at}, out))
		return false;
	buf_str(out, STR(": "));
	return say_words(c, (struct str){text.at + at + 2, text.len - at - 2}, out);
}

/* The whole, else all of its sentences, or nothing. */
static bool say_sentences(const struct catalogue *c, struct str text, struct buf *out)
{
	CLEANUP(buf_done) struct buf said = BUF(PO_MESSAGE_MAX);
	struct str rest = text;

	if (say_words(c, text, out))
		return true;
	while (rest.len) {
		size_t n = 0;

		while (n + 1 < rest.len && !(rest.at[n] == '.' && rest.at[n + 1] == ' '))
			n++;
		if (said.len)
			buf_char(&said, ' ');
		if (!say_sentence(c, (struct str){rest.at, n + 1}, &said))
			return false;
		n = n + 2 < rest.len ? n + 2 : rest.len;
		rest = (struct str){rest.at + n, rest.len - n};
	}
	if (!said.len || buf_err(&said) < 0)
		return false;
	buf_str(out, buf_view(&said));
	return true;
}

static struct str text_of(const json_t *owner, const char *key)
{
	const json_t *text = json_object_get(owner, key);

	return (struct str){json_string_value(text), json_string_length(text)};
}

/* A title with names in it, by what page_title has put beside it. */
static bool say_title(const struct catalogue *c, const json_t *owner, struct buf *out)
{
	struct phrase_part part[] = {{"name", text_of(owner, "title_name")},
				     {"other", text_of(owner, "title_other")}};

	return phrase_form(c, text_of(owner, "title_form"), part, COUNT(part), out);
}

/* Did the program write what stands under that name of the object? */
static bool is_ours(const json_t *owner, struct str name)
{
	if (str_lists(STR("refusal,refusal_detail,summary,wrong,wrongs,how,unmet"), name) ||
	    json_is_true(json_object_get(owner, "all_is_said")))
		return true;
	if (str_eq(name, STR("title")) && json_is_true(json_object_get(owner, "title_is_said")))
		return true;
	if (str_eq(name, STR("name")) && json_is_string(json_object_get(owner, "clock")))
		return true;
	return str_lists(STR("title,label,words,hint,none,rule,name,text,detail,cure"), name) &&
	       json_is_true(json_object_get(owner, "is_said"));
}

bool voice_say(const void *catalogue, const json_t *owner, struct str name, struct str text,
	       struct buf *out)
{
	const struct catalogue *c = catalogue;

	if (!owner && str_eq(name, STR(TEMPLATE_MARKUP)))
		return say_sentences(c, text, out);
	if (ends_with(name, STR("_date")))
		return phrase_date(c, text, out);
	if (str_eq(name, STR("quarter_words")))
		return phrase_quarter(c, text, out);
	if (str_eq(name, STR("why")) && json_is_true(json_object_get(owner, "is_said")))
		return phrase_holiday(c, text, out);
	if (ends_with(name, STR("_words")) || ends_with(name, STR("_meaning")))
		return say_words(c, text, out);
	if (str_eq(name, STR("title")) && json_is_string(json_object_get(owner, "title_form")))
		return say_title(c, owner, out);
	return is_ours(owner, name) && say_sentences(c, text, out);
}
