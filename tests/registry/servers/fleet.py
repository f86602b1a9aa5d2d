"""Servers together: those that a test asks for, and what these need."""

import concurrent.futures
import os
import shutil

from . import docker, ecr, hostile, keys, seeds, tokens, web, world

REPOSITORIES = ('public/hello', 'private/secret', 'library/nginx')
MANY = 100  # repositories many/0, many/1 ..., to ask for in a row

# What each server needs beside Python, in the order in which they start.
OPENSSL, DOCKER = 'openssl', docker.PROGRAM
NEEDS = {
    'hostile': (),              # and `peer`, another origin
    'hostile-tls': (OPENSSL,),  # with https; its peer is the first one, with http
    'token': (OPENSSL,),
    'ecr': (),
    'ecr-tls': (OPENSSL,),
    'anonymous': (DOCKER,),
    'basic': (DOCKER,),
    'bearer': (OPENSSL, DOCKER),
    'tls': (OPENSSL, DOCKER),        # bearer, with https
    'mutual': (OPENSSL, DOCKER),  # ... for who shows a certificate, with https
    'wrong-name': (OPENSSL, DOCKER),  # its certificate is for another host
    'relay': (OPENSSL, DOCKER),      # to `bearer`, with a delay
    'world': (OPENSSL, DOCKER),  # Docker Hub and others under their real names
}


def missing(names):
    """What the servers of these names need and is not installed."""
    programs = {program for name in names for program in NEEDS[name]}
    return sorted(program for program in programs if not (
        docker.find() if program == DOCKER else shutil.which(program)))


class Fleet:
    """Servers of these names. `folder` is one of their own, and empty; `delay`
    is the relay's, in seconds one way; tokens are signed in `algorithms`."""

    def __init__(self, names, folder, delay=0.025, many=False,
                 algorithms=('ES256',)):
        self.names = set(names)
        self.algorithms = algorithms
        self.folder = folder
        self.delay = delay
        self.images = seeds.Images()
        self.log_path = os.path.join(folder, 'requests.jsonl')
        self.log = web.Log(self.log_path)
        self.servers = {}
        self.repositories = [*REPOSITORIES, *(
            f'many/{index}' for index in range(MANY if many else 0))]
        if 'relay' in self.names:
            self.names.add('bearer')
        self.keys = None

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *_):
        self.stop()

    def start(self):
        """Starts them: keys and the store first, at the same time."""
        needed = {program for name in self.names for program in NEEDS[name]}
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            keys_job = (pool.submit(keys.Keys, self.folder,
                                    self.algorithms)
                        if OPENSSL in needed else None)
            if DOCKER in needed:
                self.images.write_store(self._path('store'), {
                    **dict.fromkeys(self.repositories, ()), **world.SAMPLE})
            self.keys = keys_job and keys_job.result()
        self._start_ours()
        self._start_registries()
        return self

    def stop(self):
        """Ends all of them."""
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            for server in self.servers.values():
                pool.submit(server.stop)
        self.servers.clear()

    def __getitem__(self, name):
        return self.servers[name]

    def _path(self, name):
        """A path in the folder."""
        return os.path.join(self.folder, name)

    def _add(self, name, server):
        """Starts a server that is one of ours."""
        self.servers[name] = server.start()
        return server

    def _start_ours(self):
        """Starts what is written in Python."""
        certificate = self.keys and self.keys.server
        if self.names & {'hostile', 'hostile-tls'}:
            peer = self._add('peer', hostile.HostileRegistry(
                'peer', log=self.log))
            first = self._add('hostile', hostile.HostileRegistry(
                peer=peer.url, log=self.log))
        if 'hostile-tls' in self.names:
            self._add('hostile-tls', hostile.HostileRegistry(
                'hostile-tls', peer=first.url, log=self.log,
                certificate=certificate))
        if self.names & {'token', 'bearer', 'tls', 'wrong-name'}:
            self._add('token', tokens.TokenServer(self.keys, log=self.log))
        if 'ecr' in self.names:
            self._add('ecr', ecr.Ecr(log=self.log))
        if 'ecr-tls' in self.names:
            self._add('ecr-tls', ecr.Ecr(log=self.log,
                                         certificate=certificate))

    def _start_registries(self):
        """Starts the processes, and waits for all of them at once."""
        wanted = [name for name in ('anonymous', 'basic', 'bearer', 'tls',
                                    'mutual', 'wrong-name')
                  if name in self.names]
        for name in wanted:
            self.servers[name] = docker.DockerRegistry(
                name, self.folder, self._path('store'), self._settings(name),
                {'tls': self.keys and self.keys.server,
                 'mutual': self.keys and self.keys.server,
                 'wrong-name': self.keys and self.keys.wrong}.get(name),
                self.keys.authority if name == 'mutual' else None)
        for name in wanted:
            self.servers[name].wait()
        if 'world' in self.names:
            world.start(self.servers, self.keys, self.folder,
                        self._path('store'), self.log)
        if 'relay' in self.names:
            # what it needs is the slowest to import
            from . import relay
            self._add('relay', relay.Relay(self.servers['bearer'].host,
                                           self.delay))

    def _settings(self, name):
        """What a registry asks of its clients."""
        if name in ('anonymous', 'mutual'):
            return {}
        if name == 'basic':
            return docker.basic(self.folder)
        return docker.bearer(self.keys, self.servers['token'].url + '/token')

    def variables(self):
        """The environment that tells a test where everything is."""
        found = {
            'IRW_REQUESTS': self.log_path,
            'IRW_USER': tokens.USER,
            'IRW_PASSWORD': tokens.PASSWORD,
            'IRW_REFRESH_TOKEN': tokens.REFRESH_TOKEN,
            'IRW_ECR_KEY': ecr.KEY,
            'IRW_ECR_SECRET': ecr.SECRET,
            'IRW_ECR_SESSION_KEY': ecr.SESSION_KEY,
            'IRW_ECR_SESSION_TOKEN': ecr.SESSION_TOKEN,
            'IRW_HOSTILE_DIGEST': hostile.DIGEST,
            'IRW_MANY': str(sum(name.startswith('many/')
                                for name in self.repositories)),
        }
        if 'world' in self.servers:
            found['IRW_WORLD_NAMES'] = ' '.join(self.servers['world'].targets)
            found['IRW_LICENSE'] = docker.LICENSE
        if self.keys:
            found['IRW_CA_FILE'] = str(self.keys.authority)
            found['IRW_CLIENT_CERTIFICATE'], found['IRW_CLIENT_KEY'] = map(
                str, self.keys.client)
        for tag, manifest in self.images.manifests.items():
            found[f'IRW_DIGEST_{tag.upper()}'] = manifest.digest
        for name, server in self.servers.items():
            found[f'IRW_{name.upper().replace("-", "_")}'] = server.host
        return found
