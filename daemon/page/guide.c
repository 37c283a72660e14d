/*
 * See guide.h. cmark leaves out HTML that stands in Markdown and addresses that run script, so what
 * a guide brings is text, links and pictures. It ends the process when there is no memory, which
 * at start is no harm, and is why nothing is made of Markdown later.
 */
#include "guide.h"

#include <cmark.h>
#include <stdlib.h>

#include "daemon/base/embed.h"
#include "libassets/base/buf.h"
#include "libassets/base/err.h"
#include "template.h"

enum { TEXT_MAX = 4000 };

/* The words of a node and of all in it. */
static void words_of(struct buf *out, cmark_node *node)
{
	cmark_iter *iter = cmark_iter_new(node);
	cmark_event_type event;

	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *at = cmark_iter_get_node(iter);
		const char *literal = cmark_node_get_literal(at);

		if (event != CMARK_EVENT_ENTER)
			continue;
		if (cmark_node_get_type(at) == CMARK_NODE_SOFTBREAK)
			buf_str(out, STR(" "));
		else if (literal)
			buf_str(out, str_of(literal));
	}
	cmark_iter_free(iter);
}

static json_t *text_json(const struct buf *text)
{
	return json_stringn(buf_view(text).at, buf_view(text).len);
}

static cmark_node *markup_node(const struct buf *markup)
{
	cmark_node *node = cmark_node_new(CMARK_NODE_CUSTOM_INLINE);
	struct str text = buf_view(markup);

	if (node && text.at)
		(void)cmark_node_set_on_enter(node, text.at);
	return node;
}

/* "What is due this week?" is what-is-due-this-week. */
static void anchor(struct buf *out, struct str words)
{
	bool is_apart = false;

	for (size_t i = 0; i < words.len; i++) {
		char c = words.at[i];
		bool is_upper = c >= 'A' && c <= 'Z';
		bool is_plain = is_upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');

		if (is_plain && is_apart && buf_view(out).len)
			buf_str(out, STR("-"));
		if (is_plain)
			buf_fmt(out, "%c", is_upper ? c - 'A' + 'a' : c);
		is_apart = !is_plain;
	}
}

/* The first is the page's own; the others get an id to which the list at its top leads. */
static void heading(json_t *guide, cmark_node *node)
{
	CLEANUP(buf_done) struct buf words = BUF(TEXT_MAX), id = BUF(TEXT_MAX);
	CLEANUP(buf_done) struct buf markup = BUF(TEXT_MAX);

	words_of(&words, node);
	if (cmark_node_get_heading_level(node) == 1) {
		(void)json_object_set_new(guide, "title", text_json(&words));
		cmark_node_unlink(node);
		cmark_node_free(node);
		return;
	}
	anchor(&id, buf_view(&words));
	buf_fmt(&markup, "<span id=\"%.*s\"></span>", (int)buf_view(&id).len, buf_view(&id).at);
	(void)cmark_node_prepend_child(node, markup_node(&markup));
	if (cmark_node_get_heading_level(node) == 2)
		(void)json_array_append_new(
			json_object_get(guide, "sections"),
			json_pack("{s:o, s:o}", "id", text_json(&id), "name", text_json(&words)));
}

static bool part_find(const char *name, struct embed_static *ret_part)
{
	for (size_t n = 0; embed_static_at(n, ret_part) == 0; n++) {
		if (strcmp(ret_part->name, name) == 0)
			return true;
	}
	return false;
}

/* Four bytes of a PNG's head, where its width and height stand. */
static unsigned png_number(struct str png, size_t at)
{
	unsigned n = 0;

	for (size_t i = at; i < at + 4 && i < png.len; i++)
		n = n << 8 | (unsigned char)png.at[i];
	return n;
}

/* With its size, so that nothing moves when it comes, and it is fetched when it is near. */
static void picture(cmark_node *node)
{
	enum { WIDTH_AT = 16, HEIGHT_AT = 20 };
	CLEANUP(buf_done) struct buf words = BUF(TEXT_MAX), markup = BUF(2 * TEXT_MAX);
	struct embed_static part;

	if (!part_find(cmark_node_get_url(node), &part))
		return; /* it is still to be taken, by the test that says so */
	words_of(&words, node);
	buf_fmt(&markup, "<img src=\"/a/%s\" width=\"%u\" height=\"%u\" loading=\"lazy\" alt=\"",
		part.file, png_number(part.plain, WIDTH_AT), png_number(part.plain, HEIGHT_AT));
	template_escape(&markup, buf_view(&words));
	buf_str(&markup, STR("\">"));
	(void)cmark_node_replace(node, markup_node(&markup));
	cmark_node_free(node);
}

/* Another guide is called by its file, so that links work where the files are read as well. */
static void link_on(cmark_node *node)
{
	CLEANUP(buf_done) struct buf href = BUF(TEXT_MAX);
	struct str url = str_of(cmark_node_get_url(node));
	size_t end = strlen(".md");

	if (url.len <= end || strcmp(url.at + url.len - end, ".md") != 0)
		return;
	buf_fmt(&href, "/guide/%.*s", (int)(url.len - end), url.at);
	if (buf_err(&href) == 0)
		(void)cmark_node_set_url(node, buf_view(&href).at);
}

static void paragraph(json_t *guide, cmark_node *node)
{
	CLEANUP(buf_done) struct buf words = BUF(TEXT_MAX);

	if (json_object_get(guide, "about"))
		return;
	words_of(&words, node);
	(void)json_object_set_new(guide, "about", text_json(&words));
}

/* A node is done when it is left: then all in it is, and it may go. */
static void walk(json_t *guide, cmark_node *root)
{
	cmark_iter *iter = cmark_iter_new(root);
	cmark_event_type event;

	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);

		if (event != CMARK_EVENT_EXIT)
			continue;
		if (cmark_node_get_type(node) == CMARK_NODE_HEADING)
			heading(guide, node);
		else if (cmark_node_get_type(node) == CMARK_NODE_IMAGE)
			picture(node);
		else if (cmark_node_get_type(node) == CMARK_NODE_LINK)
			link_on(node);
		else if (cmark_node_get_type(node) == CMARK_NODE_PARAGRAPH)
			paragraph(guide, node);
	}
	cmark_iter_free(iter);
}

static int make(json_t *guides, const struct embed_page *file, struct buf *why)
{
	json_t *guide = json_pack("{s:s, s:[]}", "id", file->name, "sections");
	cmark_node *root = cmark_parse_document(file->text.at, file->text.len, CMARK_OPT_DEFAULT);
	char *html;

	walk(guide, root);
	html = cmark_render_html(root, CMARK_OPT_DEFAULT);
	(void)json_object_set_new(guide, "text", json_string(html));
	free(html);
	cmark_node_free(root);
	if (json_array_append_new(guides, guide))
		return ERR_NOMEM;
	if (json_object_get(guide, "title"))
		return 0;
	buf_fmt(why, "the guide %s has no title", file->name);
	return ERR_INVALID;
}

int guides_new(json_t **ret_guides, char **ret_why)
{
	CLEANUP(buf_done) struct buf why = BUF(TEXT_MAX);
	json_auto_t *guides = json_array();
	struct embed_page file;
	size_t len;

	for (size_t n = 0; embed_guide_at(n, &file) == 0; n++) {
		int r = guides ? make(guides, &file, &why) : ERR_NOMEM;

		if (r == ERR_INVALID)
			*ret_why = buf_detach(&why, &len);
		if (r < 0)
			return r;
	}
	*ret_guides = json_incref(guides);
	return 0;
}
