/* health.h: one JSON document that says how a process is: for `patriot status`, the live view, probes and the supervisor.
 *
 * {"role","pid","version","state","since","uptime_ms","rss_bytes","descriptors","cpu_ms","log":{...},"checks":[{"name","state","text"}],
 *  "counters":{...}}. state is the worst of the checks. Built on request into the caller's buffer; nothing is allocated.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/dec.h"
#include "core/base/result.h"

enum {
    HEALTH_CHECKS_MAX = 24,
    HEALTH_COUNTERS_MAX = 64,
    HEALTH_NAME_MAX = 32,
    HEALTH_TEXT_MAX = 128,
    HEALTH_JSON_MAX = 48 * 1024, /* a full document fits, also when every character is escaped */
};

typedef enum { HEALTH_STARTING, HEALTH_OK, HEALTH_DEGRADED, HEALTH_DOWN } health_state_t; /* see health_state for which is worse */

typedef struct {
    char name[HEALTH_NAME_MAX];
    health_state_t state;
    char text[HEALTH_TEXT_MAX]; /* why, for people */
    int64_t since_ns;           /* when the state was last changed */
} health_check_t;

typedef enum { HEALTH_COUNTER_NUMBER, HEALTH_COUNTER_TEXT } health_counter_kind_t;

typedef struct {
    char name[HEALTH_NAME_MAX];
    health_counter_kind_t kind;
    int64_t value;
    char text[48];
} health_counter_t;

typedef struct {
    const char *role;
    int64_t started_ns;
    uint32_t check_count, counter_count;
    health_check_t checks[HEALTH_CHECKS_MAX];
    health_counter_t counters[HEALTH_COUNTERS_MAX];
} health_t;

void health_init(health_t *health, const char *role, int64_t now_ns); /* role is borrowed for the life of health */

/* Adds or changes a check; a change of its state writes a health_changed line to the log. Over the bound: ignored. */
void health_check_set(health_t *health, const char *name, health_state_t state, const char *text, int64_t now_ns);

void health_counter_set(health_t *health, const char *name, int64_t value);
void health_money_set(health_t *health, const char *name, dec_t value); /* a JSON string */
void health_text_set(health_t *health, const char *name, const char *text);

/* Worst check: any DOWN -> DOWN, any DEGRADED -> DEGRADED, any STARTING -> STARTING, else OK. */
health_state_t health_state(const health_t *health);
const char *health_state_text(health_state_t state); /* "starting" "ok" "degraded" "down" */

/* Writes the document and a NUL. RESULT_FULL when it does not fit (HEALTH_JSON_MAX always does). */
result_t health_write(const health_t *health, int64_t now_ns, char *buffer, size_t capacity, size_t *length);
