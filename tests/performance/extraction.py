"""Speed and memory of the extractor: articles a second, time per article that passes the gate, growth with length."""

import json
import resource
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from services.extractor.extract_article import ArticleText, extract_article
from services.extractor.lexicon import Lexicon, load_lexicon
from services.extractor.steps.gate import passes_gate

ORDINARY = (
    "The council of the town agreed on Tuesday to widen the bridge over the river. Work is to begin in spring and last "
    "two years, the mayor said; lorries will take the road through the valley until then. Shopkeepers fear for trade."
)
MILITARY = (
    "Kenya has sent 400 soldiers to Mozambique, the Kenyan defence ministry said on Tuesday. The first 50 of them had "
    "arrived in Pemba, a spokesman said. Mozambique denied that there were any Kenyan troops in the country."
)
REPEATED = 100_000
"""Articles over which memory is watched."""

HOSTILE = {
    "claims": MILITARY + " ",
    "headings": "Soldiers in Mozambique\n",
    "force nouns": "soldiers troops army and the ",
    "numbers": "1,000 of the soldiers and ",
    "places": "in Pemba and in Kigali with soldiers of the ",
    "nested quotes": "“the soldiers said ‘we are in ",
    "no full stop": "and the soldiers went to Kenya and they ",
}
SHORT, LONG = 50_000, 200_000
"""Characters of a hostile text; linear growth takes four times as long."""


def measure_extraction(file: Path | None) -> None:
    """Prints the figures for the texts of a JSON Lines file of articles, or for texts of its own."""
    texts = _read(file) if file else [ORDINARY * 5] * 900 + [MILITARY * 2] * 100
    started = time.perf_counter()
    lexicon = load_lexicon()
    print(f"language data loaded in {time.perf_counter() - started:.2f} s")
    _speed(texts, lexicon)
    _growth(lexicon)
    _memory(texts, lexicon)


def _read(file: Path) -> list[str]:
    return [json.loads(line)["text"] for line in file.read_text(encoding="utf-8").splitlines()]


def _extract(text: str, lexicon: Lexicon) -> None:
    extract_article(ArticleText(None, text), lexicon)


def _speed(texts: list[str], lexicon: Lexicon) -> None:
    gated = [text for text in texts if passes_gate(lexicon.gate, None, text)]
    for text in gated[:50]:
        _extract(text, lexicon)  # towns are loaded when the first place asks for them
    scan = _seconds(lambda text: sum(map(str.isupper, text)), texts)
    gate = _seconds(lambda text: passes_gate(lexicon.gate, None, text), texts)
    whole = _seconds(lambda text: _extract(text, lexicon), texts)
    print(
        f"extraction, one core: {len(texts) / whole:,.0f} articles/s over {len(texts)} mixed ones, "
        f"{len(texts) / gate:,.0f} through the gate alone ({len(texts) / scan:,.0f} scanned sign by sign)"
    )
    if gated:
        each = _seconds(lambda text: _extract(text, lexicon), gated) / len(gated)
        length = sum(map(len, gated)) / len(gated)
        print(f"  {len(gated)} pass the gate: {each * 1000:.1f} ms each, {length:,.0f} characters on average")


def _growth(lexicon: Lexicon) -> None:
    ratios = []
    for name, unit in HOSTILE.items():
        short, long = (
            _seconds(lambda text: _extract(text, lexicon), [MILITARY + unit * (size // len(unit))])
            for size in (SHORT, LONG)
        )
        ratios.append(f"{name} {long / short:.1f}")
    print(f"hostile text, time of {LONG:,} characters by that of {SHORT:,} (linear: 4): {', '.join(ratios)}")


def _memory(texts: list[str], lexicon: Lexicon) -> None:
    """Resident memory over many articles: flat means that nothing is kept."""
    marks = []
    for number in range(REPEATED):
        if number % (REPEATED // 4) == 0:
            marks.append(_resident())
        _extract(f"{texts[number % len(texts)]} {number}", lexicon)
    marks.append(_resident())
    print(f"memory over {REPEATED:,} articles, at start and each quarter: {', '.join(map(str, marks))} MiB at most")


def _resident() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _seconds(work: Callable[[str], object], texts: Iterable[str]) -> float:
    """Of this process alone: others on the machine count little."""
    started = time.process_time()
    for text in texts:
        work(text)
    return time.process_time() - started
