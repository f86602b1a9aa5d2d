/*
 * Service accounts: those of the pods whose images change may have the pull
 * secret in the pods' stead. A pod that has pull secrets of its own does not
 * get those of its service account, so that it is given the secret all the
 * same.
 */
#include "base/error.h"
#include "base/str.h"
#include "overlay/overlay.h"

static const imgrw_str default_account = {"default", 7};

/* The name of the service account of a pod. */
static imgrw_str
account_of(const struct irw_pod *pod)
{
    return pod->account.size > 0 ? pod->account : default_account;
}

static imgrw_str
space_of(const struct imgrw_overlay *overlay, const struct irw_pod *pod)
{
    return irw_target_space(&overlay->targets.items[pod->target]);
}

/* Whether the account, which is among the manifests, is that of the pod. */
static bool
is_account_of(const struct imgrw_overlay *overlay,
              const struct irw_pod *account, const struct irw_pod *pod)
{
    return irw_equal(account_of(pod), account->account) &&
           irw_equal(space_of(overlay, pod), space_of(overlay, account));
}

bool
irw_account_is_used(const struct imgrw_overlay *overlay,
                    const struct irw_pod *account)
{
    for (size_t i = 0; i < overlay->pods.count; i++)
        if (!overlay->pods.items[i].has_list &&
            is_account_of(overlay, account, &overlay->pods.items[i]))
            return true;
    return false;
}

/* Whether the service account of the pod is among the manifests. */
static bool
has_account(const struct imgrw_overlay *overlay, const struct irw_pod *pod)
{
    for (size_t i = 0; i < overlay->accounts.count; i++)
        if (is_account_of(overlay, &overlay->accounts.items[i], pod))
            return true;
    return false;
}

/* Whether an earlier pod needs the default account of the same namespace. */
static bool
is_written(const struct imgrw_overlay *overlay, size_t index)
{
    const struct irw_pod *pod = &overlay->pods.items[index];

    for (size_t i = 0; i < index; i++) {
        const struct irw_pod *other = &overlay->pods.items[i];

        if (!other->has_list &&
            irw_equal(account_of(other), default_account) &&
            irw_equal(space_of(overlay, other), space_of(overlay, pod)))
            return true;
    }
    return false;
}

/* The default account, which every namespace has without any manifest. */
static void
write_default(const struct imgrw_overlay *overlay, const struct irw_pod *pod,
              struct irw_text *text)
{
    imgrw_str space = overlay->targets.items[pod->target].name_space;

    irw_text_add(text, IRW_STR("---\napiVersion: v1\nimagePullSecrets:\n"
                               "- name: "));
    irw_overlay_write_string(text, irw_str(overlay->options.pull_secret));
    irw_text_add(text, IRW_STR("\nkind: ServiceAccount\nmetadata:\n"
                               "  name: default\n"));
    if (space.size == 0)
        return;
    irw_text_add(text, IRW_STR("  namespace: "));
    irw_overlay_write_string(text, space);
    irw_text_add(text, IRW_STR("\n"));
}

enum imgrw_status
irw_overlay_write_accounts(const struct imgrw_overlay *overlay,
                           struct irw_text *text, struct imgrw_error *error)
{
    if (!overlay->options.pull_secret || !overlay->options.service_accounts)
        return IMGRW_OK;
    for (size_t i = 0; i < overlay->pods.count; i++) {
        const struct irw_pod *pod = &overlay->pods.items[i];

        if (pod->has_list || has_account(overlay, pod))
            continue;
        if (!irw_equal(account_of(pod), default_account))
            return irw_fail(error, IMGRW_ERR_EDIT,
                            overlay->targets.items[pod->target].at,
                            "its service account \"%.*s\" is in none of the "
                            "manifests, so that it cannot be given the pull "
                            "secret; add it, or have the pods patched",
                            IRW_PRINT(account_of(pod)));
        if (!is_written(overlay, i))
            write_default(overlay, pod, text);
    }
    return IMGRW_OK;
}
