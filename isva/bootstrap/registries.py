"""Where packages are fetched from: the index this machine is set up for, else the public ones named here and nowhere else."""

import base64
import configparser
import html
import json
import os
import re
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from isva.bootstrap.telling import Stop

PUBLIC_INDEX = "https://pypi.org/simple"
PUBLIC_NPM = "https://registry.npmjs.org"
SIMPLE_JSON = "application/vnd.pypi.simple.v1+json"


def package_index(environ: Mapping[str, str] = os.environ) -> str:
    """Address of the Python package index: uv's and pip's variables, then pip.conf, then the public one."""
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"):
        if environ.get(name):
            # uv lets an index have a name: "ours=https://…".
            return re.sub(r"^[\w-]+=", "", environ[name]).rstrip("/")
    for path in pip_configurations(environ):
        parser = configparser.RawConfigParser()
        try:
            parser.read(path, encoding="utf-8")
        except (OSError, configparser.Error):
            continue
        for section in ("install", "global"):
            if parser.has_option(section, "index-url"):
                return parser.get(section, "index-url").strip().rstrip("/")
    return PUBLIC_INDEX


def pip_configurations(environ: Mapping[str, str]) -> list[Path]:
    """Files in which pip looks for its settings, the most particular first."""
    if environ.get("PIP_CONFIG_FILE"):
        return [Path(environ["PIP_CONFIG_FILE"])]
    person = Path(environ.get("HOME") or "/")
    configuration = Path(environ.get("XDG_CONFIG_HOME") or person / ".config")
    return [
        configuration / "pip/pip.conf",
        person / ".pip/pip.conf",
        Path("/etc/xdg/pip/pip.conf"),
        Path("/etc/pip.conf"),
    ]


def npm_registry(environ: Mapping[str, str] = os.environ) -> str:
    """Address of the npm registry: npm's variable, then .npmrc, then the public one."""
    for name in ("npm_config_registry", "NPM_CONFIG_REGISTRY"):
        if environ.get(name):
            return environ[name].rstrip("/")
    try:
        settings = (Path(environ.get("HOME") or "/") / ".npmrc").read_text(encoding="utf-8")
    except OSError:
        settings = ""
    found = re.search(r"^\s*registry\s*=\s*(\S+)", settings, re.MULTILINE)
    return found.group(1).rstrip("/") if found else PUBLIC_NPM


def certificates(environ: Mapping[str, str] = os.environ) -> str | None:
    """The bundle of certificate authorities this machine was told to trust, if it was told."""
    for name in ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        if environ.get(name) and Path(environ[name]).is_file():
            return environ[name]
    return None


def download(address: str, *, accept: str = "*/*", most: int = 200_000_000) -> tuple[bytes, str]:
    """The body at an address and its media type. Raises Stop when it cannot be had."""
    parts = urllib.parse.urlsplit(address)
    headers = {"Accept": accept, "User-Agent": "isva-bootstrap"}
    if parts.username:
        pair = f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        address = urllib.parse.urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    context = ssl.create_default_context(cafile=certificates())
    last = ""
    for _attempt in range(3):
        try:
            request = urllib.request.Request(address, headers=headers)  # noqa: S310 - the scheme is the index's own
            with urllib.request.urlopen(request, timeout=60, context=context) as answer:  # noqa: S310
                body = answer.read(most + 1)
                if len(body) > most:
                    raise Stop(f"The file at {parts.hostname} is larger than expected.")
                return body, answer.headers.get_content_type()
        except urllib.error.HTTPError as problem:
            last = f"{problem.code} {problem.reason}"
            if problem.code < 500:
                break
        except (OSError, ValueError) as problem:
            last = str(getattr(problem, "reason", problem))
    raise Stop(
        f"Could not fetch {parts.path} from {parts.hostname or parts.scheme}: {last}.",
        "check the network; behind a proxy set HTTPS_PROXY and SSL_CERT_FILE; "
        "for an index of your own set PIP_INDEX_URL and npm_config_registry.",
    )


def files_of(project: str) -> dict[str, str]:
    """Every file the package index offers for a project: file name to address."""
    page = f"{package_index()}/{project}/"
    body, kind = download(page, accept=f"{SIMPLE_JSON}, text/html;q=0.5")
    if kind == SIMPLE_JSON:
        return {
            entry["filename"]: urllib.parse.urljoin(page, entry["url"]) for entry in json.loads(body)["files"]
        }
    found = {}
    for link in re.findall(r'href="([^"]+)"', body.decode("utf-8", "replace")):
        address = urllib.parse.urljoin(page, html.unescape(link)).partition("#")[0]
        found[urllib.parse.unquote(address.rsplit("/", 1)[-1])] = address
    return found
