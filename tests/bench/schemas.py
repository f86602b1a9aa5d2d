"""Definitions of custom resources like those of kube-prometheus: large schemas
that speak of images in their descriptions and have properties called image,
and a few workloads that have images. The same on every machine.
"""
import random

IMAGES = 3  # of an operator

SENTENCES = [
    "Cannot be updated.",
    "If unset, the operator takes the image of the cluster's default version.",
    "More info: https://kubernetes.io/docs/concepts/containers/images#tags",
    "It must be formatted according to the documentation of the project:",
    "Instances of this type with an empty value here are almost certainly "
    "wrong.",
    "The container image's ENTRYPOINT is used if this is not provided.",
    "Defaults to the user specified in image metadata if unspecified.",
    "Note that using this feature may expose the possibility to break upgrades "
    "of the operator.",
    "Variable references $(VAR_NAME) are expanded using the container's "
    "environment: \"$$(VAR_NAME)\" will produce \"$(VAR_NAME)\".",
    "This field is effectively required, but due to backwards compatibility is "
    "allowed to be empty.",
    "For example quay.io/acme/operator:v1.2 or a tag of your own.",
]
WEIGHTS = [9] * (len(SENTENCES) - 1) + [1]
NAMES = ["image", "imagePullPolicy", "imagePullSecrets", "baseImage", "tag",
         "name", "key", "optional", "namespace", "labels", "selector",
         "resources", "limits", "requests", "volumeMounts", "containers",
         "initContainers", "tolerations", "affinity", "replicas", "version",
         "matchExpressions", "values", "operator", "weight", "preference"]
LEAVES = ["type: string", "type: boolean", "format: int32\ntype: integer",
          "default: \"\"\ntype: string", "items:\n  type: string\ntype: array",
          "enum:\n- Always\n- IfNotPresent\n- Never\ntype: string"]

DEFINITION = """\
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  annotations:
    controller-gen.kubebuilder.io/version: v0.21.0
  name: widget{number}s.example.com
spec:
  group: example.com
  names:
    kind: Widget{number}
    listKind: Widget{number}List
    plural: widget{number}s
    singular: widget{number}
  scope: Namespaced
  versions:
  - name: v1
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
"""

OPERATOR = """\
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: operator-{number}
spec:
  selector:
    matchLabels: {{app: operator-{number}}}
  template:
    metadata:
      labels: {{app: operator-{number}}}
    spec:
      containers:
      - name: operator
        image: quay.io/acme/operator:v0.{number}.1
        args: ["--log-level=info"]
      - name: proxy
        image: quay.io/brancz/kube-rbac-proxy:v0.22.{number}
      - name: dashboard
        image: grafana/grafana:13.1.{number}
"""


def indented(text, depth):
    blanks = "  " * depth
    return "".join(blanks + line + "\n" for line in text.splitlines())


def description(rng):
    lines = rng.choices(SENTENCES, WEIGHTS, k=rng.randint(1, 5))
    if len(lines) == 1 and ":" not in lines[0]:
        return "description: " + lines[0]
    return "description: |-\n" + "".join(f"  {line}\n" for line in lines)


def schema(rng, depth, deepest):
    """The schema of one value, `depth` levels to the right."""
    yield indented(description(rng), depth)
    if depth >= deepest:
        yield indented(rng.choice(LEAVES), depth)
        return
    names = sorted(rng.sample(NAMES, rng.randint(4, 9)))
    yield indented("properties:", depth)
    for name in names:
        yield indented(name + ":", depth + 1)
        end = rng.choice((depth + 2, depth + 2, depth + 4, deepest))
        yield from schema(rng, depth + 2, min(end, deepest))
    yield indented("required:\n- " + names[0] + "\ntype: object", depth)


def definition(number, size):
    """A definition with properties of its spec until there are `size` bytes."""
    rng = random.Random(number)
    text = [DEFINITION.format(number=number)]
    done = 0
    while done < size:
        field = (indented(f"part{len(text)}:", 7)
                 + "".join(schema(rng, 8, 16)))
        done += len(field)
        text.append(field)
    return "".join(text)


def operator(number):
    return OPERATOR.format(number=number)
