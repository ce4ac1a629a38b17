"""The pages that show every piece, served to a real browser as the product's own pages are."""

from pathlib import Path

import pytest

PAGES = Path(__file__).parent / "templates"


@pytest.fixture
def kitchen_sink(settings):
    """Put the pages of `kitchen_sink.py` in place of the product's addresses."""
    settings.ROOT_URLCONF = "tests.interface.kitchen_sink"
    settings.TEMPLATES = [
        {**engine, "DIRS": [*engine["DIRS"], PAGES]} if index == 0 else engine
        for index, engine in enumerate(settings.TEMPLATES)
    ]
