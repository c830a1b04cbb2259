"""Part of step 4: a relator and a relative pronoun, "in der Ruanda Soldaten unterhält", are no relator and article."""

from services.extractor.document import Sentence, Token
from services.extractor.lexicon import Language
from services.extractor.terms import Match
from services.extractor.vocabulary import FINITE, TermKind, VerbForm

RELATIVE = frozenset({"relative", "relative_owner"})
MAX_CLEFT = 9
"""Words between "it was" and what is told of it: "it was the second battalion of the Kenyan army that …"."""
_BREAKS = frozenset(",;:–—(")


def mark_relative_pronouns(tokens: list[Token], sentence: Sentence, language: Language) -> None:
    """Where verbs stand last, the finite verb right before the next sign tells the pronoun behind a comma from the
    article that is written like it: the pronoun keeps no other reading."""
    if not language.orthography.verb_final:
        return
    for index in range(sentence.first + 1, sentence.last - 2):
        if tokens[index - 1].form not in _BREAKS:
            continue
        bare = tokens[index].has(TermKind.SUBORDINATOR, "relative")  # ", das Soldaten gestürmt haben"
        if bare and _ends_with_verb(tokens, index + 1, sentence.last, language):
            tokens[index].terms = tuple(match for match in tokens[index].terms if not _points(match))
            continue
        relator = tokens[index].term(TermKind.RELATOR)
        if relator is None or relator.last > index + 2:
            continue
        pronouns = [
            match
            for match in language.terms.longest(tokens, index + 1, index + 2)
            if match.term.kind is TermKind.SUBORDINATOR and match.term.sort in RELATIVE
        ]
        if not pronouns or not _ends_with_verb(tokens, index + 2, sentence.last, language):
            continue
        tokens[index].terms = tuple(language.terms.longest(tokens, index, index + 1))
        tokens[index + 1].terms = tuple(pronouns)
        tokens[index + 1].inside = False


def _points(match: Match) -> bool:
    """The readings as an article and as "that one"."""
    return match.term.kind is TermKind.DETERMINER or match.term.sort == "demonstrative"


def is_relative_pronoun(token: Token) -> bool:
    """Not "whose": what that stands for owns something."""
    return token.has(TermKind.SUBORDINATOR, "relative") and token.term(TermKind.DETERMINER) is None


def opens_relative(token: Token) -> bool:
    """ "whom", "which", "that"."""
    return is_relative_pronoun(token) or token.has(TermKind.SUBORDINATOR, "that")


def opens_that_clause(tokens: list[Token], index: int) -> bool:
    """ "said in a statement that Chad had sent", but "to that country"."""
    return tokens[index].has(TermKind.SUBORDINATOR, "that") and tokens[index - 1].term(TermKind.RELATOR) is None


def is_cleft(tokens: list[Token], opening: Match) -> bool:
    """ "It was the army | that stormed X": what opens with "that" and a verb is told of what was just named."""
    if opening.term.sort != "that" or opening.last >= len(tokens):
        return False
    if not tokens[opening.last].may_be(*FINITE):
        return False
    for index in range(opening.first - 2, max(opening.first - MAX_CLEFT, 0), -1):
        if any(reading.verb.copula for reading in tokens[index].verbs):
            return tokens[index - 1].has(TermKind.ANAPHOR, "subject")
    return False


def _ends_with_verb(tokens: list[Token], index: int, last: int, language: Language) -> bool:
    """A finite form that is no participle nor an infinitive behind its marker, ", in der Ukraine zu kämpfen", and no
    noun that the pronoun would be the article of."""
    if tokens[index].term(TermKind.PLACE_NOUN) is not None:
        return False
    end = next((k for k in range(index, last) if _is_sign(tokens, k)), last) - 1
    marked = tokens[end - 1].lower in language.orthography.infinitive_markers
    if end <= index or marked or not tokens[end].form[0].islower():
        return False
    forms = {reading.form for reading in tokens[end].verbs}
    return bool(forms & FINITE) and VerbForm.PARTICIPLE not in forms


def _is_sign(tokens: list[Token], index: int) -> bool:
    """Not the point of an ordinal: "seiner 5. Brigade"."""
    return not tokens[index].form[0].isalnum() and not (tokens[index].form == "." and tokens[index - 1].form.isdigit())
