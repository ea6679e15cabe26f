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

// Live: when something happened, the parts marked data-live are fetched anew and exchanged where they differ. A part
// under a pointer, a finger or the focus is not exchanged: its rows stay, and a button shows what is new.
const shapes = new Map(all("[data-live]").map((part) => [part.id, shape(part)]));
const owed = new Map();
const coarse = matchMedia("(pointer: coarse)");
let fetching = false;
let again;
let stale = false;
const exchangedAt = new WeakMap();

// The markup without the words of relative times, which differ from minute to minute.
function shape(part) {
  return part.outerHTML.replace(/(<time[^>]*>)[^<]*/g, "$1");
}

async function refresh() {
  clearTimeout(again);
  stale = true;
  if (fetching || document.hidden) return;
  fetching = true;
  while (stale) {
    stale = false;
    try {
      const response = await fetch(location.href, { headers: { "X-Refresh": "1" }, redirect: "error" });
      if (response.status === 401) lineIs({ state: "ended", since: Date.now() });
      if (response.ok) exchange(new DOMParser().parseFromString(await response.text(), "text/html"));
    } catch {
      // Whether the line is lost, live.js knows. While it holds, one failed answer must not leave the page old.
      stale = true;
      again = setTimeout(() => { if (line.state === "live") refresh(); }, 3000);
      break;
    }
    await new Promise((done) => setTimeout(done, 300));
  }
  fetching = false;
}

function exchange(fresh) {
  for (const part of all("[data-live]")) {
    const other = fresh.getElementById(part.id);
    if (!other) continue;
    if (shapes.get(part.id) === shape(other)) owed.delete(part.id);
    else if (isHeld(part)) owed.set(part.id, other);
    else replace(part, other);
  }
  baseTitle = fresh.querySelector("title")?.textContent ?? baseTitle;
  showCount();
  showOwed();
  tick();
}

// Exchanges what is no longer held, or all of it if somebody asks.
function settle(asked = false) {
  for (const [id, other] of owed) {
    const part = document.getElementById(id);
    if (!part || asked || !isHeld(part)) {
      owed.delete(id);
      if (part) replace(part, other);
    }
  }
  showOwed();
}

function replace(part, other) {
  const picked = all("input:checked", part).map((box) => box.value);
  const opened = all("details", part).map((one, index) => (one.open ? index : -1));
  const focused = part.contains(document.activeElement) ? places(part).indexOf(document.activeElement) : -1;
  const focusID = focused < 0 ? null : document.activeElement.id;
  const chosen = part.querySelector("[aria-selected=true]")?.id;
  const scrolled = all("*", part).filter((one) => one.scrollLeft || one.scrollTop).map((one) => [one.className, one.scrollLeft, one.scrollTop]);
  const anchor = all("[id]", part).find((one) => one.getBoundingClientRect().bottom > 0);
  const before = anchor?.getBoundingClientRect().top;
  shapes.set(part.id, shape(other));
  part.replaceWith(other);
  for (const box of all("input[type=checkbox]", other)) box.checked = picked.includes(box.value);
  all("details", other).forEach((one, index) => { if (opened.includes(index)) one.open = true; });
  if (chosen) document.getElementById(chosen)?.setAttribute("aria-selected", "true");
  if (focused >= 0) ((focusID && document.getElementById(focusID)) || places(other)[focused])?.focus({ preventScroll: true });
  for (const [name, left, top] of scrolled) {
    const one = all("*", other).find((same) => same.className === name);
    if (one) { one.scrollLeft = left; one.scrollTop = top; }
  }
  const after = anchor && document.getElementById(anchor.id)?.getBoundingClientRect().top;
  if (scrollY > 0 && before !== undefined && after !== undefined) scrollBy(0, after - before);
  exchangedAt.set(other, performance.now());
  enliven();
}

const places = (root) => all("a, button, input, select, textarea, summary", root);

// Whether somebody may be about to press something in this part, writes in it, or reads a selection of it.
function isHeld(part) {
  const active = document.activeElement;
  const choice = getSelection();
  if (choice && !choice.isCollapsed && part.contains(choice.anchorNode)) return true;
  if (part.querySelector("details[open] .menu")) return true;
  if (part.contains(active) && active.matches("textarea, select, input:not([type=checkbox])")) return true;
  if (part.querySelector("[data-row]")) return coarse.matches || part.matches(":hover") || part.contains(active);
  return part.querySelector("button:hover, summary:hover, label:hover") !== null;
}

for (const kind of ["pointerover", "pointerout", "focusout", "toggle", "selectionchange"]) {
  document.addEventListener(kind, () => { if (owed.size) setTimeout(settle, 50); }, true);
}

// A finger that comes down right after an exchange was meant for what was there before. A mouse holds what it is over, and
// the keyboard presses what it has chosen.
document.addEventListener("click", (event) => {
  const part = event.target.closest?.("[data-live]");
  if (event.detail === 0 || event.pointerType === "mouse" || !part || performance.now() - (exchangedAt.get(part) ?? -500) >= 500) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

const pill = document.createElement("button");
pill.className = "button primary pill";
pill.type = "button";
pill.hidden = true;
pill.addEventListener("click", () => settle(true));
document.body.append(pill);

function showOwed() {
  let added = 0;
  for (const other of owed.values()) added += all("[data-row]", other).filter((row) => !document.getElementById(row.id)).length;
  const words = added ? `${added} new` : "Show what changed";
  if (pill.textContent !== words) pill.textContent = words;
  pill.hidden = owed.size === 0;
}

// The title and the icon count the incidents that nobody has acknowledged.
let baseTitle = document.title;
let waiting = "0";

function showCount() {
  const number = Number.parseInt(waiting, 10);
  document.title = number ? `(${waiting}) ${baseTitle}` : baseTitle;
  const icon = document.querySelector("link[rel=icon]");
  icon.dataset.plain ??= icon.getAttribute("href");
  const address = number ? `/assets/count/${Math.min(number, 99)}` : icon.dataset.plain;
  if (icon.getAttribute("href") !== address) icon.href = address;
}

// The bar that says that the page is not live. A change of page is too short to tell.
let line = { state: "", since: Date.now() };
let lineTimer;

function lineIs(next) {
  if (next.state === line.state) return;
  line = next;
  document.documentElement.dataset.connection = line.state;
  clearTimeout(lineTimer);
  if (line.state === "live") { refresh(); showLine(); } else lineTimer = setTimeout(showLine, line.state === "ended" ? 0 : 2500);
}

function showLine() {
  document.getElementById("line")?.remove();
  if (line.state === "live") return;
  const zone = document.documentElement.dataset.zone;
  const at = new Intl.DateTimeFormat(document.documentElement.dataset.clock === "12h" ? "en-US" : "en-GB", { timeStyle: "short", timeZone: zone }).format(line.since - lag);
  const bar = document.createElement("p");
  bar.id = "line";
  bar.className = "line-lost";
  bar.setAttribute("role", "alert");
  bar.textContent = `Not live since ${at}. `;
  if (line.state === "ended") {
    const link = document.createElement("a");
    link.href = `/login?next=${encodeURIComponent(location.pathname + location.search)}`;
    link.textContent = "You are signed out: sign in again";
    bar.append(link);
  } else bar.append("PagerPal can’t be reached. This page is old; it is trying again.");
  document.body.append(bar);
}

window.listen?.((message) => {
  if (message.state) lineIs(message);
  if (message.count !== undefined) { waiting = message.count; showCount(); }
  if (message.kind && document.querySelector("[data-live]")) refresh();
});
document.addEventListener("visibilitychange", () => { if (!document.hidden && stale) refresh(); });

// An undo button that is too late goes away.
for (const undo of all(".undo")) setTimeout(() => undo.remove(), 10000);

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

// A preview follows what is typed. The form's button does the same.
let typing;

async function preview(form) {
  const body = new URLSearchParams(new FormData(form));
  body.set("do", "preview");
  const typed = typing;
  const options = { method: "POST", body, headers: { "X-Refresh": "1" }, redirect: "error" };
  const answer = await fetch(form.action, options).then((response) => response.text()).catch(() => "");
  const fresh = new DOMParser().parseFromString(answer, "text/html").getElementById("preview");
  if (fresh && typed === typing) document.getElementById("preview").replaceChildren(...fresh.childNodes);
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-previews] form");
  if (!form) return;
  clearTimeout(typing);
  typing = setTimeout(() => preview(form), 400);
});

// Push messages in this browser: the button shows where browsers can have them, subscribes, and sends the form.
function pushBytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function pushText(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

async function subscribeToPush(form) {
  const registration = await navigator.serviceWorker.register("/push-worker.js");
  const known = await registration.pushManager.getSubscription();
  if (known) await known.unsubscribe();
  const subscription = await registration.pushManager.subscribe({
    userVisibleOnly: true, applicationServerKey: pushBytes(form.dataset.pushKey),
  });
  const keys = `${pushText(subscription.getKey("p256dh"))}.${pushText(subscription.getKey("auth"))}`;
  form.elements.address.value = `${subscription.endpoint}#${keys}.${form.dataset.pushKey.slice(-8)}`;
  form.submit();
}

function offerPush() {
  if (!("serviceWorker" in navigator) || !("PushManager" in window)) return;
  for (const form of all("form[data-push-key]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      subscribeToPush(form).catch((error) => {
        const words = form.querySelector("[data-push-fault]");
        words.hidden = false;
        words.textContent = `This browser refused: ${error.message}`;
      });
    });
  }
}
offerPush();

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
  const within = (!picked && row?.querySelector(`[name=${action}]`)) || null;
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
    case "n": settle(true); break;
    default: return;
  }
  event.preventDefault();
});
