/*
 * GET /v1/whoami: what the engine knows of the caller, without asking the database again. So it
 * may be some seconds behind a change of roles (AUTH_FRESH_MS).
 *
 * A scope is listed when the key has it and some role of the principal gives it: what is shown
 * is what would be let through, not what was written down.
 */
#include "h_whoami.h"

#include "daemon/flow/flow.h"
#include "libassets/base/buf.h"

/* Bytes; GRANTS_MAX of auth.c fit with room to spare. */
enum { ANSWER_MAX = 256 * 1024 };

static void write_scopes(struct buf *out, const struct principal *who)
{
	bool is_first = true;

	for (int p = PERM_NONE + 1; p < PERM_COUNT; p++) {
		if (!principal_may(who, (enum permission)p))
			continue;
		if (!is_first)
			buf_char(out, ',');
		buf_json(out, str_of(permission_scope((enum permission)p)));
		is_first = false;
	}
}

static void write_roles(struct buf *out, unsigned roles)
{
	bool is_first = true;

	for (unsigned bit = 1; bit <= ROLE_ANY; bit <<= 1) {
		if (!(roles & bit))
			continue;
		if (!is_first)
			buf_char(out, ',');
		buf_json(out, str_of(role_name(bit)));
		is_first = false;
	}
}

static void write_grant(struct buf *out, const struct grant *g)
{
	buf_str(out, STR("{\"authority_id\":"));
	if (str_is_null(g->authority_id))
		buf_str(out, STR("null"));
	else
		buf_json(out, g->authority_id);
	buf_str(out, STR(",\"roles\":["));
	write_roles(out, g->roles);
	buf_str(out, STR("]}"));
}

static enum step_result whoami_answer(struct flow *f)
{
	CLEANUP(buf_done) struct buf out = BUF(ANSWER_MAX);

	buf_str(&out, STR("{\"principal_id\":"));
	buf_json(&out, f->who->id);
	buf_str(&out, STR(",\"key_id\":"));
	buf_json(&out, f->who->key_id);
	buf_fmt(&out, ",\"operator\":%s,\"scopes\":[", f->who->is_operator ? "true" : "false");
	write_scopes(&out, f->who);
	buf_str(&out, STR("],\"roles\":["));
	for (size_t i = 0; i < f->who->grant_count; i++) {
		if (i)
			buf_char(&out, ',');
		write_grant(&out, &f->who->grant[i]);
	}
	buf_str(&out, STR("]}\n"));
	if (buf_err(&out) < 0)
		return flow_fail(f, buf_err(&out));
	return flow_answer(f, 200, buf_view(&out));
}

const struct flow_step flow_whoami[] = {
	{"answer", whoami_answer},
	{0},
};
