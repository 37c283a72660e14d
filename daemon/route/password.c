/*
 * One slice of aside work a password. Password and hash are wiped with the job.
 */
#include "password.h"

#include <sodium.h>
#include <stdlib.h>

#include "daemon/base/metric.h"
#include "daemon/flow/aside.h"
#include "daemon/process/process.h"
#include "daemon/process/worker.h"
#include "libassets/base/password.h"

enum {
	PASSES = 3,
	MEMORY = 64 << 20, /* bytes */
	WAIT_MS = 15000,
};

/* Of no password, by the same parameters: what is compared with where there is nothing to. */
#define OF_NOBODY                                                                                  \
	"$argon2id$v=19$m=65536,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$"                                   \
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

_Static_assert(PASSWORD_HASH_TEXT == crypto_pwhash_STRBYTES, "libsodium's own length");

struct password_job {
	struct aside_job aside;
	char password[PASSWORD_MOST];
	size_t len;
	char hash[PASSWORD_HASH_TEXT];
	bool is_right;
	int err;
};

int password_begin(void)
{
	return sodium_init() < 0 ? ERR_NOMEM : 0;
}

static void job_free(void *arg)
{
	sodium_memzero(arg, sizeof(struct password_job));
	free(arg);
}

static struct password_job *job_of(struct aside_job *job)
{
	return (struct password_job *)(void *)job;
}

static bool slice_hash(struct aside_job *job)
{
	struct password_job *j = job_of(job);

	metric_add(METRIC_PASSWORDS_HASHED, 1);
	if (crypto_pwhash_str_alg(j->hash, j->password, j->len, PASSES, MEMORY,
				  crypto_pwhash_ALG_ARGON2ID13))
		j->err = ERR_NOMEM;
	return false;
}

static bool slice_compare(struct aside_job *job)
{
	struct password_job *j = job_of(job);

	metric_add(METRIC_PASSWORDS_HASHED, 1);
	j->is_right = crypto_pwhash_str_verify(j->hash, j->password, j->len) == 0;
	return false;
}

/* A longer one than may be is nobody's, and as long is worked on what fits. */
static struct password_job *job_new(struct str password, struct str stored)
{
	struct password_job *j = calloc(1, sizeof(*j));

	if (!j)
		return NULL;
	j->len = password.len < sizeof(j->password) ? password.len : sizeof(j->password);
	if (j->len)
		memcpy(j->password, password.at, j->len);
	if (!stored.len || stored.len >= sizeof(j->hash) || password.len > sizeof(j->password))
		stored = STR(OF_NOBODY);
	memcpy(j->hash, stored.at, stored.len);
	return j;
}

static enum step_result go_aside(struct flow *f, struct password_job *j,
				 struct password_job **ret_job)
{
	struct blob *owner = j ? blob_of((struct str){"", 0}, job_free, j) : NULL;
	struct flow_ticket *ticket = owner ? flow_ticket_new(f, WAIT_MS) : NULL;

	if (!ticket) {
		blob_unref(owner);
		return flow_fail(f, ERR_NOMEM);
	}
	*ret_job = j;
	aside_do(f->worker->process->passwords, &j->aside, owner, ticket);
	return STEP_WAIT;
}

enum step_result password_hash(struct flow *f, struct str password, struct password_job **ret_job)
{
	struct password_job *j = job_new(password, (struct str){NULL, 0});

	if (j)
		j->aside.slice = slice_hash;
	return go_aside(f, j, ret_job);
}

enum step_result password_compare(struct flow *f, struct str password, struct str stored, int most,
				  struct password_job **ret_job)
{
	struct password_job *j = job_new(password, stored);

	if (j) {
		j->aside.slice = slice_compare;
		j->aside.most = most;
	}
	return go_aside(f, j, ret_job);
}

int password_err(const struct flow *f, const struct password_job *job)
{
	int err = flow_send_err(f);

	return err < 0 ? err : job->err;
}

struct str password_hashed(const struct password_job *job)
{
	return str_of(job->hash);
}

bool password_is_right(const struct password_job *job)
{
	return job->is_right;
}
