#include "kustomize/kind_changes.h"
#include "base/error.h"
#include "base/str.h"
#include "manifest/mentions.h"

/* What a patch makes of the head of a resource; empty: what it is. */
struct new_head {
    imgrw_str api_version, kind;
    bool is_open; /* it takes one of these from elsewhere in the resource */
};

static imgrw_str
text_of(struct irw_value_work *work, const struct irw_value *mapping,
        const char *key)
{
    const struct irw_value *found =
        irw_value_find(work, mapping, irw_str(key));

    return found ? found->text : (imgrw_str){0};
}

/* Adds what an operation makes. */
static void
take_operation(struct irw_value_work *work, const struct irw_value *operation,
               struct new_head *head)
{
    imgrw_str name = text_of(work, operation, "op");
    imgrw_str path = text_of(work, operation, "path");
    imgrw_str *made = &head->kind;

    if (irw_equal(path, IRW_STR("/apiVersion")))
        made = &head->api_version;
    else if (!irw_equal(path, IRW_STR("/kind")))
        return;
    if (irw_equal(name, IRW_STR("test")))
        return;
    *made = text_of(work, operation, "value");
    head->is_open |= made->size == 0;
}

/* Reads what a patch makes. What is merged changes a kind only where it may. */
static struct new_head
read_head(struct irw_value_work *work,
          const struct irw_kustomization_path *path,
          const struct irw_value_pair *patch)
{
    struct new_head head = {.is_open = false};

    if (patch->before && patch->before->type == IRW_VALUE_SEQUENCE)
        for (const struct irw_value *child = patch->before->first; child;
             child = child->next)
            take_operation(work, child, &head);
    else if (path->changes_kind) {
        head.kind = patch->kind;
        head.api_version = patch->api_version;
    }
    return head;
}

/* Whether a head makes another kind of one of the Kubernetes API, such as a
 * target is for. A new version of a kind is none. */
static bool
makes_another(const struct new_head *head,
              const struct irw_patch_target *target)
{
    if (!irw_target_is_of_api(target))
        return false;
    return head->is_open ||
           (head->kind.size > 0 && !irw_equal(head->kind, target->kind)) ||
           (head->api_version.size > 0 &&
            !irw_is_of_api(head->api_version, target->kind));
}

/* Whether a patch makes another kind of any resource that it is for. */
static bool
changes_kind(const struct irw_kustomization_path *path,
             const struct new_head *head)
{
    const struct irw_patch_target any = {.kind = IRW_STR("Pod")};

    if (head->kind.size + head->api_version.size == 0 && !head->is_open)
        return false;
    if (path->target.kind.size > 0 && makes_another(head, &path->target))
        return true;
    for (size_t i = 0; i < path->selected.count; i++)
        if (makes_another(head, &path->selected.items[i]))
            return true;
    return path->is_open && path->target.kind.size == 0 &&
           makes_another(head, &any);
}

static enum imgrw_status
refuse(const struct irw_value_texts *texts, const struct irw_build *build,
       const struct irw_kustomization_path *path, irw_refusal_list *refusals)
{
    return irw_refuse(refusals, build->file, path->at,
                      "the patch makes a resource of what is built here "
                      "(%.80s:1:1) one of another kind, in which images may "
                      "stand elsewhere: change the resource itself, or leave "
                      "this tree out",
                      texts->trees->builds.files[build->file].path)
               ? IMGRW_OK
               : irw_fail_memory(texts->error);
}

enum imgrw_status
irw_kind_changes_check(struct irw_value_texts *texts,
                       const struct irw_build *build,
                       irw_refusal_list *refusals)
{
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < build->steps.count && status == IMGRW_OK; i++) {
        const struct irw_build_step *step = &build->steps.items[i];
        const struct irw_kustomization_path *path =
            &build->before.paths.items[step->path];
        const irw_value_pair_list *patches;

        if ((step->role != IRW_PATH_PATCH &&
             step->role != IRW_PATH_LATE_PATCH) ||
            !path->has_target)
            continue;
        status = irw_value_texts_patch(texts, build, i, &patches);
        for (size_t k = 0; status == IMGRW_OK && k < patches->count; k++) {
            struct new_head head =
                read_head(&texts->work, path, &patches->items[k]);

            if (!changes_kind(path, &head))
                continue;
            status = refuse(texts, build, path, refusals);
            break;
        }
    }
    return status;
}
