/*
 * A page's form as the body that its API twin takes, so that both go the same steps. Fields of the
 * form have the names of the table's; one that was left empty was not sent.
 */
#pragma once

#include "daemon/flow/flow.h"
#include "libassets/shape/shape.h"

/* f->body becomes an object of the texts, codes, ids and days that the form has.    ERR_NOMEM */
MUST_CHECK int h_form(struct flow *f, const struct shape *shape);

/*
 * Part `part` of the same body, of the form's fields "part_name" for the names of its table;
 * left out when all are empty.    ERR_NOMEM
 */
MUST_CHECK int h_form_part(struct flow *f, const char *part, const struct shape *shape);
