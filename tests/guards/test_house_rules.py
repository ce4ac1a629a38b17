"""The habits of the house, read from the source."""

import ast
import re

import pytest

from tests.guards.reading import ROOT, is_interface, nodes, sources


def where(path, node):
    return f"{path}:{node.lineno}"


def test_only_moving_assigns_the_stage_of_a_case():
    found = []
    for path, node in nodes((ast.Assign, ast.AugAssign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        found += [
            where(path, node)
            for target in targets
            for part in ast.walk(target)
            if isinstance(part, ast.Attribute) and part.attr == "stage"
        ]
    assert {spot.split(":")[0] for spot in found} == {"casework/moving.py"}, found


def test_no_case_is_updated_or_made_with_a_stage_except_by_moving():
    found = []
    for path, node in nodes(ast.Call, only=lambda path: path != "casework/moving.py"):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in ("update", "setattr", "Case", "update_or_create", "get_or_create"):
            text = ast.unparse(node)
            if re.search(r"\bstage=|['\"]stage['\"]", text) and "Justice" not in text:
                found.append(where(path, node))
    assert [spot for spot in found if not spot.startswith("isva/demo/")] == []


def test_only_the_access_module_gives_and_takes_sight():
    allowed = {"casework/access.py", "isva/accounts/permissions.py"}
    found = set()
    for path, node in nodes(ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in ("assign_perm", "remove_perm", "Grant", "bulk_assign_perm"):
            found.add(path)
    assert {path for path in found - allowed if not path.startswith("isva/demo/")} == set()


def test_views_forms_and_tags_never_reach_past_the_door():
    forbidden = {"objects", "history", "_default_manager", "_base_manager"}
    found = [
        where(path, node) for path, node in nodes(ast.Attribute, only=is_interface) if node.attr in forbidden
    ]
    found += [
        where(path, node)
        for path, node in nodes(ast.Name, only=is_interface)
        if node.id in ("get_object_or_404", "get_list_or_404")
    ]
    assert found == []


def test_audited_rows_are_never_written_past_their_history():
    """``save()`` writes history; ``update`` and the bulk calls do not."""
    allowed = {
        "isva/clock/keeping.py",  # reminders are derived and have no history (decision 010)
        "casework/standing.py",  # the one helper of carried columns, which have no history
        "casework/sas/instruments.py",  # reference data, kept by version and not by history
        "isva/drafts/keeping.py",  # drafts have no history, on purpose
    }
    found = []
    for path, node in nodes(
        ast.Call, only=lambda path: path not in allowed and not path.startswith("isva/demo/")
    ):
        if not isinstance(node.func, ast.Attribute):
            continue
        receiver = ast.unparse(node.func.value)
        if node.func.attr in ("bulk_create", "bulk_update", "abulk_create"):
            found.append(where(path, node))
        if node.func.attr == "update" and (
            "objects" in receiver or "filter(" in receiver or "_set" in receiver
        ):
            found.append(where(path, node))
    assert found == []


GROUND = "isva"
WIRING = ("isva/urls.py", "isva/home.py", "isva/navigation.py", "isva/celery.py", "isva/wsgi.py", "isva/settings.py",
          "isva/errors.py", "isva/demo/", "isva/synthesis/", "isva/benchmark/",
          "isva/management/", "isva/bootstrap/")  # fmt: skip
MAY_IMPORT = {
    "isva": {"isva"},
    "casework": {"isva", "casework"},
    "referrals": {"isva", "casework", "referrals"},
    "triage": {"isva", "casework", "referrals", "triage"},
    "supervision": {"isva", "casework", "triage", "supervision"},  # triage for the load that its board shows
    "reporting": {"isva", "casework", "referrals", "triage", "supervision", "reporting"},
}


def imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def test_nobody_imports_against_the_direction_of_the_house():
    found = []
    for path, tree in sources().items():
        if path.startswith(WIRING):
            continue
        for module in imports(tree):
            app = module.split(".")[0]
            if app in MAY_IMPORT and app not in MAY_IMPORT[path.split("/")[0]]:
                found.append(f"{path} imports {module}")
    assert found == []


def test_nobody_imports_the_wiring():
    wiring = {path.removesuffix(".py").rstrip("/").replace("/", ".") for path in WIRING}
    found = []
    for path, tree in sources().items():
        if path.startswith(WIRING) or path == "isva/apps.py":
            continue
        if path == "reporting/pdf.py":  # who prints opens the libraries for it, as the start does
            continue
        found += [
            f"{path} imports {module}"
            for module in imports(tree)
            if any(module == name or module.startswith(f"{name}.") for name in wiring)
        ]
    assert found == []


def test_models_never_import_forms_and_stages_never_import_views():
    found = []
    for path, tree in sources().items():
        for module in imports(tree):
            if "/models/" in path and ".forms" in module:
                found.append(f"{path} imports {module}")
            if "/stages/" in path and (".views" in module or ".forms" in module):
                found.append(f"{path} imports {module}")
    assert found == []


def test_the_time_is_asked_of_the_service_clock_only():
    pattern = re.compile(r"timezone\.now\(|date\.today\(|datetime\.now\(|datetime\.utcnow\(|\btime\.time\(")
    found = [
        path
        for path in sources()
        if path not in ("isva/clock/moment.py", "isva/db/wall/signing.py")
        and not path.startswith("isva/bootstrap/")
        and pattern.search((ROOT / path).read_text(encoding="utf-8"))
    ]
    assert found == []


def test_every_module_opens_by_saying_what_it_is():
    found = [path for path, tree in sources().items() if tree.body and not ast.get_docstring(tree)]
    assert found == []


def test_every_public_function_says_what_it_means():
    found = []
    for path, tree in sources().items():
        if "/forms/" in path or path.endswith("apps.py"):
            continue
        for node in tree.body:
            if (
                isinstance(node, ast.FunctionDef)
                and not node.name.startswith("_")
                and not ast.get_docstring(node)
            ):
                found.append(where(path, node))
    assert found == []


@pytest.mark.parametrize("folder", ["templates", "isva/interface"])
def test_no_template_carries_a_style_a_script_or_a_handler_of_its_own(folder):
    pattern = re.compile(
        r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:|https?://(?!www\.w3\.org)"
    )
    found = []
    for path in (ROOT / folder).rglob("*.html"):
        text = re.sub(
            r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text(encoding="utf-8"), flags=re.S
        )
        found += [f"{path.relative_to(ROOT)}: {match.group()}" for match in pattern.finditer(text)]
    assert found == []


def test_nothing_is_left_unfinished():
    pattern = re.compile(r"\b(TODO|FIXME|XXX|HACK|NotImplementedError)\b")
    found = [
        str(path.relative_to(ROOT))
        for folder in (
            "isva",
            "casework",
            "referrals",
            "triage",
            "supervision",
            "reporting",
            "templates",
            "static",
        )
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".html", ".css", ".js") and pattern.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
