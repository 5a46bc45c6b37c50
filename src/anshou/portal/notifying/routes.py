"""The pages about notices that leave the house, for the portal's one list."""

from anshou.portal.notifying import defaults, deliveries, mailbox, own, robots, settings

NOTIFYING = (
    settings.notifications_page,
    own.own_page,
    own.submit_own,
    own.reset_own,
    defaults.default_page,
    defaults.submit_default,
    deliveries.letters_page,
    deliveries.mail_again_page,
    deliveries.said_page,
    deliveries.tell_again_page,
    mailbox.mailbox_page,
    mailbox.change_mailbox_page,
    mailbox.submit_mailbox,
    robots.new_robot_page,
    robots.submit_robot,
    robots.robot_page,
    robots.test_robot,
    robots.change_page,
    robots.submit_change,
    robots.address_page,
    robots.submit_address,
    robots.silence,
    robots.resume,
    robots.remove,
)
