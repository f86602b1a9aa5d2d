"""The inputs that are measured, as files.

`Inputs` makes each when it is asked for, in one folder, and makes it once. A
share less than 1 makes them all smaller, to see whether the suite works.
"""
import os
import shutil
import subprocess
from typing import NamedTuple

import applications
import schemas

FILES_A_FOLDER = 100
DEFINITION = 600_000  # bytes; kube-prometheus has six of that size


class Input(NamedTuple):
    path: str
    files: tuple
    size: int
    images: int

    @property
    def names(self):
        """A file with the names of the files, one a line."""
        return self.path + ".names"


def list_manifests(root):
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(files):
            if name.endswith((".yaml", ".yml", ".json")):
                yield os.path.join(folder, name)


def describe(path, images, names):
    """What is at `path`; the names go into `names`, which a run may read."""
    files = (path,) if os.path.isfile(path) else tuple(list_manifests(path))
    with open(names, "w", encoding="utf-8") as out:
        out.writelines(file + "\n" for file in files)
    size = sum(os.path.getsize(file) for file in files)
    return Input(names.removesuffix(".names"), files, size, images)


def write(path, texts):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as out:
        out.writelines(texts)


def copy(made, path):
    """A new copy of an input."""
    remove(path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    subprocess.run(["cp", "-r", made.path, path], check=True)
    settle(path)


def clear(path):
    """Has nothing at `path`."""
    remove(path)
    settle(os.path.dirname(path))


def settle(path):
    """Leaves nothing to be written to the file system of `path`: a run would
    have to wait for it, or be charged for it."""
    subprocess.run(["sync", "-f", path], check=True)


def remove(path):
    if os.path.isfile(path):
        os.remove(path)
    else:
        shutil.rmtree(path, ignore_errors=True)


class Inputs:
    def __init__(self, folder, share=1):
        self.folder = folder
        self.share = share
        self.made = {}

    def make(self, name, writer, *arguments):
        """What `writer` writes; it returns the number of images."""
        if name not in self.made:
            path = os.path.join(self.folder, name)
            images = writer(path, *arguments)
            self.made[name] = describe(path, images, path + ".names")
        return self.made[name]

    def scaled(self, number):
        return max(1, int(number * self.share))

    def drop(self):
        """Removes all, to have the room for other inputs."""
        for made in self.made.values():
            remove(made.path)
            remove(made.names)
        self.made = {}

    def deployment(self):
        """One Deployment in one file."""
        return self.make("one.yaml", write_deployment)

    def tree(self, files):
        """Files with one Deployment each."""
        return self.make(f"tree-{files}", write_tree, self.scaled(files))

    def stream(self, size, dense):
        """One file with many applications."""
        name = f"stream-{size}{'-dense' if dense else ''}.yaml"
        return self.make(name, write_stream, self.scaled(size), dense)

    def definitions(self):
        """Ten definitions of custom resources, with an operator for each."""
        return self.make("definitions", write_definitions, 10,
                         self.scaled(DEFINITION))

    def kustomization(self, of):
        """An input with a kustomization that changes its images."""
        name = os.path.basename(of.path) + ".kustomize"
        return self.make(name, write_kustomization, of)

    def real(self, name, path):
        """Manifests that are there, copied as far as they are manifests."""
        return self.make(name, write_copies, path)


def write_deployment(path):
    write(path, [applications.deployment(0)])
    return applications.DEPLOYMENT_IMAGES


def write_tree(path, files):
    for number in range(files):
        write(f"{path}/{number // FILES_A_FOLDER}/app-{number}.yaml",
              [applications.deployment(number)])
    return files * applications.DEPLOYMENT_IMAGES


def write_stream(path, size, dense):
    texts = list(applications.stream(size, dense))
    write(path, texts)
    return len(texts) * applications.IMAGES


def write_definitions(path, count, size):
    for number in range(count):
        write(f"{path}/widget-{number}.yaml",
              [schemas.definition(number, size)])
        write(f"{path}/operator-{number}.yaml", [schemas.operator(number)])
    return count * schemas.IMAGES


def write_kustomization(path, of):
    copy(of, os.path.join(path, "of"))
    files = [os.path.join("of", os.path.relpath(file, of.path))
             if os.path.isdir(of.path) else "of" for file in of.files]
    write(os.path.join(path, "kustomization.yaml"),
          ["images:\n- {name: nginx, newName: r.example.com/hub/nginx}\n",
           "resources:\n"] + [f"- {file}\n" for file in files])
    return of.images


def write_copies(path, source):
    for file in list_manifests(source):
        target = os.path.join(path, os.path.relpath(file, source))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copyfile(file, target)
    return None  # nobody has counted them
