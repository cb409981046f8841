/* zone.c: see zone.h. */
#include "edge/observe/zone.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/base/time.h"

#define ZONES "/usr/share/zoneinfo/"

static bool is_utc = true;

/* A name is a path below the system's folder: nothing that leads out of it. */
static bool is_name(const char *name)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/";
    return name[0] != '\0' && name[0] != '/' && strlen(name) < ZONE_NAME_MAX && strspn(name, letters) == strlen(name);
}

bool zone_is_known(const char *name)
{
    char path[sizeof ZONES + ZONE_NAME_MAX], magic[4] = {0};
    if (strcmp(name, "UTC") == 0) {
        return true;
    }
    if (!is_name(name)) {
        return false;
    }
    (void)snprintf(path, sizeof path, ZONES "%s", name);
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return false;
    }
    const bool rules = read(descriptor, magic, sizeof magic) == (ssize_t)sizeof magic && memcmp(magic, "TZif", sizeof magic) == 0;
    (void)close(descriptor);
    return rules;
}

void zone_begin(const char *name)
{
    is_utc = strcmp(name, "UTC") == 0 || !zone_is_known(name) || setenv("TZ", name, 1) != 0;
    tzset();
}

size_t zone_format(int64_t time_ns, unsigned digits, char text[ZONE_TEXT_MAX])
{
    struct tm local;
    const time_t seconds = (time_t)(time_floor(time_ns, NS_PER_S) / NS_PER_S);
    if (is_utc || localtime_r(&seconds, &local) == NULL) {
        return time_format(time_ns, digits, text);
    }
    const long offset_min = local.tm_gmtoff / 60, distance_min = offset_min < 0 ? -offset_min : offset_min;
    const size_t length = time_format(time_ns + offset_min * NS_PER_MIN, digits, text) - 1; /* without the Z */
    return length + (size_t)snprintf(text + length, ZONE_TEXT_MAX - length, "%c%02ld:%02ld", offset_min < 0 ? '-' : '+',
                                     distance_min / 60, distance_min % 60);
}

void zone_show(char *text, size_t capacity)
{
    char shown[ZONE_TEXT_MAX];
    int64_t time_ns = 0;
    const size_t length = strlen(text);
    if (is_utc || length < sizeof "2026-11-21T12:34:56Z" - 1 || text[length - 1] != 'Z' ||
        time_parse(text, length, &time_ns) != RESULT_OK) {
        return;
    }
    const size_t fraction = length - (sizeof "2026-11-21T12:34:56Z" - 1);
    if (zone_format(time_ns, fraction > 0 ? (unsigned)fraction - 1 : 0, shown) < capacity) {
        memcpy(text, shown, strlen(shown) + 1);
    }
}
