"""Names in several forms, and names that the words don't have."""

import pytest

from answer.proof import naming

PRESENT = [
    ("Viktor Orban spoke.", "Prime Minister Viktor Orbán spoke."),
    ("Mr Orbán spoke.", "Viktor Orbán spoke."),
    ("The U.S. left.", "The United States left."),
    ("French farmers left.", "Farmers in France left."),
    ("The UK agreed.", "British voters agreed."),
    ("The WHO sent doctors.", "The World Health Organization sent doctors."),
    ("The World Health Organization sent doctors.", "The WHO sent doctors."),
    ("J.R. Amsel wrote.", "The poet J. R. Amsel wrote."),
    ("Norland's army left.", "The army of Norland left."),
    ("Officers arrested two men.", "Police arrested two men."),
    ("Mayor Ilse Maark left.", "The mayor of Tarn, Ilse Maark, left."),
    ("A Franco-German plan failed.", "The plan of France and Germany failed."),
]
ABSENT = [
    ("Keller met Lindqvist.", "Halász met Lindqvist.", "Keller"),
    ("Sara Lind found it.", "Mara Lind found it.", "Sara"),
    ("Anna Hale sued.", "Anna Berg sued Tom Hale.", "Anna Hale"),
    ("Italian farmers left.", "French farmers left.", "Italian"),
    ("The EU agreed.", "The UN agreed.", "EU"),
    ("The WTO sent doctors.", "The World Health Organization sent doctors.", "WTO"),
    ("The probe Halley-3 left.", "The probe Halley-7 left.", "Halley-3"),
]


@pytest.mark.parametrize(("claim", "cited"), PRESENT)
def test_a_name_in_another_form_is_there(claim, cited):
    assert naming.missing(claim, [cited]) == ""


@pytest.mark.parametrize(("claim", "cited", "name"), ABSENT)
def test_another_name_is_not(claim, cited, name):
    assert naming.missing(claim, [cited]) == name
