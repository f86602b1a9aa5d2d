"""How the files of the library and of the tool hang together.

Every complaint has a line here, and may be excused in exceptions.txt by the line
`KIND: NAMES`; what is excused without need is a complaint, too, until
`structure.py ROOT --shrink` has taken it out.

    circle      files of a layer that call, or headers that include, each other
    tag         a struct, union, enum or typedef that is defined twice
    untested    a public function that no C test names
    parameters  a function of more than six
    header      an internal header that declares what another file defines
    include     a header that is included and not used
"""
import collections
import pathlib
import re
import sys

import c_source

PARAMETERS = 6
TREES = ("libimgrewrite", "tools/imgrewrite", "tools/imgrewrite-probe")

TAG = re.compile(r"\b(?:struct|union|enum) (\w+) \{")
TYPEDEF = re.compile(r"\btypedef\b[^;{(]*?(?:\(\*)?\b(\w+)\)?(?:\([^;{]*\))?;")
INCLUDE = re.compile(r'^#include [<"]([^">]+)[">]', re.MULTILINE)

# what the headers of C are included for
STANDARD = {
    "assert.h": r"assert|static_assert",
    "errno.h": r"errno|E[A-Z]{3,}",
    "limits.h": r"\w+_(?:MAX|MIN)",
    "stdarg.h": r"va_\w+",
    "stdbool.h": r"bool|true|false",
    "stddef.h": r"size_t|NULL|offsetof|ptrdiff_t",
    "stdint.h": r"u?int(?:ptr|max|\d+)_t|U?INT\w+_(?:MAX|C)|SIZE_MAX",
    "stdio.h": r"\w*printf|\w*scanf|FILE|[fp]?puts|[fp]?putc(?:har)?|stdin|"
               r"stdout|stderr|f[a-z]+|getline|perror|rename|remove|open_memstream"
               r"|EOF|BUFSIZ",
    "stdlib.h": r"[mc]alloc|realloc\w*|free|qsort|bsearch|_?exit|abort|getenv|"
                r"setenv|unsetenv|strto\w+|EXIT_\w+|mks?temp|mkdtemp|realpath|"
                r"s?rand|abs|system|ato\w+",
    "string.h": r"(?:mem|str|stp|ffs)\w*|basename",
}


class Tree:
    """The files of one program, with what they define and mention."""

    def __init__(self, root, *folders):
        self.files = c_source.read(root, *folders)
        self.words = {path: c_source.words(text)
                      for path, text in self.files.items()}
        self.definitions = {
            one.name: path for path, text in self.files.items()
            if path.suffix == ".c"
            for one in c_source.functions(text) if not one.static}

    def calls(self, path):
        """The files that define what a file mentions."""
        return {self.definitions[word] for word in self.words[path]
                if word in self.definitions} - {path}

    def includes(self, path):
        """The headers of the tree that a file includes."""
        for name in INCLUDE.findall(self.files[path]):
            for place in (path.parent / name, path.parents[-2] / name,
                          pathlib.Path("include") / name):
                if place in self.files:
                    yield place
                    break


def circles(edges):
    """The groups of nodes that reach each other."""
    def reach(start):
        found, todo = set(), [start]
        while todo:
            fresh = edges.get(todo.pop(), set()) - found
            found |= fresh
            todo += fresh
        return found
    reached = {node: reach(node) for node in edges}
    return {frozenset(other for other in reached[node]
                      if node in reached.get(other, ()))
            for node in edges if node in reached[node]}


def check_circles(tree):
    """Inside a layer; tests/check/layers.py looks at those between layers."""
    def inside(path, others):
        return {other for other in others if other.parts[1] == path.parts[1]}
    calls = {path: inside(path, tree.calls(path)) for path in tree.files
             if path.suffix == ".c"}
    includes = {path: inside(path, tree.includes(path)) - {path}
                for path in tree.files}
    for edges in (calls, includes):
        for group in circles(edges):
            yield "circle", " ".join(sorted(map(str, group)))


def check_tags(tree):
    """No name has two meanings in one program."""
    places = collections.defaultdict(set)
    for path, text in tree.files.items():
        code = c_source.blank(c_source.TEXT, text)
        for name in set(TAG.findall(code)) | set(TYPEDEF.findall(code)):
            places[name].add(path)
    for name, found in places.items():
        if len(found) > 1:
            yield "tag", name


def check_tested(root, interface):
    tests = c_source.read(root, "tests", suffixes=(".c",))
    mentioned = set().union(*map(c_source.words, tests.values()))
    for one in interface:
        if one.name not in mentioned:
            yield "untested", one.name


def check_parameters(functions):
    for one in functions:
        if one.parameters > PARAMETERS:
            yield "parameters", one.name


def check_headers(tree):
    for path, text in tree.files.items():
        if path.suffix != ".h" or path.parts[0] == "include":
            continue
        for one in c_source.prototypes(text):
            if tree.definitions.get(one.name) != path.with_suffix(".c"):
                yield "header", str(path)
                break


def offered(text):
    """The names that a header gives to those that include it."""
    code = c_source.blank(c_source.TEXT, text)
    names = {one.name for one in c_source.prototypes(text)}
    names |= {one.name for one in c_source.functions(text)}
    names |= set(re.findall(r"^ *#define (\w+)", code, re.MULTILINE))
    names |= set(re.findall(r"\b(?:struct|union|enum) (\w+)(?: \{|;)", code))
    names |= set(TYPEDEF.findall(code))
    names |= set(re.findall(r"^\} (\w+);", code, re.MULTILINE))
    names |= set(re.findall(r"^extern .*?(\w+)(?:\[\w*\])?;", code, re.MULTILINE))
    for declared in re.findall(r"^\w+_fn ([^;()]*);", code, re.MULTILINE):
        names |= set(re.findall(r"\w+", declared))
    for body in re.findall(r"\benum(?: \w+)? \{(.*?)\}", code, re.DOTALL):
        names |= set(re.findall(r"\w+", body))
    return names


def check_includes(tree):
    """Of .c files; what a header includes may be meant for its users."""
    for path, text in tree.files.items():
        if path.suffix != ".c":
            continue
        for header in tree.includes(path):
            if header.stem != path.stem and header.name != "imgrewrite.h" and \
                    not offered(tree.files[header]) & tree.words[path]:
                yield "include", f"{path} {header}"
        for name in INCLUDE.findall(text):
            used = STANDARD.get(name)
            if used and not any(re.fullmatch(used, word)
                                for word in tree.words[path]):
                yield "include", f"{path} {name}"


def complaints(root):
    for folder in TREES:
        tree = Tree(root, "include", folder)
        yield from check_circles(tree)
        yield from check_tags(tree)
        yield from check_headers(tree)
        yield from check_includes(tree)
        for path, text in tree.files.items():
            yield from check_parameters(c_source.functions(text))
    public = [one for text in c_source.read(root, "include").values()
              for one in c_source.prototypes(text)]
    yield from check_tested(root, public)
    yield from check_parameters(public)


def main():
    root = pathlib.Path(sys.argv[1])
    path = pathlib.Path(__file__).with_name("exceptions.txt")
    lines = path.read_text().splitlines(keepends=True)
    excused = {line.strip() for line in lines if not line.startswith("#")}
    found = {f"{kind}: {names}" for kind, names in complaints(root)}
    needless = excused - found
    if "--shrink" in sys.argv:
        path.write_text("".join(line for line in lines
                                if line.strip() not in needless))
        needless = set()
    for line in sorted(found - excused):
        print(line)
    for line in sorted(needless):
        print(f"{line}: no longer so; take it out of {path.name}")
    print(f"{len(found & excused)} excused")
    return bool(found - excused or needless)


if __name__ == "__main__":
    sys.exit(main())
