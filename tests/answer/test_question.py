"""What kind of answer a question wants: its own question word decides, not that of a clause."""

import pytest

from answer.question import read


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many people died when the dam burst?", "how_many"),
        ("When the dam burst, how many died?", "how_many"),
        ("In the year when the dam burst, how many died?", "how_many"),
        ("Where the two rivers meet, what city stands?", "where"),
        ("How old was she when she came?", "how_many"),
        ("Who was president when the dam burst?", "who"),
        ("By whom was it built when the old one fell?", "who"),
        ("From whom did they buy the land where they live?", "who"),
        ("Whose ship sank where the cable lies?", "who"),
        ("What happens where the rivers meet?", "other"),
        ("What does water turn into when heated?", "other"),
        ("Which weapons did those who fled leave behind?", "other"),
        ("How did the man who found it get out?", "other"),
        ("In which year did those who fled come back?", "when"),
        ("Since when has it been closed to those who live there?", "when"),
        ("Until when will it stay where it is?", "when"),
        ("And since when?", "when"),
        ("At what time did it sink?", "when"),
        ("When and where was it signed?", "when"),
        ("Where and when was it signed?", "where"),
        ("When exactly did the man who built it die?", "when"),
        ("What was the year when it opened?", "when"),
        ("When, according to those who were there, did it begin?", "when"),
        ("Why did he leave when she came?", "why"),
        ("For what reason did those who came leave?", "why"),
        ("What is the name of the city where it stands?", "where"),
        ("In what country is the bridge that fell when it rained?", "where"),
        ("According to the crew, who gave the order?", "who"),
        ("It was built when?", "when"),
        ("Do you know when it was built?", "when"),
        ("Tell me who found it where.", "who"),
        ("Did it rain when the dam burst?", "other"),
        ("Is there a reason why it was closed when it was?", "why"),
        ("Dam bursts: how many died where?", "how_many"),
        ("What was the date of the vote?", "when"),
        ("What is the name of the city?", "where"),
        ("Which state borders on the lake?", "where"),
        ("What was the man accused of?", "other"),
        ("What is the date palm used for?", "other"),
        ("What is the time limit?", "other"),
        ("What is the state of the bridge?", "other"),
        ("What was the city centre rebuilt with?", "other"),
        ("dam burst", "other"),
        ("", "other"),
        ("?", "other"),
        ("When?", "when"),
    ],
)
def test_the_question_word_at_the_head_decides(question, kind):
    assert read(question).kind == kind
