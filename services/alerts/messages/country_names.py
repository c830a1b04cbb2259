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
        "AAKG",
        "ABU_SAYYAF",
        "ADF_UGANDA",
        "AES",
        "AFRICA_CORPS",
        "AGEMIRA",
        "AKHMAT",
        "AL_MOURABITOUN",
        "AL_QAIDA",
        "AL_SHABAAB",
        "AMAL",
        "AMBAZONIA",
        "ANSARU",
        "ANSAR_DINE",
        "ANTI_ISIS_COALITION",
        "AQAP",
        "AQIM",
        "ARAB_LEAGUE",
        "ARAKAN_ARMY",
        "ASAIB_AHL_AL_HAQ",
        "AU",
        "BADR",
        "BEAR_BRIGADE",
        "BLA",
        "BLACKWATER",
        "BLF",
        "BOKO_HARAM",
        "CJNG",
        "CLAN_DEL_GOLFO",
        "CODECO",
        "COMANDOS_DE_LA_FRONTERA",
        "CPC",
        "CSP_DPA",
        "CSTO",
        "DESERT_WOLVES",
        "DKBA",
        "DYCK_ADVISORY_GROUP",
        "EAC",
        "ECOWAS",
        "ELN",
        "ESTADO_MAYOR_CENTRAL",
        "EU",
        "FACT",
        "FANO",
        "FARC",
        "FARC_DISSIDENTS",
        "FATEMIYOUN",
        "FDLR",
        "FLA",
        "G5_SAHEL",
        "G7",
        "GCC",
        "GIANTS_BRIGADES",
        "HAMAS",
        "HAQQANI",
        "HEZBOLLAH",
        "HIZBUL_MUJAHIDEEN",
        "HOUTHI",
        "HTS",
        "IAEA",
        "ISGS",
        "ISIS",
        "ISIS_K",
        "ISLAMIC_JIHAD",
        "ISWAP",
        "JAISH_E_MOHAMMED",
        "JAMAAT_UL_AHRAR",
        "JEM",
        "JNIM",
        "KATAIB_HEZBOLLAH",
        "KATIBA_MACINA",
        "KDPI",
        "KIA",
        "KLA",
        "KNDF",
        "KNLA",
        "LAKURAWA",
        "LASHKAR_E_TAIBA",
        "LEGION_FREEDOM",
        "LNA",
        "LRA",
        "M23",
        "MAI_MAI",
        "MAUTE",
        "MFO",
        "MILF",
        "MNDAA",
        "MNJTF",
        "MNLA",
        "MOBONDO",
        "MPCP",
        "MSS",
        "NAS",
        "NATIONS_SHIELD",
        "NATO",
        "NPA",
        "NRF",
        "NUJABA",
        "OLA",
        "OPCW",
        "OSCE",
        "PJAK",
        "PKK",
        "PMF",
        "POLISARIO",
        "RDK",
        "REDUT",
        "RED_TABARA",
        "RSF",
        "SADC",
        "SDF",
        "SEGUNDA_MARQUETALIA",
        "SELEKA",
        "SHINING_PATH",
        "SINALOA_CARTEL",
        "SLM",
        "SNA",
        "SPLA_IO",
        "SPLM_N",
        "STC",
        "SUDAN_SHIELD",
        "TALIBAN",
        "TNLA",
        "TPLF",
        "TPNPB",
        "TREN_DE_ARAGUA",
        "TTP",
        "TWIRWANEHO",
        "UN",
        "UPC",
        "UWSA",
        "VECTUS_GLOBAL",
        "VIV_ANSANM",
        "WAGNER",
        "WAGNER_RUSICH",
        "WAZALENDO",
        "WHITE_ARMY",
        "YBS",
        "YPG",
        "ZAYNABIYOUN",
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
