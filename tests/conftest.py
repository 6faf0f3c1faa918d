"""Tests run without a network: outgoing sockets are blocked, loopback alone is free."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

pytest_plugins = ["tests.postgres", "tests.s3_server"]

_connect = socket.socket.connect
_LOOPBACK = ("127.", "localhost", "::1")


def _guarded_connect(self: socket.socket, address: Any) -> None:
    if self.family in (socket.AF_INET, socket.AF_INET6):
        host = str(address[0])
        if not host.startswith(_LOOPBACK):
            raise AssertionError(f"a test tried to reach {host}")
    _connect(self, address)


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    socket.socket.connect = _guarded_connect  # type: ignore[method-assign]
    yield
    socket.socket.connect = _connect  # type: ignore[method-assign]
