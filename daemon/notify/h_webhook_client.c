/*
 * The client certificate of a webhook, which is shown, and its private key, which is not: it is
 * sealed before it is stored, and opened by the sender alone.
 */
#include "daemon/base/clock.h"
#include "daemon/route/h.h"
#include "h_webhook_private.h"
#include "libassets/notify/webhook.h"
#include "libassets/notify/webhook_client.h"
#include "q.h"

/* Known by where it lies: nobody can send it. */
static const struct str kept = STR_INIT("kept");

static bool is_kept(const struct webhook *w)
{
	return w->client_key.at == kept.at;
}

void webhook_client_had(struct webhook *w)
{
	if (!str_is_null(w->client_certificate))
		w->client_key = kept;
}

bool webhook_client_stays(const struct webhook *w, struct str had)
{
	if (str_is_null(w->client_certificate))
		return str_is_null(had);
	return is_kept(w) && str_eq(w->client_certificate, had);
}

static int refuse(struct flow *f, const char *field, const char *code, struct str detail,
		  struct str cure)
{
	h_flaw(f, field, code, detail, cure);
	return ERR_INVALID;
}

static int fit(struct flow *f, const struct webhook *w)
{
	switch (webhook_client_check(w->client_certificate, w->client_key,
				     clock_now_us() / 1000000)) {
	case WEBHOOK_CLIENT_GOOD:
		return 0;
	case WEBHOOK_CLIENT_EXPIRED:
		return refuse(f, "client_certificate", "OUT_OF_RANGE",
			      STR("This certificate has expired."),
			      STR("Send one that is good still, with its key."));
	case WEBHOOK_CLIENT_STRANGERS:
		break;
	}
	return refuse(f, "client_key", "BAD_FORM", STR("This is not the certificate's key."),
		      STR("Send the private key of the first certificate."));
}

int webhook_client_fits(struct flow *f, const struct webhook *w, struct str had)
{
	if (str_is_null(w->client_certificate)) {
		if (str_is_null(w->client_key) || is_kept(w))
			return 0;
		return refuse(f, "client_certificate", "REQUIRED",
			      STR("A key says nothing without its certificate."),
			      STR("Send client_certificate with it."));
	}
	if (webhook_client_stays(w, had))
		return 0;
	if (!str_is_null(w->client_key) && !is_kept(w))
		return fit(f, w);
	return refuse(f, "client_key", "REQUIRED",
		      STR("A certificate can only be shown by who has its key."),
		      STR("Send client_key with it, or neither."));
}

int webhook_client_add(struct flow *f, const struct hook_setup *setup, struct str id,
		       const struct webhook *w)
{
	if (is_kept(w) && !str_is_null(w->client_certificate))
		return 0;
	q_webhook_client_drop_add(flow_batch(f), &(struct q_webhook_client_drop){.webhook_id = id});
	if (str_is_null(w->client_certificate))
		return 0;
	return webhook_secret_add(f, setup, id, 1, STR("TLS"), w->client_key);
}
