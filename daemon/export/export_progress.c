/*
 * A table that is walked each time: it is small, and asked a few times a second. Numbers only grow,
 * so that whoever notes by one whose place was given away notes nothing.
 */
#include "export_progress.h"

#include <pthread.h>

static const int64_t KEPT_US = 3600 * INT64_C(1000000);

static pthread_mutex_t note_lock = PTHREAD_MUTEX_INITIALIZER;
static struct export_note notes[EXPORT_NOTES]; /* these two under the lock */
static uint64_t last_number;

static bool is_of(const struct export_note *n, struct str who)
{
	return n->number && str_eq(str_of(n->who), who);
}

static bool has_ended(const struct export_note *n)
{
	return n->number && n->state != EXPORT_RUNNING;
}

/* Of those that have ended, the first that did; of that person, or of anybody. NULL: none. */
static struct export_note *first_ended(const struct str *who)
{
	struct export_note *first = NULL;

	for (size_t i = 0; i < EXPORT_NOTES; i++) {
		struct export_note *n = &notes[i];

		if (has_ended(n) && (!who || is_of(n, *who)) &&
		    (!first || n->ended_us < first->ended_us))
			first = n;
	}
	return first;
}

/* Who has as many as one may have gives up one of their own, and nobody else's. */
static struct export_note *find_place(struct str who)
{
	struct export_note *place = NULL;
	size_t own = 0;

	for (size_t i = 0; i < EXPORT_NOTES; i++) {
		if (!notes[i].number)
			place = &notes[i];
		own += is_of(&notes[i], who);
	}
	if (own >= EXPORT_NOTES_EACH)
		return first_ended(&who);
	return place ? place : first_ended(NULL);
}

uint64_t export_progress_begin(struct str who, struct str file, int64_t now_us)
{
	struct export_note *place;
	uint64_t number = 0;

	pthread_mutex_lock(&note_lock);
	place = who.len < sizeof(place->who) ? find_place(who) : NULL;
	if (place) {
		number = ++last_number;
		*place = (struct export_note){.number = number, .begun_us = now_us, .of = -1};
		(void)snprintf(place->who, sizeof(place->who), "%.*s", (int)who.len, who.at);
		(void)snprintf(place->file, sizeof(place->file), "%.*s", (int)file.len, file.at);
	}
	pthread_mutex_unlock(&note_lock);
	return number;
}

/* Under the lock; NULL: it has no place any more, or never had one. */
static struct export_note *find(uint64_t number)
{
	for (size_t i = 0; number && i < EXPORT_NOTES; i++) {
		if (notes[i].number == number)
			return &notes[i];
	}
	return NULL;
}

void export_progress_of(uint64_t number, int64_t of)
{
	struct export_note *n;

	pthread_mutex_lock(&note_lock);
	n = find(number);
	if (n)
		n->of = of;
	pthread_mutex_unlock(&note_lock);
}

/* Rows that came to be since they were counted are there, too. */
void export_progress_rows(uint64_t number, int64_t rows)
{
	struct export_note *n;

	pthread_mutex_lock(&note_lock);
	n = find(number);
	if (n) {
		n->rows = rows;
		if (n->of >= 0 && n->of < rows)
			n->of = rows;
	}
	pthread_mutex_unlock(&note_lock);
}

void export_progress_end(uint64_t number, bool is_whole, int64_t now_us)
{
	struct export_note *n;

	pthread_mutex_lock(&note_lock);
	n = find(number);
	if (n && n->state == EXPORT_RUNNING) {
		n->state = is_whole ? EXPORT_DONE : EXPORT_CUT;
		n->ended_us = now_us;
		if (is_whole)
			n->of = n->rows;
	}
	pthread_mutex_unlock(&note_lock);
}

static int newest_first(const void *a, const void *b)
{
	const struct export_note *left = a, *right = b;

	return left->number < right->number ? 1 : -1;
}

size_t export_progress_list(struct str who, int64_t now_us,
			    struct export_note ret_note[EXPORT_NOTES_EACH])
{
	size_t n = 0;

	pthread_mutex_lock(&note_lock);
	for (size_t i = 0; i < EXPORT_NOTES && n < EXPORT_NOTES_EACH; i++) {
		bool is_over = has_ended(&notes[i]) && notes[i].ended_us + KEPT_US <= now_us;

		if (is_of(&notes[i], who) && !is_over)
			ret_note[n++] = notes[i];
	}
	pthread_mutex_unlock(&note_lock);
	qsort(ret_note, n, sizeof(*ret_note), newest_first);
	return n;
}
