"""Long articles about something else, in which a vague word must not be read as a force."""

from tests.unit.extractor.lexicon_fixture import read

FAIR = [
    "The book fair in Lisbon opened on Tuesday.",
    "Readers queued for two hours in the rain.",
    "A novel about beekeepers won the first prize.",
    "The jury praised its quiet language.",
    "Tickets cost nine euros.",
    "Schools come free of charge on Friday.",
    "The minister of culture spoke briefly.",
    "The organisers expect more visitors than last year.",
    "A publisher from Porto sold out by noon.",
    "The fair closes on Sunday.",
]
CAMP = [
    "Portuguese soldiers keep the crossing of Bouar open.",
    "The soldiers sleep in tents beside the river.",
    "Two brigades had held the town before them.",
]


def claims(sentences: list[str]) -> list[tuple[str | None, str | None]]:
    return [(claim.actor, claim.destination) for claim in read(" ".join(sentences), language="en").claims]


def test_a_vague_word_is_no_force_in_an_article_about_something_else() -> None:
    visit = "Twenty members of a Norwegian unit travelled to Mozambique last week."
    assert claims(["A soldier read poems.", *FAIR, visit]) == []
    assert claims([*CAMP, visit]) != []


def test_a_vague_verb_moves_no_force_there() -> None:
    assert claims([*FAIR, "Norwegian soldiers were in Mozambique to read as well."]) == []


def test_a_plain_report_is_told_wherever_it_stands() -> None:
    assert claims([*FAIR, "Norway has deployed 300 soldiers to Mozambique."]) == [("NOR", "MOZ")]


def test_a_vague_word_goes_on_with_the_forces_told_of() -> None:
    others = "Ninety men of the Portuguese contingent left Bouar on Friday."
    assert ("PRT", "CAF") in claims([*FAIR, *CAMP, others])


def test_a_short_text_is_about_what_it_says() -> None:
    assert claims(["The fair opened.", "Ninety men of the Portuguese contingent left Bouar on Friday."])
