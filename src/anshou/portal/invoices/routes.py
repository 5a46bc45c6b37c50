"""The pages of invoices. The one list."""

from anshou.portal.invoices import asking, batch, correcting, files, invoice, lists, mine

INVOICES = (
    lists.invoices_page,
    lists.choose_merchant,
    batch.batch,
    lists.merchant_page,
    asking.new_page,
    asking.submit_new,
    asking.buyer_page,
    asking.submit_buyer,
    asking.my_new_page,
    asking.submit_my_new,
    asking.my_buyer_page,
    asking.submit_my_buyer,
    invoice.invoice_page,
    invoice.step_page,
    invoice.submit_step,
    correcting.red_page,
    correcting.submit_red,
    correcting.my_red_page,
    correcting.submit_my_red,
    files.add,
    files.remove,
    files.hand_out,
    files.my_file,
    mine.my_invoices_page,
    mine.my_invoice_page,
    mine.my_cancel_page,
    mine.my_cancel,
)
