"""Rankings by measure and period, each row explained by the positions that made it. Follows the journal in batches."""

from projections.boards.apply import TABLES, Boards

__all__ = ["TABLES", "Boards"]
