// The first run takes the time zone and the clock of the browser.
for (const form of document.querySelectorAll('form[action="/setup"]')) {
  const { timeZone, hourCycle } = new Intl.DateTimeFormat(undefined, { hour: "numeric" }).resolvedOptions();
  if (!form.elements.time_zone.value) {
    form.elements.time_zone.value = timeZone;
    form.elements.clock.value = hourCycle?.startsWith("h1") ? "12h" : "24h";
  }
}
