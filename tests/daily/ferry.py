"""A ferry that sinks: three outlets in three languages over two days, the toll going from 12 to 14."""

from __future__ import annotations

import json
from pathlib import Path

FIRST_DAY = {
    "quay-herald": (
        "en",
        "Ferry sinks off Port Amsel",
        "At least 12 people died when the ferry Lastra sank off Port Amsel on Monday, the coast guard said.",
        "The vessel was carrying 86 passengers from the island of Dorn when it took on water in a storm.",
        "Divers searched the harbour mouth through the night for people who are still missing.",
        "The ministry of transport has opened an inquiry into how the ferry was loaded.",
    ),
    "nevskaya-pristan": (
        "ru",
        "Паром затонул у Порт-Амселя",
        (
            "Не менее 12 человек погибли при крушении парома «Ластра» у Порт-Амселя в понедельник, "
            "сообщила береговая охрана."
        ),
        "На борту находились 86 пассажиров, плывших с острова Дорн, когда судно набрало воду во время шторма.",
        "Водолазы всю ночь искали пропавших без вести у входа в гавань.",
        "Министерство транспорта начало проверку того, как был загружен паром.",
    ),
    "kol-hanamal": (
        "he",
        "מעבורת טבעה מול פורט אמסל",
        "לפחות 12 בני אדם נהרגו כאשר המעבורת לסטרה טבעה מול פורט אמסל ביום שני, מסר משמר החופים.",
        "על הסיפון היו 86 נוסעים שהפליגו מהאי דורן כאשר הספינה נמלאה מים בסערה.",
        "צוללנים חיפשו כל הלילה נעדרים בפתח הנמל.",
        "משרד התחבורה פתח בבדיקה כיצד הועמסה המעבורת.",
    ),
}
SECOND_DAY = {
    "quay-herald": (
        "en",
        "Ferry toll rises",
        (
            "The number of people who died when the ferry Lastra sank off Port Amsel has risen to 14, "
            "the coast guard said on Tuesday."
        ),
        "Two more bodies were found near the breakwater, and five people are still missing.",
        "The captain of the ferry was questioned by police on Tuesday.",
    ),
    "nevskaya-pristan": (
        "ru",
        "Число жертв крушения парома выросло",
        (
            "Число погибших при крушении парома «Ластра» у Порт-Амселя выросло до 14 человек, "
            "сообщила во вторник береговая охрана."
        ),
        "Ещё два тела нашли у волнореза, пять человек остаются пропавшими без вести.",
        "Капитана парома во вторник допросила полиция.",
    ),
    "kol-hanamal": (
        "he",
        "מספר ההרוגים באסון המעבורת עלה",
        "מספר ההרוגים בטביעת המעבורת לסטרה מול פורט אמסל עלה ל-14, מסר ביום שלישי משמר החופים.",
        "שתי גופות נוספות נמצאו ליד שובר הגלים, וחמישה בני אדם עדיין נעדרים.",
        "רב החובל של המעבורת נחקר ביום שלישי במשטרה.",
    ),
}
CLAIM = "At least 12 people died when the ferry Lastra sank"


def write_day(folder: Path, day: int, told: dict[str, tuple[str, ...]]) -> Path:
    """Write a day's articles as a file that `build` reads."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"day-{day}.jsonl"
    records = [
        {
            "outlet": outlet,
            "url": f"https://{outlet}.example/{day}/ferry",
            "title": title,
            "text": "\n\n".join(sentences),
            "language": language,
            "published_at": f"2026-03-0{day}T{hour:02}:00:00Z",
        }
        for hour, (outlet, (language, title, *sentences)) in enumerate(told.items(), 8)
    ]
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def write_days(folder: Path) -> tuple[Path, Path]:
    """Write both days."""
    return write_day(folder, 2, FIRST_DAY), write_day(folder, 3, SECOND_DAY)
