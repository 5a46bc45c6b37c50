"""The pages about requests. The one list."""

from anshou.portal.requests import my_requests, request_list, request_page, steps

REQUESTS = (
    request_list.requests_page,
    request_list.new_request_page,
    request_list.submit_request,
    request_page.request_page,
    request_page.asker_page,
    request_page.search_page,
    request_page.match,
    request_page.unmatch,
    steps.step_page,
    steps.submit_step,
    steps.submit_execution,
    steps.copy,
    my_requests.my_requests_page,
    my_requests.my_new_request_page,
    my_requests.submit_my_request,
    my_requests.my_request_page,
)
