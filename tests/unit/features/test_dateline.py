from __future__ import annotations

import pytest

from features.dateline import find_dateline
from features.dates import Dateline

WITH_DAY = [
    ("WASHINGTON, Jan 09 — The", Dateline(1, 9)),
    ("BOGOTÁ, Colombia, 9 January 2026 (AFP) – The", Dateline(1, 9, 2026)),
    ("Pyongyang, December 1 (KCNA) -- The", Dateline(12, 1)),
    ("NEW YORK, Jan. 9, 2026 /Wire/ -- The", Dateline(1, 9, 2026)),
    ("MOSCOW, January 9. /TASS/. The", Dateline(1, 9)),
    ("GAZA/JERUSALEM, Jan 9 - The", Dateline(1, 9)),
    ("KHAN YOUNIS, Gaza Strip, May 3 — The", Dateline(5, 3)),
    ("Moscow, 9 Jan. - The", Dateline(1, 9)),
    ("Jan 9 (Reuters) - The", Dateline(1, 9)),
    ("BEIJING, Jan. 9, 2026 (Xinhua) -- The", Dateline(1, 9, 2026)),
    ("New Delhi, January 9 (ANI): The", Dateline(1, 9)),
    ("Islamabad, Jan 9 (IANS) The", Dateline(1, 9)),
    ("RAMALLAH, Friday, January 9, 2026 (WAFA) – The", Dateline(1, 9, 2026)),
    ("Accra, Jan. 9, GNA – The", Dateline(1, 9)),
    ("Baku, January 9, AZERTAC  The", Dateline(1, 9)),
    ("GENEVA (9 January 2026) – The", Dateline(1, 9, 2026)),
    ("CAIRO – 9 January 2026: The", Dateline(1, 9, 2026)),
    ("ABU DHABI, 9th January, 2026 (WAM) -- The", Dateline(1, 9, 2026)),
]
WITHOUT_DAY = [
    "KYIV (Reuters) - The",
    "UNITED NATIONS (AP) — The",
    "TEHRAN, Iran – The",
    "(Reuters) - The",
    "PARIS — The",
    "KUWAIT CITY: The",
    "WASHINGTON D.C. — The",
    "ST. PETERSBURG — The",
    "TEL AVIV, Israel (AP) _ The",
    "Paris (AFP) – The",
    "Paris (France) (AFP)–The",
    "Berlin (dpa) - The",
    "Beirut, Lebanon – The",
    "Washington CNN — The",
    "Damascus, SANA - The",
    "ABOARD AIR FORCE ONE (AP) — The",
]
NONE = [
    "U.S. - China talks went on.",
    "NATO - the alliance - met.",
    "The talks (held in Geneva) - went on.",
    "U.S. President Ana Example, Jan 9 — said",
    "President Example (Russia) - said he would go.",
    "May 5 - a day of talks",
    "In January 3 talks - all failed",
    "The minister said on January 9 - a Friday - that",
    "COVID-19 vaccines arrive in Peru",
    "A U.S. F-16 falls into the sea",
    "ZANU–PF wins the vote",
    "US — China talks went on",
    "Russia, China – and others – signed",
    "Iran (left) - the host - spoke",
    "",
]


@pytest.mark.parametrize(("text", "day"), WITH_DAY, ids=[t for t, _ in WITH_DAY])
def test_dateline_with_day(text, day):
    found = find_dateline(text)
    assert found is not None
    assert found.dateline == day
    assert text[found.end :] == "The"


@pytest.mark.parametrize("text", WITHOUT_DAY)
def test_dateline_without_day(text):
    found = find_dateline(text)
    assert found is not None
    assert found.dateline is None
    assert text[found.end :] == "The"


@pytest.mark.parametrize("text", NONE)
def test_no_dateline(text):
    assert find_dateline(text) is None
