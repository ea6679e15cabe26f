"""Tests the page on which the body of a webhook is written."""
import json
import unittest

from site_under_test import SiteTest

BODY = '{"summary": "{SEVERITY} {title}", "incident": {number}, "host": "{labels.host}", "kind": "{type}"}'


class Webhooks(SiteTest):
    def new_webhook(self, page, address):
        """Adds a webhook to the profile and opens the page of its body."""
        page.goto("/profile")
        fold = page.locator("details:has(form[action='/profile/contact-methods'])")
        if fold.get_attribute("open") is None:
            fold.locator("summary").first.click()
        page.select_option("#channel", "webhook")
        page.fill("#address", address)
        page.click("text=Add and send a code")
        page.locator(f"li:has-text('{address}')").get_by_role("link", name="Body…").click()
        page.wait_for_selector("h1:has-text('Body of the webhook')")

    def stored(self, address):
        methods = self.app.items("/api/v1/contact-methods", self.token)
        return next(one for one in methods if one["address"] == address)

    def team_webhook(self, name, address):
        """Adds a channel to the first team. Returns its path."""
        team = self.app.items("/api/v1/teams", self.token)[0]["id"]
        status, body = self.app.request(
            "POST", "/api/v1/team-channels",
            json.dumps({"team_id": team, "name": name, "channel": "webhook", "address": address}),
            Authorization=f"Bearer {self.token}")
        self.assertEqual(status, 201, body)
        return f"/team-channels/{json.loads(body)['id']}"

    def test_the_body_is_shown_filled_in_while_it_is_typed_and_is_there_after_saving(self):
        address = "https://hooks.example.com/typed"
        page = self.sign_in()
        self.new_webhook(page, address)
        page.fill("#body", BODY)
        page.wait_for_selector("#preview .letter >> text=CRITICAL Disk almost full on db-1")
        shown = page.locator("#preview .letter").all_inner_texts()
        self.assertEqual([json.loads(one)["kind"] for one in shown], ["incident", "verification"])
        self.assertEqual(json.loads(shown[0])["host"], "db-1")
        self.assertNotIn("body", self.stored(address))
        page.locator("main button.primary:has-text('Save')").click()
        page.wait_for_selector("text=The next messages have this body.")
        self.assertEqual(self.stored(address)["body"], BODY)
        page.locator(f"li:has-text('{address}')").get_by_role("link", name="Body…").click()
        self.assertEqual(page.input_value("#body"), BODY)
        page.fill("#body", "")
        page.locator("main button.primary:has-text('Save')").click()
        page.wait_for_selector("text=It gets PagerPal’s JSON.")

    def test_a_malformed_body_is_kept_and_explained_beside_its_field_and_in_the_preview(self):
        address = "https://hooks.example.com/malformed"
        page = self.sign_in()
        self.new_webhook(page, address)
        for body, words in [(BODY.replace('"{SEVERITY} {title}"', "{title}"), "it is not JSON"), ('{"t": "{titel}"}', "{titel}")]:
            page.fill("#body", body)
            page.wait_for_selector(f"#preview .problem >> text={words}")
            page.locator("main button.primary:has-text('Save')").click()
            page.wait_for_selector(f"#body-fault >> text={words}")
            self.assertEqual(page.input_value("#body"), body)
            self.assertEqual(page.get_attribute("#body", "aria-invalid"), "true")
        self.assertNotIn("body", self.stored(address))
        # As plain text the same words are fine.
        page.fill("#body", "{SEVERITY} {title}")
        page.fill("#content_type", "text/plain")
        page.wait_for_selector("#preview .letter >> text=CRITICAL Disk almost full on db-1")
        page.locator("main button.primary:has-text('Save')").click()
        page.wait_for_selector("text=The next messages have this body.")
        self.assertEqual(self.stored(address)["content_type"], "text/plain")

    def test_the_body_of_a_team_channel_is_written_on_a_phone(self):
        path = self.team_webhook("Hook", "https://hooks.example.com/team")
        page = self.sign_in(page=self.browse(viewport={"width": 390, "height": 800}))
        page.goto(path)
        page.get_by_role("link", name="Body…").click()
        # A line that nobody can break must not widen the page.
        page.fill("#body", json.dumps({"title": "{title}", "owner": "{owner}", "long": "x" * 500}))
        page.wait_for_selector("#preview .letter >> text=Disk almost full on db-1")
        self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), 390)
        kinds = page.locator("#preview h3").all_inner_texts()
        self.assertEqual(kinds, ["update", "test"])
        page.fill("#body", '{"title": {title}}')
        page.locator("main button.primary:has-text('Save')").click()
        page.wait_for_selector("#body-fault")
        self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), 390)
        fault = page.locator("#body-fault").bounding_box()
        self.assertLessEqual(fault["x"] + fault["width"], 390)
        page.fill("#body", '{"title": "{title}", "owner": "{owner}"}')
        page.locator("main button.primary:has-text('Save')").click()
        page.wait_for_selector("text=The next messages have this body.")
        page.wait_for_url(f"**{path}")


if __name__ == "__main__":
    unittest.main()
