/*
 * Base64: the vectors of RFC 4648, section 10, and what is refused.
 */
#include "base/base64.h"
#include "support.h"

#include <string.h>

static const struct pair_row {
    const char *name;
    imgrw_str data;
    const char *text;
} pair_rows[] = {
    {"RFC 4648: nothing", {"", 0}, ""},
    {"RFC 4648: f", {"f", 1}, "Zg=="},
    {"RFC 4648: fo", {"fo", 2}, "Zm8="},
    {"RFC 4648: foo", {"foo", 3}, "Zm9v"},
    {"RFC 4648: foob", {"foob", 4}, "Zm9vYg=="},
    {"RFC 4648: fooba", {"fooba", 5}, "Zm9vYmE="},
    {"RFC 4648: foobar", {"foobar", 6}, "Zm9vYmFy"},
    {"first digit", {"\0\0\0", 3}, "AAAA"},
    {"last digit", {"\xFF\xFF\xFF", 3}, "////"},
    {"last but one", {"\xFB\xEF\xBE", 3}, "++++"},
    {"all digits",
     {"\x00\x10\x83\x10\x51\x87\x20\x92\x8B\x30\xD3\x8F\x41\x14\x93\x51"
      "\x55\x97\x61\x96\x9B\x71\xD7\x9F\x82\x18\xA3\x92\x59\xA7\xA2\x9A"
      "\xAB\xB2\xDB\xAF\xC3\x1C\xB3\xD3\x5D\xB7\xE3\x9E\xBB\xF3\xDF\xBF",
      48},
     "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"},
};

static void
test_pairs(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(pair_rows); i++) {
        const struct pair_row *row = &pair_rows[i];
        imgrw_str text = support_str(row->text);
        char encoded[100], decoded[100];
        size_t size = irw_base64_size(row->data.size);

        support_row(&tally, "%s", row->name);
        if (!support_check(&tally, size == text.size, "%zu bytes", size))
            continue;
        irw_base64_encode(row->data, encoded);
        support_check_str(&tally, "encoded", (imgrw_str){encoded, size}, text);
        support_check(&tally, irw_base64_decode(text, decoded, &size),
                      "refused");
        support_check_str(&tally, "decoded", (imgrw_str){decoded, size},
                          row->data);
    }
    support_finish(&tally);
}

/* What else is read, as Go reads it, or not; NULL for the latter. */
static const struct text_row {
    const char *name, *text, *data;
} text_rows[] = {
    {"line feed", "Zm9v\nYmFy\n", "foobar"},
    {"line breaks of mail", "Zm9v\r\nYmFy\r\n", "foobar"},
    {"line break inside of a group", "Zm\n9v", "foo"},
    {"line break inside of the padding", "Zg=\n=", "f"},
    {"bits after the end", "Zh==", "f"},
    {"one padding missing", "Zg=", NULL},
    {"padding missing", "Zg", NULL},
    {"three digits", "Zm9", NULL},
    {"one digit", "Z", NULL},
    {"three paddings", "Z===", NULL},
    {"four paddings", "====", NULL},
    {"padding too much", "Zm8==", NULL},
    {"padding after a group", "Zm9v=", NULL},
    {"digit after a padding", "Zg=a", NULL},
    {"group after the padding", "Zg==Zg==", NULL},
    {"blank", "Zm9v YmFy", NULL},
    {"alphabet for file names", "-_-_", NULL},
    {"not ASCII", "Zm9\xC3\xB6", NULL},
    {"quotes", "\"Zm9v\"", NULL},
};

static void
test_texts(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(text_rows); i++) {
        const struct text_row *row = &text_rows[i];
        char data[100];
        size_t size;
        bool read = irw_base64_decode(support_str(row->text), data, &size);

        support_row(&tally, "%s", row->name);
        if (support_check(&tally, read == !!row->data, "read: %d", read) &&
            read)
            support_check_str(&tally, "data", (imgrw_str){data, size},
                              support_str(row->data));
    }
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_texts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
