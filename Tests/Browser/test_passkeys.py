"""Passkeys in a real browser, with its virtual authenticator."""
import unittest

from site_under_test import PASSWORD, SiteTest


class Passkeys(SiteTest):
    # Browsers allow passkeys under a name only.
    name = "localhost"

    def authenticator(self, page, **options):
        """Gives the page's browser an authenticator that agrees to everything. Returns its CDP session and id."""
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        added = session.send("WebAuthn.addVirtualAuthenticator", {"options": {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True, **options}})
        return session, added["authenticatorId"]

    def register(self, page, name, user="ada"):
        self.sign_in(user, page)
        page.goto("/profile/factor")
        page.fill("#current-passkey", PASSWORD)
        page.click("text=Add a passkey")
        page.fill("#name", name)
        page.click("text=Create the passkey")
        page.wait_for_selector("text=Recovery codes, shown this once")

    def sign_out(self, page):
        page.goto("/dashboard")
        page.locator("form[action='/logout'] button").first.click()
        page.wait_for_url("**/login")

    def test_a_passkey_is_registered_signs_in_alone_and_after_the_password_and_is_removed(self):
        page = self.page
        session, authenticator = self.authenticator(page)
        self.register(page, "Blue key")
        held = session.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]
        self.assertEqual([(one["rpId"], one["isResidentCredential"]) for one in held], [("localhost", True)])
        self.sign_out(page)
        page.click("text=Sign in with a passkey")
        page.wait_for_url("**/dashboard")
        self.sign_out(page)
        page.fill("#email", "ada@example.com")
        page.fill("#password", PASSWORD)
        page.click("button:text-is('Sign in')")
        page.wait_for_url("**/login/factor*")
        page.click("text=Use a passkey")
        page.wait_for_url("**/dashboard")
        page.goto("/profile/factor")
        self.assertIn("Blue key", page.inner_text("#passkeys"))
        page.click("#passkeys summary:has-text('Remove')")
        page.fill("#passkeys details [type=password]", PASSWORD)
        page.click("#passkeys details button:has-text('Remove it')")
        page.wait_for_selector("text=The passkey is removed.")
        self.sign_out(page)
        page.click("text=Sign in with a passkey")
        page.wait_for_selector("text=The passkey was refused. Try again, or sign in with your password.")

    def test_a_device_without_a_passkey_says_so_and_the_page_stays(self):
        page = self.page
        self.authenticator(page)
        page.goto("/login")
        page.click("text=Sign in with a passkey")
        page.wait_for_selector("[data-passkey-fault]:visible")
        self.assertTrue(page.is_enabled("text=Sign in with a passkey"))

    def test_a_device_that_does_not_verify_the_person_registers_nothing(self):
        page = self.page
        self.authenticator(page, isUserVerified=False)
        self.sign_in("dana", page)
        page.goto("/profile/factor")
        page.fill("#current-passkey", PASSWORD)
        page.click("text=Add a passkey")
        page.fill("#name", "Unverified")
        page.click("text=Create the passkey")
        page.wait_for_selector("[data-passkey-fault]:visible")


if __name__ == "__main__":
    unittest.main()
