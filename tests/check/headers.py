"""Every header compiles by itself; the public ones in strict C11."""
import pathlib
import subprocess
import sys
import tempfile


def compiles(compiler, options, source):
    result = subprocess.run([*compiler, *options, "-fsyntax-only", source],
                            capture_output=True, text=True, check=False)
    return result.returncode == 0, result.stderr


def main():
    root = pathlib.Path(sys.argv[1])
    compiler = sys.argv[2:]
    public = sorted((root / "include").rglob("*.h"))
    internal = sorted((root / "libimgrewrite").rglob("*.h"))
    strict = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror",
              f"-I{root}/include"]
    inside = ["-std=c17", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror",
              f"-I{root}/include", f"-I{root}/libimgrewrite"]
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "one.c"
        for header in public + internal:
            source.write_text(f'#include "{header}"\n')
            fine, text = compiles(compiler,
                                  strict if header in public else inside,
                                  str(source))
            if not fine:
                failed += 1
                print(text)
    print(f"{len(public)} public and {len(internal)} internal headers")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
