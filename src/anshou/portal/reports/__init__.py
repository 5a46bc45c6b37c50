"""The pages of reports: tables that work without scripts, drawn as plots where they run."""
