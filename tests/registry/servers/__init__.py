"""Registries on loopback, for tests: good ones, strict ones and hostile ones.

Everything listens on 127.0.0.1 and a port that the kernel chooses, and lives as
long as the process that started it. Python's standard library, `openssl` and
`docker-registry` are all that is needed; see README.md.
"""
