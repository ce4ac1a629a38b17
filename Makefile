# Short names for what is done often; `python3 manage.py` does the same without make.
.PHONY: demo test lint types format check locks

demo:
	python3 manage.py demo

test:
	python3 manage.py test

lint:
	python3 manage.py tool ruff check .
	python3 manage.py tool ruff format --check .
	python3 manage.py tool djlint templates --lint --quiet

types:
	python3 manage.py tool mypy

format:
	python3 manage.py tool ruff check --fix .
	python3 manage.py tool ruff format .

check: lint types
	python3 manage.py makemigrations --check --dry-run

# New versions within the ranges of pyproject.toml, with their hashes (docs/decisions/002-locks-without-addresses.md).
locks:
	python3 manage.py tool lock
