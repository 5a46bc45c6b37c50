"""What templates are compiled to, where Jinja's own way costs much of a page's time.

- `_("…")` is bound to its language when a template is compiled. A page says some hundred things, nine of ten of them
  constants; Jinja's own `_` looks each up, formats it and makes markup of it at every rendering.
- A value that is put out is escaped to text and not to markup that is joined to text at once: seven hundred a page.
"""

from collections.abc import Callable
from functools import lru_cache
from gettext import NullTranslations
from typing import Any

import markupsafe
from jinja2 import nodes
from jinja2.compiler import CodeGenerator
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

# Labels of enumerations, moves and steps: what is said without being a constant of a template.
_REMEMBERED = 4096

# What `escape` calls for a text, in C. The version is pinned, and a test compares the two.
_escape_text: Callable[[str], str] = markupsafe._escape_inner  # type: ignore[attr-defined]


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


def escaped(value: object) -> str:
    """What `markupsafe.escape` makes of a value, as text."""
    if type(value) is str:
        return _escape_text(value)
    return value if type(value) is Markup else escape(value)


class TemplateCode(CodeGenerator):
    """Compiles templates of an environment that has one language, escapes everything, and knows `escaped`."""

    def visit_Template(self, node: nodes.Template, frame: Any = None) -> None:
        """Bind the words, then compile as ever."""
        say: Any = self.environment.globals["_"]
        super().visit_Template(_Binding(say).visit(node), frame)

    def _output_child_pre(self, node: nodes.Expr, frame: Any, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.escaped(")


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
