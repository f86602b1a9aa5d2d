"""C files as this project writes them, taken apart for the checks.

A function's name and both of its braces stand in the first column, and every
level of a body is indented by four blanks: this is all the parsing it takes.
"""
import dataclasses
import pathlib
import re

INDENT = 4
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
TEXT = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'',
                  re.DOTALL)
TOKEN = re.compile(r'[A-Za-z_]\w*|\d[\w.]*|"(?:\\.|[^"\\\n])*"|'
                   r"'(?:\\.|[^'\\\n])+'|->|\+\+|--|<<=|>>=|<<|>>|[-+*/%&|^=!<>]="
                   r"|&&|\|\||\.\.\.|\S")
HEAD = re.compile(r"[^(]*?\b(\w+)\((.*)\)\s*\Z", re.DOTALL)
CONTROL = re.compile(r"( *)(?:\} )?(?:if|for|while|switch|do|else)\b")
BRANCH = re.compile(r"\b(?:if|for|while|case)\b|&&|\|\||\?")
DIRECTIVE = re.compile(r"^ *#(?:.*\\\n)*.*$", re.MULTILINE)
CPLUSPLUS = re.compile(r"^#ifdef __cplusplus$.*?^#endif$",
                       re.MULTILINE | re.DOTALL)
ATTRIBUTE = re.compile(r"__attribute__\(\(.*?\){2,}|\bIMGRW_\w+\([^()]*\)")
PROTOTYPE = re.compile(r"\A[\w\s*]*?\b(\w+)\((.*)\)[\w\s]*\Z", re.DOTALL)


@dataclasses.dataclass
class Function:
    """A function with a body, or, without one, a prototype."""
    name: str
    parameters: int
    line: int
    static: bool = False
    comment: str = ""
    body: str = ""

    @property
    def length(self):
        """Its lines between the braces."""
        return self.body.count("\n")

    @property
    def nesting(self):
        """How deep its statements stand in one another."""
        code = blank(TEXT, self.body)
        return max((len(match.group(1)) // INDENT for match in
                    map(CONTROL.match, code.splitlines()) if match), default=0)

    @property
    def branches(self):
        """McCabe's number."""
        return 1 + len(BRANCH.findall(blank(TEXT, self.body)))


def blank(pattern, text):
    """The text with what matches as blanks, each line where it was."""
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def count_parameters(text):
    """How many there are between the parentheses of a function."""
    text = text.strip()
    nested = 1
    while nested:
        text, nested = re.subn(r"\([^()]*\)", "", text)
    return 0 if text in ("", "void") else text.count(",") + 1


def functions(text):
    """The functions that a file defines."""
    code = blank(TEXT, text)
    for match in re.finditer(r"^\{\n(.*?)^\}$", code, re.MULTILINE | re.DOTALL):
        start = match.start()
        first = code.rfind("\n\n", 0, start) + 2
        head = HEAD.match(code[first:start].strip())
        if head:
            lead = text[text.rfind("\n\n", 0, start) + 2:start]
            yield Function(head.group(1), count_parameters(head.group(2)),
                           text.count("\n", 0, start) + 1,
                           bool(re.search(r"^static\b", lead, re.MULTILINE)),
                           "".join(COMMENT.findall(lead)),
                           text[match.start(1):match.end(1)])


def statements(text):
    """What stands outside of braces: each statement, and where it begins."""
    code = blank(DIRECTIVE, blank(CPLUSPLUS, blank(TEXT, text)))
    depth = 0
    start = 0
    for match in re.finditer(r"[{};]", code):
        mark = match.group()
        if mark == "{":
            depth += 1
        elif mark == "}":
            depth -= 1
        if depth == 0 and mark != "{":
            whole = code[start:match.end()]
            yield whole.strip(), start + len(whole) - len(whole.lstrip())
            start = match.end()


def prototypes(text):
    """The functions that a header declares, inline ones left out."""
    comment = ""
    for statement, start in statements(text):
        lead = text[text.rfind("\n\n", 0, start) + 2:start]
        if lead.rstrip().endswith("*/"):
            comment = lead
        elif text[:start].endswith("\n\n"):
            comment = ""  # one comment may be of several lines
        if "{" in statement or re.match(r"typedef\b|static\b", statement):
            continue
        match = PROTOTYPE.match(ATTRIBUTE.sub("", statement[:-1]).strip())
        if match:
            yield Function(match.group(1), count_parameters(match.group(2)),
                           text.count("\n", 0, start) + 1, comment=comment)


def tokens(text):
    """The tokens of a file, without its comments and its directives."""
    return TOKEN.findall(blank(DIRECTIVE, blank(COMMENT, text)))


def words(text):
    """The names that a file mentions outside of comments and strings."""
    return set(re.findall(r"[A-Za-z_]\w*", blank(TEXT, text)))


def read(root, *folders, suffixes=(".c", ".h")):
    """The text of each file in some folders, by its path below the root."""
    root = pathlib.Path(root)
    return {path.relative_to(root): path.read_text()
            for folder in folders
            for path in sorted((root / folder).rglob("*"))
            if path.suffix in suffixes}
