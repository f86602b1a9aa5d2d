#include "hub_rules.h"

enum imgrw_status
hub_rules_new(struct imgrw_rules **rules)
{
    struct imgrw_error error;
    enum imgrw_status status = imgrw_rules_new(rules, &error);

    if (status != IMGRW_OK)
        return status;
    status = imgrw_rules_add_prefix(*rules, "docker.io", "mirror.example/hub",
                                    &error);
    if (status != IMGRW_OK)
        imgrw_rules_free(*rules);
    return status;
}
