/*
 * Reading the control file and doing what it says. Plain and slow: a stat(2) a visit, under a
 * lock (DECISIONS.md would ask why: a fault must stop the very thread that meets it, so no
 * message can carry it). Not in the release build.
 */
#include "fault.h"

#ifdef ASSETD_FAULTS

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libassets/base/err.h"
#include "log.h"

enum fault_action {
	ACTION_NONE,
	ACTION_KILL,
	ACTION_STOP,
	ACTION_SLEEP,
	ACTION_HOLD,
	ACTION_ERROR
};

/* Thirty seconds in all, so that a test that dies leaves no daemon behind that hangs. */
enum { HOLD_LOOKS = 3000, HOLD_LOOK_US = 10000 };

/*
 * Which writing of the file was read. Its length tells an emptied file from what is written into it
 * in the same tick of the kernel's clock.
 */
struct fault_stamp {
	struct timespec at;
	off_t bytes;
};

struct fault_plan {
	enum fault_action action;
	long left; /* visits until it happens */
	unsigned sleep_ms;
	struct fault_stamp since;
};

static const char *const point_name[] = {
#define FAULT(name) #name,
#include "fault.def"
#undef FAULT
};

static pthread_mutex_t fault_lock = PTHREAD_MUTEX_INITIALIZER;
static struct fault_plan fault_plan[FAULT_COUNT];
static struct fault_stamp fault_changed;

static enum fault_action action_of(const char *word, unsigned *ret_sleep_ms)
{
	*ret_sleep_ms = 0;
	if (strcmp(word, "kill") == 0)
		return ACTION_KILL;
	if (strcmp(word, "stop") == 0)
		return ACTION_STOP;
	if (strcmp(word, "error") == 0)
		return ACTION_ERROR;
	if (strcmp(word, "hold") == 0)
		return ACTION_HOLD;
	if (strncmp(word, "sleep-", 6) != 0)
		return ACTION_NONE;
	*ret_sleep_ms = (unsigned)strtoul(word + 6, NULL, 10);
	return ACTION_SLEEP;
}

static void plan_line(const char *line)
{
	char name[64], word[32];
	long nth = 1;

	if (sscanf(line, "%63s %31s %ld", name, word, &nth) < 2)
		return;
	for (size_t i = 0; i < COUNT(point_name); i++) {
		struct fault_plan *p = &fault_plan[i];

		if (strcmp(point_name[i], name) != 0)
			continue;
		p->action = action_of(word, &p->sleep_ms);
		p->left = nth;
		p->since = fault_changed;
	}
}

static void read_plan(const char *path)
{
	FILE *f = fopen(path, "re");
	char line[160];

	memset(fault_plan, 0, sizeof(fault_plan));
	if (!f)
		return;
	while (fgets(line, sizeof(line), f))
		plan_line(line);
	fclose(f);
}

static bool is_same(struct fault_stamp a, struct fault_stamp b)
{
	return a.at.tv_sec == b.at.tv_sec && a.at.tv_nsec == b.at.tv_nsec && a.bytes == b.bytes;
}

static void refresh(void)
{
	const char *path = getenv("ASSETD_FAULT_FILE");
	struct fault_stamp now;
	struct stat st;

	if (!path || stat(path, &st) < 0)
		return;
	now = (struct fault_stamp){st.st_mtim, st.st_size};
	if (is_same(now, fault_changed))
		return;
	fault_changed = now;
	read_plan(path);
}

/* What is to happen at this visit. */
static struct fault_plan visit(enum fault_point point)
{
	struct fault_plan now = {.action = ACTION_NONE};

	pthread_mutex_lock(&fault_lock);
	refresh();
	if (fault_plan[point].action != ACTION_NONE && --fault_plan[point].left == 0) {
		now = fault_plan[point];
		fault_plan[point].action = ACTION_NONE;
	}
	pthread_mutex_unlock(&fault_lock);
	return now;
}

/* Has the file been written anew since that time? */
static bool is_another(struct fault_stamp since)
{
	struct fault_stamp now;

	pthread_mutex_lock(&fault_lock);
	refresh();
	now = fault_changed;
	pthread_mutex_unlock(&fault_lock);
	return !is_same(now, since);
}

static void hold(struct fault_stamp since)
{
	for (int i = 0; i < HOLD_LOOKS && !is_another(since); i++)
		usleep(HOLD_LOOK_US);
}

int fault_hit(enum fault_point point)
{
	struct fault_plan now = visit(point);

	if (now.action != ACTION_NONE)
		log_warn("fault point", F_Z("point", point_name[point]));
	switch (now.action) {
	case ACTION_NONE:
		break;
	case ACTION_KILL:
		(void)kill(getpid(), SIGKILL);
		break;
	case ACTION_STOP:
		(void)kill(getpid(), SIGSTOP);
		break;
	case ACTION_SLEEP:
		usleep(now.sleep_ms * 1000);
		break;
	case ACTION_HOLD:
		hold(now.since);
		break;
	case ACTION_ERROR:
		return ERR_BUG;
	}
	return 0;
}

#else
typedef int fault_points_are_not_built_in;
#endif
