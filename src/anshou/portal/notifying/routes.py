"""The pages about notices that leave the house, for the portal's one list."""

from anshou.portal.notifying import robots, settings

NOTIFYING = (
    settings.notifications_page,
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
