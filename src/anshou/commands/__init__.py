"""One module per command of `anshou`, each with `arguments(parser)` and `main(asked, settings)`.

Thin: a command parses, calls one room and prints. `anshou.cli.COMMANDS` names those there are.
"""
