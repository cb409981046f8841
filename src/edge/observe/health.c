/* health.c: gathers checks and counters, writes them as one JSON document. */
#include "edge/observe/health.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/time.h"
#include "edge/json/json_writer.h"
#include "edge/observe/log.h"
#include "edge/observe/process.h"

void health_init(health_t *health, const char *role, int64_t now_ns)
{
    memset(health, 0, sizeof *health);
    health->role = role;
    health->started_ns = now_ns;
}

static void text_set(char *to, size_t capacity, const char *text)
{
    size_t length = strnlen(text, capacity - 1);
    memcpy(to, text, length);
    to[length] = '\0';
}

const char *health_state_text(health_state_t state)
{
    static const char *const texts[] = {"starting", "ok", "degraded", "down"};
    return (unsigned)state < sizeof texts / sizeof texts[0] ? texts[state] : "unknown";
}

static health_check_t *check_find(health_t *health, const char *name)
{
    for (uint32_t i = 0; i < health->check_count; i++) {
        if (strncmp(health->checks[i].name, name, HEALTH_NAME_MAX - 1) == 0) {
            return &health->checks[i];
        }
    }
    return NULL;
}

void health_check_set(health_t *health, const char *name, health_state_t state, const char *text, int64_t now_ns)
{
    health_check_t *check = check_find(health, name);
    bool changed = check == NULL || check->state != state;
    if (check == NULL) {
        if (health->check_count == HEALTH_CHECKS_MAX) {
            return;
        }
        check = &health->checks[health->check_count++];
        text_set(check->name, sizeof check->name, name);
    }
    text_set(check->text, sizeof check->text, text);
    check->state = state;
    if (changed) {
        check->since_ns = now_ns;
        log_write(state == HEALTH_DOWN       ? LOG_ERROR
                  : state == HEALTH_DEGRADED ? LOG_WARNING
                                             : LOG_INFO,
                  LOG_EVENT_HEALTH_CHANGED, NULL, text,
                  LOG_FIELDS(LOG_TEXT("check", name), LOG_TEXT("state", health_state_text(state))));
    }
}

static health_counter_t *counter_at(health_t *health, const char *name)
{
    for (uint32_t i = 0; i < health->counter_count; i++) {
        if (strncmp(health->counters[i].name, name, HEALTH_NAME_MAX - 1) == 0) {
            return &health->counters[i];
        }
    }
    if (health->counter_count == HEALTH_COUNTERS_MAX) {
        return NULL;
    }
    health_counter_t *counter = &health->counters[health->counter_count++];
    text_set(counter->name, sizeof counter->name, name);
    return counter;
}

void health_counter_set(health_t *health, const char *name, int64_t value)
{
    health_counter_t *counter = counter_at(health, name);
    if (counter != NULL) {
        counter->kind = HEALTH_COUNTER_NUMBER;
        counter->value = value;
    }
}

void health_text_set(health_t *health, const char *name, const char *text)
{
    health_counter_t *counter = counter_at(health, name);
    if (counter != NULL) {
        counter->kind = HEALTH_COUNTER_TEXT;
        text_set(counter->text, sizeof counter->text, text);
    }
}

void health_money_set(health_t *health, const char *name, dec_t value)
{
    char text[DEC_TEXT_MAX];
    (void)dec_format(value, text);
    health_text_set(health, name, text);
}

health_state_t health_state(const health_t *health)
{
    bool starting = false;
    bool degraded = false;
    for (uint32_t i = 0; i < health->check_count; i++) {
        if (health->checks[i].state == HEALTH_DOWN) {
            return HEALTH_DOWN;
        }
        degraded = degraded || health->checks[i].state == HEALTH_DEGRADED;
        starting = starting || health->checks[i].state == HEALTH_STARTING;
    }
    return degraded ? HEALTH_DEGRADED : starting ? HEALTH_STARTING : HEALTH_OK;
}

static void write_log_part(json_writer_t *writer)
{
    log_counters_t counters = log_counters();
    json_write_key(writer, "log");
    json_begin_object(writer);
    json_field_string(writer, "level", log_level_text(log_level_get()));
    json_field_u64(writer, "errors", counters.errors);
    json_field_u64(writer, "warnings", counters.warnings);
    json_field_u64(writer, "lines_lost", counters.lines_lost);
    json_field_string(writer, "last_error", counters.last_error);
    json_end_object(writer);
}

static void write_checks(json_writer_t *writer, const health_t *health)
{
    json_write_key(writer, "checks");
    json_begin_array(writer);
    for (uint32_t i = 0; i < health->check_count; i++) {
        char stamp[TIME_TEXT_MAX];
        (void)time_format(health->checks[i].since_ns, 3, stamp);
        json_begin_object(writer);
        json_field_string(writer, "name", health->checks[i].name);
        json_field_string(writer, "state", health_state_text(health->checks[i].state));
        json_field_string(writer, "text", health->checks[i].text);
        json_field_string(writer, "since", stamp);
        json_end_object(writer);
    }
    json_end_array(writer);
}

result_t health_write(const health_t *health, int64_t now_ns, char *buffer, size_t capacity, size_t *length)
{
    char since[TIME_TEXT_MAX];
    process_usage_t usage = {0};
    json_writer_t writer;
    str_t text;
    (void)time_format(health->started_ns, 3, since);
    (void)process_usage_read(&usage); /* zeros say that the kernel did not tell */
    if (capacity == 0) {
        return RESULT_FULL;
    }
    json_writer_init(&writer, buffer, capacity - 1);
    json_begin_object(&writer);
    json_field_string(&writer, "role", health->role);
    json_field_u64(&writer, "pid", (uint64_t)getpid());
    json_field_string(&writer, "version", PATRIOT_VERSION);
    json_field_string(&writer, "state", health_state_text(health_state(health)));
    json_field_string(&writer, "since", since);
    json_field_i64(&writer, "uptime_ms", (now_ns - health->started_ns) / NS_PER_MS);
    json_field_u64(&writer, "rss_bytes", usage.rss_bytes);
    json_field_u64(&writer, "pss_bytes", usage.pss_bytes);
    json_field_u64(&writer, "descriptors", usage.descriptors);
    json_field_i64(&writer, "cpu_ms", usage.cpu_ns / NS_PER_MS);
    write_log_part(&writer);
    write_checks(&writer, health);
    json_write_key(&writer, "counters");
    json_begin_object(&writer);
    for (uint32_t i = 0; i < health->counter_count; i++) {
        const health_counter_t *counter = &health->counters[i];
        if (counter->kind == HEALTH_COUNTER_TEXT) {
            json_field_string(&writer, counter->name, counter->text);
        } else {
            json_field_i64(&writer, counter->name, counter->value);
        }
    }
    json_end_object(&writer);
    json_end_object(&writer);
    result_t result = json_writer_finish(&writer, &text);
    if (result != RESULT_OK) {
        return result;
    }
    buffer[text.length] = '\0';
    *length = text.length;
    return RESULT_OK;
}
