"""What is installed is whole: a program builds against it with pkg-config."""
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


def find_one(root, name):
    found = sorted(root.rglob(name))
    if not found:
        sys.exit(f"{name} is not installed")
    return found[0]


def flags(root, prefix, word, *options):
    """pkg-config's answer, with paths below where we installed."""
    environment = dict(os.environ,
                       PKG_CONFIG_PATH=str(find_one(
                           root, "libimgrewrite.pc").parent))
    result = subprocess.run(
        ["pkg-config", f"--define-variable=prefix={root}{prefix}", *options,
         word, "libimgrewrite"], check=True, capture_output=True, text=True,
        env=environment)
    return result.stdout.split()


def main():
    build, program, prefix = sys.argv[1:4]
    compiler = sys.argv[4:]
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
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
        return result.returncode != 1 or b":1:" not in result.stderr


if __name__ == "__main__":
    sys.exit(main())
