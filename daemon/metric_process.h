/*
 * Figures of the process as a whole, by the names that every exporter uses.
 */
#pragma once

struct buf;

/* Processor time, memory, descriptors, start, and how late the latest thread is. */
void metric_process_write(struct buf *out);
