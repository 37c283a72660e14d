/*
 * See mail_folder.h. A letter is written as people read it, not as mail servers pass it on.
 */
#include "mail_folder.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { TIME_TEXT = 32 };

/* On the disk before it counts as sent. */
static bool put_text(int fd, const struct mail_letter *letter)
{
	FILE *file = fdopen(fd, "w");
	bool is_put;

	if (!file) {
		(void)close(fd);
		return false;
	}
	(void)fprintf(file, "To: %s\nSubject: %.*s\n\n", letter->to, (int)letter->subject.len,
		      letter->subject.at);
	for (size_t i = 0; i < letter->body.len; i++) {
		if (letter->body.at[i] != '\r')
			(void)fputc(letter->body.at[i], file);
	}
	is_put = fflush(file) == 0 && !ferror(file) && fsync(fd) == 0;
	return fclose(file) == 0 && is_put;
}

/* "2026-11-23-231917", so that the last by name is the newest. */
static void time_text(int64_t now_us, char ret[TIME_TEXT])
{
	time_t now = (time_t)(now_us / 1000000);
	struct tm utc;

	if (!gmtime_r(&now, &utc) || !strftime(ret, TIME_TEXT, "%Y-%m-%d-%H%M%S", &utc))
		*ret = '\0';
}

bool mail_folder_put(const char *folder, const char *id, int64_t now_us,
		     const struct mail_letter *letter)
{
	char half[PATH_MAX], whole[PATH_MAX], when[TIME_TEXT];
	int n, fd;

	time_text(now_us, when);
	n = snprintf(whole, sizeof(whole), "%s/%s-%s.txt", folder, when, id);
	if (n < 0 || (size_t)n >= sizeof(whole) ||
	    (size_t)snprintf(half, sizeof(half), "%s.new", whole) >= sizeof(half))
		return false;
	fd = open(half, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	if (put_text(fd, letter) && rename(half, whole) == 0)
		return true;
	(void)unlink(half); /* it is tried again, by another name */
	return false;
}
