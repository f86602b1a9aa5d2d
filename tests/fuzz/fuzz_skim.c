/*
 * What is found in a text does not depend on whether documents are passed over:
 * a strict reading of what can be read at all finds the same. Only what begins
 * as a resource does is passed over, as the inputs of the corpus do.
 */
#include "fuzz.h"

#include <imgrewrite/manifest.h>

#define LARGEST_INPUT ((size_t)16 << 20)

/* Reads the text; NULL where it cannot be read. */
static struct imgrw_manifest *
read_text(imgrw_str text, unsigned find, int strict)
{
    const struct imgrw_parse_options options = {
        .size = sizeof(options),
        .find = find,
        .strict = strict,
    };
    struct imgrw_manifest *manifest;
    struct imgrw_error error;

    return imgrw_manifest_parse(text, "a.yaml", &options, &manifest, &error) ==
                   IMGRW_OK
               ? manifest
               : NULL;
}

static bool
same_place(const struct imgrw_location *one, const struct imgrw_location *other)
{
    return one->offset == other->offset && one->line == other->line &&
           one->column == other->column;
}

/* Claims that both are the same image, or that there is neither. */
static bool
claim_image(const struct imgrw_image *one, const struct imgrw_image *other)
{
    fuzz_claim(!one == !other, "one reading has more images");
    if (!one)
        return false;
    fuzz_claim(fuzz_equal(one->text, other->text) &&
                   same_place(&one->at, &other->at) &&
                   one->length == other->length &&
                   one->image_class == other->image_class &&
                   one->reason == other->reason &&
                   fuzz_equal(one->api_version, other->api_version) &&
                   fuzz_equal(one->kind, other->kind) &&
                   fuzz_equal(one->name, other->name) &&
                   fuzz_equal(one->namespace_, other->namespace_) &&
                   one->document == other->document &&
                   fuzz_equal(one->field, other->field) &&
                   same_place(&one->anchor, &other->anchor) &&
                   one->ignored == other->ignored &&
                   one->resource == other->resource &&
                   fuzz_equal(one->fieldspec, other->fieldspec),
               "image \"%.*s\" is read in two ways", (int)one->text.size,
               one->text.data);
    return true;
}

/* The same for a warning. */
static bool
claim_warning(const struct imgrw_warning *one,
              const struct imgrw_warning *other)
{
    fuzz_claim(!one == !other, "one reading has more warnings");
    if (one)
        fuzz_claim(fuzz_equal(one->message, other->message) &&
                       same_place(&one->at, &other->at),
                   "there are two warnings: %.*s", (int)one->message.size,
                   one->message.data);
    return one != NULL;
}

static void
claim_same(const struct imgrw_manifest *strict,
           const struct imgrw_manifest *skimmed)
{
    for (size_t i = 0; claim_image(imgrw_manifest_image(strict, i),
                                   imgrw_manifest_image(skimmed, i));)
        i++;
    for (size_t i = 0; claim_image(imgrw_manifest_possible(strict, i),
                                   imgrw_manifest_possible(skimmed, i));)
        i++;
    for (size_t i = 0; claim_warning(imgrw_manifest_warning(strict, i),
                                     imgrw_manifest_warning(skimmed, i));)
        i++;
    for (int i = 0; i < IMGRW_CLASS_COUNT; i++)
        fuzz_claim(
            imgrw_manifest_unselected_count(strict, (enum imgrw_class)i) ==
                imgrw_manifest_unselected_count(skimmed, (enum imgrw_class)i),
            "one reading has more images of class %d", i);
    fuzz_claim(imgrw_manifest_resource_count(strict) ==
                   imgrw_manifest_resource_count(skimmed),
               "one reading has more resources");
    fuzz_claim(imgrw_manifest_unread(strict) == 0,
               "a strict reading has passed over something");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    imgrw_str text = {(const char *)data, size};
    unsigned find = size % 2 ? IMGRW_FIND_ALL : IMGRW_FIND_DEFAULT;
    struct imgrw_manifest *skimmed, *strict = NULL;

    if (size > LARGEST_INPUT)
        return 0;
    skimmed = read_text(text, find, 0);
    if (!skimmed || imgrw_manifest_unread(skimmed) > 0)
        strict = read_text(text, find, 1);
    fuzz_claim(skimmed || !strict, "only a strict reading succeeds");
    if (strict)
        claim_same(strict, skimmed);
    imgrw_manifest_free(strict);
    imgrw_manifest_free(skimmed);
    return 0;
}
