/* fault_scenario.h: a file of faults to come (YAML), read whole before anything starts.
 *
 *     seed: 7                    # of their chances; may be left out
 *     faults:
 *       lost replies:            # a name, for the log
 *         knob: ack.drop
 *         at: 2h                 # of venue time after the start, or a time: 2025-01-01T02:00:00Z
 *         on: order
 *         count: 3
 *       weekend maintenance:
 *         knob: maint
 *         kind: cancel_only
 *         at: 12h
 *         for: 30m
 */
#pragma once

#include "edge/face/fault/fault.h"

enum { FAULT_SCENARIO_MAX = 64, FAULT_SCENARIO_BYTES_MAX = 256 * 1024 };

typedef struct {
    bool seed_given;
    uint64_t seed;
    uint32_t count;
    fault_spec_t faults[FAULT_SCENARIO_MAX];
    uint32_t lines[FAULT_SCENARIO_MAX]; /* where each begins */
} fault_scenario_t;

/* Pure. False: `error` is "NAME:LINE: what is wrong, and how to put it right"; *out is undefined then. */
bool fault_scenario_parse(str_t text, const char *name, fault_scenario_t *out, char error[FAULT_ERROR_MAX]);

/* The same from a file of at most FAULT_SCENARIO_BYTES_MAX bytes. */
bool fault_scenario_read(const char *path, fault_scenario_t *out, char error[FAULT_ERROR_MAX]);
