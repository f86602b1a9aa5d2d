/*
 * Memory and work grow with the text, and not with its square: counted in bytes
 * that are allocated or searched, which are the same on every machine. The
 * linker puts the functions here in the place of the C library's (--wrap).
 */
#include "allocator.h"
#include "callbacks.h"

#include <imgrewrite/imgrewrite.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define IMAGES 250
#define DOCUMENTS 5000
#define DEPTH 4 /* the documents inside of each other that are searched */

static size_t searched;

void *__real_memchr(const void *bytes, int byte, size_t size);
void *__real_memrchr(const void *bytes, int byte, size_t size);
void *__wrap_memchr(const void *bytes, int byte, size_t size);
void *__wrap_memrchr(const void *bytes, int byte, size_t size);

void *
__wrap_memchr(const void *bytes, int byte, size_t size)
{
    const char *found = __real_memchr(bytes, byte, size);

    searched += found ? (size_t)(found - (const char *)bytes) + 1 : size;
    return (void *)(uintptr_t)found;
}

void *
__wrap_memrchr(const void *bytes, int byte, size_t size)
{
    const char *found = __real_memrchr(bytes, byte, size);

    searched += found ? size - (size_t)(found - (const char *)bytes) : size;
    return (void *)(uintptr_t)found;
}

/* `count` pods, inside of `depth` ConfigMaps, each the value of the one around
 * it; the caller frees `data`. */
static imgrw_str
make_nested(unsigned depth, unsigned count)
{
    char *text;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    assert_non_null(stream);
    for (unsigned i = 0; i < depth; i++)
        fprintf(stream, "%*skind: ConfigMap\n%*sdata:\n%*sa: |\n", 2 * i, "",
                2 * i, "", 2 * i + 1, "");
    for (unsigned i = 0; i < count; i++)
        fprintf(stream, "%*s- {kind: Pod, spec: {containers: [{image: "
                        "\"nginx:%u\"}]}}\n", 2 * depth, "", i);
    assert_int_equal(fclose(stream), 0);
    return (imgrw_str){text, size};
}

/* `count` documents, each with two images and two things to warn of; the caller
 * frees `data`. */
static imgrw_str
make_documents(unsigned count)
{
    char *text;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    assert_non_null(stream);
    for (unsigned i = 0; i < count; i++)
        fprintf(stream, "--- {kind: Pod, spec: {containers: [\n"
                        " {image: \"nginx:\\x31\", image: b}]}}\n");
    assert_int_equal(fclose(stream), 0);
    return (imgrw_str){text, size};
}

/* Parses and, with rules, plans; returns how many bytes that allocated. */
static size_t
bytes_of(imgrw_str text, const struct imgrw_rules *rules, unsigned count)
{
    const struct imgrw_parse_options everywhere = {
        .size = sizeof(everywhere),
        .find = IMGRW_FIND_ALL,
    };
    struct imgrw_manifest *manifest;
    struct imgrw_plan *plan = NULL;

    allocator_arm((struct allocator_plan){0});
    assert_int_equal(
        imgrw_manifest_parse(text, NULL, &everywhere, &manifest, NULL),
        IMGRW_OK);
    if (rules)
        assert_int_equal(imgrw_plan_new(manifest, rules, NULL, &plan, NULL),
                         IMGRW_OK);
    allocator_disarm();
    assert_int_equal(imgrw_manifest_count(manifest), count);
    imgrw_plan_free(plan);
    imgrw_manifest_free(manifest);
    return allocator_bytes();
}

/* Four times as many images take about four times the memory. */
static void
check_growth(unsigned depth, const struct imgrw_rules *rules)
{
    imgrw_str text = make_nested(depth, IMAGES);
    imgrw_str longer = make_nested(depth, 4 * IMAGES);
    size_t few, many;

    bytes_of(text, rules, IMAGES); /* what is made once is made now */
    few = bytes_of(text, rules, IMAGES);
    many = bytes_of(longer, rules, 4 * IMAGES);
    if (many > 6 * few)
        fail_msg("%s, %u deep: %zu bytes for %u images, %zu for %u",
                 rules ? "planned" : "parsed", depth, few, IMAGES, many,
                 4 * IMAGES);
    free((void *)(uintptr_t)text.data);
    free((void *)(uintptr_t)longer.data);
}

static void
test_nested(void **state)
{
    struct imgrw_rules *rules;

    (void)state;
    assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
    assert_int_equal(
        imgrw_rules_add_prefix(rules, "docker.io", "h.example.com/hub", NULL),
        IMGRW_OK);
    for (unsigned depth = 0; depth <= DEPTH; depth++) {
        check_growth(depth, NULL);
        check_growth(depth, rules);
    }
    imgrw_rules_free(rules);
}

/* Four times as many documents take about four times the work. */
static void
test_documents(void **state)
{
    imgrw_str text = make_documents(DOCUMENTS);
    imgrw_str longer = make_documents(4 * DOCUMENTS);
    struct imgrw_rules *rules;
    size_t few, many;

    (void)state;
    assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
    assert_int_equal(
        imgrw_rules_add_prefix(rules, "docker.io", "h.example.com/hub", NULL),
        IMGRW_OK);
    for (int planned = 0; planned < 2; planned++) {
        searched = 0;
        bytes_of(text, planned ? rules : NULL, 2 * DOCUMENTS);
        few = searched;
        searched = 0;
        bytes_of(longer, planned ? rules : NULL, 8 * DOCUMENTS);
        many = searched;
        if (few < text.size || many > 6 * few)
            fail_msg("%s: %zu bytes searched, then %zu",
                     planned ? "planned" : "parsed", few, many);
    }
    imgrw_rules_free(rules);
    free((void *)(uintptr_t)text.data);
    free((void *)(uintptr_t)longer.data);
}

/* How many bytes are searched for `count` possible images: values of a
 * resource, all in one line, or words of a script, each in a line of its
 * own. */
static size_t
search_for_possible(bool script, unsigned count)
{
    struct imgrw_manifest *manifest;
    char *text;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    assert_non_null(stream);
    fputs(script ? "{kind: Widget, a: \"" : "{kind: Widget, a: [", stream);
    for (unsigned i = 0; i < count; i++)
        fprintf(stream, script ? "run quay.io/a/b:%u\\n" : "quay.io/a/b:%u,",
                i);
    fputs(script ? "\"}\n" : "]}\n", stream);
    assert_int_equal(fclose(stream), 0);
    searched = 0;
    assert_int_equal(imgrw_manifest_parse((imgrw_str){text, size}, NULL, NULL,
                                          &manifest, NULL), IMGRW_OK);
    assert_int_equal(imgrw_manifest_possible_count(manifest), count);
    imgrw_manifest_free(manifest);
    free(text);
    return searched;
}

/* Four times as many possible images take about four times the work. */
static void
test_possible(void **state)
{
    (void)state;
    for (int script = 0; script < 2; script++) {
        size_t few = search_for_possible(script, 1000);
        size_t many = search_for_possible(script, 4000);

        if (few == 0 || many > 6 * few)
            fail_msg("%s: %zu bytes searched, then %zu",
                     script ? "script" : "values", few, many);
    }
}

/* How many bytes are searched for the diff of `count` edits in one line. */
static size_t
search_for_diff(const struct imgrw_rules *rules, unsigned count)
{
    struct imgrw_plan *plan;
    char *text;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    assert_non_null(stream);
    fputs("{kind: Pod, spec: {containers: [", stream);
    for (unsigned i = 0; i < count; i++)
        fprintf(stream, "{image: \"nginx:%u\"}, ", i);
    fputs("]}}\n", stream);
    assert_int_equal(fclose(stream), 0);
    assert_int_equal(
        imgrw_rewrite((imgrw_str){text, size}, rules, NULL, &plan, NULL),
        IMGRW_OK);
    assert_int_equal(imgrw_plan_count(plan), count);
    searched = 0;
    assert_int_equal(imgrw_diff_write(plan, "a", discard, NULL, NULL),
                     IMGRW_OK);
    imgrw_plan_free(plan);
    free(text);
    return searched;
}

/* Four times as many edits of one line take about four times the work. */
static void
test_one_line(void **state)
{
    struct imgrw_rules *rules;
    size_t few, many;

    (void)state;
    assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
    assert_int_equal(
        imgrw_rules_add_prefix(rules, "docker.io", "h.example.com/hub", NULL),
        IMGRW_OK);
    few = search_for_diff(rules, 1000);
    many = search_for_diff(rules, 4000);
    if (few == 0 || many > 6 * few)
        fail_msg("%zu bytes searched, then %zu", few, many);
    imgrw_rules_free(rules);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_documents),
        cmocka_unit_test(test_nested),
        cmocka_unit_test(test_one_line),
        cmocka_unit_test(test_possible),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
