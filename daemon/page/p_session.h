/*
 * What ways of signing in share: the form, the session, its cookie.
 */
#pragma once

#include "daemon/flow/flow.h"

enum { SESSION_TOKEN = 43 };

/* 32 random bytes as text. */
void session_token(char ret_token[SESSION_TOKEN + 1]);

/* A text's signature for one purpose, in hexadecimal in the arena. Absent when OpenSSL refused. */
struct str session_sign(struct flow *f, const char *purpose, struct str text);

/* Where to go afterwards: a path of ours, or the home page. */
struct str session_next(struct str wish);

/* Set a cookie of this host's alone, for so many seconds. */
void session_cookie(struct flow *f, const char *name, struct str value, int age_s);

/* Steps that show the form again: its load, and its answer with what was wrong. */
enum step_result session_form_load(struct flow *f);
enum step_result session_refuse(struct flow *f, const char *wrong, int status);

/*
 * Make the form to sign in by the reply, status 401, with what was typed behind it (typed.h), which
 * comes back once somebody has signed in. Errors of pages_render.
 */
MUST_CHECK int session_ask(struct flow *f, json_t *typed);

/* From here on the flow acts as whose key it is. ERR_NOMEM */
MUST_CHECK int session_act_as(struct flow *f, struct str id, struct str key_id);
/*
 * Add the statements that open a session of the actor's, its token, and end the one that this
 * browser had. ERR_BUG  OpenSSL refused.
 */
MUST_CHECK int session_add(struct flow *f, char ret_token[SESSION_TOKEN + 1]);
/*
 * Of whoever has just shown again who they are: add the statements that give this session another
 * token and end the actor's others; and, once they are done, the browser its cookie.
 * ERR_BUG  OpenSSL refused.
 */
MUST_CHECK int session_renew_add(struct flow *f, char ret_token[SESSION_TOKEN + 1]);
void session_renewed(struct flow *f, struct str token);
/* A step's end: the session is there, the browser gets it and goes on. */
enum step_result session_begun(struct flow *f, struct str token);
