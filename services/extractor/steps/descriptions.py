"""Part of step 4: which words of a sentence only describe a force, and tell neither where it is nor what it does.

Nothing describes that names a country, a place, an armed group or a speaker, nor what tells that somebody moves or
fights, nor a figure for others; in doubt the words stay."""

from collections.abc import Iterator
from itertools import chain

from services.extractor.document import Sentence, Token
from services.extractor.lexicon import Language
from services.extractor.steps.descriptions_before import attributes_before
from services.extractor.steps.descriptions_open import open_description
from services.extractor.steps.relative_pronouns import RELATIVE
from services.extractor.steps.words_that_tell import is_clause_verb, is_number, is_participle, tells
from services.extractor.vocabulary import FINITE, TermKind

MAX_WORDS = 16
"""Of a description; a longer one tells of something else."""
MIN_CLAUSE = 3
"""Words of a relative clause whose verb no list knows: "die das Gelände kennen"."""
COUNTED_WITHIN = 4
"""Words between a figure and the force it counts."""
_CLOSERS = {",": ",.!?;", "(": ")", "–": "–", "—": "—"}

Span = tuple[int, int]
"""Tokens [first, last)."""


def descriptions(tokens: list[Token], sentence: Sentence, language: Language) -> Iterator[Span]:
    """The descriptions of the forces of the sentence, in text order and apart from each other."""
    done, needed = sentence.first, _words_needed(tokens, sentence)
    for index in range(sentence.first, sentence.last):
        noun = tokens[index].term(TermKind.FORCE)
        if index < done or noun is None or not (noun.term.counts or noun.term.sort == "unit"):
            continue
        before = attributes_before(tokens, sentence, index, language)
        if before is not None and before[0] >= done:
            yield before
        done = noun.last
        while (behind := _behind(tokens, sentence, done, noun.last, language)) is not None:
            if tokens[behind[0]].leads("at", "for") and any(t.lower in needed for t in tokens[behind[0] : behind[1]]):
                break
            yield behind
            done = behind[1]


def _words_needed(tokens: list[Token], sentence: Sentence) -> frozenset[str]:
    """Words that the verbs of the sentence may need: "put the battalion | on alert"."""
    verbs = (reading.verb for token in tokens[sentence.first : sentence.last] for reading in token.verbs)
    return frozenset(chain.from_iterable(verb.needs for verb in verbs if verb.frame is not None))


def _behind(tokens: list[Token], sentence: Sentence, first: int, noun: int, language: Language) -> Span | None:
    if first + 1 >= sentence.last:
        return None
    if tokens[first].form in _CLOSERS:
        return _between_signs(tokens, sentence, first, noun, language)
    return open_description(tokens, sentence, first, language)


def _between_signs(tokens: list[Token], sentence: Sentence, first: int, noun: int, language: Language) -> Span | None:
    """ "300 soldiers [, armed with rifles,] to X", "90 Mann [– zwei Kompanien –] nach X", "[(mostly reservists)]"."""
    end = _end(tokens, sentence, first + 1, _CLOSERS[tokens[first].form])
    if end is None or end == first + 1 or tokens[end].quote != tokens[first].quote:
        return None
    opens = tokens[first].form == "," and _opens_relative(tokens, first + 1, language)
    relative = opens and _is_clause(tokens, first + 1, end, language)
    parts = tokens[first + 1].term(TermKind.PARTITIVE) is not None
    if tells(tokens, first + 1, end, language, relative, parts):
        return None
    inside = tokens[first + 1 : end]
    if not _is_counted(tokens, sentence, noun, language) and any(_may_count(token, language) for token in inside):
        return None
    if not relative and any(is_clause_verb(tokens, k) for k in range(first + 1, _clause_at(tokens, first + 1, end))):
        return None
    if tokens[first].form == "," and not relative and not _is_description(tokens, first + 1, end, language):
        return None
    return first, end + _takes_closer(tokens, sentence, end)


def _is_clause(tokens: list[Token], first: int, end: int, language: Language) -> bool:
    """A finite verb is in it; where verbs stand last, it ends with one, or with a word of no list like one."""
    if language.orthography.verb_final:
        last = tokens[end - 1]
        unlisted = last.form.islower() and not (last.terms or last.verbs or last.inside) and end - first >= MIN_CLAUSE
        ending = (*language.orthography.plural_endings, *language.orthography.participle_endings)
        return last.may_be(*FINITE) or (unlisted and last.lower.endswith(ending))
    return any(token.may_be(*FINITE) for token in tokens[first:end])


def _takes_closer(tokens: list[Token], sentence: Sentence, end: int) -> int:
    """1 if the sign at `end` goes too: not a full stop, nor the comma of a list, or before a clause."""
    if tokens[end].form != ",":
        return int(tokens[end].form in ")–—")
    behind = tokens[end + 1] if end + 1 < sentence.last else None
    if behind is None or behind.term(TermKind.COORDINATOR) is not None or any(r.verb.says for r in behind.verbs):
        return 0
    if behind.term(TermKind.RELATOR) is not None:
        return 1
    noun = behind.is_figure or behind.term(TermKind.DETERMINER) is not None or behind.term(TermKind.FORCE) is not None
    return int(not noun and behind.term(TermKind.SUBORDINATOR) is None)


def _opens_relative(tokens: list[Token], index: int, language: Language) -> bool:
    """ ", who", ", deren", ", most of whom", ", von denen", ", mit denen"."""
    opening = tokens[index]
    if opening.has(TermKind.SUBORDINATOR, *RELATIVE):
        return True
    partitive, relator = opening.term(TermKind.PARTITIVE), opening.term(TermKind.RELATOR)
    if partitive is not None:
        words = language.terms.terms_of(tokens[partitive.last - 1].lower)
        return any(term.kind is TermKind.SUBORDINATOR for term in words)
    return relator is not None and tokens[relator.last].has(TermKind.SUBORDINATOR, *RELATIVE)


def _end(tokens: list[Token], sentence: Sentence, first: int, closers: str) -> int | None:
    """The sign that closes what opens at `first`; not the point of an ordinal."""
    for index in range(first, min(sentence.last, first + MAX_WORDS)):
        form = tokens[index].form
        if not form[0].isalnum() and form != "-":
            ordinal = form == "." and tokens[index - 1].form[-1].isdigit()
            return index if form in closers and not ordinal else None
    return None


def _is_description(tokens: list[Token], first: int, end: int, language: Language) -> bool:
    """What opens with a participle, with what they have or have not, with a part of them, all of them or a degree; an
    apposition only before the rest of the clause: it is no list."""
    orthography, token = language.orthography, tokens[first]
    relator = token.term(TermKind.RELATOR)
    if relator is not None and token.leads("of") and relator.last > first + 1:
        return True  # "led by"
    if token.leads("with", "lacking") or token.term(TermKind.PARTITIVE) is not None:
        return True
    if is_participle(token, orthography):
        done = token.may_be(*FINITE) or not token.verbs  # "soldiers, urged both sides"
        object_behind = tokens[first + 1].term(TermKind.DETERMINER) or tokens[first + 1].term(TermKind.ANAPHOR)
        return not (done and object_behind)
    if any(w.lower in orthography.share_words or w.term(TermKind.MILITARY) for w in tokens[first : first + 2]):
        return True  # "vor allem", "schwer bewaffnet"
    if token.lower.endswith(orthography.adverb_endings) and not token.terms:
        return True
    return token.term(TermKind.QUANTIFIER) is not None or _is_apposition(tokens, first, end)


def _is_apposition(tokens: list[Token], first: int, end: int) -> bool:
    """ "a contingent that includes medics", "the largest unit so far": no list of others who go as well."""
    if tokens[end].form != "," or tokens[end + 1].term(TermKind.DETERMINER) is not None:
        return False
    inside = tokens[first : _clause_at(tokens, first, end)]
    if any(word.term(TermKind.COORDINATOR) is not None for word in inside):
        return False
    same = any(word.has(TermKind.FORCE, "unit") for word in inside)
    return tokens[first].has(TermKind.DETERMINER, "indefinite", *(("definite",) if same else ()))


def _clause_at(tokens: list[Token], first: int, end: int) -> int:
    """Where a clause opens in an apposition: "a contingent | that includes medics"; its end if none does."""
    for k in range(first + 1, end):
        if tokens[k].term(TermKind.SUBORDINATOR) is not None and tokens[k].term(TermKind.DETERMINER) is None:
            return k
    return end


def _may_count(token: Token, language: Language) -> bool:
    """ "a battalion (900 soldiers)"."""
    noun = token.term(TermKind.FORCE)
    return is_number(token, language) or (noun is not None and noun.term.counts)


def _is_counted(tokens: list[Token], sentence: Sentence, last: int, language: Language) -> bool:
    """Whether a figure stands before the noun that ends at `last`."""
    return any(is_number(token, language) for token in tokens[max(sentence.first, last - COUNTED_WITHIN) : last])
