"""Guard against namesakes: `cleaners`, `pipelines` and `output` are common names, and another project may own them."""

from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("cleaners", "pipelines", "output")


class NamesakeError(Exception):
    """One of this project's packages would be imported from somewhere else; the message says which and from where."""


def check_namesakes() -> None:
    """Raise NamesakeError unless the project's packages lie in one folder with `govscrape` itself."""
    home = Path(__file__).resolve().parent.parent
    for name in PACKAGES:
        spec = find_spec(name)
        place = Path(spec.origin).resolve().parent if spec and spec.origin else None
        if place is None or place.parent != home:
            raise NamesakeError(
                f"the package '{name}' is taken from {place or 'nowhere'} instead of {home / name}; another project of "
                "that name shadows it: install govscrape into an environment of its own (make install)"
            )
