"""Why somebody is told, as a mail or a page says it: with the names that its reader uses, not with codes."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from babel.dates import format_date

from services.alerts.decide.explain_decision import Because, has_count, sentence
from services.alerts.decide.explain_difference import speaker
from services.alerts.messages.country_names import country_name
from services.alerts.messages.mail_words import ENGLISH, Words, clean
from shared.events.statements import Claim, Stage

_FIRST = {
    Stage.PLANNED: "erste Meldung über {more}geplante Kräfte ({pair})",
    Stage.DEPLOYED: "erste Meldung über {more}verlegte Kräfte ({pair})",
    Stage.ENGAGED: "erste Meldung über {more}kämpfende Kräfte ({pair})",
    Stage.WITHDRAWN: "erste Meldung über {more}abziehende Kräfte ({pair})",
}
_DENIED = {
    Stage.PLANNED: "die Quelle ({who}) bestreitet, dass Kräfte verlegt werden sollen ({spot})",
    Stage.DEPLOYED: "die Quelle ({who}) bestreitet, dass Kräfte dort sind ({spot})",
    Stage.ENGAGED: "die Quelle ({who}) bestreitet, dass Kräfte dort kämpfen ({spot})",
    Stage.WITHDRAWN: "die Quelle ({who}) bestreitet, dass Kräfte abziehen ({spot})",
}
_SENTENCES = {
    Because.FIRST: "erste Meldung über {more}Kräfte dort ({pair})",
    Because.UNHEARD: "zuletzt am {since} gemeldet",
    Because.FIGURE: "diese Zahl war noch nicht gemeldet: {figure}",
    Because.CHANGED: "dieselbe Quelle ({who}) nennt jetzt {figure}",
    Because.EDITED: "dieser Artikel wurde geändert und nennt jetzt {figure}",
    Because.ADMITTED: "die Quelle ({who}) hatte das bestritten und räumt es jetzt ein",
    Because.BACK: "nach einem gemeldeten Abzug wieder im Kampf ({pair})",
    Because.SOURCE: "das sagt jetzt auch eine weitere Quelle ({who})",
}
"""In brackets stand names as they are: in a German sentence each would need its own article and ending."""

_WITH_ARTICLE = frozenset({
    "ARE", "BHS", "CAF", "COM", "CYM", "DOM", "FLK", "GBR", "GMB", "MDV", "MHL", "MNP", "NLD", "PHL", "SLB", "SYC",
    "TCA", "USA", "VGB", "VIR", "AU", "EU", "PKK", "RSF", "TALIBAN", "UN",
})  # fmt: skip
"""What English names with "the" within a sentence."""


def why_in_words(data: Mapping[str, Any], words: Words) -> str:
    """One sentence without a full stop; `data` is an event's."""
    if "because" not in data:  # decided before there was the word
        return clean(data["why"])
    word, claim = Because(data["because"]), Claim.model_validate(data["claim"])
    earlier = Claim.model_validate(data["earlier"]["claim"]) if data["earlier"] else None
    since = date.fromisoformat(data["unheard_since"]) if "unheard_since" in data else None
    if words.locale == ENGLISH.locale:
        return clean(sentence(word, claim, earlier, since, _english))
    return clean(_german(word, claim, earlier, since, words))


def _english(code: str) -> str:
    """The name as it stands within a sentence: "forces of the United States", "leaving Mali"."""
    name = country_name(code, ENGLISH.locale)
    return f"the {name}" if code in _WITH_ARTICLE else name


def _german(word: Because, claim: Claim, earlier: Claim | None, since: date | None, words: Words) -> str:
    first = _FIRST[claim.stage]
    pattern = {
        Because.DENIED: _DENIED[claim.stage],
        Because.FIRST_OF_STAGE: first,
        Because.PLACE: f"{first}, die {{place}} nennt",
        **_SENTENCES,
    }[word]
    if word is Because.CHANGED and earlier is not None and has_count(earlier):
        pattern += f", vorher {words.count(earlier)}"
    anywhere = claim.model_copy(update={"place": None}) if claim.destination else claim
    return pattern.format(
        who=speaker(claim, partial(country_name, language=words.locale)) if claim.source else "ungenannt",
        more="zusätzliche " if claim.additional else "",
        pair=f"{words.actor(claim)} → {words.destination(anywhere)}",
        spot=f"{words.actor(claim)} → {words.destination(claim)}",
        place=claim.place,
        figure=words.count(claim),
        since=format_date(since, "long", locale=words.locale) if since else None,
    )
