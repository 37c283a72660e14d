/*
 * Followers of the feed: told where it stands, and safe to end while a message is under way.
 * There is no database here: the feed's thread runs, and the test moves the feed itself.
 */
#include <criterion/criterion.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "daemon/base/conf.h"
#include "daemon/base/loop.h"
#include "daemon/feed/feed_private.h"
#include "daemon/process/process.h"

static char nowhere[] = "host=/nonexistent";
static struct conf conf = {.database_worker = nowhere};
static struct process process = {.conf = &conf};

static void wait_for(sem_t *s)
{
	while (sem_wait(s) < 0)
		;
}

/* One thing at a time on a loop's thread, and back. */
struct errand {
	struct feed *feed;
	int64_t position;
	sem_t begun, done;
};

static void errand_init(struct errand *e)
{
	*e = (struct errand){.feed = process.feed};
	cr_assert_eq(sem_init(&e->begun, 0, 0) | sem_init(&e->done, 0, 0), 0);
}

static void run_move(void *arg)
{
	struct errand *e = arg;

	feed_moved(e->feed, e->position);
	cr_assert_eq(sem_post(&e->done), 0);
}

static void move(struct errand *e, int64_t position)
{
	e->position = position;
	cr_assert_eq(loop_post(e->feed->loop, run_move, e), 0);
	wait_for(&e->done);
}

static void run_block(void *arg)
{
	struct errand *e = arg;

	cr_assert_eq(sem_post(&e->begun), 0);
	wait_for(&e->done);
}

/* A follower with the loop that it is told on. */
struct following {
	struct loop *loop;
	struct feed_follower *follower;
	_Atomic int64_t told;
	sem_t was_told;
};

static void on_moved(void *arg, int64_t position)
{
	struct following *f = arg;

	atomic_store(&f->told, position);
	cr_assert_eq(sem_post(&f->was_told), 0);
}

static void on_last(void *arg)
{
	struct following *f = arg;

	feed_unfollow(f->follower);
}

static void *close_it(void *arg)
{
	struct following *f = arg;

	loop_close(f->loop, on_last, f);
	return NULL;
}

static void follow(struct following *f)
{
	cr_assert_eq(feed_enter(&process, false), 0);
	cr_assert_eq(sem_init(&f->was_told, 0, 0), 0);
	f->loop = loop_new("follower");
	cr_assert_not_null(f->loop);
	cr_assert_eq(loop_start(f->loop), 0);
	f->follower = feed_follow(process.feed, f->loop, on_moved, f);
	cr_assert_not_null(f->follower);
	wait_for(&f->was_told); /* once at the beginning */
}

Test(feed, a_follower_hears_where_the_feed_stands)
{
	struct following f = {.told = -1};
	struct errand e;

	follow(&f);
	cr_assert_eq(atomic_load(&f.told), 0);
	errand_init(&e);
	move(&e, 7);
	wait_for(&f.was_told);
	cr_assert_eq(atomic_load(&f.told), 7);
	close_it(&f);
	feed_follower_free(f.follower);
	feed_leave(&process);
}

/*
 * A message to the follower stands behind the last one of its loop, or just before it: it must
 * not find the follower gone, which the address sanitizer would see.
 */
Test(feed, ends_with_a_message_under_way)
{
	struct following f = {.told = -1};
	struct errand block, e;
	pthread_t closer;

	follow(&f);
	errand_init(&block);
	errand_init(&e);
	cr_assert_eq(loop_post(f.loop, run_block, &block), 0);
	wait_for(&block.begun);
	cr_assert_eq(pthread_create(&closer, NULL, close_it, &f), 0);
	/* Journeys to the feed's thread and back give the closer its time; the last one tells. */
	for (int64_t i = 1; i <= 1000; i++)
		move(&e, 0);
	move(&e, 9);
	cr_assert_eq(sem_post(&block.done), 0);
	cr_assert_eq(pthread_join(closer, NULL), 0);
	feed_follower_free(f.follower);
	feed_leave(&process);
}
