/*
 * Times of RFC 3339: its examples, others with the seconds that GNU date has,
 * and what is refused, as Go's time.RFC3339 refuses it.
 */
#include "base/rfc3339.h"
#include "support.h"

#include <string.h>

static const struct read_row {
    const char *name, *text;
    int64_t seconds; /* 0: it is refused */
    const char *written;
} read_rows[] = {
    {"RFC 3339: fraction", "1985-04-12T23:20:50.52Z", 482196050,
     "1985-04-12T23:20:50Z"},
    {"RFC 3339: behind UTC", "1996-12-19T16:39:57-08:00", 851042397,
     "1996-12-20T00:39:57Z"},
    {"RFC 3339: second 60", "1990-12-31T23:59:60Z", 0, NULL},
    {"RFC 3339: before 1970", "1937-01-01T12:00:27.87+00:20", 0, NULL},
    {"the first second", "1970-01-01T00:00:01Z", 1, "1970-01-01T00:00:01Z"},
    {"the beginning itself", "1970-01-01T00:00:00Z", 0, NULL},
    {"1970 somewhere, 1969 in UTC", "1970-01-01T00:10:00+00:20", 0, NULL},
    {"1970 in UTC as well", "1970-01-01T00:30:00+00:20", 600,
     "1970-01-01T00:10:00Z"},
    {"29 February", "2000-02-29T12:00:00Z", 951825600, "2000-02-29T12:00:00Z"},
    {"no offset", "2024-02-29T23:59:59+00:00", 1709251199,
     "2024-02-29T23:59:59Z"},
    {"a year without it", "2100-03-01T00:00:00Z", 4107542400,
     "2100-03-01T00:00:00Z"},
    {"ahead of UTC", "2026-01-02T03:04:05+05:45", 1767302345,
     "2026-01-01T21:19:05Z"},
    {"far behind", "2026-01-02T03:04:05-23:59", 1767409385,
     "2026-01-03T03:03:05Z"},
    {"beyond 32 bits", "2038-01-19T03:14:08Z", 2147483648,
     "2038-01-19T03:14:08Z"},
    {"long fraction", "2026-01-02T03:04:05.999999999999999999999Z", 1767323045,
     "2026-01-02T03:04:05Z"},
    {"the last second", "9999-12-31T23:59:59Z", 253402300799,
     "9999-12-31T23:59:59Z"},
    {"year 10000 in UTC", "9999-12-31T23:59:59-00:01", 0, NULL},
    {"five digits", "10000-01-01T00:00:00Z", 0, NULL},
    {"empty", "", 0, NULL},
    {"date alone", "2026-01-02", 0, NULL},
    {"no zone", "2026-01-02T03:04:05", 0, NULL},
    {"no seconds", "2026-01-02T03:04Z", 0, NULL},
    {"blank for T", "2026-01-02 03:04:05Z", 0, NULL},
    {"small letters", "2026-01-02t03:04:05z", 0, NULL},
    {"one digit", "2026-1-02T03:04:05Z", 0, NULL},
    {"sign", "+026-01-02T03:04:05Z", 0, NULL},
    {"blank in a number", "2026- 1-02T03:04:05Z", 0, NULL},
    {"no month", "2026-00-02T03:04:05Z", 0, NULL},
    {"month 13", "2026-13-02T03:04:05Z", 0, NULL},
    {"no day", "2026-01-00T03:04:05Z", 0, NULL},
    {"29 February 2026", "2026-02-29T03:04:05Z", 0, NULL},
    {"31 April", "2026-04-31T03:04:05Z", 0, NULL},
    {"day 32", "2026-01-32T03:04:05Z", 0, NULL},
    {"hour 24", "2026-01-02T24:00:00Z", 0, NULL},
    {"minute 60", "2026-01-02T03:60:05Z", 0, NULL},
    {"no fraction", "2026-01-02T03:04:05.Z", 0, NULL},
    {"comma", "2026-01-02T03:04:05,5Z", 0, NULL},
    {"offset of 24 hours", "2026-01-02T03:04:05+24:00", 0, NULL},
    {"offset of 60 minutes", "2026-01-02T03:04:05+01:60", 0, NULL},
    {"offset without colon", "2026-01-02T03:04:05+0100", 0, NULL},
    {"offset of hours", "2026-01-02T03:04:05+01", 0, NULL},
    {"offset and Z", "2026-01-02T03:04:05+01:00Z", 0, NULL},
    {"minus and Z", "2026-01-02T03:04:05-Z", 0, NULL},
    {"something behind", "2026-01-02T03:04:05Z ", 0, NULL},
    {"something in front", " 2026-01-02T03:04:05Z", 0, NULL},
    {"a number", "1767323045", 0, NULL},
};

static void
test_read(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(read_rows); i++) {
        const struct read_row *row = &read_rows[i];
        int64_t seconds = 0;
        bool is_read = irw_time_read(support_str(row->text), &seconds);
        char written[IRW_TIME_SIZE];

        support_row(&tally, "%s", row->name);
        support_check(&tally, is_read == (row->seconds > 0), "it is %s",
                      is_read ? "read" : "refused");
        if (!is_read || row->seconds == 0)
            continue;
        support_check(&tally, seconds == row->seconds, "%lld seconds",
                      (long long)seconds);
        irw_time_write(row->seconds, written);
        support_check_str(&tally, "written", support_str(written),
                          support_str(row->written));
    }
    support_finish(&tally);
}

/* No beginning of a time is one, and nothing is read beyond its end. */
static void
test_cut(void **state)
{
    static const char text[] = "2026-01-02T03:04:05.25+05:45";
    int64_t seconds;

    (void)state;
    for (size_t size = 0; size < sizeof(text) - 1; size++)
        assert_false(irw_time_read((imgrw_str){text, size}, &seconds));
    assert_false(irw_time_read((imgrw_str){NULL, 0}, &seconds));
    assert_true(irw_time_read((imgrw_str){text, sizeof(text) - 1}, &seconds));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
