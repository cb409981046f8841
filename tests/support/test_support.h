/* test_support.h: what many tests need beside cmocka: comparisons of our own values, beliefs that must break, folders that vanish.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/dec.h"
#include "core/base/result.h"

/* "64000.5" -> dec_t; a text that is none fails the test. */
dec_t test_dec(const char *text);

void test_assert_dec_equal(dec_t value, const char *text, const char *file, int line);
#define assert_dec_equal(value, text) test_assert_dec_equal((value), (text), __FILE__, __LINE__)

/* Compares result codes and prints their names. */
void test_assert_result(result_t actual, result_t expected, const char *file, int line);
#define assert_result(actual, expected) test_assert_result((actual), (expected), __FILE__, __LINE__)
#define assert_ok(actual)               test_assert_result((actual), RESULT_OK, __FILE__, __LINE__)

/* Runs `act` and demands that an ASSERT in it breaks (abort is caught; the state it leaves must not be used again). */
void test_assert_aborts(void (*act)(void *context), void *context, const char *file, int line);
#define assert_aborts(act, context) test_assert_aborts((act), (context), __FILE__, __LINE__)

enum { TEST_PATH_MAX = 512 };

/* A fresh empty folder under $TMPDIR or /tmp. */
void test_dir_make(char path[TEST_PATH_MAX]);

/* Removes the folder and what is in it. */
void test_dir_remove(const char *path);

/* The folder of real market data beside the project, or $PATRIOT_DATA: false when it is not there. */
_Bool test_data_path(const char *name, char path[TEST_PATH_MAX]);

/* True when the long form of tests is asked for (PATRIOT_LONG=1). */
_Bool test_is_long(void);
