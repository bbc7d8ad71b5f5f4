"""Files that a reader dropped: taken as they come, kept in the home until they are imported."""

import re
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from regulars.core.settings import current

PIECE = 1 << 20
SPARE = 500 * 1024 * 1024


class CannotTake(ValueError):
    """A file that cannot be taken; the message says what to do."""


def take(request: HttpRequest) -> Path:
    """Write what a request brings (raw, or as a form's file) into the home and return where it lies."""
    form_file = request.FILES.get("file") if request.content_type == "multipart/form-data" else None
    name = form_file.name if form_file else request.GET.get("name", "")
    pieces = form_file.chunks(PIECE) if form_file else _pieces(request)
    path = _place(name or _("orders.csv"))
    try:
        written = _write(path, pieces)
    except OSError:
        discard(path)
        raise CannotTake(_("The disk is full. Make room in the home folder and drop the file again.")) from None
    expected = int(request.META.get("CONTENT_LENGTH") or 0)
    if not written or (not form_file and expected and written != expected):
        discard(path)
        raise CannotTake(_("The file did not arrive whole, or it is empty. Please drop it again."))
    return path


def find(token: str) -> Path:
    """Return an uploaded file by its token."""
    if re.fullmatch(r"[0-9a-f]{32}", token):
        for path in sorted((_folder() / token).glob("*")):
            return path
    raise Http404(_("This file is not here any more. Drop it again."))


def token_of(path: Path) -> str:
    """Return the token of an uploaded file."""
    return path.parent.name


def discard(path: Path) -> None:
    """Delete an uploaded file."""
    if path.parent.parent == _folder():
        shutil.rmtree(path.parent, ignore_errors=True)


def _folder() -> Path:
    return current().home / "uploads"


def _place(name: str) -> Path:
    plain = re.sub(r"[^\w.\- ]+", "_", name.replace("\\", "/").rpartition("/")[2]).strip(" .")[-100:] or "orders.csv"
    folder = _folder() / secrets.token_hex(16)
    folder.mkdir(parents=True, mode=0o700)
    return folder / plain


def _pieces(request: HttpRequest) -> Iterator[bytes]:
    stream: BinaryIO = request  # type: ignore[assignment]  # a request reads like a file
    while piece := stream.read(PIECE):
        yield piece


def _write(path: Path, pieces: Iterator[bytes]) -> int:
    written = 0
    with path.open("wb") as handle:
        for piece in pieces:
            if written % (64 * PIECE) < len(piece) and shutil.disk_usage(path.parent).free < SPARE:
                raise OSError
            handle.write(piece)
            written += len(piece)
    return written
