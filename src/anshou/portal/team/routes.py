"""The pages of the team board. The one list."""

from anshou.portal.team import board, moving

TEAM = (board.board_page, board.board_columns, moving.move_form, moving.move)
