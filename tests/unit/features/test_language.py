from __future__ import annotations

import pytest

from features.language import identify_language, load_function_words, normalize_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The ministers met in Lima and signed a treaty on fishing.", "en"),
        ("Trump to host Petro", "en"),
        ("Kyiv attacked", "en"),
        ("Iran, Iraq sign pact", "en"),
        ("Boko Haram kills four soldiers in Niger", "en"),
        ("Le président colombien se rendra à Washington au mois de février prochain.", "fr"),
        ("El presidente viajará a Washington la próxima semana para reunirse con su par.", "es"),
        ("Der Bundeskanzler reist am Freitag nach Paris, um über den Haushalt zu sprechen.", "de"),
        ("O presidente do Brasil vai se reunir com as autoridades da Argentina na terça.", "pt"),
        ("De minister van Buitenlandse Zaken gaat volgende week naar Kiev voor overleg.", "nl"),
        ("Statsministeren rejser til Kyiv for at mødes med præsidenten under krigen.", "da"),
        ("Президент провёл переговоры с министром иностранных дел Турции в пятницу.", "ru"),
        ("外交部长周五在北京会见了来访的俄罗斯代表团。", "zh"),
        ("وزير الخارجية يزور القاهرة لإجراء محادثات حول الحدود", "ar"),
        ("Devlet başkanı cuma günü Ankara'da dışişleri bakanıyla görüştü.", "tr"),
        ("12 34 56", "und"),
    ],
)
def test_identify_language(text, language):
    assert identify_language(text) == language


def test_hint_decides_only_short_texts():
    assert identify_language("Paris Berlin Madrid", "fr") == "fr"
    long = "The ministers met in Lima and signed a treaty on fishing after long talks."
    assert identify_language(long, "fr") == "en"


@pytest.mark.parametrize(
    ("tag", "code"), [("en-GB", "en"), ("EN_us", "en"), ("", None), ("english", "en"), ("12", None)]
)
def test_normalize_language(tag, code):
    assert normalize_language(tag) == code


def test_word_list_is_read():
    assert "the" in load_function_words()
