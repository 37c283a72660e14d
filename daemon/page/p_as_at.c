/*
 * The two days as the template has them. The box shows what was asked; the sentence above a page of
 * then says so in words, because a page of the past must never be taken for the present.
 */
#include "p_as_at.h"

/* "?valid_on=…&known_on=…", on which a link to what hangs on the page's thing goes on; first: what
 * it begins with, where the link has said something before. */
static struct str query_of(struct page *p, const struct as_at *at, struct str known_on, char first)
{
	return arena_fmt(p->flow->arena, "%cvalid_on=%.*s%s%.*s", first, (int)at->valid_on.len,
			 at->valid_on.at, known_on.len ? "&known_on=" : "", (int)known_on.len,
			 known_on.len ? known_on.at : "");
}

void as_at_put(struct page *p, const struct as_at *at, struct str now)
{
	json_t *box = json_object();
	struct str known_on = flow_query(p->flow, "known_on");

	page_put(p, "as_at", box);
	page_put_in(p, box, "now", json_stringn(now.at ? now.at : "", now.len));
	page_put_in(p, box, "is_given", json_boolean(at->is_given));
	if (at->is_given && day_parse(at->valid_on, &p->today) < 0)
		p->err = ERR_BUG;
	page_put_in(p, box, "is_ahead",
		    json_boolean(at->is_given && day_cmp(p->today, p->flow->today) > 0));
	if (at->is_given)
		page_put_in(p, box, "valid_on", json_stringn(at->valid_on.at, at->valid_on.len));
	if (at->is_given) {
		page_put_in(p, box, "query", json_string(query_of(p, at, known_on, '?').at));
		page_put_in(p, box, "more", json_string(query_of(p, at, known_on, '&').at));
	}
	if (at->is_given && known_on.len)
		page_put_in(p, box, "known_on", json_stringn(known_on.at, known_on.len));
}
