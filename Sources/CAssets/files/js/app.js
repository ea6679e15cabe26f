// Everything works without this script. It keeps pages fresh, counts times, and lends a keyboard.
"use strict";

const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// Times: the same words as Moment.swift.
function length(seconds) {
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 5400) return `${Math.floor((seconds + 30) / 60)} min`;
  if (seconds < 129600) return `${Math.floor((seconds + 1800) / 3600)} h`;
  return `${Math.floor((seconds + 43200) / 86400)} d`;
}

function clock(seconds) {
  const part = (value) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${part(Math.floor(seconds / 60) % 60)}:${part(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

// The server's clock counts, not this device's.
const lag = Date.now() - Date.parse(document.documentElement.dataset.now || new Date().toISOString());

function tick() {
  const now = Date.now() - lag;
  for (const time of all("time[datetime]")) {
    if (time.dataset.fixed !== undefined) continue;
    const seconds = Math.trunc((Date.parse(time.dateTime) - now) / 1000);
    let words = Math.abs(seconds) < 5 ? "just now" : seconds > 0 ? `in ${length(seconds)}` : `${length(-seconds)} ago`;
    if (time.dataset.countdown !== undefined) words = seconds > 0 ? clock(seconds) : "now";
    if (time.textContent !== words) time.textContent = words;
  }
}
setInterval(tick, 1000);
tick();

// Live: when something happened, the parts marked data-live are fetched anew and exchanged where they differ.
let fetching = false;
let stale = false;

async function refresh() {
  stale = true;
  if (fetching || document.hidden) return;
  fetching = true;
  while (stale) {
    stale = false;
    try {
      const response = await fetch(location.href, { headers: { "X-Refresh": "1" }, redirect: "error" });
      if (response.ok) exchange(new DOMParser().parseFromString(await response.text(), "text/html"));
    } catch {
      break;
    }
    await new Promise((done) => setTimeout(done, 300));
  }
  fetching = false;
}

function exchange(fresh) {
  for (const part of all("[data-live]")) {
    const other = fresh.getElementById(part.id);
    if (!other || isBusy(part)) continue;
    const ticked = all("input:checked", part).map((box) => box.value);
    const focused = part.contains(document.activeElement) ? document.activeElement.id : null;
    const chosen = part.querySelector("[aria-selected=true]")?.id;
    if (part.dataset.shape === other.outerHTML) continue;
    other.dataset.shape = other.outerHTML;
    part.replaceWith(other);
    for (const box of all("input[type=checkbox]", other)) box.checked = ticked.includes(box.value);
    if (chosen) document.getElementById(chosen)?.setAttribute("aria-selected", "true");
    if (focused) document.getElementById(focused)?.focus();
  }
  const title = fresh.querySelector("title");
  if (title) document.title = title.textContent;
  tick();
  enliven();
}

// Nothing is exchanged under somebody's fingers.
function isBusy(part) {
  const active = document.activeElement;
  const typing = part.contains(active) && active.matches("textarea, select, input:not([type=checkbox])");
  return typing || part.querySelector("details[open] .menu") !== null;
}

if (document.querySelector("[data-live]")) {
  const events = new EventSource("/events");
  const mark = (state) => { document.documentElement.dataset.connection = state; };
  events.addEventListener("open", () => { mark("live"); refresh(); });
  events.addEventListener("error", () => mark("lost"));
  for (const kind of ["incidents", "pages", "configuration"]) events.addEventListener(kind, refresh);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
  addEventListener("pagehide", () => events.close());
}

// Small help: copying, filters that apply themselves, boxes for all.
function enliven() {
  for (const button of all("[data-copy][hidden]")) {
    if (!navigator.clipboard) break;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.parentElement.querySelector("code").textContent);
      const label = button.textContent;
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = label; }, 1500);
    });
  }
}
enliven();

document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.closest("[data-applies]") && field.matches("select, [type=checkbox]")) field.form.requestSubmit();
  if (field.matches("[data-all]")) for (const box of all("input[name=number]", field.form)) box.checked = field.checked;
});

// Keyboard: j and k walk the list, Enter opens, x picks, a acknowledges, r resolves, / searches, ? explains.
const rows = () => all("[data-row]");

function walk(step) {
  const list = rows();
  if (!list.length) return;
  const at = list.findIndex((row) => row.getAttribute("aria-selected") === "true");
  const next = list[Math.min(Math.max(at + step, 0), list.length - 1)];
  if (at >= 0) list[at].removeAttribute("aria-selected");
  next.setAttribute("aria-selected", "true");
  next.querySelector("a")?.focus();
  next.scrollIntoView({ block: "nearest" });
}

// A key presses the chosen row's button, else the buttons of all that is picked, else the page's own.
function press(action) {
  const row = document.querySelector("[data-row][aria-selected=true]");
  const picked = document.querySelector("[data-row] input[name=number]:checked");
  const within = (!picked && row?.querySelector(`[data-key=${action}]`)) || null;
  const button = within || document.querySelector(`:not([data-row] *)[data-key=${action}]`);
  if (picked || !row || within) button?.click();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input:not([type=checkbox]), textarea, select")) return;
  const chosen = document.querySelector("[data-row][aria-selected=true]");
  switch (event.key) {
    case "j": walk(1); break;
    case "k": walk(-1); break;
    case "o": chosen?.querySelector("a")?.click(); break;
    case "x": chosen?.querySelector("input[type=checkbox]")?.click(); break;
    case "a": press("acknowledge"); break;
    case "r": press("resolve"); break;
    case "/": document.querySelector("[type=search]")?.focus(); break;
    case "?": document.querySelector("dialog.help")?.showModal(); break;
    default: return;
  }
  event.preventDefault();
});
