"""Checks every web page: no horizontal scrolling, accessible, small, no external resources."""
import unittest

from axe_playwright_python.sync_playwright import Axe
from site_under_test import SiteTest

LIMIT = 60_000


class EveryPage(SiteTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for index, severity in enumerate(["critical", "error", "warning", "info"] * 8):
            cls.app.alert(
                cls.key, title=f"Problem {index} on a machine with a rather long name.example.com", severity=severity,
                external_id=str(index), description="Something is wrong. " * 20, labels={"host": "db-1", "service": "checkout"},
                url="https://grafana.example.com/d/abc")

    def test_nothing_scrolls_sideways_on_a_narrow_phone(self):
        self.sign_in()
        paths = self.pages()
        page = self.sign_in(page=self.browse(viewport={"width": 360, "height": 740}))
        for path in paths:
            page.goto(path)
            width = page.evaluate("document.documentElement.scrollWidth")
            self.assertLessEqual(width, 360, f"{path} is {width} px wide")

    def test_no_page_has_a_serious_barrier_in_either_scheme(self):
        self.sign_in()
        paths = self.pages()
        for scheme in ["light", "dark"]:
            page = self.sign_in(page=self.browse(color_scheme=scheme))
            for path in ["/login", *paths]:
                page.goto(path)
                found = Axe().run(page).response["violations"]
                serious = [
                    (one["id"], one["nodes"][0]["html"][:200]) for one in found if one["impact"] in ("serious", "critical")]
                self.assertEqual(serious, [], f"{path}, {scheme}")

    def test_every_page_is_light(self):
        page = self.sign_in()
        paths = self.pages()
        page.goto("/dashboard")
        assets = [page.get_attribute("link[rel=stylesheet]", "href"), page.get_attribute("script[src]", "src")]
        shared = sum(len(page.request.get(path).body()) for path in assets)
        # A document is as long as what it says.
        for path in [path for path in paths if not path.startswith("/docs")]:
            own = len(page.request.get(path).body())
            self.assertLess(own + shared, LIMIT, f"{path}: {own} bytes and {shared} of style and script")

    def test_times_are_told_to_the_second_on_hover(self):
        page = self.sign_in()
        page.goto("/incidents")
        self.assertRegex(page.locator("time").first.get_attribute("title"), r"\w{3} \d+ \w{3} \d{4}, \d\d:\d\d:\d\d UTC")


if __name__ == "__main__":
    unittest.main()
