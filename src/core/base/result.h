/* result.h: every way a call can fail, as a value, with its words in one place.
 *
 * A function that can fail returns result_t and writes through out-parameters; a failed call changes nothing. The text is for
 * people: it says what is wrong; the caller adds the place (file:line, symbol, field) and the fix.
 */
#pragma once

/* X(name, text). Groups stand together; add a row to the group it belongs to. */
#define RESULT_TABLE(X)                                                                                                            \
    X(OK, "ok")                                                                                                                    \
    /* text and numbers */                                                                                                         \
    X(TEXT_EMPTY, "nothing there where a value is needed")                                                                         \
    X(TEXT_TOO_LONG, "longer than allowed")                                                                                        \
    X(TEXT_BAD_CHARACTER, "has a character that is not allowed")                                                                   \
    X(NUMBER_MALFORMED, "not a plain decimal number")                                                                              \
    X(NUMBER_TOO_PRECISE, "more than 18 digits after the point")                                                                   \
    X(NUMBER_OUT_OF_RANGE, "number outside the allowed range")                                                                     \
    X(DIVISION_BY_ZERO, "division by zero")                                                                                        \
    X(TIME_MALFORMED, "not a UTC time of the form 2026-01-31T23:59:59Z")                                                           \
    /* containers */                                                                                                               \
    X(FULL, "no room left: the bound was reached")                                                                                 \
    X(EMPTY, "nothing stored")                                                                                                     \
    X(NOT_FOUND, "not found")                                                                                                      \
    X(DUPLICATE, "already there")                                                                                                  \
    X(BAD_ARGUMENT, "argument outside its documented range")                                                                       \
    X(BAD_STATE, "not possible in the present state")                                                                              \
    /* bytes from outside */                                                                                                       \
    X(TRUNCATED, "ends before it is complete")                                                                                     \
    X(MALFORMED, "not of the expected form")                                                                                       \
    X(FIELD_MISSING, "a required field is missing")                                                                                \
    X(FIELD_WRONG_TYPE, "a field has the wrong type")                                                                              \
    X(UNKNOWN_VALUE, "a value that is not known here")                                                                             \
    X(CHECKSUM, "the checksum does not match: the bytes are damaged")                                                              \
    X(VERSION, "made by a version that this one cannot read")                                                                      \
    X(OUT_OF_ORDER, "arrived out of order")                                                                                        \
    X(GAP, "something between the last and this one is missing")                                                                   \
    X(STALE, "too old")                                                                                                            \
    /* the world */                                                                                                                \
    X(IO, "the operating system reported an error")                                                                                \
    X(DISK_FULL, "no space left on the disk")                                                                                      \
    X(LOCKED, "held by another process")                                                                                           \
    X(ADDRESS_IN_USE, "the address is in use by another program")                                                                  \
    X(REFUSED, "connection refused")                                                                                               \
    X(UNREACHABLE, "the host cannot be reached or its name is not known")                                                          \
    X(TIMEOUT, "no answer in time")                                                                                                \
    X(CLOSED, "the connection is closed")                                                                                          \
    X(TLS, "the TLS connection could not be verified")                                                                             \
    X(PERMISSION, "not permitted")                                                                                                 \
    X(BUDGET, "the request budget is used up")                                                                                     \
    X(BANNED, "the exchange has banned this address for a time")                                                                   \
    X(UNSUPPORTED, "not supported")

typedef enum {
#define RESULT_ENUM(name, text) RESULT_##name,
    RESULT_TABLE(RESULT_ENUM)
#undef RESULT_ENUM
        RESULT_COUNT
} result_t;

/* Never NULL; an out-of-range value gives "unknown result". */
const char *result_text(result_t result);

/* The name without its prefix, for logs and tests ("NUMBER_TOO_PRECISE"). Never NULL. */
const char *result_name(result_t result);
