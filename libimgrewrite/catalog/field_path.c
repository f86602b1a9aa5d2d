#include "catalog/field_path.h"
#include "base/error.h"
#include "base/str.h"

static enum imgrw_status
fail_path(imgrw_str path, const char *why, struct imgrw_error *error)
{
    return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                    "field path \"%.*s\": %s", IRW_PRINT(path), why);
}

/* Takes the backslashes before slashes out of a key. */
static bool
unescape(imgrw_str *key, struct irw_arena *arena)
{
    char *copy, *end;

    if (irw_find(*key, '\\') == SIZE_MAX)
        return true;
    end = copy = irw_arena_copy(arena, *key);
    if (!copy)
        return false;
    for (size_t i = 0; i < key->size; i++)
        if (key->data[i] != '\\' || i + 1 == key->size ||
            key->data[i + 1] != '/')
            *end++ = key->data[i];
    *key = (imgrw_str){copy, (size_t)(end - copy)};
    return true;
}

/* Reads one step, which is all of `text`; says in `why` what is wrong. */
static bool
read_step(imgrw_str text, struct irw_path_step *step, const char **why)
{
    *step = (struct irw_path_step){.key = text};
    if (irw_ends_with(text, IRW_STR("[]"))) {
        step->key.size -= 2;
        step->list = true;
    }
    step->any = irw_equal(step->key, IRW_STR("*"));
    if (step->key.size == 0)
        *why = "a key is empty";
    else if (irw_starts_with(step->key, IRW_STR("**")))
        *why = "\"**\" means nothing here; \"*\" is any one key";
    else if (irw_ends_with(step->key, IRW_STR("]")))
        *why = "only [] may follow a key, for every item of a list";
    else
        return true;
    return false;
}

/* Where the step that begins at `start` ends. */
static size_t
step_end(imgrw_str path, size_t start)
{
    size_t at = start;

    while (at < path.size &&
           (path.data[at] != '/' || (at > start && path.data[at - 1] == '\\')))
        at++;
    return at;
}

enum imgrw_status
irw_path_parse(imgrw_str path, struct irw_arena *arena,
               struct irw_path_steps *steps, struct imgrw_error *error)
{
    size_t at = path.size > 0 && path.data[0] == '/' ? 1 : 0;
    const char *why = NULL;

    steps->count = 0;
    for (;;) {
        size_t end = step_end(path, at);
        struct irw_path_step *step = &steps->at[steps->count++];

        if (!read_step(irw_slice(path, at, end), step, &why))
            return fail_path(path, why, error);
        if (!unescape(&step->key, arena))
            return irw_fail_memory(error);
        if (end == path.size)
            return IMGRW_OK;
        if (steps->count == IRW_PATH_MAX)
            return fail_path(path, "it has too many keys", error);
        at = end + 1;
    }
}
