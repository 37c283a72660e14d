/*
 * Webhooks that somebody looks after: how each fares, the ones that need a look first to be seen,
 * and a form that makes one. Its secret is on the answer to the form and never shown again. The
 * steps are those of /v1/webhooks (h_webhook.c).
 */
#include "daemon/flow/flow_rescue.h"
#include "daemon/notify/h_webhook.h"
#include "dress.h"
#include "form.h"
#include "libassets/base/err.h"
#include "libassets/notify/webhook.h"
#include "p.h"
#include "p_webhook.h"
#include "p_webhook_lines.h"
#include "q.h"

enum { HOOKS = PAGE_FRAME + 1 };

/* clang-format off */
static const struct form_row hook_rows[] = {
	{"url",      FORM_TEXT,   FORM_NEEDED, .label = "Address of the receiver",
	 .hint = "https, on port 443 or 8443. It is pinged first, and must answer with the nonce that it was sent."},
	{"types",    FORM_TEXT,   0,           .label = "Which events",
	 .hint = "Such as request.* asset.valued, with blanks between. Empty: all that you may read."},
	{"payload",  FORM_CHOICE, 0,           .label = "What is sent of an event",
	 .hint = "Empty: all that you may read of it."},
	{"mode",     FORM_CHOICE, 0,           .label = "In which order",
	 .hint = "Empty: each event as soon as it can be sent."},
	{"envelope", FORM_CHOICE, 0,           .label = "Form",
	 .hint = "Empty: Standard Webhooks."},
};
/* clang-format on */

const struct form webhook_form = {hook_rows, COUNT(hook_rows), &webhook_shape, NULL, "hook-"};

/* What the answer to the form shows besides. */
struct webhooks_state {
	struct str secret, id; /* of the one just made; absent: none was */
};

void webhook_put_moment(struct page *p, json_t *object, const char *stem)
{
	CLEANUP(buf_done) struct buf words = BUF(100);
	struct arena *a = p->flow->arena;
	struct str from = arena_fmt(a, "%s_at", stem), to = arena_fmt(a, "%s_moment", stem);
	struct str at = str_of(from.at ? page_text(object, from.at) : "");
	struct day d;

	if (at.len < 19 || !to.at || day_parse((struct str){at.at, 10}, &d) < 0)
		return;
	dress_day(&words, d);
	buf_fmt(&words, ", %.*s UTC", 8, at.at + 11);
	page_put_in(p, object, to.at, json_stringn(words.at ? words.at : "", words.len));
}

static bool has_some(const json_t *item, const char *member)
{
	return json_integer_value(json_object_get(item, member)) > 0;
}

void webhook_put_health(struct page *p, json_t *item)
{
	webhook_put_moment(p, item, "last_success");
	webhook_put_moment(p, item, "failing");
	webhook_put_moment(p, item, "next");
	webhook_put_moment(p, item, "overlap");
	page_put_in(p, item, "is_behind", json_boolean(has_some(item, "behind_count")));
	page_put_in(p, item, "is_waiting", json_boolean(has_some(item, "waiting_count")));
}

static enum step_result list_load(struct flow *f)
{
	q_webhook_health_add(page_batch(f), &(struct q_webhook_health){0});
	return flow_send(f);
}

void webhook_gather_flaws(struct flow *f)
{
	for (size_t i = 0; i < flaws_kept(&f->flaws); i++) {
		if (str_starts(f->flaws.at[i].pointer, STR("/types/")))
			f->flaws.at[i].pointer = STR("/types");
	}
}

/* What a form asks, with what was typed where it is shown again. */
static json_t *fields_of(struct page *p, const struct form *form)
{
	json_auto_t *sent = flow_rescued(p->flow) ? form_sent(p, form) : NULL;

	return form_fields(p, form, NULL, NULL, sent);
}

/* What most leave as it is stands folded away behind the first questions. */
static void put_form(struct page *p)
{
	struct flow *f = p->flow;
	json_t *more = json_array();

	webhook_gather_flaws(f);
	webhook_gather_lines(f);
	page_put(p, "fields", fields_of(p, webhook_forms[0]));
	for (size_t k = 1; k < WEBHOOK_FORMS; k++) {
		json_auto_t *fields = fields_of(p, webhook_forms[k]);

		json_array_extend(more, fields);
	}
	page_put(p, "form_more",
		 json_pack("{s:b, s:o}", "is_open", form_is_used(more), "fields", more));
	if (!flow_rescued(f))
		return;
	page_put(p, "refusal", json_string(err_info(flow_rescued(f))->title));
	if (flow_rescued_detail(f).len)
		page_put_text(p, "refusal_detail", flow_rescued_detail(f));
	page_put(p, "flaws", form_flaws(p, webhook_forms, WEBHOOK_FORMS, "hook-url"));
}

static enum step_result list_answer(struct flow *f)
{
	const struct webhooks_state *s = flow_rescued(f) ? NULL : f->state;
	struct page p = page_begin(f, "Webhooks");
	json_t *items = page_items(f, HOOKS), *item;
	size_t i;

	page_crumb(&p, "/", STR("Home"));
	page_put(&p, "items", items);
	json_array_foreach (items, i, item)
		webhook_put_health(&p, item);
	if (s) {
		page_put_text(&p, "secret", s->secret);
		page_put_text(&p, "made_id", s->id);
	}
	put_form(&p);
	return page_end(&p, "webhooks", PAGE_NOWHERE, flow_rescued_status(f));
}

const struct flow_step page_webhooks[] = {
	{"load", list_load},
	{"answer", list_answer},
	{0},
};

int webhook_read_types(struct flow *f)
{
	struct str rest = flow_form(f, "types");
	json_t *types = json_array();

	for (size_t i = 0; types && i < rest.len;) {
		size_t n = 0;

		while (i + n < rest.len && !strchr(" ,\t\r\n", rest.at[i + n]))
			n++;
		if (n)
			json_array_append_new(types, json_stringn(rest.at + i, n));
		i += n + 1;
	}
	(void)json_object_del(f->body, "types");
	if (json_array_size(types))
		return json_object_set_new(f->body, "types", types) ? ERR_NOMEM : 0;
	json_decref(types);
	return types ? 0 : ERR_NOMEM;
}

static enum step_result add_read(struct flow *f)
{
	int r;

	flow_rescue(f, page_webhooks);
	r = webhook_read_forms(f);
	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

static enum step_result add_made(struct flow *f)
{
	struct webhooks_state *s = ARENA_NEW(f->arena, struct webhooks_state);

	if (!s)
		return flow_fail(f, ERR_NOMEM);
	*s = (struct webhooks_state){webhook_secret_made(f), flow_stored_id(f)};
	f->state = s;
	webhook_wake(f);
	return list_load(f);
}

const struct flow_step page_webhook_add[] = {
	{"read", add_read},
	{"seek", webhook_named_load},
	{"find", webhook_named_found},
	{"store", webhook_add_store},
	{"made", add_made},
	{"answer", list_answer},
	{0},
};
