"""Requests as no browser sends them: broken, oversized, of the wrong kind, and full of markup. Drawn from a seed."""

import functools
import io
import random
import string
import zipfile
from dataclasses import dataclass, field
from urllib.parse import quote_plus

from referrals.ways_in import PROFESSIONAL, SELF
from tests.files import making

MARKUP = ('"><script>alert(7)</script>', "'><img src=x onerror=alert(7)>", "</textarea><svg onload=alert(7)>",
          "javascript:alert(7)//", "{{7*7}}{% debug %}", "<a href=//evil.example>x</a>")  # fmt: skip
#: Markup of ours that must never stand in an answer as it was sent.
ALIVE = (b"<script>alert(7)", b"<img src=x onerror", b"<svg onload=alert(7)", b"<a href=//evil.example")
STRANGE = (
    "", " ", "\x00", "a\x00b", "\ufeff", "\u202egnp.exe", "\u200b", "e\u0301" * 60, "ﷺ" * 30, "💥" * 50, "\U0010ffff",
    "9" * 400, "-1", "0", "1e999", "NaN", "١٢", "１２", "٣", "31", "February", "29", "0000", "99999", "2027-02-30",
    "' OR 1=1 --", "%s%d%n", "../../etc/passwd", "none", "yes", "no", "me", "child", "phone", "check", "send", "back",
    "x" * 5_000, "x" * 30_000, "a@b", "a@" + "b" * 300 + ".example", "+44 7700 900123", "07700 900123 ext 1", "\r\nX: y",
)  # fmt: skip
BYTES = (
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\xc0\xaf",
    b"%",
    b"%%",
    b"%zz",
    b"%u0041",
    b"%00",
    b"\x00",
    b"&&==&",
    b"=",
    b";",
)
METHODS = (
    ("POST",) * 14 + ("GET",) * 4 + ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "FOO")
)
KINDS = (
    "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=nonsense", "text/plain", "application/json", "application/xml",
    "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\x00",
    'multipart/form-data; boundary="a b"', "multipart/mixed; boundary=x", "", "/", "a" * 500, "text/html; charset=\xff",
)  # fmt: skip


@dataclass
class Sent:
    """One request: what stands in its environment, and its body."""

    method: str
    path: str
    body: bytes = b""
    told: dict = field(default_factory=dict)


def _questions(form) -> list[str]:
    names = []
    for name, question in form.base_fields.items():
        parts = getattr(question.widget, "parts", ())
        names += [f"{name}_{part}" for part in parts] or [name]
    return names


STEPS = {
    "professional": [(step.name, _questions(step.form)) for step in PROFESSIONAL.steps],
    "self": [(step.name, _questions(step.form)) for step in SELF.steps],
}


class Fuzz:
    """Draws malformed requests; the same seed draws the same ones.

    ``keys`` are cookies of drafts that exist, by form; ``tokens`` tokens of links that lead somewhere.
    """

    def __init__(self, seed, *, keys: dict, tokens: list, case_id, sessions: dict):
        self.rng = random.Random(seed)
        self.keys, self.tokens, self.case_id, self.sessions = keys, tokens, case_id, sessions

    def draw(self) -> Sent:
        """One request to a public page, or to one that takes a file."""
        kind = self.rng.random()
        if kind < 0.68:
            sent = self._to_a_form()
        elif kind < 0.82:
            sent = self._to_a_link()
        else:
            sent = self._upload()
        if self.rng.random() < 0.25:
            self._told_oddly(sent)
        return sent

    def text(self) -> str:
        """Something nobody would write."""
        drawn = self.rng.random()
        if drawn < 0.45:
            return self.rng.choice(STRANGE)
        if drawn < 0.7:
            return self.rng.choice(MARKUP)
        if drawn < 0.85:
            return "".join(chr(self.rng.choice((self.rng.randrange(32), self.rng.randrange(0xD7FF), self.rng.randrange(0xE000, 0x10FFFF))))
                           for _ in range(self.rng.randrange(1, 40)))  # fmt: skip
        return "".join(self.rng.choice(string.printable) for _ in range(self.rng.randrange(200)))

    def _to_a_form(self) -> Sent:
        rng = self.rng
        form = rng.choice(("professional", "self"))
        address = f"/refer/rowan/{form}/"
        step, questions = rng.choice(STEPS[form])
        data = {"step": rng.choice((step,) * 8 + ("check", self.text()))}
        for name in questions:
            if rng.random() < 0.8:
                data[name] = [self.text() for _ in range(rng.choice((1, 1, 1, 1, 2, 70)))]
        if rng.random() < 0.35:
            data["go"] = rng.choice(("send", "back", "start", "leave", self.text()))
        if rng.random() < 0.15:
            data["change"] = rng.choice((step, self.text()))
        if rng.random() < 0.05:
            data["website"] = self.text()
        if rng.random() < 0.1:
            data |= {self.text(): self.text() for _ in range(rng.choice((3, 600)))}
        sent = Sent(rng.choice(METHODS), address)
        cookie = rng.choice(self.keys[form]) if rng.random() < 0.8 else quote_plus(self.text())[:4000]
        sent.told["HTTP_COOKIE"] = f"form={cookie}"
        self._fill(sent, data)
        return sent

    def _to_a_link(self) -> Sent:
        rng = self.rng
        where = rng.choice(("status", "answer", "invitation", "refer", "sign-in", "leave", "other"))
        token = rng.choice(self.tokens) if rng.random() < 0.4 else self.text()[:300]
        address = {
            "refer": f"/refer/{token}/", "sign-in": "/sign-in/", "leave": "/refer/rowan/self/leave/",
            "other": f"/{token}/{token}",
        }.get(where, f"/{where}/{token}/")  # fmt: skip
        sent = Sent(rng.choice(METHODS), address)
        names = (
            "answer",
            "email",
            "username",
            "login",
            "password",
            "password1",
            "password2",
            "next",
            "once",
            "name",
        )
        self._fill(sent, {name: [self.text()] for name in names if rng.random() < 0.6})
        return sent

    def _upload(self) -> Sent:
        rng = self.rng
        if rng.random() < 0.4:
            sent = Sent("POST", "/refer/rowan/professional/")
            sent.told["HTTP_COOKIE"] = f"form={rng.choice(self.keys['professional'])}"
            data = {"step": "assessment", "go": rng.choice(("", "", "", "back", "remove", self.text()))}
            self._multipart(sent, data, file=self._file())
            return sent
        who = rng.choice(("isva", "coordinator"))
        sent = Sent("POST", f"/cases/{self.case_id}/documents/new/" if who == "isva" else "/inbox/phone/")
        sent.told["HTTP_COOKIE"] = self.sessions[who]
        data = {"kind": rng.choice(("letter", self.text())), "title": self.text() or "x", "once": self.text()}
        self._multipart(sent, data, file=self._file())
        return sent

    def _file(self) -> tuple[str, str, bytes]:
        rng = self.rng
        content = bytearray(rng.choice(files()))
        for _ in range(rng.choice((0, 0, 1, 5, 40))):
            if content:
                content[rng.randrange(min(len(content), 4000))] = rng.randrange(256)
        if rng.random() < 0.2:
            content = content[: rng.randrange(len(content) + 1)]
        name = rng.choice(
            (self.text(), "a.pdf", "../../x.jpg", "x.svg", "CON", "a" * 400, ".htaccess", "x.php\x00.jpg")
        )
        return (
            name,
            rng.choice(("image/jpeg", "application/pdf", "text/html", "", self.text())),
            bytes(content),
        )

    # How it is put into a request

    def _fill(self, sent: Sent, data: dict) -> None:
        drawn = self.rng.random()
        if drawn < 0.7:
            pairs = [
                (name, value)
                for name, values in data.items()
                for value in ([values] if isinstance(values, str) else values)
            ]
            body = "&".join(
                f"{quote_plus(name, errors='replace')}={quote_plus(value, errors='replace')}"
                for name, value in pairs
            ).encode()
            if self.rng.random() < 0.15:
                at = self.rng.randrange(len(body) + 1)
                body = body[:at] + self.rng.choice(BYTES) + body[at:]
            sent.body, sent.told["CONTENT_TYPE"] = body, KINDS[0]
        elif drawn < 0.88:
            self._multipart(sent, data, file=self._file() if self.rng.random() < 0.3 else None)
        else:
            sent.body = self.rng.randbytes(self.rng.choice((0, 10, 2000)))
            sent.told["CONTENT_TYPE"] = self.rng.choice(KINDS)

    def _multipart(self, sent: Sent, data: dict, *, file=None) -> None:
        rng, line = self.rng, b"\r\n"
        body = io.BytesIO()
        for name, values in data.items():
            for value in [values] if isinstance(values, str) else values[:3]:
                head = f'Content-Disposition: form-data; name="{name}"'.encode("utf-8", "replace")
                body.write(b"--frontier\r\n" + head + line + line + value.encode("utf-8", "replace") + line)
        if file:
            name, kind, content = file
            head = f'Content-Disposition: form-data; name="file"; filename="{name}"'.encode(
                "utf-8", "replace"
            )
            how = f"Content-Type: {kind}".encode("utf-8", "replace")
            coded = rng.choice(
                (b"",) * 8 + (b"Content-Transfer-Encoding: base64\r\n", b"Content-Transfer-Encoding: x\r\n")
            )
            body.write(b"--frontier\r\n" + head + line + how + line + coded + line + content + line)
        body.write(b"--frontier--\r\n")
        sent.body = body.getvalue()
        sent.told["CONTENT_TYPE"] = "multipart/form-data; boundary=frontier"
        if rng.random() < 0.25:
            self._break(sent)

    def _break(self, sent: Sent) -> None:
        rng, body = self.rng, sent.body
        at = rng.randrange(len(body) + 1)
        sent.body = rng.choice((
            body[:at], body[:at] + b"\x00" * 20 + body[at:], body.replace(b"\r\n", b"\n"), body.replace(b"--frontier--", b""),
            body.replace(b"form-data", b"x"), body.replace(b'name="', b"name*=utf-8''%ff", 1), b"--frontier" * 500 + body,
            body.replace(b"Content-", b"X" * 2000 + b": y\r\nContent-", 1), body[at:], b"--frontier\r\n\r\n" * 200,
        ))  # fmt: skip
        if rng.random() < 0.3:
            sent.told["CONTENT_TYPE"] = rng.choice(KINDS)

    def _told_oddly(self, sent: Sent) -> None:
        rng = self.rng
        odd = (
            self.text()
            .encode("utf-8", "replace")
            .decode("latin-1")[:2000]
            .replace("\n", "")
            .replace("\r", "")
        )
        name = rng.choice((
            "HTTP_ACCEPT_LANGUAGE", "HTTP_X_FORWARDED_FOR", "HTTP_HOST", "HTTP_ORIGIN", "HTTP_REFERER", "HTTP_COOKIE",
            "HTTP_HX_REQUEST", "HTTP_HX_CURRENT_URL", "HTTP_SEC_FETCH_SITE", "HTTP_RANGE", "HTTP_USER_AGENT", "CONTENT_LENGTH",
            "QUERY_STRING", "HTTP_IF_MODIFIED_SINCE", "HTTP_X_CSRFTOKEN", "HTTP_ACCEPT_ENCODING", "HTTP_TRANSFER_ENCODING",
            "REMOTE_ADDR",
        ))  # fmt: skip
        if name == "CONTENT_LENGTH":
            odd = rng.choice(
                (
                    "-1",
                    "0",
                    "x",
                    "99999999999",
                    str(max(len(sent.body) - 7, 0)),
                    str(len(sent.body) + 50),
                    "1.5",
                )
            )
        if name == "HTTP_COOKIE":
            odd = rng.choice(
                (
                    odd,
                    f"sessionid={odd}; csrftoken={odd}; form={odd}",
                    "; ".join(f"c{n}=x" for n in range(500)),
                )
            )
        sent.told[name] = odd


@functools.cache
def files() -> tuple[bytes, ...]:
    """Files to send and to break: good ones, bombs, and some that are two things at once."""
    picture, drawing = making.picture(), b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(7)"/>'
    page = b"<!doctype html><script>alert(7)</script>"
    nested = making.folder({"a.zip": making.folder({"b": b"0" * 3_000_000})})
    long_list = io.BytesIO()
    with zipfile.ZipFile(long_list, "w") as made:
        for number in range(3_000):
            made.writestr(f"word/{number}", b"")
    return (
        picture, making.picture("PNG"), making.picture("PNG", mode="P"), making.pdf(), making.word(), making.opendocument(),
        b"Dear all", b"", drawing, page, b"GIF89a" + page, picture + page, page + picture, b"%PDF-1.7\n" + page, picture + making.word(),
        b"PK\x03\x04" + page, b"\x89PNG\r\n\x1a\n" + drawing, b"\xff\xd8\xff\xe0" + page, nested, long_list.getvalue(),
        making.pdf(b"<< /S /JavaScript /JS (app.alert(7)) >>"), making.pdf_with_objects(b"1 0 << /S /JavaScript >>"),
        making.word(word__media__image=b"0" * 3_000_000), making.word(word__vbaProject=b"x"), b"\x00" * 3_000,
        b"a" * (11 * 1024 * 1024), making.pdf_with_objects(b"0" * 3_000_000),
    )  # fmt: skip
