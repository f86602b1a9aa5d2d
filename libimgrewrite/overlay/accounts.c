/*
 * The service accounts of the pods whose images change may have the pull secret
 * in the pods' stead. A pod that has pull secrets of its own does not get those
 * of its service account, so that it is given the secret all the same.
 */
#include "overlay/accounts.h"
#include "base/error.h"
#include "base/str.h"
#include "overlay/yaml_text.h"

static const imgrw_str default_account = {"default", 7};

/* The name of the service account of a pod. */
static imgrw_str
account_of(const struct irw_pod *pod)
{
    return pod->account.size > 0 ? pod->account : default_account;
}

/* The namespace and the name of an account, of a pod or among the manifests;
 * data NULL when memory is out. */
static imgrw_str
identify(struct imgrw_overlay *overlay, const struct irw_pod *pod)
{
    imgrw_str space =
        irw_target_space(&overlay->targets.list.items[pod->target]);
    imgrw_str name = account_of(pod);
    size_t size = space.size + 1 + name.size;
    char *text = irw_arena_alloc(&overlay->arena, size);

    if (!text)
        return (imgrw_str){0};
    memcpy(text, space.data, space.size);
    text[space.size] = '/';
    memcpy(text + space.size + 1, name.data, name.size);
    return (imgrw_str){text, size};
}

static void
write_default(const struct imgrw_overlay *overlay, const struct irw_pod *pod,
              struct irw_text *text)
{
    imgrw_str space = overlay->targets.list.items[pod->target].name_space;

    irw_yaml_line(text, "---\napiVersion: v1\nimagePullSecrets:\n- name: ",
                  irw_str(overlay->options.pull_secret));
    irw_yaml_line(text, "kind: ServiceAccount\nmetadata:\n  name: ",
                  default_account);
    if (space.size > 0)
        irw_yaml_line(text, "  namespace: ", space);
}

/* Gives the secret to the account of a pod. `accounts` has those among the
 * manifests, by their numbers + 1, and those that were written. */
static enum imgrw_status
give_account(struct imgrw_overlay *overlay, const struct irw_pod *pod,
             struct irw_map *accounts, struct irw_text *text,
             struct imgrw_error *error)
{
    imgrw_str id = identify(overlay, pod);
    uintptr_t found = id.data ? irw_map_get(accounts, id) : 0;

    if (!id.data)
        return irw_fail_memory(error);
    if (found == UINTPTR_MAX)
        return IMGRW_OK; /* an earlier pod had it written */
    if (found > 0) {
        overlay->accounts.items[found - 1].is_used = true;
        return IMGRW_OK;
    }
    if (!irw_equal(account_of(pod), default_account))
        return irw_fail(error, IMGRW_ERR_EDIT,
                        overlay->targets.list.items[pod->target].at,
                        "its service account \"%.*s\" is in none of the "
                        "manifests, so that it cannot be given the pull "
                        "secret; add it, or have the pods patched",
                        IRW_PRINT(account_of(pod)));
    write_default(overlay, pod, text);
    return irw_map_set(accounts, id, UINTPTR_MAX) ? IMGRW_OK
                                                  : irw_fail_memory(error);
}

enum imgrw_status
irw_overlay_give_accounts(struct imgrw_overlay *overlay, struct irw_text *text,
                          struct imgrw_error *error)
{
    struct irw_map accounts = {0};
    enum imgrw_status status = IMGRW_OK;

    if (!overlay->options.pull_secret || !overlay->options.service_accounts)
        return IMGRW_OK;
    for (size_t i = 0; i < overlay->accounts.count; i++) {
        imgrw_str id = identify(overlay, &overlay->accounts.items[i]);

        if (!id.data || !irw_map_set(&accounts, id, i + 1))
            status = irw_fail_memory(error);
    }
    for (size_t i = 0; i < overlay->pods.count && status == IMGRW_OK; i++)
        if (!overlay->pods.items[i].has_list)
            status = give_account(overlay, &overlay->pods.items[i], &accounts,
                                  text, error);
    irw_map_clear(&accounts);
    return status == IMGRW_OK && text->failed ? irw_fail_memory(error) : status;
}
