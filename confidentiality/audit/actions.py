"""What can be recorded: every room declares the actions of its own verbs."""

from dataclasses import dataclass

_declared: dict[str, "Action"] = {}


@dataclass(frozen=True, slots=True)
class Action:
    """A kind of leaf. `code` stands in leaves for good; `label` is the Chinese message id for auditors.

    The body of a `plain` action is kept readable in the database: ids, codes, digests and times only, which name
    nobody's content. Every other body is sealed with the key of the merchant it is about, or the agency's.
    """

    code: str
    label: str
    plain: bool = False


def action(code: str, label: str, *, plain: bool = False) -> Action:
    """Declare an action, once, beside the verb that it records. Raises ValueError if the code is taken."""
    made = Action(code, label, plain)
    if _declared.setdefault(code, made) != made:
        raise ValueError(f"the action {code!r} is declared twice")
    return made


def find_action(code: str) -> Action | None:
    """The action with this code, or None if no room of this version declares it."""
    return _declared.get(code)


def all_actions() -> list[Action]:
    """Every declared action, by code."""
    return [_declared[code] for code in sorted(_declared)]
