#include "catalog/place.h"
#include "base/str.h"

#define STEP(name, place) {{(name), sizeof(name) - 1}, &(place)}
#define STEPS(list) \
    .steps = (list), .step_count = sizeof(list) / sizeof((list)[0])

/* Nothing here is an image, nor below. */
static const struct irw_place nowhere;

/* The pod spec, as core/v1 has it. */
static const struct irw_place image = {
    .is_image = true,
    .image_class = IMGRW_CLASS_POD,
};
static const struct irw_step container_steps[] = {STEP("image", image)};
static const struct irw_place container = {STEPS(container_steps)};
static const struct irw_place containers = {.item = &container};

static const struct irw_step image_volume_steps[] = {STEP("reference", image)};
static const struct irw_place image_volume = {STEPS(image_volume_steps)};
static const struct irw_step volume_steps[] = {STEP("image", image_volume)};
static const struct irw_place volume = {STEPS(volume_steps)};
static const struct irw_place volumes = {.item = &volume};

static const struct irw_step pod_spec_steps[] = {
    STEP("containers", containers),
    STEP("initContainers", containers),
    STEP("ephemeralContainers", containers),
    STEP("volumes", volumes),
};
static const struct irw_place pod_spec = {STEPS(pod_spec_steps)};

/* The ways to it. */
static const struct irw_step pod_steps[] = {STEP("spec", pod_spec)};
static const struct irw_place pod = {STEPS(pod_steps)};
static const struct irw_step pod_template_steps[] = {STEP("template", pod)};
static const struct irw_place pod_template = {STEPS(pod_template_steps)};
static const struct irw_step workload_steps[] = {STEP("spec", pod_template)};
static const struct irw_place workload = {STEPS(workload_steps)};
static const struct irw_step job_template_steps[] = {
    STEP("jobTemplate", workload),
};
static const struct irw_place job_template = {STEPS(job_template_steps)};
static const struct irw_step cron_job_steps[] = {STEP("spec", job_template)};
static const struct irw_place cron_job = {STEPS(cron_job_steps)};

/* The same below a resource whose shape nobody told us: every list of
 * containers counts, and the search goes on inside. */
static const struct irw_place anywhere;
static const struct irw_place found_image = {
    .item = &anywhere,
    .other = &anywhere,
    .is_image = true,
    .image_class = IMGRW_CLASS_POD,
};
static const struct irw_place found_containers;
#define CONTAINER_LISTS \
    STEP("containers", found_containers), \
    STEP("initContainers", found_containers), \
    STEP("ephemeralContainers", found_containers)

static const struct irw_step found_container_steps[] = {
    STEP("status", nowhere),
    STEP("image", found_image),
    CONTAINER_LISTS,
};
static const struct irw_place found_container = {
    STEPS(found_container_steps),
    .item = &anywhere,
    .other = &anywhere,
};
static const struct irw_place found_containers = {
    .item = &found_container,
    .other = &anywhere,
    .finds_pods = true,
};
static const struct irw_step found_pod_steps[] = {
    STEP("status", nowhere),
    CONTAINER_LISTS,
    STEP("volumes", volumes),
};
static const struct irw_place found_pod = {
    STEPS(found_pod_steps),
    .other = &anywhere,
};
/* A status repeats what others decided. */
static const struct irw_step anywhere_steps[] = {STEP("status", nowhere)};
static const struct irw_place anywhere = {
    STEPS(anywhere_steps),
    .item = &anywhere,
    .other = &anywhere,
    .finds_pods = true,
};

/* A Kyverno policy: conditions and patterns are no images. */
static const struct irw_step policy_rule_steps[] = {
    STEP("match", nowhere),          STEP("exclude", nowhere),
    STEP("context", nowhere),        STEP("preconditions", nowhere),
    STEP("validate", nowhere),       STEP("verifyImages", nowhere),
};
static const struct irw_place policy_rule = {
    STEPS(policy_rule_steps),
    .other = &anywhere,
};
static const struct irw_place policy_rules = {.item = &policy_rule};
static const struct irw_step policy_spec_steps[] = {
    STEP("rules", policy_rules),
};
static const struct irw_place policy_spec = {STEPS(policy_spec_steps)};
static const struct irw_step policy_steps[] = {STEP("spec", policy_spec)};
static const struct irw_place policy = {STEPS(policy_steps)};

static const struct {
    imgrw_str group, kind;
    const struct irw_place *place;
} kinds[] = {
#define IRW_KIND(group, kind, place) \
    {{group, sizeof(group) - 1}, {kind, sizeof(kind) - 1}, &(place)},
#include "catalog/places.def"
#undef IRW_KIND
};

const struct irw_place *
irw_place_of_kind(imgrw_str group, imgrw_str kind)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (irw_equal(kinds[i].kind, kind) &&
            (irw_equal(kinds[i].group, group) || kinds[i].place == &nowhere))
            return kinds[i].place;
    return &anywhere;
}

const struct irw_place *
irw_place_step(const struct irw_place *place, imgrw_str key)
{
    for (size_t i = 0; i < place->step_count; i++)
        if (irw_equal(place->steps[i].key, key))
            return place->steps[i].to;
    return place->other;
}

const struct irw_place *
irw_place_of_pod(const struct irw_place *place)
{
    return place->finds_pods ? &found_pod : place;
}

bool
irw_is_container_key(imgrw_str key)
{
    return irw_equal(key, IRW_STR("containers")) ||
           irw_equal(key, IRW_STR("initContainers")) ||
           irw_equal(key, IRW_STR("ephemeralContainers"));
}
