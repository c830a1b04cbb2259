"""Country and organisation codes, and their names in a reader's language (CLDR through Babel)."""

from functools import lru_cache

from babel import Locale
from babel.core import get_global

# CLDR's own code for Kosovo differs from the one in use.
_KOSOVO = {"XKX": "XK"}
# CLDR still resolves these: Burma, East Germany, metropolitan France, its own Kosovo, East Timor, South Yemen, Zaire.
_WITHDRAWN = frozenset({"BUR", "DDR", "FXX", "XKK", "TMP", "YMD", "ZAR", "QUU"})

ORGANISATIONS = frozenset(
    {
        "ABU_SAYYAF",
        "ADF_UGANDA",
        "AES",
        "AFRICA_CORPS",
        "AKHMAT",
        "AL_QAIDA",
        "AL_SHABAAB",
        "ANTI_ISIS_COALITION",
        "AQAP",
        "ARAB_LEAGUE",
        "ARAKAN_ARMY",
        "AU",
        "BEAR_BRIGADE",
        "BLA",
        "BOKO_HARAM",
        "CJNG",
        "CLAN_DEL_GOLFO",
        "CODECO",
        "CSP_DPA",
        "CSTO",
        "DESERT_WOLVES",
        "EAC",
        "ECOWAS",
        "ELN",
        "EU",
        "FANO",
        "FARC",
        "FARC_DISSIDENTS",
        "FDLR",
        "FLA",
        "G5_SAHEL",
        "G7",
        "GCC",
        "HAMAS",
        "HEZBOLLAH",
        "HOUTHI",
        "HTS",
        "IAEA",
        "ISGS",
        "ISIS",
        "ISIS_K",
        "ISLAMIC_JIHAD",
        "ISWAP",
        "JNIM",
        "KATAIB_HEZBOLLAH",
        "KIA",
        "KLA",
        "KNLA",
        "LAKURAWA",
        "LASHKAR_E_TAIBA",
        "LEGION_FREEDOM",
        "LNA",
        "LRA",
        "M23",
        "MFO",
        "MNDAA",
        "MNJTF",
        "MSS",
        "NATO",
        "NPA",
        "NRF",
        "OLA",
        "OPCW",
        "OSCE",
        "PKK",
        "POLISARIO",
        "RDK",
        "REDUT",
        "RED_TABARA",
        "RSF",
        "SADC",
        "SDF",
        "SELEKA",
        "SNA",
        "SPLA_IO",
        "SPLM_N",
        "STC",
        "TALIBAN",
        "TNLA",
        "TPLF",
        "TPNPB",
        "TTP",
        "UN",
        "UWSA",
        "WAGNER",
        "WAGNER_RUSICH",
        "WAZALENDO",
        "WHITE_ARMY",
        "YPG",
    }
)
"""Actors that are no state: alliances and armed groups, as the extractor names them (a test compares the two)."""


@lru_cache(maxsize=1)
def territories() -> dict[str, str]:
    """ISO 3166-1 alpha-3 → CLDR territory code."""
    named = Locale("en").territories
    aliases = get_global("territory_aliases")
    found = {
        alpha3: codes[0]
        for alpha3, codes in aliases.items()
        if len(alpha3) == 3 and alpha3.isalpha() and len(codes) == 1 and codes[0] in named
        if alpha3 not in _WITHDRAWN
    }
    return found | _KOSOVO


def country_name(code: str, language: str) -> str:
    """The name of a country in `language` (a Babel locale); any other code stands for itself."""
    territory = territories().get(code)
    if territory is None:
        return code.replace("_", " ")
    return str(Locale(language).territories.get(territory, code))


def code_meant(text: str) -> str | None:
    """The alpha-3 code that a two-letter code or an English or German country name stands for, if any."""
    wanted = text.strip().casefold()
    for alpha3, territory in territories().items():
        names = (territory, *(Locale(language).territories.get(territory, "") for language in ("en", "de")))
        if wanted in (name.casefold() for name in names):
            return alpha3
    return None
