/*
 * Functions that must not compile in our code: unbounded copies, hidden state, locale or
 * process-wide time. Force-included into every file of ours.
 *
 * Instead: buf_add() and snprintf() for texts, str_cut() for strtok(), str_to_i64() for
 * atoi(), day.h and the daemon's clock.h for the calendar, an arena for alloca(). The headers
 * that declare them come first: to poison a name is to forbid it from here on.
 */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat strncpy strncat strtok sprintf vsprintf gets
#pragma GCC poison localtime gmtime ctime asctime atoi atol atof
#undef alloca
#pragma GCC poison alloca
