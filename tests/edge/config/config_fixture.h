/* config_fixture.h: a folder of configuration files, written and loaded; for the tests of this folder. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/time.h"
#include "edge/config/config.h"
#include "edge/config/config_keys.h"
#include "support/test_support.h"

static char folder[TEST_PATH_MAX];
static config_report_t report;
static char words[65536];
static const char *const no_environment[] = {NULL};

static inline int setup(void **state)
{
    (void)state;
    test_dir_make(folder);
    return 0;
}

static inline int teardown(void **state)
{
    (void)state;
    test_dir_remove(folder);
    return 0;
}

static inline void put(const char *name, const char *text)
{
    char path[TEST_PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0600), 0);
}

static inline result_t load_with(const char *const *environment, config_store_t **store)
{
    config_options_t options = {.folder = folder, .environment = environment};
    result_t result = config_open(&options, store, &report);
    (void)config_report_write(&report, words, sizeof words);
    return result;
}

static inline result_t load(config_store_t **store)
{
    return load_with(no_environment, store);
}

static inline config_store_t *load_good(const char *const *environment)
{
    config_store_t *store = NULL;
    result_t result = load_with(environment, &store);
    if (result != RESULT_OK) {
        print_message("%s", words);
    }
    assert_int_equal(result, RESULT_OK);
    return store;
}

static inline void load_bad(const char *const *environment)
{
    config_store_t *store = NULL;
    assert_int_equal(load_with(environment, &store), RESULT_MALFORMED);
    assert_null(store);
}

static inline bool dec_is(dec_t value, const char *text)
{
    dec_t wanted;
    return dec_parse(text, strlen(text), &wanted) == RESULT_OK && dec_eq(value, wanted);
}

static inline size_t index_of(const char *path)
{
    config_change_of_form_t form;
    size_t index = config_key_by_path(path, &form);
    assert_true(index < config_key_count());
    return index;
}
