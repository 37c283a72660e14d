/*
 * A few slots. Only their thread changes them, so it may read a movement without the lock; the lock
 * is for others, who look at the keys.
 */
#include "projector_kept.h"

void kept_init(struct kept_moves *k)
{
	*k = (struct kept_moves){.lock = PTHREAD_MUTEX_INITIALIZER};
}

void kept_done(struct kept_moves *k)
{
	for (size_t i = 0; i < KEPT_MOVES; i++)
		moved_free(k->moved[i]);
	(void)pthread_mutex_destroy(&k->lock);
}

void kept_put(struct kept_moves *k, struct moved *m)
{
	struct moved *oldest = k->moved[KEPT_MOVES - 1];

	(void)pthread_mutex_lock(&k->lock);
	for (size_t i = KEPT_MOVES - 1; i > 0; i--)
		k->moved[i] = k->moved[i - 1];
	k->moved[0] = m;
	(void)pthread_mutex_unlock(&k->lock);
	moved_free(oldest);
}

/* as_of 0: of any day, as the movement of a page that was shown is. */
static const struct moved *find(const struct kept_moves *k, const struct projector_question *q,
				int64_t position, int32_t as_of)
{
	struct str to = str_is_null(q->to_run) ? STR("") : q->to_run;

	for (size_t i = 0; i < KEPT_MOVES && k->moved[i]; i++) {
		const struct moved_key *key = moved_key(k->moved[i]);

		if (str_eq(q->from_run, str_of(key->from)) && str_eq(to, str_of(key->to)) &&
		    position == key->position && (!as_of || as_of == key->as_of))
			return k->moved[i];
	}
	return NULL;
}

static const struct moved *wanted(const struct kept_moves *k, const struct projector_question *q,
				  int64_t position, int32_t as_of)
{
	const struct moved *m = q->kept_position ? find(k, q, q->kept_position, 0) : NULL;

	return m ? m : find(k, q, position, as_of);
}

bool kept_has(struct kept_moves *k, const struct projector_question *q, int64_t position,
	      int32_t as_of)
{
	bool has;

	(void)pthread_mutex_lock(&k->lock);
	has = wanted(k, q, position, as_of) != NULL;
	(void)pthread_mutex_unlock(&k->lock);
	return has;
}

bool kept_answer(struct kept_moves *k, const struct projector_question *q, int64_t position,
		 int32_t as_of, struct buf *out)
{
	const struct moved_view view = {
		.authority_id = q->filter.authority_id,
		.has_rows = q->has_rows,
		.is_csv = q->is_csv,
		.is_by_authority = q->is_by_authority,
		.code = q->code,
		.after_asset = q->after_asset,
		.after_code = q->after_code,
		.most = q->most,
	};
	const struct moved *m = wanted(k, q, position, as_of);

	if (m)
		moved_print(m, &view, out);
	return m != NULL;
}
