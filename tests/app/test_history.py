from app.history import lines, short

TOLD = {
    "id": "0123456789abcdef",
    "text": "Works on thesis.tex",
    "status": "stale",
    "confidence": 0.714,
    "revisions": [
        {
            "cause": "new",
            "at": "2026-11-20T12:00:00+00:00",
            "reasoning": "the title\nnames it",
            "before_confidence": None,
            "after_confidence": 0.5,
            "before_text": None,
            "after_text": "Works on thesis",
            "before_status": None,
            "after_status": "active",
            "evidence": [
                {"observation_id": "o", "quote": "thesis\n- Mousepad", "stance": "supports", "weight": 1.0},
                {"observation_id": "", "quote": "", "stance": "contradicts", "weight": 1.0},
            ],
        },
        {
            "cause": "refine",
            "at": "2026-11-21T12:00:00+00:00",
            "reasoning": "",
            "before_confidence": 0.5,
            "after_confidence": 0.714,
            "before_text": "Works on thesis",
            "after_text": "Works on thesis.tex",
            "before_status": "active",
            "after_status": "active",
        },
        {
            "cause": "user",
            "at": "2026-11-22T12:00:00+00:00",
            "reasoning": "",
            "before_text": None,
            "after_text": None,
        },
        {
            "cause": "reinforce",
            "at": "2026-11-23T12:00:00+00:00",
            "reasoning": "",
            "before_text": "Works on thesis.tex",
            "after_text": "Works on thesis.tex",
        },
    ],
}


def test_every_change_is_told_in_order_with_what_it_changed_and_why() -> None:
    head, *rest = lines(TOLD)
    assert head == "Works on thesis.tex  (01234567, stale, 71%)"
    told = [text if text.startswith(" ") else text.split("  ", 1)[1] for text in rest]
    assert told == [
        "new: Works on thesis, 50%, active",
        '    + "thesis - Mousepad"',
        "    - something that has gone by age",
        "    the title names it",
        "refine: Works on thesis -> Works on thesis.tex, 50% -> 71%",
        "user: forgotten",
        "reinforce: nothing but its evidence",
    ]
    assert rest[0].startswith("2026-11-2")


def test_a_short_id_is_the_beginning_of_the_whole_one() -> None:
    assert short("0123456789abcdef") == "01234567"
    assert short("abc") == "abc"


def test_what_a_claim_replaced_or_contradicts_is_told_behind_its_changes() -> None:
    link = {"kind": "supersedes", "forth": True, "proposition_id": "abcdef0123456789", "text": "Was\nso"}
    back = {**link, "kind": "contradicts", "forth": False}
    told = lines({**TOLD, "links": [link, back]})
    assert told[-2:] == ["took the place of: Was so  (abcdef01)", "is contradicted by: Was so  (abcdef01)"]
