"""The README's console sessions print what the README says.

A line that begins with "$ " is a command, and goes on where it ends with a
backslash; what follows is what it prints, errors included. The sessions run in
one folder, in which fixtures/ is a link to ours. With --update the README is
given the output.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SESSION = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def commands(session):
    """The commands of a session, each with the lines that show it."""
    lines = session.splitlines(keepends=True)
    while lines:
        line = lines.pop(0)
        if not line.startswith("$ "):
            continue
        shown = line
        while shown.endswith("\\\n"):
            shown += lines.pop(0)
        yield shown


def run(shown, folder, environment):
    """What a command prints."""
    done = subprocess.run(["sh", "-c", shown[2:]], cwd=folder, check=False,
                          env=environment, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    return done.stdout


def replay(text, folder, environment):
    """The text with its sessions as they run."""
    def again(match):
        body = "".join(shown + run(shown, folder, environment)
                       for shown in commands(match.group(1)))
        return f"```console\n{body}```"
    return SESSION.sub(again, text)


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    tool = os.path.abspath(sys.argv[2])
    readme = root / "README.md"
    folder = tempfile.mkdtemp(prefix="imgrewrite-readme-")
    os.symlink(root / "fixtures", os.path.join(folder, "fixtures"))
    environment = {**os.environ, "LICENSE_ID": "abc", "NO_COLOR": "1",
                   "PATH": f"{os.path.dirname(tool)}:{os.environ['PATH']}"}
    text = readme.read_text()
    got = replay(text, folder, environment)
    shutil.rmtree(folder)
    if "--update" in sys.argv:
        readme.write_text(got)
    elif got != text:
        print(got)
    return got != text and "--update" not in sys.argv


if __name__ == "__main__":
    sys.exit(main())
