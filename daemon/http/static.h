/*
 * What is served as it is: style, script, fonts, icon. They are built into the program
 * (embed.h) and stand in memory once; their names carry their content's hash, so a browser
 * keeps them for ever and a new version has a new name.
 */
#pragma once

#include "libassets/base/base.h"

struct http_exchange;
struct statics;

/* The parts as bytes that replies can share between threads; once at start. NULL without memory. */
struct statics *statics_new(void);
/* Takes NULL. A reply that still sends a part holds it. */
void statics_free(struct statics *s);

/* GET /a/{file}: the part, compressed where the client takes gzip; 304; 404. */
void static_answer(struct http_exchange *x);
