"""Addresses as people type them."""

import pytest

from outboard.bridge.endpoint import Endpoint, parse_endpoint


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ws://127.0.0.1:8470/ws", Endpoint("127.0.0.1", 8470, "/ws", "")),
        (" 192.168.1.5:9000 ", Endpoint("192.168.1.5", 9000, "/ws", "")),
        ("10.0.0.1", Endpoint("10.0.0.1", 8470, "/ws", "")),
        ("localhost:1234", Endpoint("127.0.0.1", 1234, "/ws", "")),
        ("ws://[::1]:8470/ws", Endpoint("::1", 8470, "/ws", "")),
        ("ws://127.0.0.1:1/other?x=1", Endpoint("127.0.0.1", 1, "/other", "x=1")),
    ],
)
def test_address_is_read(text: str, expected: Endpoint) -> None:
    assert parse_endpoint(text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("compute.example.org:8470", "IP address"),
        ("wss://127.0.0.1:8470/ws", "wss"),
        ("http://127.0.0.1:8470/", "ws://127.0.0.1:8470/ws"),
        ("127.0.0.1:port", "cannot be read"),
        ("127.0.0.1:70000", "cannot be read"),
        ("ws://me@127.0.0.1/", "no server's"),
        ("", "no server's"),
        ("999.1.1.1", "IP address"),
    ],
)
def test_other_addresses_are_refused_with_a_sentence(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words) as refused:
        parse_endpoint(text)
    assert "\n" not in str(refused.value)


def test_ipv6_is_labelled_with_brackets() -> None:
    assert parse_endpoint("ws://[::1]:5/ws").label == "[::1]:5"
