"""The JSON schema of rules files is that of the tool.

    schema.py ROOT TOOL

Its keys, presets and words are those that the tool itself tells. Where Python
has jsonschema and yaml, the fixtures are put to it as well: what the tool takes
is valid, and of the mistakes those that a schema can see are not.
"""
import json
import pathlib
import re
import subprocess
import sys

try:
    import jsonschema
    import yaml
except ImportError as missing:
    jsonschema = None
    SKIPPED = f"only the words were compared: {missing}"

FIRST_LINES = "apiVersion: imgrewrite/v1\nkind: RewriteRules\n"

# what the tool is asked for its keys with, and the place of their schema
SHAPES = (
    ("nope: 1", ()),
    ("images: [{nope: 1}]", ("definitions", "image")),
    ("registries: [{nope: 1}]", ("definitions", "registry")),
    ("knownImages: [{nope: 1}]", ("definitions", "knownImage")),
    ("fieldSpecs: [{nope: 1}]", ("definitions", "fieldSpec")),
)


def run(tool, *args, text=""):
    """Both outputs of the tool, whatever its status."""
    result = subprocess.run([tool, *args], input=text, check=False,
                            capture_output=True, text=True)
    return result.stdout + result.stderr


def differ(what, ours, theirs):
    """A complaint if two sets of words are not one."""
    if set(ours) != set(theirs):
        yield (f"{what}: the schema has {sorted(set(ours) - set(theirs))}, "
               f"the tool {sorted(set(theirs) - set(ours))}")


def check_keys(schema, tool):
    """The keys of every mapping but presets."""
    for text, path in SHAPES:
        answer = run(tool, "resolve", "--rules", "-", "nginx",
                     text=FIRST_LINES + text)
        known = re.search(r"there are (.*)", answer).group(1).split(", ")
        place = schema
        for step in path:
            place = place[step]
        yield from differ(f"keys of {text}", place["properties"], known)
        if place.get("additionalProperties") is not False:
            yield f"keys of {text}: the schema takes others"


def check_find(schema, tool):
    """The classes of places."""
    answer = run(tool, "list", "--find", "nope", ".")
    known = re.search(r"expected (.*)", answer).group(1)
    yield from differ("find", schema["properties"]["find"]["items"]["enum"],
                      re.split(r", | or ", known))


def read_keys(tool, preset):
    """The keys of a preset, and what else its page says of each."""
    page = run(tool, "presets", preset).split("\n\n")[1]
    return dict(re.findall(r"^  (\S+) +(.*)$", page, re.MULTILINE))


def check_preset(branch, tool, name):
    """The keys of one preset: which there are, which must be, defaults."""
    told = read_keys(tool, name)
    keys = {key: value for key, value in branch["properties"].items()
            if key != "name"}
    required = [key for key in told if told[key].endswith("(has to be given)")]
    yield from differ(f"keys of preset {name}", keys, told)
    yield from differ(f"required keys of preset {name}",
                      branch["required"], [*required, "name"])
    if branch.get("additionalProperties") is not False:
        yield f"preset {name}: the schema takes other keys"
    for key, value in keys.items():
        if "default" in value and not told.get(key, "").endswith(
                f"({value['default']})"):
            yield f"preset {name}: {key} is not {value['default']}"


def check_presets(schema, tool):
    """The presets, by what the tool lists."""
    names = re.findall(r"^([a-z][a-z-]+) ", run(tool, "presets"), re.MULTILINE)
    preset = schema["definitions"]["preset"]
    branches = {rule["if"]["properties"]["name"]["const"]: rule["then"]
                for rule in preset["allOf"]}
    yield from differ("presets", preset["properties"]["name"]["enum"], names)
    yield from differ("rules for presets", branches, names)
    for name in names:
        if name in branches:
            yield from check_preset(branches[name], tool, name)


def check_descriptions(schema, path="schema"):
    """Every key has a description for the editor to show."""
    for name, value in schema.get("properties", {}).items():
        if "description" not in value and "$ref" not in value and \
                not path.endswith("if"):
            yield f"{path}: {name} has no description"
    for key, value in schema.items():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                yield from check_descriptions(item, f"{path}/{key}")


def make_loader():
    """YAML as editors read it: without dates, which are strings there."""
    class Loader(yaml.SafeLoader):
        """A loader of its own, for its table is about to change."""
    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers
                if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return Loader


def read_documents(path):
    if path.suffix == ".json":  # this reader of YAML minds its tabs
        lines = path.read_text().splitlines()
        whole = lines[0] != "{" and lines[1:]  # or an object a line
        return [json.loads(text) for text in
                (filter(None, lines) if whole else [path.read_text()])]
    if path.suffix == ".yaml":
        return yaml.load_all(path.read_text(), make_loader())
    return []


def is_ours(document):
    return isinstance(document, dict) and \
        document.get("kind") == "RewriteRules"


def check_accepted(validator, root):
    """What the tool takes is valid."""
    count = 0
    for path in sorted((root / "fixtures/rules").glob("*.*")):
        for document in read_documents(path):
            if not is_ours(document):
                continue
            count += 1
            for error in validator.iter_errors(document):
                yield f"{path.name}: {error.message}"
    if count < 5:
        yield f"only {count} documents of the fixtures are rules"


def check_refused(validator, root):
    """Of the mistakes, those that can be seen are."""
    folder = root / "fixtures/rules/errors"
    for line in (folder / "errors.tsv").read_text().splitlines():
        name, sight = line.split("\t")[:2]
        if sight not in ("seen", "unseen"):
            continue
        document = yaml.load((folder / name).read_text(), make_loader())
        if validator.is_valid(document) != (sight == "unseen"):
            yield f"errors/{name} is not {sight}"


def check_fixtures(schema, root):
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    yield from check_accepted(validator, root)
    yield from check_refused(validator, root)


def main():
    root, tool = pathlib.Path(sys.argv[1]), sys.argv[2]
    path = root / "tools/imgrewrite/imgrewrite-rules.schema.json"
    schema = json.loads(path.read_text())
    found = [*check_keys(schema, tool), *check_find(schema, tool),
             *check_presets(schema, tool), *check_descriptions(schema)]
    if jsonschema:
        found += check_fixtures(schema, root)
    print("\n".join(found) or "the schema is that of the tool")
    if jsonschema or found:
        return bool(found)
    print(SKIPPED)
    return 77


if __name__ == "__main__":
    sys.exit(main())
