"""The pages of reconciliation. The one list."""

from anshou.portal.reconciliation import bench, mappings, matches, overview

RECONCILIATION = (
    overview.overview_page,
    overview.submit_bill,
    overview.rule_page,
    overview.submit_rule,
    bench.bench_page,
    bench.more_lines,
    bench.offers,
    bench.run_state,
    bench.run,
    bench.submit_match,
    bench.submit_transfers,
    mappings.mapping_page,
    mappings.submit_mapping,
    mappings.submit_retirement,
    matches.match_page,
    matches.submit_write_off,
    matches.submit_undo,
    matches.split_page,
    matches.submit_split,
)
