"""PLOVER events, quad classes, Goldstein weights, families and the CAMEO crosswalk.

Facts only. Sources: PLOVER manual draft 0.8 (Open Event Data Alliance, 2021);
Goldstein (1992) as scaled for CAMEO roots; CAMEO code book 1.1b3 (Schrodt 2012).
"""

from __future__ import annotations

from typing import Final

QUAD_NAMES: Final = {
    1: "verbal_cooperation",
    2: "material_cooperation",
    3: "verbal_conflict",
    4: "material_conflict",
}

# PLOVER event -> quad class.
QUAD_CLASS: Final = {
    "AGREE": 1,
    "CONSULT": 1,
    "SUPPORT": 1,
    "COOPERATE": 2,
    "AID": 2,
    "YIELD": 2,
    "ACCUSE": 3,
    "REQUEST": 3,
    "REJECT": 3,
    "THREATEN": 3,
    "PROTEST": 4,
    "MOBILIZE": 4,
    "SANCTION": 4,
    "COERCE": 4,
    "ASSAULT": 4,
}

PLOVER_EVENTS: Final = tuple(QUAD_CLASS)

# The coder's explicit "nothing between these two" class.
NO_EVENT: Final = "NONE"

# PLOVER event -> Goldstein weight of its CAMEO root (root 20 folded into 19).
GOLDSTEIN: Final = {
    "AGREE": 4.0,
    "CONSULT": 1.0,
    "SUPPORT": 3.5,
    "COOPERATE": 6.0,
    "AID": 7.0,
    "YIELD": 5.0,
    "ACCUSE": -2.0,
    "REQUEST": -1.0,
    "REJECT": -4.0,
    "THREATEN": -6.0,
    "PROTEST": -6.5,
    "MOBILIZE": -7.2,
    "SANCTION": -4.0,
    "COERCE": -7.0,
    "ASSAULT": -10.0,
}

FAMILIES: Final = (
    "threat",
    "diplomacy",
    "military",
    "verbal_conflict",
    "coercion",
    "cooperation",
    "deescalation",
)

# PLOVER event -> the family that it always belongs to; signals may add others.
EVENT_FAMILY: Final = {
    "AGREE": "diplomacy",
    "CONSULT": "diplomacy",
    "SUPPORT": "cooperation",
    "COOPERATE": "cooperation",
    "AID": "cooperation",
    "YIELD": "deescalation",
    "ACCUSE": "verbal_conflict",
    "REQUEST": "verbal_conflict",
    "REJECT": "verbal_conflict",
    "THREATEN": "threat",
    "PROTEST": "verbal_conflict",
    "MOBILIZE": "military",
    "SANCTION": "coercion",
    "COERCE": "coercion",
    "ASSAULT": "military",
}

# CAMEO root -> PLOVER event, after PLOVER's own crosswalk (CAMEO2PLOVER, 2021).
# Roots 01 (statement) and 02 (appeal) carry no PLOVER action of conflict of their own.
CAMEO_ROOT_TO_PLOVER: Final = {
    "02": "REQUEST",
    "03": "AGREE",
    "04": "CONSULT",
    "05": "SUPPORT",
    "06": "COOPERATE",
    "07": "AID",
    "08": "YIELD",
    "09": "ACCUSE",
    "10": "REQUEST",
    "11": "ACCUSE",
    "12": "REJECT",
    "13": "THREATEN",
    "14": "PROTEST",
    "15": "MOBILIZE",
    "16": "SANCTION",
    "17": "COERCE",
    "18": "ASSAULT",
    "19": "ASSAULT",
    "20": "ASSAULT",
}

MODALITIES: Final = (
    "asserted",
    "planned",
    "hypothetical",
    "negated",
    "historical",
    "reported",
)


def plover_of_cameo(cameo_code: str) -> str | None:
    """Return the PLOVER event of a CAMEO code, or None for statements (root 01).

    Example:
        >>> plover_of_cameo("190"), plover_of_cameo("010")
        ('ASSAULT', None)
    """
    return CAMEO_ROOT_TO_PLOVER.get(cameo_code.strip()[:2])
