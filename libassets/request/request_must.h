/*
 * What must be true of an act: one function a condition, named in the rows of request.def that
 * want it (request_must.def). Inside the request module, and for those who show the table.
 *
 * A condition looks and refuses; it changes nothing but flags of the request, which an act that is
 * refused takes with it. What an act then does is request_do.h's.
 */
#pragma once

#include "request.h"

/* One act on its way through what must be true of it. */
struct acting {
	struct request *r;
	struct request_act *act;
	const struct request_around *around; /* never NULL */
	struct day today;
	struct flaws *flaws;
};

struct request_must {
	const char *name;
	int (*is_wrong)(struct acting *a); /* NULL: the register's to ask */
	const char *of_register;           /* what that asks, or NULL */
};

/* The n-th condition; NULL past the end. */
const struct request_must *request_must_at(size_t n);

/*
 * The conditions of a row, in its order; those of the register hold here.
 * ERR_BUG  the row names one that there is not     else what the first that does not hold says
 */
MUST_CHECK int request_must(struct acting *a, const char *names);

/* A flaw at /field; returns err. */
int request_flaw(const struct acting *a, const char *field, const char *code, struct str detail,
		 struct str cure, int err);
/* The day as a text, for a sentence. */
struct str request_day_text(const struct acting *a, struct day d);
/* The act says yes: itself, by the terms that it confirms, or by what Ministers decided. */
bool request_act_agrees(const struct request *r, const struct request_act *act);

/* Each: 0, or the error that request_apply() tells of. */
#define MUST(name) int must_##name(struct acting *a);
#define OF_REGISTER(name, words)
#include "request_must.def"
