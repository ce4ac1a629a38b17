"""Reads the product's own source, so that a habit which must not break cannot break unseen."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("isva", "casework", "referrals", "triage", "supervision", "reporting")


@cache
def sources() -> dict[str, ast.Module]:
    """Every module of the product (tests and migrations left out), parsed, by its path."""
    found = {}
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if "/migrations/" not in name:
                found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def nodes(kind, *, only=None):
    """Yields (path, node) for every node of a kind in the modules whose path ``only`` accepts."""
    for path, tree in sources().items():
        if only is None or only(path):
            for node in ast.walk(tree):
                if isinstance(node, kind):
                    yield path, node


def is_interface(path: str) -> bool:
    """Whether a module is a view, a form or a template tag."""
    parts = path.split("/")
    return any(part in ("views", "forms", "templatetags") for part in parts[:-1]) or parts[-1] in (
        "views.py",
        "forms.py",
    )
