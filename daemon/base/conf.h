/*
 * Settings: defaults from conf.def, then the file, then the environment. Read once at start
 * (SIGHUP reads the whole again, checks it, and only then takes it).
 */
#pragma once

#include "libassets/base/base.h"
#include "libassets/base/str.h"

struct buf;

/* One member a row of conf.def: section_name. Texts are owned and never NULL. */
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
 * Read. path may be NULL: then defaults and environment only. On failure ret_conf holds
 * nothing, and every fault goes to ret_why (yours to free, NULL without memory), a line
 * each: "assetd.conf:12: [http] workers: …" and what to do.
 *
 * ERR_INVALID    something cannot be read or is out of range
 * ERR_NOT_FOUND  there is no such file, or we may not read it     ERR_NOMEM
 *
 * File: `[section]`, `name = value`, comments with `#` or `;`. A text or list may go on in
 * indented lines. Nothing may be given twice. Empty is the default for numbers and flags.
 */
MUST_CHECK int conf_load(const char *path, struct conf *ret_conf, char **ret_why);
/* Free the texts. Takes one that is all zero, and leaves one. */
void conf_done(struct conf *c);

/*
 * Members of a list setting: the next one after *at, trimmed, empty ones passed over, absent
 * at the end; borrowed from the value.
 *
 * Example: struct str at = str_of(conf->hooks_allow_cidr); then call until it is absent.
 */
struct str conf_list_next(struct str *at);

/* All settings as tab-separated rows (section, name, type, default, meaning), for the man page. */
void conf_dump(struct buf *out);
