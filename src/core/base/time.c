/* time.c: the calendar. Civil dates are counted in eras of 400 years (146,097 days) that begin on 1 March, so that the leap day is
 * the last day of a year and no month needs a table: day of year of the month m counted from March is (153 * m + 2) / 5. */
#include "core/base/time.h"

#include "core/base/assert.h"

#include <stdbool.h>

enum {
    DAYS_PER_ERA = 146097,
    YEARS_PER_ERA = 400,
    DAYS_TO_1970 = 719468, /* from 1 March of year 0 */
};

void time_civil_from_days(int64_t days, int *year, unsigned *month, unsigned *day)
{
    int64_t shifted = days + DAYS_TO_1970;
    int64_t era = (shifted >= 0 ? shifted : shifted - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
    int64_t day_of_era = shifted - era * DAYS_PER_ERA;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t from_march = (5 * day_of_year + 2) / 153;
    int64_t civil_month = from_march < 10 ? from_march + 3 : from_march - 9;
    *day = (unsigned)(day_of_year - (153 * from_march + 2) / 5 + 1);
    *month = (unsigned)civil_month;
    *year = (int)(year_of_era + era * YEARS_PER_ERA + (civil_month <= 2 ? 1 : 0));
}

int64_t time_days_from_civil(int year, unsigned month, unsigned day)
{
    ASSERT(month >= 1 && month <= 12 && day >= 1 && day <= 31);
    int64_t from_march_year = (int64_t)year - (month <= 2 ? 1 : 0);
    int64_t era = (from_march_year >= 0 ? from_march_year : from_march_year - (YEARS_PER_ERA - 1)) / YEARS_PER_ERA;
    int64_t year_of_era = from_march_year - era * YEARS_PER_ERA;
    int64_t from_march = month > 2 ? (int64_t)month - 3 : (int64_t)month + 9;
    int64_t day_of_year = (153 * from_march + 2) / 5 + (int64_t)day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_PER_ERA + day_of_era - DAYS_TO_1970;
}

static char *put_number(char *at, uint64_t value, unsigned digits)
{
    for (unsigned i = digits; i > 0; i--) {
        at[i - 1] = (char)('0' + value % 10);
        value /= 10;
    }
    return at + digits;
}

size_t time_format(int64_t time_ns, unsigned digits, char buffer[TIME_TEXT_MAX])
{
    ASSERT(digits == 0 || digits == 3 || digits == 6 || digits == 9);
    int64_t days = time_ns / NS_PER_DAY - (time_ns % NS_PER_DAY < 0 ? 1 : 0);
    int64_t rest_ns = time_ns % NS_PER_DAY + (time_ns % NS_PER_DAY < 0 ? NS_PER_DAY : 0);
    int year;
    unsigned month, day;
    time_civil_from_days(days, &year, &month, &day);

    char *at = put_number(buffer, (uint64_t)year, 4);
    *at++ = '-';
    at = put_number(at, month, 2);
    *at++ = '-';
    at = put_number(at, day, 2);
    *at++ = 'T';
    at = put_number(at, (uint64_t)(rest_ns / NS_PER_HOUR), 2);
    *at++ = ':';
    at = put_number(at, (uint64_t)(rest_ns / NS_PER_MIN % 60), 2);
    *at++ = ':';
    at = put_number(at, (uint64_t)(rest_ns / NS_PER_S % 60), 2);
    if (digits > 0) {
        uint64_t fraction = (uint64_t)(rest_ns % NS_PER_S);
        for (unsigned i = digits; i < 9; i++) {
            fraction /= 10;
        }
        *at++ = '.';
        at = put_number(at, fraction, digits);
    }
    *at++ = 'Z';
    *at = '\0';
    return (size_t)(at - buffer);
}

/* Reads `digits` digits at `at`; -1 when one is something else. */
static int64_t read_number(const char *at, size_t digits)
{
    int64_t value = 0;
    for (size_t i = 0; i < digits; i++) {
        if (at[i] < '0' || at[i] > '9') {
            return -1;
        }
        value = value * 10 + (at[i] - '0');
    }
    return value;
}

static unsigned days_in_month(int64_t year, int64_t month)
{
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (month == 2) {
        return leap ? 29 : 28;
    }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/* ".123", ".123456" or ".123456789" -> ns; -1 when it is none of these. */
static int64_t read_fraction_ns(const char *at, size_t length)
{
    if (at[0] != '.' || (length != 4 && length != 7 && length != 10)) {
        return -1;
    }
    int64_t value = read_number(at + 1, length - 1);
    for (size_t digits = length - 1; digits < 9 && value > 0; digits++) {
        value *= 10;
    }
    return value;
}

result_t time_parse(const char *text, size_t length, int64_t *out_ns)
{
    enum { SECONDS_LENGTH = 19, YEAR_FIRST = 1970, YEAR_LAST = 2262 };
    if (length > 0 && text[length - 1] == 'Z') {
        length--;
    }
    if (length < SECONDS_LENGTH || text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != ' ') || text[13] != ':' ||
        text[16] != ':') {
        return RESULT_TIME_MALFORMED;
    }
    int64_t year = read_number(text, 4);
    int64_t month = read_number(text + 5, 2);
    int64_t day = read_number(text + 8, 2);
    int64_t hour = read_number(text + 11, 2);
    int64_t minute = read_number(text + 14, 2);
    int64_t second = read_number(text + 17, 2);
    int64_t fraction_ns = length == SECONDS_LENGTH ? 0 : read_fraction_ns(text + SECONDS_LENGTH, length - SECONDS_LENGTH);
    bool fields = year >= 0 && hour >= 0 && minute >= 0 && second >= 0 && fraction_ns >= 0;
    if (!fields || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month) || hour > 23 || minute > 59 ||
        second > 59) {
        return RESULT_TIME_MALFORMED;
    }
    if (year < YEAR_FIRST || year > YEAR_LAST) {
        return RESULT_NUMBER_OUT_OF_RANGE;
    }
    int64_t days = time_days_from_civil((int)year, (unsigned)month, (unsigned)day);
    int64_t day_ns = hour * NS_PER_HOUR + minute * NS_PER_MIN + second * NS_PER_S + fraction_ns;
    if (days > (INT64_MAX - day_ns) / NS_PER_DAY) {
        return RESULT_NUMBER_OUT_OF_RANGE; /* after 2262-04-11T23:47:16.854775807Z */
    }
    *out_ns = days * NS_PER_DAY + day_ns;
    return RESULT_OK;
}
