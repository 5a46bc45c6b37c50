"""The agency's pages about disclosures. The one list."""

from anshou.portal.disclosures import disclosure, disclosure_list, exporting

DISCLOSURES = (
    disclosure_list.disclosures_page,
    disclosure_list.new_disclosure_page,
    disclosure_list.submit_disclosure,
    disclosure.disclosure_page,
    disclosure.document_page,
    disclosure.retract_page,
    disclosure.submit_retraction,
    exporting.export_file,
    exporting.release,
)
