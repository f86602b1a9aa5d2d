#include "base/rfc3339.h"
#include "base/str.h"

#include <time.h>

/* Takes a character from the beginning of the text. */
static bool
take_mark(imgrw_str *text, char mark)
{
    if (text->size == 0 || text->data[0] != mark)
        return false;
    *text = irw_slice(*text, 1, text->size);
    return true;
}

/* Takes a number of so many digits. */
static bool
take_number(imgrw_str *text, size_t digits, int *number)
{
    *number = 0;
    if (text->size < digits)
        return false;
    for (size_t i = 0; i < digits; i++) {
        if (!irw_is_digit(text->data[i]))
            return false;
        *number = *number * 10 + (text->data[i] - '0');
    }
    *text = irw_slice(*text, digits, text->size);
    return true;
}

/* Takes hours and minutes. */
static bool
take_minutes(imgrw_str *text, int *hours, int *minutes)
{
    return take_number(text, 2, hours) && take_mark(text, ':') &&
           take_number(text, 2, minutes) && *hours < 24 && *minutes < 60;
}

/* Takes "." and digits, if there is a ".". */
static bool
take_fraction(imgrw_str *text)
{
    int digit;

    if (!take_mark(text, '.'))
        return true;
    if (!take_number(text, 1, &digit))
        return false;
    while (take_number(text, 1, &digit))
        ;
    return true;
}

/* Takes "Z", or how many seconds a clock is ahead of UTC. */
static bool
take_offset(imgrw_str *text, int64_t *offset)
{
    bool is_behind = take_mark(text, '-');
    int hours, minutes;

    *offset = 0;
    if (!is_behind && take_mark(text, 'Z'))
        return true;
    if ((!is_behind && !take_mark(text, '+')) ||
        !take_minutes(text, &hours, &minutes))
        return false;
    *offset = (is_behind ? -60 : 60) * (hours * INT64_C(60) + minutes);
    return true;
}

/* Takes the date and what a clock shows then. */
static bool
take_clock(imgrw_str *text, struct tm *parts)
{
    return take_number(text, 4, &parts->tm_year) && take_mark(text, '-') &&
           take_number(text, 2, &parts->tm_mon) && take_mark(text, '-') &&
           take_number(text, 2, &parts->tm_mday) && take_mark(text, 'T') &&
           take_minutes(text, &parts->tm_hour, &parts->tm_min) &&
           take_mark(text, ':') && take_number(text, 2, &parts->tm_sec) &&
           parts->tm_sec < 60;
}

bool
irw_time_read(imgrw_str text, int64_t *seconds)
{
    struct tm given = {0}, parts;
    int64_t offset;

    if (!take_clock(&text, &given) || !take_fraction(&text) ||
        !take_offset(&text, &offset) || text.size > 0)
        return false;
    given.tm_year -= 1900;
    given.tm_mon--;
    parts = given;
    *seconds = (int64_t)timegm(&parts) - offset;
    /* a day that the month does not have becomes one of the next month */
    return parts.tm_mon == given.tm_mon && parts.tm_mday == given.tm_mday &&
           *seconds > 0 && *seconds <= IRW_TIME_MAX;
}

void
irw_time_write(int64_t seconds, char text[static IRW_TIME_SIZE])
{
    time_t time = (time_t)seconds;
    struct tm parts;

    text[0] = '\0';
    if (gmtime_r(&time, &parts))
        strftime(text, IRW_TIME_SIZE, "%Y-%m-%dT%H:%M:%SZ", &parts);
}
