#include "manifest/manifest.h"
#include "base/error.h"
#include "base/sizes.h"
#include "base/str.h"
#include "manifest/classify.h"
#include "manifest/pieces.h"
#include "manifest/shapes/shapes.h"
#include "manifest/shares.h"
#include "manifest/warnings.h"
#include "yaml/actions.h"
#include "yaml/mask.h"

#include <stdlib.h>

#define DEFAULT_BYTES ((size_t)64 << 20)
#define LARGEST_BYTES ((size_t)1 << 30) /* offsets are 32 bits */
#define DEFAULT_DEPTH 256
#define LARGEST_DEPTH 1000

/* Whether the text has actions of Helm's, and not only those of some other
 * template: its objects, or named templates. */
static bool
is_helm_template(imgrw_str text)
{
    static const char *const signs[] = {
        ".Values.", ".Release.", ".Chart.", ".Capabilities.", ".Template.",
        "{{ include \"", "{{- include \"", "{{ define \"", "{{- define \"",
        "{{ template \"", "{{- template \"",
    };
    const char *first = memmem(text.data, text.size, "{{", 2);

    if (!first)
        return false;
    text = irw_slice(text, (size_t)(first - text.data), text.size);
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
        if (memmem(text.data, text.size, signs[i], strlen(signs[i])))
            return true;
    return false;
}

/* Says more about a syntax error where the text shows what the cause may be. */
static enum imgrw_status
explain_syntax(const struct imgrw_manifest *manifest, enum imgrw_status status,
               struct imgrw_error *error)
{
    imgrw_str text = manifest->source.text;
    struct imgrw_error plain;
    const char *hint = NULL, *marker;

    irw_source_explain(&manifest->source, status, error);
    if (!error || status != IMGRW_ERR_SYNTAX)
        return status; /* nothing to add, or all is well */
    plain = *error;
    marker = memmem(text.data, plain.at.offset, "\n...", 4);
    if (is_helm_template(text))
        hint = manifest->search.masks
                   ? "this looks like a Helm template, and is no YAML with its "
                     "actions masked either: render it first, with `helm "
                     "template`"
                   : "this looks like a Helm template: render it first, with "
                     "`helm template`";
    else if (marker && strstr(plain.message, "<document start>"))
        hint = "kubectl would ignore what follows \"...\"; separate documents "
               "with \"---\"";
    if (!hint)
        return status;
    return irw_fail(error, status, plain.at, "%.120s; %s", plain.message, hint);
}

enum imgrw_status
irw_parse_options(const struct imgrw_parse_options *given,
                  struct imgrw_parse_options *options,
                  struct imgrw_error *error)
{
    enum imgrw_status status = irw_sized_copy(options, sizeof(*options), given,
                                              "parse options", error);

    if (status != IMGRW_OK)
        return status;
    if (options->max_bytes == 0)
        options->max_bytes = DEFAULT_BYTES;
    if (options->max_depth == 0)
        options->max_depth = DEFAULT_DEPTH;
    if (options->find == 0)
        options->find = IMGRW_FIND_DEFAULT;
    if (!options->fields && options->field_count > 0)
        return irw_fail_null(error, "fields");
    if ((unsigned)options->templates > IMGRW_TEMPLATES_ALWAYS)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "there is no such way with templates as %d",
                        (int)options->templates);
    if (options->find & ~IMGRW_FIND_ALL)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "there is no such class as bit %#x",
                        options->find & ~IMGRW_FIND_ALL);
    if (options->max_bytes > LARGEST_BYTES ||
        options->max_depth > LARGEST_DEPTH)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "the limits go up to %zu bytes and %d levels",
                        LARGEST_BYTES, LARGEST_DEPTH);
    return IMGRW_OK;
}

/* Reads the fields of the options, and makes room for which of them are met. */
static enum imgrw_status
read_fields(struct imgrw_manifest *made,
            const struct imgrw_parse_options *options,
            struct imgrw_error *error)
{
    made->field_count = options->field_count;
    made->findings.fields_met =
        irw_arena_calloc(&made->arena, options->field_count, sizeof(bool));
    if (!made->findings.fields_met)
        return irw_fail_memory(error);
    return irw_fields_read(options->fields, options->field_count, &made->arena,
                           &made->fields, error);
}

/* What a text is read as. */
enum reading { AS_MANIFEST, AS_DATA, AS_PATCH, NOT_AT_ALL };

/* How a text is read. */
struct text_reading {
    enum reading as;
    bool through_mask, finds_actions; /* see enum imgrw_templates */
    const struct irw_patch_target *target; /* of a patch */
    struct irw_known_patches known;        /* in a manifest */
};

/* Has the text be searched as a patch of the target. */
static enum imgrw_status
set_target(struct imgrw_manifest *made, const struct irw_patch_target *target,
           struct imgrw_error *error)
{
    struct irw_patched *patched =
        irw_arena_calloc(&made->arena, 1, sizeof(*patched));

    if (!patched)
        return irw_fail_memory(error);
    *patched = (struct irw_patched){.target = *target, .is_declared = true};
    made->search.patched = patched;
    return irw_arena_keep(&made->arena, &patched->target.group) &&
                   irw_arena_keep(&made->arena, &patched->target.version) &&
                   irw_arena_keep(&made->arena, &patched->target.kind)
               ? IMGRW_OK
               : irw_fail_memory(error);
}

/* Has the text be read through a mask, if it has actions. */
static enum imgrw_status
mask(struct imgrw_manifest *made, struct imgrw_error *error)
{
    const struct irw_mask *masked;
    enum imgrw_status status =
        irw_mask_make(made->source.text, made->source.start, &made->arena,
                      &masked, error);

    if (status == IMGRW_OK && masked)
        irw_source_read_through(&made->source, masked);
    return explain_syntax(made, status, error);
}

/* Reads the text, of which the source is set before. */
static enum imgrw_status
read_text(struct imgrw_manifest *made, bool through_mask,
          const struct imgrw_parse_options *options, struct imgrw_error *error)
{
    enum imgrw_status status =
        irw_source_open(made->source.text, made->source.path,
                        options->max_bytes, &made->source, error);

    if (status == IMGRW_OK && through_mask)
        status = mask(made, error);
    if (status == IMGRW_OK && made->search.as_data && made->source.directives)
        return irw_fail(error, IMGRW_ERR_SYNTAX, IRW_NO_LOCATION,
                        "no value is read that has directives");
    if (status != IMGRW_OK)
        return status;
    status = irw_shares_read(made, options->jobs, error);
    return explain_syntax(made, status, error);
}

static enum imgrw_status
parse_once(imgrw_str text, const char *path, struct text_reading reading,
           const struct imgrw_parse_options *given,
           struct imgrw_manifest **manifest, struct imgrw_error *error)
{
    const struct imgrw_parse_options options = *given;
    struct imgrw_manifest *made;
    enum imgrw_status status;

    made = calloc(1, sizeof(*made));
    if (!made)
        return irw_fail_memory(error);
    made->search = (struct irw_search){
        .fields = &made->fields,
        .shapes = irw_shapes,
        .find = options.find,
        .max_depth = options.max_depth,
        .as_data = reading.as == AS_DATA,
        .strict = options.strict != 0 || reading.as == AS_PATCH ||
                  reading.known.count > 0,
        .known = reading.known,
        .masks = options.templates != IMGRW_TEMPLATES_OFF,
        .finds_actions = reading.finds_actions,
    };
    made->source.text = text;
    made->source.path = path;
    made->findings.source = &made->source;
    made->findings.arena = &made->arena;
    status = read_fields(made, &options, error);
    if (status == IMGRW_OK && reading.as == AS_PATCH)
        status = set_target(made, reading.target, error);
    if (status == IMGRW_OK && reading.as != NOT_AT_ALL)
        status = read_text(made, reading.through_mask, &options, error);
    if (status == IMGRW_OK && !irw_warn_of_unlisted(&made->findings))
        status = irw_fail_memory(error);
    if (status == IMGRW_OK)
        *manifest = made;
    else
        imgrw_manifest_free(made);
    return status;
}

/* Reads a text that may be a template: as it stands, and through a mask where
 * that cannot be. Where no mask helps, a mapping that looks like an action is
 * one after all. */
static enum imgrw_status
parse(imgrw_str text, const char *path, struct text_reading reading,
      const struct imgrw_parse_options *given,
      struct imgrw_manifest **manifest, struct imgrw_error *error)
{
    struct imgrw_parse_options options;
    struct text_reading other = reading;
    enum imgrw_status status = irw_parse_options(given, &options, error);

    if (status != IMGRW_OK)
        return status;
    if (!manifest)
        return irw_fail_null(error, "manifest");
    if ((reading.as != AS_MANIFEST && reading.as != AS_DATA) ||
        options.templates == IMGRW_TEMPLATES_OFF)
        return parse_once(text, path, reading, &options, manifest, error);
    /* data is read as the value of a ConfigMap is, and that by itself */
    if (options.templates == IMGRW_TEMPLATES_AUTO || reading.as == AS_DATA) {
        other.finds_actions = true;
        status = parse_once(text, path, other, &options, manifest, error);
        if (status != IMGRW_ERR_SYNTAX || !irw_may_have_actions(text))
            return status;
        other.finds_actions = false;
    }
    other.through_mask = true;
    status = parse_once(text, path, other, &options, manifest, error);
    if (status == IMGRW_ERR_SYNTAX &&
        parse_once(text, path, reading, &options, manifest, NULL) == IMGRW_OK)
        return IMGRW_OK;
    return status;
}

enum imgrw_status
imgrw_manifest_parse(imgrw_str text, const char *path,
                     const struct imgrw_parse_options *given,
                     struct imgrw_manifest **manifest,
                     struct imgrw_error *error)
{
    static const struct irw_known_patches none = {NULL, 0};

    return irw_manifest_parse_known(text, path, &none, given, manifest, error);
}

enum imgrw_status
irw_manifest_parse_known(imgrw_str text, const char *path,
                         const struct irw_known_patches *known,
                         const struct imgrw_parse_options *given,
                         struct imgrw_manifest **manifest,
                         struct imgrw_error *error)
{
    const struct text_reading reading = {.as = AS_MANIFEST, .known = *known};

    return parse(text, path, reading, given, manifest, error);
}

enum imgrw_status
irw_manifest_parse_patch(imgrw_str text, const char *path,
                         const struct irw_patch_target *target,
                         const struct imgrw_parse_options *given,
                         struct imgrw_manifest **manifest,
                         struct imgrw_error *error)
{
    const struct text_reading reading = {.as = AS_PATCH, .target = target};

    return parse(text, path, reading, given, manifest, error);
}

enum imgrw_status
irw_manifest_parse_data(imgrw_str text, const char *path,
                        const struct imgrw_parse_options *given,
                        struct imgrw_manifest **manifest,
                        struct imgrw_error *error)
{
    static const struct text_reading nothing = {.as = NOT_AT_ALL};
    const struct text_reading reading = {
        .as = irw_may_hold_images(text) ? AS_DATA : NOT_AT_ALL};
    enum imgrw_status status =
        parse(text, path, reading, given, manifest, error);

    return status == IMGRW_ERR_SYNTAX || status == IMGRW_ERR_ENCODING ||
                   status == IMGRW_ERR_LIMIT
               ? parse(text, path, nothing, given, manifest, error)
               : status;
}

void
irw_location_move(struct imgrw_location *at, const struct irw_text_place *by)
{
    if (at->line == 0)
        return;
    at->offset += by->offset;
    at->line += by->line;
}

static void
move_image(struct imgrw_image *image, const struct irw_text_place *by)
{
    irw_location_move(&image->at, by);
    image->document += by->document;
}

void
irw_manifest_move(struct imgrw_manifest *manifest,
                  const struct irw_text_place *by)
{
    struct irw_findings *findings = &manifest->findings;

    for (size_t i = 0; i < findings->site_count; i++)
        move_image(&findings->sites[i].image, by);
    for (size_t i = 0; i < findings->possible.count; i++)
        move_image(&findings->possible.items[i], by);
    for (size_t i = 0; i < findings->resources.count; i++)
        irw_location_move(&findings->resources.items[i].at, by);
    for (size_t i = 0; i < findings->warnings.count; i++)
        irw_location_move(&findings->warnings.items[i].at, by);
}

void
imgrw_manifest_free(struct imgrw_manifest *manifest)
{
    if (!manifest)
        return;
    irw_pieces_clear(manifest);
    free(manifest);
}

size_t
imgrw_manifest_count(const struct imgrw_manifest *manifest)
{
    return manifest ? manifest->findings.site_count : 0;
}

const struct imgrw_image *
imgrw_manifest_image(const struct imgrw_manifest *manifest, size_t index)
{
    return index < imgrw_manifest_count(manifest)
               ? &manifest->findings.sites[index].image
               : NULL;
}

size_t
imgrw_manifest_resource_count(const struct imgrw_manifest *manifest)
{
    return manifest ? manifest->findings.resources.count : 0;
}

const struct imgrw_resource *
imgrw_manifest_resource(const struct imgrw_manifest *manifest, size_t index)
{
    return index < imgrw_manifest_resource_count(manifest)
               ? &manifest->findings.resources.items[index]
               : NULL;
}

size_t
imgrw_manifest_warning_count(const struct imgrw_manifest *manifest)
{
    return manifest ? manifest->findings.warnings.count : 0;
}

const struct imgrw_warning *
imgrw_manifest_warning(const struct imgrw_manifest *manifest, size_t index)
{
    return index < imgrw_manifest_warning_count(manifest)
               ? &manifest->findings.warnings.items[index]
               : NULL;
}

size_t
imgrw_manifest_unselected_count(const struct imgrw_manifest *manifest,
                                enum imgrw_class image_class)
{
    size_t count = 0;

    for (size_t i = 0; manifest && i < manifest->findings.unselected.count; i++)
        count += manifest->findings.unselected.items[i].image_class ==
                 image_class;
    return count;
}

size_t
imgrw_manifest_possible_count(const struct imgrw_manifest *manifest)
{
    return manifest ? manifest->findings.possible.count : 0;
}

const struct imgrw_image *
imgrw_manifest_possible(const struct imgrw_manifest *manifest, size_t index)
{
    return index < imgrw_manifest_possible_count(manifest)
               ? &manifest->findings.possible.items[index]
               : NULL;
}

int
imgrw_manifest_is_template(const struct imgrw_manifest *manifest)
{
    return manifest && manifest->source.mask;
}

size_t
imgrw_manifest_unread(const struct imgrw_manifest *manifest)
{
    return manifest ? manifest->unread : 0;
}

int
imgrw_manifest_field_met(const struct imgrw_manifest *manifest, size_t field)
{
    return manifest && field < manifest->field_count &&
           manifest->findings.fields_met[field];
}
