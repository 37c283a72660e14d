/*
 * Help: the guides, and each of them. They were made at start (guide.h) and are the same for
 * everybody.
 */
#include "daemon/process/process.h"
#include "daemon/process/worker.h"
#include "libassets/base/err.h"
#include "p.h"
#include "page.h"

static enum step_result guide_load(struct flow *f)
{
	(void)page_batch(f);
	return flow_send(f);
}

static const json_t *guides_of(const struct flow *f)
{
	return pages_guides(f->worker->process->pages);
}

/* That of those who have no account stands before those of who works here. */
static enum step_result guides_answer(struct flow *f)
{
	struct page p = page_begin(f, "Help");
	json_t *list = json_array();
	const json_t *guide;
	size_t i;

	json_array_foreach (guides_of(f), i, guide) {
		bool is_first = str_eq(str_of(page_text(guide, "id")), STR("community"));

		(void)json_array_insert_new(list, is_first ? 0 : json_array_size(list),
					    json_pack("{s:O, s:O, s:O}", "id",
						      json_object_get(guide, "id"), "name",
						      json_object_get(guide, "title"), "about",
						      json_object_get(guide, "about")));
	}
	page_crumb(&p, "/", STR("Home"));
	page_put(&p, "guides", list);
	return page_end(&p, "guides", PAGE_NOWHERE, 200);
}

static const json_t *guide_named(const json_t *guides, struct str name)
{
	const json_t *guide;
	size_t i;

	json_array_foreach (guides, i, guide) {
		if (str_eq(str_of(page_text(guide, "id")), name))
			return guide;
	}
	return NULL;
}

/* What stands in a page is added to, so it gets a copy of what all workers read. */
static enum step_result guide_answer(struct flow *f)
{
	const json_t *guide = guide_named(guides_of(f), f->param[0]);
	struct page p;

	if (!guide)
		return flow_fail(f, ERR_NOT_FOUND);
	p = page_begin(f, "Help");
	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, "/guide", STR("Help"));
	page_put_of(&p, p.data, "title", guide);
	page_put_of(&p, p.data, "text", guide);
	page_put(&p, "sections", json_deep_copy(json_object_get(guide, "sections")));
	return page_end(&p, "guide", PAGE_NOWHERE, 200);
}

const struct flow_step page_guides[] = {
	{"load", guide_load},
	{"answer", guides_answer},
	{0},
};

const struct flow_step page_guide[] = {
	{"load", guide_load},
	{"answer", guide_answer},
	{0},
};
