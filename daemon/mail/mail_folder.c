/*
 * See mail_folder.h. A letter is written as people read it, not as mail servers pass it on.
 */
#include "mail_folder.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { TIME_TEXT = 32 };

static bool put_text(FILE *file, const struct mail_letter *letter)
{
	(void)fprintf(file, "To: %s\nSubject: %.*s\n\n", letter->to, (int)letter->subject.len,
		      letter->subject.at);
	for (size_t i = 0; i < letter->body.len; i++) {
		if (letter->body.at[i] != '\r')
			(void)fputc(letter->body.at[i], file);
	}
	return fflush(file) == 0 && !ferror(file);
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
	FILE *file = NULL;
	bool is_put;
	int n, fd;

	time_text(now_us, when);
	n = snprintf(whole, sizeof(whole), "%s/%s-%s.txt", folder, when, id);
	if (n < 0 || (size_t)n >= sizeof(whole) ||
	    (size_t)snprintf(half, sizeof(half), "%s.new", whole) >= sizeof(half))
		return false;
	fd = open(half, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd >= 0)
		file = fdopen(fd, "w");
	if (!file) {
		if (fd >= 0)
			(void)close(fd);
		return false;
	}
	is_put = put_text(file, letter);
	is_put = fclose(file) == 0 && is_put;
	return is_put && rename(half, whole) == 0;
}
