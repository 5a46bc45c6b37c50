"""The pages about reveals, for the portal's one list."""

from anshou.portal.reveals import decoys, my_data, objections, revealing, rules, seen_list

REVEALS = (
    revealing.purpose_page,
    revealing.show_field,
    revealing.copy_field,
    seen_list.reveals_page,
    objections.objection_page,
    objections.submit_answer,
    my_data.my_data_page,
    my_data.my_reveal_page,
    my_data.objecting_page,
    my_data.submit_objection,
    decoys.decoys_page,
    decoys.new_decoy_page,
    decoys.submit_decoy,
    decoys.lift,
    rules.rules_page,
    rules.submit_rules,
    rules.new_purpose_page,
    rules.submit_purpose,
    rules.retire,
    rules.restore,
)
