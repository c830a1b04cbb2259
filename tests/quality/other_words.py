"""`make other-words`: cases of the languages put in other words; how often, by form, what is told of them changes.

A test that needs no annotation: a sentence that means the same must tell the same side, destination, figure and stage.
Not every change is an error ("at least a battalion of 300" says something else), but a form that changes many cases
shows a class of sentences that is read wrongly. Prints counts; with names of forms as arguments the sentences too.
"""

import re
import sys
from datetime import date
from typing import NamedTuple

from services.extractor.extract_article import ArticleText, extract_article
from services.extractor.lexicon import Lexicon, load_lexicon
from tests.quality.positive_cases import positive_cases

SHOWN = 30


class Form(NamedTuple):
    """What is replaced where it occurs once at least (the first is), and by what."""

    language: str
    name: str
    pattern: str
    replacement: str


class Change(NamedTuple):
    text: str
    lost: list[str]
    new: list[str]


_SOLDIERS = r"(?<![\w,.-])(\d[\d,]*\d) ([A-Z][a-z]+(?:an|ish|ese|ian|ch) )?(?:soldiers|troops)(?! (?:of|from))"
_SOLDATEN = r"(\d[\d.]*\d) ([a-zäöü]+(?:sche|ische) )?Soldaten(?! (?:der|des|aus|von))"
_PLACE = r"\b(in|to|into|from|out of) (Mali|Niger|Chad|Benin|Togo|Haiti|Latvia|Kenya|Ecuador|Lesotho)\b(?! and|,| or)"
_ORT = r"\b(in|nach) (Mali|Niger|Benin|Togo|Haiti|Lettland|Kenia|Ecuador|Bolivien|Lesotho)\b(?! und|,| oder)"
_STATE = r"^(?=(?:Peru|Chile|Angola|Togo|Ghana|Denmark|Norway|Kenya|Rwanda|Burundi|Gabon|Spain) (?:has|will|is|sent) )"
_STAAT = (
    r"^(?=(?:Peru|Chile|Angola|Togo|Ghana|Dänemark|Norwegen|Kenia|Ruanda|Burundi|Gabun|Spanien) (?:hat|will|wird) )"
)

FORMS = (
    Form("en", "battalion of", _SOLDIERS, r"a \2battalion of \1"),
    Form("en", "battalion strong", _SOLDIERS, r"a \2battalion \1 strong"),
    Form("en", "contingent made up of", _SOLDIERS, r"a \2contingent made up of \1 soldiers"),
    Form("en", "infantry", _SOLDIERS, r"\1 \2infantry"),
    Form("en", "among them", _SOLDIERS, r"\1 \2soldiers, among them 20 women,"),
    Form("en", "most of them", _SOLDIERS, r"\1 \2soldiers, most of them paratroopers,"),
    Form("en", "vehicles and", _SOLDIERS, r"30 armoured vehicles and \1 \2soldiers"),
    Form("en", "country of", _PLACE, r"\1 the West African country of \2"),
    Form("en", "the north of", _PLACE, r"\1 the north of \2"),
    Form("en", "a town in", _PLACE, r"\1 the town of Kuridzo in \2"),
    Form("en", "NATO member", _STATE, "NATO member "),
    Form("en", "neighbouring", _STATE, "Neighbouring "),
    Form("en", "dateline", r"^", "GENEVA, Nov 20 (Reuters) - "),
    Form("en", "talks before", r"^", "Talks in Geneva have failed so far. "),
    Form("en", "tension behind", r"$", " Analysts said the region was tense."),
    Form("de", "Bataillon von", _SOLDATEN, r"eine \2Truppe von \1 Soldaten"),
    Form("de", "darunter", _SOLDATEN, r"\1 \2Soldaten, darunter 20 Frauen,"),
    Form("de", "die meisten von ihnen", _SOLDATEN, r"\1 \2Soldaten, die meisten von ihnen Fallschirmjäger,"),
    Form("de", "Panzer und", _SOLDATEN, r"30 Panzer und \1 \2Soldaten"),
    Form("de", "Mann", _SOLDATEN, r"\1 \2Mann"),
    Form("de", "im Norden von", _ORT.replace("in|nach", "in"), r"im Norden von \2"),
    Form("de", "im Partnerland", _ORT.replace("in|nach", "in"), r"im Partnerland \2"),
    Form("de", "in das Nato-Land", _ORT.replace("in|nach", "nach"), r"in das Nato-Land \2"),
    Form("de", "Nato-Mitglied", _STAAT, "Das Nato-Mitglied "),
    Form("de", "nach eigenen Angaben", r"\b(hat|haben|wird|werden)\b(?= )", r"\1 nach eigenen Angaben"),
    Form("de", "Ort der Meldung", r"^", "Genf (dpa) - "),
    Form("de", "Gespräche davor", r"^", "Gespräche in Genf sind bisher gescheitert. "),
    Form("de", "Fachleute danach", r"$", " Fachleute nannten die Lage angespannt."),
)


def main() -> None:
    lexicon = load_lexicon()
    shown = set(sys.argv[1:])
    for form in FORMS:
        texts = [(title, text, day) for title, text, day in positive_cases(form.language) if _put(form, text) != text]
        changes = [change for case in texts if (change := _change(form, *case, lexicon)) is not None]
        print(f"{form.language} {len(changes):4} of {len(texts):4} changed  {form.name}")
        for change in changes[: SHOWN if form.name in shown else 0]:
            print(f"     {change.text}\n       lost {change.lost}\n       new  {change.new}")


def _put(form: Form, text: str) -> str:
    return re.sub(form.pattern, form.replacement, text, count=1)


def _change(form: Form, title: str | None, text: str, published: date, lexicon: Lexicon) -> Change | None:
    other = _put(form, text)
    before, after = (_told(title, one, published, form.language, lexicon) for one in (text, other))
    return Change(other, sorted(before - after), sorted(after - before)) if before != after else None


def _told(title: str | None, text: str, published: date, language: str, lexicon: Lexicon) -> set[str]:
    found = extract_article(ArticleText(title, text, published, language_hint=language), lexicon).statements
    return {
        f"{claim.actor} > {claim.destination} {claim.count_min}..{claim.count_max} {claim.stage}"
        for statement in found
        for claim in statement.claims
    }


if __name__ == "__main__":
    main()
