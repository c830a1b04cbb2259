"""What a place phrase is made of, as the steps of its reading fill it in."""

from services.extractor.terms import Match


class PlaceParts:
    """What a scan over a place phrase met."""

    def __init__(self, start: int) -> None:
        self.nation: str | None = None  # by adjective or genitive
        self.country: Match | None = None  # the country itself is the place
        self.named: Match | None = None
        self.noun: Match | None = None
        self.name_first: int | None = None  # capitalised words in no list
        self.name_last: int | None = None
        self.direction_at: int | None = None  # "northern"
        self.features: set[str] = set()
        self.start = start
        self.head = start
        self.last = start
