"""Sentences on which a faster form of the encoder is compared with the original.

Written for this project: many subjects, numbers, names, other scripts, short and long.
Fixed, so that two machines judge by the same text. Only data, and passages joined from it.
"""

from __future__ import annotations

SENTENCES = (
    "The harbour commission voted four to one to dredge the eastern channel before winter.",
    "Fishing boats have waited up to nine hours for high water since the storm of 2019.",
    "Dredging will cost 14.2 million crowns, of which the state pays two thirds.",
    "Opponents fear for the eelgrass beds, where young cod hide from larger fish.",
    "A survey counted 312 seals on the sandbank, forty more than a year before.",
    "The ferry to the islands will run hourly while the main quay is closed.",
    "Researchers grew the bacteria in sea water at 4 °C and measured their oxygen use.",
    "The vaccine halved hospital admissions among people older than seventy.",
    "No effect was seen in patients who had taken beta blockers for more than a year.",
    "Protein folding slows down when the membrane loses cholesterol.",
    "Mice without the gene slept two hours less and learned the maze just as quickly.",
    "The trial was stopped early because the placebo group did better.",
    "Parliament passed the housing bill on Thursday with 88 votes to 61.",
    "The minister resigned after an audit found that the contracts were never tendered.",
    "Voters under thirty stayed at home; turnout fell to 41 percent.",
    "The opposition called the budget a gift to landlords and walked out of the chamber.",
    "The court ruled that the police may not store the faces of passers-by.",
    "A judge released the suspect on bail of $250,000 and took his passport.",
    "Shares of the steel maker rose 7.3% after it agreed to sell its mines.",
    "The central bank left its rate at 2.75 percent and warned of dearer energy.",
    "Unemployment fell for the fifth month, mostly among people who stopped looking.",
    "The airline cancelled 1,100 flights because a software update failed overnight.",
    "Coffee prices doubled in two years as frost destroyed harvests in the highlands.",
    "The start-up builds batteries from sodium, which is cheap and does not burn.",
    "Goalkeeper Ilse Marrow saved two penalties and the title went to the visitors.",
    "The cyclist lost the yellow jersey by eleven seconds on the last climb.",
    "Rain stopped play for three hours, and the umpires shared the points.",
    "The orchestra opened its season with a symphony that had been lost for a century.",
    "Her third novel follows a lighthouse keeper who writes letters to the drowned.",
    "The museum returned six bronzes to the city from which soldiers had taken them.",
    "Heavy rain washed out the railway embankment between Tolm and Greyford.",
    "Firefighters held the blaze back from the village, but 900 hectares of pine are gone.",
    "The earthquake, of magnitude 6.1, cracked walls up to eighty kilometres away.",
    "Glaciers in the range have lost a third of their ice since 1985.",
    "Engineers closed the bridge when sensors showed that a cable had stretched.",
    "The army withdrew from the valley, and shelling stopped for the first time in weeks.",
    "Both sides exchanged 45 prisoners at the border crossing on Sunday morning.",
    "Aid lorries are held up at the checkpoint because the papers name another road.",
    "The telescope saw water vapour around a planet that circles a red dwarf.",
    "The probe will reach the comet in August and bring back dust eleven years later.",
    "He said: “We did not promise this, and we will not pay for it.”",
    "Whisk the eggs with the sugar until pale, then fold in the flour.",
    "To reset the router, hold the button for ten seconds until the lamp blinks twice.",
    "La nouvelle ligne de tramway ouvrira en mars, avec deux ans de retard.",
    "Der Stadtrat verschob die Entscheidung über das Freibad auf das nächste Jahr.",
    "Новый мост через реку откроют осенью, сообщила администрация города.",
    "市议会批准了新的公园计划，工程将于明年开始。",
    "ERR-4410: queue full (max=512); retry after 30 s; see log/worker-7.txt",
)

QUESTIONS = (
    "Why was the eastern channel dredged?",
    "Which patients did the treatment not help?",
    "interest rate decision central bank",
    "Who won the match on penalties?",
    "What damaged the railway?",
    "How many prisoners were exchanged?",
    "sodium batteries",
    "Was the suspect kept in prison?",
    "How much ice have the glaciers lost?",
    "Who voted against the housing bill?",
)

SENTENCES_A_PASSAGE = 10  # about 800 characters, the length that is indexed most


def passages() -> list[str]:
    """Neighbouring sentences joined: texts as long as the passages of a library."""
    starts = range(0, len(SENTENCES) - SENTENCES_A_PASSAGE + 1, 4)
    return [" ".join(SENTENCES[start : start + SENTENCES_A_PASSAGE]) for start in starts]
