// The service worker: shows push messages, and acknowledges or resolves from them without opening a page.
self.addEventListener("push", (event) => {
  let message = {};
  try { message = event.data.json(); } catch { /* A message that can't be read still has to be shown. */ }
  event.waitUntil(self.registration.showNotification(message.title || "PagerPal has a message", {
    body: message.body || "",
    tag: message.id,
    renotify: Boolean(message.id),
    requireInteraction: Boolean(message.urgent),
    data: { url: message.url },
    actions: message.url ? [{ action: "acknowledge", title: "Acknowledge" }, { action: "resolve", title: "Resolve" }] : [],
  }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = event.notification.data?.url;
  if (!url || !event.action) return event.waitUntil(self.clients.openWindow(url || "/"));
  // Where it fails, the page that it opens says why.
  event.waitUntil(fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: `do=${event.action}`,
  }).then((answer) => { if (!answer.ok) throw new Error(answer.status); }).catch(() => self.clients.openWindow(url)));
});
