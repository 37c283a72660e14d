/*
 * Webhooks. A new one is told to the sender at once (hook_wake), which pings it; so is one whose
 * address changed, or that is to prove itself again.
 */
#include "h_webhook.h"

#include "daemon/base/id.h"
#include "daemon/hook/hook.h"
#include "daemon/mail/mail.h"
#include "daemon/process/process.h"
#include "daemon/process/worker.h"
#include "daemon/route/h.h"
#include "h_webhook_private.h"
#include "libassets/notify/webhook.h"
#include "q.h"

enum { PING_BYTES = 16 };

struct webhook_flow {
	struct webhook_secrets secrets; /* first, as of a rotation: webhook_secret_made() */
	struct webhook webhook;
};

static struct str new_ping(struct flow *f)
{
	uint8_t nonce[PING_BYTES];

	id_random(nonce, sizeof(nonce));
	return webhook_hex(f, nonce, sizeof(nonce));
}

int webhook_setup(struct flow *f, struct hook_setup *setup)
{
	int r = hook_setup_load(f->worker->conf, setup);

	if (r == ERR_NOT_FOUND || r == ERR_INVALID) {
		flow_detail(f, STR("Webhooks are not set up on this service: it has no key to keep "
				   "their secrets with ([hooks] key_file)."));
		return ERR_BUSY;
	}
	return r;
}

/* No types at all is not every type: whoever wants those says so, or says nothing. */
static int check_types(struct flow *f, const struct webhook *w)
{
	if (!w->types.at || w->types.count)
		return 0;
	h_flaw(f, "types", "TOO_FEW", STR("A webhook of no event types would never be called."),
	       STR("Name types such as request.*, or leave types out for all of them."));
	return ERR_INVALID;
}

/* No schedule longer than two weeks: what has changed since may be read in the feed. */
static int check_retry(struct flow *f, const struct webhook *w)
{
	if (webhook_retry_total_s(w) <= RETRY_TOTAL_MAX_S)
		return 0;
	h_flaw(f, "retry", "OUT_OF_RANGE", STR("The waits are longer than 14 days together."),
	       STR("Make them 1,209,600 seconds or less in all."));
	return ERR_INVALID;
}

static int check_url(struct flow *f, const struct hook_setup *setup, struct str url)
{
	struct hook_url u;
	const char *why = "";
	int r = hook_url_parse(url, &setup->rules, &u, &why);

	if (r < 0)
		h_flaw(f, "url", "WEBHOOK_URL", str_of(why),
		       STR("Send the https address of a receiver on the public Internet, on port "
			   "443 or 8443."));
	return r;
}

/* Nobody is promised letters where none are sent. had: the contact as it was. */
static int check_contact(struct flow *f, const struct webhook *w, struct str had)
{
	if (str_is_null(w->contact) || mail_is_set(f->worker->conf) ||
	    (!str_is_null(had) && str_eq(w->contact, had)))
		return 0;
	flow_detail(f, STR("No mail server is set here ([mail] smtp_url), so nobody would be "
			   "written to. Leave contact out."));
	return ERR_NO_MAIL;
}

/*
 * A webhook is sent what its principal may read by its roles. A key that was given less must
 * not get round that by making one that says everything.
 */
static int check_payload(struct flow *f, const struct webhook *w)
{
	const struct principal *who = f->who;
	unsigned roles = 0;

	for (size_t i = 0; i < who->grant_count; i++)
		roles |= who->grant[i].roles;
	if (str_eq(w->payload, STR("THIN")) || !(roles & permission_roles(PERM_MONEY_READ)) ||
	    who->scopes & permission_scopes(PERM_MONEY_READ))
		return 0;
	flow_detail(f, STR("This key may not read money, which a FULL webhook of its principal "
			   "would be sent. Ask for payload THIN, or use a key with money:read."));
	return ERR_FORBIDDEN;
}

/* Where the principal is ADMIN; absent when that is everywhere, or nowhere in particular. */
static struct str home_of(const struct principal *who)
{
	const unsigned admin = permission_roles(PERM_WEBHOOK_WRITE);

	for (size_t i = 0; i < who->grant_count; i++) {
		if (who->grant[i].roles & admin)
			return who->grant[i].authority_id;
	}
	return (struct str){NULL, 0};
}

/*
 * Tell that it is made, changed or removed, and no more than that: its address may be a secret
 * of the receiver's, and the log is kept for ever.
 */
static void tell(struct flow *f, const char *type, struct str id, int32_t version,
		 struct str authority_id)
{
	(void)h_change(f, &(struct h_change){
				  .type = type,
				  .subject = id,
				  .seq = version,
				  .authority_id = authority_id,
				  .data = arena_fmt(f->arena, "{\"webhook_id\":\"%.*s\"}",
						    (int)id.len, id.at),
				  .is_hidden = true,
			  });
}

static int add_check(struct flow *f, struct hook_setup *setup)
{
	struct webhook_flow *w = f->state;
	int r = h_decode(f, &webhook_shape, SHAPE_CREATE, &w->webhook);

	if (r == 0)
		r = webhook_setup(f, setup);
	if (r == 0)
		r = check_url(f, setup, w->webhook.url);
	if (r == 0)
		r = check_types(f, &w->webhook);
	if (r == 0)
		r = check_retry(f, &w->webhook);
	if (r == 0)
		r = check_contact(f, &w->webhook, (struct str){NULL, 0});
	if (r == 0)
		r = webhook_client_fits(f, &w->webhook, (struct str){NULL, 0});
	webhook_settle(&w->webhook, f->arena);
	return r == 0 ? check_payload(f, &w->webhook) : r;
}

enum step_result webhook_add_store(struct flow *f)
{
	struct webhook_flow *w = f->state = ARENA_NEW(f->arena, struct webhook_flow);
	CLEANUP(hook_setup_wipe) struct hook_setup setup = {0};
	int r = w ? add_check(f, &setup) : ERR_NOMEM;
	struct str id;

	if (r == 0)
		r = webhook_secrets_make(&w->secrets);
	if (r < 0)
		return flow_fail(f, r);
	id = h_id(f, "whk_");
	q_webhook_insert_add(flow_batch(f),
			     &(struct q_webhook_insert){
				     .id = id,
				     .authority_id = home_of(f->who),
				     .fields = h_json(f, &webhook_shape, &w->webhook),
				     .public_key = str_of(w->secrets.public_key),
			     });
	r = webhook_secrets_add(f, &setup, id, 1, &w->secrets);
	if (r == 0)
		r = webhook_client_add(f, &setup, id, &w->webhook);
	if (r < 0)
		return flow_fail(f, r);
	q_webhook_cursor_insert_add(flow_batch(f), &(struct q_webhook_cursor_insert){
							   .webhook_id = id, .ping = new_ping(f)});
	tell(f, "webhook.created", id, 1, home_of(f->who));
	return flow_store_end(f, "whk", id, 201);
}

void webhook_wake(struct flow *f)
{
	if (f->worker->process->hooks)
		hook_wake(f->worker->process->hooks);
}

static enum step_result add_answer(struct flow *f)
{
	struct webhook_flow *w = f->state;

	return webhook_secrets_answer(f, &w->secrets);
}

const struct flow_step flow_webhook_add[] = {
	{"store", webhook_add_store},
	{"answer", add_answer},
	{0},
};

enum step_result webhook_load(struct flow *f)
{
	int r = f->request->method == METHOD_PATCH ? flow_body(f) : 0;

	if (r < 0)
		return flow_fail(f, r);
	q_webhook_load_add(flow_batch(f), &(struct q_webhook_load){.id = f->param[0]});
	return flow_send(f);
}

int webhook_loaded(struct flow *f, struct q_webhook_load_row *row)
{
	int r = q_webhook_load_one(f->got, 0, row);

	if (r == 0 && row->gone)
		r = ERR_GONE;
	return r;
}

int webhook_check_own(struct flow *f, const struct q_webhook_load_row *row)
{
	if (str_eq(row->principal_id, f->who->id))
		return 0;
	flow_detail(f, STR("This webhook is sent what somebody else may read. Only they may give "
			   "it another address, secret or client certificate; you may take it "
			   "away."));
	return ERR_FORBIDDEN;
}

void webhook_tell_next(struct flow *f, const char *type, const struct q_webhook_load_row *row)
{
	tell(f, type, f->param[0], row->version + 1, row->authority_id);
}

static int patch_check(struct flow *f, const struct q_webhook_load_row *row,
		       struct hook_setup *setup, struct webhook *w, bool *ret_is_moved)
{
	struct str url, contact, certificate;
	int r = h_stored(f, row->fields, &webhook_shape, w);

	url = w->url;
	contact = w->contact;
	certificate = w->client_certificate;
	webhook_client_had(w);
	if (r == 0)
		r = h_decode(f, &webhook_shape, SHAPE_PATCH, w);
	if (r == 0)
		r = webhook_setup(f, setup);
	if (r == 0)
		r = check_url(f, setup, w->url);
	if (r == 0)
		r = check_types(f, w);
	if (r == 0)
		r = check_retry(f, w);
	if (r == 0)
		r = check_contact(f, w, contact);
	if (r == 0)
		r = webhook_client_fits(f, w, certificate);
	webhook_settle(w, f->arena);
	*ret_is_moved = !str_eq(url, w->url);
	if (r == 0 && (*ret_is_moved || !webhook_client_stays(w, certificate)))
		r = webhook_check_own(f, row);
	return r == 0 ? check_payload(f, w) : r;
}

enum step_result webhook_change_store(struct flow *f)
{
	struct q_webhook_load_row row;
	CLEANUP(hook_setup_wipe) struct hook_setup setup = {0};
	struct webhook w;
	bool is_moved, is_asked;
	int r = webhook_loaded(f, &row);

	if (r == 0)
		r = flow_if_match(f, row.version);
	if (r == 0)
		r = patch_check(f, &row, &setup, &w, &is_moved);
	if (r < 0)
		return flow_fail(f, r);
	/* The log shows what was answered to its nonce: that must be of no use to who now has
	 * it answered otherwise. */
	is_asked = is_moved || str_eq(row.state, STR("UNVERIFIED"));
	q_webhook_update_add(flow_batch(f),
			     &(struct q_webhook_update){
				     .id = f->param[0],
				     .seen = row.version,
				     .fields = h_json(f, &webhook_shape, &w),
				     .ping = is_asked ? new_ping(f) : (struct str){NULL, 0},
				     .stale = h_stale(f),
			     });
	r = webhook_client_add(f, &setup, f->param[0], &w);
	if (r < 0)
		return flow_fail(f, r);
	webhook_tell_next(f, "webhook.updated", &row);
	return flow_store_end(f, "whk", f->param[0], 200);
}

enum step_result webhook_change_answer(struct flow *f)
{
	webhook_wake(f);
	return flow_store_answer(f);
}

const struct flow_step flow_webhook_patch[] = {
	{"load", webhook_load},
	{"store", webhook_change_store},
	{"answer", webhook_change_answer},
	{0},
};

enum step_result webhook_remove_store(struct flow *f)
{
	struct q_webhook_load_row row;
	int r = webhook_loaded(f, &row);

	if (r == 0)
		r = flow_if_match(f, row.version);
	if (r < 0)
		return flow_fail(f, r);
	q_webhook_remove_add(flow_batch(f), &(struct q_webhook_remove){
						    .id = f->param[0],
						    .seen = row.version,
						    .stale = h_stale(f),
					    });
	q_webhook_client_drop_add(flow_batch(f),
				  &(struct q_webhook_client_drop){.webhook_id = f->param[0]});
	webhook_tell_next(f, "webhook.removed", &row);
	return flow_store_end(f, "whk", f->param[0], 204);
}

const struct flow_step flow_webhook_remove[] = {
	{"load", webhook_load},
	{"store", webhook_remove_store},
	{"answer", webhook_change_answer},
	{0},
};

/* Ask it again: whatever it was, it is UNVERIFIED until it has echoed the new nonce. */
enum step_result webhook_verify_store(struct flow *f)
{
	struct q_webhook_load_row row;
	int r = webhook_loaded(f, &row);

	if (r < 0)
		return flow_fail(f, r);
	q_webhook_update_add(flow_batch(f), &(struct q_webhook_update){
						    .id = f->param[0],
						    .seen = row.version,
						    .fields = arena_str(f->arena, row.fields),
						    .ping = new_ping(f),
						    .stale = h_stale(f),
					    });
	webhook_tell_next(f, "webhook.updated", &row);
	return flow_store_end(f, "whk", f->param[0], 200);
}

const struct flow_step flow_webhook_verify[] = {
	{"load", webhook_load},
	{"store", webhook_verify_store},
	{"answer", webhook_change_answer},
	{0},
};

/* What is neither called nor left alone (UNVERIFIED, DISABLED) stays as it is. */
static enum step_result pause_store(struct flow *f, bool is_paused)
{
	struct q_webhook_load_row row;
	int r = webhook_loaded(f, &row);

	if (r < 0)
		return flow_fail(f, r);
	q_webhook_pause_add(flow_batch(f), &(struct q_webhook_pause){
						   .id = f->param[0],
						   .seen = row.version,
						   .is_paused = is_paused,
						   .stale = h_stale(f),
					   });
	webhook_tell_next(f, "webhook.updated", &row);
	return flow_store_end(f, "whk", f->param[0], 200);
}

enum step_result webhook_pause_store(struct flow *f)
{
	return pause_store(f, true);
}

enum step_result webhook_resume_store(struct flow *f)
{
	return pause_store(f, false);
}

const struct flow_step flow_webhook_pause[] = {
	{"load", webhook_load},
	{"store", webhook_pause_store},
	{"answer", webhook_change_answer},
	{0},
};

const struct flow_step flow_webhook_resume[] = {
	{"load", webhook_load},
	{"store", webhook_resume_store},
	{"answer", webhook_change_answer},
	{0},
};
