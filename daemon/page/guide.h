/*
 * The guides for people: Markdown of daemon/guide, which is built into the program and made HTML
 * once, at start.
 */
#pragma once

#include <jansson.h>

#include "libassets/base/base.h"

/*
 * All of them, as a list: {id: "estates", title, about, text, sections: [{id, name}]}. text: markup
 * without the title, with the pictures at the addresses of the static parts; about: its first
 * paragraph in plain words; sections: its headings, whose ids stand in the text. Yours.
 *
 * ERR_INVALID  a guide has no title; ret_why is a sentence, yours to free().    ERR_NOMEM
 */
MUST_CHECK int guides_new(json_t **ret_guides, char **ret_why);
