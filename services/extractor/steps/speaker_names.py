"""Part of step 4: names of speakers that no list knows: words in capitals, and what stands in short quotations."""

from services.extractor.document import Sentence, Token
from services.extractor.steps.scan_place import is_hyphenated_adjective
from services.extractor.vocabulary import TermKind

MAX_NAME_WORDS = 4
MAX_QUOTED_NAME = 7


def quoted_end(tokens: list[Token], index: int, sentence: Sentence) -> int | None:
    """The end of a short quotation that begins here: the name of a medium or body."""
    number = tokens[index].quote
    if (
        not number
        or index == sentence.first
        or tokens[index - 1].quote != number
        or tokens[index - 1].form[0].isalnum()
    ):
        return None
    end = index
    while end < sentence.last and tokens[end].quote == number and end - index <= MAX_QUOTED_NAME:
        end += 1
    closed = end - 1 > index and not tokens[end - 1].form[0].isalnum()
    return end - 1 if closed and end - index <= MAX_QUOTED_NAME else None


def name_end(tokens: list[Token], index: int, sentence: Sentence) -> int:
    """The end of the name that begins here: capital words that no list knows, "al-" and the like between them."""
    end = index
    while end < min(sentence.last, index + MAX_NAME_WORDS) and (
        could_be_name(tokens[end])
        or (end > index and _is_particled(tokens[end].form))
        or (end > index and tokens[end].term(TermKind.PERSON) is not None)
    ):
        end += 1
    return max(end, index + 1)


def _is_particled(form: str) -> bool:
    """ "al-Burhan", "el-Sisi": an article in small letters before the name."""
    first, hyphen, last = form.partition("-")
    return bool(hyphen) and first.islower() and len(first) <= 3 and last[:1].isupper()


def could_be_name(token: Token) -> bool:
    """A word in capitals that means nothing else."""
    return (
        token.form[0].isupper()
        and len(token.form) > 1
        and not token.terms
        and not token.inside
        and token.form[-1].isalpha()
        and not is_hyphenated_adjective(token.form)
    )
