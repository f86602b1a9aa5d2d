/*
 * Formats of other tools. Some map one image to another, because the tool
 * moves, mirrors or resolves images; others say which images are private, as
 * KOTS and tools that ask registries do.
 */
#include "config/other_tools.h"
#include "base/str.h"

/* Adds a rule that replaces one image by another. */
static enum imgrw_status
add_exact(struct irw_reader *reader, uint32_t node, const char *from,
          const char *to)
{
    return irw_reader_place(
        reader, node,
        imgrw_rules_add_exact(reader->rules, irw_str(from), irw_str(to),
                              reader->error));
}

static enum imgrw_status
read_pair(struct irw_reader *reader, uint32_t key, uint32_t value)
{
    const struct irw_tree *tree = &reader->tree;
    const char *from, *to = NULL;
    enum imgrw_status status =
        irw_reader_string(reader, irw_tree_follow(tree, key),
                          "a key of a relocation map", &from);

    if (status == IMGRW_OK)
        status = irw_reader_string(reader, irw_tree_follow(tree, value),
                                   "a value of a relocation map", &to);
    return status == IMGRW_OK
               ? add_exact(reader, key, from, to)
               : status;
}

enum imgrw_status
irw_config_relocation(struct irw_reader *reader, uint32_t root)
{
    struct irw_entries entries = irw_entries(&reader->tree, root);
    uint32_t key, value;
    enum imgrw_status status = IMGRW_OK;

    while (status == IMGRW_OK && irw_entries_next(&entries, &key, &value))
        status = read_pair(reader, key, value);
    return status;
}

/* Adds kbld's override of all images of a repository. It replaces the whole
 * reference, so that it needs a tag or a digest: without one, the images would
 * keep theirs. */
static enum imgrw_status
add_repository(struct irw_reader *reader, uint32_t node, const char *name,
               const char *image)
{
    struct imgrw_override override = {
        .size = sizeof(override), .name = irw_str(name)};
    struct imgrw_reference parsed;
    struct imgrw_error why;

    if (imgrw_reference_parse(irw_str(image), &parsed, &why) != IMGRW_OK)
        return irw_reader_fail(reader, node, "newImage \"%s\": %s", image,
                               why.message);
    if (parsed.tag.size + parsed.digest.size == 0)
        return irw_reader_fail(reader, node, "newImage for imageRepo needs a "
                                             "tag or a digest");
    override.new_name.data = image;
    override.new_name.size = (size_t)(parsed.repository.data +
                                      parsed.repository.size - image);
    override.new_tag = parsed.tag;
    override.digest = parsed.digest;
    return irw_reader_place(
        reader, node,
        imgrw_rules_add_override(reader->rules, &override, reader->error));
}

static enum imgrw_status
read_kbld_override(struct irw_reader *reader, uint32_t node)
{
    enum { IMAGE, REPOSITORY, NEW, RESOLVED, TAGS, PLATFORM };
    struct irw_member items[] = {
        IRW_STRING("image"), IRW_STRING("imageRepo"), IRW_REQUIRED("newImage"),
        IRW_ANY("preresolved"), IRW_ANY("tagSelection"),
        IRW_ANY("platformSelection"),
    };
    const char *image, *repository;
    enum imgrw_status status =
        irw_reader_members(reader, node,
                           &IRW_MEMBERS("an override of kbld", items));

    if (status != IMGRW_OK)
        return status;
    if (items[TAGS].value != IRW_NO_NODE)
        return irw_reader_fail(reader, items[TAGS].value,
                               "tagSelection asks a registry for its tags; "
                               "take the lock that kbld makes of it");
    if (items[PLATFORM].value != IRW_NO_NODE)
        irw_reader_warn(reader, items[PLATFORM].value,
                        "platformSelection is not taken");
    image = items[IMAGE].string;
    repository = items[REPOSITORY].string;
    if (!image == !repository)
        return irw_reader_fail(reader, node,
                               "an override of kbld has image or imageRepo, "
                               "and newImage");
    return image ? add_exact(reader, node, image, items[NEW].string)
                 : add_repository(reader, node, repository, items[NEW].string);
}

enum imgrw_status
irw_config_kbld(struct irw_reader *reader, uint32_t root)
{
    static const char *const ignored[] = {"sources", "destinations",
                                          "searchRules", "keys"};

    for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++) {
        uint32_t value = irw_reader_find(reader, root, ignored[i]);

        if (value != IRW_NO_NODE)
            irw_reader_warn(reader, value,
                            "%s of kbld's configuration is not taken",
                            ignored[i]);
    }
    return irw_reader_member_list(reader, root, "overrides",
                                  read_kbld_override);
}

/* Reads an image of imgpkg's lock. If kbld wrote the lock, an annotation says
 * which image it was in the manifests; without it there is nothing to
 * replace. */
static enum imgrw_status
read_locked_image(struct irw_reader *reader, uint32_t node)
{
    struct irw_member items[] = {IRW_REQUIRED("image"), IRW_ANY("annotations")};
    const char *image, *id;
    uint32_t of = IRW_NO_NODE;
    enum imgrw_status status =
        irw_reader_members(reader, node,
                           &IRW_MEMBERS("an image of a lock", items));

    if (status == IMGRW_OK && items[1].value != IRW_NO_NODE)
        of = irw_reader_find(reader, items[1].value, "kbld.carvel.dev/id");
    if (status == IMGRW_OK)
        status = irw_reader_string(reader, of, "kbld.carvel.dev/id", &id);
    if (status != IMGRW_OK)
        return status;
    image = items[0].string;
    if (id)
        return add_exact(reader, node, id, image);
    irw_reader_warn(reader, node,
                    "without an annotation kbld.carvel.dev/id it does not say "
                    "which image %s stands for", image);
    return IMGRW_OK;
}

enum imgrw_status
irw_config_images_lock(struct irw_reader *reader, uint32_t root)
{
    return irw_reader_member_list(reader, root, "images", read_locked_image);
}

/* Adds a rule that takes images of `source` from the first of its mirrors. A
 * manifest names one place, so the other mirrors have no use. */
static enum imgrw_status
add_mirror(struct irw_reader *reader, uint32_t node, const char *source,
           uint32_t mirrors, enum imgrw_pull pull)
{
    const struct irw_tree *tree = &reader->tree;
    uint32_t first = mirrors + 1;
    const char *mirror;
    bool none = mirrors == IRW_NO_NODE || irw_reader_is_null(reader, mirrors);
    enum imgrw_status status;

    if (!none && tree->nodes[mirrors].type != IRW_NODE_SEQUENCE)
        return irw_reader_fail(reader, mirrors, "mirrors has to be a list");
    if (none || tree->nodes[mirrors].next == first) {
        irw_reader_warn(reader, node, "%s has no mirrors", source);
        return IMGRW_OK;
    }
    if (tree->nodes[first].next < tree->nodes[mirrors].next)
        irw_reader_warn(reader, mirrors,
                        "of the mirrors of %s the first is taken", source);
    status = irw_reader_string(reader, irw_tree_follow(tree, first), "mirrors",
                               &mirror);
    if (status != IMGRW_OK)
        return status;
    return irw_reader_place(reader, first,
                            imgrw_rules_add_mirror(reader->rules, source,
                                                   mirror ? mirror : "", pull,
                                                   reader->error));
}

static enum imgrw_status
read_mirrors(struct irw_reader *reader, uint32_t node, enum imgrw_pull pull)
{
    enum { SOURCE, MIRRORS, POLICY };
    struct irw_member items[] = {
        IRW_REQUIRED("source"), IRW_ANY("mirrors"),
        IRW_ANY("mirrorSourcePolicy"),
    };
    enum imgrw_status status =
        irw_reader_members(reader, node,
                           &IRW_MEMBERS("an entry of mirrors", items));

    if (status != IMGRW_OK)
        return status;
    if (items[POLICY].value != IRW_NO_NODE &&
        irw_equal(irw_tree_value(&reader->tree, items[POLICY].value),
                  IRW_STR("AllowContactingSource")))
        irw_reader_warn(reader, items[POLICY].value,
                        "mirrorSourcePolicy: a manifest names one place, so "
                        "that %s is not tried when its mirror fails",
                        items[SOURCE].string);
    return add_mirror(reader, node, items[SOURCE].string, items[MIRRORS].value,
                      pull);
}

static enum imgrw_status
read_digest_mirrors(struct irw_reader *reader, uint32_t node)
{
    return read_mirrors(reader, node, IMGRW_PULL_BY_DIGEST);
}

static enum imgrw_status
read_tag_mirrors(struct irw_reader *reader, uint32_t node)
{
    return read_mirrors(reader, node, IMGRW_PULL_BY_TAG);
}

enum imgrw_status
irw_config_mirror_set(struct irw_reader *reader, uint32_t root)
{
    enum { KINDS = 3 };
    struct irw_member items[KINDS] = {
        IRW_ANY("imageDigestMirrors"), IRW_ANY("imageTagMirrors"),
        IRW_ANY("repositoryDigestMirrors"),
    };
    static irw_reader_fn *const readers[KINDS] = {
        read_digest_mirrors, read_tag_mirrors, read_digest_mirrors};
    uint32_t spec = irw_reader_find(reader, root, "spec");
    enum imgrw_status status;

    if (spec == IRW_NO_NODE)
        return irw_reader_fail(reader, root,
                               "a set of mirrors needs \"spec\"");
    status = irw_reader_members(reader, spec,
                                &IRW_MEMBERS("the spec of mirrors", items));
    for (size_t i = 0; i < KINDS && status == IMGRW_OK; i++)
        status = irw_reader_list(reader, items[i].value, items[i].name,
                                 readers[i]);
    return status;
}

static enum imgrw_status
set_access(struct irw_reader *reader, uint32_t node, const char *image,
           enum imgrw_access access)
{
    return irw_reader_place(
        reader, node,
        imgrw_rules_set_access(reader->rules, irw_str(image), access,
                               reader->error));
}

/* Reads {image, isPrivate}. Where the second is not required, an image without
 * it is public. */
static enum imgrw_status
read_known(struct irw_reader *reader, uint32_t node, bool required)
{
    struct irw_member items[] = {IRW_REQUIRED("image"), IRW_ANY("isPrivate")};
    bool is_private = false;
    enum imgrw_status status;

    items[1].required = required;
    status = irw_reader_members(reader, node,
                                &IRW_MEMBERS("an entry of knownImages", items));
    if (status == IMGRW_OK)
        status = irw_reader_bool(reader, items[1].value, "isPrivate",
                                 &is_private);
    if (status != IMGRW_OK)
        return status;
    return set_access(reader, items[0].value, items[0].string,
                      is_private ? IMGRW_ACCESS_PRIVATE
                                 : IMGRW_ACCESS_PUBLIC);
}

enum imgrw_status
irw_config_known_image(struct irw_reader *reader, uint32_t node)
{
    return read_known(reader, node, true);
}

/* Reads an image of KOTS, which leaves `isPrivate` out when it is false. */
static enum imgrw_status
read_kots_image(struct irw_reader *reader, uint32_t node)
{
    return read_known(reader, node, false);
}

enum imgrw_status
irw_config_installation(struct irw_reader *reader, uint32_t root)
{
    uint32_t spec = irw_reader_find(reader, root, "spec");

    if (spec == IRW_NO_NODE)
        return irw_reader_fail(reader, root,
                               "an Installation needs \"spec\"");
    return irw_reader_member_list(reader, spec, "knownImages", read_kots_image);
}

/* What an answer of a registry says about an image. "absent" says nothing, nor
 * does a request that failed. */
static enum imgrw_access
access_of(const char *outcome)
{
    if (strcmp(outcome, "public") == 0)
        return IMGRW_ACCESS_PUBLIC;
    if (strcmp(outcome, "denied") == 0 || strcmp(outcome, "pullable") == 0)
        return IMGRW_ACCESS_PRIVATE;
    return IMGRW_ACCESS_UNKNOWN;
}

/* Reads a line with an outcome; its other members do not matter. */
static enum imgrw_status
read_outcome(struct irw_reader *reader, uint32_t root)
{
    struct irw_member items[] = {IRW_STRING("ref"), IRW_STRING("outcome")};
    struct irw_members members = IRW_MEMBERS("a line", items);
    enum imgrw_status status;

    members.open = true;
    status = irw_reader_members(reader, root, &members);
    if (status != IMGRW_OK)
        return status;
    if (!items[0].string || !items[1].string)
        return irw_reader_fail(reader, root,
                               "a line about an image needs \"ref\" and "
                               "\"outcome\"");
    return set_access(reader, items[0].value, items[0].string,
                      access_of(items[1].string));
}

enum imgrw_status
irw_config_known_line(struct irw_reader *reader, uint32_t root)
{
    return irw_reader_find(reader, root, "ref") == IRW_NO_NODE
               ? irw_config_known_image(reader, root)
               : read_outcome(reader, root);
}

static bool
has_both(const struct irw_reader *reader, uint32_t mapping, const char *one,
         const char *other)
{
    return irw_reader_find(reader, mapping, one) != IRW_NO_NODE &&
           irw_reader_find(reader, mapping, other) != IRW_NO_NODE;
}

bool
irw_is_known_line(const struct irw_reader *reader, uint32_t mapping)
{
    return has_both(reader, mapping, "ref", "outcome") ||
           has_both(reader, mapping, "image", "isPrivate");
}
