"""Noun phrases of armed forces: "3000 weitere nordkoreanische Soldaten", "seine Truppen", "the army", "700 of them"."""

from services.extractor.compounds import compound_prefix
from services.extractor.document import Document, Mention, MentionKind, Sentence, TermKind, Token, VerbForm
from services.extractor.gazetteer_model import EntryKind
from services.extractor.lexicon import Language
from services.extractor.terms import Match, Term

MAX_ADJECTIVES = 5
MAX_ATTRIBUTE = 8
"""Words that may stand between a number and the participle before its noun."""
_ACTOR_KINDS = frozenset({EntryKind.FORCES.value, EntryKind.ARMED_GROUP.value, EntryKind.ORGANISATION.value})
_FORCE_NAMES = frozenset({EntryKind.FORCES.value, EntryKind.ARMED_GROUP.value})


def find_forces(document: Document, sentence: Sentence, language: Language) -> list[Mention]:
    """Force mentions in text order; a quantity that counts the force is taken into it."""
    found: list[Mention] = []
    taken = sentence.first
    for index in range(sentence.first, sentence.last):
        if index < taken:
            continue
        mention = _force_at(document, sentence, index, language)
        if mention is not None:
            if found and mention.code is None and _beside(document, found[-1], mention):
                mention.code = found[-1].code
            if found and _same_in_brackets(document, found[-1], mention):
                found[-1].last = mention.last
            elif found and _is_its_strength(document, found[-1], mention):
                _take_strength(found[-1], mention)
            else:
                found.append(mention)
            taken = mention.last
    return found


def _is_its_strength(document: Document, unit: Mention, people: Mention) -> bool:
    """ "a battlegroup of 800 soldiers": the number is the unit's."""
    if unit.counted or not people.counted or people.first != unit.last + 1 or "unit" not in unit.features:
        return False
    relator = document.tokens[unit.last].term(TermKind.RELATOR)
    return relator is not None and "of" in relator.term.roles and people.code in (None, unit.code)


def _take_strength(unit: Mention, people: Mention) -> None:
    unit.count_min, unit.count_max, unit.counted = people.count_min, people.count_max, True
    unit.additional = unit.additional or people.additional
    unit.last = people.last


def _beside(document: Document, first: Mention, second: Mention) -> bool:
    """ "israelische Panzer und Infanterie": the adjective holds for both."""
    return second.first - first.last == 1 and document.tokens[first.last].term(TermKind.COORDINATOR) is not None


def _same_in_brackets(document: Document, named: Mention, short: Mention) -> bool:
    """ "die Miliz Islamischer Staat (IS)"."""
    return (
        named.code is not None
        and named.code == short.code
        and short.first - named.last == 1
        and document.tokens[named.last].form == "("
    )


def _force_at(document: Document, sentence: Sentence, index: int, language: Language) -> Mention | None:
    token = document.tokens[index]
    if token.inside or not token.terms:
        return None
    name = token.term(TermKind.ORGANISATION)
    if name is not None and name.term.sort in _FORCE_NAMES:
        return _from_name(document, sentence, name, language)
    force = token.term(TermKind.FORCE)
    if force is not None:
        if force.term.sort == "institution" and _is_modifier(document, sentence, force, language):
            return None
        return _from_head(document, sentence, force, language)
    partitive = token.term(TermKind.PARTITIVE)
    if partitive is not None:
        return _partitive(document, sentence, partitive)
    nation = token.term(TermKind.NATION)
    if nation is not None and nation.term.sort == EntryKind.DEMONYM.value:
        return _demonym(document, sentence, nation, language)
    return None


def _is_modifier(document: Document, sentence: Sentence, match: Match, language: Language) -> bool:
    """ "military training", "the army base": a noun that only describes the next one."""
    if not language.orthography.articles_mark_nouns or match.last >= sentence.last:
        return False
    after = document.tokens[match.last]
    if not after.form.isalpha() or after.inside:
        return False
    if after.terms:
        return after.term(TermKind.PLACE_NOUN) is not None or after.term(TermKind.ROLE_NOUN) is not None
    if after.verbs:
        base = (VerbForm.INFINITIVE, VerbForm.PRESENT)
        bare = all(r.form in base for r in after.verbs) and not after.lower.endswith(language.orthography.noun_plurals)
        return bare or all(reading.form is VerbForm.GERUND for reading in after.verbs)
    return after.form.islower() and not after.lower.endswith(language.orthography.adverb_endings)


def _from_head(document: Document, sentence: Sentence, head: Match, language: Language) -> Mention:
    tokens = document.tokens
    term = head.term
    mention = Mention(
        MentionKind.FORCE,
        head.first,
        head.last,
        head.first,
        features=_features(term),
        because=(term.rule,),
    )
    code = _compound_code(tokens[head.first], head, language)
    _extend_left(document, sentence, mention, counts=term.counts, language=language)
    _count_of_part(document, sentence, mention)
    _extend_right(document, sentence, mention, language)
    if code is not None and mention.code is None:
        mention.code = code
    _people_aboard(document, sentence, mention)
    return mention


def _people_aboard(document: Document, sentence: Sentence, mention: Mention) -> None:
    """ "ein Bataillon mit 850 Soldaten", "a frigate with 240 sailors"."""
    tokens = document.tokens
    if mention.last >= sentence.last or not mention.features & {"unit", "vessel", "aircraft"}:
        return
    index = mention.last
    while index < sentence.last - 1 and tokens[index].quote:
        index += 1  # „Andrea Doria“
    relator = tokens[index].term(TermKind.RELATOR)
    if relator is not None and "origin" in relator.term.roles and "from" in mention.features:
        index = next((m.last for t in tokens[relator.last : relator.last + 2] for m in t.terms if m.side), index)
        relator = tokens[index].term(TermKind.RELATOR) if index < sentence.last else None
    if relator is not None and "with" in relator.term.roles:
        _people_inside(document, sentence, mention, relator.last)


def _features(term: Term) -> frozenset[str]:
    marks = {name for name, set_ in (("weak", term.weak), ("group", term.group), ("any_side", term.any_side)) if set_}
    return frozenset({term.sort or "people"} | marks)


def _compound_code(token: Token, head: Match, language: Language) -> str | None:
    if not language.orthography.compounds or not head.term.compound:
        return None
    for term in compound_prefix(token, head.term, language):
        if term.entry is not None and term.entry.code is not None:
            return term.entry.code
    return None


def _from_name(document: Document, sentence: Sentence, name: Match, language: Language) -> Mention:
    entry = name.term.entry
    mention = Mention(
        MentionKind.FORCE,
        name.first,
        name.last,
        name.first,
        code=entry.code if entry else None,
        features=frozenset({"named", "institution"}),
        because=(name.term.rule,),
    )
    tokens = document.tokens
    if name.last < sentence.last and (head := tokens[name.last].term(TermKind.FORCE)) is not None:
        mention.last = head.last  # "Wagner mercenaries", "M23 rebels"
        mention.head = head.first
        mention.features = _features(head.term) - {"weak"}
        _extend_left(document, sentence, mention, counts=head.term.counts, language=language)
        _extend_right(document, sentence, mention, language)
        mention.code = entry.code if entry else mention.code
    else:
        _extend_left(document, sentence, mention, counts=name.term.sort == EntryKind.FORCES.value, language=language)
        mention.code = entry.code if entry else mention.code
    return mention


def _partitive(document: Document, sentence: Sentence, partitive: Match) -> Mention | None:
    """ "3000 von ihnen", "700 of them": a number before words that point back to a force."""
    counted = _quantity_ending(sentence, partitive.first)
    before = document.tokens[partitive.first - 1] if partitive.first > sentence.first else None
    if counted is None and before is not None and before.has(TermKind.DETERMINER, "indefinite"):
        counted = Mention(MentionKind.QUANTITY, before.index, partitive.first, before.index, vague=True)  # "einige"
    if counted is None:
        return None
    mention = Mention(
        MentionKind.FORCE,
        counted.first,
        partitive.last,
        partitive.first,
        features=frozenset({"people", "part", "definite"}),
        because=(partitive.term.rule,),
    )
    _take_count(mention, counted)
    return mention


def _demonym(document: Document, sentence: Sentence, nation: Match, language: Language) -> Mention | None:
    """ "zwölftausend Nordkoreaner": people of a nation are a force only by what the clause says of them."""
    entry = nation.term.entry
    mention = Mention(
        MentionKind.FORCE,
        nation.first,
        nation.last,
        nation.first,
        code=entry.code if entry else None,
        features=frozenset({"people", "demonym", "weak"}),
        because=(nation.term.rule,),
    )
    _extend_left(document, sentence, mention, counts=True, language=language)
    mention.code = entry.code if entry else None
    return mention


def _extend_left(document: Document, sentence: Sentence, mention: Mention, counts: bool, language: Language) -> None:
    """Takes in adjectives, the nation's adjective or name, a number and what tells whose the force is."""
    tokens = document.tokens
    cursor = mention.first
    numbered = False
    for _ in range(MAX_ADJECTIVES):
        if cursor <= sentence.first:
            break
        counted = _quantity_ending(sentence, cursor)
        if counted is not None and _is_date(document, sentence, counted):
            break
        if counted is not None:
            if (counts or counted.vague) and not mention.counted:
                _take_count(mention, counted)
            cursor = mention.first = counted.first
            numbered = True
            part = _part_before(document, sentence, cursor)
            if part is not None and counts:  # "90 von insgesamt 1100 Soldaten"
                _take_count(mention, part)
                cursor = mention.first = part.first
            continue
        owner = _named_ending(document, sentence, cursor)
        if owner is not None and (not numbered or owner.last < cursor) and _owns(tokens, owner, cursor, language):
            mention.code = mention.code or owner.side
            cursor = mention.first = owner.first
            relator = tokens[cursor - 1].term(TermKind.RELATOR) if cursor > sentence.first else None
            before = (
                _quantity_ending(sentence, cursor - 1) if relator is not None and "of" in relator.term.roles else None
            )
            if before is not None and counts:  # "11,000 of Pyongyang's soldiers"
                _take_count(mention, before)
                cursor = mention.first = before.first
                numbered = True
            continue
        start = cursor - 1
        while tokens[start].inside and start > sentence.first:
            start -= 1
        token = tokens[start]
        pointer = token.term(TermKind.ANAPHOR)
        if pointer is not None and pointer.term.sort in ("owner", "demonstrative"):
            mention.features |= {"possessive" if pointer.term.sort == "owner" else "definite"}
            mention.first = cursor - 1
            counted = _quantity_ending(sentence, cursor - 1)
            if counted is not None and counts:  # "300 seiner Soldaten"
                _take_count(mention, counted)
                mention.first = counted.first
            break
        if token.has(TermKind.NEGATION, "determiner"):
            mention.features |= {"negated"}
            mention.first = start
            break
        if token.term(TermKind.DETERMINER) is not None:
            if token.terms[0].term.sort != "indefinite":
                mention.features |= {"definite"}
            mention.first = cursor - 1
            part = _quantity_ending(sentence, start) if token.has(TermKind.DETERMINER, "genitive") else None
            if part is not None and numbered and counts and language.orthography.genitive_endings:
                _take_count(mention, part)  # "1800 der rund 10.500 Blauhelme"
                mention.first = part.first
            break
        if (
            token.term(TermKind.COORDINATOR) is not None
            and cursor - 3 >= sentence.first
            and tokens[cursor - 2].form == "-"
        ):
            cursor = mention.first = cursor - 3  # "Berufs- und Zeitsoldaten"
            continue
        if token.form == "-" and tokens[cursor].term(TermKind.NOT_PEOPLE) is not None:
            break  # "die 28-jährige Italienerin"
        if token.form == "-" and not numbered:
            cursor -= 1  # "3,000-strong"
            strong = _quantity_ending(sentence, cursor)
            if strong is not None:
                _take_count(mention, strong)
            continue
        strong = _quantity_ending(sentence, cursor - 1) if token.has(TermKind.FORCE, "person") else None
        if strong is not None and not numbered and counts is False:  # "die 1200 Mann starke Truppe"
            _take_count(mention, strong)
            mention.first = strong.first
            break
        if numbered or not _is_adjective(token):
            if not numbered and language.orthography.verb_final:
                _before_attribute(document, sentence, mention, cursor, counts)
            break
        cursor -= 1
        if token.form.lower() == token.form:
            mention.first = cursor if tokens[cursor].form[0].isalnum() else mention.first


def _before_attribute(document: Document, sentence: Sentence, mention: Mention, index: int, counts: bool) -> None:
    """ "die 1300 im Kongo eingesetzten Soldaten": the number stands before what the participle takes with it."""
    tokens = document.tokens
    attributes = [k for k in range(index, mention.head) if tokens[k].verbs]
    if not attributes or not any(r.form in (VerbForm.PARTICIPLE, VerbForm.GERUND) for r in tokens[attributes[0]].verbs):
        return
    for k in range(index - 1, max(sentence.first, index - MAX_ATTRIBUTE) - 1, -1):
        counted = _quantity_ending(sentence, k + 1)
        if counted is not None and not _is_date(document, sentence, counted):
            if counts or counted.vague:
                _take_count(mention, counted)
            return
        if not tokens[k].form[0].isalnum() or tokens[k].verbs:
            return


def _owns(tokens: list[Token], owner: Match, index: int, language: Language) -> bool:
    """Where a genitive marks the owner, a bare name before a force is something else: "aus Kiew Fallschirmjäger"."""
    endings = language.orthography.genitive_endings
    bare = owner.term.sort in (EntryKind.NATION.value, EntryKind.METONYM.value) or owner.term.kind is TermKind.PERSON
    return not (endings and bare) or owner.last < index or tokens[index - 1].lower.endswith(endings)


def _is_adjective(token: Token) -> bool:
    quantifier = token.term(TermKind.QUANTIFIER)
    if quantifier is not None:
        return quantifier.term.sort not in ("between", "least", "most") and token.term(TermKind.RELATOR) is None
    if token.terms or (token.inside and token.terms) or not token.form[0].isalpha():
        return False
    if token.form[0].isupper() and not token.form.isupper():
        return "-" in token.form
    return not any(reading.form.value in ("present", "past") for reading in token.verbs)


def _named_ending(document: Document, sentence: Sentence, index: int) -> Match | None:
    """A nation or organisation whose name ends right before `index`, an owner's clitic between left out."""
    tokens = document.tokens
    for back in range(1, 6):
        first = index - back
        if first < sentence.first:
            return None
        for match in tokens[first].terms:
            if match.side is not None and (
                match.last == index or (match.last == index - 1 and tokens[match.last].form in ("'s", "’s", "'", "’"))
            ):
                return match
    return None


def _quantity_ending(sentence: Sentence, index: int) -> Mention | None:
    for mention in sentence.mentions:
        if mention.kind is MentionKind.QUANTITY and mention.last == index:
            return mention
    return None


def _part_before(document: Document, sentence: Sentence, index: int) -> Mention | None:
    """A number before "of": of so many, the ones that are meant."""
    if index - 1 <= sentence.first:
        return None
    relator = document.tokens[index - 1].term(TermKind.RELATOR)
    part = _quantity_ending(sentence, index - 1) if relator is not None and "of" in relator.term.roles else None
    return part if part is not None and "year" not in part.features else None


def _count_of_part(document: Document, sentence: Sentence, mention: Mention) -> None:
    """ "600 of its soldiers", "600 seiner Soldaten": the number stands before what tells whose they are."""
    if mention.counted or mention.vague:
        return
    start = mention.first
    relator = document.tokens[start - 1].term(TermKind.RELATOR) if start > sentence.first else None
    if relator is not None and "of" in relator.term.roles:
        start -= 1
    elif not mention.features & {"possessive", "definite"}:
        return
    counted = _quantity_ending(sentence, start)
    if counted is not None and not _is_date(document, sentence, counted):
        _take_count(mention, counted)
        mention.first = counted.first


def _is_date(document: Document, sentence: Sentence, quantity: Mention) -> bool:
    """ "In 1944 British soldiers": a year behind a relator counts nobody."""
    if "year" not in quantity.features or quantity.first <= sentence.first:
        return False
    return document.tokens[quantity.first - 1].term(TermKind.RELATOR) is not None


def _take_count(mention: Mention, quantity: Mention) -> None:
    mention.count_min, mention.count_max = quantity.count_min, quantity.count_max
    mention.vague = quantity.vague
    mention.additional = mention.additional or quantity.additional
    mention.counted = not quantity.vague
    mention.features |= quantity.features & {"total"}


def _extend_right(document: Document, sentence: Sentence, mention: Mention, language: Language) -> None:
    """Takes in "Ruandas", "der Bundeswehr", "aus Ruanda", "of the 82nd Airborne Division"."""
    tokens = document.tokens
    cursor = mention.last
    if cursor >= sentence.last:
        return
    relator = tokens[cursor].term(TermKind.RELATOR)
    from_place = relator is not None and "origin" in relator.term.roles and "by" not in relator.term.roles
    of_owner = relator is not None and "of" in relator.term.roles
    if relator is not None and not (from_place or of_owner):
        return
    if relator is not None:
        cursor = relator.last
        if _people_inside(document, sentence, mention, cursor):
            return
    article = False
    genitive = bool(language.orthography.genitive_endings) and relator is None
    while cursor < sentence.last and tokens[cursor].term(TermKind.DETERMINER) is not None:
        if genitive and not tokens[cursor].has(TermKind.DETERMINER, "genitive"):
            return  # "Soldaten den Senegal": another noun phrase
        article = True
        cursor += 1
    steps = 0
    while cursor < sentence.last and steps < MAX_ADJECTIVES:
        token = tokens[cursor]
        named = next((m for m in token.terms if m.side is not None), None)
        if named is not None:
            _own(tokens, mention, named, from_place, relator is not None or article, token, language)
            return
        if not (article or relator is not None) or not (
            token.form[0].islower() or token.form[0].isdigit() or token.form == "."
        ):
            head = token.term(TermKind.FORCE)
            if head is None or not (article or of_owner):
                return
            if not head.term.weak:
                mention.features -= {"weak"}  # "Techniker der Luftwaffe"
            owner = _compound_code(token, head, language)  # "der Ecowas-Eingreiftruppe"
            mention.last = head.last
            if owner is not None or not _goes_on(tokens, head.last, sentence):
                mention.code = mention.code or owner
                return
        other = token.term(TermKind.RELATOR)
        if other is not None and not other.term.roles & {"of", "origin"} and not language.orthography.inverted_subject:
            return
        cursor += 1
        steps += 1


def _goes_on(tokens: list[Token], index: int, sentence: Sentence) -> bool:
    """Whether the noun before `index` still tells whose it is: "der Luftwaffe Pakistans", "of the army of Chad"."""
    if index >= sentence.last:
        return False
    relator = tokens[index].term(TermKind.RELATOR)
    if relator is not None:
        return bool(relator.term.roles & {"of", "origin"})
    genitive = tokens[index].has(TermKind.DETERMINER, "genitive")
    return genitive or any(match.side is not None for match in tokens[index].terms)


def relator_leads_away(tokens: list[Token], named: Match, token: Token) -> bool:
    """Whether the name tells where the force comes from: a goal follows it."""
    before = tokens[token.index - 1].term(TermKind.RELATOR)
    after = tokens[named.last].term(TermKind.RELATOR) if named.last < len(tokens) else None
    origin = before is not None and "origin" in before.term.roles
    return origin and after is not None and "goal" in after.term.roles


def _people_inside(document: Document, sentence: Sentence, mention: Mention, index: int) -> bool:
    """ "ein Vorauskommando aus 50 Belgiern", "a contingent of 300 soldiers": whom the unit consists of."""
    inside = next((m for m in sentence.mentions if m.kind is MentionKind.QUANTITY and m.first == index), None)
    if inside is None or inside.last >= sentence.last or mention.counted:
        return False
    for match in document.tokens[inside.last].terms:
        demonym = match.term.sort == EntryKind.DEMONYM.value
        if demonym or (match.term.kind is TermKind.FORCE and match.term.counts):
            _take_count(mention, inside)
            mention.last = match.last
            mention.code = mention.code or match.side
            return True
    return False


def _own(
    tokens: list[Token],
    mention: Mention,
    named: Match,
    from_place: bool,
    introduced: bool,
    token: Token,
    language: Language,
) -> None:
    entry = named.term.entry
    if not introduced:
        endings = language.orthography.genitive_endings
        is_owner = named.term.sort in _FORCE_NAMES or any(token.lower.endswith(ending) for ending in endings)
        if not is_owner:
            return
    head = tokens[named.last].term(TermKind.FORCE) if named.last < len(tokens) else None
    if not from_place and relator_leads_away(tokens, named, token):
        return  # "von Italien nach Lettland"
    if from_place and not (named.term.kind is TermKind.PERSON or head is not None):
        mention.features |= {"from"}
        mention.country = named.side or (entry.place.country if entry is not None and entry.place else None)
        following = tokens[named.last : named.last + 3]
        joined = following and (following[0].term(TermKind.COORDINATOR) is not None or following[0].form == ",")
        if joined and any(t.term(TermKind.NATION) is not None for t in following[1:]):
            mention.features |= {"several"}
        return
    mention.code = mention.code or named.side
    mention.last = named.last
    if named.term.sort in _FORCE_NAMES:
        mention.features -= {"weak"}
