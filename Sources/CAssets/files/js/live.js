// One event stream for all tabs of a browser. It runs in a shared worker; a browser that has none runs it in each tab.
"use strict";

class Stream {
  // `tell` receives {state, since}, {kind} and {count}. States: live, lost, ended (the session is over).
  constructor(tell) {
    this.tell = tell;
    this.last = { state: "lost", since: Date.now() };
    this.count = null;
    this.heard = Date.now();
    // The server says something every 20 s. A connection that is silent for longer is dead.
    setInterval(() => { if (Date.now() - this.heard > 50000) this.open(); }, 5000);
    this.open();
  }

  open() {
    this.close();
    this.heard = Date.now();
    const source = this.source = new EventSource("/events");
    source.onopen = () => { this.mark("live"); this.recount(); };
    source.onerror = () => this.fail(source);
    source.addEventListener("alive", () => { this.heard = Date.now(); });
    for (const kind of ["incidents", "pages", "configuration"]) {
      source.addEventListener(kind, () => {
        this.heard = Date.now();
        this.tell({ kind });
        if (kind === "incidents") this.recount();
      });
    }
  }

  close() {
    clearTimeout(this.retry);
    this.source?.close();
  }

  mark(state) {
    if (state === this.last.state) return;
    this.last = { state, since: Date.now() };
    this.tell(this.last);
  }

  async fail(source) {
    if (source !== this.source) return;
    this.mark("lost");
    await this.recount();
    // The browser gives up on an answer that is no stream: a sign-in page, a proxy's error.
    if (source === this.source && source.readyState === EventSource.CLOSED) this.retry = setTimeout(() => this.open(), 3000);
  }

  async recount() {
    if (this.counting) { this.again = true; return; }
    this.counting = true;
    try {
      const answer = await fetch("/events/count", { headers: { "X-Refresh": "1" } });
      if (answer.status === 401) this.mark("ended");
      // Such as 12, or 1000+.
      const count = answer.ok ? await answer.text() : "";
      if (/^\d+\+?$/.test(count) && count !== this.count) this.tell({ count: this.count = count });
    } catch {
      // The stream itself says that the line is lost.
    }
    this.counting = false;
    if (this.again) { this.again = false; setTimeout(() => this.recount(), 300); }
  }
}

if (typeof document === "undefined") {
  const ports = new Set();
  let stream = null;
  self.onconnect = (event) => {
    const port = event.ports[0];
    ports.add(port);
    port.onmessage = () => {
      ports.delete(port);
      if (!ports.size) { stream.close(); stream.last = { state: "lost", since: Date.now() }; }
    };
    if (!stream) stream = new Stream((message) => { for (const one of ports) one.postMessage(message); });
    else if (stream.last.state !== "live") stream.open();
    else stream.recount();
    port.postMessage(stream.last);
    if (stream.count !== null) port.postMessage({ count: stream.count });
  };
} else {
  const script = document.currentScript.src;
  window.listen = (tell) => {
    let stop = null;
    const start = () => {
      if (stop) return;
      if (window.SharedWorker) {
        const port = new SharedWorker(script, { name: "pagerpal" }).port;
        port.onmessage = (event) => tell(event.data);
        port.start();
        stop = () => { port.onmessage = null; port.postMessage("bye"); port.close(); };
      } else {
        const stream = new Stream(tell);
        stop = () => stream.close();
      }
    };
    start();
    addEventListener("pagehide", () => { stop?.(); stop = null; });
    addEventListener("pageshow", start);
  };
}
