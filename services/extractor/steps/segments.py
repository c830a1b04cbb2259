"""Part of step 5: what a sentence is cut into before its clauses are assembled."""

from dataclasses import dataclass

from services.extractor.vocabulary import Effect


@dataclass(slots=True)
class Segment:
    """Tokens `first` to before `last`, and what opens them."""

    first: int
    last: int
    opener: str  # the sign before it, "" at the start
    subordinator: str | None = None
    effect: Effect | None = None
    relative: bool = False
    adverbial: bool = False  # tells why or when: "nachdem …"
    finite: bool = False
    infinitive: bool = False
    quote: int = 0
    is_purpose: bool = False
    opens: bool = False  # begins a clause whatever is open
    bare_relative: bool = False  # "the soldiers | Peru has in X"
    gerund: bool = False  # "after sending …": a clause without a finite verb
    undone: bool = False  # "without sending …"
    awaits_verb: bool = False  # opens a clause whose verb stands in a later segment
    closes: bool = False  # ends with the verb of the clause that a subordinator opened before
