/*
 * How a receiver proves that it wants to be called (W-35): it echoes the nonce of its ping, or,
 * where it takes CloudEvents, consents when it is asked by OPTIONS, and may then say how often it
 * wants to be called. Who is asked and does not consent is pinged like any other. On the hooks
 * thread.
 *
 * Source: CloudEvents, HTTP 1.1 Web Hooks for Event Delivery 1.0.2, section 4.
 */
#include <inttypes.h>

#include "daemon/base/clock.h"
#include "daemon/base/id.h"
#include "daemon/http/http.h"
#include "hook_private.h"
#include "libassets/base/err.h"

/* Bytes of a ping's body; calls a minute that anybody may consent to at most; one could not go. */
enum { PING_MAX = 1024, AGREED_MAX = 60000, NOT_NOW_US = 1000000 };

static void ping_print(const struct hook_endpoint *e, struct buf *body)
{
	char at[CLOCK_TEXT];

	clock_format(e->ping_begun_us, at);
	if (e->is_cloud)
		buf_fmt(body,
			"{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/v1/events\","
			"\"type\":\"endpoint.ping\",\"subject\":\"%s\",\"time\":\"%s\","
			"\"datacontenttype\":\"application/json\",\"data\":{\"nonce\":\"%s\"}}",
			e->ping_id, e->id, at, e->ping);
	else
		buf_fmt(body,
			"{\"id\":\"%s\",\"position\":null,\"type\":\"endpoint.ping\","
			"\"subject\":\"%s\",\"subject_seq\":%" PRId32 ",\"occurred_at\":\"%s\","
			"\"actor\":\"SYSTEM\",\"schema_version\":1,\"data\":{\"nonce\":\"%s\"}}",
			e->ping_id, e->id, e->version, at, e->ping);
}

/*
 * The nonce and nothing else but blanks, or that as a text in JSON. A server that sends back what
 * it is sent, as many do that know nothing of us, sends it among the rest of the ping.
 */
static bool has_echoed(const struct hook_endpoint *e, const struct hook_answer *a)
{
	struct str said;

	if (a->ending != HOOK_ANSWERED || a->status < 200 || a->status > 299)
		return false;
	said = str_trim(a->excerpt);
	if (said.len > 2 && said.at[0] == '"' && said.at[said.len - 1] == '"')
		said = (struct str){said.at + 1, said.len - 2};
	return str_eq(said, str_of(e->ping));
}

static void set_pinging(struct hook_endpoint *e, bool is_pinging)
{
	int by = is_pinging - e->is_pinging;

	e->hooks->pinging += by;
	e->host->pinging += by;
	e->is_pinging = is_pinging;
}

/* In how long to ping again, 0: not; a pong is kept, and the next look finds the webhook active. */
static int64_t wait_us(struct hook_endpoint *e, const struct hook_answer *a,
		       const struct hook_proof *proof, int64_t now_us)
{
	const struct retry_failure f = hook_failure(a);

	if (proof || ++e->pings == HOOK_PINGS_MAX)
		return 0;
	return 1000 * retry_wait_ms(NULL, e->pings, &f, (uint64_t)e->version, now_us / 1000000);
}

/* What came of an attempt, on its way into the log; proof: NULL it has not proven itself. */
static void note(struct hook_endpoint *e, const struct hook_answer *a, const char *result,
		 const struct hook_proof *proof)
{
	int64_t now_us = clock_now_us(), again_us;
	struct hook_tried tried = {
		.webhook_id = e->id,
		.event_id = e->ping_id,
		.number = e->pings + 1,
		.at_us = e->ping_begun_us,
		.result = result,
	};

	again_us = wait_us(e, a, proof, now_us);
	tried.next_us = again_us ? now_us + again_us : 0;
	set_pinging(e, false);
	e->ping_due_us = again_us ? clock_mono_us() + again_us : INT64_MAX;
	note_ping(e, flush_row(&tried, a), proof);
}

static void on_ponged(void *arg, const struct hook_answer *a)
{
	static const struct hook_proof echoed = {0};
	struct hook_endpoint *e = arg;
	struct hooks *h = e->hooks;
	bool is_proven = has_echoed(e, a);

	endpoint_in_flight(e, -1);
	note(e, a, is_proven ? "PONG" : "NO_PONG", is_proven ? &echoed : NULL);
	hook_turn_soon(h);
}

/* Sign and send; the ping's own fields say when it was begun and by which id. */
static int ping_post(struct hook_endpoint *e)
{
	CLEANUP(buf_done) struct buf body = BUF(PING_MAX);
	CLEANUP(buf_done) struct buf signature = BUF(HOOK_SIGNATURES_MAX);
	struct hook_message m = {
		.id = str_of(e->ping_id),
		.timestamp_s = e->ping_begun_us / 1000000,
		.content_type = str_of(e->content_type),
		.origin = endpoint_origin(e),
		.header = e->header,
		.headers = e->headers,
		.whole_ms = e->whole_ms,
	};
	char *bytes;
	size_t len;
	int r;

	ping_print(e, &body);
	r = endpoint_sign(e, m.id, m.timestamp_s, buf_view(&body), &signature);
	m.signature = buf_view(&signature);
	bytes = r == 0 ? buf_detach(&body, &len) : NULL;
	m.body = bytes ? blob_new(bytes, len) : NULL;
	if (r == 0)
		r = m.body ? hook_line_post(e->line, &m, on_ponged, e) : ERR_NOMEM;
	blob_unref(m.body);
	return r;
}

/*
 * Consent is what the fields say, whatever the status: a server that knows nothing of this may
 * answer OPTIONS with 200.
 */
static bool has_consented(const struct hook_endpoint *e, const struct hook_answer *a)
{
	return a->ending == HOOK_ANSWERED && a->allowed_origin.at &&
	       (str_eq(a->allowed_origin, STR("*")) ||
		str_eq_nocase(a->allowed_origin, endpoint_origin(e)));
}

static void on_asked(void *arg, const struct hook_answer *a)
{
	struct hook_endpoint *e = arg;
	struct hooks *h = e->hooks;
	struct hook_proof proof = {0};
	int64_t per_minute;

	endpoint_in_flight(e, -1);
	if (has_consented(e, a)) {
		if (a->allowed_rate.at && str_to_i64(a->allowed_rate, &per_minute) == 0 &&
		    per_minute > 0 && per_minute <= AGREED_MAX)
			proof.agreed_per_hour = 60 * per_minute;
		note(e, a, "CONSENT", &proof);
	} else if (ping_post(e) == 0) {
		endpoint_in_flight(e, 1);
	} else {
		set_pinging(e, false);
		e->ping_due_us = clock_mono_us() + NOT_NOW_US;
	}
	hook_turn_soon(h);
}

/* May we call it, as often as its owner lets us? */
static int consent_ask(struct hook_endpoint *e)
{
	int64_t per_minute = INT64_C(60000000) / e->bucket.every_us;
	const struct hook_message m = {
		.origin = endpoint_origin(e),
		.asked_per_minute = per_minute ? per_minute : 1,
		.header = e->header,
		.headers = e->headers,
		.whole_ms = e->whole_ms,
	};

	return hook_line_post(e->line, &m, on_asked, e);
}

void endpoint_ping(struct hook_endpoint *e)
{
	if (!e->ping[0] || e->is_pinging || !e->line || !e->signers || !e->host ||
	    clock_mono_us() < e->ping_due_us)
		return;
	/* Asked again in the next turn. */
	if (e->hooks->pinging >= HOOK_PINGING_MAX || e->host->pinging >= HOOK_HOST_PINGING_MAX ||
	    !endpoint_is_under_caps(e))
		return;
	e->ping_begun_us = clock_now_us();
	id_new("evt_", e->ping_begun_us, e->ping_id);
	if ((endpoint_origin(e).len ? consent_ask(e) : ping_post(e)) < 0) {
		e->ping_due_us = clock_mono_us() + NOT_NOW_US;
		return;
	}
	set_pinging(e, true);
	endpoint_in_flight(e, 1);
}

void endpoint_ping_drop(struct hook_endpoint *e)
{
	if (!e->is_pinging)
		return;
	set_pinging(e, false);
	endpoint_in_flight(e, -1);
}
