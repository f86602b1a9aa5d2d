/*
 * A pattern ends at a "/", ":" or "@" of the image: `quay.io/a` covers
 * `quay.io/a/b` and `quay.io/a:1`, not `quay.io/ab`. Rules as registries.conf
 * has them for its `prefix`.
 */
#include "rules/pattern.h"
#include "base/error.h"
#include "base/str.h"
#include "reference/name.h"

/* Whether `text`, which holds no "/", is a registry: `nginx:1.25` is not, but
 * `registry:5000` is. */
static bool
is_lone_registry(imgrw_str text)
{
    size_t colon = irw_find(text, ':');

    if (text.size > 0 && text.data[0] == '[')
        return true;
    if (colon == SIZE_MAX)
        return irw_is_host(text);
    if (colon + 1 == text.size)
        return false;
    for (size_t i = colon + 1; i < text.size; i++)
        if (!irw_is_digit(text.data[i]))
            return false;
    return true;
}

/* Parses HOST[/PATH...] by the grammar of references. A pattern that is a whole
 * registry borrows a repository for that, and one for many hosts a host. */
static enum imgrw_status
parse_as_reference(imgrw_str text, bool lone_registry, struct irw_arena *arena,
                   struct irw_pattern *pattern, struct imgrw_error *error)
{
    struct imgrw_reference parsed, *name = &pattern->name;
    struct imgrw_reference_buffer *buffer =
        irw_arena_alloc(arena, sizeof(*buffer) + text.size + 2);
    char *copy = (char *)(buffer + 1);
    enum imgrw_status status;

    if (!buffer)
        return irw_fail_memory(error);
    if (text.size > 0)
        memcpy(copy, text.data, text.size);
    memcpy(copy + text.size, "/x", 2);
    if (pattern->any_host)
        copy[0] = 'x';
    text = (imgrw_str){copy, text.size + (lone_registry ? 2 : 0)};
    status = imgrw_reference_parse(text, &parsed, error);
    if (status != IMGRW_OK)
        return status;
    /* what is no host because of its "_" is read as a path */
    if (pattern->any_host && parsed.registry.size == 0)
        return irw_fail(error, IMGRW_ERR_RULE, IRW_NO_LOCATION,
                        "a domain has to follow the *, as in *.example.com");
    irw_reference_canonical(&parsed, buffer, name);
    if (pattern->any_host)
        name->registry = irw_slice(name->registry, 1, name->registry.size);
    if (!lone_registry && name->repository.size > parsed.repository.size)
        pattern->official = name->repository;
    name->repository = lone_registry ? (imgrw_str){0} : parsed.repository;
    return IMGRW_OK;
}

/* What is wrong with a pattern that people write with good reason; NULL: none
 * of that. */
static const char *
find_habit(imgrw_str text)
{
    size_t star = irw_find(text, '*');

    if (text.size > 0 && memmem(text.data, text.size, "://", 3))
        return "a registry has no scheme";
    if (star == 0 && irw_starts_with(text, IRW_STR("*.")))
        star = irw_find(irw_slice(text, 1, text.size), '*');
    if (star != SIZE_MAX)
        return "a * may stand before a domain only, as in *.example.com; all "
               "below a registry or path is meant without one";
    return NULL;
}

enum imgrw_status
irw_pattern_parse(imgrw_str text, const char *what, struct irw_arena *arena,
                  struct irw_pattern *pattern, struct imgrw_error *error)
{
    struct irw_pattern found = {0};
    imgrw_str rest = text;
    struct imgrw_error why;
    enum imgrw_status status;
    const char *habit = find_habit(text);
    bool lone;

    if (habit)
        return irw_fail(error, IMGRW_ERR_RULE, IRW_NO_LOCATION,
                        "%s \"%.*s\": %s", what, IRW_PRINT(text), habit);
    found.any_host = irw_starts_with(text, IRW_STR("*."));
    if (rest.size > 1 && rest.data[rest.size - 1] == '/')
        rest.size--;
    lone = irw_find(rest, '/') == SIZE_MAX &&
           (found.any_host || is_lone_registry(rest));
    status = parse_as_reference(rest, lone, arena, &found, &why);
    if (status == IMGRW_ERR_MEMORY)
        return irw_fail_memory(error);
    if (status != IMGRW_OK)
        return irw_fail(error, IMGRW_ERR_RULE, IRW_NO_LOCATION,
                        "%s \"%.*s\": %s", what, IRW_PRINT(text), why.message);
    *pattern = found;
    return IMGRW_OK;
}

enum imgrw_status
irw_pattern_parse_glob(imgrw_str text, const char *what,
                       struct irw_arena *arena, struct irw_pattern *pattern,
                       struct imgrw_error *error)
{
    if (irw_ends_with(text, IRW_STR("/**")))
        text.size -= 3;
    return irw_pattern_parse(text, what, arena, pattern, error);
}

enum imgrw_status
irw_location_parse(imgrw_str text, struct irw_arena *arena,
                   struct irw_location *location, struct imgrw_error *error)
{
    struct irw_pattern *under = &location->under;
    enum imgrw_status status =
        irw_pattern_parse(text, "location", arena, under, error);

    if (status != IMGRW_OK)
        return status;
    if (under->name.tag.size + under->name.digest.size > 0 || under->any_host)
        return irw_fail(error, IMGRW_ERR_RULE, IRW_NO_LOCATION,
                        "location \"%.*s\" has to be a registry, with or "
                        "without a path: one registry and no tag or digest",
                        IRW_PRINT(text));
    if (irw_ends_with(text, IRW_STR("/")))
        text.size--;
    location->text = text;
    under->official = (imgrw_str){0};
    return irw_arena_keep(arena, &location->text) ? IMGRW_OK
                                                  : irw_fail_memory(error);
}

static bool
match_host(const struct irw_pattern *pattern, imgrw_str host)
{
    imgrw_str end = pattern->name.registry;

    if (!pattern->any_host)
        return irw_equal(end, host);
    return host.size > end.size && irw_ends_with(host, end);
}

/* How much of `repository` the pattern's path covers, or SIZE_MAX. On Docker
 * Hub a path of one component is a namespace or an official image. */
static size_t
match_path(const struct irw_pattern *pattern, imgrw_str repository)
{
    imgrw_str path = pattern->name.repository;

    if (path.size == 0)
        return 0;
    if (pattern->official.size > 0 && irw_equal(pattern->official, repository))
        return repository.size;
    if (!irw_starts_with(repository, path) ||
        (repository.size > path.size && repository.data[path.size] != '/'))
        return SIZE_MAX;
    return path.size;
}

bool
irw_pattern_match(const struct irw_pattern *pattern,
                  const struct imgrw_reference *reference,
                  struct irw_match *match)
{
    imgrw_str tag = pattern->name.tag, digest = pattern->name.digest;
    size_t whole = tag.size + digest.size, path;

    if (!match_host(pattern, reference->registry))
        return false;
    path = match_path(pattern, reference->repository);
    if (path == SIZE_MAX || (whole > 0 && path != reference->repository.size))
        return false;
    if ((tag.size > 0 && !irw_equal(tag, reference->tag)) ||
        (digest.size > 0 && !irw_equal(digest, reference->digest)))
        return false;
    if (match)
        *match = (struct irw_match){
            .path = path,
            .exact = (whole * 2 + !pattern->any_host) * IMGRW_REFERENCE_MAX +
                     pattern->name.registry.size,
        };
    return true;
}

imgrw_str
irw_match_rest(const struct irw_match *match, imgrw_str repository)
{
    imgrw_str rest = irw_slice(repository, match->path, repository.size);

    return irw_starts_with(rest, IRW_STR("/")) ? irw_slice(rest, 1, rest.size)
                                               : rest;
}

bool
irw_pattern_covers(const struct irw_pattern *outer,
                   const struct irw_pattern *inner)
{
    if (!inner->any_host)
        return irw_pattern_match(outer, &inner->name, NULL);
    return outer->any_host &&
           irw_ends_with(inner->name.registry, outer->name.registry) &&
           match_path(outer, inner->name.repository) != SIZE_MAX;
}

bool
irw_path_up(imgrw_str *path)
{
    if (path->size == 0)
        return false;
    do
        path->size--;
    while (path->size > 0 && path->data[path->size] != '/');
    return true;
}
