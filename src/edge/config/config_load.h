/* config_load.h: from files and environment to one checked config_t. Private to this room. */
#pragma once

#include "edge/config/config_file.h"
#include "edge/config/config_keys.h"
#include "edge/config/config_text.h"

/* A value as one source gave it. */
typedef struct {
    const char *name; /* the table's own text; NULL: this source says nothing of this key */
    uint32_t line;
    char text[CONFIG_VALUE_MAX]; /* in our form */
} config_given_t;

/* One load. Large: allocated for the time of the load. */
typedef struct {
    const config_options_t *options;
    config_report_t *report;
    char yaml_path[1024], env_path[1024];
    config_stamp_t yaml_stamp, env_stamp;
    config_source_t source; /* being read */
    config_given_t given[CONFIG_FROM_COUNT][CONFIG_KEYS_MAX];
    /* .env values that changed since the process began are stronger than its environment */
    bool dotenv_wins[CONFIG_KEYS_MAX];
    config_origin_t origin[CONFIG_KEYS_MAX];
    config_t config;
} config_load_t;

void config_report_add(config_report_t *report, config_severity_t severity, const char *place, const char *key, const char *text,
                       const char *fix);

/* "patriot.yaml:12", ".env:3", "environment", "defaults" */
void config_place(const config_load_t *load, config_source_t source, uint32_t line, char place[CONFIG_TEXT_MAX]);

/* Where a file stands that the configuration names: see config_path. */
void config_path_of(const config_load_t *load, const char *name, char *path, size_t capacity);

result_t config_load_paths(config_load_t *load, const config_options_t *options);

/* Reads all sources into load->given. RESULT_OK also when the report has errors; else the file system's own failure. */
result_t config_load_gather(config_load_t *load);

/* Chooses for each key, reads the values, checks the whole. Errors go to the report. */
void config_load_resolve(config_load_t *load);

/* SHA-256 over all keys but secrets. */
void config_digest(const config_t *config, uint8_t digest[32]);
