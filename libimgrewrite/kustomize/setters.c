#include "kustomize/setters.h"
#include "base/error.h"
#include "base/str.h"

/* Setters that are being checked. */
struct setter_check {
    const struct irw_build *build;
    struct irw_answers *answers;
    struct imgrw_error *error;
};

/* Applies a transformer's entry to an image as it is and as it will be, in one
 * of the ways in which it may reach that, and sets whether it fits still. */
static enum imgrw_status
apply(const struct setter_check *check, const struct irw_entry *setter,
      struct irw_entry_image *before, struct irw_entry_image *after, bool *fits)
{
    struct irw_arena *arena = &check->answers->arena;
    bool met = false, meets = false;
    imgrw_str wanted;
    enum imgrw_status status =
        irw_entry_apply(setter, before, arena, &met, check->error);

    if (status == IMGRW_OK)
        status = irw_entry_apply(setter, after, arena, &meets, check->error);
    if (status != IMGRW_OK || !(met || meets))
        return status;
    status = irw_answers_get(check->answers, before->text, &wanted,
                             check->error);
    *fits = status == IMGRW_OK && irw_equal(after->text, wanted);
    return status;
}

/* Sets where a transformer is that makes another image of one than the rules
 * make of what it makes now; an expression that is not understood may be for
 * any image that changes. */
static enum imgrw_status
find_transformer(const struct setter_check *check,
                 const struct irw_build_image *image,
                 struct imgrw_location *at)
{
    const struct irw_kustomization *made = &check->build->before;
    bool changes = !irw_equal(image->before, image->after);
    enum imgrw_status status = IMGRW_OK;

    for (unsigned passes = 1; passes <= (IRW_PASS_LISTS | IRW_PASS_FIELDS);
         passes++) {
        struct irw_entry_image before = {image->before, passes};
        struct irw_entry_image after = {image->after, passes};

        for (size_t i = 0; i < made->setters.count && status == IMGRW_OK &&
                           at->line == 0; i++) {
            const struct irw_entry *setter = &made->setters.items[i];
            bool fits = !changes || setter->name.kind != IRW_NAME_STRANGE;

            if (fits)
                status = apply(check, setter, &before, &after, &fits);
            if (!fits)
                *at = setter->at;
        }
    }
    return status;
}

/* Sets whether the entry is for an image, as it is or as it will be. */
static enum imgrw_status
is_meant(const struct irw_entry *entry, const struct irw_build_image *image,
         bool *meant, struct imgrw_error *error)
{
    enum imgrw_status status =
        irw_name_pattern_match(&entry->name, image->before, meant, error);

    return status == IMGRW_OK && !*meant
               ? irw_name_pattern_match(&entry->name, image->after, meant,
                                        error)
               : status;
}

/* Sets where something is that may set an image that changes: whatever it is,
 * or an entry that reaches it, or will say something else than it does. */
static enum imgrw_status
find_reaching(const struct setter_check *check,
              const struct irw_build_image *image, struct imgrw_location *at)
{
    const struct irw_kustomization *made = &check->build->before;
    bool meant = check->build->after.text.source.text.data;
    enum imgrw_status status = IMGRW_OK;

    *at = made->unclear;
    if (at->line > 0 || made->reach.line == 0)
        return IMGRW_OK;
    for (size_t i = 0;
         i < made->entries.count && !meant && status == IMGRW_OK; i++)
        status = is_meant(&made->entries.items[i], image, &meant, check->error);
    if (meant)
        *at = made->reach;
    return status;
}

enum imgrw_status
irw_setters_check(const struct irw_build *build,
                  const struct irw_build_images *images,
                  struct irw_answers *answers, irw_refusal_list *refusals,
                  struct imgrw_error *error)
{
    const struct setter_check check = {build, answers, error};
    struct imgrw_location at = {.line = 0};

    for (size_t i = 0; i < images->list.count && at.line == 0; i++) {
        const struct irw_build_image *image = &images->list.items[i];
        enum imgrw_status status = find_transformer(&check, image, &at);

        if (status == IMGRW_OK && at.line == 0 &&
            !irw_equal(image->before, image->after))
            status = find_reaching(&check, image, &at);
        if (status != IMGRW_OK)
            return status;
        if (at.line > 0 &&
            !irw_refuse(refusals, image->file, image->at,
                        "what sets images here (%.80s:%u:%u) cannot follow "
                        "this one: let `images:` set them, or leave this tree "
                        "out",
                        at.path, (unsigned)at.line, (unsigned)at.column))
            return irw_fail_memory(error);
    }
    return IMGRW_OK;
}
