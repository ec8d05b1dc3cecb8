"""Who is named: names, traps, leaders by date, phrases, sectors, roles and speed of screening."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from features.actors import ActorContext, find_actors, load_gazetteer, named_codes

DAY = date(2026, 1, 9)


def codes(text: str, day: date | None = DAY) -> str:
    return " ".join(sorted(named_codes(find_actors(text, day))))


def table(*rows: tuple[str, str]) -> list:  # type: ignore[type-arg]
    return [pytest.param(text, expected, id=text[:60]) for text, expected in rows]


@pytest.mark.parametrize(
    ("text", "expected"),
    table(
        ("France and Germany sign a treaty.", "DEU FRA"),
        ("The Kremlin warned the White House.", "RUS USA"),
        ("Zhongnanhai, Foggy Bottom and the Blue House agree.", "CHN KOR USA"),
        ("Downing Street summoned the Élysée.", "FRA GBR"),
        ("The Pentagon and the IDF met CIA officers and the Mossad.", "ISR USA"),
        ("Talks between Bogotá and Caracas.", "COL VEN"),
        ("Talks between Bogota and Caracas.", "COL VEN"),
        ("The EU, NATO and the UN Security Council met.", "EUE NAT UNO"),
        ("Taiwanese, Kosovar and Palestinian delegates.", "PSE TWN XKX"),
        ("Gaza and the West Bank were closed.", "PSE"),
        ("Burma, Swaziland and the Soviet Union.", "MMR RUS SWZ"),
        ("The Czech Republic and Serbia and Montenegro.", "CZE SRB"),
        ("Hong Kong and Greenland keep their codes.", "GRL HKG"),
        ("Scottish and English ministers met in Wales.", "GBR"),
        ("U.S. forces told us to leave.", "USA"),
        ("They told us that the china was from turkey.", ""),
        ("Côte d’Ivoire votes.", "CIV"),
        ("The Russo-Ukrainian war and the Sino-Indian border.", "CHN IND RUS UKR"),
        ("RUSSIA THREATENS UKRAINE", "RUS UKR"),
        ("The two Koreas hold talks.", "KOR PRK"),
        ("North and South Korea hold talks.", "KOR PRK"),
        ("Seoul's defence ministry said the IRGC seized a tanker.", "IRN KOR"),
        ("The Department of War sent a carrier towards Venezuela.", "USA VEN"),
        ("War Secretary Hegseth threatened Caracas.", "USA VEN"),
        ("Number 10 and the Quirinale rejected Moscow's plan.", "GBR ITA RUS"),
        ("Planalto, the Casa Rosada and Miraflores disagree.", "ARG BRA VEN"),
        ("Rashtrapati Bhavan hosted the Saudi crown prince.", "IND SAU"),
        ("The Moscow-installed mayor blamed Kyiv's forces.", "RUS UKR"),
        ("Pro-Russian and anti-China banners hung in Hanoi.", "CHN RUS VNM"),
        ("Franco-German and Anglo-American plans.", "DEU FRA GBR USA"),
        ("The DPRK, the ROK, the PRC, the DRC and the UAE.", "ARE CHN COD KOR PRK"),
        ("South Sudanese troops fought Sudanese soldiers.", "SDN SSD"),
        ("Guinea, Guinea-Bissau and Equatorial Guinea met Papua New Guinea.", "GIN GNB GNQ PNG"),
    ),
)
def test_names(text: str, expected: str) -> None:
    assert codes(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    table(
        ("A fire in Atlanta, Georgia, injures two.", ""),
        ("A runoff for the Senate is held in Georgia.", ""),
        ("Georgia and Russia exchange prisoners.", "GEO RUS"),
        ("Georgia votes in Tbilisi.", "GEO"),
        ("Turkey, Georgia, and Azerbaijan sign.", "AZE GEO TUR"),
        ("A storm hits Athens, Georgia.", ""),
        ("A storm hits Cuba, Missouri.", ""),
        ("Michael Jordan retires.", ""),
        ("Jordan Spieth wins the Masters.", ""),
        ("Jordan's king visits.", "JOR"),
        ("Israel occupies the Jordan Valley.", "ISR"),
        ("Chad Smith plays the drums.", ""),
        ("Chad closes the border with Sudan.", "SDN TCD"),
        ("Fighters cross Lake Chad.", ""),
        ("Turkey shells Syria.", "SYR TUR"),
        ("Niger and Nigeria close the border.", "NER NGA"),
        ("Oil spills in the Niger Delta.", ""),
        ("Brazil nuts and a Dutch oven.", ""),
        ("The Number 10 seed beats Serbia's best.", "SRB"),
        ("North Korea fires a missile.", "PRK"),
        ("Talks on the Korean Peninsula.", ""),
        ("The Democratic Republic of the Congo accuses Rwanda.", "COD RWA"),
        ("The Republic of the Congo votes.", "COG"),
        ("Congo votes in Brazzaville.", "COG"),
        ("Congo fights the M23 rebels.", "COD"),
        ("Guinea, Guinea-Bissau and Equatorial Guinea meet.", "GIN GNB GNQ"),
        ("Papua New Guinea votes.", "PNG"),
        ("Dominica and the Dominican Republic.", "DMA DOM"),
        ("A fire in New Mexico.", ""),
        ("A march in Mexico City.", "MEX"),
        ("Ships in the South China Sea and the East China Sea.", ""),
        ("Oil in the Gulf of Mexico and the Gulf of Oman.", ""),
        ("A storm in the Indian Ocean.", ""),
        ("A flood in Seattle, Washington.", ""),
        ("George Washington and Denzel Washington.", ""),
        ("The Washington Capitals win.", ""),
        ("Washington warns Tehran.", "IRN USA"),
        ("New England is cold.", ""),
        ("Latin American and South American leaders.", ""),
        ("African American voters and American Indians.", ""),
        ("American Airlines and Turkish Airlines cut flights.", ""),
        ("Korean Air and China Eastern cut flights.", ""),
        ("Air France strikes.", ""),
        ("The Panama Papers name a firm.", ""),
        ("A ship blocks the Panama Canal.", "PAN"),
        ("Granada hosts a fair.", ""),
        ("Grenada votes.", "GRD"),
        ("Northern Ireland votes.", "GBR"),
        ("Ireland votes.", "IRL"),
        ("South Sudan accuses Sudan.", "SDN SSD"),
        ("She wins the French Open.", ""),
        ("The Bank of China lends.", ""),
        ("The People's Bank of China lends.", "CHN"),
        ("Fined US$5 million.", ""),
        ("A school in Tripoli, Lebanon.", "LBN"),
        ("The poem is written in French.", ""),
        ("A Spanish-language station.", ""),
        ("The University of Jordan opens.", ""),
        ("A meeting of the Paris Club.", ""),
        ("The Organization of American States meets.", ""),
        ("America's Voice of America closes.", "USA"),
        ("The North Pole melts.", ""),
        ("British Indian soldiers.", "GBR IND"),
    ),
)
def test_traps(text: str, expected: str) -> None:
    assert codes(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    table(
        ("The New York Times reported that Iran agreed.", "IRN"),
        ("The Jerusalem Post says so.", ""),
        ("Times of India, Kyiv Independent and Tehran Times report.", ""),
        ("China Daily reported that Japan protested.", "JPN"),
        ("Xinhua and Al Jazeera report.", ""),
        ("BEIJING (Reuters) - Japan protested.", "JPN"),
        ("WASHINGTON, Jan 09 — Iran agreed.", "IRN"),
        ("Moscow (AFP) -- Iran agreed.", "IRN"),
        ("Iran agreed. (BBC), (Indian Express)", "IRN"),
    ),
)
def test_datelines_and_outlets_are_no_actors(text: str, expected: str) -> None:
    assert codes(text) == expected


@pytest.mark.parametrize(
    ("text", "day", "expected"),
    [
        ("Trump warned Maduro.", date(2025, 12, 1), "USA VEN"),
        ("Biden called Zelensky.", date(2023, 5, 1), "UKR USA"),
        ("Obama called Medvedev.", date(2009, 5, 1), "RUS USA"),
        ("Merkel met Macron.", date(2019, 5, 1), "DEU FRA"),
        ("Merkel met Macron.", date(2024, 5, 1), "FRA"),
        ("Rubio met Lavrov.", date(2025, 3, 1), "RUS USA"),
        ("Rubio met Lavrov.", date(2020, 3, 1), "RUS"),
        ("Takaichi met Lee Jae-myung.", date(2026, 1, 9), "JPN KOR"),
        ("Carney met Sheinbaum.", date(2026, 1, 9), "CAN MEX"),
        ("The Taliban banned music.", date(2023, 1, 1), "AFG"),
        ("The Taliban banned music.", date(2015, 1, 1), ""),
        ("Prime Minister Tusk spoke.", date(2024, 5, 1), "POL"),
        ("King Abdullah of Jordan spoke.", date(2008, 5, 1), "JOR"),
        ("Rouhani spoke.", None, "IRN"),
        ("Thousands marched after Saddam fell.", date(2003, 4, 9), "IRQ"),
    ],
)
def test_leaders_hold_while_in_office(text: str, day: date | None, expected: str) -> None:
    assert codes(text, day) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Donald Trump Jr. gave a talk.",
        "Melania Trump gave a talk.",
        "A fire in Trump Tower.",
        "Massuma al-Mubarak was sworn in.",
        "Texas governor Greg Abbott spoke. Abbott signed a bill.",
        "Evo Morales resigned.",
    ],
)
def test_namesakes_are_no_leaders(text: str) -> None:
    day = date(2021, 3, 1) if "Morales" in text else DAY
    assert codes(text, date(2015, 3, 1) if "Abbott" in text else day) == ""


def test_surname_needs_its_full_name_first() -> None:
    day = date(2024, 2, 1)
    assert codes("Khan spoke.", date(2020, 2, 1)) == ""
    assert codes("Imran Khan spoke. Later Khan left.", date(2020, 2, 1)) == "PAK"
    assert codes("Sánchez spoke.", day) == ""
    gazetteer = load_gazetteer()
    first = gazetteer.read("Pedro Sánchez arrived.", day, ActorContext())
    assert [m.iso3 for m in gazetteer.find("Sánchez spoke.", day, first.context)] == ["ESP"]


@pytest.mark.parametrize(
    ("text", "span", "sector"),
    [
        ("Iranian forces advanced.", "Iranian forces", "MIL"),
        ("Iranian naval forces advanced.", "Iranian naval forces", "MIL"),
        ("Iran's navy sailed.", "Iran's navy", "MIL"),
        ("The Iranian government refused.", "Iranian government", "GOV"),
        ("Iranian officials refused.", "Iranian officials", "GOV"),
        ("The Iranian ambassador left.", "Iranian ambassador", "GOV"),
        ("Iranian students marched.", "Iranian students", "CVL"),
        ("An Iranian journalist fled.", "Iranian journalist", "CVL"),
        ("An Iranian beekeeper fled.", "Iranian", "CVL"),
        ("Iranians voted.", "Iranians", "CVL"),
        ("Iranian airstrikes continued.", "Iranian", "GOV"),
        ("Palestinian militants fired.", "Palestinian militants", "NSA"),
        ("Syrian rebels advanced.", "Syrian rebels", "NSA"),
        ("A Syrian rebel commander died.", "Syrian rebel commander", "NSA"),
        ("Pro-Russian separatists advanced.", "Russian separatists", "NSA"),
        ("Iran-backed militias fired.", "Iran-backed militias", "NSA"),
        ("The Saudi-led coalition struck.", "Saudi-led coalition", "MIL"),
        ("A French-born nurse spoke.", "French-born nurse", "CVL"),
        ("The government of France fell.", "government of France", "GOV"),
        ("Citizens of France voted.", "France", "GOV"),
        ("The army of Chad fled.", "army of Chad", "MIL"),
        ("Iran refused.", "Iran", "GOV"),
        ("Tehran refused.", "Tehran", "GOV"),
        ("The Royal Navy sailed.", "Royal Navy", "MIL"),
        ("Hezbollah fighters fired.", "Hezbollah fighters", "NSA"),
        ("The Pakistani general election was held.", "Pakistani", "GOV"),
        ("Former Iranian president Smith spoke.", "Iranian president Smith", "CVL"),
        ("U.S. President George W. Bush spoke.", "U.S. President George W. Bush", "GOV"),
    ],
)
def test_phrase_and_sector(text: str, span: str, sector: str) -> None:
    day = date(2005, 1, 1) if "Bush" in text else DAY
    mention = find_actors(text, day)[0]
    assert (mention.text, mention.sector) == (span, sector)


def test_office_and_holder_are_one_mention() -> None:
    text = "Colombian President Gustavo Petro met U.S. Secretary of State Marco Rubio."
    mentions = find_actors(text, DAY)
    assert [m.text for m in mentions] == [
        "Colombian President Gustavo Petro",
        "U.S. Secretary of State Marco Rubio",
    ]
    assert all(text[m.start : m.end] == m.text for m in mentions)


def test_group_without_one_home_takes_the_country_named() -> None:
    groups = find_actors("Jets hit ISIL in Libya.", date(2016, 1, 1))
    assert next((m.text, m.iso3, m.sector) for m in groups) == ("ISIL", "LBY", "NSA")
    assert find_actors("ISIL claims the attack.", date(2016, 1, 1)) == []


@pytest.mark.parametrize(
    ("text", "resolved"),
    [
        ("Trump said he would strike Iran.", ["he=USA"]),
        ("Merkel said she would visit Iran.", ["she=DEU"]),
        ("Merkel said he would visit Iran.", []),
        ("Trump and Petro said he would visit Iran.", []),
        ("Trump met John Smith and he spoke of Iran.", []),
        (
            "France and Italy signed; both countries gain.",
            ["both countries=FRA", "both countries=ITA"],
        ),
        ("France, Italy and Spain signed; both sides gain.", []),
    ],
)
def test_roles_and_pronouns_in_a_sentence(text: str, resolved: list[str]) -> None:
    day = date(2019, 1, 1) if "Merkel" in text else DAY
    found = [m for m in find_actors(text, day) if m.kind in ("pronoun", "role")]
    assert [f"{m.text}={m.iso3}" for m in found] == resolved


def test_memory_of_the_article() -> None:
    gazetteer = load_gazetteer()
    context = gazetteer.read("Zelenskyy arrived in Kyiv.", DAY).context
    mentions = gazetteer.find("He accused Russia.", DAY, context)
    assert [(m.text, m.iso3) for m in mentions] == [("He", "UKR"), ("Russia", "RUS")]
    mentions = gazetteer.find("The government rejected a Russian demand.", DAY, context)
    assert next((m.text, m.iso3) for m in mentions) == ("The government", "UKR")


@pytest.mark.parametrize(
    ("first", "then", "resolved"),
    [
        ("The Ukrainian president visited Riga.", "He thanked Latvia.", "UKR"),
        ("The Saudi ambassador left Vienna.", "She thanked Austria.", "SAU"),
        ("The Turkish president met the Greek prime minister.", "He spoke of Cyprus.", ""),
        ("Petro criticised the U.S. president.", "He spoke of Cuba.", "COL"),
        ("A Russian student was arrested.", "He had spied on Norway.", ""),
    ],
)
def test_an_office_without_a_name_is_remembered(first: str, then: str, resolved: str) -> None:
    gazetteer = load_gazetteer()
    mentions = gazetteer.find(then, DAY, gazetteer.read(first, DAY).context)
    assert [m.iso3 for m in mentions if m.kind == "pronoun"] == [resolved] * bool(resolved)


def test_screen_names_what_find_names() -> None:
    gazetteer = load_gazetteer()
    text = "Hamas and Israel agree in Cairo, Trump says."
    assert gazetteer.screen(text, DAY) == {"PSE", "ISR", "EGY", "USA"}
    assert gazetteer.screen(text, DAY, has_groups=False) == {"ISR", "EGY", "USA"}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=300))
def test_any_text_gives_spans_of_itself(text: str) -> None:
    for mention in find_actors(text, DAY):
        assert text[mention.start : mention.end] == mention.text


WORDS = """Iran 's U.S. British Indian Georgia , ( ) - $ President Trump Jr. of the and in
Congo King Abdullah he both countries former Air (Reuters) ’ . al- ISIL army New Mexico"""
PIECES = st.sampled_from([*WORDS.split(), "\n"])


@settings(max_examples=80, deadline=None)
@given(st.lists(PIECES, max_size=25), st.sampled_from([" ", ""]))
def test_any_order_of_pieces_keeps_offsets_and_agrees_with_the_screen(
    pieces: list[str], joint: str
) -> None:
    text = joint.join(pieces)
    mentions = find_actors(text, DAY)
    assert all(text[m.start : m.end] == m.text for m in mentions)
    assert {m.iso3 for m in mentions} == set(load_gazetteer().screen(text, DAY))


def test_ten_thousand_names_in_a_row_are_bounded() -> None:
    mentions = find_actors("Iran Iraq " * 5000, DAY)
    assert len(mentions) == 10_000
    assert len(find_actors("a" * 1_000_000, DAY)) == 0
    for unit in ("British Indian ", "Trump he said his ", "Congo, Georgia ", "(A A "):
        find_actors(unit * (100_000 // len(unit)), DAY)
