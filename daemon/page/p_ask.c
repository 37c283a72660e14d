/*
 * "Ask for this": the form by which a community group asks for an asset, or for land that is not
 * listed, without an account. It says in plain words what an enquiry, an expression of interest and
 * a request each begin, and what is known of the land. Nothing is refused for being incomplete: the
 * authority tells what is missing (SSI 2016/357 reg 4). It goes the steps of POST /v1/asks.
 */
#include "daemon/mail/mail.h"
#include "daemon/process/worker.h"
#include "daemon/register/asset_gone.h"
#include "daemon/request/h_ask.h"
#include "daemon/route/h.h"
#include "daemon/route/router.h"
#include "libassets/base/err.h"
#include "p.h"
#include "p_ask_form.h"
#include "q.h"

enum { ABOUT = PAGE_FRAME + 1 };

/* clang-format off */
static const struct form_row what_rows[] = {
	{"stage", FORM_CHOICE, FORM_NEEDED, .label = "What you send"},
	{"kind",  FORM_CHOICE, FORM_NEEDED, .label = "What you ask for, or have in mind"},
	{"words", FORM_LINES,  0,           .label = "What you want to say or to know",
	 .hint = "In your own words. Officers read it, and nobody else."},
};
static const struct form_row body_rows[] = {
	{"body_name",      FORM_TEXT,   FORM_NEEDED, .label = "Name of your group", .purpose = "organization",
	 .hint = "Everybody reads it, once you have confirmed your address."},
	{"legal_form",     FORM_CHOICE, FORM_NEEDED, .label = "What kind of group it is",
	 .hint = "A company, a SCIO or a community benefit society of at least 20 members may ask for ownership; others for a lease or other rights."},
	{"charity_number", FORM_TEXT,   FORM_SHORT,  .label = "Charity number"},
	{"company_number", FORM_TEXT,   FORM_SHORT,  .label = "Company number"},
	{"members",        FORM_NUMBER, FORM_SHORT,  .label = "How many members it has"},
};
static const struct form_row contact_rows[] = {
	{"name",    FORM_TEXT,  FORM_NEEDED, .label = "Your name", .purpose = "name"},
	{"email",   FORM_TEXT,  FORM_NEEDED, .label = "Your e-mail address", .purpose = "email",
	 .hint = "We send there a link to confirm, and then one to your own page."},
	{"address", FORM_LINES, 0,           .label = "The group's postal address", .purpose = "street-address",
	 .hint = "A request must give a contact address."},
};
static const struct form_row land_rows[] = {
	{"authority_id", FORM_CHOICE, FORM_NEEDED, .label = "Public body that owns or leases it", .choices = "authorities"},
	{"description",  FORM_LINES,  FORM_NEEDED, .label = "Which land or building it is",
	 .hint = "Enough to find it. Everybody reads it: no names of people."},
	{"postcode",     FORM_TEXT,   FORM_SHORT,  .label = "Postcode"},
};
static const struct form_row price_rows[] = {
	{"offer_pence", FORM_POUNDS, FORM_SHORT, .label = "For ownership: the price that you offer, in pounds",
	 .hint = "It may be nothing: write 0. Only those who read the public body's money see it."},
};
static const struct form_row contents_rows[] = {
	{"body",        FORM_LINES, 0, .label = "How your group qualifies",
	 .hint = "Who the community is, that its members control the group, that anybody of it can join, that its aims and its surplus are for the community. A copy of the constitution belongs to it: send it to the public body by post or e-mail."},
	{"reasons",     FORM_LINES, 0, .label = "Why you ask for it"},
	{"benefits",    FORM_LINES, 0, .label = "What good you expect of it"},
	{"rent",        FORM_LINES, 0, .label = "For a lease: the rent that you offer, and for how long"},
	{"rights",      FORM_LINES, 0, .label = "For other rights: which rights, and how far they go"},
	{"terms",       FORM_LINES, 0, .label = "Other terms and conditions", .hint = "If there are none, say so."},
	{"use",         FORM_LINES, 0, .label = "What you mean to use it for, and the works that you plan"},
	{"obligations", FORM_LINES, 0, .label = "Obligations or restrictions on the land, and how you will deal with them", .hint = "If you know of none, say so."},
	{"negatives",   FORM_LINES, 0, .label = "Negative effects, and how you will reduce them"},
	{"ability",     FORM_LINES, 0, .label = "How you are able to manage it and to do what you plan"},
	{"support",     FORM_LINES, 0, .label = "How far the community supports it, and whose views you sought"},
	{"funding",     FORM_LINES, 0, .label = "How you will pay for the transfer and for running it", .hint = "An outline is enough."},
};
/* clang-format on */

static const struct form form_what = {what_rows, COUNT(what_rows), &ask_shape, NULL, "ask-"};
static const struct form form_body = {body_rows, COUNT(body_rows), &ask_shape, NULL, "ask-"};
static const struct form form_contact = {contact_rows, COUNT(contact_rows), &ask_shape, NULL,
					 "ask-"};
static const struct form form_land = {land_rows, COUNT(land_rows), &land_shape, "land", "ask-"};
const struct form ask_form_price = {price_rows, COUNT(price_rows), &ask_shape, NULL, "ask-"};
const struct form ask_form_contents = {contents_rows, COUNT(contents_rows), &ask_contents_shape,
				       "contents", "ask-"};

static const struct {
	const char *key;
	const struct form *form;
} part[] = {
	{"form_what", &form_what},       {"form_land", &form_land},
	{"form_body", &form_body},       {"form_contact", &form_contact},
	{"form_price", &ask_form_price}, {"form_contents", &ask_form_contents},
};

/* Why the form comes back; 0: it does not. */
struct asking {
	int err;
};

static bool is_listed(const struct flow *f)
{
	return strchr(f->route->path, '{') != NULL;
}

/* --- shown -------------------------------------------------------------------------------- */

static enum step_result ask_load(struct flow *f)
{
	q_page_ask_add(page_batch(f),
		       &(struct q_page_ask){.asset_id = is_listed(f) ? f->param[0]
								     : (struct str){NULL, 0}});
	return flow_send(f);
}

static void put_forms(struct page *p, const json_t *root, bool is_again)
{
	for (size_t i = 0; i < COUNT(part); i++) {
		json_auto_t *sent = is_again ? form_sent(p, part[i].form) : NULL;
		json_t *fields = form_fields(p, part[i].form, NULL, root, sent);

		page_put(p, part[i].key,
			 json_pack("{s:o, s:b}", "fields", fields, "is_open",
				   is_again && form_is_used(fields)));
	}
}

static void put_refusal(struct page *p, int err)
{
	const struct form *form[COUNT(part)];

	for (size_t i = 0; i < COUNT(part); i++)
		form[i] = part[i].form;
	page_put(p, "refusal",
		 json_string(err == ERR_RATE
				     ? "There have been too many e-mails: try again tomorrow, or "
				       "write to the public body itself"
				     : err_info(err)->title));
	page_put(p, "flaws", form_flaws(p, form, COUNT(part), "main-content"));
}

/* The page's beginning: what it is about, and the way back. */
static int begin(struct flow *f, const char *title, struct page *ret_page, json_t **ret_root)
{
	struct q_page_ask_row row;
	int r = q_page_ask_one(f->got, ABOUT, &row);
	json_t *asset;

	if (r < 0)
		return r;
	if (row.gone)
		return ERR_GONE;
	*ret_root = json_loadb(row.body.at, row.body.len, 0, NULL);
	asset = json_object_get(*ret_root, "asset");
	*ret_page = page_begin(f, title);
	page_crumb(ret_page, "/", STR("Home"));
	page_crumb(ret_page, "/assets", STR("Register"));
	if (json_is_object(asset))
		page_crumb(ret_page, arena_fmt(f->arena, "/assets/%s", f->param[0].at).at,
			   str_of(page_text(asset, "name")));
	page_put(ret_page, "asset", json_is_object(asset) ? json_incref(asset) : json_null());
	page_put(ret_page, "requests", json_incref(json_object_get(*ret_root, "requests")));
	page_put(ret_page, "days", json_integer(MAIL_DAYS));
	return 0;
}

static enum step_result show(struct flow *f, int err)
{
	const char *title = is_listed(f) ? "Ask for this" : "Ask for land that is not listed";
	bool has_mail = mail_is_set(f->worker->conf);
	json_auto_t *root = NULL;
	struct page p;
	int r = begin(f, title, &p, &root);
	bool is_gone;

	if (r == ERR_GONE)
		return asset_gone(f);
	if (r < 0)
		return flow_fail(f, r);
	is_gone = json_is_true(json_object_get(json_object_get(root, "asset"), "is_disposed"));
	page_put(&p, "is_without_mail", json_boolean(!has_mail && !is_gone));
	page_put(&p, "is_open", json_boolean(has_mail && !is_gone));
	put_forms(&p, root, err != 0);
	if (err)
		put_refusal(&p, err);
	page_put_once(&p);
	return page_end(&p, "ask", PAGE_REGISTER, err ? err_info(err)->status : 200);
}

static enum step_result ask_answer(struct flow *f)
{
	const struct asking *s = f->state;

	return show(f, s ? s->err : 0);
}

const struct flow_step page_ask[] = {
	{"load", ask_load},
	{"answer", ask_answer},
	{0},
};

/* --- sent --------------------------------------------------------------------------------- */

/* The form again, whole: what was refused, and what was too much. */
static enum step_result again(struct flow *f, int err)
{
	struct asking *s = f->state;
	bool is_shown = err == ERR_INVALID || err == ERR_RANGE || err == ERR_RATE ||
			err == ERR_NO_MAIL || err == ERR_LAND_DISPOSED;

	if (!is_shown)
		return flow_fail(f, err);
	s->err = err;
	return flow_become(f, page_ask);
}

static int read_form(struct flow *f, struct ask *ret_ask)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < COUNT(part); i++) {
		if (part[i].form != &form_land || !is_listed(f))
			r = form_read(f, part[i].form);
	}
	if (r == 0 && is_listed(f))
		r = json_object_set_new(f->body, "asset_id",
					json_stringn(f->param[0].at, f->param[0].len))
			    ? ERR_NOMEM
			    : 0;
	return r < 0 ? r : h_decode(f, &ask_shape, SHAPE_CREATE, ret_ask);
}

static enum step_result send_store(struct flow *f)
{
	struct ask *ask = ARENA_NEW(f->arena, struct ask);
	int r;

	f->state = ARENA_NEW(f->arena, struct asking);
	r = ask && f->state ? read_form(f, ask) : ERR_NOMEM;
	if (r < 0)
		return f->state ? again(f, r) : flow_fail(f, r);
	r = ask_put(f, ask);
	return r < 0 ? again(f, r) : flow_send_trying(f);
}

static enum step_result send_stored(struct flow *f)
{
	int r = flow_send_err(f);

	return r < 0 ? again(f, r) : ask_load(f);
}

static enum step_result send_answer(struct flow *f)
{
	json_auto_t *root = NULL;
	struct page p;
	int r = begin(f, "Check your e-mail", &p, &root);

	if (r < 0)
		return flow_fail(f, r);
	page_put(&p, "is_sent", json_true());
	return page_end(&p, "ask", PAGE_REGISTER, 200);
}

const struct flow_step page_ask_send[] = {
	{"store", send_store},
	{"stored", send_stored},
	{"answer", send_answer},
	{0},
};
