/* assert.h: statements about what the programmer believes. They stay on in release builds; input never reaches one unchecked.
 *
 * The core has no I/O, so a broken belief aborts; the process's crash handler (edge/observe) tells the operator which.
 */
#pragma once

_Noreturn void base_assert_failed(const char *expression, const char *file, int line);

#define ASSERT(expression) ((expression) ? (void)0 : base_assert_failed(#expression, __FILE__, __LINE__))
