"""Nobody but core.outgoing speaks HTTP to the outside."""

import ast
from collections.abc import Iterator

from tests.house import Module, package_modules, refuse

SPEAKERS = {"httpx", "httpcore", "requests", "urllib3", "aiohttp", "http.client", "urllib.request"}
ALLOWED = {
    # The house itself.
    ("src/regulars/core/outgoing/asking.py", "httpcore"),
    ("src/regulars/core/outgoing/wire.py", "httpcore"),
    # Looks whether the web server that it started itself answers.
    ("src/regulars/cli/supervisor/address.py", "urllib.request"),
    # The forms in which django-anymail writes a request and reads an answer; nothing is sent with them.
    ("src/regulars/messaging/channels/anymail.py", "requests"),
}


def imported(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def speakers(module: Module) -> set[str]:
    return {
        speaker
        for name in imported(module)
        for speaker in SPEAKERS
        if name == speaker or name.startswith(f"{speaker}.")
    }


def test_only_one_room_speaks_http() -> None:
    refuse(
        [
            f"{module.name} imports {speaker}; ask core.outgoing"
            for module in package_modules()
            for speaker in sorted(speakers(module))
            if (module.name, speaker) not in ALLOWED
        ]
    )


def test_nothing_is_sent_with_the_forms_of_requests() -> None:
    """Of requests only the two forms may be named: no session, no adapter, no verb."""
    used = {
        name.name
        for module in package_modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.module == "requests"
        for name in node.names
    }
    assert used <= {"Request", "Response"}
    refuse(
        [
            f"{module.name} imports requests whole; take Request and Response from it"
            for module in package_modules()
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Import) and any(name.name.split(".")[0] == "requests" for name in node.names)
        ]
    )


def test_the_rule_sees_an_import_in_any_form() -> None:
    for line in (
        "import httpx",
        "from urllib import request",
        "import http.client as c",
        "from requests.sessions import x",
    ):
        text = f"def f():\n    {line}\n"
        assert speakers(Module(next(package_modules()).path, text, ast.parse(text)))
