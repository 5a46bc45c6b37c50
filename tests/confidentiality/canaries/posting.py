"""Everybody types canaries into every form of the portal, always with something wrong, so that nothing is taken.

Generated from the table of routes: what is added tomorrow is posted to as well. The answer may show its sender what was
typed; the page after it, which is the one with the next form, may not, and nothing else may ever.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from litestar.routes import HTTPRoute

from tests.confidentiality.canaries.life import Life
from tests.confidentiality.canaries.values import CANARIES
from tests.confidentiality.canaries.walking import address_in
from tests.portal.test_strangers import OPEN, ROUTES
from tests.portal.visitor import Visitor

# Between them they may write in every room.
WRITERS = ("yunshan-owner", "manager", "supervisor", "admin", "finance")

# What everybody is sent out by; and the language, which is a word of ours.
LEFT_OUT = {"/sign-out", "/language", "/theme"}

TYPED = "，".join(CANARIES[name] for name in ("name", "phone", "said", "account_number", "cap"))

# A program that says it is a document.
PROGRAM = (CANARIES["file_name"], b"MZ\x90\x00" + CANARIES["file_content"].encode() * 9, "application/pdf")

_FREE = {"text", "search", "tel", "email", "password", "textarea", "url"}


@dataclass
class Form:
    """A form as it stands on a page: what each field is, and the values that it would be sent with."""

    kinds: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)

    @property
    def free(self) -> list[str]:
        """Where somebody may type what they like."""
        return [name for name, kind in self.kinds.items() if kind in _FREE]

    @property
    def bound(self) -> list[str]:
        """Where only certain values are right."""
        bound = {"select", "radio", "date", "datetime-local", "number"}
        return [name for name, kind in self.kinds.items() if kind in bound]


class Forms(HTMLParser):
    """Reads the forms of a page, by the path that each is sent to."""

    def __init__(self, page: str, own_path: str) -> None:
        super().__init__()
        self.found: dict[str, Form] = defaultdict(Form)
        self._own_path = own_path
        self._form: Form | None = None
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See `HTMLParser`."""
        said = {name: value or "" for name, value in attrs}
        name = said.get("name", "")
        if tag == "form":
            is_post = said.get("method", "").lower() == "post"
            action = said.get("action") or self._own_path
            self._form = self.found[action.partition("?")[0].partition("#")[0]] if is_post else None
        elif tag == "option" and self._form is not None and self._select:
            self._form.values[self._select] = self._form.values.get(self._select) or said.get("value", "")
        elif tag in ("input", "textarea", "select") and self._form is not None and name:
            kind = said.get("type", "text") if tag == "input" else tag
            self._select = name if tag == "select" else ""
            self._form.kinds[name] = kind
            self._form.values.setdefault(name, said.get("value", ""))


async def post_everything(life: Life) -> None:
    """Everybody who may write, to every route that takes a form."""
    for login in WRITERS:
        async with life.visit(login) as visitor:
            for method, route in ROUTES:
                if method == "POST" and route.path_format not in {*OPEN, *LEFT_OUT}:
                    for number in _tickets(life, route):
                        await _post_to(life, visitor, route, address_in(life, route, number))
    async with Visitor(life.served) as stranger:
        life.told.watch(stranger.client)
        for method, route in ROUTES:
            if method == "POST" and route.path_format in OPEN - LEFT_OUT:
                await stranger.go("/sign-in")
                await _post_to(life, stranger, route, address_in(life, route, life.ids["number"]))


def _tickets(life: Life, route: HTTPRoute) -> list[str]:
    if route.path_format.startswith(("/disclosures/{", "/my/data/consents/")):
        return [life.ids["disclosure"]]
    # A confidential one: should a form be taken after all, because a choice has a default, what it says is sealed.
    return [life.numbers[0]]


async def _post_to(life: Life, visitor: Visitor, route: HTTPRoute, address: str) -> None:
    form, token = await _form_at(visitor, address), visitor.token()
    for sent in wrong_fillings(form):
        if "file" in form.kinds.values():
            files: Any = {name: PROGRAM for name, kind in form.kinds.items() if kind == "file"}
        else:
            files = None
        with life.told.typing():
            visitor.page = await visitor.client.post(address, data={"_token": token, **sent}, files=files)
        life.tried.add(route.path_format)
        if not any("\0" in value for value in sent.values()):
            life.posted[route.path_format].add(visitor.status)
        # A zero byte is refused at the gate, before anybody looks at who sent it.
        life.broken |= {route.path_format} if visitor.status >= 500 else set()
        if visitor.status in (403, 404):
            return


async def _form_at(visitor: Visitor, address: str) -> Form:
    """The form that is sent there: on the page of the same address, or on the page above it."""
    for path in (address, address.rsplit("/", 1)[0], address.rsplit("/", 2)[0]):
        await visitor.go(path or "/")
        if (found := Forms(visitor.text, address).found.get(address)) is not None:
            return found
    return Form()


def wrong_fillings(form: Form) -> list[dict[str, str]]:
    """The form with canaries wherever somebody can type, each time refused for another reason."""
    names = [name for name in form.kinds if name not in ("_token", "_more", "_drop") and form.kinds[name] != "file"]
    free = [name for name in form.free if name in names]
    right = {name: form.values.get(name, "") for name in names}
    everywhere = dict.fromkeys([*names, "body", "reason", "note", "words", "name", "title"], TYPED * 80)
    # Longer than any field takes, in what is free and in what is not; then all that is typed fits, but for one thing.
    refused_at_the_gate = dict.fromkeys(names or ["body"], f"{TYPED}\0")
    if not form.free and not form.bound:
        # A button: there is nothing to type, and pressing it would take away what the next form is about.
        return [refused_at_the_gate]
    fillings = [
        refused_at_the_gate,
        everywhere,
        right | dict.fromkeys(free, TYPED * 80),
    ]
    fillings += [right | dict.fromkeys(free, TYPED) | {name: TYPED} for name in form.bound]
    return fillings
