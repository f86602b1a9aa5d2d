"""What is installed is whole: a program builds against it with pkg-config.

    install.py BUILD PROGRAM PREFIX REGISTRY COMPILER...

REGISTRY is "yes" where the library that asks registries is built, too.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

WANTED = ("bin/imgrewrite", "include/imgrewrite/imgrewrite.h",
          "share/man/man1/imgrewrite.1", "share/man/man3/libimgrewrite.3",
          "share/man/man5/imgrewrite-rules.5",
          "share/imgrewrite/imgrewrite-rules.schema.json",
          "share/bash-completion/completions/imgrewrite",
          "share/zsh/site-functions/_imgrewrite",
          "share/fish/vendor_completions.d/imgrewrite.fish")

REGISTRY = ("include/imgrewrite/registry.h",
            "libexec/imgrewrite/imgrewrite-probe")

ASKING = """\
#include <imgrewrite/registry.h>

int
main(void)
{
    struct imgrw_registry_client *client;

    if (imgrw_registry_new(NULL, &client, NULL) != IMGRW_OK)
        return 1;
    imgrw_registry_free(client);
    return 0;
}
"""


def find_one(root, name):
    found = sorted(root.rglob(name))
    if not found:
        sys.exit(f"{name} is not installed")
    return found[0]


def flags(root, prefix, word, package="libimgrewrite"):
    """pkg-config's answer, with paths below where we installed."""
    environment = dict(os.environ,
                       PKG_CONFIG_PATH=str(find_one(
                           root, "libimgrewrite.pc").parent))
    result = subprocess.run(
        ["pkg-config", f"--define-variable=prefix={root}{prefix}", word,
         package], check=True, capture_output=True, text=True,
        env=environment)
    return result.stdout.split()


def check_registry(root, prefix, compiler, environment):
    """A program of the other library, and the command that starts its own."""
    place = pathlib.Path(f"{root}{prefix}")
    for name in REGISTRY:
        if not (place / name).exists():
            sys.exit(f"{name} is not installed")
    source = root / "asking.c"
    source.write_text(ASKING)
    package = "libimgrewrite-registry"
    subprocess.run([*compiler, source,
                    *flags(root, prefix, "--cflags", package),
                    *flags(root, prefix, "--libs", package),
                    "-o", root / "asking"], check=True)
    subprocess.run([root / "asking"], check=True, env=environment)
    subprocess.run([place / "bin/imgrewrite", "probe", "--version"], check=True,
                   env={**environment,
                        "IMGREWRITE_LIBEXEC": str(place / "libexec/imgrewrite")})


def build_installed(build):
    """Builds what is installed, which may be more than the tests need."""
    listed = subprocess.run(["meson", "introspect", "--installed", build],
                            check=True, capture_output=True, text=True).stdout
    made = [name for name in json.loads(listed) if name.startswith(build) and
            pathlib.Path(name).parent.name != "meson-private"]
    subprocess.run(["ninja", "-C", build,
                    *(os.path.relpath(name, build) for name in made)],
                   check=True)


def main():
    build, program, prefix, registry = sys.argv[1:5]
    compiler = sys.argv[5:]
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        build_installed(build)
        subprocess.run(["meson", "install", "-C", build, "--no-rebuild",
                        "--quiet", "--destdir", folder], check=True)
        place = pathlib.Path(f"{root}{prefix}")
        for name in WANTED:
            if not (place / name).exists():
                sys.exit(f"{name} is not installed")
        target = root / "program"
        subprocess.run([*compiler, program, *flags(root, prefix, "--cflags"),
                        *flags(root, prefix, "--libs"), "-o", target],
                       check=True)
        library = find_one(root, "libimgrewrite.[as]*").parent
        environment = dict(os.environ, LD_LIBRARY_PATH=str(library))
        result = subprocess.run([target], input=b"image: [1", check=False,
                                capture_output=True, env=environment)
        print(result.stderr.decode())
        subprocess.run([place / "bin/imgrewrite", "--version"], check=True,
                       env=environment)
        if registry == "yes":
            check_registry(root, prefix, compiler, environment)
        return result.returncode != 1 or b":1:" not in result.stderr


if __name__ == "__main__":
    sys.exit(main())
