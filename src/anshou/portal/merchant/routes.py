"""The pages of the merchant's desk. The one list."""

from anshou.portal.merchant import consent_signing, consents, contract, moves, people, report, ticket, tickets, writing

MERCHANT = (
    tickets.my_tickets_page,
    report.report_page,
    report.submit_report,
    ticket.my_ticket_page,
    ticket.my_thread,
    moves.my_move_page,
    moves.make_my_move,
    moves.my_signing_page,
    moves.sign_as_merchant,
    writing.write_message,
    writing.my_attachment,
    people.my_people_page,
    contract.my_contract_page,
    contract.my_contract_document,
    consents.my_consents_page,
    consents.my_consent_page,
    consents.my_document_page,
    consents.my_document_bytes,
    consents.refuse_page,
    consents.submit_refusal,
    consents.submit_withdrawal,
    consents.submit_partial_withdrawal,
    consent_signing.consent_signing_page,
    consent_signing.sign_consent,
)
