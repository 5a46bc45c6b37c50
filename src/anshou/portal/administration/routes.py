"""The administration's pages, for the portal's one list."""

from anshou.portal.administration import inviting, jobs, keys, people, person, person_changes

ADMINISTRATION = (
    people.people_page,
    people.invitations_page,
    people.revoke_invitation,
    inviting.invite_page,
    inviting.submit_invitation,
    person.person_page,
    person.suspend,
    person.resume,
    person.make_password_link,
    person_changes.card_page,
    person_changes.submit_card,
    person_changes.standing_page,
    person_changes.submit_standing,
    keys.keys_page,
    keys.key_page,
    keys.submit_key,
    keys.revoke,
    jobs.jobs_page,
    jobs.retry,
    jobs.retry_all,
    jobs.discard,
)
