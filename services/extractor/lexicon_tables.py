"""Which tables a language folder may hold and what their keys mean: the schema of the language data."""

from dataclasses import dataclass

from services.extractor.vocabulary import TermKind


@dataclass(frozen=True, slots=True)
class Table:
    kind: TermKind
    keys: frozenset[str] = frozenset()
    sorts: frozenset[str] = frozenset()


def _table(kind: TermKind, keys: str = "", sorts: str = "") -> Table:
    return Table(kind, frozenset(keys.split()), frozenset(sorts.split()))


TERM_TABLES: dict[str, Table] = {
    "forces": _table(
        TermKind.FORCE,
        "counts weak compound group any_side role sort gate adjective code",
        "people person unit home vessel aircraft armour vehicle institution presence",
    ),
    "place_nouns": _table(
        TermKind.PLACE_NOUN, "sort compound gate", "border coast sea country capital region town site point side zone"
    ),
    "relators": _table(TermKind.RELATOR, "roles article names"),
    "quantifiers": _table(
        TermKind.QUANTIFIER, "sort", "least most about when total between further behind each foreign last"
    ),
    "vague": _table(TermKind.VAGUE),
    "strengths": _table(TermKind.STRENGTH, "sort gate", "before behind"),
    "military": _table(TermKind.MILITARY, "compound gate"),
    "memberships": _table(TermKind.MEMBERSHIP, "sort", "style"),
    "ranges": _table(TermKind.RANGE, "sort", "between"),
    "scales": _table(TermKind.NUMBER, "value"),
    "multiples": _table(TermKind.MULTIPLE, "value sort", "further"),
    "anaphors": _table(
        TermKind.ANAPHOR,
        "sort",
        "there here where country neighbour force rest owner his ours demonstrative subject us person object expletive",
    ),
    "no_places": _table(TermKind.NO_PLACE, "sort", "way elsewhere circumstance"),
    "partitives": _table(TermKind.PARTITIVE, "sort", "vague"),
    "subordinators": _table(
        TermKind.SUBORDINATOR, "effect sort", "that relative relative_owner reason time ahead purpose"
    ),
    "coordinators": _table(TermKind.COORDINATOR, "sort", "contrast correction"),
    "determiners": _table(TermKind.DETERMINER, "sort", "definite indefinite one every genitive dative whichever"),
    "negations": _table(TermKind.NEGATION, "sort", "determiner particle ended"),
    "hedges": _table(TermKind.HEDGE, "effect"),
    "role_nouns": _table(
        TermKind.ROLE_NOUN, "sort compound gate", "state official insider local witness institute medium group"
    ),
    "persons": _table(TermKind.PERSON, "code"),
    "attributions": _table(TermKind.ATTRIBUTION, "sort effect compound", "before after trailing adjective own bare"),
    "times": _table(TermKind.TIME, "sort", "future start past former now month underway then since"),
    "events": _table(TermKind.EVENT, "frame stage holds_force needs_force mutual gate"),
    "cues": _table(TermKind.CUE, "effect statement sort", "allegation case credence rank decision occasion help"),
    "unrelated": _table(TermKind.UNRELATED, "sort", "actor context"),
    "not_people": _table(
        TermKind.NOT_PEOPLE,
        "sort compound",
        "casualty loss deed target unit thing person displaced nations lodging message measured limit vote",
    ),
}

VERB_KEYS = frozenset(
    [
        "words",
        "frame",
        "stage",
        "weak",
        "returns",
        "effect",
        "says",
        "statement",
        "auxiliary",
        "copula",
        "passive",
        "future",
        "modal",
        "hosts",
        "helps",
        "delegates",
        "relieves",
        "yields",
        "mutual",
        "task",
        "intends",
        "military",
        "present_stage",
        "progressive_stage",
        "gate",
    ]
)

COMMON_KEYS = frozenset({"words"})

RELATOR_ROLES = frozenset(
    {
        "goal",
        "at",
        "origin",
        "reason",
        "circumstance",
        "away",
        "near",
        "via",
        "against",
        "with",
        "for",
        "of",
        "by",
        "border",
        "off",
        "offshore",
        "lacking",
        "foe",
        "beside",
        "added_to",
        "across",
        "measure",
        "mandate",
    }
)
"""What a relator can say of the phrase it leads."""
