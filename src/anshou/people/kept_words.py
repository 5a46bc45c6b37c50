"""What somebody's own words in a saved view may hold: no number of a person, because a view is kept in plain.

Such a search itself is asked as ever; only keeping it is refused (domain.md section 7).
"""

from collections.abc import Mapping, Sequence

from anshou.people.errors import ViewUnfit
from confidentiality.slips import sure_slips_in
from tenants.refusals import N_, Message

_HOLDS = {
    "name": N_("名称中似有%(kind)s，请去掉后再保存"),
    "q": N_("搜索词中似有%(kind)s，请去掉后再保存"),
}
_HOLDS_ELSEWHERE = N_("筛选条件中似有%(kind)s，请去掉后再保存")


def require_nobodys_name(name: str) -> None:
    """Return when nobody's number stands in a view's name; otherwise raise ViewUnfit."""
    _require_nobodys("name", [name])


def require_nobodys_query(query: Mapping[str, Sequence[str]]) -> None:
    """Return when nobody's number stands in what a view asks; otherwise raise ViewUnfit, which says where."""
    for name, values in query.items():
        _require_nobodys(name, values)


def _require_nobodys(name: str, values: Sequence[str]) -> None:
    found = next((one for value in values for one in sure_slips_in(value)), None)
    if found:
        field = "name" if name == "name" else "query"
        raise ViewUnfit(field, Message(_HOLDS.get(name, _HOLDS_ELSEWHERE), kind=found.slip))
