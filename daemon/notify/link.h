/*
 * Links that letters carry: the id of what they are for and a signature of it, "rpd_….1f2e…". Until
 * when and how often one counts is the row's to say; the signature alone keeps strangers from
 * trying ids.
 */
#pragma once

#include "daemon/flow/flow.h"

/* The signature as text, in the arena. Absent without memory, or when OpenSSL refused. */
struct str link_ticket(struct flow *f, const char *purpose, struct str id);

/*
 * The network that who asks comes from, a /24 or for IPv6 a /48, as the database keeps it: its
 * HMAC, by which what nobody has confirmed is counted. Absent without memory, or when OpenSSL
 * refused.
 */
struct str link_network(struct flow *f);

/*
 * From here on the flow acts as whoever bears the link with that id (actor_set), and as nobody
 * else. ERR_NOMEM
 */
MUST_CHECK int link_act(struct flow *f, struct str id);

/*
 * The id of a token, in the arena.
 * ERR_NOT_FOUND  it is none of ours, or was altered     ERR_BUG, ERR_NOMEM
 */
MUST_CHECK int link_read(struct flow *f, const char *purpose, struct str token, struct str *ret_id);

/* A step: the answer, 202, where a letter with a link goes out; the same whatever becomes of it. */
enum step_result link_answer(struct flow *f);
