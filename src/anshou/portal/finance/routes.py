"""Finance's first page. The one list."""

from anshou.portal.finance import desk

FINANCE = (desk.desk_page,)
