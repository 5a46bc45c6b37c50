"""The pages of measures: figures, tables and lists that work without scripts, drawn as plots where they run."""
