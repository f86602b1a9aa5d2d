#include "base/str.h"

#include <imgrewrite/find.h>

const char *
imgrw_class_name(enum imgrw_class image_class)
{
    static const char *const names[] = {
        [IMGRW_CLASS_POD] = "pod",
        [IMGRW_CLASS_CRD] = "crd",
        [IMGRW_CLASS_ARGS] = "args",
        [IMGRW_CLASS_ENV] = "env",
        [IMGRW_CLASS_CONFIGMAP] = "configmap",
        [IMGRW_CLASS_ANNOTATIONS] = "annotations",
        [IMGRW_CLASS_HELM_VALUES] = "helm-values",
        [IMGRW_CLASS_KUSTOMIZATION] = "kustomization",
        [IMGRW_CLASS_COMPOSE] = "compose",
        [IMGRW_CLASS_CHARTS] = "charts",
        [IMGRW_CLASS_COUNT] = "possible",
    };

    return (unsigned)image_class <= IMGRW_CLASS_COUNT ? names[image_class]
                                                      : "unknown";
}

unsigned
imgrw_find_bits(imgrw_str word)
{
    if (irw_equal(word, IRW_STR("default")))
        return IMGRW_FIND_DEFAULT;
    if (irw_equal(word, IRW_STR("all")))
        return IMGRW_FIND_ALL;
    for (int i = 0; i < IMGRW_CLASS_COUNT; i++)
        if (irw_equal(word, irw_str(imgrw_class_name((enum imgrw_class)i))))
            return IMGRW_FIND(i);
    return 0;
}
