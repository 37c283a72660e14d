/*
 * See projector_told.h. As text: an array of [number, day, version of the model, hash, version of
 * the parameters].
 */
#include "projector_told.h"

#include <stdio.h>
#include <stdlib.h>

#include "libassets/base/buf.h"
#include "libassets/base/err.h"

void told_list_done(struct told_list *l)
{
	free(l->at);
	*l = (struct told_list){0};
}

static struct told_rules *another(struct told_list *l)
{
	struct told_rules *more = reallocarray(l->at, l->count + 1, sizeof(*more));

	if (!more)
		return NULL;
	l->at = more;
	more[l->count] = (struct told_rules){0};
	return &more[l->count++];
}

int told_list_add(struct told_list *l, const struct book *b)
{
	uint32_t number = l->count ? l->at[l->count - 1].number + 1 : 1;
	struct told_rules *r = another(l);

	if (!r)
		return ERR_NOMEM;
	r->number = number;
	day_format(b->model->as_of, r->as_of);
	(void)snprintf(r->model_version, sizeof(r->model_version), "%s", PROJECTION_VERSION);
	memcpy(r->parameters_hash, b->parameters_hash, sizeof(r->parameters_hash));
	r->parameters_version = b->parameters_version;
	return 0;
}

void told_list_keep(struct told_list *l, bool (*stands)(const void *arg, uint32_t number),
		    const void *arg)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->count; i++) {
		if (i + 1 == l->count || stands(arg, l->at[i].number))
			l->at[kept++] = l->at[i];
	}
	l->count = kept;
}

const struct told_rules *told_list_find(const struct told_list *l, uint32_t number)
{
	for (size_t i = l->count; i > 0; i--) {
		if (l->at[i - 1].number == number)
			return &l->at[i - 1];
	}
	return NULL;
}

char *told_list_text(const struct told_list *l)
{
	json_auto_t *list = json_array();

	for (size_t i = 0; i < l->count; i++) {
		const struct told_rules *r = &l->at[i];

		if (json_array_append_new(list,
					  json_pack("[I, s, s, s, i]", (json_int_t)r->number,
						    r->as_of, r->model_version, r->parameters_hash,
						    r->parameters_version)) < 0)
			return NULL;
	}
	return json_dumps(list, JSON_COMPACT);
}

static int read_one(struct told_list *l, json_t *one)
{
	const char *as_of, *model, *hash;
	struct told_rules *r;
	json_int_t number;
	int version;

	if (json_unpack(one, "[I, s, s, s, i]", &number, &as_of, &model, &hash, &version) < 0 ||
	    number < 1 || number >= UINT32_MAX)
		return ERR_INVALID;
	r = another(l);
	if (!r)
		return ERR_NOMEM;
	r->number = (uint32_t)number;
	r->parameters_version = version;
	(void)snprintf(r->as_of, sizeof(r->as_of), "%s", as_of);
	(void)snprintf(r->model_version, sizeof(r->model_version), "%s", model);
	(void)snprintf(r->parameters_hash, sizeof(r->parameters_hash), "%s", hash);
	return 0;
}

int told_list_read(struct told_list *l, struct str text)
{
	json_auto_t *list = json_loadb(text.at, text.len, 0, NULL);
	json_t *one;
	size_t i;
	int r = json_is_array(list) ? 0 : ERR_INVALID;

	told_list_done(l);
	json_array_foreach (list, i, one) {
		if (r == 0)
			r = read_one(l, one);
	}
	return r;
}

void told_rules_put(struct buf *out, const struct told_rules *r)
{
	if (!r) {
		buf_str(out, STR("null"));
		return;
	}
	buf_fmt(out,
		"{\"as_of\":\"%s\",\"model_version\":\"%s\",\"parameters_hash\":\"%s\","
		"\"parameters_version\":%d}",
		r->as_of, r->model_version, r->parameters_hash, r->parameters_version);
}
