"""Registries under their real names, on one port: those of the sample
application in fixtures/quickstart, and some more.

Docker Hub wants tokens, the ECRs and the proxy want passwords, and quay.io
wants nothing, where the real one would want a token that everybody gets.
"""

from . import docker, ecr, tokens

HUB, HUB_TOKENS = 'registry-1.docker.io', 'auth.docker.io'
QUAY, PROXY = 'quay.io', 'proxy.replicated.com'
ECR_API = f'api.ecr.{ecr.REGION}.amazonaws.com'
ECR_PUBLIC, ECR_PUBLIC_API = ('public.ecr.aws',
                              'api.ecr-public.us-east-1.amazonaws.com')


def ecr_of(account):
    """The ECR of an account."""
    return f'{account}.dkr.ecr.{ecr.REGION}.amazonaws.com'


# The sample application's; the other one is what the emulator speaks of.
SAMPLE_ECR = ecr_of('123456789012')
ECRS = SAMPLE_ECR, ecr_of(ecr.ACCOUNT)

# Repositories of the sample application with their tags, and the one that is
# behind the proxy as well.
SAMPLE = {
    'library/nginx': ('1.25',),
    'demo-apps/nginx': ('1.25',),
    'minio/mc': ('RELEASE.2024-11-17T19-35-25Z',),
    f'proxy/my-app/{SAMPLE_ECR}/demo-apps/nginx': ('1.25',),
}


def start(servers, keys, folder, store, log):
    """Adds the servers, by name, to the dictionary `servers`; `world` is the
    front of all. What was added is to be stopped even when this fails."""
    # what it needs is the slowest to import
    from . import relay
    hub_tokens = tokens.TokenServer(keys, log=log)
    hub_tokens.service = 'registry.docker.io'
    servers['hub-token'] = hub_tokens.start()
    servers['ecr-control'] = control = ecr.Ecr(log=log).start()
    registries = {
        'hub': docker.bearer(keys, f'https://{HUB_TOKENS}/token',
                             hub_tokens.service),
        'ecr-registry': docker.basic(folder),
        'quay': {},
    }
    for name, settings in registries.items():
        servers[name] = docker.DockerRegistry(name, folder, store, settings)
    hub, passwords, quay = (servers[name].wait().host for name in registries)
    servers['world'] = relay.Front({
        HUB: hub, HUB_TOKENS: hub_tokens.host,
        **{name: passwords for name in (*ECRS, ECR_PUBLIC, PROXY)},
        ECR_API: control.host, ECR_PUBLIC_API: control.host,
        QUAY: quay,
    }, keys.server).start()
