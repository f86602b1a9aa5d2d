#include "manifest/classify.h"
#include "base/str.h"
#include "reference/parse.h"
#include "reference/placeholder.h"

const char *
imgrw_reason_text(enum imgrw_reason reason)
{
    static const char *const texts[] = {
        [IMGRW_REASON_NONE] = "an image reference",
        [IMGRW_REASON_EMPTY] = "empty",
        [IMGRW_REASON_NOT_STRING] = "not a string",
        [IMGRW_REASON_PLACEHOLDER] = "a placeholder",
        [IMGRW_REASON_MALFORMED] = "not an image reference",
        [IMGRW_REASON_BASE] = "a registry or path of images, not an image",
        [IMGRW_REASON_INEXACT] = "an image that cannot be changed exactly",
        [IMGRW_REASON_FILLED_IN] = "an image whose tag is filled in later",
    };

    if ((unsigned)reason >= sizeof(texts) / sizeof(texts[0]))
        return "unknown";
    return texts[reason];
}

int
imgrw_reason_names_image(enum imgrw_reason reason)
{
    return reason == IMGRW_REASON_NONE || reason == IMGRW_REASON_FILLED_IN;
}

/* Text that something fills in or interprets before a registry is asked:
 * templates, also where they do not end here, variables, patterns, and the base
 * image that does not exist. */
static bool
is_placeholder(imgrw_str text)
{
    return irw_find(text, '*') != SIZE_MAX || irw_contains(text, "$(") ||
           irw_contains(text, "${") || irw_contains(text, "{{") ||
           (text.size < IMGRW_REFERENCE_MAX &&
            irw_placeholder_find(text) != SIZE_MAX);
}

/* Whether a text is a digest alone, as runtimes name the images that they have.
 * By the grammar it is the image `sha256` with a tag. */
static bool
is_image_id(imgrw_str text)
{
    static const imgrw_str start = {"sha256:", 7};

    if (!irw_starts_with(text, start) || text.size != start.size + 64)
        return false;
    for (size_t i = start.size; i < text.size; i++)
        if (!irw_is_digit(text.data[i]) &&
            (text.data[i] < 'a' || text.data[i] > 'f'))
            return false;
    return true;
}

enum imgrw_reason
irw_classify_text(imgrw_str text, struct imgrw_reference *reference)
{
    bool filled_in;

    if (text.size == 0)
        return IMGRW_REASON_EMPTY;
    if (irw_equal(text, IRW_STR("scratch")))
        return IMGRW_REASON_PLACEHOLDER;
    if (is_image_id(text))
        return IMGRW_REASON_MALFORMED;
    if (irw_reference_read(text, reference, &filled_in, NULL) == IMGRW_OK)
        return filled_in ? IMGRW_REASON_FILLED_IN : IMGRW_REASON_NONE;
    return is_placeholder(text) ? IMGRW_REASON_PLACEHOLDER
                                : IMGRW_REASON_MALFORMED;
}

bool
irw_is_reference(imgrw_str text, struct imgrw_reference *reference)
{
    return imgrw_reason_names_image(irw_classify_text(text, reference));
}

enum imgrw_reason
irw_classify_scalar(const struct irw_tree *tree, uint32_t scalar,
                    struct imgrw_reference *reference)
{
    imgrw_str text = irw_tree_value(tree, scalar);

    if (text.size > 0 && !irw_scalar_is_string(tree, scalar))
        return irw_scalar_is_null(tree, scalar) ? IMGRW_REASON_EMPTY
                                                : IMGRW_REASON_NOT_STRING;
    return irw_classify_text(text, reference);
}

bool
irw_may_be_reference(imgrw_str text, struct imgrw_reference_buffer *buffer,
                     struct imgrw_reference *reference)
{
    imgrw_str filled;

    if (irw_is_reference(text, reference))
        return true;
    filled = irw_placeholder_fill(text, buffer);
    return filled.size > 0 && irw_is_reference(filled, reference);
}

/* Whether the text is one placeholder, and nothing else. */
static bool
is_filled_in(imgrw_str text)
{
    return text.size > 0 && irw_placeholder_size(text, 0) == text.size;
}

bool
irw_is_certain_reference(imgrw_str text)
{
    struct imgrw_reference_buffer buffer;
    struct imgrw_reference reference;

    return irw_may_be_reference(text, &buffer, &reference) &&
           (reference.registry.size > 0 ||
            irw_find(reference.repository, '/') != SIZE_MAX) &&
           reference.tag.size + reference.digest.size > 0;
}

/* Whether a text begins with a host, if one that is filled in later. */
static bool
begins_with_host(imgrw_str text)
{
    imgrw_str host, rest;

    irw_cut(text, '/', &host, &rest);
    for (size_t i = 0; i < host.size; i++)
        if (strchr(".:{$(", host.data[i]))
            return true;
    return irw_equal(host, IRW_STR("localhost")) ||
           irw_placeholder_find(host) != SIZE_MAX;
}

size_t
irw_scheme_size(imgrw_str text)
{
    static const imgrw_str oci = {"oci://", 6}, docker = {"docker://", 9};

    if (irw_starts_with(text, docker))
        return docker.size;
    return irw_starts_with(text, oci) &&
                   begins_with_host(irw_slice(text, oci.size, text.size))
               ? oci.size
               : 0;
}

bool
irw_is_file(imgrw_str text)
{
    static const imgrw_str ends[] = {
        {".png", 4}, {".svg", 4}, {".jpg", 4},  {".jpeg", 5}, {".gif", 4},
        {".ico", 4}, {".iso", 4}, {".webp", 5}, {".qcow2", 6}, {".img", 4},
    };

    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
        if (irw_ends_with(text, ends[i]))
            return true;
    return false;
}

bool
irw_is_likely_reference(imgrw_str text)
{
    struct imgrw_reference_buffer buffer;
    struct imgrw_reference reference;

    if (is_filled_in(text))
        return true;
    return irw_may_be_reference(text, &buffer, &reference) &&
           reference.registry.size + reference.tag.size +
                   reference.digest.size > 0 &&
           !irw_equal(reference.repository, IRW_STR("env")) &&
           !irw_is_file(text);
}

/* Whether one word of a name ends before byte `at`, and another begins there:
 * in web_img, webImg, WEBImg. */
static bool
divides_words(imgrw_str name, size_t at)
{
    bool upper;

    if (at == 0 || at == name.size || !irw_is_alnum(name.data[at - 1]) ||
        !irw_is_alnum(name.data[at]) || irw_is_digit(name.data[at]))
        return true;
    upper = irw_is_upper(name.data[at]);
    return upper && (irw_is_lower(name.data[at - 1]) ||
                     (at + 1 < name.size && irw_is_lower(name.data[at + 1])));
}

bool
irw_is_machine_key(imgrw_str key)
{
    static const char *const machines[] = {"vm", "ami", "disk", "machine"};

    for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
        size_t size = strlen(machines[i]) + strlen("Image");

        if (key.size >= size &&
            irw_equal_nocase(
                irw_slice(key, key.size - size, key.size - strlen("Image")),
                irw_str(machines[i])) &&
            divides_words(key, key.size - size))
            return true;
    }
    return false;
}

bool
irw_is_image_key(imgrw_str key)
{
    return irw_equal(key, IRW_STR("image")) ||
           (irw_ends_with(key, IRW_STR("Image")) && !irw_is_machine_key(key)) ||
           irw_ends_with(key, IRW_STR("_image")) ||
           irw_ends_with(key, IRW_STR("-image"));
}

/* Whether the word that begins at `at` is `img`. */
static bool
is_img(imgrw_str name, size_t at)
{
    return irw_equal_nocase(irw_slice(name, at, at + 3), IRW_STR("img")) &&
           divides_words(name, at) && divides_words(name, at + 3);
}

bool
irw_is_images_key(imgrw_str key)
{
    return irw_ends_with(key, IRW_STR("s")) &&
           irw_is_image_key(irw_slice(key, 0, key.size - 1));
}

bool
irw_is_command_key(imgrw_str key)
{
    return irw_ends_with(key, IRW_STR("rgs")) ||
           irw_ends_with(key, IRW_STR("ommand"));
}

bool
irw_mentions_image(imgrw_str name)
{
    for (size_t i = 0; i + 3 <= name.size; i++)
        if (is_img(name, i) ||
            (i + 5 <= name.size &&
             irw_equal_nocase(irw_slice(name, i, i + 5), IRW_STR("image"))))
            return true;
    return false;
}

bool
irw_ends_with_image(imgrw_str name)
{
    return name.size >= 5 &&
           irw_equal_nocase(irw_slice(name, name.size - 5, name.size),
                            IRW_STR("image"));
}

/* Whether a name says that it is an image's, and not something else's of one:
 * its last word is `image` or `img`, or its first ones are those of an
 * operator's. */
static bool
names_image(imgrw_str name)
{
    return irw_starts_with(name, IRW_STR("RELATED_IMAGE_")) ||
           irw_ends_with_image(name) ||
           (name.size >= 3 && is_img(name, name.size - 3));
}

bool
irw_is_image_variable(imgrw_str name, imgrw_str value)
{
    struct imgrw_reference_buffer buffer;
    struct imgrw_reference reference;

    if (irw_is_certain_reference(value))
        return irw_mentions_image(name) ||
               (irw_may_be_reference(value, &buffer, &reference) &&
                reference.registry.size > 0);
    return names_image(name) && irw_placeholder_size(value, 0) > 0 &&
           irw_is_likely_reference(value);
}

/* Whether the last letters and digits are a key that mentions an image, or that
 * of an operation of a JSON patch, or of a registry (Istio). */
bool
irw_is_telling_word(imgrw_str word)
{
    size_t start = word.size;

    while (start > 0 && irw_is_alnum(word.data[start - 1]))
        start--;
    word = irw_slice(word, start, word.size);
    return irw_equal(word, IRW_STR("op")) || irw_equal(word, IRW_STR("hub")) ||
           (word.size >= 4 &&
            (irw_contains(word, "mage") || irw_contains(word, "repository")));
}

/* The same for what ends before a colon. Quotes and blanks may be between
 * them. */
static bool
is_telling_key(imgrw_str before)
{
    while (before.size > 0 &&
           strchr("\\\"' \t", before.data[before.size - 1]))
        before.size--;
    return irw_is_telling_word(before);
}

bool
irw_may_hold_images(imgrw_str text)
{
    size_t from = 0, at;

    while ((at = irw_find(irw_slice(text, from, text.size), ':')) != SIZE_MAX) {
        imgrw_str before = irw_slice(text, 0, from + at);

        from += at + 1;
        if (is_telling_key(before))
            return true;
        if (irw_starts_with(irw_slice(text, from, text.size),
                            IRW_STR("//")) &&
            (irw_ends_with(before, IRW_STR("oci")) ||
             irw_ends_with(before, IRW_STR("docker"))))
            return true;
    }
    return false;
}
