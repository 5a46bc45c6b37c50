"""Every page of the portal, and what is done with errors on the way to one. The one list."""

from collections.abc import Callable
from typing import Any

from litestar import Response, Router
from litestar.di import Provide
from litestar.exceptions import HTTPException

from anshou.gate.callers import Asked, SignInNeeded
from anshou.gate.visits import provide_caller, provide_visit
from anshou.portal import counts, error_pages, home, languages, live, themes
from anshou.portal.account import acting_for, overview, password, second_factor
from anshou.portal.administration.routes import ADMINISTRATION
from anshou.portal.agency import (
    answering,
    answers,
    confidential,
    exporting,
    narrowing,
    neighbours,
    opening,
    overdue,
    printing,
    queue,
    several,
    signing,
    ticket,
    writing,
)
from anshou.portal.agency.places import TICKETS, ticket_at_desk
from anshou.portal.audit.routes import AUDIT
from anshou.portal.budgets.routes import BUDGETS
from anshou.portal.closing.routes import CLOSING
from anshou.portal.consumers.routes import CONSUMERS
from anshou.portal.costs.routes import COSTS
from anshou.portal.data_keys.routes import DATA_KEYS
from anshou.portal.day.routes import DAY
from anshou.portal.disclosures.routes import DISCLOSURES
from anshou.portal.duties.routes import DUTIES
from anshou.portal.entrance import invitations, outliving, password_links, sign_in, sign_out
from anshou.portal.entrustment.routes import ENTRUSTMENT
from anshou.portal.finance.routes import FINANCE
from anshou.portal.first_steps.routes import FIRST_STEPS_PAGES
from anshou.portal.guides.pages import GUIDES
from anshou.portal.imports.routes import IMPORTS
from anshou.portal.invoices.routes import INVOICES
from anshou.portal.ledger.routes import LEDGER
from anshou.portal.merchant.routes import MERCHANT
from anshou.portal.merchants.routes import MERCHANTS
from anshou.portal.notices.pages import NOTICES
from anshou.portal.notifying.routes import NOTIFYING
from anshou.portal.performance.routes import PERFORMANCE
from anshou.portal.reconciliation.routes import RECONCILIATION
from anshou.portal.reports.routes import REPORTS
from anshou.portal.requests.routes import REQUESTS
from anshou.portal.retention.routes import RETENTION
from anshou.portal.reveals.routes import REVEALS
from anshou.portal.rules.routes import RULES
from anshou.portal.saved_views import pages as views
from anshou.portal.search import pages as search
from anshou.portal.statements.routes import STATEMENTS
from anshou.portal.team.routes import TEAM
from anshou.portal.ticket_views.move_pages import move_pages
from confidentiality.keys.errors import KeysOutOfReach
from tenants.errors import DatabaseUnavailable
from tenants.refusals import Refusal

ENTRANCE = (
    sign_in.sign_in_page,
    sign_in.submit_sign_in,
    sign_in.code_page,
    sign_in.submit_code,
    sign_out.sign_out,
    invitations.invitation_page,
    invitations.accept_invitation,
    password_links.password_page,
    password_links.submit_password,
    languages.switch_language,
    themes.switch_theme,
    outliving.session_of_page,
)

ACCOUNT = (
    home.home,
    live.live,
    counts.counts,
    overview.account_page,
    overview.end_one,
    overview.end_others,
    password.password_page,
    password.submit_password,
    second_factor.second_factor_page,
    second_factor.begin,
    second_factor.confirm,
    second_factor.renew,
    second_factor.remove,
    acting_for.merchants_page,
    acting_for.choose_merchant,
)

SEARCH = (search.search_page, search.my_search_page)

VIEWS = (
    views.views_page,
    views.new_view_page,
    views.keep_view,
    views.keep_arrangement,
    views.change_one,
    views.start_here,
    views.delete_one,
)

AGENCY = (
    queue.queue_page,
    queue.queue_news,
    queue.matching_count,
    exporting.export_list,
    narrowing.narrow_page,
    narrowing.columns_page,
    several.choose_several,
    several.do_several,
    overdue.overdue_page,
    opening.choose_page,
    opening.report_page,
    opening.submit_report,
    ticket.ticket_page,
    ticket.thread_fragment,
    ticket.who_is_here,
    ticket.say_here,
    neighbours.next_ticket,
    printing.printed_ticket,
    *move_pages(TICKETS, ticket_at_desk, writing.show_unsent),
    signing.signing_page,
    signing.sign,
    writing.write_entry,
    answering.answers_page,
    answering.choose_answer,
    answering.use_answer,
    answering.colleagues_list,
    answers.answers_list,
    answers.new_answer_page,
    answers.submit_new_answer,
    answers.answer_page,
    answers.submit_answer,
    answers.delete_answer,
    writing.attachment,
    confidential.purpose_page,
    confidential.contents_page,
    confidential.sealed_file,
    confidential.marking_page,
    confidential.mark,
)

EXCEPTION_HANDLERS: dict[int | type[Exception], Callable[[Asked, Any], Response[Any]]] = {
    Refusal: error_pages.refused,
    SignInNeeded: error_pages.sign_in_needed,
    DatabaseUnavailable: error_pages.unavailable,
    KeysOutOfReach: error_pages.keys_out_of_reach,
    ExceptionGroup: error_pages.at_the_end,
    HTTPException: error_pages.http_error,
    Exception: error_pages.broken,
}


def portal_router() -> Router:
    """The HTML door."""
    return Router(
        path="/",
        route_handlers=[
            *ENTRANCE,
            *ACCOUNT,
            *AGENCY,
            *SEARCH,
            *VIEWS,
            *DAY,
            *TEAM,
            *MERCHANT,
            *MERCHANTS,
            *CONSUMERS,
            *CLOSING,
            *COSTS,
            *BUDGETS,
            *RULES,
            *PERFORMANCE,
            *REPORTS,
            *STATEMENTS,
            *INVOICES,
            *FINANCE,
            *RECONCILIATION,
            *LEDGER,
            *NOTICES,
            *GUIDES,
            *IMPORTS,
            *FIRST_STEPS_PAGES,
            *ADMINISTRATION,
            *NOTIFYING,
            *DISCLOSURES,
            *DUTIES,
            *ENTRUSTMENT,
            *DATA_KEYS,
            *REVEALS,
            *REQUESTS,
            *RETENTION,
            *AUDIT,
        ],
        dependencies={"visit": Provide(provide_visit), "caller": Provide(provide_caller)},
        include_in_schema=False,
    )
