"""Part of step 6: what a force is made up of, by nations: "of the 1,300 soldiers 900 are Kenyan and 400 Ugandan",
"1600 Soldaten, davon 1000 Kanadier und 600 aus Spanien"."""

from services.extractor.document import Document, Mention, MentionKind, Sentence, Token
from services.extractor.steps.clause_phrases import is_whole
from services.extractor.steps.force_counts import ends_phrase
from services.extractor.steps.frame_figures import tells_losses
from services.extractor.steps.whose_told import nation_at
from services.extractor.vocabulary import TermKind

MAX_PARTITIVE = 4
"""Words of what opens the parts of a sum."""


def shares_of(document: Document, sentence: Sentence, force: Mention) -> list[Mention]:
    """The forces of other sides that a list behind the force tells to be parts of it, in text order; not its dead."""
    if tells_losses(document, sentence):
        return []
    parts = is_whole(document, sentence, force)
    shares: list[Mention] = []
    for figure in sentence.of_kind(MentionKind.QUANTITY):
        if figure.first < force.last or figure.vague or "year" in figure.features:
            continue
        share = _share_at(document, sentence, figure)
        if share is None and not shares:
            continue
        if share is None or (shares and not _is_next(document, shares[-1], share)):
            break
        parts |= "part" in share.features
        shares.append(share)
    return [share for share in shares if share.code != force.code] if parts or _sum_up(shares, force) else []


def shared_out(document: Document, sentence: Sentence, force: Mention) -> list[Mention]:
    """The same where they say of all the force, which is no side's by name, whose it is; also of a force that is itself
    one of them ("of the 1,600 in X, | 1,000 | come from Canada and 600 from Spain")."""
    for whole in sentence.of_kind(MentionKind.FORCE):
        if whole.first > force.first or whole.code is not None:
            continue
        shares = shares_of(document, sentence, whole)
        told = any(m.first == force.first for m in (whole, *shares))
        if told and (is_whole(document, sentence, whole) or _sum_up(shares, whole)):
            return shares
    return []


def sums_up(document: Document, sentence: Sentence, whole: Mention) -> bool:
    """ "Of the 500 soldiers in X, Peru provides 300 and Chile 200": the figures behind it are all of it."""
    figures = [m for m in sentence.of_kind(MentionKind.QUANTITY) if m.first >= whole.last and not m.vague]
    return is_whole(document, sentence, whole) and _sum_up(figures, whole)


def _is_next(document: Document, share: Mention, following: Mention) -> bool:
    return share.last + 1 == following.first and document.tokens[share.last].joins


def _sum_up(shares: list[Mention], whole: Mention) -> bool:
    return len(shares) > 1 and whole.most == sum(share.most for share in shares)


def _share_at(document: Document, sentence: Sentence, figure: Mention) -> Mention | None:
    """ "900 of them are Kenyan", "400 Ugandan", "1000 kommen aus Kanada", "300 Nepalese soldiers"."""
    tokens, index = document.tokens, figure.last
    partitive = tokens[index].term(TermKind.PARTITIVE) if index < sentence.last else None
    index = partitive.last if partitive is not None else index
    index += index < sentence.last and bool(tokens[index].verbs)
    people = sentence.beginning(MentionKind.FORCE, figure.first)
    named = people is not None and people.code is not None and "demonym" in people.features  # "250 Polen"
    nation = (people.code, people.last) if people is not None and named else nation_at(tokens, index, sentence.last)
    if nation is None:
        return None
    code, last = nation
    noun = tokens[last].term(TermKind.FORCE) if last < sentence.last else None
    last = noun.last if noun is not None else last
    if last < sentence.last and tokens[last].form[0].isalnum() and not ends_phrase(tokens[last]):
        return None
    part = partitive is not None or _opens_parts(tokens, sentence, figure.first)
    return Mention(
        MentionKind.FORCE,
        figure.first,
        last,
        figure.head,
        code=code,
        count_min=figure.count_min,
        count_max=figure.count_max,
        counted=True,
        features=frozenset({"people", "part"} if part else {"people"}),
        because=("share of a force",),
    )


def _opens_parts(tokens: list[Token], sentence: Sentence, index: int) -> bool:
    """ "darunter", "among them"."""
    before = tokens[max(sentence.first, index - MAX_PARTITIVE) : index]
    return any(m.term.kind is TermKind.PARTITIVE and m.last == index for token in before for m in token.terms)
