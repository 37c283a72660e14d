/*
 * Memory for libevent, which cannot live through a failed allocation: with one that fails in
 * the wrong place it crashes or spins. So it never sees one: the process
 * says so and exits with 71; the supervisor starts it again, and a socket passed by the
 * supervisor keeps its queue meanwhile. Our own code meets NULL and answers 503.
 */
#pragma once

/*
 * Give libevent allocators that end the process (71) rather than say no. Once, before any
 * other call of libevent and any thread.
 */
void alloc_take_libevent(void);
