"""The lesson in a real browser with the network off: it steps, it asks before it tells, it fits every screen."""

from __future__ import annotations

import json
import re
from typing import Any

from browser import Opened, opened
from lessons import Taught

CUT_OFF = "nodes => nodes.filter(node => node.scrollWidth > node.clientWidth + 1).length"


def shown(seen: Opened, path: str) -> str:
    return str(seen.page.locator(f'[data-show="{path}"]').text_content())


def expected(stage: Any, path: str) -> str:
    """What the lesson's data say there."""
    for key in path.split("."):
        stage = stage[int(key)] if isinstance(stage, list) else stage[key]
    return str(stage)


def assert_fits(seen: Opened) -> None:
    """Nothing is cut off on a desktop or a telephone."""
    for width in (1200, 360):
        seen.page.set_viewport_size({"width": width, "height": 800})
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        assert seen.page.locator("h1, h2, h3, p, .card, .controls, figure, output").evaluate_all(CUT_OFF) == 0


def test_the_lesson_steps_offline_by_mouse_and_keyboard(tiny: Taught) -> None:
    told = json.loads(re.findall(r'id="data">(.*?)</script>', tiny.path.read_text(encoding="utf-8"))[0])
    paths = ("scenes.0.score.text", "scenes.1.answers", "scenes.1.kept.text", "scenes.0.groups.2.left", "advice")

    def holds(step: int, moment: int) -> bool:
        return all(shown(seen, path) == expected(told["stages"][step][moment], path) for path in paths)

    with opened(tiny.path, 1200) as seen:
        page = seen.page
        assert page.title() == "Do happy customers leave?"
        assert holds(1, 0) and not page.locator("#after").is_visible(), "first the question, then the answer"
        page.locator("#reveal").click()
        assert page.locator("#after").is_visible()
        page.locator("#less").click()
        assert holds(0, 0) and not holds(1, 0)
        assert "weighs 0" in page.locator("#weight").text_content()
        page.locator("#less").click(force=True)
        assert holds(0, 0), "there is nothing left of the first step"
        page.locator("#share").focus()
        page.keyboard.press("ArrowRight")
        assert holds(1, 0)
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
        assert holds(1, 1), "the moments are reached by keyboard"
        page.get_by_role("radio", name="before the renewal").check()
        assert holds(1, 2)
        assert_fits(seen)
        assert page.locator(".charts svg .now").count() == 2
        for drawing in page.locator(".charts > div").all():
            assert "traditional" in str(drawing.get_attribute("aria-label"))
        page.emulate_media(media="print")
        page.locator("#reveal").evaluate("button => button.click()")
        assert page.locator("#after").is_visible(), "on paper nothing is hidden"
        assert seen.requests == [tiny.path.resolve().as_uri()]
        assert seen.complaints == []
