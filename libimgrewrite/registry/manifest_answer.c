#include "registry/manifest_answer.h"
#include "base/str.h"
#include "registry/json.h"

#include <stdlib.h>
#include <string.h>

/* No index has more platforms that are listed. */
#define PLATFORMS_MAX 1000

void
irw_registry_host(const struct imgrw_reference *full, struct irw_bytes *host)
{
    bool is_hub = irw_equal_nocase(full->registry,
                                   IMGRW_STR("docker.io")) ||
                  irw_equal_nocase(full->registry,
                                   IMGRW_STR("index.docker.io"));

    irw_bytes_add(host, is_hub ? IMGRW_STR("registry-1.docker.io")
                               : full->registry);
}

void
irw_manifest_path(const struct imgrw_reference *full, struct irw_bytes *path)
{
    irw_bytes_add_text(path, "/v2/");
    irw_bytes_add(path, full->repository);
    irw_bytes_add_text(path, "/manifests/");
    if (full->digest.size > 0)
        irw_bytes_add(path, full->digest);
    else if (full->tag.size > 0)
        irw_bytes_add(path, full->tag);
    else
        irw_bytes_add_text(path, "latest");
}

/* Whether `text` holds `word`, in any case. */
static bool
mentions(imgrw_str text, imgrw_str word)
{
    for (size_t i = 0; i + word.size <= text.size; i++)
        if (irw_equal_nocase((imgrw_str){text.data + i, word.size}, word))
            return true;
    return false;
}

/* Whether one error of a registry is about what is not there. Harbor says
 * NOT_FOUND; some have UNKNOWN for anything, and words that tell more. */
static bool
is_unknown(const json_t *error)
{
    imgrw_str code = irw_json_get_text(error, "code");
    imgrw_str message = irw_json_get_text(error, "message");

    return irw_equal(code, IMGRW_STR("NOT_FOUND")) ||
           (code.size > 0 && irw_ends_with(code, IMGRW_STR("_UNKNOWN"))) ||
           (irw_equal(code, IMGRW_STR("UNKNOWN")) &&
            mentions(message, IMGRW_STR("not found")));
}

/* Reads an answer; NULL where it is not JSON, or memory is out. */
static json_t *
load(imgrw_str body)
{
    json_t *root;

    return irw_json_read(body, JSON_REJECT_DUPLICATES, NULL, &root, NULL) ==
                   IMGRW_OK
               ? root
               : NULL;
}

bool
irw_error_is_unknown(imgrw_str body)
{
    json_t *answer = load(body);
    json_t *errors = json_object_get(answer, "errors");
    bool found = false;

    for (size_t i = 0; i < json_array_size(errors); i++)
        found |= is_unknown(json_array_get(errors, i));
    json_decref(answer);
    return found;
}

/* Copies a member that is a string of visible ASCII; an empty one otherwise. */
static bool
copy_member(const json_t *object, const char *name, imgrw_str *copy)
{
    imgrw_str value = irw_json_get_text(object, name);

    if (!irw_is_visible_ascii(value))
        value.size = 0;
    copy->data = irw_bytes_copy(value);
    copy->size = value.size;
    return copy->data;
}

static bool
copy_platform(const json_t *entry, struct imgrw_registry_platform *platform)
{
    const json_t *where = json_object_get(entry, "platform");
    bool done = copy_member(where, "os", &platform->os);

    done &= copy_member(where, "architecture", &platform->architecture);
    done &= copy_member(where, "variant", &platform->variant);
    done &= copy_member(entry, "digest", &platform->digest);
    return done;
}

/* Whether an entry is something to run. BuildKit puts attestations beside the
 * images, for the platform unknown/unknown. */
static bool
is_image(const json_t *entry)
{
    const json_t *where = json_object_get(entry, "platform");
    imgrw_str os = irw_json_get_text(where, "os");

    return os.size > 0 && !irw_equal(os, IMGRW_STR("unknown"));
}

static bool
copy_platforms(const json_t *entries, struct imgrw_registry_platform *platforms,
               size_t *count)
{
    size_t total = json_array_size(entries);

    for (size_t i = 0; i < total && *count < PLATFORMS_MAX; i++) {
        const json_t *entry = json_array_get(entries, i);

        if (is_image(entry) && !copy_platform(entry, &platforms[(*count)++]))
            return false;
    }
    return true;
}

bool
irw_platforms_read(imgrw_str body, struct imgrw_registry_platform **platforms,
                   size_t *count)
{
    json_t *index = load(body);
    const json_t *entries = json_object_get(index, "manifests");
    size_t most = json_array_size(entries);
    bool done = true;

    *platforms = NULL;
    *count = 0;
    if (most > 0) {
        most = most < PLATFORMS_MAX ? most : PLATFORMS_MAX;
        *platforms = calloc(most, sizeof(**platforms));
        done = *platforms && copy_platforms(entries, *platforms, count);
    }
    json_decref(index);
    if (done)
        return true;
    irw_platforms_free(*platforms, *count);
    *platforms = NULL;
    *count = 0;
    return false;
}

static void
free_part(imgrw_str part)
{
    free((char *)(uintptr_t)part.data);
}

void
irw_platforms_free(struct imgrw_registry_platform *platforms, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free_part(platforms[i].os);
        free_part(platforms[i].architecture);
        free_part(platforms[i].variant);
        free_part(platforms[i].digest);
    }
    free(platforms);
}
