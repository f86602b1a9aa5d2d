"""The README's console sessions print what the README says.

    with_servers.py --servers ecr,world python3 console.py ROOT TOOL \\
        [--update | --show FOLDER]

A line that begins with "$ " is a command, and goes on where it ends with a
backslash; what follows is what it prints, errors included. The sessions run in
one folder, in which fixtures/ is a link to ours, beside registries that take the
places of those that they name. A time may be any time. With --update the README is given the output;
with --show it is printed while it comes, and FOLDER is where it comes about.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
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


def run(shown, folder, environment, output=subprocess.PIPE):
    """What a command prints, or its status where this goes elsewhere."""
    done = subprocess.run(["sh", "-c", shown[2:]], cwd=folder, check=False,
                          env=environment, stdout=output,
                          stderr=subprocess.STDOUT, text=True)
    return done.stdout if output else done.returncode


def replay(text, folder, environment):
    """The text with its sessions as they run."""
    def again(match):
        body = "".join(shown + run(shown, folder, environment)
                       for shown in commands(match.group(1)))
        return f"```console\n{body}```"
    return SESSION.sub(again, text)


def show(text, folder, environment):
    """Prints the sessions as they run, until a command fails."""
    for session in SESSION.findall(text):
        for shown in commands(session):
            print("\n" + shown, end="", flush=True)
            status = run(shown, folder, environment, None)
            if status != 0:
                return status
    return 0


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    tool = os.path.abspath(sys.argv[2])
    readme = root / "README.md"
    folder = (sys.argv[4] if "--show" in sys.argv
              else tempfile.mkdtemp(prefix="imgrewrite-readme-"))
    os.symlink(root / "fixtures", os.path.join(folder, "fixtures"))
    environment = {
        **os.environ, "LICENSE_ID": "abc", "NO_COLOR": "1", "IMGREWRITE": tool,
        "PATH": f"{root / 'tests/registry'}:{os.environ['PATH']}"}
    text = readme.read_text()
    if "--show" in sys.argv:
        return show(text, folder, environment)
    got = replay(text, folder, environment)
    shutil.rmtree(folder)
    if TIME.sub("", got) == TIME.sub("", text):
        return 0
    if "--update" in sys.argv:
        readme.write_text(got)
        return 0
    print(got)
    return 1


if __name__ == "__main__":
    sys.exit(main())
