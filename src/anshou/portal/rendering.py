"""Jinja, once per language: the words are bound when a template is compiled, not looked up per request."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.ext import Extension
from jinja2.runtime import Context
from markupsafe import Markup

from anshou.language import Language, languages
from anshou.portal import formats
from anshou.portal.asset_list import ICON_SHEET
from anshou.portal.static_files import StaticFiles
from anshou.portal.template_code import TemplateCode, escaped, saying

# What makes an icon decoration.
SILENT = Markup(' aria-hidden="true"')

TEMPLATES = Path(__file__).parent / "templates"


class IconNotListed(Exception):
    """Raised when a template asks for an icon that `asset_list.ICONS` does not name."""


class _Flush(Extension):
    """Templates without their indentation, which is for their readers and would go over the wire with every page."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return re.sub(r"(?m)^[ \t]+", "", source)


class _Environment(Environment):
    code_generator_class = TemplateCode
    escaped = staticmethod(escaped)


class Rendering:
    """Templates by language. An undefined name in a template is an error, never an empty string."""

    def __init__(self, static_files: StaticFiles, *, directories: tuple[Path, ...] = (TEMPLATES,)) -> None:
        self._icons = _icons(static_files.address(ICON_SHEET), static_files.manifest.icons)
        self._environments = {
            tag: _environment(language, static_files, directories) for tag, language in languages().items()
        }

    def render(self, language: Language, template: str, values: dict[str, object]) -> str:
        """The whole text of a template in a language."""
        return self._environments[language.tag].get_template(template).render(values)

    def icon(self, name: str) -> Markup:
        """An icon as decoration, for markup that is made without a template."""
        return _icon(self._icons, name)


def _environment(language: Language, static_files: StaticFiles, directories: tuple[Path, ...]) -> Environment:
    environment = _Environment(
        loader=FileSystemLoader(directories),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols", _Flush],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(language.words, newstyle=True)  # type: ignore[attr-defined]
    environment.globals |= {
        "_": saying(language.words),
        "language": language,
        "languages": tuple(languages().values()),
        "asset": static_files.address,
        "token": _token,
        "icon": partial(_icon, _icons(static_files.address(ICON_SHEET), static_files.manifest.icons)),
    }
    environment.filters |= {
        "instant": _zoned(partial(formats.instant, language=language)),
        "clock": _zoned(formats.clock),
        "minute": _zoned(formats.minute),
        "day": formats.day,
        "span": partial(formats.span, language=language),
        "yuan": formats.yuan,
        "share": formats.share,
        "figure": formats.figure,
        "booked": partial(formats.booked, language=language),
        "inside": formats.inside,
        "mentioning": formats.mentioning,
        "size": formats.size,
    }
    return environment


def _zoned(shown: Callable[..., str]) -> Callable[..., str]:
    """A filter of instants that shows them in the page's zone, the agency's, where its template names no other."""

    @pass_context
    def filtered(context: Context, at: datetime, zone: ZoneInfo | None = None, **how: object) -> str:
        return shown(at, zone=zone or context.get("zone") or formats.SHANGHAI, **how)

    return filtered


@pass_context
def _token(context: Context) -> Markup:
    """The hidden field that every POST form needs."""
    return Markup('<input type="hidden" name="_token" value="{}">').format(context["form_token"])


def _icons(sheet: str, listed: Iterable[str]) -> dict[str, Markup]:
    """Each icon as decoration: a page shows dozens."""
    return {
        name: Markup('<svg class="icon"{}><use href="{}#{}"/></svg>').format(SILENT, sheet, name) for name in listed
    }


def _icon(icons: Mapping[str, Markup], name: str, title: str = "") -> Markup:
    """An icon drawn from the sheet; with a title it speaks, without one it is decoration and silent."""
    try:
        drawn = icons[name]
    except KeyError:
        raise IconNotListed(name) from None
    return drawn.replace(SILENT, Markup(' role="img" aria-label="{}"').format(title)) if title else drawn
