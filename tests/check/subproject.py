"""Another project builds the library as a subproject, without cmocka.

    subproject.py ROOT COMPILER...

A project that asks for `libimgrewrite` gets it from this tree: no test and no
tool is built, and no package is needed but the two YAML libraries.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

PACKAGES = ("yaml-0.1", "libfyaml")

PROJECT = """\
project('parent', 'c')
executable('parent', 'parent.c',
  dependencies: dependency('libimgrewrite', fallback: 'imgrewrite'))
"""

PROGRAM = """\
#include <imgrewrite/imgrewrite.h>

int
main(void)
{
    return imgrw_version() == NULL;
}
"""


def run(*command, **options):
    """Runs a command, whose output is printed only if it fails."""
    done = subprocess.run(command, check=False, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          **options)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}:\n{done.stdout}")
    return done.stdout


def hide_other_packages(folder):
    """A folder for pkg-config that has the YAML libraries only."""
    folder.mkdir()
    for name in PACKAGES:
        place = run("pkg-config", "--variable=pcfiledir", name).strip()
        os.symlink(f"{place}/{name}.pc", folder / f"{name}.pc")
    return folder


def make_parent(folder, root):
    (folder / "subprojects").mkdir(parents=True)
    os.symlink(root, folder / "subprojects/imgrewrite")
    (folder / "meson.build").write_text(PROJECT)
    (folder / "parent.c").write_text(PROGRAM)
    return folder


def check_built(build):
    """What the parent did not ask for is not built."""
    for name in ("imgrewrite", "test_base"):
        for path in build.rglob(name):
            if path.is_file():
                sys.exit(f"{path} is built for the parent")


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        packages = hide_other_packages(folder / "packages")
        environment = {**os.environ, "CC": " ".join(sys.argv[2:]),
                       "PKG_CONFIG_LIBDIR": str(packages)}
        environment.pop("PKG_CONFIG_PATH", None)
        parent = make_parent(folder / "parent", root)
        build = folder / "build"
        run("meson", "setup", build, parent, "--wrap-mode=nodownload",
            "--optimization=0", env=environment)
        run("ninja", "-C", build, env=environment)
        run(build / "parent")
        check_built(build)

        # by itself as well, where the tests are not wanted
        run("meson", "setup", folder / "alone", root, "-Dtests=disabled",
            env=environment)
    print("a subproject needs the YAML libraries only")


if __name__ == "__main__":
    main()
