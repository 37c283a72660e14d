/*
 * The policies as rows. A limit of 0 in the settings is none, and says nothing.
 *
 * On the worker's thread; the counters of limit.h are shared by all workers. The fields said are
 * those of the IETF's draft on RateLimit header fields.
 */
#include "rate.h"

#include "daemon/base/clock.h"
#include "daemon/base/conf.h"
#include "daemon/base/limit.h"
#include "daemon/base/metric.h"
#include "daemon/http/exchange.h"
#include "daemon/process/worker.h"
#include "libassets/base/err.h"

enum policy {
	POLICY_ANONYMOUS,
	POLICY_KEY,
	POLICY_PAGES,
	POLICY_LETTERS,
	POLICY_SIGN_INS,
	POLICIES
};

static const struct {
	const char *name;
	size_t setting;
} policy_table[] = {
	[POLICY_ANONYMOUS] = {"anonymous", offsetof(struct conf, limits_anonymous_per_minute)},
	[POLICY_KEY] = {"key", offsetof(struct conf, limits_key_per_minute)},
	[POLICY_PAGES] = {"pages", offsetof(struct conf, limits_pages_per_minute)},
	[POLICY_LETTERS] = {"letters", offsetof(struct conf, limits_letters_per_minute)},
	[POLICY_SIGN_INS] = {"sign-ins", offsetof(struct conf, limits_sign_ins_per_minute)},
};

static enum policy policy_of(const struct http_exchange *x, struct str key_id)
{
	if (x->route && (x->route->flags & ROUTE_PAGE))
		return POLICY_PAGES;
	return key_id.len ? POLICY_KEY : POLICY_ANONYMOUS;
}

/* The same address or key has a bucket in each policy. */
static uint64_t client_of(const struct http_exchange *x, enum policy policy, struct str key_id)
{
	uint64_t client = policy == POLICY_KEY ? limit_key(x->limits, key_id)
					       : limit_address_text(x->limits, x->request.peer);

	if (!client) /* a proxy of this machine that does not say for whom it asks */
		client = limit_key(x->limits, x->request.peer);
	return client + (uint64_t)policy * UINT64_C(0x9E3779B97F4A7C15);
}

/* Requests a minute; 0: no limit counts here. */
static int64_t per_minute_of(const struct http_exchange *x, enum policy policy)
{
	const char *conf = (const char *)x->worker->conf;

	if (x->route && (x->route->flags & ROUTE_FREE))
		return 0;
	return *(const int64_t *)(const void *)(conf + policy_table[policy].setting);
}

static int refuse(void)
{
	metric_add(METRIC_RATE_LIMITED, 1);
	return ERR_RATE;
}

int rate_check(struct http_exchange *x, struct str key_id)
{
	enum policy policy = policy_of(x, key_id);
	int64_t per_minute = per_minute_of(x, policy);

	if (!per_minute)
		return 0;
	x->rate = (struct rate_state){
		.policy = policy_table[policy].name,
		.per_minute = per_minute,
		.rate = limit_rate_take(x->limits, client_of(x, policy, key_id), per_minute, 1,
					clock_mono_us()),
	};
	return x->rate.rate.is_over ? refuse() : 0;
}

/* Wrong guesses have buckets of their own, so that they cost nobody else at the address. */
static uint64_t guesser_of(const struct http_exchange *x, enum policy policy)
{
	return client_of(x, policy, STR("")) + POLICIES * UINT64_C(0x9E3779B97F4A7C15);
}

int rate_may_guess(struct http_exchange *x)
{
	enum policy policy = policy_of(x, STR(""));
	int64_t per_minute = per_minute_of(x, policy);
	struct limit_rate rate;

	if (!per_minute)
		return 0;
	rate = limit_rate_look(x->limits, guesser_of(x, policy), per_minute, 1, clock_mono_us());
	if (!rate.is_over)
		return 0;
	x->rate = (struct rate_state){policy_table[policy].name, per_minute, rate};
	return refuse();
}

void rate_guessed(struct http_exchange *x)
{
	enum policy policy = policy_of(x, STR(""));
	int64_t per_minute = per_minute_of(x, policy);

	if (per_minute)
		(void)limit_rate_take(x->limits, guesser_of(x, policy), per_minute, 1,
				      clock_mono_us());
}

/* One more of what is counted beside requests, by the client's address. */
static int take(struct http_exchange *x, enum policy policy)
{
	int64_t per_minute = per_minute_of(x, policy);
	uint64_t client = client_of(x, policy, STR(""));
	struct limit_rate rate;

	if (!per_minute)
		return 0;
	rate = limit_rate_take(x->limits, client, per_minute, 1, clock_mono_us());
	if (!rate.is_over)
		return 0;
	x->rate = (struct rate_state){policy_table[policy].name, per_minute, rate};
	return refuse();
}

int rate_letter(struct http_exchange *x)
{
	return take(x, POLICY_LETTERS);
}

int rate_sign_in(struct http_exchange *x)
{
	return take(x, POLICY_SIGN_INS);
}

uint64_t rate_client(const struct http_exchange *x, struct str key_id)
{
	return client_of(x, policy_of(x, key_id), key_id);
}

void rate_refuse(struct http_exchange *x, int64_t retry_s)
{
	x->rate.rate.is_over = true;
	x->rate.rate.retry_s = retry_s;
	(void)refuse();
}

void rate_write(struct buf *out, const struct rate_state *state)
{
	if (state->policy)
		buf_fmt(out,
			"RateLimit-Policy: \"%s\";q=%lld;w=60\r\nRateLimit: "
			"\"%s\";r=%lld;t=%lld\r\n",
			state->policy, (long long)state->per_minute, state->policy,
			(long long)state->rate.remaining, (long long)state->rate.reset_s);
	if (state->rate.is_over)
		buf_fmt(out, "Retry-After: %lld\r\n", (long long)state->rate.retry_s);
}
