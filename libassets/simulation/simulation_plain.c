/*
 * The simulation's kernel in plain C, a path at a time: for machines without wide registers.
 */
#include "simulation_lane.h"
#include "simulation_ops.h"
#include "simulation_width.h"

#define KERNEL lane_plain
#define BLOCKS lane_blocks_plain
#include "simulation_kernel.inc"
