"""Tests what operators do, in a real browser."""
import json
import unittest

from site_under_test import BINARY, PASSWORD, PagerPal, SiteTest, wait_for

HOSTILE = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>"


class Operating(SiteTest):
    def test_signing_in_is_refused_and_then_leads_back(self):
        page = self.page
        page.goto("/alert-sources?x=1")
        self.assertIn("/login?next=", page.url)
        page.fill("#email", "dana@example.com")
        page.fill("#password", "not the password")
        page.click("main button[type=submit]")
        page.wait_for_selector("text=The e-mail address or the password is wrong.")
        self.assertEqual(page.input_value("#email"), "dana@example.com")
        self.assertEqual(page.input_value("#password"), "")
        page.fill("#password", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url("**/alert-sources?x=1")

    def test_an_alert_appears_by_itself_and_is_acknowledged_resolved_and_reopened(self):
        page = self.sign_in()
        page.wait_for_selector("html[data-connection=live]")
        number = self.alert("Disk full on db-1")
        row = page.locator(f"#incident-{number}")
        row.wait_for()
        row.get_by_role("button", name="Acknowledge").click()
        page.wait_for_selector(f"#incident-{number} .state.acknowledged")
        page.click(f"#open-{number}")
        # Somebody else resolves it. The web page updates without a reload.
        page.wait_for_selector("html[data-connection=live]")
        status, answer = self.app.request(
            "POST", f"/api/v1/incidents/{number}/resolve", Authorization=f"Bearer {self.token}")
        self.assertEqual(status, 200, answer)
        page.wait_for_selector("#head .state.resolved")
        page.click("text=Reopen")
        page.wait_for_selector("#head .state.triggered")
        page.wait_for_selector("#timeline >> text=reopened")

    def test_what_happens_in_another_process_is_shown_as_well(self):
        page = self.sign_in()
        page.wait_for_selector("html[data-connection=live]")
        other = PagerPal(BINARY, self.app.environment["DATABASE_URL"], self.infobip, lease=2).start()
        try:
            number = other.alert(self.key, title="Taken by the other process")["incident"]["number"]
            page.wait_for_selector(f"#incident-{number}")
        finally:
            other.stop()

    def test_a_countdown_says_who_is_paged_next(self):
        page = self.sign_in()
        number = self.alert("Countdown", external_id="countdown")
        page.goto(f"/incidents/{number}")
        self.assertRegex(page.inner_text("#next"), r"Step 2 pages in\s+\d\d:\d\d\s+Cleo by ")

    def test_everything_can_be_done_by_keyboard(self):
        page = self.sign_in()
        numbers = [self.alert(f"Keyboard {index}", external_id=f"keyboard-{index}") for index in (1, 2)]
        page.goto("/incidents?q=Keyboard")
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("k")
        page.keyboard.press("j")
        page.keyboard.press("a")
        page.wait_for_selector(f"#incident-{numbers[0]} .state.acknowledged")
        page.keyboard.press("j")
        page.keyboard.press("x")
        page.keyboard.press("r")
        page.wait_for_selector(f"text=Incident #{numbers[1]} resolved.")
        page.keyboard.press("/")
        self.assertEqual(page.evaluate("document.activeElement.id"), "q")
        page.keyboard.press("Escape")
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("?")
        page.wait_for_selector("dialog.help[open]")

    def test_an_override_on_the_schedule_puts_somebody_else_on_call_until_it_is_deleted(self):
        page = self.sign_in("ada")
        page.goto("/schedules")
        page.locator("td a").first.click()
        page.select_option("#substitute", label="Cleo")
        page.select_option("#away", label="the person on call")
        page.click("main button:has-text('Take over')")
        page.wait_for_selector("#overrides >> text=Only Cleo")
        self.assertIn("Cleo:", " ".join(page.locator(".lane.final title").all_text_contents()))
        page.locator("#overrides").get_by_role("button", name="Delete").click()
        page.wait_for_selector("text=The override is deleted.")
        self.assertNotIn("Cleo:", " ".join(page.locator(".lane.final title").all_text_contents()))

    def test_the_editor_of_a_policy_previews_what_is_written_and_the_enter_key_saves(self):
        page = self.sign_in()
        page.goto("/escalation-policies")
        page.locator("td a").first.click()
        page.locator(".page-head").get_by_role("link", name="Edit", exact=True).click()
        page.select_option("[name=step-0-target-0]", label="Dana")
        page.click("text=Update the preview")
        page.wait_for_selector("#preview >> text=Dana by")
        self.assertEqual(page.input_value("[name=step-0-target-0]").split(":")[0], "user")
        page.click("text=Add a step")
        page.wait_for_selector("[name=step-3-delay]")
        page.click("[aria-label='Remove step 4']")
        page.wait_for_selector("[name=step-3-delay]", state="detached")
        page.fill("#name", "Renamed")
        page.press("#name", "Enter")
        page.wait_for_selector("h1:text('Renamed')")

    def test_several_are_acknowledged_at_once(self):
        page = self.sign_in()
        numbers = [self.alert(f"Bulk {index}", external_id=f"bulk-{index}") for index in range(3)]
        page.goto("/incidents?q=Bulk")
        page.check("[data-all]")
        page.click(".bulk >> text=Acknowledge")
        page.wait_for_selector("text=3 incidents acknowledged.")
        for number in numbers:
            page.wait_for_selector(f"#incident-{number} .state.acknowledged")
        self.assertTrue(page.url.endswith("/incidents?q=Bulk"), page.url)

    def test_without_javascript_forms_do_all_of_it(self):
        page = self.sign_in(page=self.browse(java_script_enabled=False))
        number = self.alert("No script", external_id="no-script")
        page.goto("/incidents")
        page.click(f"#incident-{number} >> text=Ack")
        page.wait_for_selector(f"#incident-{number} .state.acknowledged")
        page.click(f"#open-{number}")
        page.fill("#text", "Written without a script")
        page.click("text=Add the note")
        page.wait_for_selector("#timeline >> text=Written without a script")
        page.click("main >> text=Resolve")
        page.wait_for_selector("#head .state.resolved")

    def test_the_menu_opens_on_a_phone_without_javascript(self):
        page = self.sign_in(page=self.browse(java_script_enabled=False, viewport={"width": 360, "height": 740}))
        page.click(".tabs >> text=Menu")
        page.click(".navigation >> text=Alert sources")
        page.wait_for_url("**/alert-sources")

    def test_a_source_key_is_shown_once(self):
        page = self.sign_in()
        page.goto("/alert-sources/new")
        page.fill("#name", "Once")
        page.click("text=Create and show the key")
        key = page.inner_text(".calm code")
        answer = self.app.alert(key, title="By the new key")
        page.goto("/alert-sources")
        page.click("text=Once")
        self.assertNotIn(key, page.content())
        page.wait_for_selector(f"text=created incident #{answer['incident']['number']}")

    def test_a_failed_page_is_tried_again(self):
        self.infobip.refuses = True
        page = self.sign_in()
        number = self.alert("Refused", external_id="refused")
        page.goto(f"/incidents/{number}")
        page.wait_for_selector("#deliveries .state.failed")
        self.infobip.refuses = False
        page.locator("#deliveries li", has_text="SMS").get_by_role("button", name="Try again").first.click()
        wait_for(lambda: any("Refused" in text for text in self.infobip.texts), "the page arrives")
        page.goto(f"/incidents/{number}")
        page.wait_for_selector("#deliveries .state.sent")

    def test_a_failed_page_is_found_in_the_log_and_sent_again(self):
        self.infobip.refuses = True
        page = self.sign_in()
        self.alert("Found in the log", external_id="found-in-the-log")
        wait_for(lambda: page.goto("/notifications?state=failed&channel=sms") and
                 page.locator("#log >> text=Found in the log").count() > 0, "the failed page is in the log")
        self.infobip.refuses = False
        page.locator(".entry", has_text="Found in the log").get_by_role("button", name="Send again").first.click()
        page.wait_for_selector("text=is queued.")
        wait_for(lambda: any("Found in the log" in text for text in self.infobip.texts), "the page arrives")

    def test_a_responder_is_refused_what_is_not_theirs(self):
        page = self.sign_in("ada")
        page.goto("/alert-sources")
        self.assertEqual(page.locator("text=New source").count(), 0)
        for path in ["/alert-sources/new", "/setup/team"]:
            self.assertEqual(page.goto(path).status, 403)
            page.wait_for_selector("h1:has-text('Not allowed')")

    def test_what_does_not_exist_is_told_by_a_page(self):
        for path in ["/nowhere", "/a/cut-off", "/password/reset/unknown"]:
            self.assertEqual(self.page.goto(path).status, 404, path)
            self.page.wait_for_selector("h1")
        self.sign_in()
        self.assertEqual(self.page.goto("/incidents/99999").status, 404)
        self.page.wait_for_selector(".navigation")

    def test_bad_input_is_kept_and_explained_beside_its_field(self):
        page = self.sign_in()
        page.goto("/profile")
        if not page.is_visible("#address"):
            page.click("#reach > summary")
        page.fill("#address", "not an address")
        page.click("text=Add and send a code")
        page.wait_for_selector("#address-fault")
        self.assertEqual(page.input_value("#address"), "not an address")
        self.assertEqual(page.get_attribute("#address", "aria-invalid"), "true")

    def test_markup_is_shown_as_text_wherever_it_is_stored_or_sent_back(self):
        page = self.sign_in()
        page.on("dialog", lambda dialog: self.complaints.append(f"a script ran: {dialog.message}"))
        number = self.alert(
            HOSTILE, description=HOSTILE, labels={HOSTILE: HOSTILE}, url="javascript:alert(3)", external_id=HOSTILE)
        page.goto("/alert-sources/new")
        page.fill("#name", HOSTILE)
        page.click("text=Create and show the key")
        source = page.url
        self.app.request(
            "POST", f"/api/v1/incidents/{number}/notes", json.dumps({"text": HOSTILE}),
            Authorization=f"Bearer {self.token}")
        for path in ["/dashboard", "/incidents", f"/incidents/{number}", "/alert-sources", source, "/notifications"]:
            page.goto(path)
            self.assertEqual(page.locator("main img, main script").count(), 0, path)
        page.goto(f"/incidents/{number}")
        self.assertEqual(page.locator("a[href^='javascript']").count(), 0)
        self.assertGreaterEqual(page.get_by_text(HOSTILE).count(), 4)
        page.goto("/incidents?q=" + "%3Cscript%3Ealert(4)%3C/script%3E&state=x%22onload%3D1&team=%3Cb%3E")
        self.assertEqual(page.input_value("#q"), "<script>alert(4)</script>")


if __name__ == "__main__":
    unittest.main()
