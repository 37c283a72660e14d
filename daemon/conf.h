/*
 * Settings: defaults from conf.def, then the file, then the environment. Read once at start
 * (SIGHUP reads the whole again, checks it, and only then takes it).
 */
#pragma once

#include "libassets/base.h"
#include "libassets/str.h"

struct conf {
#define CONF_TEXT(section, name, fallback, about) char *section##_##name;
#define CONF_LIST CONF_TEXT
#define CONF_SECRET CONF_TEXT
#define CONF_NUMBER(section, name, fallback, least, most, about) int64_t section##_##name;
#define CONF_FLAG(section, name, fallback, about) bool section##_##name;
#include "conf.def"
#undef CONF_TEXT
#undef CONF_LIST
#undef CONF_SECRET
#undef CONF_NUMBER
#undef CONF_FLAG
};

/*
 * Read. path may be NULL. On failure a sentence with file, line, name and cure goes to
 * ret_why (yours to free). ERR_INVALID, ERR_NOT_FOUND (no such file), ERR_NOMEM.
 */
MUST_CHECK int conf_load(const char *path, struct conf *ret_conf, char **ret_why);
void conf_done(struct conf *c);

/* All settings as tab-separated rows (section, name, type, default, meaning): for the man page and
 * tests. */
void conf_dump(void);
