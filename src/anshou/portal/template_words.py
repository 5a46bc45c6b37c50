"""The words of templates: `_("…")` bound to its language when a template is compiled, and what is left of it to a call.

A page says some hundred things, nine of ten of them constants. Jinja's own `_` looks each up, formats it and makes
markup of it at every rendering, which took a third of a page's time.
"""

from collections.abc import Callable
from functools import lru_cache
from gettext import NullTranslations
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

# Labels of enumerations, moves and steps: what is said without being a constant of a template.
_REMEMBERED = 4096


def saying(words: NullTranslations) -> Callable[..., Markup]:
    """`_` for templates: a message in the language of these words, its `%(name)s` placeholders filled in and escaped.

    The message itself is ours and taken as markup; so that a percent sign can be one, it is written twice, also where
    there is no placeholder.
    """
    translated = lru_cache(_REMEMBERED)(words.gettext)

    @lru_cache(_REMEMBERED)
    def plain(message: str) -> Markup:
        return Markup(translated(message) % {})  # noqa: S704  Our own words.

    def say(message: str, /, **params: object) -> Markup:
        if not params:
            return plain(message)
        # Our own words, and whatever is put into them is escaped.
        return Markup(translated(message) % {name: escape(value) for name, value in params.items()})  # noqa: S704

    return say


class BindingWords(CodeGenerator):
    """Compiles a template with its constant messages said already. An environment has one language."""

    def visit_Template(self, node: nodes.Template, frame: Any = None) -> None:
        """Bind the words, then compile as ever."""
        say: Any = self.environment.globals["_"]
        super().visit_Template(_Binding(say).visit(node), frame)


class _Binding(NodeTransformer):
    def __init__(self, say: Callable[[str], Markup]) -> None:
        self._say = say

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        match node:
            case nodes.Call(
                node=nodes.Name(name="_"),
                args=[nodes.Const(value=str(message))],
                kwargs=[],
                dyn_args=None,
                dyn_kwargs=None,
            ):
                return nodes.Const(self._say(message), lineno=node.lineno)
        self.generic_visit(node)
        return node
