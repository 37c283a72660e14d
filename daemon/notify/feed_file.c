/*
 * An entry is made once and written by whichever form was asked for. What XML may not hold at all
 * (controls but line ends and tabs, U+FFFE, U+FFFF) becomes a blank, since one such character would
 * lose its reader the whole file.
 */
#include "feed_file.h"

#include <jansson.h>

#include "libassets/base/err.h"
#include "q.h"
#include "tell.h"

enum { TEXT_MAX = 64 * 1024, TITLE_MAX = 2048, UUID_TEXT = 64, ID_DIGITS = 26, UUID_BYTES = 16 };

bool feed_uuid(struct buf *out, struct str id)
{
	static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
	unsigned char byte[UUID_BYTES] = {0};

	if (id.len != 4 + ID_DIGITS)
		return false;
	for (size_t i = 4; i < id.len; i++) {
		const char *digit = strchr(digits, id.at[i]);
		unsigned carry = digit && *digit ? (unsigned)(digit - digits) : 32;

		if (carry > 31)
			return false;
		for (size_t k = UUID_BYTES; k-- > 0;) {
			carry |= (unsigned)byte[k] << 5;
			byte[k] = (unsigned char)(carry & 0xFF);
			carry >>= 8;
		}
	}
	buf_str(out, STR("urn:uuid:"));
	for (size_t k = 0; k < UUID_BYTES; k++)
		buf_fmt(out, "%s%02x", k == 4 || k == 6 || k == 8 || k == 10 ? "-" : "", byte[k]);
	return true;
}

/* --- Atom ------------------------------------------------------------------------------ */

/* U+FFFE and U+FFFF (XML 1.0, section 2.2). */
static bool is_no_character(struct str rest)
{
	return str_starts(rest, STR("\xEF\xBF\xBE")) || str_starts(rest, STR("\xEF\xBF\xBF"));
}

static void put_xml(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];

		if (c == 0xEF && is_no_character((struct str){text.at + i, text.len - i})) {
			buf_char(out, ' ');
			i += 2;
		} else if (c == '&') {
			buf_str(out, STR("&amp;"));
		} else if (c == '<') {
			buf_str(out, STR("&lt;"));
		} else if (c == '>') {
			buf_str(out, STR("&gt;"));
		} else if (c == '"') {
			buf_str(out, STR("&quot;"));
		} else {
			buf_char(out, c < 0x20 && c != '\n' && c != '\t' ? ' ' : (char)c);
		}
	}
}

static void put_element(struct buf *out, const char *name, struct str text)
{
	buf_fmt(out, "<%s>", name);
	put_xml(out, text);
	buf_fmt(out, "</%s>\n", name);
}

static void put_link(struct buf *out, const char *rel, const char *type,
		     const struct feed_head *head, struct str path)
{
	buf_fmt(out, "<link rel=\"%s\" type=\"%s\" href=\"", rel, type);
	put_xml(out, str_of(head->base_url));
	put_xml(out, path);
	buf_str(out, STR("\"/>\n"));
}

static void atom_begin(struct buf *out, const struct feed_head *head, struct str updated_at)
{
	buf_str(out, STR("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
			 "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en-GB\">\n<id>"));
	put_xml(out, str_of(head->base_url));
	put_xml(out, head->self);
	buf_str(out, STR("</id>\n"));
	put_element(out, "title", head->title);
	put_element(out, "updated", updated_at);
	put_link(out, "self", "application/atom+xml", head, head->self);
	put_link(out, "alternate", "text/html", head, STR("/"));
	buf_str(out, STR("<author>"));
	put_element(out, "name", head->name);
	buf_str(out, STR("</author>\n"));
}

static void atom_entry(struct buf *out, const struct feed_head *head,
		       const struct feed_entry *entry, bool is_first)
{
	(void)is_first;
	buf_str(out, STR("<entry>\n"));
	put_element(out, "id", entry->uuid);
	put_element(out, "title", entry->title);
	put_element(out, "updated", entry->at);
	put_element(out, "published", entry->at);
	put_link(out, "alternate", "text/html", head, entry->path);
	buf_str(out, STR("<content type=\"text\">"));
	put_xml(out, entry->text);
	buf_str(out, STR("</content>\n</entry>\n"));
}

static void atom_end(struct buf *out)
{
	buf_str(out, STR("</feed>\n"));
}

const struct feed_form feed_atom = {atom_begin, atom_entry, atom_end};

/* --- JSON Feed ------------------------------------------------------------------------- */

static void put_member(struct buf *out, const char *name, const char *before, struct str text)
{
	CLEANUP(buf_done) struct buf whole = BUF(TEXT_MAX);

	buf_str(&whole, str_of(before));
	buf_str(&whole, text);
	buf_fmt(out, "\"%s\":", name);
	buf_json(out, buf_view(&whole));
}

static void json_begin(struct buf *out, const struct feed_head *head, struct str updated_at)
{
	(void)updated_at; /* it has no such member */
	buf_str(out, STR("{\"version\":\"https://jsonfeed.org/version/1.1\","));
	put_member(out, "title", "", head->title);
	buf_char(out, ',');
	put_member(out, "home_page_url", head->base_url, STR("/"));
	buf_char(out, ',');
	put_member(out, "feed_url", head->base_url, head->self);
	buf_str(out, STR(",\"language\":\"en-GB\",\"authors\":[{"));
	put_member(out, "name", "", head->name);
	buf_str(out, STR("}],\"items\":["));
}

static void json_entry(struct buf *out, const struct feed_head *head,
		       const struct feed_entry *entry, bool is_first)
{
	buf_str(out, is_first ? STR("{") : STR(",{"));
	put_member(out, "id", "", entry->uuid);
	buf_char(out, ',');
	put_member(out, "url", head->base_url, entry->path);
	buf_char(out, ',');
	put_member(out, "title", "", entry->title);
	buf_char(out, ',');
	put_member(out, "content_text", "", entry->text);
	buf_char(out, ',');
	put_member(out, "date_published", "", entry->at);
	buf_char(out, '}');
}

static void json_end(struct buf *out)
{
	buf_str(out, STR("]}"));
}

const struct feed_form feed_json = {json_begin, json_entry, json_end};

/* --- Entries --------------------------------------------------------------------------- */

static void put_text(struct buf *out, const struct q_feed_newest_row *row,
		     const struct feed_head *head, struct day today)
{
	json_auto_t *about = NULL;

	tell_what(out, row->type, row->due_name, row->due_on);
	buf_str(out, STR(".\n"));
	if (row->is_past)
		buf_str(out, STR("This is no longer so: it was corrected or moved since.\n"));
	if (str_is_null(row->about))
		return;
	about = json_loadb(row->about.at, row->about.len, 0, NULL);
	if (about)
		tell_stand(out, about, row->subject, today, head->base_url);
}

static int put_row(const struct feed_form *form, const struct feed_head *head,
		   const struct q_feed_newest_row *row, struct day today, bool is_first,
		   struct buf *out)
{
	CLEANUP(buf_done) struct buf title = BUF(TITLE_MAX);
	CLEANUP(buf_done) struct buf text = BUF(TEXT_MAX);
	CLEANUP(buf_done) struct buf path = BUF(UUID_TEXT);
	CLEANUP(buf_done) struct buf uuid = BUF(UUID_TEXT);

	if (!feed_uuid(&uuid, row->id))
		return ERR_BUG;
	buf_str(&title, row->name);
	buf_str(&title, STR(": "));
	tell_what(&title, row->type, row->due_name, row->due_on);
	put_text(&text, row, head, today);
	tell_path(&path, row->subject);
	form->entry(out, head,
		    &(struct feed_entry){
			    .uuid = buf_view(&uuid),
			    .title = buf_view(&title),
			    .text = buf_view(&text),
			    .at = row->at,
			    .path = buf_view(&path),
		    },
		    is_first);
	return 0;
}

int feed_file_put(const struct feed_form *form, const struct feed_head *head,
		  const struct db_reply *reply, int statement, struct day today, struct buf *out)
{
	int rows = db_rows(reply, statement);
	struct q_feed_newest_row row;

	for (int i = 0; i < rows; i++) {
		int r = q_feed_newest_row(reply, statement, i, &row);

		if (r < 0)
			return r;
		if (!i)
			form->begin(out, head, row.at);
		r = put_row(form, head, &row, today, !i, out);
		if (r < 0)
			return r;
	}
	/* A feed of nothing is one all the same. */
	if (!rows)
		form->begin(out, head, STR("2015-07-24T00:00:00Z"));
	form->end(out);
	return 0;
}
