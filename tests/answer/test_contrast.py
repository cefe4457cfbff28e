"""Drafts that turn their source round, and paraphrases that don't."""

import pytest

from answer import support

TURNED = [
    ("The plant cost 5 billion dollars to build.", "The plant cost 5 million dollars to build."),
    ("The plant cost $5 million to build.", "The plant cost €5 million to build."),
    ("The river rose by 3 feet on Monday.", "The river rose by 3 metres on Monday."),
    ("Unemployment fell to 4 percent in Norland.", "Unemployment rose to 4 percent in Norland."),
    ("Karlsen bought the company from Meyer.", "Karlsen sold the company to Meyer."),
    ("The city will close the library in May.", "The city may close the library in May."),
    ("The dam has been repaired.", "The dam has to be repaired."),
    ("The flood destroyed the new school.", "The flood narrowly missed the new school."),
    ("The mine is safe for workers.", "The company claims that the mine is safe for workers."),
    ("The mayor took bribes from Hale.", "The mayor allegedly took bribes from Hale."),
    ("The minister agreed to meet the union.", "The minister declined to meet the union."),
    ("Anna Berg sued Tom Hale over the fire.", "Tom Hale sued Anna Berg over the fire."),
    ("Police arrested 12 men and hurt 40.", "Police arrested 40 men and hurt 12."),
    ("The storm killed 14 people.", "The storm killed 14 cows and injured two people."),
    ("The fire began after the blast.", "The fire began before the blast."),
    ("Most voters support the plan.", "Few voters support the plan."),
    ("The drug is effective against malaria.", "The drug is ineffective against malaria."),
    ("The ceasefire began at 6 p.m.", "The ceasefire began at 6 a.m."),
    ("It was -12 degrees in the valley.", "It was 12 degrees in the valley."),
    ("The senator voted for the bill.", "The senator voted against the bill."),
    ("The union called off its strike.", "The union called for a strike."),
    ("The bishop praised the council's decision.", "The bishop criticised the council's decision."),
    ("Oslo is larger than Bergen.", "Bergen is larger than Oslo."),
    ("Vestia will host the cup; Norland left.", "Norland will host the cup; Vestia left."),
    ("Lund was beaten by Berg on Friday.", "Lund beat Berg on Friday."),
    ("Nine concerts are planned in Oslo.", "Nine concerts are planned in Bergen, none in Oslo."),
]
TRUE = [
    ("Twelve people were arrested in Lund.", "Police said 12 people were arrested in Lund."),
    ("About 1,200 homes lost power.", "Some 1200 homes lost power in the storm."),
    ("The US paused weapons shipments.", "The U.S. paused weapons shipments last week."),
    ("The toll is 5%.", "The toll is 5 percent."),
    ("Exports grew by 12 percent.", "Exports increased by 12 percent last year."),
    ("The company made a profit of 4 million.", "The company reported a profit of 4 million."),
    ("The hospital admitted 12 patients.", "The hospital admitted 12 patients and released 45."),
    ("Ida Holm founded the firm in Malmo.", "The firm was founded in Malmo by Ida Holm."),
    ("Police arrested 12 people on Friday.", "Police arrested 12 people in Lund on Friday."),
    ("Norland and Vestia signed the treaty.", "Vestia and Norland signed the treaty in 1998."),
    ("The court allowed the protest.", "The court allowed the protest but banned the march."),
    ("The city may close the library.", "The city may close the library if funds run out."),
    ("Nearly 300 homes were flooded.", "In the valley nearly 300 homes were flooded."),
    ("300 homes were flooded.", "In the valley nearly 300 homes were flooded."),
    ("Berg was beaten by Lund on Friday.", "Lund beat Berg on Friday."),
    ("Norland will host the cup.", "Norland will host the cup; Vestia left."),
    ("The museum closes at nine.", "The museum opens at six and closes at nine."),
]


@pytest.mark.parametrize(("claim", "source"), TURNED)
def test_what_is_turned_round_does_not_hold(claim, source):
    assert not support.check(claim, [source, "The weather was calm."]).holds


@pytest.mark.parametrize(("claim", "source"), TRUE)
def test_what_is_only_said_otherwise_holds(claim, source):
    found = support.check(claim, [source, "The weather was calm."])
    assert found.holds, found
