"""Which folder of the library may include which: the design, enforced.

A layer may include itself and what it names here, and what those may. The
headers of other libraries belong to a few files each, and the tools see the
public headers only. So does the layer of a library that is linked beside this
one: it may include public headers of the layers below it, and no other.
"""
import pathlib
import re
import sys

BELOW = {
    "base": [],
    "reference": ["base"],
    "rules": ["reference"],
    "yaml": ["base"],
    "edit": ["yaml"],
    "kubernetes": ["yaml", "catalog"],
    "catalog": ["base"],
    "config": ["rules", "yaml", "catalog"],
    "manifest": ["reference", "rules", "kubernetes", "catalog"],
    "plan": ["manifest", "edit"],
    "report": ["plan"],
    "overlay": ["plan"],
    "credentials": ["config", "kubernetes"],
    "kustomize": ["plan"],
    "files": ["kustomize", "report"],
    "function": ["config", "files"],
    "registry": ["reference", "credentials"],
}
BESIDE = {"registry"}
# a public header belongs to the layer of its name
PUBLIC = {**{name: name for name in BELOW}, "imgrewrite": "function",
          "rules_file": "config", "rewrite": "plan", "find": "base",
          "version": "base"}
OWNERS = {"yaml.h": ["yaml/event_libyaml.c"],
          "libfyaml.h": ["yaml/event_libfyaml.c"],
          "curl/curl.h": [f"registry/{name}.c" for name in
                         ("exchange", "options", "origin", "response",
                          "transport")],
          "jansson.h": ["registry/json.h", "registry/json_place.c"]}
INCLUDE = re.compile(r'^\s*#\s*include\s+[<"]([^">]+)[">]', re.MULTILINE)


def reachable(layer):
    """The layer and everything below it."""
    found = {layer}
    for below in BELOW[layer]:
        found |= reachable(below)
    return found


def check_library_include(layer, path, include):
    """A complaint about one include of a library file, or None."""
    if include in OWNERS:
        if not str(path).endswith(tuple(OWNERS[include])):
            return f"only {' '.join(OWNERS[include])} may include <{include}>"
        return None
    if include.startswith("imgrewrite/"):
        header = include.removeprefix("imgrewrite/")
        target = PUBLIC[header.removesuffix(".h")]
    elif "/" in include and include.split("/")[0] in BELOW:
        target = include.split("/")[0]
        if layer in BESIDE and target not in (layer, "base"):
            return f"{layer} is beside the library, and includes {include}"
    elif "/" in include and not include.startswith(("sys/", "netinet/", "arpa/")):
        return f"{include} is of no layer"
    else:
        return None
    if target not in reachable(layer):
        return f"{layer} must not include {include}"
    return None


def complaints(root):
    library = root / "libimgrewrite"
    for path in sorted(library.rglob("*.[ch]")):
        layer = path.relative_to(library).parts[0]
        if layer not in BELOW:
            yield f"{path}: {layer} is no layer"
            continue
        for include in INCLUDE.findall(path.read_text()):
            problem = check_library_include(layer, path, include)
            if problem:
                yield f"{path}: {problem}"
    for path in sorted((root / "tools").rglob("*.[ch]")):
        for include in INCLUDE.findall(path.read_text()):
            if "/" in include and not include.startswith(("imgrewrite/",
                                                          "sys/")):
                yield f"{path}: the tool includes {include}"
            if include in OWNERS:
                yield f"{path}: the tool includes {include}"


def main():
    found = list(complaints(pathlib.Path(sys.argv[1])))
    print("\n".join(found) or "every include is allowed")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
