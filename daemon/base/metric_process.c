/*
 * What the kernel says of us, asked at each scrape. What cannot be read is left out. Apart from
 * metric.c, so that the counters do not know the process, nor the process the counters.
 *
 * A further figure is a function here and its call at the end; names and
 * units are those that Prometheus clients use for any process.
 */
#include "metric_process.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "libassets/base/buf.h"
#include "loop.h"

static void write_family(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_fmt(out, "# TYPE %s %s\n# HELP %s %s\n", name, type, name, help);
}

static void write_cpu(struct buf *out)
{
	struct rusage used;
	int64_t us;

	if (getrusage(RUSAGE_SELF, &used))
		return;
	us = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * INT64_C(1000000) +
	     used.ru_utime.tv_usec + used.ru_stime.tv_usec;
	write_family(out, "process_cpu_seconds", "counter", "Processor time used");
	buf_fmt(out, "process_cpu_seconds_total %lld.%06lld\n", (long long)(us / 1000000),
		(long long)(us % 1000000));
}

static void write_memory(struct buf *out)
{
	FILE *f = fopen("/proc/self/statm", "re");
	long long size, resident;

	if (!f)
		return;
	if (fscanf(f, "%lld %lld", &size, &resident) == 2) {
		write_family(out, "process_resident_memory_bytes", "gauge", "Memory in use");
		buf_fmt(out, "process_resident_memory_bytes %lld\n",
			resident * sysconf(_SC_PAGESIZE));
	}
	(void)fclose(f);
}

static void write_descriptors(struct buf *out)
{
	DIR *d = opendir("/proc/self/fd");
	struct rlimit most;
	int n = 0;

	if (!d)
		return;
	while (readdir(d))
		n++;
	(void)closedir(d);
	write_family(out, "process_open_fds", "gauge", "Descriptors open");
	buf_fmt(out, "process_open_fds %d\n", n - 3); /* ".", ".." and the one that looks */
	if (getrlimit(RLIMIT_NOFILE, &most))
		return;
	write_family(out, "process_max_fds", "gauge", "Descriptors that may be open");
	buf_fmt(out, "process_max_fds %llu\n", (unsigned long long)most.rlim_cur);
}

static void write_lag(struct buf *out)
{
	const char *name;
	int64_t ms = loop_worst_lag_ms(&name);

	write_family(out, "assetd_loop_lag_seconds", "gauge",
		     "How late the latest thread is with its turn");
	buf_fmt(out, "assetd_loop_lag_seconds %lld.%03lld\n", (long long)(ms / 1000),
		(long long)(ms % 1000));
}

void metric_process_write(struct buf *out)
{
	write_cpu(out);
	write_memory(out);
	write_descriptors(out);
	write_lag(out);
}
