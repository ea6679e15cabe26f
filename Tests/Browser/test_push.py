"""A push message in a real browser: the worker shows it, and its button acknowledges without a page."""
import json
import re

from site_under_test import SiteTest, wait_for


class Push(SiteTest):
    def deliver(self, page, **message):
        """Hands a message to the worker, as the browser does once it has decrypted it. Returns what is shown."""
        page.evaluate("navigator.serviceWorker.register('/push-worker.js').then(() => navigator.serviceWorker.ready).then(() => 0)")
        session = page.context.new_cdp_session(page)
        registrations = []
        session.on("ServiceWorker.workerRegistrationUpdated", lambda event: registrations.extend(event["registrations"]))
        session.send("ServiceWorker.enable")
        own = wait_for(
            lambda: page.evaluate("1") and [one for one in registrations if one["scopeURL"] == f"{self.url}/" and not one["isDeleted"]],
            "the worker is registered")[-1]
        shown = """navigator.serviceWorker.ready.then((one) => one.getNotifications()).then((all) => all.map((one) => ({
            title: one.title, body: one.body, stays: one.requireInteraction, actions: one.actions.map((action) => action.action)})))"""
        # On a busy machine the browser sometimes drops what is handed over while the worker starts.
        for attempt in range(6):
            session.send("ServiceWorker.deliverPushMessage", {
                "origin": self.url, "registrationId": own["registrationId"], "data": json.dumps(message)})
            try:
                return wait_for(lambda: page.evaluate(shown), "the message is shown", seconds=5)
            except AssertionError:
                if attempt == 5:
                    raise

    def click(self, page, action):
        """Presses a button of the message, which the protocol for tests can't."""
        worker = wait_for(lambda: page.context.service_workers, "the worker runs")[0]
        worker.evaluate("""async (action) => {
            const [notification] = await self.registration.getNotifications();
            self.dispatchEvent(new NotificationEvent("notificationclick", { notification, action }));
        }""", action)

    def test_the_buttons_of_a_push_message_acknowledge_and_resolve_without_a_page(self):
        page = self.browse(permissions=["notifications"])
        page.goto("/login")
        for action, state in [("acknowledge", "acknowledged"), ("resolve", "resolved")]:
            number = self.alert(f"Push {action}", external_id=action)
            text = wait_for(lambda: [text for text in self.infobip.texts if f"Push {action}" in text], "the incident is paged")[0]
            link = re.search(r"http://\S+", text)[0]
            shown = self.deliver(
                page, title=f"[#{number} CRITICAL] Push {action}", body="Team Operations", id=action, urgent=True, url=link)
            self.assertEqual(shown[-1], {
                "title": f"[#{number} CRITICAL] Push {action}", "body": "Team Operations", "stays": True,
                "actions": ["acknowledge", "resolve"]})
            self.click(page, action)
            wait_for(lambda: self.app.get(f"/api/v1/incidents/{number}", self.token)["state"] == state, f"it is {state}")
            self.assertEqual(page.evaluate("navigator.serviceWorker.ready.then((one) => one.getNotifications()).then((all) => all.length)"), 0)

    def test_a_message_that_cannot_be_read_is_shown_all_the_same(self):
        page = self.browse(permissions=["notifications"])
        page.goto("/login")
        self.assertEqual(self.deliver(page)[0]["title"], "PagerPal has a message")
