/*
 * SHA-256: the examples of NIST; tests/registry/sha256_lengths.py has more.
 * HMAC: the examples of RFC 4231.
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

/* A byte, so many times. */
#define TIMES4(byte) byte byte byte byte
#define TIMES20(byte) TIMES4(byte) TIMES4(byte) TIMES4(byte) TIMES4(byte) \
    TIMES4(byte)
#define TIMES50(byte) TIMES20(byte) TIMES20(byte) TIMES4(byte) TIMES4(byte) \
    byte byte
#define TIMES131(byte) TIMES50(byte) TIMES50(byte) TIMES20(byte) TIMES4(byte) \
    TIMES4(byte) byte byte byte

static const struct code_row {
    const char *name;
    imgrw_str key, data;
    const char *code;
} code_rows[] = {
    {"RFC 4231, case 1", IMGRW_STR_INIT(TIMES20("\x0b")),
     IMGRW_STR_INIT("Hi There"),
     "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
    {"RFC 4231, case 2", IMGRW_STR_INIT("Jefe"),
     IMGRW_STR_INIT("what do ya want for nothing?"),
     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    {"RFC 4231, case 3", IMGRW_STR_INIT(TIMES20("\xaa")),
     IMGRW_STR_INIT(TIMES50("\xdd")),
     "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
    {"RFC 4231, case 4",
     IMGRW_STR_INIT("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d"
                    "\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19"),
     IMGRW_STR_INIT(TIMES50("\xcd")),
     "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
    {"RFC 4231, case 6", IMGRW_STR_INIT(TIMES131("\xaa")),
     IMGRW_STR_INIT("Test Using Larger Than Block-Size Key - Hash Key First"),
     "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
    {"RFC 4231, case 7", IMGRW_STR_INIT(TIMES131("\xaa")),
     IMGRW_STR_INIT("This is a test using a larger than block-size key and a "
                    "larger than block-size data. The key needs to be hashed "
                    "before being used by the HMAC algorithm."),
     "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
};

static void
test_codes(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(code_rows); i++) {
        const struct code_row *row = &code_rows[i];
        char text[2 * IRW_SHA256_SIZE + 1];
        uint8_t code[IRW_SHA256_SIZE];

        support_row(&tally, "%s", row->name);
        irw_hmac_sha256(row->key, row->data.data, row->data.size, code);
        irw_sha256_hex(code, text);
        support_check_str(&tally, "code", support_str(text),
                          support_str(row->code));
    }
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_codes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
