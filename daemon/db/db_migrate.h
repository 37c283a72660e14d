/*
 * `assetd migrate`: bring the database to what this program's sql/ says. It may run at any
 * time, again, and in two places at once; daemons may be running. Nothing is done by half: a
 * migration is one transaction, and so is all that follows the last of them.
 */
#pragma once

struct conf;

/*
 * Connect by [database] owner and do what is missing; each file done is a line on standard
 * output. Blocks; for the main thread, with no daemon in this process.
 *
 * An exit status: 0 done or nothing to do, 1 not, with the reason on standard error: the
 * database is away, a file that was applied has changed, or the database is a newer one.
 */
int db_migrate(const struct conf *conf);
