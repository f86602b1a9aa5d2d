#include "manifest/mentions.h"

#include "catalog/catalog.h"
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

bool
irw_only_mentions(imgrw_str api_version, imgrw_str kind)
{
    imgrw_str group = irw_resource_group(api_version);

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
irw_is_of_api(imgrw_str api_version, imgrw_str kind)
{
    static const char *const groups[] = {
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
    imgrw_str group = irw_resource_group(api_version);
    const struct irw_kind *row = irw_kind_find(group, kind);

    for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
        if (irw_equal(group, irw_str(groups[i])))
            return true;
    for (size_t i = 0; i < sizeof(core) / sizeof(core[0]); i++)
        if (group.size == 0 && irw_equal(kind, irw_str(core[i])))
            return true;
    return row && row->is_builtin;
}
