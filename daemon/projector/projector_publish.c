/*
 * What everybody is told goes through the database: a telling is made from what is kept there, and
 * kept there before anybody is told it. Of two daemons that make one from the same version the
 * later is refused; it reads what the other has told, and goes on from that.
 */
#include <stdlib.h>

#include "daemon/document/upload.h"
#include "libassets/base/err.h"
#include "projector_private.h"
#include "projector_public.h"
#include "q.h"

enum { TELLING_MAX = 1 << 27 /* bytes of each part, as one parameter takes */ };

/* The bytes of a bytea, absent for none. */
static int bytes_of(struct str bytea, struct buf *ret)
{
	int64_t n;

	if (str_is_null(bytea))
		return 0;
	*ret = BUF(bytea.len);
	ret->at = malloc(bytea.len + 1);
	if (!ret->at)
		return ERR_NOMEM;
	ret->cap = bytea.len + 1;
	n = upload_unhex(bytea, ret->at, bytea.len);
	if (n < 0)
		return (int)n;
	ret->len = (size_t)n;
	return 0;
}

static int take_kept(struct projector *p, const struct db_reply *reply)
{
	struct q_projector_public_row row;
	struct buf part[5] = {BUF(1), BUF(1), BUF(1), BUF(1), BUF(1)};
	int r;

	if (!db_rows(reply, 0))
		return public_get(p->public, 0, STR(""), NULL);
	r = q_projector_public_one(reply, 0, &row);
	if (r == 0) {
		const struct str kept[COUNT(part)] = {row.body, row.adjusted, row.difference,
						      row.adjusted_old, row.difference_old};

		for (size_t i = 0; i < COUNT(part) && r == 0; i++)
			r = bytes_of(kept[i], &part[i]);
	}
	if (r == 0)
		r = public_get(p->public, row.version, buf_view(&part[0]),
			       (struct public_marks[]){{buf_view(&part[1]), buf_view(&part[3])},
						       {buf_view(&part[2]), buf_view(&part[4])}});
	for (size_t i = 0; i < COUNT(part); i++)
		buf_done(&part[i]);
	return r;
}

static void on_read(void *arg, int err, const struct db_reply *reply)
{
	struct projector *p = arg;

	p->is_busy = false;
	if (!err)
		err = take_kept(p, reply);
	if (err) {
		public_later(p->public);
		projector_complain(p, "read what was told", err);
	}
	projector_turn(p);
}

/* Not kept, or not known to be: somebody else may have told meanwhile. */
static void on_kept(void *arg, int err, const struct db_reply *reply)
{
	struct projector *p = arg;

	p->is_busy = false;
	for (size_t i = 0; i < COUNT(p->telling); i++)
		buf_done(&p->telling[i]);
	if (!err && str_eq(db_value(reply, 0, 0, 0), STR("t")))
		public_kept(p->public);
	else
		public_doubt(p->public);
	if (err) {
		public_later(p->public);
		projector_complain(p, "keep what is told", err);
	}
	projector_turn(p);
}

static void keep(struct projector *p, bool is_whole)
{
	struct db_batch *b = projector_batch(p, DB_WRITE);

	q_projector_publish_add(b, &(struct q_projector_publish){
					   .seen = public_version(p->public),
					   .telling = buf_view(&p->telling[0]),
					   .adjusted = buf_view(&p->telling[1]),
					   .difference = buf_view(&p->telling[2]),
					   .is_whole = is_whole,
				   });
	projector_send(p, b, on_kept);
}

bool projector_publish(struct projector *p)
{
	struct db_batch *b;
	bool is_news, is_whole = false;
	int r;

	if (public_version(p->public) < 0) {
		b = projector_batch(p, DB_REPORT);
		q_projector_public_add(b);
		projector_send(p, b, on_read);
		return true;
	}
	r = public_tell(p->public, p->book, p->position, &is_news);
	if (r == 0 && is_news) {
		for (size_t i = 0; i < COUNT(p->telling); i++)
			p->telling[i] = BUF(TELLING_MAX);
		public_put(p->public, &p->telling[0], &p->telling[1], &is_whole);
		for (size_t i = 0; i < COUNT(p->telling) && r == 0; i++)
			r = buf_err(&p->telling[i]);
	}
	if (r < 0) {
		public_mute(p->public);
		public_later(p->public);
		projector_complain(p, "tell everybody", r);
		return false;
	}
	if (is_news)
		keep(p, is_whole);
	return is_news;
}
