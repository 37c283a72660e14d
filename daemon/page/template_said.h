/*
 * Markup that C made, such as a chart, in the language of a set that speaks. Its first element says
 * the language of the data; each text in it, and the label that a picture is read out by, is said
 * where there is a word for it, and then its element says so.
 */
#pragma once

#include "template.h"

/* What say() of the voice is told as the name of such a text, which no object has. */
#define TEMPLATE_MARKUP "markup"

/* Append. markup: elements whose texts and attributes are escaped as template_escape does. */
void template_said(const struct template_voice *v, struct str markup, struct buf *out);
