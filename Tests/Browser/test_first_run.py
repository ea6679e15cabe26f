"""From an empty database to an acknowledged incident."""
import re
import time
import unittest

from site_under_test import PASSWORD, SiteTest, wait_for


class FirstRun(SiteTest):
    seeded = False

    def test_a_fresh_database_leads_to_an_acknowledged_incident(self):
        page, started = self.browse(locale="en-US", timezone_id="America/New_York"), time.monotonic()
        page.goto("/")
        page.fill("#name", "Dana")
        page.fill("#email", "dana@example.com")
        page.fill("#password", PASSWORD)
        page.click("text=Create the administrator")
        page.click("text=Create the team")
        page.select_option("#channel", "sms")
        page.fill("#address", "+385 91 555 0104")
        page.click("text=Send me a code")
        code = wait_for(lambda: self.infobip.texts and re.search(r"\d{6}", self.infobip.texts[-1]), "the code arrives")
        page.fill("#code", code[0])
        page.click("text=Verify and send a test page")
        page.wait_for_selector("text=A test page is on its way")
        page.click("text=Create the source")
        self.assertRegex(page.inner_text(".calm code"), r"^\w{32}$")
        page.click("text=Send a test alert")
        page.wait_for_selector("h1:has-text('An incident!')")
        page.click("main button:has-text('Acknowledge')")
        page.wait_for_selector("h1:has-text('That is all.')")
        wait_for(lambda: len(self.infobip.texts) >= 3, "code, test page and incident arrive by SMS")
        self.assertLess(time.monotonic() - started, 60)
        page.click("text=To the dashboard")
        page.wait_for_selector("text=Test alert from My monitoring")
        # In the zone and the clock of this browser.
        page.goto("/profile")
        page.wait_for_selector("text=/America.New_York, now \\d{1,2}:\\d{2} [AP]M/")
        page.click("#you > summary")
        self.assertEqual(page.input_value("#clock"), "12h")


if __name__ == "__main__":
    unittest.main()
