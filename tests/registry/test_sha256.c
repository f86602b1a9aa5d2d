/*
 * SHA-256: the examples of NIST. tests/registry/sha256_lengths.py has more.
 */
#include "registry/sha256.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

/* Of `text`, so many times. */
static const struct row {
    const char *name, *text;
    size_t times;
    const char *digest;
} rows[] = {
    {"nothing", "", 1,
     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"one block", "abc", 1,
     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"two blocks, 448 bits",
     "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {"two blocks, 896 bits",
     "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
     "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
     1, "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
    {"a million times", "a", 1000000,
     "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
};

static void
test_rows(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        size_t length = strlen(rows[i].text), size = length * rows[i].times;
        char *data = malloc(size + 1), text[2 * IRW_SHA256_SIZE + 1];
        uint8_t digest[IRW_SHA256_SIZE];

        assert_non_null(data);
        support_row(&tally, "%s", rows[i].name);
        for (size_t at = 0; at < size; at += length)
            memcpy(data + at, rows[i].text, length);
        irw_sha256(data, size, digest);
        irw_sha256_hex(digest, text);
        support_check_str(&tally, "digest", support_str(text),
                          support_str(rows[i].digest));
        free(data);
    }
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
