/*
 * One asset: what, where, whose, what is planned, who asks for it, may it be disposed of.
 *
 * The page's batch has the frame's statements first, then one that fetches everything shown, as
 * JSON; here it gets the words beside the codes. The template is asset in daemon/pages.
 */
#include "daemon/flow/flow_rescue.h"
#include "daemon/mail/mail.h"
#include "daemon/process/worker.h"
#include "daemon/register/asset_gone.h"
#include "daemon/route/h.h"
#include "map.h"
#include "outline.h"
#include "p.h"
#include "p_as_at.h"
#include "p_asset_form.h"
#include "p_documents.h"
#include "p_land.h"
#include "p_session.h"
#include "page_feed.h"
#include "q.h"

/* Statements of the page's batch behind the frame's. */
enum { ASSET = PAGE_FRAME + 1 };
enum { MAP_MAX = 64 * 1024 };

static enum step_result asset_load(struct flow *f)
{
	struct as_at *at = f->state = ARENA_NEW(f->arena, struct as_at);
	int r = at ? as_at_read_page(f, at) : ERR_NOMEM;

	if (r < 0)
		return flow_fail(f, r);
	if (at->is_given)
		q_page_asset_at_add(page_batch(f),
				    &(struct q_page_asset_at){.id = f->param[0],
							      .valid_on = at->valid_on,
							      .known_at = at->known_at});
	else
		q_page_asset_add(page_batch(f), &(struct q_page_asset){.id = f->param[0]});
	return flow_send(f);
}

/* "3 of 4 parts" for each owner, when there are several. */
static void put_owners(struct page *p, json_t *asset, json_t *owners)
{
	int64_t all = 0;
	json_t *owner;
	size_t i;

	json_array_foreach (owners, i, owner)
		all += json_integer_value(json_object_get(owner, "units"));
	json_array_foreach (owners, i, owner) {
		int64_t units = json_integer_value(json_object_get(owner, "units"));

		page_put_in(p, owner, "share",
			    json_sprintf("%lld of %lld %s", (long long)units, (long long)all,
					 all == 1 ? "part" : "parts"));
	}
	page_put_in(p, asset, "owners", json_incref(owners));
	page_put_in(p, asset, "is_shared", json_boolean(json_array_size(owners) > 1));
}

/* May it be disposed of, and if not why. What is gone cannot be, but nothing bars it. That nothing
 * bars it does not say that nobody has asked. */
static void put_bar(struct page *p, json_t *asset, const json_t *requests)
{
	const char *lifecycle = json_string_value(json_object_get(asset, "lifecycle"));
	const json_t *allowed = json_object_get(json_object_get(asset, "disposal"), "allowed");
	bool is_gone = str_eq(str_of(lifecycle), STR("DISPOSED"));
	json_t *open = json_array(), *one;
	size_t i;

	page_put_in(p, asset, "is_gone", json_boolean(is_gone));
	page_put_in(p, asset, "is_barred", json_boolean(json_is_false(allowed) && !is_gone));
	page_put_in(p, asset, "is_free", json_boolean(json_is_true(allowed) && !is_gone));
	json_array_foreach (requests, i, one) {
		if (json_is_true(json_object_get(one, "is_open")))
			json_array_append(open, one);
	}
	page_put_in(p, asset, "has_open", json_boolean(json_array_size(open)));
	page_put_in(p, asset, "open", open);
}

static void put_map(struct page *p, const json_t *asset)
{
	CLEANUP(buf_done) struct buf out = BUF(MAP_MAX);
	const json_t *easting = json_object_get(asset, "easting");
	const json_t *northing = json_object_get(asset, "northing");

	if (json_is_integer(easting) && json_is_integer(northing) &&
	    map_point(&out, STR("Map of Scotland with the place marked"),
		      json_integer_value(easting), json_integer_value(northing)))
		page_put_text(p, "map", buf_view(&out));
}

/* The land itself, where it was drawn. */
static void put_outline(struct page *p, const json_t *asset)
{
	CLEANUP(buf_done) struct buf out = BUF(MAP_MAX);

	if (outline_draw(&out, STR("The boundary of this asset, north upwards"),
			 json_object_get(asset, "boundary")))
		page_put_text(p, "outline", buf_view(&out));
}

/* What stands beside the item in the statement goes into it, where the template looks. */
static void put_asset(struct page *p, json_t *root)
{
	static const char *const name[] = {"authority_name", "cpp_name", "locality_name",
					   "zone_name"};
	json_t *asset = json_object_get(root, "asset");
	json_t *more = json_object_get(root, "more");

	for (size_t i = 0; i < COUNT(name); i++)
		page_put_of(p, asset, name[i], more);
	page_put_label(p, asset, json_object_get(more, "class_label"));
	put_bar(p, asset, json_object_get(more, "requests"));
	put_owners(p, asset, json_object_get(more, "owners"));
	put_map(p, asset);
	put_outline(p, asset);
	documents_put(p, asset, json_object_get(more, "documents"));
	page_put(p, "title", json_incref(json_object_get(asset, "name")));
	page_put(p, "asset", json_incref(asset));
	if (json_is_true(json_object_get(asset, "published")))
		page_feed(p, "asset_id", p->flow->param[0]);
	page_put_of(p, asset, "whole", more);
	page_put_of(p, p->data, "may_split", more);
	page_put_of(p, p->data, "pairs", more);
	page_put_of(p, p->data, "parts", more);
	page_put_of(p, p->data, "twins", more);
	page_put_of(p, p->data, "requests", more);
	page_put_of(p, p->data, "plan", root);
	page_put_of(p, p->data, "disposal_made", root);
	page_put_of(p, p->data, "valuations", root);
	asset_history_put(p, root);
}

/* The way to the forms, for who may fill one in; a page of then has none. All of it stands at the
 * top, where it is found without going through the page. */
static void put_acts(struct page *p, const struct as_at *at, const json_t *asset)
{
	struct str authority = str_of(json_string_value(json_object_get(asset, "authority_id")));
	const struct flow *f = p->flow;
	bool may_change = !at->is_given && (h_may(f, PERM_ASSET_WRITE, authority) == 0 ||
					    h_may(f, PERM_VALUATION_WRITE, authority) == 0 ||
					    h_may(f, PERM_PLAN_WRITE, authority) == 0);
	bool may_log = !at->is_given && h_may(f, PERM_REQUEST_WRITE, authority) == 0;
	bool may_suppose = !at->is_given && h_may(f, PERM_RUN_WRITE, authority) == 0;

	page_put(p, "may_change", json_boolean(may_change));
	page_put(p, "may_log", json_boolean(may_log));
	page_put(p, "may_suppose", json_boolean(may_suppose));
	page_put(p, "has_acts", json_boolean(may_change || may_log || may_suppose));
	page_put(p, "may_ask",
		 json_boolean(!at->is_given && json_is_true(json_object_get(asset, "published")) &&
			      strcmp(page_text(asset, "lifecycle"), "DISPOSED") != 0));
	page_put(p, "is_without_mail", json_boolean(!mail_is_set(f->worker->conf)));
}

/* Once, to whoever's browser has just sent the form. */
static void put_saved(struct page *p)
{
	struct flow *f = p->flow;
	struct str saved = http_cookie_get(f->request, STR(SAVED_COOKIE));

	if (!saved.len || !str_eq(saved, f->param[0]))
		return;
	session_cookie(f, SAVED_COOKIE, STR(""), 0);
	page_put(p, "is_saved", json_true());
}

static enum step_result asset_answer(struct flow *f)
{
	struct q_page_asset_row row;
	int r = q_page_asset_one(f->got, ASSET, &row);
	json_auto_t *root = NULL;
	struct page p;

	if (r < 0)
		return flow_fail(f, r);
	if (row.gone)
		return asset_gone(f);
	root = json_loadb(row.body.at, row.body.len, 0, NULL);
	p = page_begin(f, "");
	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, "/assets", STR("Register"));
	as_at_put(&p, f->state,
		  arena_fmt(f->arena, "/assets/%.*s", (int)f->param[0].len, f->param[0].at));
	put_asset(&p, root);
	land_put_asset(&p);
	put_acts(&p, f->state, json_object_get(root, "asset"));
	put_saved(&p);
	return page_end(&p, "asset", PAGE_REGISTER, flow_rescued_status(f));
}

const struct flow_step page_asset[] = {
	{"load", asset_load},
	{"answer", asset_answer},
	{0},
};
