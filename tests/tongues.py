"""A small event whose statements are in the six official languages, and its mirror in Arabic."""

import shutil
from pathlib import Path

MINIMAL = Path(__file__).parent / "events" / "minimal"

SPEAKER = "speaker: Minister\naffiliation: Member State A\ncategory: governments"
STATEMENTS = {
    "en": """\
Prisons are where many recruiters look for the young, and where few of us look at all.

The **rule of law** is no luxury, and dialogue is no weakness.""",
    "fr": """\
La coopération judiciaire n’est pas un luxe : les prisonniers d’aujourd’hui seront nos voisins.

L’État doit protéger les élèves à l’école comme les juges au tribunal.""",
    "es": """\
La educación de los jóvenes vale más que mil prisiones, y cuesta menos.

Pedimos a las organizaciones regionales que compartan lo que han aprendido.""",
    "ru": """\
Борьба с терроризмом начинается в школе, а не на границе.

Государства должны обмениваться сведениями, и делать это вовремя.""",
    "zh": """\
反恐合作需要各国互相信任，法治是合作的基础。

教育能够防止青年人受到恐怖主义的影响。""",
    "ar": """\
إنَّ التعاون بين الدول هو أساس الأمن، والحوار بين الثقافات طريقه.

نطلب من جميع الدول أن تحترم حقوق الإنسان في مكافحة الإرهاب.""",
}  # fmt: skip

QUESTIONS = {
    "en": ("prisons recruiter", "1"),
    "fr": ("cooperation etat ecole", "2"),
    "es": ("EDUCACIÓN joven", "1"),
    "ru": ("терроризма школы", "1"),
    "zh": ("法治", "1"),
    "ar": ("حقوق الانسان", "2"),
}
"""What a reader may type, not quite as it stands in the text, and a paragraph that it finds."""


def statement(language: str) -> str:
    """The id of the statement in a language."""
    return f"1-opening/{list(STATEMENTS).index(language) + 10}-{language}"


def event_in(folder: Path, language: str = "en") -> Path:
    """Make the event, whose own language is given."""
    shutil.copytree(MINIMAL, folder)
    with (folder / "event.yaml").open("a", encoding="utf-8") as file:
        file.write(f"language: {language}\nspecimen: true\n")
    for code, text in STATEMENTS.items():
        head = f"{SPEAKER}\nlanguage: {code}"
        path = folder / f"{statement(code)}.md"
        path.write_text(f"---\n{head}\n---\n{text}\n", encoding="utf-8")
    return folder
