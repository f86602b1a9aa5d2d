#include "catalog/pods.h"
#include "base/str.h"

#define STEP(name, place) {{(name), sizeof(name) - 1}, &(place)}
#define STEPS(list) \
    .steps = (list), .step_count = sizeof(list) / sizeof((list)[0])

/* Neither this node nor any below it is an image. */
static const struct irw_place nowhere;

/* What a container has besides its image. */
static const struct irw_place arguments = {
    .shape = IRW_SHAPE_ARGS,
    .image_class = IMGRW_CLASS_ARGS,
};
static const struct irw_place environment = {
    .shape = IRW_SHAPE_ENV,
    .image_class = IMGRW_CLASS_ENV,
};
#define CONTAINER_SETTINGS \
    STEP("args", arguments), STEP("command", arguments), \
    STEP("env", environment)

/* Annotations with images. */
static const struct irw_place image_annotation = {
    .shape = IRW_SHAPE_IMAGE,
    .image_class = IMGRW_CLASS_ANNOTATIONS,
};
static const struct irw_place document_annotation = {
    .shape = IRW_SHAPE_DOCUMENT,
    .image_class = IMGRW_CLASS_ANNOTATIONS,
};
static const struct irw_step annotation_steps[] = {
#define IRW_ANNOTATION(shape, name) STEP(name, shape##_annotation),
#include "catalog/annotations.def"
#undef IRW_ANNOTATION
};
/* The names of the others have a part that users choose. */
static const struct irw_place other_annotation = {
    .shape = IRW_SHAPE_UPDATER,
    .image_class = IMGRW_CLASS_ANNOTATIONS,
};
const struct irw_place irw_annotations = {
    STEPS(annotation_steps),
    .other = &other_annotation,
};
static const struct irw_step metadata_steps[] = {
    STEP("annotations", irw_annotations),
};
static const struct irw_place metadata = {STEPS(metadata_steps)};
static const struct irw_step any_resource_steps[] = {
    STEP("metadata", metadata),
};
const struct irw_place irw_any_resource = {STEPS(any_resource_steps)};

/* The pod spec, as core/v1 has it. */
static const struct irw_place image = {
    .shape = IRW_SHAPE_IMAGE,
    .image_class = IMGRW_CLASS_POD,
};
static const struct irw_step container_steps[] = {
    STEP("image", image),
    CONTAINER_SETTINGS,
};
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
const struct irw_place irw_pod_spec = {STEPS(pod_spec_steps)};

static const struct irw_step pod_template_steps[] = {
    STEP("spec", irw_pod_spec),
    STEP("metadata", metadata),
};
const struct irw_place irw_pod_template = {STEPS(pod_template_steps)};

/* The same in a resource of unknown shape: every list of containers counts, and
 * the search goes on inside of it. */
static const struct irw_place found_image = {
    .item = &irw_anywhere,
    .other = &irw_anywhere,
    .shape = IRW_SHAPE_IMAGE,
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
    CONTAINER_SETTINGS,
    CONTAINER_LISTS,
};
static const struct irw_place found_container = {
    STEPS(found_container_steps),
    .item = &irw_anywhere,
    .other = &irw_anywhere,
};
static const struct irw_place found_containers = {
    .item = &found_container,
    .other = &irw_anywhere,
    .finds_pods = true,
};
static const struct irw_step found_pod_steps[] = {
    STEP("status", nowhere),
    CONTAINER_LISTS,
    STEP("volumes", volumes),
};
static const struct irw_place found_pod = {
    STEPS(found_pod_steps),
    .other = &irw_anywhere,
};
/* A status repeats what was decided elsewhere; changing it would change
 * nothing. */
static const struct irw_step anywhere_steps[] = {
    STEP("status", nowhere),
    STEP("metadata", metadata),
};
const struct irw_place irw_anywhere = {
    STEPS(anywhere_steps),
    .item = &irw_anywhere,
    .other = &irw_anywhere,
    .finds_pods = true,
};

const struct irw_place irw_patch = {.shape = IRW_SHAPE_PATCH};

/* A Kyverno policy. What it merges into a resource is searched like one. */
static const struct irw_place policy_mutation;
static const struct irw_place policy_loops = {.item = &policy_mutation};
static const struct irw_step policy_mutation_steps[] = {
    STEP("patchesJson6902", irw_patch),
    STEP("foreach", policy_loops),
};
static const struct irw_place policy_mutation = {
    STEPS(policy_mutation_steps),
    .other = &irw_anywhere,
};
static const struct irw_step policy_rule_steps[] = {
    STEP("match", nowhere),          STEP("exclude", nowhere),
    STEP("context", nowhere),        STEP("preconditions", nowhere),
    STEP("validate", nowhere),       STEP("verifyImages", nowhere),
    STEP("mutate", policy_mutation),
};
static const struct irw_place policy_rule = {
    STEPS(policy_rule_steps),
    .other = &irw_anywhere,
};
static const struct irw_place policy_rules = {.item = &policy_rule};
static const struct irw_step policy_spec_steps[] = {
    STEP("rules", policy_rules),
};
static const struct irw_place policy_spec = {STEPS(policy_spec_steps)};
static const struct irw_step policy_steps[] = {STEP("spec", policy_spec)};
const struct irw_place irw_policy = {STEPS(policy_steps)};

/* Values have no fixed shape: they are searched as a whole, and their keys
 * decide which of them are images. A pod whose kind was left out, in what a
 * program printed, has a status as well. */
static const struct irw_step value_steps[] = {
    STEP("containerStatuses", nowhere),
    STEP("initContainerStatuses", nowhere),
    STEP("ephemeralContainerStatuses", nowhere),
};
const struct irw_place irw_values = {
    STEPS(value_steps),
    .item = &irw_values,
    .other = &irw_values,
    .shape = IRW_SHAPE_VALUES,
    .image_class = IMGRW_CLASS_HELM_VALUES,
};
const struct irw_place irw_custom_values = {
    STEPS(value_steps),
    .item = &irw_custom_values,
    .other = &irw_custom_values,
    .shape = IRW_SHAPE_VALUES,
    .image_class = IMGRW_CLASS_CRD,
};

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
