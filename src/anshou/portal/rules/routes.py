"""The pages of the rules. The one list."""

from anshou.portal.rules import contract_trial, overview, revising

RULES = (
    overview.rules_page,
    revising.revision_page,
    revising.submit_revision,
    contract_trial.contract_trial_page,
)
