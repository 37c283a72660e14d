/*
 * The table of a key's fields. Whether a scope is the asker's to give, whoever asks the database
 * knows (h_key.c).
 */
#include "api_key.h"

#include "libassets/base/err.h"

/* Keys that were not asked for here have others, too: who administers the machine gives them *. */
static const char scope_words[] = "a scope, one of"
#define PERM(id, scope, roles) scope " "
#include "libassets/shape/permission.def"
#undef PERM
				  "(and * is shown of a key that has all)";

static struct str scope_form(struct str text, struct arena *a)
{
	enum permission scope;

	return permission_parse(text, &scope) < 0 ? (struct str){NULL, 0} : arena_str(a, text);
}

static const struct shape_field api_key_table[] = {
#define FIELD(...) SHAPE_ROW(api_key, __VA_ARGS__)
#include "api_key.def"
#undef FIELD
};

static const struct shape_field key_rotation_table[] = {
#define FIELD(...) SHAPE_ROW(key_rotation, __VA_ARGS__)
#include "key_rotation.def"
#undef FIELD
};

SHAPE(key_rotation, NULL);
SHAPE(api_key, SHAPE_COMMON " principal_id principal_name prefix expires_at last_used_at secret");

int api_key_settle(struct api_key *k, struct day today, struct flaws *flaws)
{
	struct day last = day_add(today, API_KEY_DAYS);

	if (day_is_none(k->expires_on))
		k->expires_on = last;
	if (day_cmp(k->expires_on, today) < 0 || day_cmp(k->expires_on, last) > 0)
		flaw_add(flaws, STR("/expires_on"), STR("OUT_OF_RANGE"),
			 STR("A key works until a day of the next 365."),
			 STR("Send such a day, or leave it out for the last of them."));
	if (!k->scopes.count)
		flaw_add(flaws, STR("/scopes"), STR("TOO_FEW"),
			 STR("A key of no scope could do nothing."), STR("Choose at least one."));
	return flaws_err(flaws);
}

int api_key_check_last(struct day last, struct day was, struct day today, struct flaws *flaws)
{
	if (day_cmp(last, was) == 0)
		return 0;
	if (day_is_none(last))
		flaw_add(flaws, STR("/expires_on"), STR("REQUIRED"), STR("A key has a last day."),
			 STR("Send it, or leave it out."));
	else if (day_cmp(last, today) < 0)
		flaw_add(flaws, STR("/expires_on"), STR("OUT_OF_RANGE"), STR("That day is over."),
			 STR("Send today or a later day, or end the key."));
	else if (!day_is_none(was) && day_cmp(last, was) > 0)
		flaw_add(flaws, STR("/expires_on"), STR("OUT_OF_RANGE"),
			 STR("No key is made to work longer than it was made for."),
			 STR("Send an earlier day, or have a new key take its place."));
	return flaws_err(flaws);
}
