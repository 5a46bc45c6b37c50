"""The pages about consumers at both desks, for the portal's one list."""

from anshou.portal.consumers import agency_desk, merchant_desk, private_products

CONSUMERS = (
    agency_desk.new_record_page,
    agency_desk.submit_record,
    agency_desk.record_page,
    agency_desk.correction_page,
    agency_desk.submit_correction,
    agency_desk.submit_removal,
    agency_desk.search_page,
    agency_desk.search_consumers,
    merchant_desk.my_new_record_page,
    merchant_desk.my_submit_record,
    merchant_desk.my_record_page,
    merchant_desk.my_correction_page,
    merchant_desk.my_submit_correction,
    merchant_desk.my_submit_removal,
    merchant_desk.my_search_page,
    merchant_desk.my_search_consumers,
    private_products.private_products_page,
    private_products.submit_rule,
    private_products.remove_rule,
    private_products.my_private_products_page,
    private_products.submit_my_rule,
    private_products.remove_my_rule,
)
