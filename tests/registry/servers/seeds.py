"""Images that are always the same bytes, and a registry's store that has them.

The store is written as docker-registry (distribution 2.8) lays it out below
`rootdirectory`, which takes milliseconds where pushing takes a server.
"""

import collections
import hashlib
import io
import json
import pathlib
import struct
import tarfile
import zlib

OCI = 'application/vnd.oci.image'
DOCKER = 'application/vnd.docker'
INDEX_TYPE = f'{OCI}.index.v1+json'
MANIFEST_TYPE = f'{OCI}.manifest.v1+json'
LIST_TYPE = f'{DOCKER}.distribution.manifest.list.v2+json'
SCHEMA_2_TYPE = f'{DOCKER}.distribution.manifest.v2+json'
MANIFEST_TYPES = (INDEX_TYPE, MANIFEST_TYPE, LIST_TYPE, SCHEMA_2_TYPE)

Manifest = collections.namedtuple('Manifest', 'tag type data digest')


def digest_of(data):
    """The digest of bytes."""
    return 'sha256:' + hashlib.sha256(data).hexdigest()


def encode(value):
    """A value as JSON, always in the same way."""
    return json.dumps(value, sort_keys=True, separators=(',', ':')).encode()


def pack(data):
    """Bytes as gzip that stores and does not compress: the same whatever the
    version of zlib."""
    packer = zlib.compressobj(0, zlib.DEFLATED, -15)
    header = b'\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff'
    return (header + packer.compress(data) + packer.flush() +
            struct.pack('<II', zlib.crc32(data), len(data)))


def layer_of(text):
    """A layer with one file."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode='w',
                      format=tarfile.USTAR_FORMAT) as archive:
        info = tarfile.TarInfo('hello')
        info.size = len(text)
        archive.addfile(info, io.BytesIO(text))
    return stream.getvalue()


class Images:
    """An image for two platforms and the same for Docker. `manifests` has a
    manifest for each tag: `multi`, an index of `one` and `arm`; `list`, a list
    of `s2`. `blobs` has all else, by digest."""

    def __init__(self):
        self.blobs = {}
        self.manifests = {}
        children = [
            dict(self._image('one', 'amd64', OCI),
                 platform={'architecture': 'amd64', 'os': 'linux'}),
            dict(self._image('arm', 'arm64', OCI),
                 platform={'architecture': 'arm64', 'os': 'linux'}),
        ]
        self._manifest('multi', INDEX_TYPE, {'manifests': children})
        child = dict(self._image('s2', 'amd64', DOCKER),
                     platform={'architecture': 'amd64', 'os': 'linux'})
        self._manifest('list', LIST_TYPE, {'manifests': [child]})

    def _blob(self, kind, data):
        """Adds a blob; returns its descriptor."""
        digest = digest_of(data)
        self.blobs[digest] = data
        return {'mediaType': kind, 'digest': digest, 'size': len(data)}

    def _manifest(self, tag, kind, members):
        """The same for a manifest."""
        data = encode({'schemaVersion': 2, 'mediaType': kind, **members})
        digest = digest_of(data)
        self.manifests[tag] = Manifest(tag, kind, data, digest)
        return {'mediaType': kind, 'digest': digest, 'size': len(data)}

    def _image(self, tag, architecture, maker):
        """The same for an image of one platform."""
        layer = layer_of(f'hello from {architecture}\n'.encode())
        config = encode({
            'architecture': architecture, 'os': 'linux', 'config': {},
            'history': [{'created': '1970-01-01T00:00:00Z',
                         'created_by': 'test'}],
            'rootfs': {'type': 'layers', 'diff_ids': [digest_of(layer)]},
        })
        docker = maker == DOCKER
        return self._manifest(
            tag, SCHEMA_2_TYPE if docker else MANIFEST_TYPE, {
                'config': self._blob(
                    f'{DOCKER}.container.image.v1+json' if docker
                    else f'{OCI}.config.v1+json', config),
                'layers': [self._blob(
                    f'{DOCKER}.image.rootfs.diff.tar.gzip' if docker
                    else f'{OCI}.layer.v1.tar+gzip', pack(layer))],
            })

    def write_store(self, folder, repositories):
        """Writes them as the store of docker-registry, in each of the
        repositories under every tag; `repositories` has further tags for the
        index by name."""
        root = pathlib.Path(folder, 'docker/registry/v2')
        for digest, data in [
                *self.blobs.items(),
                *((one.digest, one.data) for one in self.manifests.values())]:
            name = digest.removeprefix('sha256:')
            write(root / 'blobs/sha256' / name[:2] / name / 'data', data)
        for repository, tags in repositories.items():
            self._write_links(root / 'repositories' / repository, {
                **self.manifests,
                **dict.fromkeys(tags, self.manifests['multi'])})

    def _write_links(self, root, manifests):
        """Writes what makes blobs and manifests those of a repository."""
        for digest in self.blobs:
            write_link(root / '_layers', digest)
        for tag, one in manifests.items():
            tags = root / '_manifests/tags' / tag
            write_link(root / '_manifests/revisions', one.digest)
            write_link(tags / 'index', one.digest)
            write(tags / 'current/link', one.digest.encode())


def write(path, data):
    """Writes a file and the folders on the way to it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def write_link(folder, digest):
    """Writes the link of a digest below a folder."""
    write(folder / 'sha256' / digest.removeprefix('sha256:') / 'link',
          digest.encode())
