/*
 * In which language a page is asked for: as its reader chose by the link on every page, which a
 * cookie remembers, else as the browser says it wants (Accept-Language).
 */
#pragma once

#include "daemon/http/http.h"

enum language { ENGLISH, GAELIC, LANGUAGES };

/* Only over HTTPS, or to this machine itself, and to no other host. It holds "gd" or "en". */
#define LANGUAGE_COOKIE "__Host-lang"

enum language language_of(const struct http_request *r);
