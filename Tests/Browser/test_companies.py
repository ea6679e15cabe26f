"""The page for signing in with two companies' services."""
import sys
import pathlib

from site_under_test import SiteTest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Processes"))
from pagerpal import free_port  # noqa: E402

# Nothing listens there.
SERVICE = f"http://127.0.0.1:{free_port()}"


class Companies(SiteTest):
    settings = {
        "OIDC_PROVIDERS": "corp, partner-2", "OIDC_CORP_ISSUER": f"{SERVICE}/corp", "OIDC_CORP_CLIENT_ID": "pagerpal",
        "OIDC_CORP_CLIENT_SECRET": "s", "OIDC_CORP_EMAIL_DOMAINS": "*", "OIDC_CORP_NAME": "Corp & Sons",
        "OIDC_PARTNER_2_ISSUER": f"{SERVICE}/partner", "OIDC_PARTNER_2_CLIENT_ID": "pagerpal",
        "OIDC_PARTNER_2_CLIENT_SECRET": "s", "OIDC_PARTNER_2_EMAIL_DOMAINS": "partner.example",
    }

    def test_each_service_has_a_button_and_one_that_is_away_leaves_the_other_and_the_password(self):
        page = self.page
        page.goto("/incidents")
        buttons = page.locator("main a.button")
        self.assertEqual(buttons.all_inner_texts(), ["Sign in with Corp & Sons", "Sign in with partner-2"])
        boxes = [buttons.nth(index).bounding_box() for index in (0, 1)]
        self.assertLess(boxes[0]["y"] + boxes[0]["height"], boxes[1]["y"] + 1, "the buttons are one below the other")
        page.click("text=Sign in with partner-2")
        page.wait_for_url("**/login")
        page.wait_for_selector("text=The sign-in service can't be reached.")
        self.assertEqual(buttons.count(), 2)
        self.sign_in("dana")
        page.goto("/settings")
        self.assertIn("password, Corp & Sons, partner-2", page.inner_text("main"))
