"""The C programs of the README and the manual do what their pages say."""
import pathlib
import subprocess
import sys
import tempfile

POD = "---\nkind: Pod\nspec:\n  containers:\n  - image: %s\n"
MANY = 50000  # images; over 2 MiB of text


def run(program, *args, text=b""):
    return subprocess.run([program, *args], input=text, capture_output=True,
                          check=False)


def check_filter(root, program):
    """The README's: standard input of any size to standard output."""
    source = (root / "fixtures/quickstart/backup.yaml").read_bytes()
    large = (POD % "quay.io/acme/x:1" * MANY).encode()
    assert len(large) > 2 << 20
    for text in source, large:
        result = run(program, text=text)
        want = text.replace(b"quay.io/", b"mirror.example.com/quay/")
        if result.returncode != 0 or result.stdout != want:
            yield f"{len(text)} bytes: {result.stderr.decode()}"
    broken = run(program, text=b"a: [1")
    if broken.returncode != 1 or b":1:6: " not in broken.stderr:
        yield f"not YAML: {broken.stderr.decode()}"


def check_run(program, folder):
    """The manual's: a directory, of which it writes all or nothing."""
    old, new = POD % "nginx:1", POD % "mirror.example.com/hub/library/nginx:1"
    web = folder / "web.yaml"
    for answer, want in ("n", old), ("", old), ("y", new):
        web.write_text(old)
        result = run(program, folder, text=answer.encode())
        if result.returncode != 0 or web.read_text() != want:
            yield f"answer {answer}: {result.stderr.decode()}"
        if b"+  - image: mirror.example.com/hub/" not in result.stdout:
            yield f"answer {answer}: {result.stdout.decode()}"
    web.write_text(old)
    (folder / "x.yaml").write_text("a: [1")
    broken = run(program, folder, text=b"y")
    if broken.returncode != 1 or b"/x.yaml:1:6: " not in broken.stderr:
        yield f"not YAML: {broken.stderr.decode()}"
    if web.read_text() != old:
        yield "not YAML, and something is written"


def main():
    with tempfile.TemporaryDirectory() as folder:
        found = [*check_filter(pathlib.Path(sys.argv[1]), sys.argv[2]),
                 *check_run(sys.argv[3], pathlib.Path(folder))]
    print("\n".join(found) or "both programs do")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
