"""A follow-up question → the whole question that it stands for."""
