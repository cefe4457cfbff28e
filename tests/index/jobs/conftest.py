"""A folder of small articles, as many as the module's FILES."""

import pytest


@pytest.fixture
def folder(request, tmp_path):
    made = tmp_path / "articles"
    made.mkdir()
    for number in range(request.module.FILES):
        words = f"The {number}th ferry left the harbour at noon with {number} barrels aboard. "
        (made / f"{number}.txt").write_text(f"Ferry {number}\n\n" + words * 8)
    return made
