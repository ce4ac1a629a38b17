"""What the tests of casework start from: a case that Iris supports, and a browser with query counting."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.casework.cases import active_case


@pytest.fixture
def iris_case(people, rowan):
    """An active case of Iris."""
    return active_case(rowan, people)


@pytest.fixture
def queries():
    """``queries(browser, url)`` – how many statements a page costs, those of transactions left out."""

    def count(browser, url) -> int:
        with CaptureQueriesContext(connection) as captured:
            response = browser.get(url)
        assert response.status_code == 200
        aside = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "SET")
        return sum(not query["sql"].startswith(aside) for query in captured)

    return count
