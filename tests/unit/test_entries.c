/*
 * The entries of an overlay: what they and the patches give, by kustomize's
 * rules applied one entry after the other; and how much work it is to find
 * them, in calls and not by the clock.
 */
#include "overlay/entries.h"
#include "base/str.h"
#include "support.h"

#include <imgrewrite/reference.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_SIZE 48

/* Calls of what looks at an entry and an image. */
static size_t calls;

bool __real_irw_kustomize_is_tail(imgrw_str rest);
bool __wrap_irw_kustomize_is_tail(imgrw_str rest);
bool __real_irw_kustomize_match(imgrw_str name, imgrw_str image);
bool __wrap_irw_kustomize_match(imgrw_str name, imgrw_str image);

bool
__wrap_irw_kustomize_is_tail(imgrw_str rest)
{
    calls++;
    return __real_irw_kustomize_is_tail(rest);
}

bool
__wrap_irw_kustomize_match(imgrw_str name, imgrw_str image)
{
    calls++;
    return __real_irw_kustomize_match(name, image);
}

/* Changes that are being made into entries. */
struct work {
    struct irw_images images;
    char *names; /* NAME_SIZE for each */
};

/* A set of images, each numbered, and the number of what each becomes. */
struct shape {
    const char *name;
    void (*write)(size_t number, char *before, char *after);
};

static void
write_moved(size_t number, char *before, char *after)
{
    snprintf(before, NAME_SIZE, "image%zu:1", number);
    snprintf(after, NAME_SIZE, "m.example.com/h/image%zu:1", number);
}

static void
write_chain(size_t number, char *before, char *after)
{
    snprintf(before, NAME_SIZE, "r.example.com/%zu:1", number);
    snprintf(after, NAME_SIZE, "r.example.com/%zu:1", number + 1);
}

static void
write_swapped(size_t number, char *before, char *after)
{
    snprintf(before, NAME_SIZE, "r.example.com/%zu:1", number);
    snprintf(after, NAME_SIZE, "r.example.com/%zu:1", number ^ 1);
}

static void
write_tagged(size_t number, char *before, char *after)
{
    snprintf(before, NAME_SIZE, "image:%zu", number);
    snprintf(after, NAME_SIZE, "image:%zu.1", number);
}

/* A circle of as many as there are in the smaller test of growth, so that
 * dropping one entry leads to dropping all others. */
static void
write_circle(size_t number, char *before, char *after)
{
    size_t next = number % 1000 == 999 ? number - 999 : number + 1;

    snprintf(before, NAME_SIZE, "r.example.com/%zu:1", number);
    snprintf(after, NAME_SIZE, "r.example.com/%zu:1", next);
}

/* All match each other's names but for the number. */
static void
write_dotted(size_t number, char *before, char *after)
{
    snprintf(before, NAME_SIZE, "a%cb%cc/%zu", ".-"[number % 2],
             ".-"[number / 2 % 2], number / 4);
    snprintf(after, NAME_SIZE, "m/%zu", number);
}

static const struct shape shapes[] = {
    {"moved", write_moved},
    {"chain", write_chain},
    {"swapped", write_swapped},
    {"circle", write_circle},
    {"tagged", write_tagged},
    {"dotted", write_dotted},
};

static void
make(struct work *work, const struct shape *shape, size_t count)
{
    *work = (struct work){.names = calloc(2 * count, NAME_SIZE)};
    assert_non_null(work->names);
    for (size_t i = 0; i < count; i++) {
        char *before = work->names + 2 * i * NAME_SIZE;
        size_t number;

        shape->write(i, before, before + NAME_SIZE);
        assert_true(irw_images_add(&work->images, irw_str(before),
                                   irw_str(before + NAME_SIZE), &number));
        assert_int_equal(number, i);
    }
    calls = 0;
    assert_true(irw_images_make_entries(&work->images));
}

static void
drop(struct work *work)
{
    irw_images_clear(&work->images);
    free(work->names);
}

/* What kustomize makes of an image, looking at every entry. */
static imgrw_str
build(const struct irw_images *images, imgrw_str image,
      struct imgrw_reference_buffer buffers[2])
{
    int turn = 0; /* the buffer to write next */

    for (size_t i = 0; i < images->entries.count; i++) {
        const struct irw_image_entry *entry = &images->entries.items[i];

        if (entry->dropped ||
            !__real_irw_kustomize_match(entry->text.name, image))
            continue;
        irw_kustomize_apply(&entry->text, image, &buffers[turn], &image);
        turn = !turn;
    }
    return image;
}

/* Whether every text becomes what it must, by entries or by a patch. */
static void
check_results(struct support_tally *tally, const struct work *work)
{
    for (size_t i = 0; i < work->images.changes.count; i++) {
        const struct irw_image_change *change =
            &work->images.changes.items[i];
        struct imgrw_reference_buffer buffers[2];
        imgrw_str from = change->patched ? change->after : change->before;

        support_check_str(tally, "result", build(&work->images, from, buffers),
                          change->after);
    }
}

static void
test_results(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(shapes); i++) {
        struct work work;

        support_row(&tally, "%s", shapes[i].name);
        make(&work, &shapes[i], 40);
        check_results(&tally, &work);
        drop(&work);
    }
    support_finish(&tally);
}

/* Names and tags that match each other, and a generator of numbers that is the
 * same everywhere. */
static void
write_random(uint32_t *seed, char *text)
{
    static const char *const names[] = {"a.b/x", "a-b/x", "axb/x", "c.d/y.z",
                                        "c.d/y-z", "y.z", "y-z", "yaz"};
    static const char *const tags[] = {"", ":1", ":2", ":1.2"};

    *seed = *seed * 1664525 + 1013904223;
    snprintf(text, NAME_SIZE, "%s%s", names[*seed >> 29],
             tags[(*seed >> 27) % SUPPORT_COUNT(tags)]);
}

/* Changes among few images: chains, circles, and texts that become two things.
 * Whatever was dropped for another one, all come out as they must. */
static void
test_random(void **state)
{
    struct support_tally tally = {0};
    uint32_t seed = 1;

    (void)state;
    for (size_t i = 0; i < 2000; i++) {
        struct work work = {.names = calloc(32, NAME_SIZE)};
        size_t number;

        support_row(&tally, "round %zu", i);
        for (char *at = work.names; at < work.names + (size_t)32 * NAME_SIZE;
             at += 2 * NAME_SIZE) {
            write_random(&seed, at);
            write_random(&seed, at + NAME_SIZE);
            assert_true(irw_images_add(&work.images, irw_str(at),
                                         irw_str(at + NAME_SIZE), &number));
        }
            assert_true(irw_images_make_entries(&work.images));
        check_results(&tally, &work);
        drop(&work);
    }
    support_finish(&tally);
}

/* An entry comes after the one for the very text that it makes. */
static void
test_order(void **state)
{
    static const char *const changes[][2] = {
        {"a:1", "b:1"}, {"a:2", "c:2"}, {"b:1", "d:1"}, {"b:2", "e:2"}};
    struct work work = {.names = NULL};
    size_t number;

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(changes); i++)
        assert_true(irw_images_add(&work.images, irw_str(changes[i][0]),
                                     irw_str(changes[i][1]), &number));
    assert_true(irw_images_make_entries(&work.images));
    assert_int_equal(work.images.entries.count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_false(work.images.entries.items[i].dropped);
    drop(&work);
}

/* Of a text that becomes two things, `images:` cannot tell which is meant. */
static void
test_ambiguous(void **state)
{
    struct work work = {.names = NULL};
    size_t one, other;

    (void)state;
    assert_true(irw_images_add(&work.images, irw_str("a:1"), irw_str("b:1"),
                                 &one));
    assert_true(irw_images_add(&work.images, irw_str("a:1"), irw_str("c:1"),
                                 &other));
    assert_true(irw_images_make_entries(&work.images));
    assert_int_equal(work.images.entries.count, 0);
    assert_true(work.images.changes.items[one].patched);
    assert_true(work.images.changes.items[other].patched);
    drop(&work);
}

static void
test_growth(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(shapes); i++) {
        struct work work;
        size_t once;

        support_row(&tally, "%s", shapes[i].name);
        make(&work, &shapes[i], 1000);
        once = calls;
        drop(&work);
        make(&work, &shapes[i], 4000);
        support_check(&tally, once > 0 && calls < 6 * once,
                      "four times the images, %zu calls instead of %zu", calls,
                      once);
        drop(&work);
    }
    support_finish(&tally);
}

/* As long as there is memory, however deep the stack is. */
static void
test_long_chain(void **state)
{
    struct work work;

    (void)state;
    make(&work, &shapes[1], 100000);
    assert_int_equal(work.images.entries.count, 100000);
    assert_string_equal(work.images.entries.items[0].text.name.data,
                        "r.example.com/99999:1");
    drop(&work);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_results),
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_ambiguous),
        cmocka_unit_test(test_growth),
        cmocka_unit_test(test_long_chain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
