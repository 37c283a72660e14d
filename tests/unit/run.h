/*
 * Run a program as a user does: words, standard input, and what comes back.
 */
#pragma once

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct ran {
	int code;  /* exit status, 128 and the signal's number if one ended it */
	char *out; /* NUL-terminated, as is err; both freed by run_done() */
	char *err;
	size_t out_len;
};

static inline char *run_slurp(FILE *f, size_t *ret_len)
{
	long size;
	char *at;

	cr_assert_eq(fseek(f, 0, SEEK_END), 0);
	size = ftell(f);
	rewind(f);
	at = malloc((size_t)size + 1);
	cr_assert(at && fread(at, 1, (size_t)size, f) == (size_t)size);
	at[size] = '\0';
	*ret_len = (size_t)size;
	fclose(f);
	return at;
}

enum { RUN_WORDS_MAX = 8 };

/* In the child: become the program. */
static inline void run_exec(const char *const argv[], FILE *const file[3])
{
	char *word[RUN_WORDS_MAX] = {NULL};

	for (size_t i = 0; argv[i] && i + 1 < RUN_WORDS_MAX; i++)
		word[i] = strdup(argv[i]);
	for (int fd = 0; fd < 3; fd++)
		dup2(fileno(file[fd]), fd);
	execv(word[0], word);
	_exit(127);
}

/* argv: NULL-terminated, argv[0] the program's path. input: or NULL. */
static inline struct ran run_program(const char *const argv[], const char *input)
{
	FILE *file[3] = {tmpfile(), tmpfile(), tmpfile()};
	struct ran ran;
	int status = 0;
	size_t len;
	pid_t pid;

	cr_assert(file[0] && file[1] && file[2]);
	if (input)
		(void)fputs(input, file[0]);
	(void)fflush(file[0]);
	rewind(file[0]);
	pid = fork();
	cr_assert_geq(pid, 0);
	if (pid == 0)
		run_exec(argv, file);
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	fclose(file[0]);
	ran.out = run_slurp(file[1], &ran.out_len);
	ran.err = run_slurp(file[2], &len);
	return ran;
}

static inline void run_done(struct ran *ran)
{
	free(ran->out);
	free(ran->err);
}
