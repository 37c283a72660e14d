/*
 * What is wrong with a form, in a person's words: decoders speak to programs, of fields by their
 * names and of what to send.
 */
#pragma once

#include "libassets/shape/flaw.h"

/* One such sentence: "Send until_on." is "Give “The day until which”."; itself where there is no
 * room. */
struct str flaw_said(struct str text, struct arena *a);

/* Put each flaw's sentences that way, in place; a second time changes nothing. Without room a
 * sentence stays as it was. */
void flaws_for_people(struct flaws *f);
