"""The pages of the agency's own records. The one list."""

from anshou.portal.duties import assessments, breaches, register

DUTIES = (
    register.register_page,
    register.new_activity_page,
    register.submit_activity,
    register.activity_page,
    register.change_page,
    register.submit_change,
    assessments.assessments_page,
    assessments.new_assessment_page,
    assessments.submit_assessment,
    assessments.assessment_page,
    assessments.delete,
    breaches.breaches_page,
    breaches.new_breach_page,
    breaches.submit_breach,
    breaches.breach_page,
    breaches.submit_notice,
    breaches.authority_page,
    breaches.submit_authority,
    breaches.notice_page,
)
