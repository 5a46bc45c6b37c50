"""The agency's pages about entrustments. The one list."""

from anshou.portal.entrustment import data_return, of_merchant

ENTRUSTMENT = (
    of_merchant.entrustment_page,
    of_merchant.record_page,
    of_merchant.submit_record,
    of_merchant.new_subprocessor_page,
    of_merchant.submit_subprocessor,
    of_merchant.submit_return,
    data_return.return_page,
    data_return.submit_erasure,
    data_return.submit_destruction,
    data_return.certificate_page,
    data_return.submit_certificate,
)
