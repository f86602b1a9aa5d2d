#include "manifest/reference_parts.h"
#include "base/error.h"
#include "base/str.h"
#include "reference/name.h"
#include "reference/parse.h"
#include "reference/placeholder.h"
#include "yaml/cursor.h"

#include <stdio.h>

static bool
has(imgrw_str part)
{
    return part.size > 0;
}

static bool
ends_with_slash(imgrw_str part)
{
    return has(part) && part.data[part.size - 1] == '/';
}

static bool
begins_with_slash(imgrw_str part)
{
    return has(part) && part.data[0] == '/';
}

/* The algorithm before a digest is left out in some charts. */
static bool
is_bare_digest(imgrw_str digest)
{
    return has(digest) && irw_find(digest, ':') == SIZE_MAX &&
           irw_placeholder_find(digest) == SIZE_MAX;
}

bool
irw_begins_with_digest(imgrw_str text)
{
    size_t at = irw_placeholder_pass(text, 0, ":@");

    return at < text.size && text.data[at] == ':';
}

bool
irw_is_pin(imgrw_str key, imgrw_str value)
{
    return irw_ends_with(key, IRW_STR("Digest")) &&
           irw_begins_with_digest(value);
}

struct irw_parts
irw_parts_read(const struct irw_tree *tree, const struct irw_part *parts,
               size_t count)
{
    struct irw_parts read = {0};

    for (size_t i = 0; i < count; i++) {
        imgrw_str text = irw_tree_text(tree, parts[i].node);

        text = irw_slice(text, parts[i].from, parts[i].to);
        read.at[parts[i].role] =
            (imgrw_str){text.data ? text.data : "", text.size};
    }
    return read;
}

imgrw_str
irw_join(const struct irw_parts *parts, char buffer[IRW_JOINED_MAX])
{
    imgrw_str tag = parts->at[IRW_ROLE_TAG];
    imgrw_str digest = parts->at[IRW_ROLE_DIGEST];
    const struct {
        imgrw_str mark, text; /* the mark follows what there is already */
    } pieces[] = {
        {IRW_STR("/"), parts->at[IRW_ROLE_REGISTRY]},
        {IRW_STR("/"), parts->at[IRW_ROLE_REPOSITORY]},
        {IRW_STR("/"), parts->at[IRW_ROLE_NAME]},
        {irw_starts_with(tag, IRW_STR(IRW_SHA256)) ? IRW_STR("@")
                                                   : IRW_STR(":"),
         tag},
        {is_bare_digest(digest) ? IRW_STR("@" IRW_SHA256) : IRW_STR("@"),
         digest},
    };
    size_t size = 0;

    if (!has(parts->at[IRW_ROLE_REPOSITORY]) && !has(parts->at[IRW_ROLE_NAME]))
        return (imgrw_str){0};
    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
        imgrw_str text = pieces[i].text;
        size_t mark = size > 0 ? pieces[i].mark.size : 0;

        if (!has(text))
            continue;
        if (pieces[i].mark.data[0] == '/' &&
            (ends_with_slash((imgrw_str){buffer, size}) ||
             begins_with_slash(text)))
            mark = 0; /* it is there */
        if (size + mark + text.size >= IRW_JOINED_MAX)
            return (imgrw_str){0};
        memcpy(buffer + size, pieces[i].mark.data, mark);
        memcpy(buffer + size + mark, text.data, text.size);
        size += mark + text.size;
    }
    return (imgrw_str){buffer, size};
}

/* Splitting: the old parts, the new reference, and the new parts. */
struct splitting {
    struct irw_parts old, new;
    struct imgrw_reference reference;
    struct irw_arena *arena;
    bool into_registry, into_name;
};

/* "ONE" + mark + "OTHER" in the arena; data NULL when memory is out. */
static imgrw_str
concat(struct irw_arena *arena, imgrw_str one, const char *mark,
       imgrw_str other)
{
    size_t size = one.size + strlen(mark) + other.size;
    char *bytes = irw_arena_alloc(arena, size + 1);

    if (bytes)
        snprintf(bytes, size + 1, "%.*s%s%.*s", (int)one.size,
                 has(one) ? one.data : "", mark, (int)other.size,
                 has(other) ? other.data : "");
    return (imgrw_str){bytes, bytes ? size : 0};
}

/* Where the last `count` components of a path begin; 0 when it has no more. */
static size_t
last_components(imgrw_str path, size_t count)
{
    size_t at = path.size;

    while (at > 0 && count > 0)
        count -= path.data[--at] == '/';
    return count == 0 ? at + 1 : 0;
}

/* What a part becomes whose old text ends or begins with the slash that would
 * stand between it and the next one or the one before. */
static imgrw_str
with_slashes(struct splitting *splitting, imgrw_str text, imgrw_str old)
{
    if (has(text) && ends_with_slash(old))
        text = concat(splitting->arena, text, "/", (imgrw_str){0});
    if (has(text) && begins_with_slash(old))
        text = concat(splitting->arena, (imgrw_str){0}, "/", text);
    return text;
}

/* Whether the last `size` bytes of a path are whole components. */
static bool
ends_with_components(imgrw_str path, size_t size)
{
    return size == path.size || path.data[path.size - size - 1] == '/';
}

/* How many bytes at the ends of two paths are the same components. */
static size_t
common_components(imgrw_str one, imgrw_str other)
{
    size_t size = 0, common = 0;

    while (size < one.size && size < other.size &&
           one.data[one.size - size - 1] == other.data[other.size - size - 1]) {
        size++;
        if (ends_with_components(one, size) &&
            ends_with_components(other, size))
            common = size;
    }
    return common;
}

/* Moves all of the path to the registry but what its own parts say already.
 * Where that is nothing, the parts get new names anyway. */
static void
move_into_registry(struct splitting *splitting, imgrw_str *registry,
                   imgrw_str *path)
{
    const imgrw_str *old = splitting->old.at;
    const struct irw_parts names = {
        .at[IRW_ROLE_REPOSITORY] = old[IRW_ROLE_REPOSITORY],
        .at[IRW_ROLE_NAME] = old[IRW_ROLE_NAME],
    };
    bool both = has(old[IRW_ROLE_REPOSITORY]) && has(old[IRW_ROLE_NAME]);
    char buffer[IRW_JOINED_MAX];
    struct imgrw_reference named;
    size_t common;
    bool filled_in;

    if (irw_reference_read(irw_join(&names, buffer), &named, &filled_in,
                           NULL) != IMGRW_OK ||
        has(named.registry))
        return;
    common = common_components(*path, named.repository);
    if (common == 0 || common == path->size ||
        (both && common < named.repository.size))
        return;
    *registry = concat(splitting->arena, *registry, "/",
                       irw_slice(*path, 0, path->size - common - 1));
    *path = irw_slice(*path, path->size - common, path->size);
}

/* Divides the registry and the path among the parts that hold them. */
static bool
split_path(struct splitting *splitting)
{
    const struct imgrw_reference *reference = &splitting->reference;
    imgrw_str registry = has(reference->registry) ? reference->registry
                                                  : IRW_STR("docker.io");
    imgrw_str *old = splitting->old.at, *new = splitting->new.at;
    imgrw_str path = reference->repository;
    size_t slashes = 1, cut;
    enum irw_role last;

    if (old[IRW_ROLE_REGISTRY].data && splitting->into_registry)
        move_into_registry(splitting, &registry, &path);
    if (old[IRW_ROLE_REGISTRY].data)
        new[IRW_ROLE_REGISTRY] =
            with_slashes(splitting, registry, old[IRW_ROLE_REGISTRY]);
    else if (has(reference->registry))
        path = concat(splitting->arena, registry, "/", path);
    if (!has(old[IRW_ROLE_REPOSITORY]) || !has(old[IRW_ROLE_NAME])) {
        last = has(old[IRW_ROLE_NAME]) ? IRW_ROLE_NAME : IRW_ROLE_REPOSITORY;
        new[last] = with_slashes(splitting, path, old[last]);
        return true;
    }
    for (size_t i = 1; i < old[IRW_ROLE_NAME].size; i++)
        slashes += old[IRW_ROLE_NAME].data[i] == '/';
    cut = last_components(path, slashes);
    if (cut == 0)
        return false;
    new[IRW_ROLE_REPOSITORY] = with_slashes(
        splitting, irw_slice(path, 0, cut - 1), old[IRW_ROLE_REPOSITORY]);
    new[IRW_ROLE_NAME] = with_slashes(
        splitting, irw_slice(path, cut, path.size), old[IRW_ROLE_NAME]);
    return true;
}

/* Appends tag and digest to the part that held them before. */
static void
append_version(struct splitting *splitting, enum irw_role role, imgrw_str tag,
               imgrw_str digest)
{
    imgrw_str *part = &splitting->new.at[role];

    if (has(tag))
        *part = concat(splitting->arena, *part, ":", tag);
    if (has(digest))
        *part = concat(splitting->arena, *part, "@", digest);
}

/* Whether a tag or a digest ends the part; the colon of a port does not. */
static bool
holds_version(imgrw_str part)
{
    bool holds = false;

    for (size_t at = 0; (at = irw_placeholder_pass(part, at, "/:@")) <
                        part.size; at++)
        holds = part.data[at] != '/';
    return holds;
}

/* Divides tag and digest among the parts that hold them. An empty one holds
 * nothing that the name did not hold before. */
static void
split_version(struct splitting *splitting)
{
    imgrw_str *old = splitting->old.at, *new = splitting->new.at;
    imgrw_str tag = splitting->reference.tag;
    imgrw_str digest = splitting->reference.digest;
    enum irw_role last = has(old[IRW_ROLE_NAME]) ? IRW_ROLE_NAME
                                                 : IRW_ROLE_REPOSITORY;
    bool held = holds_version(old[last]);

    if (old[IRW_ROLE_DIGEST].data && !(held && !has(old[IRW_ROLE_DIGEST]))) {
        new[IRW_ROLE_DIGEST] = digest;
        if (is_bare_digest(old[IRW_ROLE_DIGEST]) &&
            irw_starts_with(digest, IRW_STR(IRW_SHA256)))
            new[IRW_ROLE_DIGEST] = irw_slice(digest, 7, digest.size);
        digest = (imgrw_str){0};
    }
    if (old[IRW_ROLE_TAG].data && !(held && !has(old[IRW_ROLE_TAG]))) {
        new[IRW_ROLE_TAG] = has(tag) ? tag : digest;
        if (has(tag) && has(digest))
            new[IRW_ROLE_TAG] = concat(splitting->arena, tag, "@", digest);
        tag = digest = (imgrw_str){0};
    }
    if (held)
        append_version(splitting, last, tag, digest);
}

/* Whether the new parts, put together, are the reference. */
static bool
says_it(const struct splitting *splitting)
{
    char buffer[IRW_JOINED_MAX];
    imgrw_str joined = irw_join(&splitting->new, buffer);
    struct imgrw_reference reference;
    bool filled_in;

    return irw_reference_read(joined, &reference, &filled_in, NULL) ==
               IMGRW_OK &&
           imgrw_reference_equal(&reference, &splitting->reference);
}

/* Splits below a registry that may not change: a name that leaves it becomes a
 * whole reference, which the image's own key may be as well. */
static bool
split_below(struct splitting *splitting, imgrw_str text)
{
    imgrw_str registry = splitting->old.at[IRW_ROLE_REGISTRY];
    imgrw_str path = splitting->reference.repository;
    size_t end = (size_t)(path.data + path.size - text.data);

    splitting->new = splitting->old;
    registry.size -= ends_with_slash(registry);
    if (irw_starts_with(text, registry) && registry.size + 1 < end &&
        text.data[registry.size] == '/') {
        splitting->new.at[IRW_ROLE_REPOSITORY] =
            irw_slice(text, registry.size + 1, end);
        split_version(splitting);
        return says_it(splitting);
    }
    splitting->new.at[IRW_ROLE_REPOSITORY] = text;
    return splitting->reference.tag.size + splitting->reference.digest.size > 0;
}

static bool
split_apart(struct splitting *splitting)
{
    if (!split_path(splitting))
        return false;
    split_version(splitting);
    return says_it(splitting);
}

/* Takes "library" off the path before a name alone, and puts it before that. */
static bool
move_into_name(struct splitting *splitting, imgrw_str name, imgrw_str *path)
{
    static const imgrw_str library = {"library", 7};
    enum irw_role role = has(splitting->old.at[IRW_ROLE_REPOSITORY])
                             ? IRW_ROLE_REPOSITORY
                             : IRW_ROLE_NAME;
    imgrw_str rest = irw_slice(*path, 0, path->size - 1);

    if (path->size == 0 || irw_find(name, '/') != SIZE_MAX ||
        !irw_ends_with(rest, library) ||
        !ends_with_components(rest, library.size))
        return false;
    path->size -= library.size + 1;
    splitting->new.at[role] =
        with_slashes(splitting, concat(splitting->arena, library, "/", name),
                     splitting->old.at[role]);
    return true;
}

/* Splits below a registry that other images have as well: their names stay, so
 * that this one has to, but for the word that Docker Hub's have implied. */
static bool
split_common(struct splitting *splitting, imgrw_str text)
{
    const struct irw_parts names = {
        .at[IRW_ROLE_REPOSITORY] = splitting->old.at[IRW_ROLE_REPOSITORY],
        .at[IRW_ROLE_NAME] = splitting->old.at[IRW_ROLE_NAME],
    };
    char buffer[IRW_JOINED_MAX];
    imgrw_str path = splitting->reference.repository;
    imgrw_str name = irw_join(&names, buffer);

    name.size -= ends_with_slash(name);
    if (begins_with_slash(name))
        name = irw_slice(name, 1, name.size);
    if (!irw_ends_with(path, name) || !ends_with_components(path, name.size))
        return false;
    /* ... up to the name, which a slash may precede */
    path = irw_slice(text, 0, (size_t)(path.data + path.size - text.data));
    path.size -= name.size;
    splitting->new = splitting->old;
    if (splitting->into_name && !move_into_name(splitting, name, &path))
        return false;
    splitting->new.at[IRW_ROLE_REGISTRY] = IRW_STR("docker.io");
    if (path.size > 1)
        splitting->new.at[IRW_ROLE_REGISTRY] =
            has(splitting->reference.registry)
                ? irw_slice(path, 0, path.size - 1)
                : concat(splitting->arena, IRW_STR("docker.io"), "/",
                         irw_slice(path, 0, path.size - 1));
    splitting->new.at[IRW_ROLE_REGISTRY] =
        with_slashes(splitting, splitting->new.at[IRW_ROLE_REGISTRY],
                     splitting->old.at[IRW_ROLE_REGISTRY]);
    split_version(splitting);
    return says_it(splitting);
}

/* The registry of the site, where it is a part of its own; NULL: it is not. */
static const struct irw_part *
registry_of(const struct irw_site *site)
{
    for (size_t i = 0; i < site->part_count; i++)
        if (site->parts[i].role == IRW_ROLE_REGISTRY)
            return &site->parts[i];
    return NULL;
}

const struct irw_part *
irw_common_registry(const struct irw_site *site)
{
    const struct irw_part *registry = registry_of(site);

    return registry && registry->common ? registry : NULL;
}

/* Divides the new text among the parts. */
static bool
divide(struct splitting *splitting, const struct irw_site *site, imgrw_str text)
{
    const struct irw_part *registry = registry_of(site);

    if (registry && registry->common)
        return split_common(splitting, text);
    return registry && registry->fixed ? split_below(splitting, text)
                                       : split_apart(splitting);
}

/* The digest beside the parts that is for the old version, where that would
 * change; NULL: there is none. */
static const struct irw_part *
find_pin(const struct splitting *splitting, const struct irw_site *site)
{
    char buffer[IRW_JOINED_MAX];
    imgrw_str joined = irw_join(&splitting->old, buffer);
    struct imgrw_reference old;
    bool filled_in;

    for (size_t i = 0; i < site->part_count; i++)
        if (site->parts[i].role == IRW_ROLE_PIN &&
            irw_reference_read(joined, &old, &filled_in, NULL) == IMGRW_OK &&
            !(irw_equal(old.tag, splitting->reference.tag) &&
              irw_equal(old.digest, splitting->reference.digest)))
            return &site->parts[i];
    return NULL;
}

static enum imgrw_status
fail_part(imgrw_str text, const struct irw_part *part,
          struct imgrw_error *error)
{
    return irw_fail(error, IMGRW_ERR_EDIT, IRW_NO_LOCATION, "for %.*s %s",
                    IRW_PRINT(text),
                    part->fixed ? "the tag would have to change, and others "
                                  "may read it where it stands"
                                : "a digest would have to stand where only a "
                                  "tag can");
}

enum imgrw_status
irw_split(struct irw_split *split, imgrw_str text, struct imgrw_error *error)
{
    const struct irw_site *site = split->site;
    struct splitting splitting = {
        .old = irw_parts_read(split->tree, site->parts, site->part_count),
        .arena = split->arena,
        .into_registry = split->into_registry,
        .into_name = split->into_name,
    };
    const struct irw_part *pin;
    bool filled_in;

    split->count = 0;
    split->is_fixed = false;
    if (irw_reference_read(text, &splitting.reference, &filled_in, NULL) !=
            IMGRW_OK ||
        !divide(&splitting, site, text))
        return irw_fail(error, IMGRW_ERR_EDIT, IRW_NO_LOCATION,
                        "the keys that are there cannot say %.*s, and none is "
                        "added",
                        IRW_PRINT(text));
    pin = find_pin(&splitting, site);
    if (pin)
        return irw_fail(error, IMGRW_ERR_EDIT, IRW_NO_LOCATION,
                        "the tag or digest of %.*s would be another one, and "
                        "%.*s beside it would stay; change both by hand",
                        IRW_PRINT(text),
                        IRW_PRINT(irw_tree_text(split->tree, pin->node - 1)));
    for (size_t i = 0; i < site->part_count; i++) {
        const struct irw_part *part = &site->parts[i];
        imgrw_str value = splitting.new.at[part->role];

        if (part->role == IRW_ROLE_PIN ||
            irw_equal(value, splitting.old.at[part->role]))
            continue;
        /* others read a fixed part, and a simple one cannot say a digest */
        split->is_fixed = part->fixed;
        if (part->fixed ||
            (part->simple && irw_begins_with_digest(value)))
            return fail_part(text, part, error);
        split->wishes[split->count++] =
            (struct irw_value_edit){part->node, part->from, part->to, value};
    }
    return IMGRW_OK;
}
