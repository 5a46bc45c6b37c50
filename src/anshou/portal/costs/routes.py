"""The pages of costs. The one list."""

from anshou.portal.costs import evidence, importing, item, of_ticket, queue, settings

COSTS = (
    queue.queue_page,
    queue.waiting_count,
    queue.list_page,
    importing.import_page,
    importing.import_template,
    importing.submit_import,
    settings.settings_page,
    settings.rules_page,
    settings.submit_rules,
    settings.rate_page,
    settings.submit_rate,
    item.cost_page,
    item.submit,
    item.withdraw,
    item.verify,
    item.return_page,
    item.submit_return,
    item.change_page,
    item.submit_change,
    evidence.add,
    evidence.remove,
    evidence.hand_out,
    of_ticket.ticket_costs_page,
    of_ticket.ticket_costs_count,
    of_ticket.new_cost_page,
    of_ticket.submit_cost,
    of_ticket.new_time_page,
    of_ticket.submit_time,
)
