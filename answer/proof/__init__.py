"""Whether a drafted sentence says what the cited words say: the parts of answer/support.py."""
