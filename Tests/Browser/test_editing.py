"""Tests that editors lose nothing, that secrets are shown once, and that long words fit a phone."""
import re
import unittest

from site_under_test import SiteTest, wait_for

LONG = "x" * 500
ARABIC = "تنبيه: القرص ممتلئ 🔥"


class Editing(SiteTest):
    def test_the_second_of_two_editors_is_shown_what_the_first_one_saved(self):
        first = self.sign_in()
        first.goto("/escalation-policies")
        first.locator("td a").first.click()
        first.locator(".page-head").get_by_role("link", name="Edit", exact=True).click()
        second = first.context.new_page()
        second.goto(first.url)
        first.fill("[name=step-0-delay]", "7")
        first.locator("main button.primary:has-text('Save')").click()
        first.wait_for_selector("text=Saved.")
        second.fill("#name", "By the second editor")
        second.locator("main button.primary:has-text('Save')").click()
        second.wait_for_selector("text=Somebody else changed this after you opened it")
        second.wait_for_selector("text=Step 1: “7”")
        first.reload()
        self.assertEqual(first.locator("h1:has-text('By the second editor')").count(), 0)
        second.locator("main button.primary:has-text('Save')").click()
        second.wait_for_selector("h1:has-text('By the second editor')")

    def test_a_source_that_two_people_edit_keeps_the_first_change_until_it_is_overwritten(self):
        first = self.sign_in()
        first.goto("/alert-sources")
        first.locator("td a").first.click()
        second = first.context.new_page()
        second.goto(first.url)
        first.fill("#name", "Renamed by the first")
        first.click("text=Save")
        first.wait_for_selector("text=Saved.")
        second.select_option("#severity", "info")
        second.click("text=Save")
        second.wait_for_selector("text=Name: “Renamed by the first”")

    def test_loading_again_makes_no_second_token(self):
        page = self.sign_in()
        page.goto("/profile/security")
        page.fill("#token_name", "Script")
        page.click("text=Create and show it")
        self.assertRegex(page.inner_text(".calm code"), r"^pgp_\w{32}$")
        page.reload()
        self.assertEqual(page.locator(".calm code").count(), 0)
        self.assertEqual(page.locator("b:has-text('Script')").count(), 1)

    def test_the_page_behind_a_link_acknowledges_what_is_ticked_and_adds_a_note(self):
        for index in range(3):
            self.alert(f"By link {index}", external_id=f"link-{index}", description="First line\nSecond line")
        def link():
            for text in self.infobip.texts:
                found = re.search(r"/a/\S+", text)
                if found and "By link" in text:
                    return found[0]
        path = wait_for(link, "a link arrives")
        page = self.browse(viewport={"width": 390, "height": 700})
        page.goto(path)
        page.wait_for_selector("text=First line")
        page.wait_for_selector("text=Paged:")
        button = page.locator(".thumb button")
        box = button.bounding_box()
        self.assertLessEqual(box["y"] + box["height"], 700)
        button.click()
        page.wait_for_selector(".state.acknowledged")
        page.fill("#note", "On my way")
        page.click("text=Add the note")
        page.wait_for_selector("text=The note is added.")

    def test_no_page_is_wider_than_a_phone_with_unbroken_and_right_to_left_titles(self):
        for index, title in enumerate([LONG, ARABIC, LONG + ARABIC]):
            number = self.alert(title, external_id=f"stress-{index}", description=LONG, labels={LONG[:60]: LONG})
        page = self.sign_in(page=self.browse(viewport={"width": 390, "height": 800}))
        for path in ["/dashboard", "/incidents", f"/incidents/{number}", "/notifications", "/outbox", "/profile",
                     "/escalation-policies", "/oncall", "/alert-sources", "/schedules", "/teams", "/users", "/reports"]:
            page.goto(path)
            width = page.evaluate("document.documentElement.scrollWidth")
            self.assertLessEqual(width, 390, f"{path} is {width} px wide")

    def test_the_profile_is_four_lines_that_unfold(self):
        page = self.sign_in(name="ada")
        page.goto("/profile")
        names = page.locator(".fold .name").all_text_contents()
        self.assertEqual(names, ["Reach me", "Urgent", "Low", "Zone"])
        page.click("#you > summary")
        page.fill("#quiet_from", "22:00")
        page.fill("#quiet_to", "")
        page.locator("#you").get_by_role("button", name="Save").click()
        # A refused form is open again, with its fault.
        page.wait_for_selector("#you[open] #quiet_from-fault")

    def test_the_steps_of_a_policy_are_a_table_with_offsets(self):
        page = self.sign_in()
        page.goto("/escalation-policies")
        page.locator("td a").first.click()
        page.locator(".page-head").get_by_role("link", name="Edit", exact=True).click()
        when = page.locator(".step-table .when b").all_text_contents()
        self.assertEqual(when[0], "at once")
        page.fill("[name=step-0-delay]", "7")
        page.click("text=Update the preview")
        page.wait_for_selector(".step-table tr:nth-child(2) .when >> text=after 7 min")

    def test_a_text_message_has_the_words_that_the_preview_showed_while_they_were_typed(self):
        page = self.sign_in()
        page.click(".navigation >> text=Templates")
        page.locator("#text").get_by_role("link", name="Write your own").click()
        page.fill("textarea", "Hey {labels.host}: {title")
        page.wait_for_selector("#preview >> text=is not closed")
        page.fill("textarea", "Hey {labels.host}: {title}")
        page.wait_for_selector("#preview .letter >> text=Hey db-1: Disk almost full on db-1")
        page.wait_for_selector("#preview >> text=characters of GSM 7-bit: 1 SMS.")
        page.fill("textarea", "Žurno {labels.host}: {title}")
        page.wait_for_selector("#preview >> text=Outside of GSM 7-bit: Ž.")
        page.fill("textarea", "Hey {labels.host}: {title}")
        page.click("text=Use these words")
        page.wait_for_selector("text=the next messages have your words")
        self.alert("Templates", external_id="templates", labels={"host": "db-9"})
        text = wait_for(
            lambda: next((one for one in self.infobip.texts if "Templates" in one), None), "a text message arrives")
        self.assertRegex(text, r"^Hey db-9: Templates\nAck: http\S+/a/\w+$")
        page.click("#text >> text=All languages")
        page.click("text=Back to PagerPal’s words")
        page.click("text=Delete the template")
        page.wait_for_selector("text=PagerPal’s own words again")

    def test_search_finds_notes_and_labels_and_counts_follow(self):
        page = self.sign_in()
        number = self.alert("Plain title", external_id="searched", labels={"rack": "r42-blue"})
        page.goto(f"/incidents/{number}")
        page.fill("#text", "turbine replaced")
        page.click("text=Add the note")
        for query in ["r42-blue", "turbine"]:
            page.goto(f"/incidents?q={query}")
            page.wait_for_selector(f"#incident-{number}")
            self.assertEqual(page.inner_text(".chips a[aria-current] .small"), "1")
        page.goto("/incidents?q=turbine&state=resolved")
        page.click("main .empty >> text=Show all")
        page.wait_for_selector(f"#incident-{number}")


if __name__ == "__main__":
    unittest.main()
