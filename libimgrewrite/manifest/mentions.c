#include "manifest/mentions.h"

#include "kubernetes/resource.h"

/* A group and a kind, or all kinds of a group. */
static const struct {
    const char *group, *kind;
} resources[] = {
    /* schemas */
    {"apiextensions.k8s.io", NULL},
    /* rules and locks */
    {"imgrewrite", NULL},
    {"config.openshift.io", "ImageContentPolicy"},
    {"config.openshift.io", "ImageDigestMirrorSet"},
    {"config.openshift.io", "ImageTagMirrorSet"},
    {"operator.openshift.io", "ImageContentSourcePolicy"},
    {"imgpkg.carvel.dev", NULL},
    {"kbld.carvel.dev", NULL},
    {"kbld.k14s.io", NULL},
    {"kots.io", "Installation"},
    {"mirror.openshift.io", NULL},
    /* policies */
    {"admissionregistration.k8s.io", NULL},
    {"cli.kyverno.io", NULL},
    {"constraints.gatekeeper.sh", NULL},
    {"kyverno.io", NULL},
    {"policies.kyverno.io", NULL},
    {"policy.sigstore.dev", NULL},
    {"templates.gatekeeper.sh", NULL},
    /* reports */
    {"aquasecurity.github.io", NULL},
    {"events.k8s.io", NULL},
    {"monitoring.coreos.com", "PrometheusRule"},
    {"reports.kyverno.io", NULL},
    {"spdx.softwarecomposition.kubescape.io", NULL},
    {"wgpolicyk8s.io", NULL},
    /* disks of machines */
    {"cdi.kubevirt.io", NULL},
    {"infrastructure.cluster.x-k8s.io", NULL},
    {"karpenter.k8s.aws", NULL},
    {"machine.openshift.io", NULL},
    /* what is built, and what is removed */
    {"eraser.sh", NULL},
    {"skaffold", NULL},
};

static bool
only_mentions(imgrw_str group, imgrw_str kind)
{
    /* some leave out the apiVersion of what is in another resource */
    if (irw_equal(kind, IRW_STR("CustomResourceDefinition")))
        return true;
    if (group.size == 0)
        return irw_equal(kind, IRW_STR("Event"));
    for (size_t i = 0; i < sizeof(resources) / sizeof(resources[0]); i++)
        if (irw_equal(group, irw_str(resources[i].group)) &&
            (!resources[i].kind || irw_equal(kind, irw_str(resources[i].kind))))
            return true;
    return false;
}

bool
irw_only_mentions(imgrw_str api_version, imgrw_str kind)
{
    return only_mentions(irw_resource_group(api_version), kind);
}

bool
irw_target_only_mentions(const struct irw_patch_target *target)
{
    return only_mentions(target->group, target->kind);
}

/* The groups of the API all of whose kinds are known. */
static const char *const api_groups[] = {
    "apps",
    "autoscaling",
    "batch",
    "coordination.k8s.io",
    "discovery.k8s.io",
    "extensions",
    "networking.k8s.io",
    "node.k8s.io",
    "policy",
    "rbac.authorization.k8s.io",
    "scheduling.k8s.io",
    "storage.k8s.io",
};

#define API_GROUPS (sizeof(api_groups) / sizeof(api_groups[0]))

static bool
is_builtin(imgrw_str group, imgrw_str kind)
{
    const struct irw_kind *row = irw_kind_find(group, kind);

    return row && row->is_builtin;
}

static bool
is_of_api(imgrw_str group, imgrw_str kind)
{
    static const char *const core[] = {
        "Endpoints",
        "Namespace",
        "Node",
        "PersistentVolume",
        "PersistentVolumeClaim",
        "Secret",
        "Service",
        "ServiceAccount",
    };

    for (size_t i = 0; i < API_GROUPS; i++)
        if (irw_equal(group, irw_str(api_groups[i])))
            return true;
    for (size_t i = 0; i < sizeof(core) / sizeof(core[0]); i++)
        if (group.size == 0 && irw_equal(kind, irw_str(core[i])))
            return true;
    return is_builtin(group, kind);
}

bool
irw_is_of_api(imgrw_str api_version, imgrw_str kind)
{
    return is_of_api(irw_resource_group(api_version), kind);
}

bool
irw_target_is_of_api(const struct irw_patch_target *target)
{
    if (is_of_api(target->group, target->kind))
        return true;
    for (size_t i = 0; target->group.size == 0 && i < API_GROUPS; i++)
        if (is_builtin(irw_str(api_groups[i]), target->kind))
            return true;
    return false;
}
