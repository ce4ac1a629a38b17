"""Takes one check or one filter of sight out of the product, to see whether the tests notice: the machinery.

How: an import hook compiles the modules of the product from their own source, with a switch built in at every place
where something is checked or filtered: ``filter(a=x, b=y)`` becomes ``filter(**({} if taken_away("… b=y") else {"b": y}),
…)``. All switches are off, and the product does what it does, until one is set; nothing is written to any file, and
no compiled file is kept. So one process holds every mutant, and whichever tests pass a place are known by having
passed it. The places are found in the source anew each time: a check that is added is taken away by the next run.

In the modules that decide who sees what (``WALLS``) every condition of a query, every branch and every part of a
condition is a place; in every other module of the product, what asks for sight by name (``visible_to``, ``can``,
``denied``, ``service=…``, ``ended_at__isnull=True``) and what refuses (``Http404``, ``PermissionDenied``). What the
doors of the views ask for is no code but an argument: ``test_checks_taken_away.py`` takes that off at the doors.
"""

import ast
import importlib.abc
import importlib.machinery
import sys
from collections import Counter
from pathlib import Path

PRODUCT = ("casework", "isva", "referrals", "reporting", "supervision", "triage")
#: Not the product at work: what builds, fills, measures and migrates it.
_LEFT_OUT = ("isva.benchmark", "isva.bootstrap", "isva.demo", "isva.management", "isva.synthesis")
_KEPT_ALL_THE_SAME = ("isva.demo.pages",)
#: The modules that decide who sees what: taken apart condition by condition.
WALLS = {
    "casework.access", "casework.alerts", "casework.doors", "casework.emergency", "casework.leaving",
    "casework.querysets", "casework.restricting", "casework.unseen",
    "isva.access.acting", "isva.access.doors", "isva.access.entry", "isva.access.limits", "isva.access.matrix",
    "isva.access.middleware", "isva.access.system", "isva.accounts.halfway", "isva.accounts.joining",
    "isva.accounts.losing", "isva.accounts.membership", "isva.accounts.permissions", "isva.accounts.role_changes",
    "isva.audit.middleware",
    "isva.db.records", "referrals.conflicts", "referrals.status", "triage.conflicts", "triage.cover",
    "triage.people",
}  # fmt: skip

_SIGHT = {"visible_to", "changeable_by", "live"}
_WALLED = {"denied", "kept_away", "in_conflict", "not_named", "not_denied", "is_walled_off", "_lead_is_walled_off"}  # fmt: skip
_FRAME = {"may_change", "may_take_out"}
#: Conditions of a query that say whose rows they are, and whether what gave a right still stands.
_WHOSE = {
    "service", "service_id", "user", "membership", "token_hash", "is_active", "user__is_active", "is_system",
    "ended_at__isnull", "lifted_at__isnull", "accepted_at__isnull", "withdrawn_at__isnull", "expires_at__gt",
    "starts_on__lte", "ends_on__lt",
}  # fmt: skip
_REFUSALS = {"Http404", "PermissionDenied", "SuspiciousOperation"}
#: Functions that refuse by raising, called for nothing else.
_REFUSES = {"require_any", "_require", "_keep_on_screen", "_refuse_own", "refuse_to_empty", "note_refusal"}
#: What a grant is limited by.
_LIMITS = {"read_only", "until"}

#: The place that is taken away now; the places that were passed; every place of the modules that were loaded.
now_taken: str | None = None
passed: set[str] = set()
places: dict[str, str] = {}


def taken_away(place: str) -> bool:
    """Whether this place is taken away now. Built into the product by ``Switches``."""
    passed.add(place)
    return place == now_taken


def is_product(module: str) -> bool:
    """Whether a module is looked through for checks."""
    if module in _KEPT_ALL_THE_SAME:
        return True
    return (
        module.split(".")[0] in PRODUCT and ".migrations" not in module and not module.startswith(_LEFT_OUT)
    )


class Switches(ast.NodeTransformer):
    """Builds a switch into every check of a module; ``found`` lists them as they stand in the source."""

    def __init__(self, module: str, *, whole: bool):
        self.module, self.whole, self.found = module, whole, []
        self._inside: list[str] = []
        self._runs = 0  # how many functions we are in: what stands outside of them is done once, at the start
        self._times: Counter = Counter()

    # where we are

    def _enter(self, node):
        runs = not isinstance(node, ast.ClassDef)
        self._inside.append(node.name)
        self._runs += runs
        if runs or not self._runs:
            node.body = [self.visit(part) for part in node.body]
        self._runs -= runs
        self._inside.pop()
        return node

    def visit(self, node):
        is_container = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        return super().visit(node) if self._runs or is_container else node

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = _enter  # noqa: N815 - decorators and annotations stay

    def visit_AnnAssign(self, node):
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def _switch(self, what: str) -> ast.Call:
        place = f"{self.module}: {'.'.join(self._inside)}: {' '.join(what.split())}"
        self._times[place] += 1
        if self._times[place] > 1:
            place += f" ({self._times[place]})"
        self.found.append(place)
        return _call("taken_away", ast.Constant(place))

    # what is a check

    def visit_Call(self, node):
        before = ast.unparse(node)
        name = _name(node.func)
        told = [(ast.unparse(one), _names(one)) for one in node.args]
        named = [(ast.unparse(one.value), _names(one.value)) for one in node.keywords]
        node = self.generic_visit(node)
        if name in _SIGHT and isinstance(node.func, ast.Attribute):
            switch = self._switch(f"without {_short(before, name)}")
            return ast.IfExp(switch, _call(ast.Attribute(node.func.value, "all", ast.Load())), node)
        if name == "can":
            return _or(self._switch(f"without {before}"), node)
        if name in ("filter", "exclude") or (name == "Q" and len(told) + len(named) > 1 and self.whole):
            for place, (text, names) in enumerate(told):
                if (self.whole or names & (_WALLED | _SIGHT)) and not isinstance(
                    node.args[place], ast.Starred
                ):
                    switch = self._switch(f"{name} without {text}")
                    gone = ast.Tuple([], ast.Load())
                    kept = ast.Tuple([node.args[place]], ast.Load())
                    node.args[place] = ast.Starred(ast.IfExp(switch, gone, kept), ast.Load())
            for keyword, (text, names) in zip(node.keywords, named, strict=True):
                if self.whole or keyword.arg in _WHOSE or names & (_WALLED | _SIGHT):
                    self._drop(keyword, f"{name} without {keyword.arg or '**'}={text}")
        elif name == "grant" and self.whole:
            for keyword, (text, _names_in) in zip(node.keywords, named, strict=True):
                if keyword.arg in _LIMITS:
                    self._drop(keyword, f"grant without {keyword.arg}={text}")
        return node

    def _drop(self, keyword: ast.keyword, what: str) -> None:
        switch = self._switch(what)
        kept = (
            keyword.value if keyword.arg is None else ast.Dict([ast.Constant(keyword.arg)], [keyword.value])
        )
        keyword.arg, keyword.value = None, ast.IfExp(switch, ast.Dict([], []), kept)

    def visit_Subscript(self, node):
        before = ast.unparse(node)
        node = self.generic_visit(node)
        if (
            isinstance(node.slice, ast.Constant)
            and node.slice.value in _FRAME
            and isinstance(node.ctx, ast.Load)
        ):
            return _or(self._switch(f"without {before}"), node)
        return node

    def visit_BoolOp(self, node):
        told = [ast.unparse(one) for one in node.values]
        node = self.generic_visit(node)
        # ``words or ""`` gives a value where there is none: no condition.
        if self.whole and not any(isinstance(one, ast.Constant) for one in node.values):
            both = isinstance(node.op, ast.And)
            word = "and" if both else "or"
            for place, text in enumerate(told):
                switch = self._switch(f"{word} without {text}")
                part = node.values[place]
                node.values[place] = _or(switch, part) if both else _and(_not(switch), part)
        return node

    def visit_BinOp(self, node):
        told = ast.unparse(node.left), ast.unparse(node.right)
        node = self.generic_visit(node)
        if self.whole and isinstance(node.op, ast.BitAnd | ast.BitOr):
            word = "&" if isinstance(node.op, ast.BitAnd) else "|"
            left, right = node.left, node.right
            node = ast.IfExp(self._switch(f"{word} without {told[0]}"), right, node)
            return ast.IfExp(self._switch(f"{word} without {told[1]}"), left, node)
        return node

    def visit_comprehension(self, node):
        told = [ast.unparse(one) for one in node.ifs]
        node = self.generic_visit(node)
        if self.whole:
            node.ifs = [
                _or(self._switch(f"each without {text}"), one)
                for text, one in zip(told, node.ifs, strict=True)
            ]
        return node

    def visit_If(self, node):
        before, refuses, ends = ast.unparse(node.test), _refuses(node), isinstance(node.body[-1], ast.Raise)
        node = self.generic_visit(node)
        if self.whole or refuses:
            node.test = _and(_not(self._switch(f"if {before}: never")), node.test)
        if self.whole and not ends:
            node.test = _or(self._switch(f"if {before}: always"), node.test)
        return node

    def visit_IfExp(self, node):
        before = ast.unparse(node.test)
        node = self.generic_visit(node)
        if self.whole:
            node.test = _and(_not(self._switch(f"{before} else: never")), node.test)
            node.test = _or(self._switch(f"{before} else: always"), node.test)
        return node

    def visit_Expr(self, node):
        before = ast.unparse(node)
        node = self.generic_visit(node)
        if isinstance(node.value, ast.Call) and _name(node.value.func) in _REFUSES:
            switch = self._switch(f"without {before}")
            node.value = ast.IfExp(switch, ast.Constant(None), node.value)
        return node


def _call(what, *values) -> ast.Call:
    return ast.Call(ast.Name(what, ast.Load()) if isinstance(what, str) else what, list(values), [])


def _or(one, other) -> ast.BoolOp:
    return ast.BoolOp(ast.Or(), [one, other])


def _and(one, other) -> ast.BoolOp:
    return ast.BoolOp(ast.And(), [one, other])


def _not(one) -> ast.UnaryOp:
    return ast.UnaryOp(ast.Not(), one)


def _name(function) -> str:
    return getattr(function, "attr", None) or getattr(function, "id", "")


def _names(node) -> set[str]:
    return {_name(one) for one in ast.walk(node) if isinstance(one, ast.Attribute | ast.Name)}


def _refuses(node: ast.If) -> bool:
    last = node.body[-1]
    return isinstance(last, ast.Raise) and last.exc is not None and bool(_names(last.exc) & _REFUSALS)


def _short(text: str, name: str) -> str:
    return text[text.rindex(f".{name}(") + 1 :] if f".{name}(" in text else text


def with_switches(source: str, module: str, *, whole: bool) -> tuple[ast.Module, list[str]]:
    """The source of a module with its switches, and the places that they stand at."""
    switches = Switches(module, whole=whole)
    tree = switches.visit(ast.parse(source))
    return ast.fix_missing_locations(tree), switches.found


class _Loader(importlib.machinery.SourceFileLoader):
    """Compiles a module with its switches; keeps no compiled file, and reads none."""

    def get_code(self, fullname):
        source = Path(self.path).read_text(encoding="utf-8")
        tree, found = with_switches(source, fullname, whole=fullname in WALLS)
        places.update(dict.fromkeys(found, fullname))
        return compile(tree, self.path, "exec", dont_inherit=True)

    def exec_module(self, module):
        module.__dict__["taken_away"] = taken_away
        super().exec_module(module)


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, fullname, path, target=None):
        if not is_product(fullname):
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path)
        if spec is not None and isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            spec.loader = _Loader(fullname, spec.origin)
        return spec


def build_in() -> None:
    """From now on the product's modules are loaded with their switches. Called before the first of them is."""
    loaded = [name for name in sys.modules if is_product(name) and "." in name]
    assert not loaded, loaded
    sys.meta_path.insert(0, _Finder())


def every_place() -> list[str]:
    """Every place of the product, loaded or not, from its source."""
    found = []
    for package in PRODUCT:
        for path in sorted(Path(package).rglob("*.py")):
            module = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
            if is_product(module):
                found += with_switches(path.read_text("utf-8"), module, whole=module in WALLS)[1]
    return found
