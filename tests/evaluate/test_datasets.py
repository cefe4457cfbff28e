"""Files of questions that are none."""

import pytest

from core.errors import InputError
from evaluate.datasets import load_questions


@pytest.mark.parametrize("content", ["[]\n", '{"question": "Who?"}\n', "no json\n", "3\n"])
def test_a_file_of_questions_that_is_none_is_named(tmp_path, content):
    path = tmp_path / "questions.jsonl"
    path.write_text(content)
    with pytest.raises(InputError, match="one JSON object a line"):
        load_questions(path)
