"""Part of step 5: where the particle of a verb stands: at the clause's end, or near behind the verb."""

from services.extractor.document import Clause, Token
from services.extractor.orthography import Orthography
from services.extractor.vocabulary import FINITE, Effect, FrameClass, TermKind, VerbForm, VerbReading

PARTICLE_REACH, FIGURE_REACH = 9, 14
"""How many tokens after its verb a particle may stand where the language does not put it last; one before a figure
stands behind all that is told of the force: "put the number of soldiers in the north of the country at 300"."""


def particle_of(
    tokens: list[Token], index: int, clause: Clause, reading: VerbReading, orthography: Orthography
) -> int | None:
    """The token of a separated particle, "rückten … ein", "pulled 90 men out"; None if there is none."""
    particle = reading.verb.particle
    after = [k for k in clause.tokens() if k > index and tokens[k].form[0].isalnum()]
    if orthography.joins_particle:
        if reading.form not in FINITE:
            return None
        # Before a coordinator or at the end of a piece; what stands after it is an extraposed phrase.
        ends = {last for _, last in clause.pieces}
        for k in after:
            if tokens[k].form == particle and (
                k == after[-1]
                or k + 1 in ends
                or not tokens[k + 1].form[0].isalnum()
                or tokens[k + 1].term(TermKind.COORDINATOR) is not None
                or _precedes_phrase(tokens[k], tokens[k + 1])
            ):
                return k
        return None
    figure = reading.verb.frame is FrameClass.COUNT  # "puts its strength at a mere 300"
    near = after[: FIGURE_REACH if figure else PARTICLE_REACH]
    at = next(
        (
            k
            for k in near
            if tokens[k].lower == particle and not (_opens_longer(tokens[k]) or _tells_strength(tokens[k - 1]))
        ),
        None,
    )
    if at is None or _ends_another(tokens, index, at):
        return None
    return None if (at > index + 1 and not figure and _leads_phrase(tokens, at)) else at


def _precedes_phrase(particle: Token, behind: Token) -> bool:
    """ "flog zurück nach X", "zog 90 Mann heraus aus X": no preposition or article itself."""
    other = particle.term(TermKind.RELATOR) or particle.term(TermKind.DETERMINER) or particle.term(TermKind.NUMBER)
    return other is None and behind.term(TermKind.RELATOR) is not None


def _ends_another(tokens: list[Token], index: int, at: int) -> bool:
    """ "came under fire and were beaten back": behind the participle of another verb."""
    before = tokens[at - 1].verbs if at - 1 > index else ()
    return any(r.form is VerbForm.PARTICIPLE for r in before)


def _opens_longer(token: Token) -> bool:
    """ "brought home up to 90 men", "sent to X in case of war", "gone to X on board ships"; not "pulled out of X"."""
    longer = [match.term for match in token.terms if match.last > token.index + 1]
    return any(
        term.kind in (TermKind.QUANTIFIER, TermKind.SUBORDINATOR)
        or term.effect is Effect.CONDITION
        or "reason" in term.roles
        or ("at" in term.roles and not term.names)
        for term in longer
    )


def _tells_strength(before: Token) -> bool:
    """ "is sending a unit made up of 300 soldiers"."""
    strength = before.term(TermKind.STRENGTH)
    return strength is not None and strength.last > before.index + 1


def _leads_phrase(tokens: list[Token], index: int) -> bool:
    """ "closed its base in Gao", "will bring home 90 men in the autumn", "went to Gao on Friday": a relator of what
    stands behind it, no particle as in "flew 90 men in on Monday"."""
    relator = tokens[index].term(TermKind.RELATOR)
    if tokens[index].term(TermKind.NO_PLACE) is not None:
        return True
    if relator is None or not relator.term.roles & {"at"} or index + 1 >= len(tokens):
        return False
    behind = tokens[index + 1]
    if behind.form[0].isupper():
        return behind.term(TermKind.NO_PLACE) is None and behind.term(TermKind.TIME) is None
    return any(m.term.kind in (TermKind.DETERMINER, TermKind.PLACE_NOUN) for m in behind.terms) or behind.has(
        TermKind.ANAPHOR, "owner"
    )
