/*
 * The process and its parts. A part (role) is one row of part_table: main.c starts those that
 * --role names, in the table's order, and stops them in the reverse.
 */
#pragma once

#include "libassets/base/base.h"
#include "libassets/base/str.h"

struct api;
struct aside;
struct conf;
struct feed;
struct hooks;
struct limits;
struct mail;
struct openapi;
struct pages;
struct projector;
struct scan;
struct statics;

/* What the parts may know of one another. Made by main before any thread, constant after. */
struct process {
	const struct conf *conf; /* the main thread's; workers hold their own */
	struct limits *limits;
	int listen_fd;     /* of the API and the pages */
	struct feed *feed; /* where the change feed stands; NULL while nobody needs it */
	struct api *api;
	struct aside *aside;         /* a thread for what is too long for a worker */
	struct aside *passwords;     /* another, where passwords are hashed */
	struct openapi *openapi;     /* what describes the API */
	struct projector *projector; /* NULL where nobody projects */
	struct hooks *hooks;         /* the sender of webhooks; NULL where nobody sends */
	struct mail *mail;           /* the sender of letters; NULL where nobody sends */
	struct scan *scan;           /* has files looked at for viruses; NULL where nobody does */
	struct pages *pages;         /* templates */
	struct statics *statics;     /* what is served as it is */
};

/* A row of part_table. All functions are for the main thread. */
struct part {
	const char *name; /* as --role takes it */
	const char *about;
	/* Start its threads and keep its state in the process. 0 or ERR_…, having logged why. */
	int (*start)(struct process *p);
	/* True when it can do its work; asked until then. NULL: once it is started. */
	bool (*is_ready)(const struct process *p);
	/* Take no new work; what is under way goes on. NULL: nothing to do. */
	void (*drain)(struct process *p);
	/* True while work is under way that is worth waiting for. NULL: never. */
	bool (*is_busy)(const struct process *p);
	/* Use p->conf, which is another now. From the main thread; NULL: nothing to do. */
	void (*reload)(struct process *p);
	/* End its threads and free its state; also where start has failed. */
	void (*stop)(struct process *p);
};

extern const struct part part_table[];
extern const size_t part_count;

/*
 * A comma-separated list of role names as bits, one for each row of part_table.
 * ERR_INVALID  a name that is none, or nothing at all.
 */
MUST_CHECK int part_parse_list(struct str list, unsigned *ret_parts);
