"""The packaged history of a real shop, to look around in: CDNOW, 1997-98."""

from pathlib import Path


def sample() -> tuple[Path, Path]:
    """Return the sample's file and its mapping."""
    folder = Path(__file__).parent
    return folder / "cdnow.txt.gz", folder / "cdnow.toml"
