"""The known layouts, each by its full set of columns: payment platforms, marketplaces, personal exports, banks.

Facts about them come from published documentation, exporters and importers; where a totals line is known it is checked.
"""
