#include "files/markers.h"
#include "base/error.h"
#include "base/map.h"
#include "base/str.h"
#include "reference/name.h"
#include "reference/parse.h"
#include "reference/print.h"

#include <stdio.h>
#include <stdlib.h>

/* The check of a run. `names` has those of its image repositories, as they will
 * be; what is printed for a look-up is kept for as long as the check takes. */
struct check {
    struct irw_markers *markers;
    struct irw_map names;
    struct irw_arena arena;
    bool failed; /* memory is out */
};

static void
add_warning(struct check *check, const struct imgrw_location *at,
            imgrw_str policy, imgrw_str name)
{
    struct irw_markers *markers = check->markers;
    struct imgrw_warning warning = {.at = *at};
    char message[400];

    snprintf(message, sizeof(message),
             "Flux would move this image back: its line is marked for the "
             "image policy %.*s, and no ImageRepository of this run is of "
             "%.*s; rewrite that one as well",
             IRW_PRINT(policy), IRW_PRINT(name));
    warning.message =
        irw_str(irw_arena_copy(&markers->arena, irw_str(message)));
    check->failed |=
        !warning.message.data || !IRW_APPEND(&markers->warnings, warning);
}

/* The full name in the reference, without tag and digest; empty where it is
 * none. It lives in `buffer`. */
static imgrw_str
name_of(imgrw_str text, struct imgrw_reference_buffer *buffer)
{
    struct imgrw_reference_buffer canonical_buffer;
    struct imgrw_reference parsed, name;
    imgrw_str printed = {0};
    bool filled_in;

    if (irw_reference_read(text, &parsed, &filled_in, NULL) != IMGRW_OK)
        return printed;
    irw_reference_canonical(&parsed, &canonical_buffer, &name);
    name = irw_reference_name(&name);
    return irw_reference_print(&name, buffer, &printed) ? printed
                                                        : (imgrw_str){0};
}

/* What the image will be. */
static imgrw_str
text_after(const struct imgrw_image *image,
           const struct imgrw_decision *decision)
{
    return decision->outcome.result == IMGRW_REWRITTEN &&
                   decision->obstacle.size == 0
               ? decision->outcome.text
               : image->text;
}

/* Notes the image of an ImageRepository, from which the automation takes the
 * name. */
static void
note_repository(struct check *check, imgrw_str text)
{
    struct imgrw_reference_buffer buffer;
    imgrw_str name = name_of(text, &buffer);

    if (name.size == 0 || irw_map_get(&check->names, name))
        return;
    check->failed |= !irw_arena_keep(&check->arena, &name) ||
                     !irw_map_set(&check->names, name, 1);
}

static void
note_repositories(struct check *check, const struct imgrw_plan *plan)
{
    const struct imgrw_manifest *manifest = imgrw_plan_manifest(plan);
    const struct imgrw_image *image;

    for (size_t i = 0; (image = imgrw_manifest_image(manifest, i)); i++)
        if (irw_equal(image->kind, IRW_STR("ImageRepository")))
            note_repository(check,
                            text_after(image, imgrw_plan_decision(plan, i)));
}

/* The policy that a marker on the rest of a line names; empty where there is no
 * marker, or one for a tag or a digest alone. */
static imgrw_str
marked_policy(imgrw_str line)
{
    static const imgrw_str mark = {"\"$imagepolicy\"", 14};
    const char *found = line.size > 0
                            ? memmem(line.data, line.size, mark.data, mark.size)
                            : NULL;
    imgrw_str before, policy, rest;

    if (!found || irw_find(irw_slice(line, 0, (size_t)(found - line.data)),
                           '#') == SIZE_MAX)
        return (imgrw_str){0};
    rest = irw_slice(line, (size_t)(found - line.data) + mark.size, line.size);
    if (!irw_cut(rest, '"', &before, &rest) ||
        !irw_cut(rest, '"', &policy, &rest) ||
        irw_ends_with(policy, IRW_STR(":tag")) ||
        irw_ends_with(policy, IRW_STR(":digest")))
        return (imgrw_str){0};
    return policy;
}

/* Looks at an edit: whether its line is marked, and would be set back. */
static void
check_edit(struct check *check, const struct imgrw_plan *plan,
           const struct imgrw_edit *edit)
{
    imgrw_str source = imgrw_plan_source(plan);
    size_t end = edit->at.offset + edit->length;
    imgrw_str policy =
        marked_policy(irw_slice(source, end, irw_line_end(source, end)));
    struct imgrw_reference_buffer buffer;
    imgrw_str name;

    if (policy.size == 0 || edit->kind != IMGRW_EDIT_IMAGE)
        return;
    name =
        name_of(imgrw_plan_decision(plan, edit->image)->outcome.text, &buffer);
    if (name.size > 0 && !irw_map_get(&check->names, name))
        add_warning(check, &edit->at, policy, name);
}

/* Looks at the edits of a plan. Of those in one line, which share its marker,
 * the last one counts: no other may look for the end of a long line again. */
static void
check_plan(struct check *check, const struct imgrw_plan *plan)
{
    imgrw_str source = imgrw_plan_source(plan);
    const struct imgrw_edit *edit, *next;

    if (imgrw_plan_count(plan) == 0 ||
        !memmem(source.data, source.size, "$imagepolicy", 12))
        return;
    for (size_t i = 0; (edit = imgrw_plan_edit(plan, i)); i++) {
        next = imgrw_plan_edit(plan, i + 1);
        if (!next || next->at.line != edit->at.line)
            check_edit(check, plan, edit);
    }
}

enum imgrw_status
irw_markers_check(struct irw_markers *markers,
                  const struct imgrw_plan *const *plans, size_t count,
                  struct imgrw_error *error)
{
    struct check check = {.markers = markers};

    for (size_t i = 0; i < count; i++)
        if (plans[i])
            note_repositories(&check, plans[i]);
    for (size_t i = 0; i < count; i++)
        if (plans[i])
            check_plan(&check, plans[i]);
    irw_map_clear(&check.names);
    irw_arena_clear(&check.arena);
    return check.failed ? irw_fail_memory(error) : IMGRW_OK;
}

void
irw_markers_clear(struct irw_markers *markers)
{
    irw_arena_clear(&markers->arena);
    free(markers->warnings.items);
}
