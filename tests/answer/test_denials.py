"""What is denied, said in other words, and denials that were moved, dropped or added."""

import pytest

from answer.proof import contrast, denials

KEPT = [
    ("Nobody was hurt.", "No one was hurt."),
    ("The mayor did not agree to resign.", "The mayor refused to resign."),
    ("The court refused to extradite him.", "His extradition was rejected by the court."),
    ("Falk and Moreau did not finish.", "Neither Falk nor Moreau finished."),
    ("Ostria did not sign the deal.", "The deal was signed by Balkar but not by Ostria."),
    ("The team is unbeaten at home.", "The team has not lost at home."),
    ("It was returned only in 2004.", "It was not returned until 2004."),
    ("The road was closed.", "The road was closed, and nobody was hurt."),
    ("Otto Lund, the chairman, was not charged.", "They did not charge the chairman, Otto Lund."),
    ("Orla has stopped selling eggs.", "Orla no longer sells eggs."),
    ("Falk and Moreau declined to comment.", "Neither Falk nor Moreau would comment."),
    ("The senate has not ratified the deal.", "The senate has yet to ratify the deal."),
    ("Smoking fell to 7 percent.", "Smoking declined to 7 percent."),
]
BROKEN = [
    ("Orla has not stopped selling eggs.", "Orla no longer sells eggs."),
    ("The senate has ratified the deal.", "The senate has yet to ratify the deal."),
    ("The mayor agreed to resign.", "The mayor refused to resign."),
    ("They found the owner.", "They did not find the owner."),
    ("They never found the owner.", "They found the owner."),
    ("The vans were recalled.", "The firm recalled cars, but the vans were not recalled."),
    ("Otto Lund, the chairman, was charged.", "They did not charge the chairman, Otto Lund."),
    ("Doctors had a licence.", "Doctors worked without a licence."),
    ("It is not closed on Mondays.", "It is closed on Mondays."),
    ("The old cabinet had all.", "The old cabinet had none."),
]


def broken(claim, source):
    return denials.broken(claim, [source], lambda one, other: False, contrast.opposites)


@pytest.mark.parametrize(("claim", "source"), KEPT)
def test_the_same_denial_in_other_words(claim, source):
    assert not broken(claim, source)


@pytest.mark.parametrize(("claim", "source"), BROKEN)
def test_a_denial_that_the_source_does_not_make(claim, source):
    assert broken(claim, source)
