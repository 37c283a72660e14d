/*
 * Fault points: named places where a test makes the daemon die, stop, sleep or fail. Only
 * builds with ASSETD_FAULTS hold them; elsewhere a point is the constant 0.
 *
 * The file named by ASSETD_FAULT_FILE holds lines of `POINT ACTION [NTH]`: at the NTH time
 * (the first, if not said) that POINT is reached after the line was read, ACTION happens, once.
 *
 *	kill      SIGKILL to ourselves       sleep-MS  the thread sleeps
 *	stop      SIGSTOP to ourselves       error     the point's value is ERR_BUG
 *	hold      the thread waits until the file is another, 30 seconds at most
 *
 * The file is read again whenever its time of change differs. fault.def is the list.
 */
#pragma once

#include "libassets/base/base.h"

enum fault_point {
#define FAULT(name) FAULT_##name,
#include "fault.def"
#undef FAULT
	FAULT_COUNT
};

#ifdef ASSETD_FAULTS
/* 0, or ERR_BUG where the test asked for an error. From any thread. */
int fault_hit(enum fault_point point);
#define FAULT_POINT(name) fault_hit(FAULT_##name)
#else
#define FAULT_POINT(name) 0
#endif
