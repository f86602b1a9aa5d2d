"""Takes the one C program out of the README."""
import pathlib
import re
import sys


def main():
    text = pathlib.Path(sys.argv[1]).read_text()
    programs = re.findall(r"^```c\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    if len(programs) != 1:
        sys.exit(f"the README holds {len(programs)} C programs, not one")
    pathlib.Path(sys.argv[2]).write_text(programs[0])


if __name__ == "__main__":
    main()
