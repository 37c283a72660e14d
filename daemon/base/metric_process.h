/*
 * Figures of the process as a whole, by the names that every exporter uses.
 */
#pragma once

struct buf;

/*
 * Append processor time, memory, descriptors, start, and how late the latest thread is, as
 * OpenMetrics text. What /proc does not give is left out. From any thread.
 */
void metric_process_write(struct buf *out);
