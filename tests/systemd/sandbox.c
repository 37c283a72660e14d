/*
 * Run a program as its unit would let it run: only the system calls of a list, only sockets
 * of the families that RestrictAddressFamilies= names, and no new privileges. systemd would
 * answer EPERM; here whatever else is called ends the program with SIGSYS, so that a call
 * that somebody forgot, and whose failure a caller overlooks, is noticed all the same.
 *
 * usage: sandbox LIST PROGRAM [ARGUMENT …]
 *   LIST  names of allowed system calls, one a line
 */
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

static const int families[] = {AF_UNIX, AF_INET, AF_INET6};

static int fail(const char *what)
{
	fprintf(stderr, "sandbox: %s: %s\n", what, strerror(errno));
	return 2;
}

/* Allow a call by name. Names this libseccomp does not know are calls this kernel has not. */
static int allow(scmp_filter_ctx filter, const char *name)
{
	int call = seccomp_syscall_resolve_name(name);

	if (call == __NR_SCMP_ERROR || strcmp(name, "socket") == 0)
		return 0;
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0);
}

static int allow_listed(scmp_filter_ctx filter, const char *path)
{
	FILE *in = fopen(path, "r");
	char name[128];
	int r = 0;

	if (!in)
		return -1;
	while (r == 0 && fgets(name, sizeof(name), in)) {
		name[strcspn(name, "\n")] = '\0';
		r = allow(filter, name);
	}
	fclose(in);
	return r;
}

int main(int argc, char **argv)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);

	if (argc < 3) {
		fprintf(stderr, "usage: sandbox LIST PROGRAM [ARGUMENT ...]\n");
		return 2;
	}
	if (!filter || allow_listed(filter, argv[1]) != 0)
		return fail(argv[1]);
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1,
				     SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)families[i])) != 0)
			return fail("socket");
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || seccomp_load(filter) != 0)
		return fail("seccomp");
	execv(argv[2], argv + 2);
	return fail(argv[2]);
}
