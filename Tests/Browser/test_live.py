"""Tests that pages stay live, say when they are not, and never move a row under a finger."""
import unittest

from site_under_test import SiteTest, wait_for


class Live(SiteTest):
    def live(self, page):
        page.wait_for_selector("html[data-connection=live]")

    def test_a_new_alert_moves_no_row_under_the_pointer(self):
        page = self.sign_in()
        old = self.alert("Under the pointer", external_id="under", severity="warning")
        page.goto("/incidents?q=pointer")
        self.live(page)
        button = page.locator(f"#incident-{old} [name=acknowledge]")
        button.hover()
        before = button.bounding_box()
        new = self.alert("New, beside the pointer", external_id="beside", severity="critical")
        page.wait_for_selector(".pill:visible >> text=1 new")
        self.assertEqual(button.bounding_box(), before)
        self.assertEqual(page.locator(f"#incident-{new}").count(), 0)
        page.mouse.down()
        page.mouse.up()
        page.wait_for_selector(f"text=Incident #{old} acknowledged.")
        page.wait_for_selector(f"#incident-{new} .state.triggered")

    def test_the_pointer_that_leaves_lets_new_rows_in(self):
        page = self.sign_in()
        old = self.alert("Leaving", external_id="leaving")
        page.goto("/incidents?q=leaving")
        self.live(page)
        page.locator(f"#incident-{old}").hover()
        new = self.alert("Second leaving", external_id="leaving-2")
        page.wait_for_selector(".pill:visible")
        page.mouse.move(2, 2)
        page.wait_for_selector(f"#incident-{new}")
        page.wait_for_selector(".pill", state="hidden")

    def test_a_phone_shows_new_rows_on_request(self):
        page = self.sign_in(page=self.browse(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True))
        self.alert("On the phone", external_id="phone")
        page.goto("/incidents?q=phone")
        self.live(page)
        new = self.alert("Also on the phone", external_id="phone-2")
        page.locator(".pill:visible").tap()
        page.wait_for_selector(f"#incident-{new}")

    def test_an_acknowledgement_is_undone(self):
        page = self.sign_in()
        number = self.alert("Undo me", external_id="undo")
        page.goto("/incidents?q=Undo")
        page.locator(f"#incident-{number} [name=acknowledge]").click()
        page.click(".undo >> text=Undo")
        page.wait_for_selector("#head .state.triggered")
        page.wait_for_selector("#timeline >> text=took that back")
        page.click("text=Resolve")
        page.click(".undo >> text=Undo")
        page.wait_for_selector("#head .state.triggered")

    def test_a_snooze_an_escalation_and_a_hand_over_are_undone(self):
        page = self.sign_in()
        number = self.alert("Undo more", external_id="undo-more")
        page.goto(f"/incidents/{number}")
        page.click("summary >> text=Snooze")
        page.click("text=4 hours")
        page.wait_for_selector("text=The snooze ends")
        page.click(".undo >> text=Undo")
        page.wait_for_selector("text=Step 2 pages")
        page.click("#head >> text=Escalate")
        page.click(".undo >> text=Undo")
        page.wait_for_selector("text=Step 2 pages")
        page.click("summary >> text=Hand to")
        page.select_option("#user", label="Ada")
        page.click("text=Hand over")
        page.wait_for_selector("#timeline >> text=handed the incident to Ada")
        page.click(".undo >> text=Undo")
        page.wait_for_selector("text=Undone. It goes on where it was.")

    def test_a_failed_refresh_is_tried_again(self):
        page = self.sign_in()
        number = self.alert("Refreshed", external_id="refreshed")
        page.goto(f"/incidents/{number}")
        self.live(page)
        failed = []

        def fail_once(route):
            if route.request.headers.get("x-refresh") and not failed:
                failed.append(route.request.url)
                return route.abort()
            return route.continue_()

        page.route("**/*", fail_once)
        self.app.alert(self.key, title="Refreshed", external_id="refreshed")
        page.wait_for_selector("#facts dd:nth-of-type(7) >> text=2")
        self.assertEqual(len(failed), 1)

    def test_the_undo_button_goes_after_ten_seconds(self):
        page = self.sign_in()
        number = self.alert("Too late", external_id="late")
        page.goto(f"/incidents/{number}")
        page.click("#head >> text=Acknowledge")
        page.wait_for_selector(".undo")
        page.wait_for_selector(".undo", state="detached", timeout=15_000)

    def test_refreshing_keeps_open_details_focus_and_scroll(self):
        page = self.sign_in()
        number = self.alert("Kept", external_id="kept")
        page.goto(f"/incidents/{number}")
        self.live(page)
        page.focus("#text")
        page.fill("#text", "half a note")
        self.alert("Kept", external_id="kept")
        wait_for(lambda: "2" in page.inner_text("#facts"), "the second alert is counted")
        self.assertEqual(page.input_value("#text"), "half a note")
        self.assertEqual(page.evaluate("document.activeElement.id"), "text")

    def test_eight_tabs_are_live_and_count_also_when_hidden(self):
        page = self.sign_in()
        tabs = [page] + [page.context.new_page() for _ in range(7)]
        for tab in tabs:
            tab.goto("/escalation-policies")
        for tab in tabs:
            self.live(tab)
        self.alert("Counted", external_id="counted")
        for tab in tabs:
            tab.wait_for_function("/^\\(\\d+\\) /.test(document.title)")
            tab.wait_for_function("document.querySelector('link[rel=icon]').href.includes('/assets/count/')")
        self.assertEqual(page.request.get("/assets/count/7").status, 200)

    def test_a_killed_server_is_shown_by_a_bar_that_goes_again(self):
        page = self.sign_in()
        self.live(page)
        self.app.stop()
        try:
            page.wait_for_selector("#line >> text=Not live since", timeout=15_000)
        finally:
            self.app.start()
        page.wait_for_selector("#line", state="detached", timeout=30_000)

    def test_an_ended_session_is_shown(self):
        page = self.sign_in()
        self.live(page)
        page.context.clear_cookies()
        self.alert("After the end", external_id="ended")
        page.wait_for_selector("#line >> text=You are signed out")


if __name__ == "__main__":
    unittest.main()
